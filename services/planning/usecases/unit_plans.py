"""Units' month plans: written by their leaders, approved by whoever is above the head (R-4, R-5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month
from chassis.errors import Blocked, Forbidden, NotFound
from planning import storage
from planning.domain.changes import Change, changes, version_numbers
from planning.domain.organization import Person, Role, Unit, superiors
from planning.domain.unit_plan import (
    BadUnitPlan,
    Line,
    Progress,
    UnitItem,
    UnitPlan,
    UnitPlanChanged,
    UnitVersion,
    by_item,
    problems,
)
from planning.usecases import log
from planning.usecases.drafting import NotEarlier, shifted
from planning.usecases.rights import above, command_lines, seen, sees_everybody, turn
from planning.wire.unit_plans import unit_plan_answered, unit_plan_submitted


class UnknownUnit(NotFound):
    """The ward has no such unit."""

    vi = "Không có đơn vị {unit_id}."
    en = "There is no unit {unit_id}."


class UnitPlanThere(Blocked):
    """A copy does not overwrite what was planned."""

    vi = "Đơn vị {unit_id} đã có kế hoạch tháng {month}: hãy sửa kế hoạch đó."
    en = "The unit {unit_id} has a plan for {month} already: change that one."


class NotYourUnit(Forbidden):
    """A unit's plan is written by its leaders, those above them, or the clerk."""

    vi = "Chỉ lãnh đạo đơn vị {unit_id}, cấp trên hoặc văn thư được ghi kế hoạch của đơn vị."
    en = "Only the leaders of the unit {unit_id}, those above and the clerk write its plan."


class NotAboveUnit(Forbidden):
    """A unit's plan is approved by the direct superior of its head; by the organizer where there is none."""

    vi = "Bạn không phải cấp trên trực tiếp của người đứng đầu đơn vị {unit_id}."
    en = "You are not the direct superior of the head of the unit {unit_id}."


@dataclass(frozen=True, slots=True)
class UnitWork:
    """A unit's plan with people's tasks under its items."""

    plan: UnitPlan
    progress: dict[str, Progress]
    """By item; of every linked task in force."""
    seen: frozenset[str] | None
    """Whose tasks the caller may see; None for everybody's."""


def save_unit_plan(
    session: Session,
    *,
    ward_id: str,
    unit_id: str,
    month: Month,
    items: Sequence[UnitItem],
    expected_revision: int,
    actor: Actor,
    at: datetime,
) -> UnitWork:
    """Keep a unit's plan as a draft; on an approved plan this begins an amendment (R-5).

    :raises NotYourUnit: if the caller neither leads the unit, nor is above it, nor a clerk
    :raises UnitPlanChanged: if the plan is not at the revision the caller saw
    :raises BadUnitPlan: if items break rules; what they merely lack is told when they are submitted
    """
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    _check_unit(session, ward_id, unit_id)
    people = storage.posts(session, ward_id, month)
    _check_writes(session, ward_id, unit_id, month, people.values(), actor)
    before = storage.unit_plan(session, ward_id, unit_id, month)
    if expected_revision and expected_revision != before.revision:
        raise UnitPlanChanged(revision=before.revision)
    units = {each.unit_id for each in storage.units(session, ward_id)}
    if found := [
        (f"items[{place}]", problem)
        for place, each in enumerate(items)
        for problem in problems(each, ward.window(month), people, units)
    ]:
        raise BadUnitPlan(found)
    after = before.save(items)
    keep(session, "save_unit_plan", before, after, actor=actor, at=at)
    return _work(session, after, actor, at)


def copy_unit_plan(
    session: Session,
    *,
    ward_id: str,
    unit_id: str,
    month: Month,
    from_month: Month,
    actor: Actor,
    at: datetime,
) -> UnitWork:
    """Draft a unit's plan from an earlier month's, in force or the newest one (R-5).

    Deadlines move with the months, within the new window. A leader who holds no post any more is left out.

    :raises NotYourUnit: if the caller neither leads the unit, nor is above it, nor a clerk
    :raises UnknownUnitPlan: if there is nothing to copy
    :raises UnitPlanThere: if the month has another plan already
    """
    if not from_month < month:
        raise NotEarlier(from_month=from_month, month=month, field="from_month")
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    _check_unit(session, ward_id, unit_id)
    people = storage.posts(session, ward_id, month)
    _check_writes(session, ward_id, unit_id, month, people.values(), actor)
    source = storage.unit_plan(session, ward_id, unit_id, from_month)
    copied = source.in_force or source.latest()
    items = tuple(
        replace(
            each,
            due_on=each.due_on and shifted(each.due_on, from_month, month, ward.window(month)),
            lead_person_id=(
                each.lead_person_id
                if each.lead_person_id in people and people[each.lead_person_id].active
                else ""
            ),
        )
        for each in copied.items
    )
    before = storage.unit_plan(session, ward_id, unit_id, month)
    if before.newest and before.newest.items and before.newest.items != items:
        raise UnitPlanThere(unit_id=unit_id, month=month)
    after = before.save(items)
    keep(session, "copy_unit_plan", before, after, actor=actor, at=at)
    return _work(session, after, actor, at)


