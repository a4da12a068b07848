"""Instants between Python and the wire, for doors that speak gRPC and for workers that load none of it."""

from datetime import UTC, datetime
from typing import overload

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp


@overload
def timestamp(at: datetime) -> Timestamp: ...
@overload
def timestamp(at: None) -> None: ...
@overload
def timestamp(at: datetime | None) -> Timestamp | None: ...
def timestamp(at: datetime | None) -> Timestamp | None:
    """Return an instant as it goes over the wire; ``None`` stays unset."""
    if at is None:
        return None
    result = Timestamp()
    result.FromDatetime(at)
    return result


def instant(message: Message, field: str) -> datetime | None:
    """Return the UTC instant in a message's field, ``None`` where it is unset."""
    if not message.HasField(field):
        return None
    found: datetime = getattr(message, field).ToDatetime(tzinfo=UTC)
    return found
