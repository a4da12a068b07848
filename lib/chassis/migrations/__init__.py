"""Brings a service's database to the schema of this version (Alembic), ahead of every other process.

The environment is one for all services; each keeps its steps in ``<service>/migrations/0001_….py``. Safe to
run twice and by several at once: they take turns, and whoever comes later finds nothing to do.
"""

import fcntl
import importlib
import importlib.util
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, event, make_url, text

from chassis import db
from chassis.db.dialects import lock_key


class Behind(Exception):
    """The database is not at this version's schema: run ``migrate`` first."""


def migrate(service: str, url: str) -> None:
    """Bring the database of a service to the newest schema, waiting for whoever does so already."""
    with _alone(service, url) as connection:
        config = _config(service)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(service: str, url: str) -> None:
    """Test that the database is at the schema of this version, or a later one.

    :raises Behind: if it is not; a database that a newer version has migrated is taken, since schemas change
        by adding only while two versions run side by side
    """
    found = revision(service, url)
    head = ScriptDirectory.from_config(_config(service)).get_current_head() or ""
    if found < head:
        raise Behind(f"the database of {service} is at {found or 'nothing'}, not {head}: run migrate")


def revision(service: str, url: str) -> str:
    """Return the schema revision that a database is at, such as ``0001``; empty for none."""
    engine = db.engine(db.sessions(url, pool_size=1))
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() or ""
    finally:
        engine.dispose()


def make(service: str, message: str) -> None:
    """Write the next step of a service from the difference between its tables and its steps so far."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/now.db"
        migrate(service, url)
        config = _config(service)
        engine = db.engine(db.sessions(url))
        with engine.connect() as connection:
            config.attributes |= {"connection": connection, "making": True}
            steps = list(ScriptDirectory.from_config(config).walk_revisions())
            command.revision(
                config,
                message=message,
                autogenerate=True,
                rev_id=f"{len(steps) + 1:04d}",
                version_path=str(_steps(service)),
                head="head" if steps else "base",
            )
        engine.dispose()


def difference(service: str, connection: Connection) -> list[Any]:
    """Return how the tables in code differ from those of a migrated database; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, tables(service)))


def tables(service: str) -> MetaData:
    """Return the tables of a service, the frame's among them."""
    found: MetaData = importlib.import_module(f"{service}.storage").tables
    return found


def _config(service: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(_steps(service)))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["service"] = service
    return config


def _steps(service: str) -> Path:
    spec = importlib.util.find_spec(service)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"no service is called {service}")
    found = Path(next(iter(spec.submodule_search_locations))) / "migrations"
    found.mkdir(exist_ok=True)
    return found


@contextmanager
def _alone(service: str, url: str) -> Iterator[Connection]:
    path = make_url(url).database
    engine = db.engine(db.sessions(url, pool_size=1))
    try:
        if engine.dialect.name == "sqlite" and path:
            # Alembic changes a table there by copying it and dropping the original: referring rows stay.
            event.listen(engine, "connect", lambda dbapi, _: dbapi.execute("PRAGMA foreign_keys = OFF"))
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            with Path(path + ".migrating").open("w") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                with engine.connect() as connection:
                    yield connection
                    connection.commit()
            return
        with engine.connect() as connection:
            # Held by the session, not the transaction: Alembic commits between steps.
            key = {"key": lock_key(f"migrate {service}")}
            connection.execute(text("SELECT pg_advisory_lock(:key)"), key)
            connection.commit()
            try:
                yield connection
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                connection.commit()
    finally:
        engine.dispose()
