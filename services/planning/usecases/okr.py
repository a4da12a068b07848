"""Objectives and key results, and the readings that measure them (R-6).

Whose an objective is, and who leads whom, is looked up as of its period's last month. The ward's and the
units' objectives are for everybody to see; a person's for those who may see his plan.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit
from chassis.auth import Actor
from chassis.errors import Forbidden
from planning import storage
from planning.domain.okr import (
    MOST_LEVELS,
    BadObjective,
    BadReadings,
    Link,
    LinkedTask,
    Objective,
    ObjectiveChanged,
    ObjectiveDropped,
    Owner,
    Period,
    Reading,
    ReferenceTaken,
    Shown,
    UnknownObjective,
    above_problems,
    after_reading,
    objective_problems,
    progress,
    reading_problems,
)
from planning.domain.organization import Role, UnknownPerson, superiors
from planning.domain.plan import PersonMonth
from planning.domain.problem import Problem
from planning.domain.task import Task
from planning.usecases import log, rights
from planning.usecases.rights import check_sees, command_lines, sees_everybody, turn


class NotYourObjective(Forbidden):
    """An objective is for its owner to write, those above, and the offices."""

    vi = "Bạn không có quyền ghi mục tiêu {objective_id}."
    en = "The objective {objective_id} is not yours to write."


def save_objective(
    session: Session, *, objective: Objective, expected_revision: int, actor: Actor, at: datetime
) -> Shown:
    """Keep an objective with its key results, new or changed (R-6).

    :raises NotYourObjective: if it is not the caller's to write
    :raises ObjectiveChanged: if it is not at the revision the caller saw
    :raises BadObjective: if it breaks rules, forms a circle, or contradicts what was measured
    """
    ward_id = objective.ward_id
    turn(session, ward_id)
    storage.ward(session, ward_id)
    if found := objective_problems(objective):
        raise BadObjective(found)
    before = storage.objectives(session, ward_id, [objective.objective_id]).get(objective.objective_id)
    if before:
        check_writes(session, before, actor)
    _check_owner(session, objective)
    check_writes(session, objective, actor)
    if expected_revision and expected_revision != (before.revision if before else 0):
        raise ObjectiveChanged(revision=before.revision if before else 0)
    after = objective.replaces(before)
    if after is not before:
        over = storage.above(session, after, MOST_LEVELS)
        _check_sees(session, over[:1], actor, at)
        if wrong := [*above_problems(after, over), *_link_problems(session, before, after)]:
            raise BadObjective(wrong)
        storage.keep_objective(session, after)
        logged(session, "save_objective", [(before, after)], actor=actor, at=at)
    return _shown(session, after, actor, at)


def get_objective(session: Session, *, ward_id: str, objective_id: str, actor: Actor, at: datetime) -> Shown:
    """Return an objective with what measures it.

    :raises NotYours: if it is of a person whose plan the caller may not see
    """
    storage.ward(session, ward_id)
    found = storage.objective(session, ward_id, objective_id)
    _check_sees(session, [found], actor, at)
    return _shown(session, found, actor, at)


def list_objectives(
    session: Session,
    *,
    ward_id: str,
    period: Period,
    owner: Owner | None,
    owner_id: str,
    above_id: str,
    actor: Actor,
    at: datetime,
    after: str,
    limit: int,
) -> list[Shown]:
    """Return the objectives of a period that the caller may see, by id, with how far they are."""
    storage.ward(session, ward_id)
    led: set[str] | None = None
    if not sees_everybody(actor):
        led = rights.seen(session, ward_id, command_lines(session, ward_id, period.month), actor, at)
    seen: list[str] = []
    while len(seen) < limit:
        heads = storage.objective_heads(
            session,
            ward_id,
            period,
            owner=owner,
            owner_id=owner_id,
            above_id=above_id,
            after=after,
            limit=limit,
        )
        seen += (
            objective_id
            for objective_id, kind, whose in heads
            if led is None or kind is not Owner.PERSON or whose in led
        )
        if len(heads) < limit:
            break
        after = heads[-1][0]
    top = storage.objectives(session, ward_id, seen[:limit])
    reached = progress(storage.with_aligned(session, ward_id, top.values()))
    return [Shown(top[each], reached[each]) for each in sorted(top)]


def record_readings(
    session: Session, *, ward_id: str, readings: Sequence[Reading], actor: Actor, at: datetime
) -> list[Reading]:
    """Add readings, all or none; return them as they are kept, known ones as they were first recorded (R-6).

    :raises NotYourObjective: if an objective is not the caller's to write
    :raises ReferenceTaken: if a source repeats a reference with another content
    :raises BadReadings: if readings break rules
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    if found := [
        (f"readings[{place}]", problem)
        for place, each in enumerate(readings)
        for problem in reading_problems(each, at)
    ]:
        raise BadReadings(found)
    objectives = storage.objectives(session, ward_id, {each.objective_id for each in readings})
    known = storage.readings_by_reference(
        session, ward_id, {(each.source, each.reference) for each in readings}
    )
    before = dict(objectives)
    for objective in objectives.values():
        check_writes(session, objective, actor)
    added: list[tuple[Reading, int]] = []
    for place, each in enumerate(readings):
        if each.objective_id not in objectives:
            raise UnknownObjective(objective_id=each.objective_id, field=f"readings[{place}].objective_id")
        objective = objectives[each.objective_id]
        measured = objective.key_result(each.key_result_id).measured
        key = (each.source, each.reference)
        if key in known:
            if known[key] != each:
                raise ReferenceTaken(
                    source=each.source, reference=each.reference, field=f"readings[{place}].reference"
                )
            continue
        if objective.dropped:
            raise ObjectiveDropped(objective_id=objective.objective_id)
        kept = replace(each, recorded_by=actor.person_id, recorded_at=at)
        known[key] = kept
        now = after_reading(measured, kept)
        added.append((kept, now.count))
        objectives[each.objective_id] = replace(
            objective,
            key_results=tuple(
                replace(one, measured=now) if one.key_result_id == each.key_result_id else one
                for one in objective.key_results
            ),
        )
    storage.add_readings(session, ward_id, added)
    touched = sorted({each.objective_id for each, _ in added})
    for objective_id in touched:
        storage.keep_key_results(session, objectives[objective_id])
    logged(
        session, "record_readings", [(before[each], objectives[each]) for each in touched], actor=actor, at=at
    )
    return [known[each.source, each.reference] for each in readings]


