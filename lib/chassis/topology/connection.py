"""The one place that opens a connection to the broker."""

from typing import Any

from kombu.connection import Connection

HEARTBEAT = 20
"""Seconds; a broker that is silent for twice as long is taken for dead."""


def connect(url: str) -> Any:
    """Return an open kombu connection.

    :param url: ``amqp://…`` (several brokers with ``;`` between them) or ``memory://``
    :raises OSError: if no broker answers
    """
    connection = Connection(url, heartbeat=HEARTBEAT, connect_timeout=5)  # type: ignore[no-untyped-call]
    connection.connect()  # type: ignore[no-untyped-call]
    return connection
