"""Sending through kombu's in-memory broker, to subscribers of the same process.

An event stays unsent until every subscriber's transaction is on disk (:mod:`chassis.relay.board`), because
that broker forgets. A start after a crash sends again what somebody had not handled, and nothing else.

RabbitMQ counts how often it gave a message out in vain, by which a subscriber knows what may have killed it.
Here the starts after a crash are counted instead, and told with each event that was left over.
"""

import logging
import threading
import time
from collections import deque
from typing import Any

from sqlalchemy import insert, select, update

from chassis import db, metrics, topology
from chassis.db import Sessions
from chassis.db.tables import lease, outbox
from chassis.relay import measuring, wire
from chassis.relay.board import board
from chassis.relay.rows import Row, claim, mark, postpone

log = logging.getLogger(__name__)

ROWS = 500
IN_HAND = 5000
"""Events that were handed out and not handled yet, at most."""

SHORTEST, LONGEST = 0.005, 0.05
"""Seconds between two looks at SQLite's counter of commits: the shorter right after work."""

REFUSED_EVERY = 1.0

STARTS = "embedded relay"
"""The row of ``lease`` that counts starts."""


def run(sessions: Sessions, url: str, stop: threading.Event, *, service: str) -> None:
    """Send events until ``stop`` is set. Only one relay may run for a database."""
    relay = _Relay(sessions, url, service)
    while not stop.is_set():
        try:
            relay.step(stop)
        except Exception as error:
            if not db.unavailable(error):
                log.exception("the relay pauses")
            stop.wait(0.5)
    relay.finish()


class _Relay:
    def __init__(self, sessions: Sessions, url: str, service: str) -> None:
        self._sessions = sessions
        self._service = service
        self._connection = topology.connect(url)
        self._channel: Any = self._connection.channel()
        self._held: set[int] = set()
        self._handled: deque[int] = deque()
        self._changed = db.changes(sessions)
        self._more = True
        self._measure = measuring.Meter(sessions, service)
        self._looked_at_refused = 0.0
        self._pause = SHORTEST
        self._crashes: int | None = None
        self._left_over: set[int] = set()

    def step(self, stop: threading.Event) -> None:
        """Keep what was handled, and hand out what is new."""
        now = time.monotonic()
        if self._crashes is None:
            self._begin()
        self.keep()
        self._measure()
        if len(self._held) < IN_HAND:
            if self._changed() or self._more:
                self._more = self._send(refused=False)
            if now > self._looked_at_refused + REFUSED_EVERY:
                self._looked_at_refused = now
                self._send(refused=True)
        if not self._more:
            # Under eventlet a sleep costs a fraction of a wait.
            time.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST)
        elif not stop.is_set():
            # Let the subscribers of this process run.
            time.sleep(0)

    def keep(self) -> None:
        """Mark as sent what every subscriber has handled."""
        done = [self._handled.popleft() for _ in range(len(self._handled))]
        if not done:
            return
        try:
            # Lost in a power cut, it is sent again, and the inboxes know it.
            with db.forgettable(self._sessions) as session:
                mark(session, done)
        except BaseException:
            self._handled.extend(done)
            raise
        self._held.difference_update(done)
        if self._left_over:
            self._left_over.difference_update(done)
            if not self._left_over:
                self._calm()
        metrics.relay_events.labels(self._service, "sent").inc(len(done))

    def finish(self) -> None:
        """Keep what was handled, and leave."""
        try:
            self.keep()
            self._calm()
        except Exception:
            log.warning("what was just handled is sent once more at the next start")
        self._connection.release()

    def _begin(self) -> None:
        """Count this start as one after a crash, until it is known to be none."""
        with self._sessions.begin() as session:
            found = session.execute(select(lease.c.asked).where(lease.c.name == STARTS)).scalar()
            if found is None:
                session.execute(insert(lease).values(name=STARTS, due_at=db.now(session), asked=0))
            unsent = select(outbox.c.position).where(outbox.c.sent_at.is_(None))
            self._left_over = set(session.execute(unsent).scalars())
            asked = (found or 0) + 1 if self._left_over else 0
            session.execute(update(lease).where(lease.c.name == STARTS).values(asked=asked))
        self._crashes = found or 0

    def _calm(self) -> None:
        """Keep that nothing that was left over kills this process."""
        with self._sessions.begin() as session:
            session.execute(update(lease).where(lease.c.name == STARTS).values(asked=0))

    def _send(self, *, refused: bool) -> bool:
        found = claim(self._sessions, ROWS, held=self._held, refused=refused)
        rows = found.rows
        found.abandon()
        if rows:
            self._pause = SHORTEST
        nowhere = [row for row in rows if not self._publish(row)]
        if nowhere:
            with self._sessions.begin() as session:
                postpone(session, nowhere)
            metrics.relay_events.labels(self._service, "returned").inc(len(nowhere))
            log.error("no queue takes %s; they stay unsent", ", ".join(sorted({row.type for row in nowhere})))
        return len(rows) == ROWS

    def _publish(self, row: Row) -> bool:
        """Put an event into the queues that take it; False if there is none."""
        exchange, key = wire.address(row)
        queues = self._queues(exchange, key)
        if not queues:
            return False
        name = topology.event_name(row.type)
        # Only our own subscribers tell when they are done. The queue for what nobody needs is read by nobody.
        ours = [each for each in queues if each.endswith(f".{name.source}.{name.key}")]
        self._held.add(row.position)
        if ours:
            board.put(str(row.event_id), ours, lambda: self._handled.append(row.position))
        headers: dict[str, Any] = {**wire.headers(row)}
        if self._crashes and row.position in self._left_over:
            headers["x-delivery-count"] = self._crashes
        message = self._channel.prepare_message(
            row.body,
            content_type=wire.CONTENT_TYPE,
            content_encoding="utf-8",
            headers=headers,
            properties=wire.properties(row),
        )
        if queues != [topology.unheard(name.source)]:
            self._channel.basic_publish(message, exchange=exchange, routing_key=key)
        if not ours:
            self._handled.append(row.position)
        board.ring(queues)
        return True

    def _queues(self, exchange: str, key: str) -> list[str]:
        channel = self._channel
        if not exchange:
            return [key] if channel._has_queue(key) else []
        try:
            table = channel.get_table(exchange)
        except KeyError:
            return []
        return [each for each in channel.typeof(exchange).lookup(table, exchange, key, None) if each]
