"""Waiting that a stop cuts short."""

import threading


class Naps:
    """Growing pauses between attempts: 0.1 s, doubled up to ``longest``."""

    def __init__(self, stopping: threading.Event, *, longest: float = 5.0) -> None:
        self._stopping = stopping
        self._longest = longest
        self._next = 0.1

    def take(self) -> None:
        """Pause, or return at once if stopping."""
        self._stopping.wait(self._next)
        self._next = min(self._next * 2, self._longest)

    def reset(self) -> None:
        """Begin with the shortest pause again."""
        self._next = 0.1
