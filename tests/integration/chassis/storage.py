"""The tables of the service that exists in tests only."""

from datetime import datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import db


class Base(DeclarativeBase):
    metadata = db.metadata()


tables = Base.metadata


class Effect(Base):
    """One row each time a handler acted on an event: two rows for one event are a broken promise."""

    __tablename__ = "effect"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(index=True)
    handler: Mapped[str]
    batch: Mapped[int]
    at: Mapped[datetime] = mapped_column(db.Instant)


class Thing(Base):
    """The newest that is known of a thing."""

    __tablename__ = "thing"

    thing_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    note: Mapped[str]
