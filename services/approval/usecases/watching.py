"""Who decides whom, what stands in a month's way, whom it waits for, and who is told of it (R-2, R-26)."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from approval.domain import check, reminders
from approval.domain.appeal import Appeal, answerer
from approval.domain.case import Case
from approval.domain.check import Checked
from approval.domain.competence import competence
from approval.domain.month import OpenedMonth
from approval.domain.policy import Policy
from approval.domain.reminders import Held, Kind
from approval.domain.waiting import Waiting, pending, waiting
from approval.domain.watch import Recorded, Resolved, WaitingFor
from approval.storage import appeals, copies, months, watch
from approval.usecases.policies import policy_of_month
from approval.usecases.ward_month import (
    UnknownWard,
    WardMonth,
    cases,
    month_deadlines,
    policy_of,
    take,
    viewer,
)
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor
from chassis.days import Month


def check_month(session: Session, *, ward_id: str, month: str) -> Checked:
    """Return what the check of a month finds; it need not be open.

    :raises UnknownWard: if planning has not told of the ward
    :raises NoPolicy: if no policy is in force in that month
    """
    if not copies.known_ward(session, ward_id):
        raise UnknownWard(ward_id=ward_id, field="ward_id")
    policy = policy_of_month(session, ward_id=ward_id, month=month).policy
    roster = copies.roster(session, ward_id, month)
    first, last = _steps_of(policy, month)
    found = check.check(
        roster,
        copies.posts(session, ward_id, month),
        policy.competence,
        delegations=[
            each.present
            for each in watch.delegations(session, ward_id)
            if each.present.from_day <= last and first <= each.present.to_day
        ],
        recorded=watch.with_result(session, ward_id, month),
    )
    people = sum(each.active for each in roster.people.values())
    return Checked(policy.name, people, tuple(found))


def list_competence(
    session: Session,
    *,
    ward_id: str,
    month: str,
    unit_id: str,
    after: str,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[Resolved]:
    """Return who decides whom in a month, open or not, by person; staff see those below and themselves."""
    table = policy_of_month(session, ward_id=ward_id, month=month).policy.competence
    roster = copies.roster(session, ward_id, month)
    who = viewer(session, ward_id, actor, at)
    found: list[Resolved] = []
    for person in roster.people.values():
        if person.id <= after or (unit_id and person.unit_id != unit_id):
            continue
        resolved = competence(person, roster, table)
        concerned = {person.id, resolved.decider_id, person.superior_id} - {""}
        if not (
            who.sees_all or who.clerk or concerned & who.acting_for or who.person_id in roster.above(person)
        ):
            continue
        kind = roster.unit(person.unit_id).kind
        found.append(
            Resolved(person, resolved, next((each for each in table if each.fits(person.post, kind)), None))
        )
        if len(found) == most:
            break
    return found


def list_delegations(
    session: Session, *, ward_id: str, day: date | None, actor: Actor, after: int, most: int
) -> list[Recorded]:
    """Return delegations on record, newest first; staff see those from and to themselves."""
    found = [
        each
        for each in watch.delegations(session, ward_id)
        if day is None or each.present.from_day <= day <= each.present.to_day
    ]
    if not actor.has("organizer", "auditor"):
        found = [
            each
            for each in found
            if actor.person_id in (each.delegation.from_person_id, each.delegation.to_person_id)
        ]
    return found[after : after + most]


def list_waiting(
    session: Session,
    *,
    ward_id: str,
    month: str,
    late: bool,
    step: str,
    after: tuple[str, str] | None,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[WaitingFor]:
    """Return whom an open month waits for, by person and step; staff see themselves and those below.

    :param step: only this one: a step's value, ``appeal`` for answers; empty for all
    :raises UnknownMonth: if it was not opened
    """
    of = take(session, ward_id, month, reading=True)
    everybody = cases(session, of)
    held = watch.held(session, ward_id, month)
    who = viewer(session, ward_id, actor, at)
    found: list[WaitingFor] = []
    for each in waiting(everybody.values(), of.deadlines, open_appeals(session, of, everybody)):
        if (
            (after is not None and each.key <= after)
            or (late and not each.days_late(at))
            or (step and step != (each.step.value if each.step else "appeal"))
        ):
            continue
        person = of.roster.people.get(each.person_id)
        below = person is not None and who.person_id in of.roster.above(person)
        if who.sees_all or who.clerk or below or each.person_id in who.acting_for:
            found.append(WaitingFor(each, person, _told(each, held)))
            if len(found) == most:
                break
    return found


def open_appeals(session: Session, of: WardMonth, everybody: Mapping[str, Case]) -> list[tuple[str, Appeal]]:
    """Return a month's open appeals, each with who must answer; empty where the city or nobody does."""
    return [
        (answerer(everybody[each.person_id], of.roster, of.policy.competence).decider_id, each)
        for each in appeals.listed(session, of.ward_id, month=of.month, open_only=True)
        if each.person_id in everybody
    ]


