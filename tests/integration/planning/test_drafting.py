"""Copied plans and templates through planning's door (R-3, R-5)."""

from decimal import Decimal
from typing import Any

import grpc
import pytest

from kpi.planning.v1 import drafting_pb2
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from support.service import Caller

from .ward import MONTH, Ward, message, refused

NEXT = "2026-04"
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED


def copies(ward: Ward, by: Caller | None = None, **given: Any) -> drafting_pb2.CopyPlanResponse:
    request = drafting_pb2.CopyPlanRequest(**{"ward_id": ward.id, "person_id": "an", "month": NEXT} | given)
    reply: drafting_pb2.CopyPlanResponse = (by or ward.as_("an")).CopyPlan(request)
    return reply


def of_next(ward: Ward, person_id: str = "an") -> pb.Plan:
    request = pb.GetPlanRequest(ward_id=ward.id, month=NEXT, person_id=person_id)
    reply: pb.GetPlanResponse = ward.clerk.GetPlan(request)
    return reply.plan


def applies(ward: Ward, by: Caller, *person_ids: str, tasks: list[pb.Task]) -> int:
    request = pb.ApplyTemplateRequest(ward_id=ward.id, month=MONTH, person_ids=person_ids, tasks=tasks)
    reply: pb.ApplyTemplateResponse = by.ApplyTemplate(request)
    return reply.count


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """An's March is in force, and another catalogue is in force from April on, without DC.16."""
    ward.takes_over("binh", "an")
    ward.in_force(
        "an",
        message("T1"),
        message("T2", kind=types.TASK_KIND_EXTRA),
        message("T3", kind=types.TASK_KIND_HANDED_OVER, counterpart_id="binh", reason="x"),
        message("T4", catalogue_code="", name="Việc khác", output="Văn bản", coefficient="2.5"),
        message("T5", catalogue_code="DC.16", due_on="2026-02-26"),
        message("T6", catalogue_code="DC.01", due_on="2026-02-26"),
    )
    entries = [
        {
            "code": code,
            "task": "Việc",
            "output": "Văn bản",
            "complexity_group": "N1",
            "points": Decimal(points),
        }
        for code, points in (("DC.01", 10), ("DC.05", 75))
    ]
    row = ward.row(standard_points=Decimal(5), decision="300/QĐ-UBND", proposed_by="vp")
    done = ward.imports(month=NEXT, ward=[row], catalogue=entries)
    assert done.applied, done.errors
    return ward


def test_a_copy_takes_planned_work_with_new_deadlines_and_coefficients(planned: Ward) -> None:
    reply = copies(planned)
    assert (reply.count, list(reply.left_out)) == (3, ["T5"])
    found = of_next(planned)
    assert (found.state, found.revision) == (pb.PLAN_STATE_DRAFT, reply.revision)
    assert [(each.task_id, each.due_on, each.coefficient, each.quantity) for each in found.tasks] == [
        ("T1", "2026-04-20", "15.00", "2"),
        ("T4", "2026-04-20", "2.5", "2"),
        ("T6", "2026-03-26", "2.00", "2"),
    ]
    assert planned.plan("an").tasks[0].coefficient == "12.00"


def test_a_copy_again_changes_nothing_and_overwrites_nothing(planned: Ward) -> None:
    first = copies(planned)
    assert copies(planned, planned.clerk).revision == first.revision
    request = pb.SavePlanRequest(
        ward_id=planned.id, person_id="an", month=NEXT, tasks=[message("T9", due_on="2026-04-10")]
    )
    planned.as_("an").SavePlan(request)
    assert refused(copies, planned)[:2] == (BLOCKED, "PLAN_THERE")
    assert [each.task_id for each in of_next(planned).tasks] == ["T9"]


def test_what_is_not_copied(planned: Ward) -> None:
    assert refused(copies, planned, planned.as_("binh"))[:2] == (DENIED, "NOT_OWN_PLAN")
    assert refused(copies, planned, planned.clerk, person_id="deputy")[1] == "UNKNOWN_PLAN"
    assert refused(copies, planned, planned.clerk, person_id="ghost")[1] == "UNKNOWN_PERSON"
    assert refused(copies, planned, from_month=NEXT)[1] == "NOT_EARLIER"


def test_a_template_adds_the_same_tasks_to_many_plans(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    ward.in_force("binh", message("T1"))
    tasks = [message("M1"), message("M2", quantity="5")]
    assert applies(ward, ward.as_("deputy"), "an", "binh", "an", tasks=tasks) == 2
    for who in ("an", "binh"):
        found = ward.plan(who)
        assert found.state == pb.PLAN_STATE_DRAFT
        assert [(each.task_id, each.coefficient) for each in found.tasks] == [
            ("M1", "12.00"),
            ("M2", "12.00"),
            ("T1", "12.00"),
        ]
    assert ward.plan("binh").version == 2
    assert applies(ward, ward.clerk, "an", "binh", "lan", tasks=tasks) == 1


def test_a_template_is_taken_by_all_or_by_nobody(ward: Ward) -> None:
    ward.saves("binh", message("M1", quantity="9"))
    code, reason, facts = refused(applies, ward, ward.clerk, "an", "binh", tasks=[message("M1")])
    assert (code, reason, facts["field"]) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "BAD_PLAN",
        "binh.tasks[0].task_id",
    )
    for tasks, reason in (
        ([message("M2", due_on="2026-05-01")], "BAD_PLAN"),
        ([message("M2"), message("M2")], "BAD_PLAN"),
        ([], "NOBODY_NAMED"),
    ):
        assert refused(applies, ward, ward.clerk, "an", "binh", tasks=tasks)[1] == reason
    ward.submits("binh")
    assert refused(applies, ward, ward.clerk, "an", "binh", tasks=[message("M2")])[1] == "PLAN_SUBMITTED"
    assert refused(applies, ward, ward.clerk, "an", "ghost", tasks=[message("M2")])[1] == "UNKNOWN_PERSON"
    request = pb.GetPlanRequest(ward_id=ward.id, month=MONTH, person_id="an")
    assert refused(ward.clerk.GetPlan, request)[1] == "UNKNOWN_PLAN"


def test_a_template_is_for_those_whom_the_caller_leads(ward: Ward) -> None:
    tasks = [message("M1")]
    assert applies(ward, ward.as_("boss"), "an", "deputy", tasks=tasks) == 2
    for who, whose in (("head", "an"), ("an", "binh"), ("deputy", "boss")):
        found = refused(applies, ward, ward.as_(who), whose, tasks=tasks)
        assert found[:2] == (DENIED, "NOT_OWN_PLAN")
