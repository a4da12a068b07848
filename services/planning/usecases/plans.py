"""Month plans: written, submitted, approved or returned, amended (R-4, R-5, R-7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month
from chassis.errors import Invalid, Stale
from planning import storage
from planning.domain.catalogue import Entry
from planning.domain.handover import colleagues, one_sided
from planning.domain.organization import Person, Role, Ward, subordinates
from planning.domain.plan import BadPlan, PersonMonth, SixClears, State, UnknownPlan, Version
from planning.domain.problem import Problem
from planning.domain.task import Kind, Task, assigned, outdated, problems
from planning.usecases import log
from planning.usecases.rights import (
    ClerkOnly,
    NotDirectSuperior,
    NotOwnPlan,
    above,
    approves,
    check_sees,
    check_writes,
    command_lines,
    seen,
    sees_everybody,
    turn,
)
from planning.wire import messages


class PlanChanged(Stale):
    """The plan is not what the caller saw."""

    vi = "Kế hoạch đã thay đổi (phiên bản hiện tại {revision}): hãy tải lại rồi sửa."
    en = "The plan changed meanwhile and is at revision {revision}: read it again, then change it."


class WhoseMissing(Invalid):
    """A submission says whose plans, in one way."""

    vi = "Hãy nêu một trong ba: person_ids, unit_id hoặc all."
    en = "Give exactly one of person_ids, unit_id and all."


def save_plan(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    tasks: Sequence[Task],
    expected_revision: int,
    actor: Actor,
    at: datetime,
) -> PersonMonth:
    """Keep a person's plan as a draft; on an approved plan this begins an amendment (R-5).

    :raises NotOwnPlan: if the caller is neither the person nor a clerk
    :raises PlanChanged: if the plan is not at the revision the caller saw
    :raises BadPlan: if tasks break rules; what they merely lack is told when they are submitted
    """
    check_writes(person_id=person_id, actor=actor)
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    storage.person(session, ward_id, person_id, month)
    before = storage.person_month(session, ward_id, person_id, month)
    if expected_revision and expected_revision != before.revision:
        raise PlanChanged(revision=before.revision)
    kept, found = checked(
        before,
        tasks,
        ward=ward,
        catalogue=storage.entries_by_code(session, ward_id, month),
        people=storage.posts(session, ward_id, month),
        unit_items=unit_item_ids(session, ward_id, month) if linked(tasks) else {},
    )
    if found:
        raise BadPlan(found)
    after = before.save(kept)
    storage.keep_months(session, [(before, after)])
    logged(session, "save_plan", [(before, after)], actor=actor, at=at)
    return after


def logged(
    session: Session,
    action: str,
    changes: Sequence[tuple[PersonMonth, PersonMonth]],
    *,
    actor: Actor,
    at: datetime,
    authority_id: str | None = None,
) -> None:
    """Say in the log what changed of people's months of one month (R-32).

    :param authority_id: on whose authority; None for the caller's own, or the person's for whom a clerk types
    """
    if changes:
        _, first = changes[0]
        entries = log.plans(action, changes, actor, authority_id)
        audit.record(session, first.ward_id, str(first.month), entries, actor_id=actor.person_id, at=at)


def checked(
    before: PersonMonth,
    tasks: Sequence[Task],
    *,
    ward: Ward,
    catalogue: Mapping[str, Entry],
    people: Mapping[str, Person],
    unit_items: Mapping[str, Collection[str]],
) -> tuple[list[Task], list[tuple[str, Problem]]]:
    """Return the tasks with what the catalogue says about them, and what is wrong with them, with its place.

    :param before: the person's month, whose tasks in force keep what they took from the catalogue
    :param unit_items: the items of each unit's plan, to which tasks of its people may be linked
    """
    unit_id = people[before.person_id].unit_id if before.person_id in people else ""
    earlier = {each.task_id: each for each in before.in_force.tasks} if before.in_force else {}
    kept: list[Task] = []
    found: list[tuple[str, Problem]] = []
    for place, each in enumerate(tasks):
        task, disagreements = assigned(each, catalogue, earlier.get(each.task_id))
        of = [
            *problems(task, ward.window(before.month)),
            *disagreements,
            *counterpart_problems(task, before.person_id, people),
            *link_problems(task, earlier.get(each.task_id), unit_items.get(unit_id, ())),
        ]
        found += ((f"tasks[{place}]", problem) for problem in of)
        kept.append(task)
    return kept, found


def linked(tasks: Iterable[Task]) -> bool:
    """True if any task names an item of its unit's plan."""
    return any(each.unit_item_id for each in tasks)


