"""Opening a month, its deadlines, and how it stands (R-26)."""

from collections import Counter
from datetime import date, datetime

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.access import NotYours
from approval.domain.case import Case
from approval.domain.check import Checked
from approval.domain.competence import competence
from approval.domain.criteria import CriteriaSet, check_text
from approval.domain.deadlines import Step
from approval.domain.evaluation import Evaluation
from approval.domain.month import MonthStanding, OpenedMonth
from approval.domain.waiting import Awaited, awaited
from approval.storage import copies, evaluations, months
from approval.storage import policies as versions
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.policies import policy_of_month
from approval.usecases.ward_month import MonthNotOpened, cases, month_deadlines, policy_of, take, viewer
from approval.usecases.watching import check_month, open_appeals
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor
from chassis.days import legal_day
from chassis.errors import Blocked, Invalid

MOST_AWAITED = 100


class PersonOrType(Invalid):
    """Criteria are asked for by a person or by a personnel type."""

    vi = "Chỉ nêu một người hoặc một loại đối tượng, không nêu cả hai."
    en = "Name a person or a personnel type, not both."


class MonthHasGaps(Blocked):
    """A month is opened strictly only where everybody can be decided (R-2)."""

    vi = (
        "Chưa mở tháng {month}: còn {count} vướng mắc về thẩm quyền, trước hết {first}. Xem: kpi month check."
    )
    en = "{month} is not opened: {count} findings stand in the way, first {first}. See: kpi month check."


def open_month(
    session: Session, *, ward_id: str, month: str, strict: bool, actor: Actor, at: datetime
) -> tuple[MonthStanding, Checked]:
    """Open a ward's month with the policy in force now, which it keeps; return what the check of it finds.

    Opening it again changes nothing.

    :param strict: True to refuse while something stands in the way of somebody's decision
    :raises UnknownWard: if planning has not told of the ward
    :raises NoPolicy: if no policy is in force in that month
    :raises MonthHasGaps: if it is strict and something stands in the way
    """
    # Whoever approves a policy now does so before this month is opened, or after it.
    versions.hold(session)
    policy = policy_of_month(session, ward_id=ward_id, month=month).policy
    checked = check_month(session, ward_id=ward_id, month=month)
    if strict and checked.blocking:
        first = checked.blocking[0]
        raise MonthHasGaps(
            month=month, count=len(checked.blocking), first=first.person or first.unit_id or ward_id
        )
    given = OpenedMonth(ward_id, month, policy.name, actor.person_id, at)
    if months.open_month(session, given):
        outbox.add(session, events.month_opened(given), subject=f"{ward_id}/{month}")
        change = Change("open_month", "month", month, None, {"policy": given.policy})
        log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)
    return get_month(session, ward_id=ward_id, month=month, actor=actor, at=at), checked


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
    policy = policy_of(session, opened)
    extension = month_deadlines(opened, policy)[step].extend(
        last_day, reason=check_text(reason, place="reason"), extended_by=actor.person_id, at=at
    )
    months.extend(session, ward_id, month, extension)
    present = month_deadlines(opened, policy)[step].last_day
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
        appealed = open_appeals(session, of, {each.person.id: each for each in everybody})
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
    found = months.listed(session, ward_id, before=before, most=most)
    policies = versions.called(session, {each.policy for each in found})
    return [
        MonthStanding(each, tuple(month_deadlines(each, policies[each.policy]).values())) for each in found
    ]


def list_criteria(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    personnel_type: str,
    actor: Actor,
    at: datetime,
) -> CriteriaSet:
    """Return general criteria of a month's policy, of the present month if none is named (R-18).

    Those that a person is or will be assessed with, those for a personnel type, or else the default ones.

    :raises NoPolicy: if no policy is in force in that month
    :raises PersonOrType: if both a person and a type are named
    :raises UnknownPerson: if nobody has that id in that month
    :raises NotYours: if the caller may not know where that person's evaluation stands (R-29)
    """
    if person_id and personnel_type:
        raise PersonOrType(field="personnel_type")
    wanted = month or f"{legal_day(at):%Y-%m}"
    policy = policy_of_month(session, ward_id=ward_id, month=wanted).policy
    if not person_id:
        return policy.set_for(personnel_type)
    roster = copies.roster(session, ward_id, wanted, about=[person_id])
    person = roster.person(person_id)
    known = evaluations.kept(session, ward_id, wanted, person_ids=[person_id]).get(person_id)
    case = Case(
        person,
        competence(person, roster, policy.competence),
        known.evaluation if known else Evaluation(person_id),
    )
    if not access.view(case, viewer(session, ward_id, actor, at), roster).standing:
        raise NotYours(person=person)
    return policy.criteria_of(case)
