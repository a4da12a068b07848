"""Changes of plans in force: ad-hoc work, work handed to a colleague, differences of versions (R-5, R-7)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month
from chassis.errors import Forbidden, Invalid
from planning import storage
from planning.domain.changes import Change, changes, version_numbers
from planning.domain.handover import HandedOver, hand_over
from planning.domain.organization import UnknownPerson, superiors
from planning.domain.plan import BadPlan, PersonMonth, State, UnknownPlan
from planning.domain.task import Kind, Task
from planning.usecases.plans import checked, linked, logged, unit_item_ids
from planning.usecases.rights import NotOwnPlan, above, approves, check_sees, turn
from planning.wire import messages


class NotAdHoc(Invalid):
    """What comes up is extra work."""

    vi = "Việc đột xuất phải có loại extra (đột xuất)."
    en = "Ad-hoc work is of the kind extra."


class DeadlineMissing(Invalid):
    """The month of ad-hoc work is told by its deadline."""

    vi = "Cần thời hạn của việc đột xuất, hoặc tháng."
    en = "Give the deadline of the ad-hoc work, or its month."


class NotAboveBoth(Forbidden):
    """Work is moved between two people by somebody above both; by the organizer where nobody is."""

    vi = "Chuyển giao giữa {person_id} và {receiver_id} phải do cấp trên của cả hai quyết định."
    en = "A task of {person_id} is handed over to {receiver_id} by somebody who is above both."


def add_ad_hoc_task(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month | None,
    task: Task,
    actor: Actor,
    at: datetime,
) -> tuple[PersonMonth, str]:
    """Add work that came up; return the month with the task's id (R-5, R-7).

    The direct superior's word puts it in force at once. Anybody else's begins an amendment, submitted at once
    unless a draft is under way: then it is added to that.

    :param month: None for the one that the deadline belongs to (R-9)
    :param task: of the kind extra; without an id it gets one
    :raises NotOwnPlan: if the caller is neither the direct superior, nor the person, nor a clerk
    """
    if task.kind is not Kind.EXTRA:
        raise NotAdHoc(field="task.kind")
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    if month is None:
        if task.due_on is None:
            raise DeadlineMissing(field="task.due_on")
        month = ward.month_of(task.due_on)
    storage.person(session, ward_id, person_id, month)
    posts = storage.lines(session, ward_id, month)
    lines = above(posts)
    commands = approves(lines, person_id, actor)
    if not commands and actor.person_id != person_id and not actor.has("clerk"):
        raise NotOwnPlan(person_id=person_id)
    before = storage.person_month(session, ward_id, person_id, month)
    given = replace(task, task_id=task.task_id or _numbered(before))
    [kept], found = checked(
        before,
        [given],
        ward=ward,
        catalogue=storage.entries_by_code(session, ward_id, month),
        people=storage.posts(session, ward_id, month),
        unit_items=unit_item_ids(session, ward_id, month) if linked([given]) else {},
    )
    if found:
        raise BadPlan([(place.replace("tasks[0]", "task"), problem) for place, problem in found])
    if commands and before.in_force:
        after = before.amended(lambda tasks: (*tasks, kept), by=actor.person_id, at=at)
    else:
        standing = before.newest.tasks if before.newest else ()
        after = before.save([*standing, kept])
        if before.newest and before.newest.state is State.APPROVED:
            after = after.submit()
    storage.keep_months(session, [(before, after)])
    if after.in_force is not before.in_force:
        outbox.add(session, messages.plan_approved(after, posts[person_id][1]), subject=after.plan_id)
    authority = None
    if commands:
        authority = "" if lines.get(person_id) == actor.person_id else audit.office("organizer")
    logged(session, "add_ad_hoc_task", [(before, after)], actor=actor, at=at, authority_id=authority)
    return after, kept.task_id


def _numbered(month: PersonMonth) -> str:
    versions = [each for each in (month.in_force, month.newest) if each]
    taken = {task.task_id for each in versions for task in each.tasks} | set(month.results)
    return next(each for number in range(1, len(taken) + 2) if (each := f"DX{number}") not in taken)


def hand_over_task(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    person_id: str,
    task_id: str,
    receiver_id: str,
    quantity: Decimal | None,
    reason: str,
    actor: Actor,
    at: datetime,
) -> HandedOver:
    """Move a task from one plan in force to a colleague's, both at once, and announce both (R-7).

    The giver may have left: his work goes over on the word of those who were above him.

    :raises NotAboveBoth: unless the caller is above both; an organizer, where nobody in the ward is
    :raises MonthDecided: once the month of either is decided
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    posts = storage.lines(session, ward_id, month, leaver=person_id)
    authority = _check_above_both(above(posts), person_id, receiver_id, actor)
    for each in (person_id, receiver_id):
        if each not in posts:
            raise UnknownPerson(person_id=each, month=month)
    months = storage.person_months(session, ward_id, month, {person_id, receiver_id})
    done = hand_over(
        months[person_id],
        months[receiver_id],
        task_id=task_id,
        quantity=quantity,
        reason=reason,
        same_unit=posts[person_id][1] == posts[receiver_id][1],
        by=actor.person_id,
        at=at,
    )
    pairs = [(months[person_id], done.giver), (months[receiver_id], done.receiver)]
    storage.keep_months(session, pairs)
    outbox.add_all(
        session,
        ((messages.plan_approved(after, posts[after.person_id][1]), after.plan_id) for _, after in pairs),
    )
    logged(session, "hand_over_task", pairs, actor=actor, at=at, authority_id=authority)
    return done


def _check_above_both(lines: Mapping[str, str], person_id: str, receiver_id: str, actor: Actor) -> str:
    """Return on whose authority the caller moves work between two people: his own, or his office's."""
    both = set(superiors(lines, person_id)) & set(superiors(lines, receiver_id))
    both -= {person_id, receiver_id}
    if actor.person_id in both:
        return ""
    if not both and actor.has("organizer") and actor.person_id not in (person_id, receiver_id):
        return audit.office("organizer")
    raise NotAboveBoth(person_id=person_id, receiver_id=receiver_id)


def diff_plan_versions(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    from_version: int,
    to_version: int,
    actor: Actor,
    at: datetime,
) -> tuple[int, int, list[Change]]:
    """Return two versions' numbers and what differs between them (R-5).

    :param from_version: 0 for the one before the later one
    :param to_version: 0 for the newest
    :raises NotYours: if the caller may not see them
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    newest = storage.person_month(session, ward_id, person_id, month).newest
    if newest is None:
        raise UnknownPlan(person_id=person_id, month=month)
    numbers = version_numbers(from_version, to_version, newest.number)
    tasks: list[dict[str, Task]] = []
    for number in numbers:
        found = storage.versions(session, ward_id, person_id, month, after=number - 1, limit=1)
        tasks.append({each.task_id: each for each in found[0].tasks} if number else {})
    return *numbers, changes(tasks[0], tasks[1])
