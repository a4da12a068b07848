"""Events that a handler could not take, kept in the service's own database.

A waiting one is tried again by itself with growing delay. A dead one (refused for good, undecodable, or out
of attempts) waits for an operator, who looks, replays or drops it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis import db, outbox
from chassis.db.tables import parked as table
from chassis.errors import NotFound

DELAYS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0, 900.0, 3600.0, 3 * 3600.0, 6 * 3600.0)
"""Seconds before each further attempt, about eleven hours in all; after the last one the event is dead."""

DROPPED = "DROPPED"
"""The reason of what an operator gave up."""

_OPEN = table.c.next_attempt_at.is_not(None) | table.c.dead_at.is_not(None)

LEAST_CLAIM = 10.0
"""Seconds for which an attempt keeps other replicas away, at least."""


class UnknownParkedEvent(NotFound):
    """No parked event has that id: it took effect, was dropped, or never was."""

    vi = "Không tìm thấy sự kiện đang treo {parked_id}."
    en = "There is no parked event {parked_id}."


@dataclass(frozen=True, slots=True)
class Parked:
    """A parked event."""

    id: UUID
    event_id: UUID
    handler: str
    """The queue it came from."""
    type: str
    source: str
    subject: str
    event_at: datetime | None
    correlation_id: str
    content_type: str
    body: bytes
    attempts: int
    next_attempt_at: datetime | None
    """When it is tried next; None when it is dead."""
    dead_at: datetime | None
    reason: str
    """A refusal's reason, or the class of an exception."""
    detail: str
    parked_at: datetime
    replays: int


def park(session: Session, rows: Sequence[Mapping[str, Any]]) -> int:
    """Park events, and return how many were not parked yet.

    :param rows: values of the table's columns; ``wait`` in seconds instead of times, None for dead
    """
    if not rows:
        return 0
    at = db.clock(session)
    values = [_placed(row, at) for row in rows]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing(index_elements=["handler", "event_id"])
    return len(session.execute(statement.returning(table.c.id), values).all())


def _placed(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    wait = row["wait"]
    return {
        "id": outbox.new_id(),
        "parked_at": at,
        "next_attempt_at": None if wait is None else at + timedelta(seconds=wait),
        "dead_at": at if wait is None else None,
        **{name: value for name, value in row.items() if name != "wait"},
    }


def due(session: Session, handlers: Collection[str]) -> bool:
    """True if an event of these handlers should be tried now."""
    found = select(table.c.id).where(
        table.c.next_attempt_at <= db.now(session), table.c.handler.in_(handlers)
    )
    return session.execute(found.limit(1)).first() is not None


def claim(session: Session, delays: Mapping[str, Sequence[float]]) -> Parked | None:
    """Take one event that is due, count the attempt, and keep other replicas off for its time.

    The count is kept before the attempt is made, so that an event whose handler kills the process runs out of
    attempts too. One at a time, so that such an event costs no other an attempt.

    :param delays: the handlers to take events of, each with its delays
    """
    at = db.clock(session)
    ready = select(table).where(table.c.next_attempt_at <= at, table.c.handler.in_(delays))
    while row := session.execute(
        db.locked(ready.order_by(table.c.next_attempt_at).limit(1), skip=True)
    ).first():
        allowed = delays[row.handler]
        if row.attempts > len(allowed):
            failed(
                session, row.id, reason="NO_ANSWER", detail="the process ended in every attempt", wait=None
            )
            continue
        wait = max(delay(allowed, row.attempts + 1) or 0, LEAST_CLAIM)
        session.execute(
            update(table)
            .where(table.c.id == row.id)
            .values(attempts=row.attempts + 1, next_attempt_at=at + timedelta(seconds=wait))
        )
        return _value(row, attempts=row.attempts + 1)
    return None


def delay(delays: Sequence[float], attempts: int) -> float | None:
    """Return the seconds to wait after that many failed attempts, or None when there were enough."""
    return delays[attempts - 1] if 0 < attempts <= len(delays) else None


def hold(session: Session, parked_id: UUID) -> bool:
    """Hold a parked event until the transaction ends; False if it is gone or somebody else holds it."""
    found = db.locked(select(table.c.id).where(table.c.id == parked_id, _OPEN), skip=True)
    return session.execute(found).first() is not None


def remove(session: Session, parked_id: UUID) -> None:
    """Forget a parked event, because it took effect."""
    session.execute(delete(table).where(table.c.id == parked_id))


def failed(session: Session, parked_id: UUID, *, reason: str, detail: str, wait: float | None) -> None:
    """Keep why an attempt failed; try again in ``wait`` seconds, or never by itself if that is None."""
    at = db.clock(session)
    session.execute(
        update(table)
        .where(table.c.id == parked_id)
        .values(
            reason=reason,
            detail=detail,
            next_attempt_at=None if wait is None else at + timedelta(seconds=wait),
            dead_at=at if wait is None else None,
        )
    )


def list_(
    session: Session, *, dead: bool | None = None, after: UUID | None = None, limit: int = 50
) -> list[Parked]:
    """Return parked events, oldest first.

    :param dead: True for dead ones, False for waiting ones, None for both
    :param after: the id of the last one of the page before; ids grow with time
    """
    found = select(table).where(_OPEN).order_by(table.c.id).limit(limit)
    if dead is not None:
        found = found.where(table.c.dead_at.is_not(None) if dead else table.c.dead_at.is_(None))
    if after is not None:
        found = found.where(table.c.id > after)
    return [_value(row) for row in session.execute(found)]


def get(session: Session, parked_id: UUID) -> Parked:
    """Return one parked event.

    :raises UnknownParkedEvent: if there is none with that id
    """
    row = session.execute(select(table).where(table.c.id == parked_id, _OPEN)).first()
    if row is None:
        raise UnknownParkedEvent(parked_id=parked_id)
    return _value(row)


def replay(session: Session, parked_ids: Collection[UUID] | None) -> int:
    """Give events to their handlers again as soon as a worker runs, with all attempts, and return how many.

    Asking twice, or two operators at once, has one effect: the inbox lets one delivery through.

    :param parked_ids: None for every dead one; an id that is gone is passed over
    """
    chosen = table.c.dead_at.is_not(None) if parked_ids is None else table.c.id.in_(parked_ids)
    again = session.execute(
        update(table)
        .where(chosen, _OPEN)
        .values(attempts=0, next_attempt_at=db.clock(session), dead_at=None, replays=table.c.replays + 1)
    )
    return again.rowcount  # type: ignore[attr-defined, no-any-return]


def drop(session: Session, parked_ids: Collection[UUID], *, why: str) -> list[Parked]:
    """Give events up, and return them. The rows stay, as a record of who did so and why."""
    chosen = [_value(row) for row in session.execute(
        db.locked(select(table).where(table.c.id.in_(parked_ids), _OPEN))
    )]  # fmt: skip
    for each in chosen:
        detail = f"{why} (before: {each.reason}, {each.detail})"
        values = {"reason": DROPPED, "detail": detail, "next_attempt_at": None, "dead_at": None}
        session.execute(update(table).where(table.c.id == each.id).values(**values))
    return chosen


def counts(session: Session) -> tuple[int, int]:
    """Return how many events wait for another attempt, and how many are dead."""
    found = select(func.count(table.c.next_attempt_at), func.count(table.c.dead_at))
    waiting, dead = session.execute(found).one()
    return waiting, dead


def _value(row: Row[Any], **changes: Any) -> Parked:
    return Parked(**{**row._asdict(), **changes})
