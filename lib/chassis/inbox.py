"""The events this service has already acted on: what makes a second delivery change nothing."""

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, text, tuple_
from sqlalchemy.orm import Session

from chassis import db
from chassis.db.tables import inbox as table

KEPT = timedelta(days=35)
"""How long an event is remembered: longer than an outbox can send it again."""

TOO_OLD = timedelta(days=34)
"""An event recorded longer ago may have been forgotten here: the bus leaves it to an operator."""

SLICE = 1000

QUEUE = UUID(int=0)
"""Stands, for good, for the queue itself among the events that came from it: it was there once."""

FOR_GOOD = datetime(9999, 1, 1, tzinfo=UTC)

_POSTGRESQL = text(
    "INSERT INTO inbox (event_id, handler, handled_at)"
    " SELECT id, :handler, now() FROM unnest(CAST(:ids AS uuid[])) AS id"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
_SQLITE = text(
    "INSERT INTO inbox (event_id, handler, handled_at)"
    " SELECT value, :handler, :at FROM json_each(:ids) WHERE true"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)


def first_times(session: Session, ids: Collection[UUID], *, handler: str) -> set[UUID]:
    """Remember that ``handler`` acts on these events, and return those that it meets for the first time.

    Two transactions that bring the same event wait for each other here: one of them finds it new.
    """
    # One order for all, so that two batches with the same events cannot lock each other out.
    ordered = sorted(set(ids))
    if session.get_bind().dialect.name == "postgresql":
        found = session.execute(_POSTGRESQL, {"ids": list(map(str, ordered)), "handler": handler})
        return set(found.scalars())
    # SQLAlchemy keeps a Uuid there as 32 hexadecimal digits, and an Instant as text.
    at = db.clock(session).isoformat(timespec="microseconds")
    given = json.dumps([each.hex for each in ordered])
    found = session.execute(_SQLITE, {"ids": given, "handler": handler, "at": at})
    return {UUID(each) for each in found.scalars()}


def too_old(recorded_at: datetime) -> bool:
    """True if an event of that age may have been acted on and forgotten."""
    return datetime.now(UTC) - recorded_at > TOO_OLD


def know_queue(session: Session, handler: str) -> None:
    """Remember for good that the queue of this name stood in the broker."""
    row = {"event_id": QUEUE, "handler": handler, "handled_at": FOR_GOOD}
    db.upsert(session, table, [row], key=["event_id", "handler"])


def knows_queue(session: Session, handler: str) -> bool:
    """True if the queue of this name stood in the broker before: so it was noted, or events came from it."""
    return session.scalar(select(table.c.handler).where(table.c.handler == handler).limit(1)) is not None


def last_handled(session: Session, handler: str) -> datetime | None:
    """Return when an event from the queue of this name took effect last; None if none is remembered."""
    found: datetime | None = session.scalar(
        select(func.max(table.c.handled_at)).where(table.c.handler == handler, table.c.event_id != QUEUE)
    )
    return found


def purge(session: Session) -> bool:
    """Forget a slice of what was handled longer than :data:`KEPT` ago; True if more may be left."""
    before = db.clock(session) - KEPT
    key = (table.c.event_id, table.c.handler)
    old = select(*key).where(table.c.handled_at < before).limit(SLICE)
    gone = session.execute(delete(table).where(tuple_(*key).in_(old)))
    return gone.rowcount == SLICE  # type: ignore[attr-defined, no-any-return]