def submit_unit_plan(
    session: Session, *, ward_id: str, unit_id: str, month: Month, actor: Actor, at: datetime
) -> UnitWork:
    """Hand a unit's draft to whoever approves it (R-5).

    :raises UnitSixClears: with each item that lacks something, and what (R-4)
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    unit = _unit(session, ward_id, unit_id)
    people = storage.posts(session, ward_id, month)
    _check_writes(session, ward_id, unit_id, month, people.values(), actor)
    before = storage.unit_plan(session, ward_id, unit_id, month)
    after = before.submit()
    keep(session, "submit_unit_plan", before, after, actor=actor, at=at)
    if after is not before:
        _, over = _heads(people, command_lines(session, ward_id, month), unit_id)
        told = unit_plan_submitted(
            after, unit_name=unit.name, approver_ids=over - {""}, by=actor.person_id, at=at
        )
        outbox.add(session, told, subject=after.plan_id)
    return _work(session, after, actor, at)


def approve_unit_plan(
    session: Session, *, ward_id: str, unit_id: str, month: Month, actor: Actor, at: datetime
) -> UnitWork:
    """Put a unit's submitted plan in force (R-5).

    :raises NotAboveUnit: if it is not the caller's to approve
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    authority = _check_approves(session, ward_id, unit_id, month, actor)
    before = storage.unit_plan(session, ward_id, unit_id, month)
    after = before.approve(by=actor.person_id, at=at)
    keep(session, "approve_unit_plan", before, after, actor=actor, at=at, authority_id=authority)
    _announce_answer(session, after)
    return _work(session, after, actor, at)


def return_unit_plan(
    session: Session,
    *,
    ward_id: str,
    unit_id: str,
    month: Month,
    reason: str,
    actor: Actor,
    at: datetime,
) -> UnitWork:
    """Return a unit's submitted plan with a reason (R-5).

    :raises NotAboveUnit: if it is not the caller's to approve
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    authority = _check_approves(session, ward_id, unit_id, month, actor)
    before = storage.unit_plan(session, ward_id, unit_id, month)
    after = before.send_back(by=actor.person_id, reason=reason, at=at)
    keep(session, "return_unit_plan", before, after, actor=actor, at=at, authority_id=authority)
    _announce_answer(session, after)
    return _work(session, after, actor, at)


def get_unit_plan(
    session: Session, *, ward_id: str, unit_id: str, month: Month, actor: Actor, at: datetime
) -> UnitWork:
    """Return a unit's plan, with how far people's tasks under its items are.

    What a unit plans is for everybody of the ward; single tasks are for those who may see the person's plan.

    :raises UnknownUnitPlan: if there is none
    """
    storage.ward(session, ward_id)
    _check_unit(session, ward_id, unit_id)
    found = storage.unit_plan(session, ward_id, unit_id, month)
    found.latest()
    return _work(session, found, actor, at)


def list_unit_plans(
    session: Session, *, ward_id: str, month: Month, after: str, limit: int
) -> list[UnitPlan]:
    """Return where the plans of a ward's units stand, by unit; units without a plan too."""
    storage.ward(session, ward_id)
    units = [each.unit_id for each in storage.units(session, ward_id, after=after, limit=limit)]
    found = storage.unit_plans(session, ward_id, month, units)
    return [found[each] for each in units]


def list_unit_plan_versions(
    session: Session, *, ward_id: str, unit_id: str, month: Month, after: int, limit: int
) -> list[UnitVersion]:
    """Return the versions of a unit's plan, the oldest first (R-5)."""
    storage.ward(session, ward_id)
    _check_unit(session, ward_id, unit_id)
    return storage.unit_versions(session, ward_id, unit_id, month, after=after, limit=limit)


def diff_unit_plan_versions(
    session: Session, *, ward_id: str, unit_id: str, month: Month, from_version: int, to_version: int
) -> tuple[int, int, list[Change]]:
    """Return two versions' numbers and what differs between them (R-5)."""
    storage.ward(session, ward_id)
    _check_unit(session, ward_id, unit_id)
    newest = storage.unit_plan(session, ward_id, unit_id, month).latest()
    numbers = version_numbers(from_version, to_version, newest.number)
    items: list[dict[str, UnitItem]] = []
    for number in numbers:
        found = storage.unit_versions(session, ward_id, unit_id, month, after=number - 1, limit=1)
        items.append({each.item_id: each for each in found[0].items} if number else {})
    return *numbers, changes(items[0], items[1])


