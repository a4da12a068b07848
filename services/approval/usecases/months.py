"""Opening a month, its deadlines, and how it stands (R-26)."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy.orm import Session

from approval import policies
from approval.domain.appeal import answerer
from approval.domain.criteria import Criterion, check_text
from approval.domain.deadlines import Step
from approval.domain.month import MonthStanding, OpenedMonth
from approval.domain.waiting import Awaited, awaited
from approval.storage import appeals, evaluations, months
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import MonthNotOpened, cases, month_deadlines, take
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor

MOST_AWAITED = 100


def open_month(session: Session, *, ward_id: str, month: str, actor: Actor, at: datetime) -> MonthStanding:
    """Open a ward's month; opening it again changes nothing.

    :raises NoPolicy: if no policy is in force in that month
    """
    policy = policies.for_month(month)
    given = OpenedMonth(ward_id, month, policy.name, actor.person_id, at)
    if months.open_month(session, given):
        outbox.add(session, events.month_opened(given), subject=f"{ward_id}/{month}")
        change = Change("open_month", "month", month, None, {"policy": given.policy})
        log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)
    return get_month(session, ward_id=ward_id, month=month, actor=actor, at=at)


def extend_deadline(
    session: Session,
    *,
    ward_id: str,
    month: str,
    step: Step,
    last_day: date,
    reason: str,
    actor: Actor,
    at: datetime,
) -> MonthStanding:
    """Extend a deadline on record. Steps that were late stay flagged: they were.

    :raises MonthNotOpened: if the month is not open
    :raises NotLater: if the new day is not after the present one
    """
    opened = months.opened(session, ward_id, month, hold=True)
    if opened is None:
        raise MonthNotOpened(month=month)
    extension = month_deadlines(opened)[step].extend(
        last_day, reason=check_text(reason, place="reason"), extended_by=actor.person_id, at=at
    )
    months.extend(session, ward_id, month, extension)
    present = month_deadlines(opened)[step].last_day
    change = Change("extend_deadline", "month", month, {"step": step, "last_day": present}, extension)
    log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)
    return get_month(session, ward_id=ward_id, month=month, actor=actor, at=at)


def get_month(session: Session, *, ward_id: str, month: str, actor: Actor, at: datetime) -> MonthStanding:
    """Return a month with counts, and, to clerk, organizer and auditor, whom it waits for.

    :raises UnknownMonth: if it was not opened
    """
    of = take(session, ward_id, month, reading=True)
    everybody = cases(session, of).values()
    waiting: list[Awaited] = []
    if actor.has("clerk", "organizer", "auditor"):
        by_id = {each.person.id: each for each in everybody}
        appealed = [
            (answerer(by_id[each.person_id], of.roster, of.policy.competence).decider_id, each)
            for each in appeals.listed(session, ward_id, month=month, open_only=True)
            if each.person_id in by_id
        ]
        waiting = awaited(everybody, of.deadlines, at, appealed)
    return MonthStanding(
        opened=of.opened,
        deadlines=tuple(of.deadlines.values()),
        counts=dict(Counter(each.state for each in everybody)),
        late=evaluations.count_late(session, ward_id, month),
        awaited=tuple(waiting[:MOST_AWAITED]),
    )


def list_months(session: Session, *, ward_id: str, before: str | None, most: int) -> list[MonthStanding]:
    """Return opened months, newest first, without counts."""
    return [
        MonthStanding(each, tuple(month_deadlines(each).values()))
        for each in months.listed(session, ward_id, before=before, most=most)
    ]


def list_criteria() -> tuple[Criterion, ...]:
    """Return the general criteria of the newest policy (R-18)."""
    return max(policies.shipped(), key=lambda each: (each.from_month, each.version)).criteria
