"""Sends the outbox to the broker, each event at least once, none passed over.

A row counts as sent once the broker has confirmed it and did not return it as unroutable. Whatever happens in
between (a crash here, there, or on the way) leaves it unsent, and it is sent again with the same id.
"""

import logging
import threading
import time
from collections.abc import Callable, Collection

import amqp
from kombu.exceptions import KombuError

from chassis import db, metrics
from chassis.db import Sessions
from chassis.relay.measuring import Meter
from chassis.relay.rabbitmq import Batch, Publisher
from chassis.relay.rows import claim, watching

__all__ = ["run"]

log = logging.getLogger(__name__)

ROWS = 500
"""Rows in one claim. Two claims are under way at a time: one is published while the other is confirmed."""

SHORTEST, LONGEST = 0.001, 0.05
"""Seconds between two looks at an empty outbox: the shorter for as long as work was seen :data:`RECENTLY`."""

RECENTLY = 0.03
"""Seconds after the last event during which the next one is expected at once. Looking so often takes a
seventh of a processor, here and in the database."""

REFUSED_EVERY = 1.0

STEADY = 10.0
"""Seconds of work after which the pauses begin small again. A broker that answers is not enough: while the
database is away every attempt would open a connection to it, many times a second."""


def run(sessions: Sessions, amqp_url: str, stop: threading.Event, *, service: str = "") -> None:
    """Send events until ``stop`` is set, then finish what is in flight and return.

    A broker or a database that is away is waited for. Several relays of one service may run on PostgreSQL.

    :param service: the name that metrics and log lines carry
    """
    if amqp_url.startswith("memory:"):
        from chassis.relay import embedded

        embedded.run(sessions, amqp_url, stop, service=service)
        return
    pause = 0.1
    while not stop.is_set():
        begun = time.monotonic()
        try:
            publisher = Publisher(amqp_url, stop, lambda on: metrics.relay_blocked.labels(service).set(on))
            try:
                metrics.readiness.has("relay")
                _Relay(sessions, publisher, stop, service).run()
            finally:
                publisher.close()
        except Exception as error:
            known = isinstance(error, OSError | amqp.AMQPError | KombuError) or db.unavailable(error)
            metrics.readiness.waits("relay", str(error))
            log.warning("the relay pauses: %s", error, exc_info=None if known else error)
            if time.monotonic() - begun > STEADY:
                pause = 0.1
            stop.wait(pause)
            pause = min(pause * 2, 5.0)


class _Relay:
    """Moves rows between a database and a publisher until stopped."""

    def __init__(self, sessions: Sessions, publisher: Publisher, stop: threading.Event, service: str) -> None:
        self._sessions = sessions
        self._publisher = publisher
        self._stop = stop
        self._service = service
        self._pending: Batch | None = None
        self._measure = Meter(sessions, service)
        self._looked_at_refused = 0.0
        self._more = False
        """The last claim of fresh rows was full, so there will be more: no need to look."""

    def run(self) -> None:
        try:
            with watching(self._sessions) as fresh:
                self._work(fresh)
            self._confirm()
        finally:
            self._let_go()

    def _work(self, fresh: Callable[[Collection[int]], bool]) -> None:
        pause, worked = SHORTEST, 0.0
        while not self._stop.is_set():
            self._measure()
            self._publisher.tick()
            if self._publisher.blocked:
                self._let_go()
                self._stop.wait(LONGEST)
                continue
            if seen := self._more or fresh(self._held()):
                if self._send(refused=False):
                    pause, worked = SHORTEST, time.monotonic()
                    continue
            else:
                self._confirm()
            now = time.monotonic()
            if now > self._looked_at_refused + REFUSED_EVERY:
                self._looked_at_refused = now
                self._send(refused=True)
            self._stop.wait(pause)
            # What is fresh and can't be had, another relay has in hand: asking faster would not help.
            if seen or now > worked + RECENTLY:
                pause = min(pause * 2, LONGEST)

    def _held(self) -> list[int]:
        """Return the positions that are published and not confirmed yet."""
        return [row.position for row in self._pending.claim.rows] if self._pending else []

    def _send(self, *, refused: bool) -> bool:
        """Send one claim; True if there was something in it."""
        found = claim(self._sessions, ROWS, held=self._held(), refused=refused)
        self._more = not refused and len(found.rows) == ROWS
        if not found.rows:
            found.abandon()
            self._confirm()
            return False
        batch = Batch(found)
        try:
            self._publisher.publish(batch)
            self._confirm()
        except BaseException:
            found.abandon()
            raise
        self._pending = batch
        return True

    def _confirm(self) -> None:
        """Wait for the answers to what was published before, and keep them."""
        batch = self._pending
        if batch is None:
            return
        self._publisher.confirm(batch)
        batch.settle()
        self._pending = None
        for outcome, number in (
            ("sent", len(batch.sent)), ("returned", len(batch.returned)), ("nacked", len(batch.nacked))
        ):  # fmt: skip
            if number:
                metrics.relay_events.labels(self._service, outcome).inc(number)
        if batch.nacked:
            names = sorted({row.type for row in batch.nacked})
            log.warning(
                "the broker refused %d of %s: a queue of theirs is full or down",
                len(batch.nacked),
                ", ".join(names),
            )
        if batch.returned:
            names = sorted({row.type for row in batch.returned})
            log.error(
                "no queue takes %s: run migrate of whoever subscribes; they stay unsent", ", ".join(names)
            )

    def _let_go(self) -> None:
        if self._pending:
            self._pending.claim.abandon()
            self._pending = None