def unit_item_ids(session: Session, ward_id: str, month: Month) -> dict[str, set[str]]:
    """Return the items of each unit's plan of a month, in force or being written."""
    units = [each.unit_id for each in storage.units(session, ward_id)]
    return {
        unit_id: {
            item.item_id for version in (plan.in_force, plan.newest) if version for item in version.items
        }
        for unit_id, plan in storage.unit_plans(session, ward_id, month, units).items()
    }


def link_problems(task: Task, before: Task | None, items: Collection[str]) -> Iterable[Problem]:
    """Return what is wrong with the item of the unit's plan that a task names.

    :param before: the same task in the version in force, whose link stands
    :param items: those of the unit's plan
    """
    named = task.unit_item_id
    if named and named not in items and (before is None or before.unit_item_id != named):
        yield Problem(
            "unit_item_id",
            f"kế hoạch của đơn vị không có việc {named[:64]}",
            f"the unit's plan has no item {named[:64]}",
        )


def counterpart_problems(task: Task, person_id: str, people: Mapping[str, Person]) -> Iterable[Problem]:
    """Return what is wrong with whom a task names: the colleague, or the authority that withdrew it (R-7).

    A task is withdrawn by a leader; for those whom nobody in the ward leads, whoever received the order is
    named.

    :param people: everybody of the ward in the month, by id
    """
    if not task.counterpart_id:
        return
    other = people.get(task.counterpart_id)
    if task.counterpart_id == person_id:
        yield Problem("counterpart_id", "phải là người khác", "it must be somebody else")
    elif other is None or not other.active:
        yield Problem(
            "counterpart_id",
            f"không có người mã {task.counterpart_id} đang công tác",
            f"nobody with the id {task.counterpart_id} holds a post",
        )
    elif task.kind is Kind.WITHDRAWN and other.role is not Role.LEADER and people[person_id].superior_id:
        yield Problem("counterpart_id", "chỉ lãnh đạo được quyết định rút", "only a leader withdraws a task")


def submit_plans(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    person_ids: Collection[str],
    unit_id: str,
    everybody: bool,
    actor: Actor,
    at: datetime,
) -> int:
    """Hand drafts to the direct superiors, all or none; return how many (R-5).

    :raises WhoseMissing: unless exactly one of persons, unit and everybody is given
    :raises SixClears: with each task that lacks something, and what (R-4)
    :raises BadPlan: with each task whose coefficient another catalogue in force meanwhile has otherwise (R-3)
    """
    if [bool(person_ids), bool(unit_id), everybody].count(True) != 1:
        raise WhoseMissing(field="person_ids")
    if everybody and not actor.has("clerk"):
        raise ClerkOnly
    turn(session, ward_id)
    storage.ward(session, ward_id)
    lines = storage.lines(session, ward_id, month)
    if person_ids:
        whose = set(person_ids)
    else:
        drafts = storage.in_state(session, ward_id, month, State.DRAFT)
        drafts -= storage.decided(session, ward_id, month, drafts)
        whose = {each for each in drafts if everybody or (each in lines and lines[each][1] == unit_id)}
    if not actor.has("clerk"):
        led = subordinates(above(lines), actor.person_id) if unit_id else set()
        for each in sorted(whose - {actor.person_id} - led):
            raise NotOwnPlan(person_id=each)
    months = storage.person_months(session, ward_id, month, whose)
    changes: list[tuple[PersonMonth, PersonMonth]] = []
    lacking: list[tuple[str, Problem]] = []
    for person_id in sorted(months):
        before = months[person_id]
        try:
            changes.append((before, before.submit()))
        except SixClears:
            lacking += (
                (f"{person_id}.{task_id}" if task_id else person_id, problem)
                for task_id, problem in before.lacks()
            )
    if lacking:
        raise SixClears(lacking)
    _check_up_to_date(session, ward_id, month, [before for before, _ in changes])
    storage.keep_months(session, changes)
    logged(session, "submit_plan", changes, actor=actor, at=at)
    return sum(before is not after for before, after in changes)


