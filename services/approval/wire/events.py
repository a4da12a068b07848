"""What approval announces."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from approval.domain.access import Delegation
from approval.domain.appeal import Answer, Appeal, Outcome
from approval.domain.case import Decision, PublishedGrade
from approval.domain.deadlines import Step
from approval.domain.evaluation import Evaluation, Return
from approval.domain.month import OpenedMonth
from approval.domain.quota import Rate
from approval.domain.reminders import Held, Kind
from approval.wire.letters import decimal, letter
from chassis.days import legal_day
from kpi.approval.v1 import approval_pb2
from kpi.approval.v1 import events_pb2 as pb

MOST_LATE = 100
"""Ids of those who are late that one reminder carries."""

MOST_NAMES = 20

STEPS = {
    Step.SELF_ASSESSMENT: approval_pb2.STEP_SELF_ASSESSMENT,
    Step.REMARKS: approval_pb2.STEP_REMARKS,
    Step.DECISION: approval_pb2.STEP_DECISION,
    Step.PUBLICATION: approval_pb2.STEP_PUBLICATION,
}
REMINDERS = {
    Kind.BEFORE: approval_pb2.REMINDER_KIND_BEFORE,
    Kind.PASSED: approval_pb2.REMINDER_KIND_PASSED,
    Kind.SUPERIOR: approval_pb2.REMINDER_KIND_SUPERIOR,
    Kind.ABOVE: approval_pb2.REMINDER_KIND_ABOVE,
    Kind.NOTHING_ASSIGNED: approval_pb2.REMINDER_KIND_NOTHING_ASSIGNED,
}


def month_opened(given: OpenedMonth) -> pb.MonthOpened:
    """Tell that a month was opened."""
    return pb.MonthOpened(
        ward_id=given.ward_id, month=given.month, opened_by=given.opened_by, opened_at=given.opened_at
    )


def general_assessed(ward_id: str, month: str, given: Evaluation) -> pb.GeneralAssessed:
    """Return everything of a person's month that scoring needs, as it is now."""
    remarks, set_aside = given.remarks, given.not_evaluated
    return pb.GeneralAssessed(
        ward_id=ward_id,
        person_id=given.person_id,
        month=month,
        general=decimal(given.general),
        stage=given.stage or "",
        organising=remarks.organising if remarks else 0,
        unity=remarks.unity if remarks else 0,
        blocker=remarks.blocker if remarks else "",
        not_evaluated_reason=set_aside.reason if set_aside else "",
        revision=given.revision,
    )


def remarks_given(ward_id: str, month: str, given: Evaluation) -> pb.RemarksGiven:
    """Tell that remarks were given."""
    remarks = given.remarks
    return pb.RemarksGiven(
        ward_id=ward_id,
        person_id=given.person_id,
        month=month,
        remarked_by=remarks.by if remarks else "",
        remarked_at=remarks.at if remarks else None,
        revision=given.revision,
    )


def evaluation_returned(
    ward_id: str, month: str, given: Return, changed: Evaluation, *, recipient_id: str, person_name: str
) -> pb.EvaluationReturned:
    """Tell who has to correct what was returned, and why; internal."""
    return pb.EvaluationReturned(
        ward_id=ward_id,
        person_id=changed.person_id,
        month=month,
        step=STEPS[Step(given.step)],
        recipient_id=recipient_id,
        person_name=person_name,
        reason=given.reason,
        returned_by=given.by,
        returned_at=given.at,
        revision=changed.revision,
    )


def quota_rate_decided(ward_id: str, month: str, given: Rate, revision: int) -> pb.QuotaRateDecided:
    """Tell that a higher rate was allowed."""
    return pb.QuotaRateDecided(
        ward_id=ward_id,
        month=month,
        quota_scope=given.scope,
        rate=decimal(given.rate),
        decision=given.decision,
        decided_on=given.decided_on,
        signer=given.signer,
        reason=given.reason,
        revision=revision,
    )


def decision_made(ward_id: str, month: str, person_id: str, given: Decision) -> pb.DecisionMade:
    """Tell that a grade was decided; internal, it carries the total."""
    return pb.DecisionMade(
        ward_id=ward_id,
        person_id=person_id,
        unit_id=given.unit_id,
        month=month,
        decision_id=given.id,
        revision=given.revision,
        grade=letter(given.grade),
        total=decimal(given.total),
        score_revision=given.score_revision,
        policy=given.score_policy,
        decided_by=given.decided_by,
        decided_at=given.decided_at,
    )


