"""Results that other systems deliver, so that nobody types them again (R-8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.acceptance import Recording
from planning.domain.deliveries import BadDeliveries, Delivery, delivery_problems, with_, without
from planning.domain.organization import Ward
from planning.domain.plan import PersonMonth, UnknownTask
from planning.domain.results import Result, problems
from planning.usecases.plans import logged
from planning.usecases.rights import check_sees, turn
from planning.wire import messages

_Place = tuple[str, Month, str]
"""A task: whose, in what month, its id."""


def deliver_results(
    session: Session, *, ward_id: str, deliveries: Sequence[Delivery], actor: Actor, at: datetime
) -> list[Delivery]:
    """Take deliveries, all or none, and announce the months that changed; return what stands for each (R-8).

    What a person or a clerk recorded stays: a delivery adds to it, and a correction only changes what the
    delivery itself had added.

    :raises BadDeliveries: if deliveries break rules, or the results that come of them do
    :raises DeliveryTaken: if a reference is repeated at the same sequence with another content
    :raises UnknownTask: if a plan in force has no such task
    :raises ResultOfAnother: if the caller raises his own over what somebody else stated last
    :raises MonthDecided: if a person's month is decided already
    """
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    if found := [
        (f"deliveries[{place}]", problem)
        for place, each in enumerate(deliveries)
        for problem in delivery_problems(each)
    ]:
        raise BadDeliveries(found)
    standing = storage.deliveries_by_reference(
        session, ward_id, {(each.system, each.reference) for each in deliveries}
    )
    taken: dict[tuple[str, str], Delivery] = {}
    changes: list[tuple[int, Delivery | None, Delivery]] = []
    for place, each in enumerate(deliveries):
        key = (each.system, each.reference)
        if each.replaces(standing.get(key), f"deliveries[{place}]"):
            changes.append((place, standing.get(key), each))
            standing[key] = taken[key] = replace(each, delivered_by=actor.person_id, delivered_at=at)
    months = _apply(session, ward, changes, actor, at)
    storage.keep_deliveries(session, ward_id, taken.values())
    for when in sorted({after.month for _, after in months}):
        pairs = [pair for pair in months if pair[1].month == when]
        logged(session, "deliver_results", pairs, actor=actor, at=at, authority_id="")
    return [standing[each.system, each.reference] for each in deliveries]


def list_deliveries(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    actor: Actor,
    at: datetime,
    after: tuple[str, str],
    limit: int,
) -> list[Delivery]:
    """Return what other systems delivered for a person's month, by system and reference.

    :raises NotYours: if the caller may not see the plan
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    return storage.deliveries(session, ward_id, person_id, month, task_id=task_id, after=after, limit=limit)


def _apply(
    session: Session,
    ward: Ward,
    changes: Sequence[tuple[int, Delivery | None, Delivery]],
    actor: Actor,
    when_told: datetime,
) -> list[tuple[PersonMonth, PersonMonth]]:
    ward_id = ward.ward_id
    touched = {_place(each) for _, before, now in changes for each in (before, now) if each}
    months: dict[tuple[str, Month], PersonMonth] = {}
    for month in sorted({when for _, when, _ in touched}):
        whose = {person_id for person_id, when, _ in touched if when == month}
        for person_id, found in storage.person_months(session, ward_id, month, whose).items():
            months[person_id, month] = found
    results: dict[_Place, Result] = {}
    said_by: dict[_Place, int] = {}
    undated = [
        (f"deliveries[{number}]", problem)
        for number, before, now in changes
        for problem in _recording(ward, now, actor, when_told).problems(
            Result(now.task_id, now.quantity, accepted_on=now.accepted_on),
            Result(now.task_id, _brought(before, now)),
        )
    ]
    for number, before, now in changes:
        for at in (_place(each) for each in (before, now) if each):
            known = months[at[0], at[1]].results.get(at[2])
            results.setdefault(at, known or Result(at[2], Decimal(0)))
            said_by[at] = number
        stays = before if before and _place(before) == _place(now) else None
        if before and not stays:
            left = results[_place(before)]
            leaving = _recording(ward, before, actor, when_told)
            results[_place(before)] = leaving.delivered(without(left, before), left, None, rises=False)
        recording = _recording(ward, now, actor, when_told)
        stood = results[_place(now)]
        results[_place(now)] = recording.delivered(
            with_(without(stood, stays) if stays else stood, now),
            stood,
            now.accepted_on,
            rises=now.quantity > _brought(before, now),
        )
    _check(ward, months, results, said_by, actor, when_told)
    if undated:
        raise BadDeliveries(undated)
    return _keep(session, ward_id, months, results)


def _brought(before: Delivery | None, now: Delivery) -> Decimal:
    """Return what the delivery that another replaces had brought to the same task."""
    return before.quantity if before and _place(before) == _place(now) else Decimal(0)


def _recording(ward: Ward, of: Delivery, actor: Actor, at: datetime) -> Recording:
    return Recording.of(ward, of.person_id, of.month, by=actor.person_id, at=at)


def _check(
    ward: Ward,
    months: dict[tuple[str, Month], PersonMonth],
    results: dict[_Place, Result],
    said_by: dict[_Place, int],
    actor: Actor,
    when_told: datetime,
) -> None:
    bad = []
    for at, number in sorted(said_by.items(), key=lambda each: each[1]):
        month = months[at[0], at[1]]
        month.latest()
        task = next((each for each in month.owed().tasks if each.task_id == at[2]), None)
        if task is None:
            raise UnknownTask(person_id=at[0], task_id=at[2], field=f"deliveries[{number}].task_id")
        for problem in problems(results[at], task):
            part = "quantity" if problem.part == "accepted" else problem.part
            bad.append((f"deliveries[{number}]", replace(problem, part=part)))
        recording = Recording.of(ward, at[0], at[1], by=actor.person_id, at=when_told)
        place = f"deliveries[{number}].quantity"
        if refusal := recording.overstated(results[at], month.results.get(at[2]), place):
            raise refusal
    if bad:
        raise BadDeliveries(bad)


def _keep(
    session: Session,
    ward_id: str,
    months: dict[tuple[str, Month], PersonMonth],
    results: dict[_Place, Result],
) -> list[tuple[PersonMonth, PersonMonth]]:
    changed: list[tuple[PersonMonth, PersonMonth]] = []
    for (person_id, when), before in sorted(months.items()):
        of = [result for at, result in sorted(results.items()) if at[:2] == (person_id, when)]
        after = before.record(of)
        if after is not before:
            changed.append((before, after))
    for when in sorted({after.month for _, after in changed}):
        lines = storage.lines(session, ward_id, when)
        pairs = [pair for pair in changed if pair[1].month == when]
        storage.keep_months(session, pairs)
        outbox.add_all(
            session,
            (
                (messages.results_recorded(after, lines.get(after.person_id, ("", ""))[1]), after.plan_id)
                for _, after in pairs
            ),
        )
    return changed


def _place(of: Delivery) -> _Place:
    return of.person_id, of.month, of.task_id
