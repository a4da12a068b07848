"""Weekly schedules: drawn from the plans in force, put in order by hand (R-5, R-9).

Who leads whom is looked up as of the last month that a week touches.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit
from chassis.audit import Change
from chassis.auth import Actor
from chassis.errors import Forbidden
from planning import storage
from planning.domain.organization import Ward, superiors
from planning.domain.plan import PersonMonth
from planning.domain.week import (
    BadEntries,
    Edit,
    Item,
    Schedule,
    UnknownEdit,
    Week,
    WeekChanged,
    item_problems,
    schedule,
)
from planning.usecases import log
from planning.usecases.rights import above, check_sees, command_lines, seen, sees_everybody, turn


class NotYourWeek(Forbidden):
    """A week is put in order by the person, those above him, or the clerk."""

    vi = "Chỉ {person_id}, cấp trên hoặc văn thư được sửa lịch tuần của {person_id}."
    en = "Only {person_id}, those above and the clerk change the week of {person_id}."


def get_week(
    session: Session, *, ward_id: str, person_id: str, week: Week, revision: int, actor: Actor, at: datetime
) -> Schedule:
    """Return a person's week.

    :param revision: an earlier edit, laid over the plan as it is now; 0 for the newest
    :raises NotYours: if the caller may not see it
    :raises UnknownEdit: if there is no such edit
    """
    ward = storage.ward(session, ward_id)
    months = week.months(ward)
    storage.person(session, ward_id, person_id, months[-1])
    check_sees(session, ward_id=ward_id, person_id=person_id, month=months[-1], actor=actor, at=at)
    if revision:
        after = max(revision, 1) - 1
        found = storage.week_edits(session, ward_id, person_id, week, after=after, limit=1)
        if not found or found[0].revision != revision:
            raise UnknownEdit(week=week, person_id=person_id, revision=revision)
        return _schedule(session, ward, week, person_id, found[0])
    edits = storage.newest_week_edits(session, ward_id, week, [person_id])
    return _schedule(session, ward, week, person_id, edits.get(person_id))


def save_week(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    week: Week,
    items: Sequence[Item],
    expected_revision: int,
    actor: Actor,
    at: datetime,
) -> Schedule:
    """Put a person's week in order; the plan stays as it is, and the edit before is kept (R-5).

    :raises NotYourWeek: if the caller is neither the person, nor above him, nor a clerk
    :raises WeekChanged: if the week is not at the revision the caller saw
    :raises BadEntries: if entries break rules
    """
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    last = week.months(ward)[-1]
    storage.person(session, ward_id, person_id, last)
    if actor.person_id != person_id and not actor.has("clerk"):
        lines = command_lines(session, ward_id, last)
        if actor.person_id not in superiors(lines, person_id):
            raise NotYourWeek(person_id=person_id)
    before = storage.newest_week_edits(session, ward_id, week, [person_id]).get(person_id)
    revision = before.revision if before else 0
    if expected_revision and expected_revision != revision:
        raise WeekChanged(revision=revision)
    kept = tuple(replace(each, days=tuple(sorted(set(each.days)))) for each in items)
    months = {each.month: each for each in _months(session, ward, week, [person_id])[person_id]}
    if found := list(item_problems(kept, week, ward, months)):
        raise BadEntries(found)
    if kept == (before.items if before else ()):
        return schedule(ward_id, person_id, week, list(months.values()), before)
    edit = Edit(revision + 1, kept, actor.person_id, at)
    storage.add_week_edit(session, ward_id, person_id, week, edit)
    change = Change(
        "save_week",
        "week",
        f"{person_id}:{week}",
        _told(before) if before else None,
        _told(edit),
        log.on_behalf(actor, person_id),
    )
    audit.record(session, ward_id, str(last), [change], actor_id=actor.person_id, at=at)
    return schedule(ward_id, person_id, week, list(months.values()), edit)


def list_weeks(
    session: Session,
    *,
    ward_id: str,
    week: Week,
    unit_id: str,
    actor: Actor,
    at: datetime,
    after: str,
    limit: int,
) -> list[Schedule]:
    """Return the weeks of those whose plans the caller may see, by person: his own, and of whom he leads."""
    ward = storage.ward(session, ward_id)
    lines = storage.lines(session, ward_id, week.months(ward)[-1])
    whose = {each for each, (_, unit) in lines.items() if not unit_id or unit == unit_id}
    if not sees_everybody(actor):
        whose &= seen(session, ward_id, above(lines), actor, at)
    shown = sorted(each for each in whose if each > after)[:limit]
    edits = storage.newest_week_edits(session, ward_id, week, shown)
    months = _months(session, ward, week, shown)
    return [schedule(ward_id, each, week, months[each], edits.get(each)) for each in shown]


def list_week_edits(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    week: Week,
    actor: Actor,
    at: datetime,
    after: int,
    limit: int,
) -> list[Edit]:
    """Return the edits of a week, the oldest first.

    :raises NotYours: if the caller may not see them
    """
    ward = storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=week.months(ward)[-1], actor=actor, at=at)
    return storage.week_edits(session, ward_id, person_id, week, after=after, limit=limit)


def _schedule(session: Session, ward: Ward, week: Week, person_id: str, edit: Edit | None) -> Schedule:
    months = _months(session, ward, week, [person_id])[person_id]
    return schedule(ward.ward_id, person_id, week, months, edit)


def _months(
    session: Session, ward: Ward, week: Week, person_ids: Collection[str]
) -> dict[str, list[PersonMonth]]:
    found: dict[str, list[PersonMonth]] = {each: [] for each in person_ids}
    for month in week.months(ward):
        of = storage.person_months(session, ward.ward_id, month, person_ids)
        for person_id, each in of.items():
            found[person_id].append(each)
    return found


def _told(edit: Edit) -> dict[str, object]:
    return {
        "revision": edit.revision,
        "entries": [
            {"month": str(each.month), "task_id": each.task_id, "days": each.days, "note": each.note}
            for each in edit.items
        ],
    }