def list_readings(
    session: Session,
    *,
    ward_id: str,
    objective_id: str,
    key_result_id: str,
    actor: Actor,
    at: datetime,
    after: int,
    limit: int,
) -> list[tuple[int, Reading]]:
    """Return a key result's readings with their places, in the order of recording.

    :raises NotYours: if it is of a person whose plan the caller may not see
    """
    storage.ward(session, ward_id)
    found = storage.objective(session, ward_id, objective_id)
    _check_sees(session, [found], actor, at)
    found.key_result(key_result_id)
    return storage.readings(session, ward_id, objective_id, key_result_id, after=after, limit=limit)


def logged(
    session: Session,
    action: str,
    changes: Sequence[tuple[Objective | None, Objective]],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Append what changed of objectives to the ward's log, one entry each (R-32)."""
    for before, after in changes:
        entries = log.different(
            action, "objective", [(after.objective_id, before, after)], log.by_office(actor)
        )
        month = str(after.period.month)
        audit.record(session, after.ward_id, month, entries, actor_id=actor.person_id, at=at)


def _shown(session: Session, objective: Objective, actor: Actor, at: datetime) -> Shown:
    found = storage.with_aligned(session, objective.ward_id, [objective])
    reached = progress(found)
    people = None
    if not sees_everybody(actor):
        lines = command_lines(session, objective.ward_id, objective.period.month)
        people = rights.seen(session, objective.ward_id, lines, actor, at)
    aligned = tuple(
        (each, reached[objective_id])
        for objective_id, each in sorted(found.items())
        if each.above_id == objective.objective_id
        and (people is None or each.owner is not Owner.PERSON or each.owner_id in people)
    )
    links = {
        link
        for each in objective.key_results
        for link in each.links
        if people is None or link.person_id in people
    }
    tasks = {}
    for link, month in _months(session, objective.ward_id, links).items():
        if task := _task(month, link.task_id):
            result = month.results.get(link.task_id)
            tasks[link] = LinkedTask(task, result.accepted if result else None)
    return Shown(objective, reached[objective.objective_id], aligned, tasks)


def _months(session: Session, ward_id: str, links: set[Link]) -> dict[Link, PersonMonth]:
    found: dict[Link, PersonMonth] = {}
    for month in sorted({each.month for each in links}):
        of = [each for each in sorted(links) if each.month == month]
        months = storage.person_months(session, ward_id, month, {each.person_id for each in of})
        found |= {each: months[each.person_id] for each in of}
    return found


def _task(month: PersonMonth, task_id: str) -> Task | None:
    for version in (month.in_force, month.newest):
        for each in version.tasks if version else ():
            if each.task_id == task_id:
                return each
    return None


def _link_problems(session: Session, before: Objective | None, after: Objective) -> list[tuple[str, Problem]]:
    linked = {link for each in before.key_results for link in each.links} if before else set()
    places = {
        link: f"objective.key_results[{place}].tasks[{number}]"
        for place, each in enumerate(after.key_results)
        for number, link in enumerate(each.links)
        if link not in linked
    }
    return [
        (
            places[link],
            Problem(
                "task_id",
                f"kế hoạch tháng {link.month} của {link.person_id} không có nhiệm vụ {link.task_id}",
                f"the plan of {link.person_id} for {link.month} has no task {link.task_id}",
            ),
        )
        for link, month in _months(session, after.ward_id, set(places)).items()
        if _task(month, link.task_id) is None
    ]


def _check_owner(session: Session, objective: Objective) -> None:
    ward_id, owner_id = objective.ward_id, objective.owner_id
    if objective.owner is Owner.UNIT and storage.unit(session, ward_id, owner_id) is None:
        unknown = Problem("owner_id", f"không có đơn vị {owner_id}", f"there is no unit {owner_id}")
        raise BadObjective([("objective", unknown)])
    if objective.owner is Owner.PERSON and owner_id not in storage.lines(
        session, ward_id, objective.period.month
    ):
        raise UnknownPerson(person_id=owner_id, month=objective.period.month, field="objective.owner_id")


def _check_sees(session: Session, objectives: Sequence[Objective], actor: Actor, at: datetime) -> None:
    for each in objectives:
        if each.owner is Owner.PERSON:
            check_sees(
                session,
                ward_id=each.ward_id,
                person_id=each.owner_id,
                month=each.period.month,
                actor=actor,
                at=at,
            )


def check_writes(session: Session, objective: Objective, actor: Actor) -> None:
    """Refuse who may not write an objective.

    The clerk may any; the ward's the organizer; a unit's its leaders too; a person's he and those above.

    :raises NotYourObjective: to anybody else
    """
    if actor.has("clerk"):
        return
    ward_id, month = objective.ward_id, objective.period.month
    match objective.owner:
        case Owner.WARD:
            may = actor.has("organizer")
        case Owner.UNIT:
            posts = storage.posts(session, ward_id, month)
            leaders = {
                each.person_id
                for each in posts.values()
                if each.unit_id == objective.owner_id and each.role is Role.LEADER and each.active
            }
            lines = command_lines(session, ward_id, month)
            over = {above for each in leaders for above in superiors(lines, each)}
            may = actor.has("organizer") or actor.person_id in leaders | over
        case Owner.PERSON:
            lines = command_lines(session, ward_id, month)
            may = actor.person_id in (objective.owner_id, *superiors(lines, objective.owner_id))
    if not may:
        raise NotYourObjective(objective_id=objective.objective_id)
