"""PostgreSQL for tests."""

import os
import re
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from support.ports import free_port
from support.servers.process import Server, Servers, program

HOST = "127.0.0.1"


class Postgres(Server):
    """A PostgreSQL cluster of one superuser, ``kpi``, without a password, on a loopback port only.

    :param durable: False switches off fsync, for tests that need speed more than a power cut's truth
    """

    def __init__(self, servers: Servers, *, durable: bool = True) -> None:
        super().__init__(servers, "postgres", "postgres")
        self._bin = _postgres_programs()
        self.port = free_port()
        self._durable = durable
        self._data = self.folder / "data"
        self._run(
            [str(self._bin / "initdb"), "--pgdata", str(self._data), "--username", "kpi", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
            self._environment(),
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and return when it answers questions."""
        flag = "on" if self._durable else "off"
        settings = {
            "listen_addresses": HOST, "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "300", "shared_buffers": "128MB", "max_wal_size": "2GB",
            "fsync": flag, "synchronous_commit": flag, "full_page_writes": flag,
            "timezone": "UTC", "lc_messages": "C.UTF-8", "log_line_prefix": "%m [%p] %d ",
        }  # fmt: skip
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._spawn(
            [str(self._bin / "postgres"), "-D", str(self._data), *arguments], self._environment()
        )
        self._await(self._answers, within=30)

    def stop(self, mode: str = "fast") -> None:
        """Stop it as ``pg_ctl stop`` would in that mode: ``smart``, ``fast`` or ``immediate``."""
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
        if self._process is not None:
            os.kill(self._process.pid, signals[mode])
            self._ended(within=30)

    def url_for(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://kpi@{HOST}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return self.url_for(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, and the connections that are still open to it; none is fine."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Give the URL of a new empty database that is dropped afterwards."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        url = self.create_database(name)
        try:
            yield url
        finally:
            if not self.running:
                self.start()  # a test may leave it dead
            self.drop_database(name)

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=HOST, port=self.port, user="kpi", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            with self._connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _postgres_programs() -> Path:
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    return Path(program("initdb", (), "PostgreSQL")).resolve().parent
