"""Engines, sessions, column types and the metadata that each service's tables hang on.

One code for PostgreSQL and SQLite. A service writes ::

    class _Base(DeclarativeBase):
        metadata = db.metadata()

    class _Person(_Base):
        __tablename__ = "person"
        id: Mapped[UUID] = mapped_column(primary_key=True)
        revision: Mapped[int]
        coefficient: Mapped[Decimal] = mapped_column(db.Exact)
        changed_at: Mapped[datetime] = mapped_column(db.Instant)

and finds rows to change with ``session.get(_Person, id, with_for_update=True)``, which SQLite reads as a
plain get because its writers never overlap.
"""

from chassis.db.connecting import Sessions, engine, forgettable, looking, reading, sessions
from chassis.db.dialects import among, append, changes, clock, exclusive, lock_key, locked, now, upsert
from chassis.db.outage import conflicted, cut, unavailable
from chassis.db.tables import metadata
from chassis.db.types import JSON, Exact, Instant, Key, Position

__all__ = [
    "JSON",
    "Exact",
    "Instant",
    "Key",
    "Position",
    "Sessions",
    "among",
    "append",
    "changes",
    "clock",
    "conflicted",
    "cut",
    "engine",
    "exclusive",
    "forgettable",
    "lock_key",
    "locked",
    "looking",
    "metadata",
    "now",
    "reading",
    "sessions",
    "unavailable",
    "upsert",
]
