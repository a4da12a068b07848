"""Mails, from waiting to what became of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from chassis import db
from notification.domain.mail import Mail, MailStanding, MailState
from notification.domain.notice import Topic
from notification.storage.rows import SENDING, WAITING, MailRow, chunks


def mails(
    session: Session,
    ward_id: str,
    *,
    states: Sequence[MailState],
    after: tuple[datetime, str] | None,
    limit: int,
) -> list[MailStanding]:
    """Return a ward's mails, oldest first.

    :param states: only these; empty for all
    """
    asked = [MailRow.ward_id == ward_id]
    if states:
        asked.append(MailRow.state.in_(states))
    if after:
        at, mail_id = after
        asked.append(or_(MailRow.created_at > at, and_(MailRow.created_at == at, MailRow.id > mail_id)))
    rows = session.scalars(
        select(MailRow).where(*asked).order_by(MailRow.created_at, MailRow.id).limit(limit)
    )
    return [
        MailStanding(
            mail_id=row.id,
            person_id=row.person_id,
            address=row.address,
            subject=row.subject,
            state=MailState(row.state),
            attempts=row.attempts,
            detail=row.detail,
            created_at=row.created_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


def take_states(session: Session, ward_id: str, mail_ids: Sequence[str]) -> dict[str, tuple[MailState, str]]:
    """Return state and person of those mails that exist, held until the transaction ends."""
    found: dict[str, tuple[MailState, str]] = {}
    for keys in chunks(sorted(set(mail_ids))):
        rows = session.scalars(
            db.locked(
                select(MailRow).where(MailRow.ward_id == ward_id, MailRow.id.in_(keys)).order_by(MailRow.id)
            )
        )
        found |= {row.id: (MailState(row.state), row.person_id) for row in rows}
    return found


def put_waiting(session: Session, mail_id: str, *, address: str, detail: str, at: datetime) -> None:
    """Put a mail up to be sent, as if for the first time."""
    session.execute(
        update(MailRow)
        .where(MailRow.id == mail_id)
        .values(
            state=MailState.WAITING,
            address=address,
            attempts=0,
            detail=detail,
            next_attempt_at=at,
            claim=None,
        )
    )


def due(session: Session, at: datetime) -> bool:
    """True if a mail waits to be sent by now."""
    return (
        session.scalars(select(MailRow.id).where(WAITING, MailRow.next_attempt_at <= at).limit(1)).first()
        is not None
    )


def take_due(session: Session, *, at: datetime, limit: int) -> list[Mail]:
    """Return mails that wait by now, longest first, held until the transaction ends.

    Those that another transaction holds are passed over.
    """
    rows = session.scalars(
        db.locked(
            select(MailRow)
            .where(WAITING, MailRow.next_attempt_at <= at)
            .order_by(MailRow.next_attempt_at, MailRow.id)
            .limit(limit),
            skip=True,
        )
    )
    return [
        Mail(
            mail_id=row.id,
            ward_id=row.ward_id,
            person_id=row.person_id,
            topic=Topic(row.topic),
            full_name=row.full_name,
            address=row.address,
            subject=row.subject,
            body=row.body,
            language=row.language,
            attempts=row.attempts + 1,
            created_at=row.created_at,
        )
        for row in rows
    ]


def put_sending(session: Session, mail_id: str, *, claim: str, attempts: int) -> None:
    """Note that a run hands a mail over from now on."""
    session.execute(
        update(MailRow)
        .where(MailRow.id == mail_id)
        .values(state=MailState.SENDING, claim=claim, attempts=attempts, next_attempt_at=None)
    )


def put_uncertain(session: Session, detail: str) -> list[str]:
    """Note that nobody knows about the mails that some run began to hand over; return their ids."""
    left = session.scalars(
        update(MailRow).where(SENDING).values(state=MailState.UNCERTAIN, detail=detail).returning(MailRow.id)
    )
    return sorted(left.all())


def put_outcome(
    session: Session,
    mail_id: str,
    *,
    claim: str,
    state: MailState,
    detail: str,
    next_attempt_at: datetime | None,
    sent_at: datetime | None,
) -> bool:
    """Note what became of a mail; False if another run or an operator has had it since."""
    changed = session.scalars(
        update(MailRow)
        .where(
            MailRow.id == mail_id,
            MailRow.claim == claim,
            MailRow.state.in_([MailState.SENDING, MailState.UNCERTAIN]),
        )
        .values(state=state, detail=detail, next_attempt_at=next_attempt_at, sent_at=sent_at, claim=None)
        .returning(MailRow.id)
    )
    return changed.first() is not None
