"""Notices: pending ones, and what was written of them."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import db
from notification.domain.letter import Letter
from notification.domain.mail import MailState
from notification.domain.notice import Notice, Topic
from notification.domain.person import Person
from notification.storage.rows import Base, MailRow, MessageRow, PendingRow, PostRow, chunks

_NAMESPACE = uuid.UUID("0b8d8d0e-6a7e-5a53-9d64-2f5b1a7c3e10")


def keep_pending(session: Session, notices: Iterable[Notice]) -> None:
    """Keep notices until their people are known."""
    rows = [
        {
            "ward_id": notice.ward_id,
            "person_id": notice.person_id,
            "cause": notice.cause,
            "topic": notice.topic,
            "month": notice.month,
            "occurred_at": notice.occurred_at,
            "facts": dict(notice.facts),
            "revision": notice.revision,
        }
        for notice in notices
    ]
    _add(session, PendingRow, rows)


def take_pending(session: Session, limit: int) -> list[Notice]:
    """Take out notices whose people have become known."""
    known = select(PostRow.person_id).where(
        PostRow.ward_id == PendingRow.ward_id, PostRow.person_id == PendingRow.person_id
    )
    rows = session.scalars(
        db.locked(
            select(PendingRow)
            .where(known.exists())
            .order_by(PendingRow.ward_id, PendingRow.person_id, PendingRow.cause)
            .limit(limit),
            skip=True,
        )
    ).all()
    for row in rows:
        session.delete(row)
    session.flush()
    return [
        Notice(
            ward_id=row.ward_id,
            person_id=row.person_id,
            cause=row.cause,
            topic=Topic(row.topic),
            month=row.month,
            occurred_at=row.occurred_at,
            facts=row.facts,
            revision=row.revision,
        )
        for row in rows
    ]


def told(session: Session, notices: Iterable[Notice]) -> dict[tuple[str, str, Topic, str], int]:
    """Return the highest revision that each notice's thread was told of."""
    found: dict[tuple[str, str, Topic, str], int] = {}
    columns = (MessageRow.ward_id, MessageRow.person_id, MessageRow.topic, MessageRow.month)
    for keys in chunks(sorted({notice.thread for notice in notices})):
        rows = session.execute(
            select(*columns, func.max(MessageRow.revision))
            .where(db.among(session, columns, keys))
            .group_by(*columns)
        )
        found |= {(ward, person, Topic(topic), month): most for ward, person, topic, month, most in rows}
    return found


@dataclass(frozen=True, slots=True)
class Writing:
    """A notice written for a person, and what is to happen by mail."""

    notice: Notice
    letter: Letter
    person: Person
    skipped: str
    """Why no mail is sent; empty if one is."""


def put_writings(session: Session, writings: Iterable[Writing], at: datetime) -> None:
    """Put notices into the inbox and among the mails, each only if its cause was not told there before."""
    messages, mails = [], []
    for each in writings:
        notice, letter = each.notice, each.letter
        shared = {
            "ward_id": notice.ward_id,
            "person_id": notice.person_id,
            "cause": notice.cause,
            "topic": notice.topic,
            "subject": letter.subject,
            "body": letter.body,
            "language": letter.language,
            "created_at": at,
        }
        messages.append(
            shared
            | {
                "id": _id(notice, "inbox"),
                "month": notice.month,
                "revision": notice.revision,
                "read_at": None,
            }
        )
        mails.append(
            shared
            | {
                "id": _id(notice, "mail"),
                "full_name": each.person.full_name,
                "address": each.person.email,
                "state": MailState.SKIPPED if each.skipped else MailState.WAITING,
                "attempts": 0,
                "detail": each.skipped,
                "next_attempt_at": None if each.skipped else at,
                "sent_at": None,
                "claim": None,
            }
        )
    _add(session, MessageRow, messages)
    _add(session, MailRow, mails)


def _id(notice: Notice, channel: str) -> str:
    """Return the id of what tells a cause to a person on a channel: the same whenever it is computed."""
    name = f"{notice.ward_id}\0{notice.person_id}\0{notice.cause}\0{channel}"
    return str(uuid.uuid5(_NAMESPACE, name))


def _add(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; one whose key is there already stays as it is."""
    ordered = sorted(rows, key=lambda row: (row["ward_id"], row["person_id"], row["cause"]))
    db.append(session, table, ordered, skip=True)
