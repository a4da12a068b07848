"""What came of the tasks, and what excuses their faults (R-8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.acceptance import Recording
from planning.domain.plan import PersonMonth
from planning.domain.results import Confirmation, Result
from planning.usecases.causes import answer_by_confirmation, answering
from planning.usecases.plans import logged
from planning.usecases.rights import check_records, turn
from planning.wire import messages


def record_results(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    results: Sequence[Result],
    actor: Actor,
    at: datetime,
) -> PersonMonth:
    """Replace what was recorded for the named tasks, and announce the month's work (R-8).

    :raises NotRecorder: if the caller is neither the person, nor above him, nor a clerk
    :raises BadResults: if results break rules
    :raises FaultOfAnother: if the person leaves out or lessens a fault that somebody else found
    :raises ResultOfAnother: if the person raises the accepted quantity that somebody else stated last
    """
    turn(session, ward_id)
    ward = storage.ward(session, ward_id)
    check_records(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor)
    before = storage.person_month(session, ward_id, person_id, month)
    found = [
        replace(each, faults=tuple(replace(fault, recorded_by=actor.person_id) for fault in each.faults))
        for each in results
    ]
    recording = Recording.of(ward, person_id, month, by=actor.person_id, at=at)
    after = before.record(found, recording)
    return _keep(session, "record_results", before, after, actor=actor, at=at)


def confirm_objective_cause(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    fault_id: str,
    excused_reviews: int,
    excused_deadlines: int,
    cause: str,
    actor: Actor,
    at: datetime,
) -> PersonMonth:
    """Keep an authority's word that an objective cause excuses a fault, and announce the month's work (R-8).

    It also answers the claim about that fault, if one is open.

    :raises NotAbove: if the caller is the person himself, or neither above him nor an organizer
    :raises OwnClaim: if the caller handed the claim in
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    authority = answering(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor)
    before = storage.person_month(session, ward_id, person_id, month)
    confirmation = Confirmation(excused_reviews, excused_deadlines, actor.person_id, cause, at)
    after = before.confirm(task_id=task_id, fault_id=fault_id, confirmation=confirmation)
    answer_by_confirmation(
        session,
        ward_id=ward_id,
        person_id=person_id,
        month=month,
        task_id=task_id,
        fault_id=fault_id,
        confirmation=confirmation,
        authority_id=authority,
        actor=actor,
    )
    return _keep(
        session, "confirm_objective_cause", before, after, actor=actor, at=at, authority_id=authority
    )


def _keep(
    session: Session,
    action: str,
    before: PersonMonth,
    after: PersonMonth,
    *,
    actor: Actor,
    at: datetime,
    authority_id: str | None = None,
) -> PersonMonth:
    if after is before:
        return before
    storage.keep_months(session, [(before, after)])
    unit_id = storage.lines(session, after.ward_id, after.month).get(after.person_id, ("", ""))[1]
    outbox.add(session, messages.results_recorded(after, unit_id), subject=after.plan_id)
    logged(session, action, [(before, after)], actor=actor, at=at, authority_id=authority_id)
    return after
