"""The opponents' hands: py-amqp and psycopg with nothing between them and the bench."""

import contextlib
import time
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import amqp
from amqp import spec

from bench import grades

WINDOW = 500


def connect(url: str) -> Any:
    """Return an open py-amqp connection to the broker of an AMQP URL."""
    parts = urlsplit(url)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port}",
        userid=parts.username,
        password=parts.password,
        virtual_host=parts.path[1:],
    )
    connection.connect()
    return connection


def declare(url: str, queue: str = grades.QUEUE) -> None:
    """Declare the exchange, and a quorum queue that takes the event."""
    with connect(url) as connection, connection.channel() as channel:
        channel.exchange_declare(grades.EXCHANGE, "topic", durable=True, auto_delete=False)
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments=grades.QUORUM)
        channel.queue_bind(queue, grades.EXCHANGE, grades.KEY)


def purge(url: str, queue: str = grades.QUEUE) -> None:
    """Empty a queue."""
    with connect(url) as connection, connection.channel() as channel:
        channel.queue_purge(queue)


def message(event_id: str, subject: str, body: bytes) -> amqp.Message:
    """Return an event as our relay would send it, built without our relay."""
    return amqp.Message(
        body,
        content_type="application/json",
        content_encoding="utf-8",
        message_id=event_id,
        correlation_id=grades.TRACE,
        delivery_mode=2,
        type=grades.TYPE,
        application_headers={
            "cloudEvents_id": event_id,
            "cloudEvents_source": "approval",
            "cloudEvents_specversion": "1.0",
            "cloudEvents_type": grades.TYPE,
            "cloudEvents_time": "2026-04-04T01:00:00.000000+00:00",
            "cloudEvents_subject": subject,
            "traceparent": f"00-{grades.TRACE}-{event_id[-16:]}-01",
        },
    )


class Publisher:
    """A channel in confirm mode that never has more than ``WINDOW`` messages open."""

    def __init__(self, url: str) -> None:
        self._connection = connect(url)
        self.channel = self._connection.channel()
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(self._acked)
        self._open: dict[int, None] = {}
        self._tag = 0

    def publish(self, messages: Iterable[amqp.Message]) -> None:
        """Publish messages, and return when every one of them is confirmed."""
        for each in messages:
            while len(self._open) >= WINDOW:
                self._connection.drain_events()
            self._tag += 1
            self._open[self._tag] = None
            # What basic_publish ends in, without its look for frames before each message: a third faster.
            self.channel.send_method(
                spec.Basic.Publish, "Bssbb", (0, grades.EXCHANGE, grades.KEY, True, False), each
            )
        while self._open:
            self._connection.drain_events()

    def close(self) -> None:
        """Close the connection."""
        with contextlib.suppress(Exception):
            self._connection.close()

    def _acked(self, delivery_tag: int, multiple: bool) -> None:  # noqa: FBT001
        if not multiple:
            self._open.pop(delivery_tag, None)
            return
        for tag in [each for each in self._open if each <= delivery_tag]:
            del self._open[tag]


class Receiver:
    """Takes the messages of a queue in batches."""

    def __init__(self, url: str, queue: str, prefetch: int) -> None:
        self._connection = connect(url)
        self.channel = self._connection.channel()
        self.channel.basic_qos(0, prefetch, False)  # noqa: FBT003
        self._arrived: list[amqp.Message] = []
        self.channel.basic_consume(queue, callback=self._arrived.append)

    def take(self, most: int, linger: float = 0.01) -> list[amqp.Message]:
        """Wait for a message, then a little for more."""
        while not self._arrived:
            self._drain(None)
        until = time.monotonic() + linger
        while len(self._arrived) < most and (left := until - time.monotonic()) > 0:
            if not self._drain(left):
                break
        taken, self._arrived[:] = self._arrived[:most], self._arrived[most:]
        return taken

    def ack(self, last: amqp.Message) -> None:
        """Ack everything up to a message."""
        self.channel.basic_ack(last.delivery_tag, multiple=True)

    def _drain(self, timeout: float | None) -> bool:
        try:
            self._connection.drain_events(timeout=timeout)
        except TimeoutError:
            return False
        return True
