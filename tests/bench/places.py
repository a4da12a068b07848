"""Servers of the bench's own, and databases with the frame's tables and one effect."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from bench import tables
from chassis import db
from support.servers import Postgres, RabbitMQ, Servers


@dataclass(frozen=True, slots=True)
class Places:
    """Where the benchmarks work. PostgreSQL writes through to the disk, as in production."""

    postgres: Postgres
    rabbitmq: RabbitMQ
    folder: Path
    """For logs and state; deleted at the end."""

    @contextmanager
    def fresh(self) -> Iterator[tuple[str, str]]:
        """Give the URLs of a database with the tables and of an empty virtual host."""
        with self.postgres.fresh_database() as database, self.rabbitmq.fresh_vhost() as vhost:
            sessions = db.sessions(database)
            tables.metadata.create_all(db.engine(sessions))
            db.engine(sessions).dispose()
            yield database, vhost


@contextmanager
def places() -> Iterator[Places]:
    """Start the servers, and end them afterwards."""
    servers = Servers()
    with tempfile.TemporaryDirectory(prefix="kpi-bench-") as folder:
        postgres, rabbitmq = Postgres(servers), RabbitMQ(servers)
        try:
            postgres.start()
            rabbitmq.start()
            yield Places(postgres, rabbitmq, Path(folder))
        finally:
            rabbitmq.close()
            postgres.kill()
            servers.close()


def dsn(url: str) -> str:
    """Return what psycopg calls the database of a SQLAlchemy URL."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def connect(url: str, *, autocommit: bool = False) -> psycopg.Connection[tuple[object, ...]]:
    """Return a psycopg connection to the database of a SQLAlchemy URL."""
    return psycopg.connect(dsn(url), autocommit=autocommit)
