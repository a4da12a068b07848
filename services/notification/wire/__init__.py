# ruff: noqa: D103  # each function is called after the message it reads or makes
"""Between protobuf and the domain. No other module of the service knows both, the doors apart."""

from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.errors import Invalid
from chassis.instants import timestamp
from kpi.approval.v1 import approval_pb2
from kpi.approval.v1 import events_pb2 as approval
from kpi.notification.v1 import events_pb2
from kpi.notification.v1 import notification_pb2 as pb
from kpi.planning.v1 import causes_pb2, unit_plans_pb2
from kpi.planning.v1 import events_pb2 as planning
from kpi.reward.v1 import events_pb2 as reward
from kpi.reward.v1 import reward_pb2
from kpi.types.v1 import types_pb2
from notification.domain import person
from notification.domain.mail import Mail, MailStanding, MailState
from notification.domain.message import Message
from notification.domain.notice import Notice, Topic
from notification.domain.person import Person, Post, Preferences


class UnknownTopic(Invalid):
    """A topic is one of those that messages are about."""

    vi = "Chủ đề không hợp lệ: {topic}."
    en = "There is no such topic: {topic}. Name one of the contract's."


class UnknownMailState(Invalid):
    """A mail's state is one of the contract's."""

    vi = "Trạng thái thư không hợp lệ: {state}."
    en = "There is no such state of a mail: {state}. Name one of the contract's."


# -- Events in ---------------------------------------------------------------------------------------------


def ward(event: planning.WardChanged) -> tuple[str, str, int]:
    return event.ward_id, event.ward.name, event.revision


def post(event: planning.PersonChanged) -> Post:
    told = event.person
    return Post(
        ward_id=event.ward_id,
        person_id=told.person_id,
        from_month=told.from_month,
        revision=told.revision,
        person=Person(told.full_name, told.email.strip(), person.language(told.language)),
    )


def plan_approved(event: planning.PlanApproved) -> Notice:
    return Notice(
        ward_id=event.ward_id,
        person_id=event.work.person_id,
        cause=f"plan/{event.plan_id}/{event.version}/approved",
        topic=Topic.PLAN_APPROVED,
        month=event.work.month,
        occurred_at=_at(event.approved_at),
        facts={
            "by": event.approved_by,
            "version": str(event.version),
            "tasks": str(len(event.work.lines)),
        },
    )


def plan_returned(event: planning.PlanReturned) -> Notice:
    at = _at(event.returned_at)
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        # One version may be returned, corrected and returned again.
        cause=f"plan/{event.plan_id}/{event.version}/returned/{at.isoformat()}",
        topic=Topic.PLAN_RETURNED,
        month=event.month,
        occurred_at=at,
        facts={"by": event.returned_by, "version": str(event.version), "reason": event.reason},
    )


def unit_plan_submitted(event: planning.UnitPlanSubmitted) -> list[Notice]:
    """For those who may approve it, but not for one who submitted it himself."""
    return [
        _unit_plan(
            event.ward_id,
            each,
            event.plan,
            event.unit_name,
            "submitted",
            event.submitted_by,
            event.submitted_at,
        )
        for each in event.approver_ids
        if each != event.submitted_by
    ]


def unit_plan_answered(event: planning.UnitPlanAnswered) -> list[Notice]:
    """For the leaders of the unit."""
    approved = event.plan.state == unit_plans_pb2.UNIT_PLAN_STATE_APPROVED
    return [
        _unit_plan(
            event.ward_id,
            each,
            event.plan,
            event.unit_name,
            "approved" if approved else "returned",
            event.plan.decided_by,
            event.plan.decided_at,
        )
        for each in event.leader_ids
    ]


def _unit_plan(
    ward_id: str,
    person_id: str,
    plan: unit_plans_pb2.UnitPlan,
    unit_name: str,
    state: str,
    by: str,
    at: Timestamp,
) -> Notice:
    return Notice(
        ward_id=ward_id,
        person_id=person_id,
        # A version is submitted and answered once: what is returned goes on as the next version.
        cause=f"unit_plan/{plan.unit_id}/{plan.month}/{plan.version}/{state}",
        topic=Topic.UNIT_PLAN,
        month=plan.month,
        occurred_at=_at(at),
        facts={
            "state": state,
            "by": by,
            "unit": unit_name,
            "version": str(plan.version),
            "tasks": str(plan.item_count),
            "reason": plan.reason,
        },
    )


def remarks_given(event: approval.RemarksGiven) -> Notice:
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"remarks/{event.month}/{event.revision}",
        topic=Topic.REMARKS,
        month=event.month,
        occurred_at=_at(event.remarked_at),
        facts={"by": event.remarked_by},
        revision=event.revision,
    )


