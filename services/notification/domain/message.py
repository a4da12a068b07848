"""What a person reads."""

from dataclasses import dataclass
from datetime import datetime

from notification.domain.notice import Topic


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a person's inbox."""

    message_id: str
    person_id: str
    topic: Topic
    subject: str
    body: str
    language: str
    month: str
    created_at: datetime
    read_at: datetime | None
