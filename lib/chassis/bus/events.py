"""A message as it came, and the event that it carries."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from google.protobuf.json_format import ParseError
from google.protobuf.message import Message

from chassis import event_json
from chassis.outbox import LARGEST

M = TypeVar("M", bound=Message)

JSON = "application/json"

FOREIGN_IDS = uuid.UUID("5b3c6f60-1f6b-5d4e-9c6e-0b6f3f1c2a77")
"""Namespace for ids that other systems give their events in another form than a UUID."""


@dataclass(frozen=True, slots=True)
class Event(Generic[M]):
    """Something that happened, as the service that saw it told it."""

    id: str
    """A UUID; a second delivery has the same."""
    type: str
    """Such as ``kpi.approval.v1.GradePublished``."""
    source: str
    """The service that announced it, such as ``approval``."""
    subject: str
    """The id of what it is about."""
    time: datetime
    """When it was recorded, in UTC."""
    correlation_id: str
    """What ties it to the request it came from."""
    body: M
    """What happened."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message as the broker gave it, not yet understood."""

    queue: str
    body: bytes
    content_type: str
    message_id: str
    correlation_id: str
    headers: dict[str, Any]
    returns: int = 0
    """How often the broker gave it out before, and took it back without an ack."""
    tag: Any = field(default=None, compare=False, repr=False)
    """What the source needs to ack it."""

    def header(self, name: str) -> str:
        """Return a CloudEvents attribute, or an empty string."""
        return clean(self.headers.get(f"cloudEvents_{name}") or self.headers.get(f"ce-{name}") or "")

    @property
    def id(self) -> str:
        """The event's id as it was given; empty if there is none."""
        return self.header("id") or clean(self.message_id)

    @property
    def event_id(self) -> uuid.UUID:
        """The id that the inbox remembers. A message without one is known by its body."""
        given = self.id
        try:
            return uuid.UUID(given)
        except ValueError:
            name = f"{self.header('source')} {given}" if given else hashlib.sha256(self.body).hexdigest()
            return uuid.uuid5(FOREIGN_IDS, name)

    @property
    def time(self) -> datetime | None:
        """When the event was recorded, if the message tells it."""
        try:
            found = datetime.fromisoformat(self.header("time"))
            return found.astimezone(UTC) if found.tzinfo else None
        except (ValueError, OverflowError):
            return None


def clean(text: object, longest: int = 200) -> str:
    """Return text from outside as a database can keep it: no NUL, no half characters, not too long."""
    given = str(text)
    if len(given) <= longest and given.isascii() and "\0" not in given:
        return given
    return given.replace("\0", "").encode(errors="replace").decode()[:longest]


class Undecodable(Exception):
    """The message carries no event that this handler could take.

    :param reason: machine-readable, such as ``UNKNOWN_TYPE``
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def decode(delivery: Delivery, expected: type[M], source: str) -> Event[M]:
    """Return the event that a message carries.

    Fields that this version does not know are passed over: contracts change by adding.

    :raises Undecodable: if it is too large, no JSON, without an id, of another type, or not of the type's
        form
    """
    type_ = expected.DESCRIPTOR.full_name
    if len(delivery.body) > LARGEST:
        raise Undecodable("TOO_LARGE", f"{len(delivery.body)} bytes, {LARGEST} is the most")
    if delivery.content_type.partition(";")[0].strip().lower() != JSON:
        raise Undecodable("WRONG_CONTENT_TYPE", f"{delivery.content_type!r} instead of {JSON}")
    if not delivery.id:
        raise Undecodable("NO_ID", "neither cloudEvents_id nor message_id is set")
    given = delivery.header("type")
    if given and given != type_:
        raise Undecodable("UNKNOWN_TYPE", f"{given} instead of {type_}")
    if not delivery.body.lstrip().startswith(b"{"):
        # protobuf takes an empty list for an empty message.
        raise Undecodable("MALFORMED", "the body is no JSON object")
    try:
        body = event_json.read(delivery.body, expected)
    except (ParseError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable("MALFORMED", str(error)) from error
    return Event(
        id=str(delivery.event_id),
        type=type_,
        source=delivery.header("source") or source,
        subject=delivery.header("subject"),
        time=delivery.time or datetime.now(UTC),
        correlation_id=clean(delivery.correlation_id, 64),
        body=body,
    )