def approve_plans(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    person_ids: Collection[str],
    actor: Actor,
    at: datetime,
) -> int:
    """Put submitted plans in force and announce what is owed now; return how many (R-5).

    :param person_ids: whose; empty for everybody's that waits for the caller. Those approved already stay so
    :raises NotDirectSuperior: if one of those named is not the caller's to approve
    :raises BadPlan: if results contradict a plan, a handover written by hand stands in one plan only (R-7),
        or another catalogue is in force meanwhile (R-3)
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    posts = storage.lines(session, ward_id, month)
    lines = above(posts)
    if person_ids:
        whose = set(person_ids)
        for each in sorted(whose):
            if not approves(lines, each, actor):
                raise NotDirectSuperior(person_id=each)
    else:
        submitted = storage.in_state(session, ward_id, month, State.SUBMITTED)
        submitted -= storage.decided(session, ward_id, month, submitted)
        whose = {each for each in submitted if approves(lines, each, actor)}
    months = storage.person_months(session, ward_id, month, whose)
    changes = []
    for person_id in sorted(months):
        before = months[person_id]
        if before.newest is None or before.newest.state is not State.APPROVED:
            changes.append((before, before.approve(by=actor.person_id, at=at)))
    waiting = [before for before, _ in changes]
    _check_up_to_date(session, ward_id, month, waiting)
    _check_two_sided(session, ward_id, month, waiting)
    storage.keep_months(session, changes)
    outbox.add_all(
        session,
        (
            (messages.plan_approved(after, posts.get(after.person_id, ("", ""))[1]), after.plan_id)
            for _, after in changes
        ),
    )
    led = [pair for pair in changes if lines.get(pair[1].person_id) == actor.person_id]
    rest = [pair for pair in changes if pair not in led]
    logged(session, "approve_plan", led, actor=actor, at=at, authority_id="")
    logged(session, "approve_plan", rest, actor=actor, at=at, authority_id=audit.office("organizer"))
    return len(changes)


def _check_up_to_date(session: Session, ward_id: str, month: Month, months: Collection[PersonMonth]) -> None:
    """Refuse plans that were written under a catalogue which is no longer in force (R-3)."""
    if not months:
        return
    catalogue = storage.entries_by_code(session, ward_id, month)
    found = []
    for each in months:
        standing = {task.task_id: task for task in each.in_force.tasks} if each.in_force else {}
        for place, task in enumerate(each.newest.tasks if each.newest else ()):
            if problem := outdated(task, catalogue, standing.get(task.task_id)):
                found.append((f"{each.person_id}.tasks[{place}]", problem))
    if found:
        raise BadPlan(found)


def _check_two_sided(session: Session, ward_id: str, month: Month, waiting: Collection[PersonMonth]) -> None:
    named = set().union(*(colleagues(each) for each in waiting))
    others = storage.person_months(session, ward_id, month, named) if named else {}
    found = [
        (".".join(filter(None, (each.person_id, place))), problem)
        for each in waiting
        for place, problem in one_sided(each, others)
    ]
    if found:
        raise BadPlan(found)


def return_plan(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    reason: str,
    actor: Actor,
    at: datetime,
) -> PersonMonth:
    """Return a submitted plan with a reason and announce it (R-5).

    :raises NotDirectSuperior: if it is not the caller's to approve
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    lines = command_lines(session, ward_id, month)
    if not approves(lines, person_id, actor):
        raise NotDirectSuperior(person_id=person_id)
    before = storage.person_month(session, ward_id, person_id, month)
    after = before.send_back(by=actor.person_id, reason=reason, at=at)
    storage.keep_months(session, [(before, after)])
    outbox.add(session, messages.plan_returned(after), subject=after.plan_id)
    authority = "" if lines.get(person_id) == actor.person_id else audit.office("organizer")
    logged(session, "return_plan", [(before, after)], actor=actor, at=at, authority_id=authority)
    return after


def get_plan(
    session: Session, *, ward_id: str, person_id: str, month: Month, actor: Actor, at: datetime
) -> PersonMonth:
    """Return a person's plan of a month with what came of it.

    :raises NotYours: if the caller may not see it
    :raises UnknownPlan: if there is none
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    found = storage.person_month(session, ward_id, person_id, month)
    if found.newest is None:
        raise UnknownPlan(person_id=person_id, month=month)
    return found


def list_plans(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    unit_id: str,
    state: State | None,
    actor: Actor,
    at: datetime,
    after: str,
    limit: int,
) -> list[storage.Summary]:
    """Return the plans of a month that the caller may see: staff their own and those of whom they lead."""
    storage.ward(session, ward_id)
    whose: set[str] | None = None
    lines = storage.lines(session, ward_id, month)
    if not sees_everybody(actor):
        whose = seen(session, ward_id, above(lines), actor, at)
    if unit_id:
        of_unit = {each for each, (_, unit) in lines.items() if unit == unit_id}
        whose = of_unit if whose is None else whose & of_unit
    return storage.summaries(session, ward_id, month, person_ids=whose, state=state, after=after, limit=limit)


def list_plan_versions(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    actor: Actor,
    at: datetime,
    after: int,
    limit: int,
) -> list[Version]:
    """Return the versions of a person's plan, the oldest first (R-5).

    :raises NotYours: if the caller may not see them
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    return storage.versions(session, ward_id, person_id, month, after=after, limit=limit)
