"""What notification does, one function each. The door opens the transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit, db, outbox
from chassis.audit import Change
from chassis.auth import Actor
from notification import storage, wire
from notification.domain import letter, mail
from notification.domain.mail import Mail, MailState, Outcome, UnknownMail
from notification.domain.notice import Notice, still_news
from notification.domain.person import Post, Preferences
from notification.storage import Who, Writing

PENDING_SLICE = 500
"""Pending notices that one transaction writes."""


def know_wards(session: Session, wards: Iterable[tuple[str, str, int]]) -> None:
    """Keep what planning says of wards: id, name, revision."""
    storage.put_wards(session, wards)


def know_people(session: Session, posts: Iterable[Post]) -> None:
    """Keep what planning says of people; what waits for them is written by :func:`tell_pending`."""
    storage.put_posts(session, posts)


def tell(session: Session, notices: Sequence[Notice], *, mail_on: bool, at: datetime) -> None:
    """Write notices for their people, each cause once per person and channel (R-42).

    A notice for somebody who is not known yet is kept until he is. Of a decision or publication that a later
    one has superseded, whoever knows the later one is not told any more (R-30).

    :param mail_on: False where no mail server is set: mails are kept as skipped
    """
    mentioned = {(each.ward_id, each.facts["by"]) for each in notices if each.facts.get("by")}
    people = storage.people(session, {(each.ward_id, each.person_id) for each in notices} | mentioned)
    wants = storage.preferences(session, {(each.ward_id, each.person_id) for each in notices})
    wards = storage.ward_names(session, {each.ward_id for each in notices})
    known = [each for each in notices if (each.ward_id, each.person_id) in people]
    storage.keep_pending(session, [each for each in notices if (each.ward_id, each.person_id) not in people])
    writings = []
    for notice in still_news(known, storage.told(session, known)):
        person = people[notice.ward_id, notice.person_id]
        wanted = wants.get((notice.ward_id, notice.person_id), Preferences())
        acting = people.get((notice.ward_id, notice.facts.get("by", "")))
        text = letter.write(
            notice,
            person,
            language=wanted.language or person.language,
            ward=wards.get(notice.ward_id, notice.ward_id),
            by=acting.full_name if acting else "",
        )
        skipped = mail.unwanted(person, wanted, notice.topic, mail_on=mail_on)
        writings.append(Writing(notice, text, person, skipped))
    storage.put_writings(session, writings, at)


def tell_pending(session: Session, *, mail_on: bool, at: datetime) -> bool:
    """Write notices whose people have become known; True if there may be more."""
    notices = storage.take_pending(session, PENDING_SLICE)
    if notices:
        tell(session, notices, mail_on=mail_on, at=at)
    return len(notices) == PENDING_SLICE


def mark_read(
    session: Session, *, ward_id: str, actor: Actor, message_ids: Sequence[str], at: datetime
) -> int:
    """Mark the actor's own messages as read, all of them without ids. Others' count for nothing (R-29)."""
    return storage.mark_read(session, (ward_id, actor.person_id), message_ids, at)


def get_preferences(session: Session, *, who: Who) -> Preferences:
    """Return what a person wants."""
    return storage.preferences(session, [who]).get(who, Preferences())


def set_preferences(session: Session, *, who: Who, wanted: Preferences, at: datetime) -> Preferences:
    """Keep what a person wants from now on."""
    db.exclusive(session, f"preferences {who[0]} {who[1]}")
    before = get_preferences(session, who=who)
    storage.put_preferences(session, who, wanted)
    if wanted != before:
        was, now = audit.changed(before, wanted)
        change = Change("set_preferences", "preferences", who[1], was, now)
        audit.record(session, who[0], "", [change], actor_id=who[1], at=at)
    return wanted


def resend_mails(
    session: Session, *, ward_id: str, actor: Actor, mail_ids: Sequence[str], at: datetime
) -> int:
    """Put mails up again that failed or are uncertain, to the people's present addresses. All or nothing.

    :raises UnknownMail: if one does not exist
    :raises MailNotResendable: if one stands otherwise
    """
    states = storage.take_states(session, ward_id, mail_ids)
    again = []
    for mail_id in sorted(set(mail_ids)):
        if mail_id not in states:
            raise UnknownMail(mail_id=mail_id, field="mail_ids")
        state, person_id = states[mail_id]
        if mail.resendable(mail_id, state):
            again.append((mail_id, person_id))
    people = storage.people(session, {(ward_id, person_id) for _, person_id in again})
    for mail_id, person_id in again:
        storage.put_waiting(
            session,
            mail_id,
            address=people[ward_id, person_id].email,
            detail=f"put up again by {actor.person_id}",
            at=at,
        )
    changes = [
        Change(
            "resend_mail",
            "mail",
            mail_id,
            {"state": states[mail_id][0]},
            {"state": MailState.WAITING},
            audit.office("operator"),
        )
        for mail_id, _ in again
    ]
    audit.record(session, ward_id, "", changes, actor_id=actor.person_id, at=at)
    return len(again)


def give_up_knowing(session: Session) -> list[str]:
    """Note that nobody knows what became of mails whose run died meanwhile; return their ids."""
    return storage.put_uncertain(session, "the process died while handing it over")


def claim_mail(session: Session, *, claim: str, at: datetime) -> Mail | None:
    """Return the next mail that is due, claimed for the run ``claim``; None if there is none.

    The caller commits before it hands the mail over: whoever dies after that leaves it uncertain, never
    sent twice.
    """
    found = storage.take_due(session, at=at, limit=1)
    if not found:
        return None
    storage.put_sending(session, found[0].mail_id, claim=claim, attempts=found[0].attempts)
    return found[0]


def record_outcome(
    session: Session, *, sending: Mail, claim: str, outcome: Outcome, at: datetime
) -> MailState:
    """Note what became of a claimed mail, and announce it if that is final."""
    state, delay = mail.after(sending.attempts, outcome)
    noted = storage.put_outcome(
        session,
        sending.mail_id,
        claim=claim,
        state=state,
        detail=outcome.detail,
        next_attempt_at=at + delay if delay else None,
        sent_at=at if state is MailState.SENT else None,
    )
    if noted and state is MailState.SENT:
        outbox.add(session, wire.delivered(sending, at), subject=sending.mail_id)
    if noted and state is MailState.FAILED:
        outbox.add(session, wire.delivery_failed(sending, outcome.detail, at), subject=sending.mail_id)
    return state


def postpone_mails(session: Session, *, limit: int, outcome: Outcome, claim: str, at: datetime) -> int:
    """Count a try for mails that are due while their server is away; return how many."""
    due = storage.take_due(session, at=at, limit=limit)
    for each in due:
        storage.put_sending(session, each.mail_id, claim=claim, attempts=each.attempts)
        record_outcome(session, sending=each, claim=claim, outcome=outcome, at=at)
    return len(due)
