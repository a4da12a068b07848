"""Schemas move forward only, once, whoever asks and however many ask at a time."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from chassis import db, migrations
from chassis.settings import SERVICES
from integration.chassis.conftest import at_once

STORAGE = """
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from chassis import db

class Base(DeclarativeBase):
    metadata = db.metadata()

class Shelf(Base):
    __tablename__ = "shelf"
    id: Mapped[int] = mapped_column(primary_key=True)

class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id", ondelete="CASCADE"))
    at: Mapped[str] = mapped_column(db.Instant, nullable=True)
    price: Mapped[str] = mapped_column(db.Exact, nullable=True)

tables = Base.metadata
"""

WIDER = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

def upgrade() -> None:
    with op.batch_alter_table("shelf") as batch:
        batch.create_check_constraint("positive", "id > 0")
        batch.add_column(sa.Column("room", sa.String(10), nullable=True))
"""


@pytest.fixture(params=["postgresql", "sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/library.db"
    found: str = request.getfixturevalue("database_url")
    return found


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A service called as the test's folder, whose first migration is generated as a developer would."""
    name = f"library_{tmp_path.name.replace('-', '_')}"
    package = tmp_path / name
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "storage.py").write_text(STORAGE)
    monkeypatch.syspath_prepend(tmp_path)
    migrations.make(name, "First tables")
    return package


def versions(url: str) -> list[str]:
    sessions = db.sessions(url)
    with db.reading(sessions) as session:
        found = session.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    db.engine(sessions).dispose()
    return list(found)


def test_a_first_migration_is_generated_and_equals_the_models(library: Path, url: str) -> None:
    assert [each.name for each in (library / "migrations").glob("*.py")] == ["0001_first_tables.py"]
    with pytest.raises(migrations.Behind, match="run migrate"):
        migrations.check(library.name, url)

    migrations.migrate(library.name, url)
    migrations.migrate(library.name, url)
    migrations.check(library.name, url)

    assert versions(url) == ["0001"]
    with db.engine(db.sessions(url)).connect() as connection:
        assert migrations.difference(library.name, connection) == []


def test_many_migrate_at_once(library: Path, url: str) -> None:
    at_once(*[partial(migrations.migrate, library.name, url)] * 4)
    assert versions(url) == ["0001"]


def test_a_table_that_is_rebuilt_keeps_what_refers_to_it(library: Path, url: str) -> None:
    migrations.migrate(library.name, url)
    sessions = db.sessions(url)
    with sessions.begin() as session:
        session.execute(text("INSERT INTO shelf (id) VALUES (1)"))
        session.execute(text("INSERT INTO book (id, shelf_id) VALUES (1, 1)"))
    (library / "migrations" / "0002_wider.py").write_text(WIDER)
    with pytest.raises(migrations.Behind):
        migrations.check(library.name, url)

    migrations.migrate(library.name, url)

    with sessions() as session:
        assert session.execute(text("SELECT count(*) FROM book")).scalar() == 1
        assert session.execute(text("SELECT room FROM shelf")).all() == [(None,)]
    db.engine(sessions).dispose()


def test_a_newer_database_serves_the_version_before_it(library: Path, url: str) -> None:
    migrations.migrate(library.name, url)
    sessions = db.sessions(url)
    with sessions.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0009'"))
    db.engine(sessions).dispose()

    migrations.check(library.name, url)


@pytest.mark.parametrize("service", SERVICES)
def test_the_models_of_every_service_equal_its_migrations(service: str, url: str) -> None:
    migrations.migrate(service, url)
    with db.engine(db.sessions(url)).connect() as connection:
        assert migrations.difference(service, connection) == []