def delegation_recorded(ward_id: str, given: Delegation, *, at: datetime) -> pb.DelegationRecorded:
    """Tell that one person may act for another from day to day, again where it ends earlier (R-2)."""
    return pb.DelegationRecorded(
        ward_id=ward_id,
        delegation_id=given.id,
        from_person_id=given.from_person_id,
        to_person_id=given.to_person_id,
        from_day=given.from_day.isoformat(),
        to_day=given.to_day.isoformat(),
        document=given.document,
        recorded_at=at,
    )


def grade_published(ward_id: str, month: str, given: PublishedGrade) -> pb.GradePublished:
    """Tell that a grade was published; public, the letter alone (R-44)."""
    return pb.GradePublished(
        ward_id=ward_id,
        person_id=given.person_id,
        unit_id=given.unit_id,
        month=month,
        grade=letter(given.grade),
        decision_id=given.decision_id if given.grade else "",
        revision=given.revision,
        published_at=given.published_at,
    )


def month_published(
    ward_id: str, month: str, *, count: int, revision: int, at: datetime
) -> pb.MonthPublished:
    """Tell that every grade of a month is published."""
    return pb.MonthPublished(ward_id=ward_id, month=month, count=count, revision=revision, published_at=at)


def appeal_submitted(ward_id: str, given: Appeal, answerer_id: str) -> pb.AppealSubmitted:
    """Tell that somebody appealed; without what he says."""
    return pb.AppealSubmitted(
        ward_id=ward_id,
        person_id=given.person_id,
        month=given.month,
        appeal_id=given.id,
        decision_id=given.decision_id,
        answerer_id=answerer_id,
        last_day=given.last_day.isoformat() if given.last_day else "",
        submitted_at=given.at,
    )


def appeal_answered(ward_id: str, given: Appeal, answer: Answer) -> pb.AppealAnswered:
    """Tell that an appeal was answered; without what the answer says."""
    return pb.AppealAnswered(
        ward_id=ward_id,
        person_id=given.person_id,
        month=given.month,
        appeal_id=given.id,
        upheld=answer.outcome is Outcome.UPHELD,
        new_decision_id=answer.new_decision_id,
        answered_by=answer.by,
        late=answer.late,
        answered_at=answer.at,
    )


def deadline_reminded(
    ward_id: str,
    month: str,
    given: Held,
    person_id: str,
    *,
    count: int,
    names: Mapping[str, str],
    organizers: Collection[str],
) -> pb.DeadlineReminded:
    """Tell that a person was told of a deadline.

    :param organizers: who stands for the organizer, whose id is empty among those who are late
    """
    held = given.round
    late: list[str] = []
    if held.kind in (Kind.SUPERIOR, Kind.ABOVE):
        late = sorted(
            {acting for each in given.told[person_id] for acting in ((each,) if each else organizers)}
            - {person_id}
        )
    return pb.DeadlineReminded(
        ward_id=ward_id,
        month=month,
        person_id=person_id,
        step=STEPS[held.step],
        kind=REMINDERS[held.kind],
        days_left=max(0, (held.last_day - legal_day(given.at)).days + 1) if held.kind is Kind.BEFORE else 0,
        last_day=held.last_day.isoformat(),
        count=count,
        late_ids=late[:MOST_LATE],
        late_count=len(late),
        late_names=[names.get(each) or each for each in late[:MOST_NAMES]],
        told_at=given.at,
    )


def nothing_assigned(
    ward_id: str, month: str, given: Held, person_id: str, *, about: Sequence[str], names: Mapping[str, str]
) -> pb.DeadlineReminded:
    """Tell a person that he himself, or those below him, have no work assigned (R-14)."""
    below = [each for each in about if each != person_id]
    return pb.DeadlineReminded(
        ward_id=ward_id,
        month=month,
        person_id=person_id,
        step=STEPS[given.round.step],
        kind=REMINDERS[given.round.kind],
        days_left=given.round.days,
        last_day=given.round.last_day.isoformat(),
        count=len(about),
        late_ids=below[:MOST_LATE],
        late_count=len(below),
        late_names=[names.get(each) or each for each in below[:MOST_NAMES]],
        told_at=given.at,
    )
