"""Objective causes: claimed by the person, answered by another with authority (R-8)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.causes import Claim, ClaimState, NoClaim, claimed, open_claim
from planning.domain.organization import subordinates, superiors
from planning.domain.plan import MonthDecided, PersonMonth, UnknownFault
from planning.domain.results import Confirmation, Fault
from planning.storage.causes import Key
from planning.usecases import log
from planning.usecases.rights import (
    NotAbove,
    check_sees,
    check_writes,
    command_lines,
    seen,
    sees_everybody,
    turn,
)
from planning.wire.evidence import cause_answered, cause_requested


def request_objective_cause(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    fault_id: str,
    reviews: int,
    deadlines: int,
    cause: str,
    evidence_ids: tuple[str, ...],
    actor: Actor,
    at: datetime,
) -> Claim:
    """Keep and announce a claim that an objective cause excuses a fault; the same open claim changes nothing.

    :raises NotOwnPlan: if the caller is neither the person nor a clerk
    :raises UnknownFault: if no such fault is recorded
    :raises MonthDecided: once the month is decided
    :raises BadClaim: if it excuses nothing or too much, names no cause, or cites evidence that is not there
    :raises ClaimWaiting: while another claim about the fault is open
    :raises ExcusedAlready: if an authority's confirmation stands
    """
    check_writes(person_id=person_id, actor=actor)
    turn(session, ward_id)
    storage.ward(session, ward_id)
    of = storage.person_month(session, ward_id, person_id, month)
    fault = _fault(of, task_id, fault_id)
    _check_open(of)
    given = Claim(
        person_id=person_id,
        month=month,
        task_id=task_id,
        fault_id=fault_id,
        number=0,
        reviews=reviews,
        deadlines=deadlines,
        cause=cause,
        evidence_ids=evidence_ids,
        requested_by=actor.person_id,
        requested_at=at,
    )
    evidence = storage.evidence_of(session, ward_id, person_id, month, task_id=task_id)
    earlier = storage.claims_about(session, ward_id, person_id, month, task_id, fault_id)
    kept = claimed(given, fault, earlier, {each.evidence_id for each in evidence if each.stands})
    if kept not in earlier:
        storage.keep_claim(session, ward_id, kept)
        superior_id = command_lines(session, ward_id, month).get(person_id, "")
        outbox.add(session, cause_requested(ward_id, kept, superior_id), subject=kept.plan_id)
        authority = log.on_behalf(actor, person_id)
        _logged(session, ward_id, "request_objective_cause", None, kept, authority, actor=actor, at=at)
    return kept


def refuse_objective_cause(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    fault_id: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Claim:
    """Answer the open claim about a fault with no, and with the reason, and announce the answer.

    :raises NotAbove: if the caller is the person himself, or neither above him nor an organizer
    :raises NoClaim: if nothing waits for an answer
    :raises OwnClaim: if the caller handed it in
    :raises MonthDecided: once the month is decided
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    authority = answering(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor)
    before = open_claim(storage.claims_about(session, ward_id, person_id, month, task_id, fault_id))
    if before is None:
        raise NoClaim(task_id=task_id, fault_id=fault_id)
    _check_open(storage.person_month(session, ward_id, person_id, month))
    after = before.refuse(by=actor.person_id, reason=reason, at=at)
    storage.keep_claim(session, ward_id, after)
    outbox.add(session, cause_answered(ward_id, after), subject=after.plan_id)
    _logged(session, ward_id, "refuse_objective_cause", before, after, authority, actor=actor, at=at)
    return after


def answer_by_confirmation(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    fault_id: str,
    confirmation: Confirmation,
    authority_id: str,
    actor: Actor,
) -> None:
    """Answer the open claim about a fault, if there is one, as an authority confirmed it, and announce that.

    :raises OwnClaim: if the confirmation comes from whoever handed the claim in
    """
    before = open_claim(storage.claims_about(session, ward_id, person_id, month, task_id, fault_id))
    if before is not None:
        _confirmed(
            session, ward_id, before, confirmation, authority_id, actor=actor, at=confirmation.confirmed_at
        )


