"""Events as the other services announce them, and the worker's handlers fed with them."""

import uuid
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from chassis.db import Sessions
from kpi.approval.v1.approval_pb2 import Step
from kpi.approval.v1.events_pb2 import DecisionMade, EvaluationReturned, GradePublished, RemarksGiven
from kpi.planning.v1.causes_pb2 import CAUSE_STATE_REQUESTED, CauseState, ObjectiveCause
from kpi.planning.v1.events_pb2 import (
    MonthWork,
    ObjectiveCauseAnswered,
    ObjectiveCauseRequested,
    PersonChanged,
    PlanApproved,
    PlanReturned,
    UnitPlanAnswered,
    UnitPlanSubmitted,
    WardChanged,
    WorkLine,
)
from kpi.planning.v1.planning_pb2 import Person, Ward
from kpi.planning.v1.unit_plans_pb2 import UNIT_PLAN_STATE_SUBMITTED, UnitPlan, UnitPlanState
from kpi.reward.v1.events_pb2 import AllocationPosted
from kpi.reward.v1.reward_pb2 import FUND_KIND_BONUS
from kpi.types.v1.types_pb2 import GRADE_A, Grade
from notification.settings import MailServer

with warnings.catch_warnings():
    # eventlet, below the worker, announces its end of life whenever it is imported.
    warnings.simplefilter("ignore")
    from chassis.bus import Event
    from notification import usecases, worker

WARD = "phuc-loi"
AT = datetime(2026, 3, 27, 2, 0, tzinfo=UTC)


def timestamp(at: datetime = AT) -> Timestamp:
    result = Timestamp()
    result.FromDatetime(at)
    return result


def event(body: Message) -> Event[Any]:
    return Event(
        id=str(uuid.uuid4()),
        type=body.DESCRIPTOR.full_name,
        source=body.DESCRIPTOR.full_name.split(".")[1],
        subject="",
        time=AT,
        correlation_id="c",
        body=body,
    )


def happen(sessions: Sessions, *bodies: Message) -> None:
    """Hand events to the worker's handlers, one transaction for each run of one type, as the bus does."""
    handlers = {
        each.type: method
        for method in vars(worker.NotificationWorker).values()
        for each in getattr(method, "nameko_entrypoints", ())
        if hasattr(each, "type")
    }
    for body in bodies:
        found = event(body)
        with sessions.begin() as session:
            handlers[found.type](worker.NotificationWorker(), session, [found])


def ward(name: str = "Phường Phúc Lợi", revision: int = 1) -> WardChanged:
    return WardChanged(ward_id=WARD, ward=Ward(ward_id=WARD, name=name), revision=revision)


def person(person_id: str, name: str = "", **fields: Any) -> PersonChanged:
    told: dict[str, Any] = {
        "email": f"{person_id}@x.example",
        "language": "vi",
        "from_month": "2026-01",
        "revision": 1,
        "active": True,
        "full_name": name or f"Người {person_id}",
    } | fields
    return PersonChanged(ward_id=WARD, person=Person(ward_id=WARD, person_id=person_id, **told))


def plan_approved(person_id: str, version: int = 1) -> PlanApproved:
    return PlanApproved(
        ward_id=WARD,
        plan_id=f"{person_id}-2026-03",
        version=version,
        approved_by="p-boss",
        approved_at=timestamp(),
        work=MonthWork(person_id=person_id, month="2026-03", lines=[WorkLine(task_id="t-1")]),
    )


def plan_returned(person_id: str, at: datetime = AT) -> PlanReturned:
    return PlanReturned(
        ward_id=WARD,
        plan_id=f"{person_id}-2026-03",
        person_id=person_id,
        month="2026-03",
        version=1,
        returned_by="p-boss",
        reason="thiếu sản phẩm",
        returned_at=timestamp(at),
    )


def _unit_plan(version: int, state: UnitPlanState, **given: Any) -> UnitPlan:
    return UnitPlan(
        ward_id=WARD, unit_id="school", month="2026-03", version=version, state=state, item_count=3, **given
    )