def evaluation_returned(event: approval.EvaluationReturned) -> Notice:
    """For who has to correct it."""
    at = _at(event.returned_at)
    return Notice(
        ward_id=event.ward_id,
        person_id=event.recipient_id,
        cause=f"returned/{event.person_id}/{event.month}/{event.revision}",
        topic=Topic.RETURNED,
        month=event.month,
        occurred_at=at,
        facts={
            "step": approval_pb2.Step.Name(event.step).removeprefix("STEP_").lower(),
            "by": event.returned_by,
            "person": event.person_name,
            "reason": event.reason,
        },
    )


def decision_made(event: approval.DecisionMade) -> Notice:
    """For the person, that it was made and by whom: the result is told when it is published (R-29)."""
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"decision/{event.decision_id or event.month}/{event.revision}",
        topic=Topic.DECISION,
        month=event.month,
        occurred_at=_at(event.decided_at),
        facts={"by": event.decided_by},
        revision=event.revision,
    )


def grade_published(event: approval.GradePublished) -> Notice:
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"publication/{event.month}/{event.revision}",
        topic=Topic.PUBLICATION,
        month=event.month,
        occurred_at=_at(event.published_at),
        facts={"grade": _grade(event.grade)},
        revision=event.revision,
    )


def allocation_posted(event: reward.AllocationPosted) -> Notice:
    fund = reward_pb2.FundKind.Name(event.kind).removeprefix("FUND_KIND_").lower() if event.kind else ""
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"payment/{event.run_id}",
        topic=Topic.PAYMENT,
        month=event.month,
        occurred_at=_at(event.posted_at),
        facts={"amount": str(event.amount), "fund": fund},
    )


def appeal_submitted(event: approval.AppealSubmitted) -> Notice:
    """For whoever must answer: the city's answer is recorded by the organizer, whom nobody knows here."""
    return Notice(
        ward_id=event.ward_id,
        person_id=event.answerer_id,
        cause=f"appeal/{event.appeal_id}/submitted",
        topic=Topic.APPEAL,
        month=event.month,
        occurred_at=_at(event.submitted_at),
        facts={"state": "submitted", "by": event.person_id, "last_day": event.last_day},
    )


def appeal_answered(event: approval.AppealAnswered) -> Notice:
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"appeal/{event.appeal_id}/answered",
        topic=Topic.APPEAL,
        month=event.month,
        occurred_at=_at(event.answered_at),
        facts={"state": "upheld" if event.upheld else "dismissed", "by": event.answered_by},
    )


def deadline_reminded(event: approval.DeadlineReminded) -> Notice:
    kind = approval_pb2.ReminderKind.Name(event.kind).removeprefix("REMINDER_KIND_").lower()
    if event.kind == approval_pb2.REMINDER_KIND_NOTHING_ASSIGNED and event.late_count:
        kind = "nothing_assigned_below"
    step = approval_pb2.Step.Name(event.step).removeprefix("STEP_").lower()
    more = event.late_count - len(event.late_names)
    late = ", ".join(event.late_names) + (f" … (+{more})" if more > 0 and event.late_names else "")
    return Notice(
        ward_id=event.ward_id,
        person_id=event.person_id,
        cause=f"deadline/{event.month}/{step}/{event.last_day}/{kind}/{event.days_left}",
        topic=Topic.DEADLINE,
        month=event.month,
        occurred_at=_at(event.told_at),
        facts={
            "kind": kind,
            "step": step,
            "last_day": event.last_day,
            "days_left": str(event.days_left or ""),
            "count": str(event.count),
            "late_count": str(event.late_count or ""),
            "late": late,
        },
    )


def cause_requested(event: planning.ObjectiveCauseRequested) -> list[Notice]:
    """Return the notice for the direct superior; none for a person whom nobody in the ward leads."""
    return (
        [_cause(event.ward_id, event.superior_id, event.cause, event.cause.person_id)]
        if event.superior_id
        else []
    )


def cause_answered(event: planning.ObjectiveCauseAnswered) -> Notice:
    return _cause(event.ward_id, event.cause.person_id, event.cause, event.cause.answered_by)


def _cause(ward_id: str, person_id: str, cause: causes_pb2.ObjectiveCause, by: str) -> Notice:
    state = causes_pb2.CauseState.Name(cause.state).removeprefix("CAUSE_STATE_").lower()
    place = f"{cause.person_id}/{cause.month}/{cause.task_id}/{cause.fault_id}/{cause.number}"
    return Notice(
        ward_id=ward_id,
        person_id=person_id,
        cause=f"cause/{place}/{state}",
        topic=Topic.OBJECTIVE_CAUSE,
        month=cause.month,
        occurred_at=_at(cause.answered_at if cause.HasField("answered_at") else cause.requested_at),
        facts={"state": state, "by": by, "task": cause.task_id, "reason": cause.reason or cause.cause},
    )


