"""An event as it travels: CloudEvents 1.0 attributes as AMQP headers, the body as it was announced."""

import functools
import hashlib
import re
import struct
from typing import Any

from chassis import topology
from chassis.relay.rows import Row

CONTENT_TYPE = "application/json"
PERSISTENT = 2


def address(row: Row) -> tuple[str, str]:
    """Return the exchange and the routing key to publish with."""
    if row.queue:
        return "", row.queue
    name = topology.event_name(row.type)
    return topology.exchange(name.source), name.key


def headers(row: Row) -> dict[str, str]:
    """Return the message's headers."""
    id_ = str(row.event_id)
    return {
        "cloudEvents_id": id_,
        "cloudEvents_source": topology.event_name(row.type).source,
        "cloudEvents_specversion": "1.0",
        "cloudEvents_type": row.type,
        "cloudEvents_time": row.recorded_at.isoformat(timespec="microseconds"),
        "cloudEvents_subject": row.subject,
        "traceparent": f"00-{_trace(row.correlation_id)}-{id_[19:23]}{id_[24:]}-01",
    }


def properties(row: Row) -> dict[str, Any]:
    """Return the message's properties beside its content type."""
    return {
        "message_id": str(row.event_id),
        "correlation_id": row.correlation_id,
        "delivery_mode": PERSISTENT,
        "timestamp": int(row.recorded_at.timestamp()),
        "type": row.type,
    }


@functools.lru_cache(maxsize=1024)
def _trace(correlation_id: str) -> str:
    """Return the W3C trace id of a correlation id; an event's span is the end of its own id."""
    if re.fullmatch(r"(?!0{32})[0-9a-f]{32}", correlation_id):
        return correlation_id
    return hashlib.sha256(correlation_id.encode()).hexdigest()[:32]


class Encoded:
    """A message with its properties in the bytes that go over the wire, as py-amqp's frame writer takes it.

    py-amqp encodes any property of any type, which costs more than all the rest of sending; an event has
    always the same few.
    """

    __slots__ = ("_encoded", "body")

    def __init__(self, row: Row) -> None:
        self.body = row.body
        table = b"".join(_entry(name, value) for name, value in headers(row).items())
        given = properties(row)
        self._encoded = b"".join((
            _FLAGS, _short(CONTENT_TYPE), _short("utf-8"), struct.pack(">I", len(table)), table,
            bytes([given["delivery_mode"]]), _short(given["correlation_id"]), _short(given["message_id"]),
            struct.pack(">Q", given["timestamp"]), _short(given["type"]),
        ))  # fmt: skip

    def _serialize_properties(self) -> bytes:
        return self._encoded


_FLAGS = struct.pack(">H", 1 << 15 | 1 << 14 | 1 << 13 | 1 << 12 | 1 << 10 | 1 << 7 | 1 << 6 | 1 << 5)
"""Content type and encoding, headers, delivery mode, correlation id, message id, timestamp, type."""


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded


def _entry(name: str, value: str) -> bytes:
    encoded = value.encode()
    return _name(name) + struct.pack(">I", len(encoded)) + encoded


@functools.cache
def _name(name: str) -> bytes:
    return _short(name) + b"S"