def unit_plan_submitted(by: str, *approver_ids: str, version: int = 1) -> UnitPlanSubmitted:
    return UnitPlanSubmitted(
        ward_id=WARD,
        plan=_unit_plan(version, UNIT_PLAN_STATE_SUBMITTED),
        unit_name="Trường Tiểu học",
        submitted_by=by,
        submitted_at=timestamp(),
        approver_ids=approver_ids,
    )


def unit_plan_answered(
    state: UnitPlanState, reason: str, *leader_ids: str, version: int = 1
) -> UnitPlanAnswered:
    answered = _unit_plan(version, state, reason=reason, decided_by="p-boss", decided_at=timestamp())
    return UnitPlanAnswered(ward_id=WARD, plan=answered, unit_name="Trường Tiểu học", leader_ids=leader_ids)


def _claim(person_id: str, **given: Any) -> ObjectiveCause:
    return ObjectiveCause(
        person_id=person_id,
        month="2026-03",
        task_id="t-1",
        fault_id="f-1",
        number=1,
        state=CAUSE_STATE_REQUESTED,
        cause="bão số 3",
        requested_by=person_id,
        requested_at=timestamp(),
        **given,
    )


def cause_requested(person_id: str, superior_id: str) -> ObjectiveCauseRequested:
    return ObjectiveCauseRequested(ward_id=WARD, cause=_claim(person_id), superior_id=superior_id)


def cause_answered(person_id: str, state: CauseState, reason: str) -> ObjectiveCauseAnswered:
    answered = _claim(person_id, answered_by="p-boss", answered_at=timestamp(), reason=reason)
    answered.state = state
    return ObjectiveCauseAnswered(ward_id=WARD, cause=answered)


def remarks(person_id: str, revision: int = 1) -> RemarksGiven:
    return RemarksGiven(
        ward_id=WARD,
        person_id=person_id,
        month="2026-03",
        remarked_by="p-boss",
        remarked_at=timestamp(),
        revision=revision,
    )


def evaluation_returned(recipient_id: str, step: Step, revision: int = 3) -> EvaluationReturned:
    return EvaluationReturned(
        ward_id=WARD,
        person_id="p-1",
        month="2026-03",
        step=step,
        recipient_id=recipient_id,
        person_name="Người p-1",
        reason="thiếu minh chứng",
        returned_by="p-head",
        returned_at=timestamp(),
        revision=revision,
    )


def decision(person_id: str, revision: int = 1, grade: Grade = GRADE_A, total: str = "91.17") -> DecisionMade:
    return DecisionMade(
        ward_id=WARD,
        person_id=person_id,
        month="2026-03",
        decision_id=f"d-{person_id}-{revision}",
        revision=revision,
        grade=grade,
        total=total,
        decided_by="p-boss",
        decided_at=timestamp(AT + timedelta(hours=revision)),
    )


def publication(person_id: str, revision: int = 1, grade: Grade = GRADE_A) -> GradePublished:
    return GradePublished(
        ward_id=WARD,
        person_id=person_id,
        month="2026-03",
        grade=grade,
        decision_id=f"d-{person_id}-{revision}",
        revision=revision,
        published_at=timestamp(),
    )


def payment(person_id: str, amount: int = 1_234_000, run_id: str = "r-1") -> AllocationPosted:
    return AllocationPosted(
        ward_id=WARD,
        run_id=run_id,
        fund_id="f-1",
        kind=FUND_KIND_BONUS,
        person_id=person_id,
        month="2026-03",
        amount=amount,
        posted_at=timestamp(),
    )


def write_pending(sessions: Sessions, *, mail_on: bool = False) -> None:
    with sessions.begin() as session:
        usecases.tell_pending(session, mail_on=mail_on, at=AT)


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


def deliver(sessions: Sessions, server: MailServer, clock: Clock) -> bool:
    return worker.deliver(sessions, server, clock=clock)