def keep(
    session: Session,
    action: str,
    before: UnitPlan,
    after: UnitPlan,
    *,
    actor: Actor,
    at: datetime,
    authority_id: str = "",
) -> None:
    """Keep a changed plan and say so in the log (R-32).

    :param authority_id: on whose authority; empty for the caller's own, or the office's of a clerk who types
    """
    if after is before:
        return
    storage.keep_unit_plan(session, before, after)
    change = audit.Change(
        action,
        "unit_plan",
        after.unit_id,
        _told(before, after),
        _told(after, before),
        authority_id or log.by_office(actor),
    )
    audit.record(session, after.ward_id, str(after.month), [change], actor_id=actor.person_id, at=at)


def _told(plan: UnitPlan, other: UnitPlan) -> dict[str, object] | None:
    """Return for the log the state of a plan, and those of its items that the other one has otherwise."""
    if plan.newest is None:
        return None
    elsewhere = {each.item_id: each for each in other.newest.items} if other.newest else {}
    items = {each.item_id: each for each in plan.newest.items if elsewhere.get(each.item_id) != each}
    told: dict[str, object] = {"version": plan.newest.number, "state": plan.newest.state}
    return (
        told
        | ({"reason": plan.newest.reason} if plan.newest.reason else {})
        | ({"items": items} if items else {})
    )


def _work(session: Session, plan: UnitPlan, actor: Actor, at: datetime) -> UnitWork:
    lines = storage.lines(session, plan.ward_id, plan.month)
    members = {each for each, (_, unit) in lines.items() if unit == plan.unit_id}
    months = storage.person_months(session, plan.ward_id, plan.month, members)
    progress = by_item(
        Line(person_id, task, each.results.get(task.task_id))
        for person_id, each in months.items()
        for task in (each.in_force.tasks if each.in_force else ())
    )
    people = None
    if not sees_everybody(actor):
        people = frozenset(seen(session, plan.ward_id, above(lines), actor, at))
    return UnitWork(plan, progress, people)


def _announce_answer(session: Session, plan: UnitPlan) -> None:
    people = storage.posts(session, plan.ward_id, plan.month)
    unit = _unit(session, plan.ward_id, plan.unit_id)
    told = unit_plan_answered(
        plan, unit_name=unit.name, leader_ids=unit_leaders(people.values(), plan.unit_id)
    )
    outbox.add(session, told, subject=plan.plan_id)


def unit_leaders(people: Iterable[Person], unit_id: str) -> set[str]:
    """Return who leads a unit: its head and the deputies, while they hold their posts."""
    return {
        each.person_id
        for each in people
        if each.unit_id == unit_id and each.role is Role.LEADER and each.active
    }


def _unit(session: Session, ward_id: str, unit_id: str) -> Unit:
    found = storage.unit(session, ward_id, unit_id)
    if found is None:
        raise UnknownUnit(unit_id=unit_id)
    return found


def _check_unit(session: Session, ward_id: str, unit_id: str) -> None:
    _unit(session, ward_id, unit_id)


def _check_writes(
    session: Session,
    ward_id: str,
    unit_id: str,
    month: Month,
    people: Collection[Person],
    actor: Actor,
) -> None:
    if actor.has("clerk"):
        return
    lines = command_lines(session, ward_id, month)
    leaders = unit_leaders(people, unit_id)
    if actor.person_id not in leaders | {up for each in leaders for up in superiors(lines, each)}:
        raise NotYourUnit(unit_id=unit_id)


def _check_approves(session: Session, ward_id: str, unit_id: str, month: Month, actor: Actor) -> str:
    """Return on whose authority the caller approves the unit's plan: his own id, or the organizer's office.

    Where a head has no superior in the ward the organizer approves, as for a head's own plan.
    """
    _check_unit(session, ward_id, unit_id)
    people = storage.posts(session, ward_id, month)
    lines = command_lines(session, ward_id, month)
    heads, over = _heads(people, lines, unit_id)
    if actor.person_id in over and actor.person_id not in heads:
        return actor.person_id
    if (not over or "" in over) and actor.has("organizer") and actor.person_id not in heads:
        return audit.office("organizer")
    raise NotAboveUnit(unit_id=unit_id)


def _heads(people: Mapping[str, Person], lines: Mapping[str, str], unit_id: str) -> tuple[set[str], set[str]]:
    """Return a unit's heads and their direct superiors, among them empty where a head has none in the ward.

    A head is a member whose direct superior is not of the unit; leaders come before others.
    """
    members = {each for each in lines if people[each].unit_id == unit_id}
    heads = {each for each in members if lines[each] not in members}
    heads = {each for each in heads if people[each].role is Role.LEADER} or heads
    return heads, {lines[each] for each in heads}