def answer_by_workbook(
    session: Session, changes: Sequence[tuple[PersonMonth, PersonMonth]], *, actor: Actor, at: datetime
) -> None:
    """Answer open claims with the confirmations that a workbook brings.

    They come from signed paper, or are an organizer's own. A claim that the authority itself handed in stays
    open: another answers it.

    :param changes: people's months of one month, before and after
    """
    of = {after.person_id: (before, after) for before, after in changes}
    for ward_id, month in {(after.ward_id, after.month) for _, after in changes}:
        claims = storage.claims(session, ward_id, month, person_ids=set(of), state=ClaimState.REQUESTED)
        lines = command_lines(session, ward_id, month) if claims else {}
        for claim in claims:
            earlier, now = (_confirmation(each, claim) for each in of[claim.person_id])
            if now and now != earlier and now.confirmed_by != claim.requested_by:
                led = now.confirmed_by in superiors(lines, claim.person_id)
                authority = now.confirmed_by if led else audit.office("organizer")
                _confirmed(session, ward_id, claim, now, authority, actor=actor, at=at)


def answering(session: Session, *, ward_id: str, person_id: str, month: Month, actor: Actor) -> str:
    """Return on whose authority the caller answers claims of a person: empty for his own, or an office's.

    :raises NotAbove: if the caller is the person himself, or neither above him nor an organizer
    """
    above = superiors(command_lines(session, ward_id, month), person_id)
    if actor.person_id != person_id:
        if actor.person_id in above:
            return ""
        if actor.has("organizer"):
            return audit.office("organizer")
    raise NotAbove(person_id=person_id)


def list_objective_causes(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    person_id: str,
    state: ClaimState | None,
    waiting: bool,
    actor: Actor,
    at: datetime,
    after: Key | None,
    limit: int,
) -> list[Claim]:
    """Return claims of those whose plans the caller may see, by person, task, fault and number.

    :param person_id: only this person's; empty for everybody's
    :param waiting: True for only those that wait for an answer that the caller may give
    :raises NotYours: if the caller may not see the plan of the person who is named
    """
    storage.ward(session, ward_id)
    if person_id:
        check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    lines = command_lines(session, ward_id, month)
    led = subordinates(lines, actor.person_id)
    whose: set[str] | None = None
    if not sees_everybody(actor):
        whose = seen(session, ward_id, lines, actor, at)
    if waiting:
        whose = (set(lines) if actor.has("organizer") else led) - {actor.person_id}
        whose -= storage.decided(session, ward_id, month, whose)
        state = ClaimState.REQUESTED
    if person_id:
        whose = {person_id} if whose is None else whose & {person_id}
    return storage.claims(
        session,
        ward_id,
        month,
        person_ids=whose,
        state=state,
        not_by=actor.person_id if waiting else "",
        after=after,
        limit=limit,
    )


def _fault(of: PersonMonth, task_id: str, fault_id: str) -> Fault:
    result = of.results.get(task_id)
    for each in result.faults if result else ():
        if each.fault_id == fault_id:
            return each
    raise UnknownFault(task_id=task_id, fault_id=fault_id)


def _confirmation(of: PersonMonth, claim: Claim) -> Confirmation | None:
    result = of.results.get(claim.task_id)
    faults = result.faults if result else ()
    return next((each.confirmation for each in faults if each.fault_id == claim.fault_id), None)


def _confirmed(
    session: Session,
    ward_id: str,
    before: Claim,
    confirmation: Confirmation,
    authority_id: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    after = before.confirm(
        by=confirmation.confirmed_by,
        reason=confirmation.cause,
        reviews=confirmation.excused_reviews,
        deadlines=confirmation.excused_deadlines,
        at=confirmation.confirmed_at,
    )
    storage.keep_claim(session, ward_id, after)
    outbox.add(session, cause_answered(ward_id, after), subject=after.plan_id)
    _logged(session, ward_id, "confirm_objective_cause", before, after, authority_id, actor=actor, at=at)


def _check_open(of: PersonMonth) -> None:
    if of.decided:
        raise MonthDecided(person_id=of.person_id, month=of.month)


def _logged(
    session: Session,
    ward_id: str,
    action: str,
    before: Claim | None,
    after: Claim,
    authority_id: str,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    changes = log.different(action, "objective_cause", [(after.person_id, before, after)], authority_id)
    if before:
        named = {"task_id": after.task_id, "fault_id": after.fault_id, "number": after.number}
        changes = [
            replace(each, after=named | each.after) for each in changes if isinstance(each.after, dict)
        ]
    audit.record(session, ward_id, str(after.month), changes, actor_id=actor.person_id, at=at)