def remind(session: Session, *, ward_id: str, month: str, at: datetime) -> int:
    """Hold the rounds of reminders that are due in a month; return how many were told (R-14, R-26, R-42).

    Each round is held once; run again it changes nothing.
    """
    opened = months.opened(session, ward_id, month)
    if opened is None or opened.publication_revision:
        return 0
    if not _due(session, opened, at):
        return 0
    of = take(session, ward_id, month)
    held = watch.held(session, ward_id, month, alone=True)
    rounds = reminders.due(
        of.deadlines.values(),
        of.policy.reminders,
        opened_at=opened.opened_at,
        held={each.round for each in held},
        at=at,
    )
    everybody = cases(session, of)
    awaited = pending(everybody.values())
    organizers = reminders.organizers(opened.opened_by, of.roster)
    now = [
        Held(each, reminders.whom(each.kind, each.step, awaited, of.roster, organizers), at)
        for each in rounds
    ]
    looks = reminders.looks(
        of.deadlines.values(),
        of.policy.reminders,
        opened_at=opened.opened_at,
        held={each.round for each in held},
        at=at,
    )
    lacking = reminders.without_work(everybody.values(), held) if looks else {}
    # Of several looks that are due at once the last one tells: the others would say the same again.
    looked = [Held(each, lacking if each is looks[-1] else {}, at) for each in looks]
    watch.hold_rounds(session, ward_id, month, [*now, *looked])
    names = {each.id: each.full_name for each in of.roster.people.values()}
    announced = [
        (
            events.deadline_reminded(
                ward_id,
                month,
                each,
                told,
                count=sum(len(awaited[who, each.round.step]) for who in late),
                names=names,
                organizers=organizers,
            ),
            told,
        )
        for each in now
        for told, late in each.told.items()
    ]
    announced += [
        (events.nothing_assigned(ward_id, month, each, told, about=part, names=names), told)
        for each in looked
        for told, about in each.told.items()
        for part in (tuple(one for one in about if one == told), tuple(one for one in about if one != told))
        if part
    ]
    outbox.add_all(session, announced)
    return len(announced)


def months_to_watch(session: Session) -> list[tuple[str, str]]:
    """Return every ward's open months that wait for somebody."""
    return watch.unpublished(session)


def _due(session: Session, opened: OpenedMonth, at: datetime) -> bool:
    """True if a round is due: asked before anybody's month is read."""
    held = {each.round for each in watch.held(session, opened.ward_id, opened.month)}
    policy = policy_of(session, opened)
    limits = month_deadlines(opened, policy).values()
    return any(
        rounds(limits, policy.reminders, opened_at=opened.opened_at, held=held, at=at)
        for rounds in (reminders.due, reminders.looks)
    )


def _told(each: Waiting, held: list[Held]) -> tuple[tuple[str, Kind, datetime], ...]:
    return tuple(
        (told, one.round.kind, one.at)
        for one in held
        if one.round.step is each.step
        and one.round.last_day == each.last_day
        and one.round.kind is not Kind.NOTHING_ASSIGNED
        for told, late in one.told.items()
        if each.person_id in late
    )


def _steps_of(policy: Policy, month: str) -> tuple[date, date]:
    """Return the first day of a month and the last one of its steps."""
    found = Month.parse(month)
    return found.day(1), max(policy.calendar.last_day(found, step) for step in policy.calendar.usual)
