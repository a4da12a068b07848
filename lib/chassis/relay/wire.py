"""An event as it travels: CloudEvents 1.0 attributes as AMQP headers, the body as it was announced."""

import hashlib
import re
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


def headers(row: Row) -> dict[str, Any]:
    """Return the message's headers."""
    return {
        "cloudEvents_id": str(row.event_id),
        "cloudEvents_source": topology.event_name(row.type).source,
        "cloudEvents_specversion": "1.0",
        "cloudEvents_type": row.type,
        "cloudEvents_time": row.recorded_at.isoformat(timespec="microseconds"),
        "cloudEvents_subject": row.subject,
        "traceparent": traceparent(row),
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


def traceparent(row: Row) -> str:
    """Return the W3C trace context: the trace is the correlation id, the span the event."""
    trace = row.correlation_id
    if not re.fullmatch(r"(?!0{32})[0-9a-f]{32}", trace):
        trace = hashlib.sha256(trace.encode()).hexdigest()[:32]
    return f"00-{trace}-{row.event_id.hex[-16:]}-01"
