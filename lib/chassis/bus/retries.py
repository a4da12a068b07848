"""Tries parked events again when they are due."""

import logging
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import SharedExtension

from chassis import db, metrics, parked
from chassis.bus.sources import CONNECTION_ERRORS, DeadLetters
from chassis.bus.store import Store
from chassis.bus.waiting import Naps

if TYPE_CHECKING:
    from chassis.bus.subscription import Subscription

log = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks at what is due."""

COUNT_EVERY = 10.0

SWEEP_EVERY = 60.0
"""Seconds between two looks into the broker's dead-letter queues."""


class Retries(SharedExtension):
    """One for a container: takes due events of its subscriptions from ``parked``, one at a time.

    Several replicas may do so at once; a claimed event is not due for the others.
    """

    store = Store()

    def __init__(self) -> None:
        super().__init__()
        self._subscriptions: dict[str, Subscription] = {}
        self._stopping = threading.Event()
        self._thread: Any = None
        self._counted = 0.0
        self._swept = 0.0

    def add(self, subscription: "Subscription") -> None:
        """Take care of what this subscription parks."""
        self._subscriptions[subscription.queue] = subscription

    def start(self) -> None:
        self._thread = self.container.spawn_managed_thread(self._run, identifier="retries")

    def stop(self) -> None:
        """Finish the attempt in flight. Each subscription calls this, and nameko after them."""
        self._stopping.set()
        if self._thread:
            self._thread.wait()

    def kill(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.kill()

    def _run(self) -> None:
        naps = Naps(self._stopping, longest=10.0)
        while not self._stopping.is_set():
            try:
                more = self._work()
                self._count()
                self._sweep()
            except ContainerBeingKilled:
                return
            except Exception as error:
                if not db.unavailable(error):
                    log.exception("cannot retry parked events")
                naps.take()
            else:
                naps.reset()
                if not more:
                    self._stopping.wait(EVERY)

    def _work(self) -> bool:
        """Try one event; True if more may be due."""
        sessions = self.store.sessions
        with db.reading(sessions) as session:
            if not parked.due(session, list(self._subscriptions)):
                return False
        delays = {queue: each.delays for queue, each in self._subscriptions.items()}
        with db.forgettable(sessions) as session:
            row = parked.claim(session, delays)
        if row is None:
            return False
        self._subscriptions[row.handler].retry(row)
        return True

    def _sweep(self) -> None:
        """Take what the broker gave up on into the table, where operators look."""
        url = self.container.config["AMQP_URI"]
        if time.monotonic() < self._swept + SWEEP_EVERY or url.startswith("memory:"):
            return
        self._swept = time.monotonic()
        try:
            with closing(DeadLetters(url)) as letters:
                for subscription in self._subscriptions.values():
                    while deliveries := letters.take(subscription.queue):
                        subscription.bury(deliveries)
                        letters.ack()
        except CONNECTION_ERRORS as error:
            log.warning("cannot look into the dead-letter queues: %s", error)

    def _count(self) -> None:
        if time.monotonic() < self._counted + COUNT_EVERY:
            return
        self._counted = time.monotonic()
        with db.reading(self.store.sessions) as session:
            waiting, dead = parked.counts(session)
        service = self.container.service_name
        metrics.parked_events.labels(service, "waiting").set(waiting)
        metrics.parked_events.labels(service, "dead").set(dead)
