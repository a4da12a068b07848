"""The one place that opens a connection to the broker."""

from typing import Any

from kombu.connection import Connection

from chassis.topology.buffering import Buffered

HEARTBEAT = 20
"""Seconds; a broker that is silent for twice as long is taken for dead."""


def connect(url: str) -> Any:
    """Return an open kombu connection.

    :param url: ``amqp://…`` (several brokers with ``;`` between them) or ``memory://``
    :raises OSError: if no broker answers
    """
    return connect_buffered(url)[0]


def connect_buffered(url: str) -> tuple[Any, Buffered | None]:
    """Return an open kombu connection and what stands before its socket; the in-memory broker has none.

    :raises OSError: if no broker answers
    """
    connection = Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)  # type: ignore[no-untyped-call]
    transport = getattr(connection.connect(), "transport", None)  # type: ignore[no-untyped-call]
    return connection, Buffered(transport) if hasattr(transport, "_quick_recv") else None
