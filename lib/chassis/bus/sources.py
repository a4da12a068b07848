"""Where messages come from: a RabbitMQ queue, or a queue of kombu's in-memory broker.

A source belongs to one subscription. ``take`` gives messages in the order of the queue; ``ack`` acks
everything that ``take`` gave so far; closing gives back what was not acked.
"""

import contextlib
import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import amqp
import eventlet
from eventlet.queue import Empty, LightQueue
from kombu.exceptions import KombuError

from chassis import topology
from chassis.bus.events import Delivery
from chassis.relay.board import board

log = logging.getLogger(__name__)

_IDLE = 0.5
"""Seconds after which a reader looks up from the socket."""


class Source(Protocol):
    """A queue from which messages are taken in batches."""

    def take(self, limit: int, linger: float) -> list[Delivery]:
        """Wait for a message, then up to ``linger`` seconds for more; empty once :meth:`wake` was called."""

    def ack(self) -> None:
        """Tell the broker that everything that was taken is done with."""

    def wake(self) -> None:
        """Make a waiting ``take`` return."""

    def close(self) -> None:
        """Give back what was not acked."""


def open_source(url: str, service: str, type_: str, prefetch: int, gone: Callable[[], None]) -> Source:
    """Return the source of events of a type for a service; a queue that vanished is made again.

    :param gone: called before it is made again; the in-memory broker's queues vanish with every process, and
        the relays know it
    """
    if url.startswith("memory:"):
        return MemorySource(url, service, type_)
    return AmqpSource(url, service, type_, prefetch, gone)


class AmqpSource:
    """A RabbitMQ queue, on a connection of its own.

    One greenlet reads the socket all the time, whatever the handler does, so that heartbeats are answered and
    the next batch is at hand; the prefetch count bounds it.
    """

    def __init__(self, url: str, service: str, type_: str, prefetch: int, gone: Callable[[], None]) -> None:
        self.queue = topology.queue(service, type_)
        self._arrived: LightQueue = LightQueue()
        self._closing = False
        self._last_tag = 0
        self._connection = topology.connect(url)
        try:
            topology.restore(self._connection, service, type_, gone)
            self._channel = self._connection.channel()
            self._channel.basic_qos(0, prefetch, False)  # noqa: FBT003
            self._channel.basic_consume(self.queue, no_ack=False, callback=self._arrive)
        except BaseException:
            self._connection.release()
            raise
        self._reader = eventlet.spawn(self._read)

    def take(self, limit: int, linger: float) -> list[Delivery]:
        found = self._next(None)
        if found is None:
            return []
        taken = [found]
        until = time.monotonic() + linger
        while len(taken) < limit:
            try:
                found = self._next(max(0, until - time.monotonic()))
            except Empty:
                break
            if found is None:
                break
            taken.append(found)
        self._last_tag = taken[-1].tag
        return taken

    def ack(self) -> None:
        self._channel.basic_ack(self._last_tag, multiple=True)

    def wake(self) -> None:
        self._arrived.put(None)

    def close(self) -> None:
        self._closing = True
        # The reader must be off the socket before anybody else reads the broker's farewell from it.
        self._reader.wait()
        with contextlib.suppress(Exception), eventlet.Timeout(2):
            self._connection.release()

    def _next(self, timeout: float | None) -> Delivery | None:
        found = self._arrived.get(timeout=timeout) if timeout != 0 else self._arrived.get_nowait()
        if isinstance(found, Exception):
            raise found
        return found  # type: ignore[no-any-return]

    def _arrive(self, message: amqp.Message) -> None:
        self._arrived.put(_delivery(self.queue, message))

    def _read(self) -> None:
        connection = self._connection.connection
        try:
            while not self._closing:
                with contextlib.suppress(TimeoutError):
                    connection.drain_events(timeout=_IDLE)
                connection.heartbeat_tick()
        except Exception as error:
            self._arrived.put(error)


class DeadLetters:
    """What RabbitMQ gave up on: the messages in the queues beside ours."""

    def __init__(self, url: str) -> None:
        self._connection = topology.connect(url)
        self._channel = self._connection.channel()
        self._last_tag = 0

    def take(self, queue: str, limit: int = 100) -> list[Delivery]:
        """Return some that were meant for ``queue``; empty if there are none."""
        found: list[Delivery] = []
        while len(found) < limit and (message := self._channel.basic_get(topology.dead(queue))):
            found.append(_delivery(queue, message))
            self._last_tag = message.delivery_tag
        return found

    def ack(self) -> None:
        """Forget everything that was taken."""
        self._channel.basic_ack(self._last_tag, multiple=True)

    def close(self) -> None:
        """Give back what was not acked."""
        self._connection.release()


def _delivery(queue: str, message: Any) -> Delivery:
    """Return a message of py-amqp as the bus sees it."""
    properties = message.properties
    headers = properties.get("application_headers") or {}
    return Delivery(
        queue=queue,
        body=_bytes(message.body),
        content_type=properties.get("content_type", ""),
        message_id=properties.get("message_id", ""),
        correlation_id=properties.get("correlation_id", ""),
        headers=headers,
        returns=_returns(headers),
        tag=message.delivery_tag,
    )


def _returns(headers: Mapping[str, Any]) -> int:
    given = headers.get("x-delivery-count")
    return given if isinstance(given, int) else 0


def _bytes(body: bytes | memoryview | str) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)


class MemorySource:
    """A queue of kombu's in-memory broker."""

    def __init__(self, url: str, service: str, type_: str) -> None:
        self.queue = topology.queue(service, type_)
        self._connection = topology.connect(url)
        topology.restore(self._connection, service, type_)
        self._channel = self._connection.channel()
        self._bell = board.bell(self.queue)
        self._taken: deque[Any] = deque()
        self._woken = False

    def take(self, limit: int, linger: float) -> list[Delivery]:
        while not self._woken:
            self._bell.clear()
            found: list[Delivery] = []
            while len(found) < limit and (each := self._get()):
                found.append(each)
            if found:
                return found
            # Whoever publishes past our relay rings no bell.
            self._bell.wait(_IDLE)
        return []

    def ack(self) -> None:
        while self._taken:
            message = self._taken.popleft()
            self._channel.basic_ack(message.delivery_tag)
            board.taken(message.properties.get("message_id", ""), self.queue)

    def wake(self) -> None:
        self._woken = True
        self._bell.set()

    def close(self) -> None:
        while self._taken:
            self._channel._put(self.queue, self._taken.popleft().serializable())
        self._connection.release()

    def _get(self) -> Delivery | None:
        message = self._channel.basic_get(self.queue)
        if message is None:
            return None
        self._taken.append(message)
        return Delivery(
            queue=self.queue,
            body=_bytes(message.body),
            content_type=message.content_type or "",
            message_id=message.properties.get("message_id", ""),
            correlation_id=message.properties.get("correlation_id", ""),
            headers=message.headers or {},
            returns=_returns(message.headers or {}),
        )


CONNECTION_ERRORS: tuple[type[Exception], ...] = (OSError, amqp.AMQPError, KombuError)
"""What a lost or refused connection to the broker raises."""
