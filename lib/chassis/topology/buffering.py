"""Fewer, larger reads and writes on a broker connection.

py-amqp asks the socket three times for every frame and writes every message by itself; at thousands of
messages a second the system calls cost more than the messages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

READ = 16 * 1024
"""Bytes asked of the socket at a time."""

WRITE = 64 * 1024
"""Bytes held back while corked, at most."""


class Buffered:
    """Stands between py-amqp's transport and its socket.

    The transport keeps what it got beyond a frame, so a larger read needs nothing else. Writes go out at once
    unless corked; what a reader waits for is always sent first.
    """

    def __init__(self, transport: Any) -> None:
        self._send, self._receive = transport._write, transport._quick_recv
        self._held = bytearray()
        self._corked = False
        transport._write, transport._quick_recv = self._write, self._read

    @contextmanager
    def corked(self) -> Iterator[None]:
        """Hold writes back until :data:`WRITE` bytes are together, somebody reads, or the block ends."""
        self._corked = True
        try:
            yield
        finally:
            self._corked = False
        self._flush()

    def _write(self, frame: bytes | memoryview) -> None:
        if not self._corked:
            self._send(frame)
            return
        self._held += frame
        if len(self._held) >= WRITE:
            self._flush()

    def _read(self, count: int) -> bytes:
        self._flush()
        found: bytes = self._receive(max(count, READ))
        return found

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, bytearray()
            self._send(held)
