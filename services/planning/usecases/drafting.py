"""Drafts that need no writing: last month's plan again, and the same tasks for many people (R-5)."""

import calendar
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import Month
from chassis.errors import Blocked, Invalid
from planning import storage
from planning.domain.organization import UnknownPerson, subordinates
from planning.domain.plan import BadPlan, PersonMonth, UnknownPlan
from planning.domain.problem import Problem
from planning.domain.task import Kind, Task
from planning.domain.window import Window
from planning.usecases.plans import checked, linked, logged, unit_item_ids
from planning.usecases.rights import NotOwnPlan, check_writes, command_lines, turn


class NotEarlier(Invalid):
    """A plan is copied from an earlier month."""

    vi = "Tháng nguồn {from_month} phải trước tháng {month}."
    en = "The month to copy, {from_month}, must be before {month}."


class PlanThere(Blocked):
    """A copy does not overwrite what was planned."""

    vi = "{person_id} đã có kế hoạch tháng {month}: hãy sửa kế hoạch đó."
    en = "{person_id} has a plan for {month} already: change that one."


class NobodyNamed(Invalid):
    """A template is applied to people, and has tasks."""

    vi = "Hãy nêu ít nhất một người và một nhiệm vụ."
    en = "Name at least one person and one task."


def copy_plan(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    from_month: Month,
    actor: Actor,
    at: datetime,
) -> tuple[PersonMonth, list[str]]:
    """Draft a month's plan from an earlier one's planned tasks; return it with the ids that were left out.

    Work that came up, was handed on or withdrawn belongs to its month and is not copied, nor are links to the
    unit's plan. Tasks whose codes
    stand no more in the catalogue in force are left out.

    :raises NotOwnPlan: if the caller is neither the person nor a clerk
    :raises UnknownPlan: if there is nothing to copy
    :raises PlanThere: if the month has another plan already
    """
    check_writes(person_id=person_id, actor=actor)
    if not from_month < month:
        raise NotEarlier(from_month=from_month, month=month, field="from_month")
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    storage.person(session, ward_id, person_id, month)
    source = storage.person_month(session, ward_id, person_id, from_month)
    copied = source.in_force or source.newest
    if copied is None:
        raise UnknownPlan(person_id=person_id, month=from_month)
    catalogue = storage.entries_by_code(session, ward_id, month)
    planned = [each for each in copied.tasks if each.kind is Kind.PLANNED]
    tasks = [
        replace(
            each,
            due_on=each.due_on and shifted(each.due_on, from_month, month, ward.window(month)),
            coefficient=None if each.catalogue_code else each.coefficient,
            unit_item_id="",
        )
        for each in planned
        if not each.catalogue_code or each.catalogue_code in catalogue
    ]
    before = storage.person_month(session, ward_id, person_id, month)
    kept, found = checked(
        before,
        tasks,
        ward=ward,
        catalogue=catalogue,
        people=storage.posts(session, ward_id, month),
        unit_items={},
    )
    if found:
        raise BadPlan(found)
    if before.newest and before.newest.tasks and list(before.newest.tasks) != kept:
        raise PlanThere(person_id=person_id, month=month)
    after = before.save(kept)
    storage.keep_months(session, [(before, after)])
    logged(session, "copy_plan", [(before, after)], actor=actor, at=at)
    known = {each.task_id for each in kept}
    return after, [each.task_id for each in planned if each.task_id not in known]


def shifted(due_on: date, from_month: Month, month: Month, window: Window) -> date:
    """Return a deadline as many months on as the months lie apart, within the new month's window."""
    apart = (month.year - from_month.year) * 12 + month.month - from_month.month
    there = Month(due_on.year, due_on.month).plus(apart)
    day = there.day(min(due_on.day, calendar.monthrange(there.year, there.month)[1]))
    return min(max(day, window.first_on), window.last_on)


def apply_template(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    person_ids: Collection[str],
    tasks: Sequence[Task],
    actor: Actor,
    at: datetime,
) -> int:
    """Add the same tasks to people's plans as drafts, all or none; return how many plans changed (R-5).

    :raises NotOwnPlan: if the caller is neither a clerk nor above one of the people
    :raises BadPlan: with each person and task that breaks rules, or stands otherwise in the plan already
    """
    if not person_ids or not tasks:
        raise NobodyNamed(field="tasks" if person_ids else "person_ids")
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    lines = command_lines(session, ward_id, month)
    whose = sorted(set(person_ids))
    led = set(whose) if actor.has("clerk") else subordinates(lines, actor.person_id)
    for each in whose:
        if each not in led:
            raise NotOwnPlan(person_id=each)
        if each not in lines:
            raise UnknownPerson(person_id=each, month=month, field="person_ids")
    people = storage.posts(session, ward_id, month)
    catalogue = storage.entries_by_code(session, ward_id, month)
    unit_items = unit_item_ids(session, ward_id, month) if linked(tasks) else {}
    months = storage.person_months(session, ward_id, month, whose)
    changes: list[tuple[PersonMonth, PersonMonth]] = []
    bad: list[tuple[str, Problem]] = []
    for person_id in whose:
        before = months[person_id]
        kept, found = checked(
            before, tasks, ward=ward, catalogue=catalogue, people=people, unit_items=unit_items
        )
        standing = {each.task_id: each for each in before.newest.tasks} if before.newest else {}
        found += (
            (f"tasks[{place}]", _other(task.task_id))
            for place, task in enumerate(kept)
            if task.task_id in standing and standing[task.task_id] != task
        )
        if found:
            bad += ((f"{person_id}.{place}", problem) for place, problem in found)
            continue
        added = [each for each in kept if each.task_id not in standing]
        if added:
            changes.append((before, before.save([*standing.values(), *added])))
    if bad:
        raise BadPlan(bad)
    storage.keep_months(session, changes)
    logged(session, "apply_template", changes, actor=actor, at=at)
    return len(changes)


def _other(task_id: str) -> Problem:
    return Problem(
        "task_id",
        f"kế hoạch đã có nhiệm vụ {task_id} với nội dung khác",
        f"the plan has a task {task_id} that says something else",
    )
