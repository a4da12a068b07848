"""How much waits in the outbox, for whoever watches."""

import time

from chassis import db, metrics, outbox
from chassis.db import Sessions

EVERY = 5.0


class Meter:
    """Sets the gauges, but not more often than every :data:`EVERY` seconds."""

    def __init__(self, sessions: Sessions, service: str) -> None:
        self._sessions = sessions
        self._service = service
        self._next = 0.0

    def __call__(self) -> None:
        """Measure, if it is time to."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY
        with db.reading(self._sessions) as session:
            length, age = outbox.waiting(session)
        metrics.outbox_length.labels(self._service).set(length)
        metrics.outbox_age_seconds.labels(self._service).set(age.total_seconds())
