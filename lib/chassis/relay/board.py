"""What kombu's in-memory broker lacks: a bell for who waits, and word of what was handled.

That broker forgets when its process ends. So the embedded relay keeps an event unsent in the outbox until
every queue it was put into has handled it, that is, until the subscribers' transactions are on disk. At the
next start it sends again exactly what somebody had not handled yet.
"""

import threading
from collections.abc import Callable, Iterable

Handled = Callable[[], None]


class _Board:
    """Who waits for which queue, and which events are still in somebody's queue."""

    def __init__(self) -> None:
        self._bells: dict[str, threading.Event] = {}
        self._open: dict[str, tuple[set[str], Handled]] = {}
        self._lock = threading.Lock()

    def bell(self, queue: str) -> threading.Event:
        """Return what rings when something is put into ``queue``."""
        with self._lock:
            return self._bells.setdefault(queue, threading.Event())

    def put(self, event_id: str, queues: Iterable[str], handled: Handled) -> None:
        """Expect an event to be handled from each of these queues; call ``handled`` after the last."""
        with self._lock:
            self._open[event_id] = (set(queues), handled)

    def ring(self, queues: Iterable[str]) -> None:
        """Wake who waits for these queues."""
        for queue in queues:
            self.bell(queue).set()

    def taken(self, event_id: str, queue: str) -> None:
        """Say that the event took effect, or was parked, on behalf of ``queue``."""
        with self._lock:
            found = self._open.get(event_id)
            if found is None:
                return
            found[0].discard(queue)
            if found[0]:
                return
            del self._open[event_id]
        found[1]()


board = _Board()
"""One for the process, as the in-memory broker is."""
