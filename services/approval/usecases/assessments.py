"""The steps before the decision: self-assessment, remarks, the authority's values, "not evaluated".

R-14, R-18, R-26.

Every change of what scoring needs is announced whole, with a revision that grows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain import access, decision
from approval.domain.access import Viewer
from approval.domain.case import Case
from approval.domain.criteria import Value, check_text
from approval.domain.deadlines import Step
from approval.domain.evaluation import (
    AlreadyDecided,
    Entry,
    Evaluation,
    GivenRemarks,
    GivenSelfAssessment,
    HasScore,
    NotReturnable,
    Return,
    ReturnWithoutReason,
)
from approval.storage import appeals, evaluations
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor
from chassis.errors import Blocked, Invalid

MOST = 2_000
"""People in one request."""


class TooMany(Invalid):
    """A request has a size that one transaction can bear."""

    vi = "Yêu cầu có {count} mục, nhiều nhất {most}: hãy chia nhỏ."
    en = "The request has {count} entries, at most {most}: split it."


class NothingGiven(Invalid):
    """A request to submit holds something."""

    vi = "Yêu cầu không có nội dung nào."
    en = "The request holds nothing to submit."


class LeaderDecided(Blocked):
    """A leader is decided after the people in his charge (R-27)."""

    vi = "{leader} đã được quyết định khi {person} không thuộc diện đánh giá; không thay đổi được nữa."
    en = "{leader} was decided while {person} was not evaluated: that stands."


@dataclass(frozen=True, slots=True)
class Submitted:
    """How many steps were taken, and how many of them late."""

    count: int
    late: int


def submit_self_assessments(
    session: Session,
    *,
    ward_id: str,
    month: str,
    given: Sequence[GivenSelfAssessment],
    actor: Actor,
    at: datetime,
) -> Submitted:
    """Take self-assessments: one's own, or the clerk's from signed paper; all or none (R-18).

    :raises Refusal: at the first that cannot be taken
    """
    of = take(session, ward_id, month, about=_people(given))
    who = viewer(session, ward_id, actor, at)
    found = held(session, of, [of.roster.person(each.person_id).id for each in given])
    late = of.deadlines[Step.SELF_ASSESSMENT].late(at)
    entry = Entry(actor.person_id, at, late)
    changed = [assess(found[each.person_id], each, of, who, entry) for each in given]
    changes = [
        log.evaluated("self_assess", found[each.person_id].evaluation, each, each.person_id)
        for each in changed
    ]
    announce(session, of, changed, changes, entry)
    return Submitted(len(changed), len(changed) if late else 0)


def submit_remarks(
    session: Session,
    *,
    ward_id: str,
    month: str,
    given: Sequence[GivenRemarks],
    actor: Actor,
    at: datetime,
) -> Submitted:
    """Take superiors' remarks, all or none (R-17, R-18, R-20).

    :raises Refusal: at the first that cannot be taken
    """
    of = take(session, ward_id, month, about=_people(given))
    who = viewer(session, ward_id, actor, at)
    found = held(session, of, [of.roster.person(each.person_id).id for each in given])
    late = of.deadlines[Step.REMARKS].late(at)
    entry = Entry(actor.person_id, at, late)
    changed = [remark(found[each.person_id], each, of, who, entry) for each in given]
    changes = [
        log.evaluated(
            "remark",
            found[each.person_id].evaluation,
            each,
            found[each.person_id].reviewer_id,
        )
        for each in changed
    ]
    announce(session, of, changed, changes, entry, remarked=changed)
    return Submitted(len(changed), len(changed) if late else 0)


def set_decision_values(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    values: Sequence[Value],
    actor: Actor,
    at: datetime,
) -> None:
    """Set the deciding authority's values of the general criteria, before the decision (R-18).

    :raises Forbidden: unless the caller is competent (R-2)
    :raises Blocked: before the remarks, or after the decision
    """
    of = take(session, ward_id, month, about=[person_id])
    of.roster.person(person_id)
    who = viewer(session, ward_id, actor, at)
    case = held(session, of, [person_id])[person_id]
    decision.check_competent(case, actor_id=who.person_id, acting_for=who.acting_for)
    _check_open(case, "")
    entry = Entry(actor.person_id, at)
    changed = case.evaluation.value(values, of.policy.criteria_of(case).criteria, entry)
    change = log.evaluated("set_decision_values", case.evaluation, changed, case.competence.decider_id)
    announce(session, of, [changed], [change], entry)


def set_not_evaluated(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    reason: str,
    clear: bool,
    actor: Actor,
    at: datetime,
) -> None:
    """Set a person to "not evaluated", or take that back (R-14).

    The competent authority does, or the organizer for it. Taking back what was not set changes nothing.

    :raises HasScore: if the month has a score: such a month is graded
    :raises Forbidden: if the caller is neither, or it is about himself
    :raises Blocked: after the decision, the person's or a leader's above
    """
    of = take(session, ward_id, month, about=[person_id])
    of.roster.person(person_id)
    who = viewer(session, ward_id, actor, at)
    # Everybody above is held too: a leader must not be decided in this moment.
    leaders = [each.id for each in of.roster.people.values() if person_id in each.in_charge_ids]
    found = held(session, of, [person_id, *leaders])
    case = found[person_id]
    if not who.organizer or person_id == who.person_id:
        decision.check_competent(case, actor_id=who.person_id, acting_for=who.acting_for)
    _check_open(case, "")
    entry = Entry(actor.person_id, at)
    if clear:
        for leader in leaders:
            if found[leader].grade and case.evaluation.not_evaluated:
                raise LeaderDecided(leader=found[leader].person, person=case.person)
        changed = case.evaluation.clear_not_evaluated()
    else:
        if case.score and case.score.evaluated and not case.evaluation.not_evaluated:
            raise HasScore(people=case.person)
        changed = case.evaluation.set_not_evaluated(reason, entry)
    if changed is not case.evaluation:
        action = "clear_not_evaluated" if clear else "set_not_evaluated"
        change = log.evaluated(action, case.evaluation, changed, case.competence.decider_id)
        announce(session, of, [changed], [change], entry)


def return_evaluation(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    step: Step,
    reason: str,
    actor: Actor,
    at: datetime,
) -> tuple[Case, Return]:
    """Return a self-assessment or remarks for correction, on record; the month goes back to that step.

    The direct superior returns a self-assessment, the competent authority returns remarks. Returns the
    case as it stands then.

    :raises Forbidden: for anybody else
    :raises Blocked: if there is nothing to return, or the month is decided
    :raises ReturnWithoutReason: without a reason
    """
    of = take(session, ward_id, month, about=[person_id])
    person = of.roster.person(person_id)
    who = viewer(session, ward_id, actor, at)
    case = held(session, of, [person_id])[person_id]
    if step is Step.SELF_ASSESSMENT:
        access.check_returns(case, who)
        corrects, authority = person_id, case.reviewer_id
        send_back = case.evaluation.return_self_assessment
    elif step is Step.REMARKS:
        decision.check_competent(case, actor_id=who.person_id, acting_for=who.acting_for)
        corrects, authority = case.reviewer_id, case.competence.decider_id
        send_back = case.evaluation.return_remarks
    else:
        raise NotReturnable(field="step")
    stated = check_text(reason, place="reason")
    if not stated:
        raise ReturnWithoutReason(field="reason")
    _check_open(case, "")
    changed = send_back()
    given = Return(step.value, stated, actor.person_id, authority or actor.person_id, at)
    appeals.keep_return(session, ward_id, month, person_id, given)
    change = log.evaluated(f"return_{step.value}", case.evaluation, changed, authority)
    change = replace(change, after={**dict(change.after), "reason": stated})  # type: ignore[call-overload]
    announce(session, of, [changed], [change], Entry(actor.person_id, at))
    told = events.evaluation_returned(
        ward_id, month, given, changed, recipient_id=corrects, person_name=person.full_name
    )
    outbox.add(session, told, subject=person_id)
    return replace(case, evaluation=changed), given


def held(session: Session, of: WardMonth, person_ids: Iterable[str]) -> dict[str, Case]:
    """Return whole cases of people to change, held until the transaction ends."""
    wanted = list(person_ids)
    evaluations.hold(session, of.ward_id, of.month, wanted)
    return cases(session, of, wanted, whole=True)


def assess(
    case: Case,
    given: GivenSelfAssessment,
    of: WardMonth,
    who: Viewer,
    entry: Entry,
    *,
    remarks_follow: bool = False,
) -> Evaluation:
    """Return the evaluation with a self-assessment that the caller may submit."""
    access.check_assesses(case, who, given.document, place=given.place)
    _check_open(case, given.place)
    own = of.policy.criteria_of(case)
    return case.evaluation.assess(
        given, own.criteria, entry, remarks_follow=remarks_follow, criteria_set=own.id
    )


def remark(case: Case, given: GivenRemarks, of: WardMonth, who: Viewer, entry: Entry) -> Evaluation:
    """Return the evaluation with remarks that the caller may give."""
    access.check_remarks(case, who, given.document, place=given.place)
    _check_open(case, given.place)
    own = of.policy.criteria_of(case)
    return case.evaluation.remark(
        given,
        own.criteria,
        entry,
        leads=case.person.leads,
        self_overdue=of.deadlines[Step.SELF_ASSESSMENT].late(entry.at),
        criteria_set=own.id,
    )


def announce(
    session: Session,
    of: WardMonth,
    changed: Sequence[Evaluation],
    changes: Sequence[Change],
    entry: Entry,
    *,
    remarked: Sequence[Evaluation] = (),
) -> None:
    """Keep changed evaluations, log them (R-32), and announce them: to scoring, and remarks to the person."""
    evaluations.keep(session, of.ward_id, of.month, changed)
    outbox.add_all(
        session,
        [
            *((events.general_assessed(of.ward_id, of.month, each), each.person_id) for each in changed),
            *((events.remarks_given(of.ward_id, of.month, each), each.person_id) for each in remarked),
        ],
    )
    log.record(session, of.ward_id, of.month, changes, actor_id=entry.by, at=entry.at)


def _people(given: Sequence[GivenSelfAssessment] | Sequence[GivenRemarks]) -> list[str]:
    if not given:
        raise NothingGiven
    if len(given) > MOST:
        raise TooMany(count=len(given), most=MOST)
    seen: set[str] = set()
    for each in given:
        if each.person_id in seen:
            raise decision.PersonTwice(people=each.person_id, field=each.place)
        seen.add(each.person_id)
    return list(seen)


def _check_open(case: Case, place: str) -> None:
    if case.grade or case.published:
        raise AlreadyDecided(people=case.person, **({"field": place} if place else {}))
