"""Replies, written from what the use cases return."""

from collections.abc import Iterable

from approval.domain.access import Seen, View
from approval.domain.case import Case, Decision, PublishedGrade, State
from approval.domain.criteria import Criterion, Value
from approval.domain.deadlines import Deadline, Step
from approval.domain.evaluation import Remarks, SelfAssessment
from approval.domain.month import MonthStanding
from approval.domain.waiting import Awaited
from approval.wire.letters import decimal, letter
from chassis.instants import timestamp
from chassis.sheets import CellError
from kpi.approval.v1 import approval_pb2 as pb

_STATES = {
    State.AWAITING_SELF_ASSESSMENT: pb.EVALUATION_STATE_AWAITING_SELF_ASSESSMENT,
    State.AWAITING_REMARKS: pb.EVALUATION_STATE_AWAITING_REMARKS,
    State.AWAITING_DECISION: pb.EVALUATION_STATE_AWAITING_DECISION,
    State.DECIDED: pb.EVALUATION_STATE_DECIDED,
    State.PUBLISHED: pb.EVALUATION_STATE_PUBLISHED,
    State.NOT_EVALUATED: pb.EVALUATION_STATE_NOT_EVALUATED,
    State.AWAITING_EXTERNAL: pb.EVALUATION_STATE_AWAITING_EXTERNAL,
}
_STEPS = {
    Step.SELF_ASSESSMENT: pb.STEP_SELF_ASSESSMENT,
    Step.REMARKS: pb.STEP_REMARKS,
    Step.DECISION: pb.STEP_DECISION,
    Step.PUBLICATION: pb.STEP_PUBLICATION,
}


def month(given: MonthStanding) -> pb.Month:
    """Return a month with its deadlines."""
    opened = given.opened
    return pb.Month(
        ward_id=opened.ward_id,
        month=opened.month,
        deadlines=[_deadline(each) for each in given.deadlines],
        published=opened.publication_revision > 0,
        opened_by=opened.opened_by,
        opened_at=timestamp(opened.opened_at),
        counts={state.value: count for state, count in given.counts.items()},
        late=given.late,
        policy=opened.policy,
    )


def state(case: Case) -> pb.EvaluationState:
    """Return where an evaluation stands."""
    return _STATES[case.state]


def awaited(given: Iterable[Awaited]) -> list[pb.Awaited]:
    """Return whom a month waits for."""
    return [
        pb.Awaited(
            person_id=each.person_id,
            step=_STEPS[each.step] if each.step else pb.STEP_APPEAL,
            count=each.count,
            late=each.late,
        )
        for each in given
    ]


def criteria(given: Iterable[Criterion]) -> list[pb.Criterion]:
    """Return criteria with their maxima."""
    return [
        pb.Criterion(criterion_id=each.id, group=each.group, name=each.name, maximum=decimal(each.maximum))
        for each in given
    ]


def personnel_types(given: Iterable[str]) -> list[str]:
    """Return personnel types by their names on the wire."""
    return [f"PERSONNEL_TYPE_{each.upper()}" for each in given]


def evaluation(ward_id: str, month_: str, seen: Seen, *, language: str, whole: bool) -> pb.Evaluation:
    """Return what the viewer may see of a person's month.

    :param language: of the text that says why nobody is competent
    :param whole: False for lists, which leave values and texts out
    """
    case, view = seen.case, seen.view
    result = pb.Evaluation(
        ward_id=ward_id,
        person_id=case.person.id,
        month=month_,
        unit_id=case.person.unit_id,
        full_name=case.person.full_name,
        state=_STATES[case.state],
        reviewer_id=case.reviewer_id,
        decider_id=case.competence.decider_id,
        external=case.competence.external,
        nobody_competent=case.competence.told(language),
        duty_group=case.person.duty_group,
        quota_scope=case.person.quota_scope or case.person.unit_id,
        policy=seen.policy,
        criteria_set=seen.criteria_set,
    )
    _fill_steps(result, case, view, whole=whole)
    _fill_score(result, case, view)
    if case.decision and case.decision.grade:
        if view.decision:
            result.decision.CopyFrom(_decision(case.decision))
        elif view.letter:
            result.decision.CopyFrom(_letter_only(case.decision))
    return result


def grades(given: Iterable[PublishedGrade]) -> list[pb.PublishedGrade]:
    """Return published class letters."""
    return [
        pb.PublishedGrade(
            person_id=each.person_id,
            full_name=each.full_name,
            unit_id=each.unit_id,
            grade=letter(each.grade),
            revision=each.revision,
            published_at=timestamp(each.published_at),
        )
        for each in given
    ]


