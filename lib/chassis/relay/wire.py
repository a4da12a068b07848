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
    return _address(row.type, row.queue)


@functools.lru_cache(maxsize=1024)
def _address(type_: str, queue: str | None) -> tuple[str, str]:
    if queue:
        return "", queue
    name = topology.event_name(type_)
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


def frames(row: Row, channel: int, most: int) -> bytes:
    """Return the frames that publish an event as mandatory: to the byte what py-amqp writes.

    py-amqp encodes any method and any property of any type, which costs more than all the rest of sending; an
    event always has the same few, and nearly all of them are those of its type.

    :param channel: number of the AMQP channel
    :param most: bytes in a frame, as agreed with the broker
    """
    publish, before_time, type_ = _of_type(row.type, row.queue, channel)
    id_, body, at = str(row.event_id).encode(), row.body, row.recorded_at
    time, subject = at.isoformat(timespec="microseconds").encode(), row.subject.encode()
    table = b"".join((
        _ID, id_, before_time, _long(len(time)), time, _SUBJECT, _long(len(subject)), subject,
        _TRACEPARENT, _trace(row.correlation_id).encode(), b"-", id_[19:23], id_[24:], b"-01",
    ))  # fmt: skip
    properties = b"".join((
        _CONTENT, _longlong(len(body)), _PROPERTIES, _long(len(table)), table, _DELIVERY,
        _short(row.correlation_id), _ID_LENGTH, id_, _longlong(int(at.timestamp())), type_,
    ))  # fmt: skip
    head = (publish, _start(_HEADER, channel, len(properties)), properties, _END)
    room = most - _AROUND
    if 0 < len(body) <= room:
        return b"".join((*head, _start(_BODY, channel, len(body)), body, _END))
    parts = [body[begin : begin + room] for begin in range(0, len(body), room)]
    return b"".join((
        *head, *(each for part in parts for each in (_start(_BODY, channel, len(part)), part, _END))
    ))  # fmt: skip


@functools.lru_cache(maxsize=1024)
def _of_type(type_: str, queue: str | None, channel: int) -> tuple[bytes, bytes, bytes]:
    """Return what is the same in all events of a type: the method's frame, headers, the last property."""
    exchange, key = _address(type_, queue)
    method = b"".join((_PUBLISH, _short(exchange), _short(key), _MANDATORY))
    source = topology.event_name(type_).source
    fixed = (("cloudEvents_source", source), ("cloudEvents_specversion", "1.0"), ("cloudEvents_type", type_))
    table = b"".join(_name(name) + _long(len(value.encode())) + value.encode() for name, value in fixed)
    return (
        _start(_METHOD, channel, len(method)) + method + _END,
        table + _name("cloudEvents_time"),
        _short(type_),
    )


_METHOD, _HEADER, _BODY = 1, 2, 3
_END = b"\xce"
_AROUND = 8
"""Bytes around the payload of a frame."""

_start = struct.Struct(">BHI").pack
_long = struct.Struct(">I").pack
_longlong = struct.Struct(">Q").pack


def _short(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded


def _name(name: str) -> bytes:
    return _short(name) + b"S"


_PUBLISH = struct.pack(">HHH", 60, 40, 0)
_MANDATORY = b"\x01"
_CONTENT = struct.pack(">HH", 60, 0)
_PROPERTIES = (
    struct.pack(">H", 1 << 15 | 1 << 14 | 1 << 13 | 1 << 12 | 1 << 10 | 1 << 7 | 1 << 6 | 1 << 5)
    + _short(CONTENT_TYPE)
    + _short("utf-8")
)
"""Which there are (content type and encoding, headers, delivery mode, correlation id, message id, timestamp,
type), and the first two."""

_DELIVERY = bytes([PERSISTENT])
_ID_LENGTH = bytes([36])
_ID = _name("cloudEvents_id") + _long(36)
_SUBJECT = _name("cloudEvents_subject")
_TRACEPARENT = _name("traceparent") + _long(55) + b"00-"
