"""Messages in people's inboxes."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from notification.domain.message import Message
from notification.domain.notice import Topic
from notification.storage.rows import MessageRow, Who, chunks


def messages(
    session: Session,
    who: Who,
    *,
    unread: bool,
    topic: Topic | None,
    before: tuple[datetime, str] | None,
    limit: int,
) -> list[Message]:
    """Return a person's messages, newest first.

    :param before: time and id of the message after which to go on
    """
    asked = [MessageRow.ward_id == who[0], MessageRow.person_id == who[1]]
    if unread:
        asked.append(MessageRow.read_at.is_(None))
    if topic:
        asked.append(MessageRow.topic == topic)
    if before:
        at, message_id = before
        asked.append(
            or_(MessageRow.created_at < at, and_(MessageRow.created_at == at, MessageRow.id < message_id))
        )
    rows = session.scalars(
        select(MessageRow)
        .where(*asked)
        .order_by(MessageRow.created_at.desc(), MessageRow.id.desc())
        .limit(limit)
    )
    return [
        Message(
            message_id=row.id,
            person_id=row.person_id,
            topic=Topic(row.topic),
            subject=row.subject,
            body=row.body,
            language=row.language,
            month=row.month,
            created_at=row.created_at,
            read_at=row.read_at,
        )
        for row in rows
    ]


def unread_count(session: Session, who: Who) -> int:
    """Return how many messages a person has not read."""
    return session.scalars(
        select(func.count()).where(
            MessageRow.ward_id == who[0], MessageRow.person_id == who[1], MessageRow.read_at.is_(None)
        )
    ).one()


def mark_read(session: Session, who: Who, message_ids: Sequence[str], at: datetime) -> int:
    """Mark a person's unread messages, all of them without ids, and return how many there were."""
    own = [MessageRow.ward_id == who[0], MessageRow.person_id == who[1], MessageRow.read_at.is_(None)]
    marked = 0
    for keys in chunks(sorted(set(message_ids))) if message_ids else [None]:
        asked = own if keys is None else [*own, MessageRow.id.in_(keys)]
        changed = session.scalars(
            update(MessageRow).where(*asked).values(read_at=at).returning(MessageRow.id)
        )
        marked += len(changed.all())
    return marked
