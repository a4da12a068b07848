"""Which rows of the outbox are to be sent, and what became of them.

Ids are not commit order: a reader of ``position > last`` would pass over rows of transactions that commit
late. So a relay claims rows. On PostgreSQL it locks them (``FOR UPDATE SKIP LOCKED``) until it knows what
became of them, and several relays share the work. On SQLite a lock would stop every writer meanwhile; one
relay runs there and remembers what it has in hand.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from chassis import db
from chassis.db import Sessions
from chassis.db.tables import outbox as table

log = logging.getLogger(__name__)

LONGEST_WAIT = 300
"""Seconds between two attempts to send what the broker refuses, at most."""

WRONG_QUEUE = 5

_COLUMNS = (
    table.c.position, table.c.event_id, table.c.type, table.c.subject, table.c.body, table.c.correlation_id,
    table.c.recorded_at, table.c.returns, table.c.queue,
)  # fmt: skip

_SENT = {
    # Waits for no disk: a mark that a power cut undoes has its event sent once more, with the same id.
    "postgresql": text(
        "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
        " UPDATE outbox SET sent_at = clock_timestamp(), queue = NULL, not_before = NULL FROM quick"
        " WHERE position = ANY(:positions)"
    ),
    "sqlite": text(
        "UPDATE outbox SET sent_at = :at, queue = NULL, not_before = NULL"
        " WHERE position IN (SELECT value FROM json_each(:positions))"
    ),
}


_FRESH = (
    "SELECT 1 FROM outbox WHERE sent_at IS NULL AND not_before IS NULL AND position <> ALL(%s::bigint[])"
    " ORDER BY position LIMIT 1"
)


class Row(NamedTuple):
    """An event that is to be sent."""

    position: int
    event_id: UUID
    type: str
    subject: str
    body: bytes
    correlation_id: str
    recorded_at: datetime
    returns: int
    queue: str | None
    """The one queue to send it to, or None for every subscriber."""


class Claim:
    """Rows in hand. Leaving it without :meth:`settle` sends none of them: they stay unsent."""

    def __init__(self, session: Session, rows: Sequence[Row]) -> None:
        self._session = session
        self.rows = rows

    def settle(self, sent: Sequence[int], refused: Iterable[Row]) -> None:
        """Keep what became of the rows, and let go of them."""
        session = self._session
        if session.get_bind().dialect.name == "sqlite":
            # It held nothing so far; only now it becomes a writer.
            session.rollback()
        mark(session, sent)
        postpone(session, refused)
        session.commit()
        session.close()

    def abandon(self) -> None:
        """Let go of the rows; they stay unsent."""
        self._session.close()


@contextmanager
def watching(sessions: Sessions) -> Iterator[Callable[[Collection[int]], bool]]:
    """Give a question to ask again and again: "may a claim find something beyond these positions?".

    It locks nothing. On PostgreSQL it is one prepared statement on a connection kept for it, past SQLAlchemy:
    a fiftieth of a claim's processor time, which counts where it is asked day and night.
    """
    if db.engine(sessions).dialect.name != "postgresql":
        changed = db.changes(sessions)
        # A claim may have taken only the first rows of what had changed.
        yield lambda held: changed() or bool(held)
        return
    with db.looking(sessions) as session:
        driver: Any = session.connection().connection.driver_connection

        def found(held: Collection[int]) -> bool:
            return driver.execute(_FRESH, (list(held),), prepare=True).fetchone() is not None

        try:
            yield found
        except BaseException:
            # It may be the connection that failed; the pool would hand it out again.
            session.invalidate()
            raise


def claim(sessions: Sessions, limit: int, *, held: Collection[int] = (), refused: bool = False) -> Claim:
    """Take rows that are to be sent, in the order they were announced.

    :param held: positions that this relay has in hand already
    :param refused: rows that the broker refused before and whose time has come, instead of fresh ones
    """
    session = sessions()
    try:
        if session.get_bind().dialect.name == "postgresql":
            return Claim(session, _find(session, limit, held, refused=refused))
        with db.reading(sessions) as reader:
            return Claim(session, _find(reader, limit, held, refused=refused))
    except BaseException:
        session.close()
        raise


def _find(session: Session, limit: int, held: Collection[int], *, refused: bool) -> list[Row]:
    statement = select(*_COLUMNS).where(table.c.sent_at.is_(None)).limit(limit)
    if refused:
        statement = statement.where(table.c.not_before <= db.now(session)).order_by(table.c.not_before)
    else:
        statement = statement.where(table.c.not_before.is_(None)).order_by(table.c.position)
    if session.get_bind().dialect.name == "postgresql":
        if held:
            statement = statement.where(text("position <> ALL(:held)")).params(held=list(held))
        return [Row._make(row) for row in session.execute(db.locked(statement, skip=True)).all()]
    if held:
        known = text("position NOT IN (SELECT value FROM json_each(:held))")
        statement = statement.where(known).params(held=json.dumps(list(held)))
    return [Row._make(row) for row in session.execute(statement).all()]


def mark(session: Session, sent: Sequence[int]) -> None:
    """Keep that rows were sent."""
    if not sent:
        return
    dialect = session.get_bind().dialect.name
    given: dict[str, Any] = {"positions": list(sent)}
    if dialect == "sqlite":
        given = {
            "positions": json.dumps(list(sent)),
            "at": db.clock(session).isoformat(timespec="microseconds"),
        }
    session.execute(_SENT[dialect], given)


def postpone(session: Session, refused: Iterable[Row]) -> None:
    """Keep rows that the broker refused for a later attempt, with growing pauses.

    One that was only sent again, to a queue that does not come up, counts as sent after :data:`WRONG_QUEUE`
    times.
    """
    by_wait: defaultdict[int, list[int]] = defaultdict(list)
    refused = list(refused)
    mark(session, [row.position for row in refused if row.queue and row.returns >= WRONG_QUEUE])
    for row in refused:
        if row.queue and row.returns >= WRONG_QUEUE:
            log.error("gave up sending event %s again: there is no queue %s", row.event_id, row.queue)
            continue
        by_wait[min(2 ** min(row.returns, 16), LONGEST_WAIT)].append(row.position)
    at = db.clock(session) if by_wait else None
    for wait, positions in by_wait.items():
        for start in range(0, len(positions), 500):
            session.execute(
                update(table)
                .where(table.c.position.in_(positions[start : start + 500]))
                .values(returns=table.c.returns + 1, not_before=at and at + timedelta(seconds=wait))
            )
