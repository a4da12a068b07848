"""Publishing to RabbitMQ with many confirms in flight."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import amqp

from chassis import topology
from chassis.relay import wire
from chassis.relay.rows import Claim, Row

log = logging.getLogger(__name__)

WINDOW = 500
"""Messages that were published and not confirmed yet, at most."""

PATIENCE = 30.0
"""Seconds without any word from a broker that owes confirms; then the connection is given up."""

FAREWELL = 5.0
"""The same once the process is asked to stop."""


class NoConfirm(OSError):
    """The broker owes confirms and says nothing."""


class Batch:
    """A claim whose rows were published, and what the broker said to each so far."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.open = 0
        self.sent: list[int] = []
        self.nacked: list[Row] = []
        self.returned: list[Row] = []

    def settle(self) -> None:
        """Keep what became of each row: a row counts as sent only if it was confirmed and not returned."""
        self.claim.settle(self.sent, [*self.nacked, *self.returned])


class Publisher:
    """One connection, one channel in confirm mode."""

    def __init__(self, url: str, stop: threading.Event, blocked: Callable[[bool], None]) -> None:
        """Connect.

        :param stop: shortens the patience with a silent broker
        :param blocked: called with True when the broker stops taking messages (disk or memory alarm), and
            with False when it takes them again
        """
        self._connection, buffered = topology.connect_buffered(url)
        self._corked = buffered.corked if buffered else contextlib.nullcontext
        self._raw = self._connection.connection
        self._transport = self._raw.transport
        self._channel: Any = self._connection.channel()
        self._channel.confirm_select()
        self._channel.events["basic_ack"].add(self._acked)
        self._channel.events["basic_nack"].add(self._nacked)
        self._channel.events["basic_return"].add(self._came_back)
        self._stop = stop
        self._exchanges: set[str] = set()
        self._tag = 0
        self._open: dict[int, tuple[Batch, Row]] = {}
        self._came: set[str] = set()
        self.blocked = False
        self._tell = blocked
        self._raw.on_blocked = lambda _: self._block(now=True)
        self._raw.on_unblocked = lambda: self._block(now=False)
        # A write that gets nowhere for this long means the broker is gone or reads no more.
        self._transport.sock.settimeout(PATIENCE)

    def publish(self, batch: Batch) -> None:
        """Publish the rows of a claim, never more than :data:`WINDOW` of them unconfirmed."""
        batch.open = len(batch.claim.rows)
        with self._corked():
            self._publish(batch)

    def _publish(self, batch: Batch) -> None:
        number, most = self._channel.channel_id, self._raw.frame_max
        for row in batch.claim.rows:
            while len(self._open) >= WINDOW:
                self._drain()
            exchange, _ = wire.address(row)
            if exchange not in self._exchanges:
                self._declare(exchange)
            self._tag += 1
            self._open[self._tag] = (batch, row)
            self._write(wire.frames(row, number, most))

    def _write(self, frames: bytes) -> None:
        """Write a message past py-amqp, which makes frames one by one and looks for others before each."""
        if self._channel.connection is None:
            raise amqp.RecoverableConnectionError("the channel is closed")
        self._transport.write(frames)
        # What its heartbeats go by.
        self._raw.bytes_sent += 1

    def confirm(self, batch: Batch) -> None:
        """Wait until every row of a batch was answered.

        :raises NoConfirm: if the broker is silent for too long
        """
        while batch.open:
            self._drain()
        # An alarm may outlast the connection on which it was told; the next confirm ends it as well.
        self._tell(self.blocked)

    def tick(self) -> None:
        """Keep the connection alive while nothing is to be sent, and notice alarms."""
        with contextlib.suppress(TimeoutError):
            while True:
                self._raw.drain_events(timeout=0)
        self._raw.heartbeat_tick()

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(Exception):
            self._transport.sock.settimeout(2)
            self._connection.release()

    def _drain(self) -> None:
        """Take what the broker says next."""
        begun = time.monotonic()
        while True:
            try:
                self._raw.drain_events(timeout=0.5)
            except TimeoutError:
                if time.monotonic() - begun > (FAREWELL if self._stop.is_set() else PATIENCE):
                    raise NoConfirm("the broker owes confirms and is silent") from None
                self._raw.heartbeat_tick()
            else:
                return

    def _declare(self, exchange: str) -> None:
        if exchange:
            topology.declare_exchange(self._connection, exchange)
        self._exchanges.add(exchange)

    def _acked(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001  # py-amqp calls it so
        for batch, row in self._closed(delivery_tag, multiple=multiple):
            # An unroutable message comes back first and is acked then.
            if self._came and (id_ := str(row.event_id)) in self._came:
                self._came.discard(id_)
                batch.returned.append(row)
            else:
                batch.sent.append(row.position)

    def _nacked(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001
        for batch, row in self._closed(delivery_tag, multiple=multiple):
            batch.nacked.append(row)

    def _closed(self, tag: int, *, multiple: bool) -> list[tuple[Batch, Row]]:
        tags = [tag] if not multiple else []
        if multiple:
            for each in self._open:
                if each > tag:
                    break
                tags.append(each)
        found = [self._open.pop(each) for each in tags if each in self._open]
        for batch, _ in found:
            batch.open -= 1
        return found

    def _came_back(self, error: Exception, exchange: str, key: str, message: Any) -> None:
        self._came.add(message.properties["message_id"])

    def _block(self, *, now: bool) -> None:
        self.blocked = now
        self._tell(now)
        log.warning("the broker %s", "takes no messages (alarm)" if now else "takes messages again")