def _grade(grade: types_pb2.Grade) -> str:
    return types_pb2.Grade.Name(grade).removeprefix("GRADE_") if grade else ""


def _at(value: Timestamp) -> datetime:
    return value.ToDatetime(UTC)


# -- Events out --------------------------------------------------------------------------------------------


def delivered(mail: Mail, at: datetime) -> events_pb2.Delivered:
    return events_pb2.Delivered(
        ward_id=mail.ward_id,
        mail_id=mail.mail_id,
        person_id=mail.person_id,
        topic=TOPICS[mail.topic],
        delivered_at=timestamp(at),
    )


def delivery_failed(mail: Mail, reason: str, at: datetime) -> events_pb2.DeliveryFailed:
    return events_pb2.DeliveryFailed(
        ward_id=mail.ward_id,
        mail_id=mail.mail_id,
        person_id=mail.person_id,
        topic=TOPICS[mail.topic],
        reason=reason,
        failed_at=timestamp(at),
    )


# -- Requests and replies ----------------------------------------------------------------------------------


TOPICS = {
    Topic.PLAN_APPROVED: pb.TOPIC_PLAN_APPROVED,
    Topic.PLAN_RETURNED: pb.TOPIC_PLAN_RETURNED,
    Topic.REMARKS: pb.TOPIC_REMARKS,
    Topic.DECISION: pb.TOPIC_DECISION,
    Topic.PUBLICATION: pb.TOPIC_PUBLICATION,
    Topic.PAYMENT: pb.TOPIC_PAYMENT,
    Topic.DEADLINE: pb.TOPIC_DEADLINE,
    Topic.OBJECTIVE_CAUSE: pb.TOPIC_OBJECTIVE_CAUSE,
    Topic.APPEAL: pb.TOPIC_APPEAL,
    Topic.UNIT_PLAN: pb.TOPIC_UNIT_PLAN,
    Topic.RETURNED: pb.TOPIC_RETURNED,
}
_TOPIC_BY_NUMBER: dict[int, Topic] = {number: topic for topic, number in TOPICS.items()}

MAIL_STATES = {
    MailState.WAITING: pb.MAIL_STATE_WAITING,
    # Not in the server's hands yet, as far as anybody knows; a moment later it is sent, failed or uncertain.
    MailState.SENDING: pb.MAIL_STATE_WAITING,
    MailState.SENT: pb.MAIL_STATE_SENT,
    MailState.UNCERTAIN: pb.MAIL_STATE_UNCERTAIN,
    MailState.FAILED: pb.MAIL_STATE_FAILED,
    MailState.SKIPPED: pb.MAIL_STATE_SKIPPED,
}


def topic(number: int, field: str) -> Topic:
    """Return the topic that a number of the contract stands for.

    :raises UnknownTopic: if it stands for none
    """
    found = _TOPIC_BY_NUMBER.get(number)
    if not found:
        raise UnknownTopic(topic=number, field=field)
    return found


def mail_states(number: int) -> list[MailState]:
    """Return the states that a filter asks for; none for every state.

    :raises UnknownMailState: if the contract has no such state
    """
    if number == pb.MAIL_STATE_UNSPECIFIED:
        return []
    found = [state for state, each in MAIL_STATES.items() if each == number]
    if not found:
        raise UnknownMailState(state=number, field="state")
    return found


def wanted(message: pb.Preferences) -> Preferences:
    """Return the preferences that a request states.

    :raises UnknownTopic: if one is not of the contract
    :raises UnknownLanguage: if the language is neither vi nor en
    """
    return Preferences(
        language=person.chosen_language(message.language),
        mail_off=message.mail_off,
        muted=frozenset(
            topic(number, f"preferences.muted_topics[{index}]")
            for index, number in enumerate(message.muted_topics)
        ),
    )


def preferences(value: Preferences) -> pb.Preferences:
    return pb.Preferences(
        language=value.language or "",
        mail_off=value.mail_off,
        muted_topics=sorted(TOPICS[each] for each in value.muted),
    )


def message(value: Message) -> pb.Message:
    return pb.Message(
        message_id=value.message_id,
        person_id=value.person_id,
        topic=TOPICS[value.topic],
        subject=value.subject,
        body=value.body,
        language=value.language,
        month=value.month,
        created_at=timestamp(value.created_at),
        read_at=timestamp(value.read_at),
    )


def mail(value: MailStanding) -> pb.Mail:
    return pb.Mail(
        mail_id=value.mail_id,
        person_id=value.person_id,
        address=value.address,
        subject=value.subject,
        state=MAIL_STATES[value.state],
        attempts=value.attempts,
        detail=value.detail,
        created_at=timestamp(value.created_at),
        sent_at=timestamp(value.sent_at),
    )
