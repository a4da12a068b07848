"""A ward's month with everything that a use case asks of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.access import Viewer
from approval.domain.case import Case
from approval.domain.competence import competence
from approval.domain.deadlines import Deadline, Step, deadlines
from approval.domain.evaluation import Evaluation
from approval.domain.month import OpenedMonth
from approval.domain.person import Roster
from approval.domain.policy import Policy
from approval.storage import copies, evaluations, months
from approval.storage import policies as versions
from chassis.auth import Actor
from chassis.days import Month, legal_day
from chassis.errors import Blocked, NotFound


class MonthNotOpened(Blocked):
    """A month is worked on once it is open."""

    vi = "Tháng {month} của phường chưa được mở."
    en = "The ward's month {month} is not open: the organizer opens it first."


class UnknownMonth(NotFound):
    """No such month was opened."""

    vi = "Phường chưa mở tháng {month}."
    en = "The ward has not opened {month}."


class UnknownWard(NotFound):
    """A month is of a ward that planning told of."""

    vi = (
        "Chưa có phường {ward_id}: hãy nhập trang ward của phường trước (kpi import); "
        "nếu vừa nhập, thử lại sau giây lát."
    )
    en = (
        "The ward {ward_id} is not known: import its ward sheet first (kpi import); just imported, try again."
    )


_FEW = 500
"""Ids that a question names; beyond it asks for the whole month."""


@dataclass(frozen=True, slots=True)
class WardMonth:
    """An open month: its policy, deadlines, people, and who decides about each."""

    ward_id: str
    month: str
    opened: OpenedMonth
    policy: Policy
    deadlines: Mapping[Step, Deadline]
    roster: Roster


def take(
    session: Session,
    ward_id: str,
    month: str,
    *,
    about: Collection[str] | None = None,
    reading: bool = False,
    hold: bool = False,
) -> WardMonth:
    """Return an open month.

    :param about: the people whom it is asked for; ``None`` for everybody
    :param reading: True to say "unknown" rather than "not opened"
    :param hold: True to keep others from extending or publishing it until the transaction ends
    :raises MonthNotOpened: if it is not open
    :raises UnknownMonth: likewise, for a reader
    """
    opened = months.opened(session, ward_id, month, hold=hold)
    if opened is None:
        raise (UnknownMonth if reading else MonthNotOpened)(month=month)
    policy = policy_of(session, opened)
    return WardMonth(
        ward_id=ward_id,
        month=month,
        opened=opened,
        policy=policy,
        deadlines=month_deadlines(opened, policy),
        roster=copies.roster(session, ward_id, month, about=about),
    )


def policy_of(session: Session, opened: OpenedMonth) -> Policy:
    """Return the policy that a month was opened with."""
    return versions.called(session, [opened.policy])[opened.policy]


def month_deadlines(opened: OpenedMonth, policy: Policy) -> dict[Step, Deadline]:
    """Return the deadlines of an open month by its policy, as extended."""
    return deadlines(policy.calendar, Month.parse(opened.month), opened.extensions)


def cases(
    session: Session, of: WardMonth, person_ids: Collection[str] | None = None, *, whole: bool = False
) -> dict[str, Case]:
    """Return the month of everybody, or of a few, by person in the order of ids.

    Nobody waits for a record to be made: who works in the ward has a month, whatever was recorded of it.

    :param whole: True for values and texts, which a list can do without
    """
    wanted = sorted(of.roster.people if person_ids is None else set(person_ids) & of.roster.people.keys())
    if not wanted:
        return {}
    # A long list of ids costs more to ask than to answer for those who were not asked about.
    few = wanted if len(wanted) <= _FEW and 2 * len(wanted) < len(of.roster.people) else None
    kept = evaluations.kept(session, of.ward_id, of.month, person_ids=few, whole=whole)
    scores = copies.scores(session, of.ward_id, of.month, few)
    told = copies.known_revisions(session, of.ward_id, of.month, few)
    result: dict[str, Case] = {}
    for person_id in wanted:
        known = kept.get(person_id)
        result[person_id] = Case(
            person=of.roster.people[person_id],
            competence=competence(of.roster.people[person_id], of.roster, of.policy.competence),
            evaluation=known.evaluation if known else Evaluation(person_id),
            score=scores.get(person_id),
            decision=known.decision if known else None,
            published=known.published if known else None,
            working_time_revision=told.get(person_id, (0, 0))[0],
            work_revision=told.get(person_id, (0, 0))[1],
        )
    return result


def viewer(session: Session, ward_id: str, actor: Actor, at: datetime) -> Viewer:
    """Return the caller, with those for whom he may act on that legal day."""
    day = legal_day(at)
    delegations = months.delegations(session, ward_id, to=actor.person_id, day=day)
    return Viewer(
        person_id=actor.person_id,
        acting_for=access.acting_for(actor.person_id, delegations, day),
        clerk=actor.has("clerk"),
        organizer=actor.has("organizer"),
        sees_all=actor.has("organizer", "auditor"),
    )