def cell_errors(given: Iterable[CellError]) -> list[pb.CellError]:
    """Return bad cells of a file."""
    return [
        pb.CellError(
            sheet=each.sheet,
            row=each.row,
            column=each.column,
            value=each.value,
            reason_vi=each.reason_vi,
            reason_en=each.reason_en,
        )
        for each in given
    ]


def _fill_steps(result: pb.Evaluation, case: Case, view: View, *, whole: bool) -> None:
    own, remarks = case.evaluation.self_assessment, case.evaluation.remarks
    decided, set_aside = case.evaluation.decision_values, case.evaluation.not_evaluated
    if own:
        result.self_assessed_at.CopyFrom(timestamp(own.at))
        result.self_assessed_late = own.late
        if view.self_assessment:
            result.self_assessment.CopyFrom(_self_assessment(case.person.id, own, whole=whole))
            result.self_points = decimal(own.points)
    if remarks:
        result.remarked_by = remarks.by
        result.remarked_at.CopyFrom(timestamp(remarks.at))
        result.remarked_late = remarks.late
        if view.remarks:
            result.remarks.CopyFrom(_remarks(case.person.id, remarks, whole=whole))
            result.review_points = decimal(remarks.points)
    if view.decision:
        if decided:
            result.decision_points = decimal(decided.points)
            if whole:
                result.decision_values.extend(_values(decided.values))
        elif remarks:
            result.decision_points = decimal(remarks.points)
    if set_aside and view.score:
        result.not_evaluated_reason = set_aside.reason


def _fill_score(result: pb.Evaluation, case: Case, view: View) -> None:
    score = case.score
    if score is None:
        return
    result.score_status = score.status.value
    result.score_revision = score.revision
    if not view.score:
        return
    result.score_policy = score.policy
    result.total = decimal(score.total)
    result.band = letter(score.band)
    result.proposed_grade = letter(score.proposed)
    result.quota = score.outcome.value if score.outcome else ""
    result.duty_group = score.duty_group or result.duty_group
    result.quota_scope = score.quota_scope or result.quota_scope


def _deadline(given: Deadline) -> pb.Deadline:
    extension = given.extension
    return pb.Deadline(
        step=_STEPS[given.step],
        due_at=timestamp(given.due_at),
        last_day=given.last_day.isoformat(),
        extension_reason=extension.reason if extension else "",
        extended_by=extension.extended_by if extension else "",
    )


def _self_assessment(person_id: str, given: SelfAssessment, *, whole: bool) -> pb.SelfAssessment:
    result = pb.SelfAssessment(
        person_id=person_id, proposed_grade=letter(given.proposed), document=given.document
    )
    if whole:
        result.values.extend(_values(given.values))
        result.strengths, result.weaknesses = given.strengths, given.weaknesses
    return result


def _remarks(person_id: str, given: Remarks, *, whole: bool) -> pb.Remarks:
    result = pb.Remarks(
        person_id=person_id,
        organising=given.organising,
        unity=given.unity,
        blocker=given.blocker,
        document=given.document,
    )
    if whole:
        result.values.extend(_values(given.values))
        result.text = given.text
        result.organising_fact, result.unity_fact = given.organising_fact, given.unity_fact
    return result


def _values(given: Iterable[Value]) -> list[pb.CriterionValue]:
    return [
        pb.CriterionValue(criterion_id=each.criterion_id, points=decimal(each.points), reason=each.reason)
        for each in given
    ]


def _decision(given: Decision) -> pb.Decision:
    return pb.Decision(
        decision_id=given.id,
        revision=given.revision,
        grade=letter(given.grade),
        proposed_grade=letter(given.proposed),
        total=decimal(given.total),
        score_revision=given.score_revision,
        reason=given.reason,
        decided_by=given.decided_by,
        authority_id=given.authority_id,
        document=given.document,
        decided_at=timestamp(given.decided_at),
        late=given.late,
        policy=given.policy,
        score_policy=given.score_policy,
        delegation_id=given.delegation_id,
    )


def _letter_only(given: Decision) -> pb.Decision:
    """Return a published decision as it may be known beyond the competent: the grade and which one it is."""
    return pb.Decision(decision_id=given.id, revision=given.revision, grade=letter(given.grade))
