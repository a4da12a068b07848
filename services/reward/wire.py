"""Between protobuf and the domain. No other module of the service knows both, the doors apart."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from chassis.instants import timestamp
from kpi.approval.v1 import events_pb2 as approval
from kpi.planning.v1 import events_pb2 as planning
from kpi.reward.v1 import adjustments_pb2 as pb_adjustments
from kpi.reward.v1 import events_pb2
from kpi.reward.v1 import policies_pb2 as pb_policies
from kpi.reward.v1 import reward_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from reward.domain.adjustment import Adjustment
from reward.domain.fairness import Verdict
from reward.domain.fund import Fund, FundKind, KindNotStated
from reward.domain.ledger import Line
from reward.domain.policy import Grade
from reward.domain.policy_version import Version
from reward.domain.run import Acknowledgement, Allocated, Run, RunState
from reward.domain.simulation import Move, Simulation

KINDS = {
    FundKind.SUPPLEMENTARY_INCOME: pb.FUND_KIND_SUPPLEMENTARY_INCOME,
    FundKind.BONUS: pb.FUND_KIND_BONUS,
    FundKind.COMMENDATION: pb.FUND_KIND_COMMENDATION,
}
_KINDS_BY_NUMBER: dict[int, FundKind] = {number: kind for kind, number in KINDS.items()}

STATES = {
    RunState.PREVIEW: pb.RUN_STATE_PREVIEW,
    RunState.POSTED: pb.RUN_STATE_POSTED,
    RunState.ACKNOWLEDGED: pb.RUN_STATE_ACKNOWLEDGED,
}

GRADES = {
    None: types.GRADE_UNSPECIFIED,
    Grade.A: types.GRADE_A,
    Grade.B: types.GRADE_B,
    Grade.C: types.GRADE_C,
    Grade.D: types.GRADE_D,
}
_NUMBERS = {grade.value if grade else None: number for grade, number in GRADES.items()}
_LETTERS: dict[int, str | None] = {number: grade.value if grade else None for grade, number in GRADES.items()}

_PERSONNEL_TYPES: dict[int, str] = {
    types.PERSONNEL_TYPE_CADRE: "cadre",
    types.PERSONNEL_TYPE_CIVIL_SERVANT: "civil_servant",
    types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE: "public_employee",
    types.PERSONNEL_TYPE_CONTRACT_WORKER: "contract_worker",
}

Row = Mapping[str, Any]
"""A row of a local copy, with every column of its table."""


# -- Events in ---------------------------------------------------------------------------------------------


def ward(event: planning.WardChanged) -> Row:
    return {"ward_id": event.ward_id, "name": event.ward.name, "revision": event.revision}


def unit(event: planning.UnitChanged) -> Row:
    told = event.unit
    return {
        "ward_id": event.ward_id,
        "unit_id": told.unit_id,
        "name": told.name,
        "revision": told.revision,
    }


def post(event: planning.PersonChanged) -> Row:
    told = event.person
    return {
        "ward_id": event.ward_id,
        "person_id": told.person_id,
        "from_month": told.from_month,
        "full_name": told.full_name,
        "unit_id": told.unit_id,
        "personnel_type": _PERSONNEL_TYPES.get(told.personnel_type),
        "leads": told.role == types.ROLE_LEADER,
        "salary_coefficient": _decimal(told.salary_coefficient),
        "active": told.active,
        "revision": told.revision,
    }


def working_time(event: planning.WorkingTimeRecorded) -> Row:
    told = event.working_time
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "person_id": told.person_id,
        "worked_half_days": told.worked_half_days,
        "required_half_days": told.required_half_days,
        "lock_follows": event.lock_follows,
        "revision": event.revision,
    }


def month_lock(event: planning.MonthLocked) -> Row:
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "person_id": event.person_id,
        "working_time_revision": event.working_time_revision,
        "post_from_month": event.post_from_month,
        "post_revision": event.post_revision,
        "revision": event.decision_revision,
    }


def decision(event: approval.DecisionMade) -> Row:
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "person_id": event.person_id,
        "decision_id": event.decision_id,
        "grade": _LETTERS[event.grade],
        "total": _decimal(event.total),
        "revision": event.revision,
    }


def published_grade(event: approval.GradePublished) -> Row:
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "person_id": event.person_id,
        "unit_id": event.unit_id,
        "grade": _LETTERS[event.grade],
        "decision_id": event.decision_id,
        "revision": event.revision,
    }


def published_month(event: approval.MonthPublished) -> Row:
    return {
        "ward_id": event.ward_id,
        "month": event.month,
        "count": event.count,
        "revision": event.revision,
    }


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


# -- Events out --------------------------------------------------------------------------------------------


def run_posted(given: Run) -> events_pb2.RunPosted:
    return events_pb2.RunPosted(ward_id=given.ward_id, run=run(given))


def allocation_posted(of: Run, given: Allocated) -> events_pb2.AllocationPosted:
    return events_pb2.AllocationPosted(
        ward_id=of.ward_id,
        run_id=of.run_id,
        fund_id=of.fund_id,
        kind=KINDS[of.kind],
        person_id=given.person_id,
        month=of.month,
        amount=given.amount,
        posted_at=timestamp(of.posted_at),
    )


def run_acknowledged(of: Run, given: Acknowledgement) -> events_pb2.RunAcknowledged:
    return events_pb2.RunAcknowledged(
        ward_id=of.ward_id,
        run_id=of.run_id,
        sha256=given.sha256,
        acknowledged_by=given.by,
        acknowledged_at=timestamp(given.at),
    )


# -- Requests and replies ----------------------------------------------------------------------------------


def asked_fund(request: pb.CreateFundRequest, *, created_by: str, created_at: datetime) -> Fund:
    """Return the fund that a request asks to record.

    :raises Invalid: naming the field that is wrong
    """
    if request.kind not in _KINDS_BY_NUMBER:
        raise KindNotStated(field="kind")
    return Fund.of(
        ward_id=request.ward_id,
        fund_id=request.fund_id,
        month=request.month,
        kind=_KINDS_BY_NUMBER[request.kind],
        source=request.source,
        legal_basis=request.legal_basis,
        amount=request.amount,
        created_at=created_at,
        created_by=created_by,
    )


def fund(given: Fund, balance: int) -> pb.Fund:
    return pb.Fund(
        ward_id=given.ward_id,
        fund_id=given.fund_id,
        month=given.month,
        kind=KINDS[given.kind],
        source=given.source,
        legal_basis=given.legal_basis,
        amount=given.amount,
        balance=balance,
        created_at=timestamp(given.created_at),
    )


def policy(given: Version, language: str) -> pb.Policy:
    if given.shipped:
        state = pb_policies.POLICY_STATE_SHIPPED
    elif given.approved:
        state = pb_policies.POLICY_STATE_APPROVED
    else:
        state = pb_policies.POLICY_STATE_PROPOSED
    return pb.Policy(
        policy_id=given.policy.id,
        version=given.policy.version,
        legal_basis=given.policy.legal_basis,
        note=given.policy.note.get(language, ""),
        mode=given.policy.mode.value,
        document=given.document,
        record=pb_policies.PolicyRecord(
            owner=given.owner,
            state=state,
            based_on=given.based_on,
            proposed_by=given.proposed_by,
            proposed_at=timestamp(given.proposed_at),
            approved_by=given.approved_by,
            approved_at=timestamp(given.approved_at),
            decision=given.decision,
        ),
    )


def simulation(given: Simulation, shown: Sequence[Move], token: str) -> pb_policies.SimulatePolicyResponse:
    return pb_policies.SimulatePolicyResponse(
        moves=[
            pb_policies.AmountMove(
                person_id=each.of.person_id,
                full_name=each.of.member.full_name,
                unit_id=each.of.member.unit_id,
                amount_before=each.before,
                amount_after=each.after,
            )
            for each in shown
        ],
        next_page_token=token,
        moved=len(given.moves),
        people=given.people,
        policy_before=given.before.policy,
        policy_after=given.after.policy,
        distributed_before=given.before.distributed,
        distributed_after=given.after.distributed,
    )


def run(given: Run) -> pb.Run:
    closed = given.acknowledgement
    return pb.Run(
        ward_id=given.ward_id,
        run_id=given.run_id,
        fund_id=given.fund_id,
        month=given.month,
        policy=given.policy,
        state=STATES[given.state],
        people=given.people,
        paid=given.paid,
        distributed=given.distributed,
        undistributed=given.undistributed,
        posted_at=timestamp(given.posted_at),
        posted_by=given.posted_by,
        acknowledged_by=closed.by if closed else "",
        acknowledged_at=timestamp(closed.at) if closed else None,
        by_grade=given.by_grade,
    )


def allocation(given: Allocated) -> pb.Allocation:
    person = given.member.person
    return pb.Allocation(
        person_id=person.id,
        full_name=given.member.full_name,
        unit_id=given.member.unit_id,
        grade=GRADES[person.grade],
        score=_text(person.score),
        salary_coefficient=_text(person.salary_coefficient),
        worked_half_days=person.worked_half_days or 0,
        required_half_days=person.required_half_days or 0,
        amount=given.amount,
    )


def allocation_line(row: Sequence[Any]) -> pb.Allocation:
    """Return the same from a stored row, as :func:`reward.storage.runs.lines` gives it."""
    person_id, full_name, unit_id, grade, score, salary, worked, required, amount = row
    return pb.Allocation(
        person_id=person_id,
        full_name=full_name,
        unit_id=unit_id,
        grade=_NUMBERS[grade],
        score=score or "",
        salary_coefficient=salary or "",
        worked_half_days=worked or 0,
        required_half_days=required or 0,
        amount=amount,
    )


def entry(given: Line) -> pb.Entry:
    return pb.Entry(
        position=given.position,
        posting_id=given.posting_id,
        account=given.account,
        amount=given.amount,
        memo=given.memo,
        posted_at=timestamp(given.posted_at),
    )


def verdict(given: Verdict, most: int) -> pb.CheckProposalResponse:
    return pb.CheckProposalResponse(
        fair=given.fair,
        violations=[
            pb.Violation(rule=each.clause.value, person_ids=each.person_ids, detail=each.en)
            for each in given.violations[:most]
        ],
        violation_count=given.total,
    )


def adjustment(
    was: Allocated, now: Allocated, decision_id: str, given: Adjustment
) -> pb_adjustments.Adjustment:
    return pb_adjustments.Adjustment(
        person_id=given.person_id,
        full_name=was.member.full_name,
        grade_before=GRADES[was.member.person.grade],
        grade_after=GRADES[now.member.person.grade],
        before=given.before,
        after=given.after,
        difference=given.difference,
        decision_id=decision_id,
    )


def _text(value: Decimal | None) -> str:
    return "" if value is None else format(value, "f")
