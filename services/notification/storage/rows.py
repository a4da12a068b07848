"""The tables of notification."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import db
from notification.domain.mail import MailState

CHUNK = 400
"""Rows or keys in one statement."""

Cause = String(600)
"""What identifies a cause: ids of other services joined."""

T = TypeVar("T")
Who = tuple[str, str]
"""Ward and person."""


def chunks(values: Sequence[T]) -> list[Sequence[T]]:
    """Return the values in pieces that one statement can carry."""
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


class Base(DeclarativeBase):
    """What all tables hang on, the frame's among them."""

    metadata = db.metadata()


tables = Base.metadata


class WardRow(Base):
    """A ward as planning tells of it."""

    __tablename__ = "ward"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(db.Position)


class PostRow(Base):
    """What planning says of a person from a month on; the newest month counts."""

    __tablename__ = "post"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    from_month: Mapped[str] = mapped_column(String(7), primary_key=True)
    full_name: Mapped[str] = mapped_column(Text)
    email: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    revision: Mapped[int] = mapped_column(db.Position)


class PreferenceRow(Base):
    """What a person wants."""

    __tablename__ = "preference"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    language: Mapped[str] = mapped_column(String(2))
    mail_off: Mapped[bool]
    muted: Mapped[list[str]] = mapped_column(db.JSON)


class PendingRow(Base):
    """A notice for somebody whom planning has not told of yet."""

    __tablename__ = "pending"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    cause: Mapped[str] = mapped_column(Cause, primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    occurred_at: Mapped[datetime] = mapped_column(db.Instant)
    facts: Mapped[dict[str, str]] = mapped_column(db.JSON)
    revision: Mapped[int] = mapped_column(db.Position)


class MessageRow(Base):
    """A message in an inbox."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("ward_id", "person_id", "cause"),
        Index("ix_message_ward_id_person_id_created_at_id", "ward_id", "person_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    ward_id: Mapped[str] = mapped_column(db.Key)
    person_id: Mapped[str] = mapped_column(db.Key)
    cause: Mapped[str] = mapped_column(Cause)
    topic: Mapped[str] = mapped_column(String(40))
    month: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int] = mapped_column(db.Position)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(db.Instant)
    read_at: Mapped[datetime | None] = mapped_column(db.Instant)


class MailRow(Base):
    """A mail, wanted or not."""

    __tablename__ = "mail"
    __table_args__ = (
        UniqueConstraint("ward_id", "person_id", "cause"),
        Index("ix_mail_ward_id_created_at_id", "ward_id", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    ward_id: Mapped[str] = mapped_column(db.Key)
    person_id: Mapped[str] = mapped_column(db.Key)
    cause: Mapped[str] = mapped_column(Cause)
    topic: Mapped[str] = mapped_column(String(40))
    full_name: Mapped[str] = mapped_column(Text)
    address: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20))
    attempts: Mapped[int]
    detail: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(db.Instant)
    next_attempt_at: Mapped[datetime | None] = mapped_column(db.Instant)
    sent_at: Mapped[datetime | None] = mapped_column(db.Instant)
    claim: Mapped[str | None] = mapped_column(String(36))
    """The run that is handing it over; another run cannot speak for it."""


WAITING = MailRow.state == MailState.WAITING
SENDING = MailRow.state == MailState.SENDING
Index(
    "ix_mail_next_attempt_at",
    MailRow.next_attempt_at,
    MailRow.id,
    postgresql_where=WAITING,
    sqlite_where=WAITING,
)
Index("ix_mail_sending", MailRow.id, postgresql_where=SENDING, sqlite_where=SENDING)
