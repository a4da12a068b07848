"""Required and worked half-days (R-10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.organization import UnknownPerson
from planning.domain.plan import MonthDecided
from planning.domain.problem import BadContent, Problem
from planning.domain.working_time import WorkingTime, problems
from planning.usecases import log
from planning.usecases.rights import turn
from planning.wire import messages


class BadWorkingTime(BadContent):
    """Working time breaks rules."""

    vi = "Ngày công chưa hợp lệ: {problems_vi}"
    en = "The working time breaks rules: {problems_en}"


def record_working_time(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    entries: Sequence[WorkingTime],
    actor: Actor,
    at: datetime,
) -> int:
    """Keep people's working time and announce what changed; return how many were given (R-10).

    :raises BadWorkingTime: if a figure is out of range or a person is there twice
    :raises UnknownPerson: if somebody holds no post in the month
    :raises MonthDecided: if somebody's month is decided and the figures differ
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    found: list[tuple[str, Problem]] = []
    known = storage.lines(session, ward_id, month)
    seen: set[str] = set()
    for place, each in enumerate(entries):
        found += ((f"entries[{place}]", problem) for problem in problems(each))
        if each.person_id in seen:
            found.append((f"entries[{place}]", Problem("person_id", "lặp lại", "it is there twice")))
        seen.add(each.person_id)
        if each.person_id not in known:
            raise UnknownPerson(person_id=each.person_id, month=month, field=f"entries[{place}].person_id")
    if found:
        raise BadWorkingTime(found)
    changed = changes(session, ward_id, month, entries)
    if closed := storage.decided(session, ward_id, month, [each.person_id for each in changed]):
        raise MonthDecided(person_id=min(closed), month=month)
    keep(session, ward_id, month, changed, actor=actor, at=at)
    return len(entries)


def changes(
    session: Session, ward_id: str, month: Month, entries: Sequence[WorkingTime]
) -> list[WorkingTime]:
    """Return those entries that say something new, with their next revision."""
    before = storage.working_times(session, ward_id, month, {each.person_id for each in entries})
    found = []
    for each in entries:
        kept = before.get(each.person_id)
        revision = kept.revision if kept else 0
        if kept != replace(each, revision=revision):
            found.append(replace(each, revision=revision + 1))
    return found


def keep(
    session: Session,
    ward_id: str,
    month: Month,
    changed: Sequence[WorkingTime],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep changed working time, announce it, and say so in the log."""
    before = storage.working_times(session, ward_id, month, {each.person_id for each in changed})
    storage.keep_working_time(session, ward_id, month, changed)
    outbox.add_all(
        session,
        ((messages.working_time_recorded(ward_id, month, each), each.person_id) for each in changed),
    )
    changes = log.different(
        "record_working_time",
        "working_time",
        ((each.person_id, before.get(each.person_id), each) for each in changed),
        log.by_office(actor),
    )
    audit.record(session, ward_id, str(month), changes, actor_id=actor.person_id, at=at)
