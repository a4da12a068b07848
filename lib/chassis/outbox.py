"""Events wait here, in the transaction that made them true, until the relay sends them.

A use case announces what it did in the session it did it in::

    outbox.add(session, wire.grade_published(decision), subject=str(decision.person_id))

If that transaction commits, the event reaches every subscriber; if not, it never existed. Sent events are
kept for 30 days and can be sent again: the outbox is the system of record, a queue is not.
"""

import secrets
import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from google.protobuf.message import Message
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from chassis import db, event_json, logs
from chassis.db.tables import outbox as table
from chassis.topology import event_name

KEPT = timedelta(days=30)
"""How long a sent event can be sent again."""

LARGEST = 1 << 20
"""Bytes in the body of an event, at most: the broker's memory is shared by everybody."""

LONGEST_CORRELATION = 64

SLICE = 1000
"""Rows that one transaction of a clean-up deletes."""


def add(session: Session, event: Message, *, subject: str) -> str:
    """Announce ``event`` and return its id. It leaves only if the session commits.

    :param subject: the id of what the event is about; the ``cloudEvents_subject`` header
    :raises ValueError: if the message is no event (a top-level message of ``kpi.<service>.v<n>``), or too
        large
    """
    return add_all(session, [(event, subject)])[0]


def add_all(session: Session, events: Iterable[tuple[Message, str]]) -> list[str]:
    """Announce many events, each with its subject, and return their ids in the same order."""
    correlation = logs.correlation_id.get() or logs.new_correlation_id()
    rows = [_row(event, subject, correlation) for event, subject in events]
    if rows:
        db.append(session, table, rows, same={"recorded_at": db.now(session)})
    return [str(row["event_id"]) for row in rows]


def _row(event: Message, subject: str, correlation: str) -> dict[str, uuid.UUID | str | bytes]:
    type_ = event.DESCRIPTOR.full_name
    event_name(type_)
    written = body(event)
    if len(written) > LARGEST:
        raise ValueError(f"{type_} about {subject} has {len(written)} bytes: split it, {LARGEST} is the most")
    return {
        "event_id": new_id(),
        "type": type_,
        "subject": subject,
        "body": written,
        "correlation_id": correlation[:LONGEST_CORRELATION],
    }


def body(event: Message) -> bytes:
    """Return an event as subscribers read it: proto3 JSON, proto field names, every plain field present."""
    return event_json.written(event).encode()


def new_id() -> uuid.UUID:
    """Return a fresh event id (UUID version 7): ids of one time lie together in an index."""
    at = time.time_ns() // 1_000_000
    noise = secrets.randbits(74)
    return uuid.UUID(
        int=at << 80 | 0x7 << 76 | (noise >> 62) << 64 | 0b10 << 62 | noise & ((1 << 62) - 1),
    )


def waiting(session: Session) -> tuple[int, timedelta]:
    """Return how many events wait to be sent, and the age of the oldest."""
    count, times = 0, []
    # One question for each of the two indexes of what waits: one for both would read all that was ever sent.
    for refused in (table.c.not_before.is_(None), table.c.not_before.is_not(None)):
        found = session.execute(
            select(func.count(), func.min(table.c.recorded_at)).where(table.c.sent_at.is_(None), refused)
        ).one()
        count += found[0]
        if found[1] is not None:
            times.append(found[1])
    if not times:
        return 0, timedelta()
    return count, max(db.clock(session) - min(times), timedelta())


def replay(session: Session, *, type_: str = "", since: datetime, queue: str = "") -> int:
    """Have the relay publish kept events again, and return how many.

    Subscribers that acted on one already drop it. What the broker refused, and the relay would try again
    later, is tried at once.

    :param type_: the protobuf name of the event; empty for all
    :param since: from when they were recorded
    :param queue: the one queue to send them to; empty for every subscriber
    """
    kept = [table.c.recorded_at >= since]
    if type_:
        kept.append(table.c.type == type_)
    # What still waits to go to one other queue goes to every queue instead: that serves both requests.
    session.execute(
        update(table)
        .where(*kept, table.c.sent_at.is_(None), table.c.queue.is_not(None), table.c.queue != queue)
        .values(queue=None)
    )
    # First: it waits for a relay that is sending them just now, and what is sent by then is sent again.
    hurried = session.execute(
        update(table)
        .where(*kept, table.c.sent_at.is_(None), table.c.not_before.is_not(None))
        .values(not_before=None, returns=0)
    )
    again = session.execute(
        update(table)
        .where(*kept, table.c.sent_at.is_not(None))
        .values(sent_at=None, not_before=None, returns=0, queue=queue or None)
    )
    return hurried.rowcount + again.rowcount  # type: ignore[attr-defined, no-any-return]


def purge(session: Session) -> bool:
    """Delete a slice of what was sent and is older than :data:`KEPT`; True if more may be left."""
    before = db.clock(session) - KEPT
    old = select(table.c.position).where(table.c.recorded_at < before, table.c.sent_at.is_not(None))
    gone = session.execute(delete(table).where(table.c.position.in_(old.limit(SLICE))))
    return gone.rowcount == SLICE  # type: ignore[attr-defined, no-any-return]
