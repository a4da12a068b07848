"""Units' month plans through planning's door (R-4, R-5)."""

import json
from datetime import date
from typing import Any

import grpc
import pytest

from kpi.operations.v1 import audit_pb2
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1 import unit_plans_pb2 as units
from kpi.types.v1 import types_pb2 as types
from support.service import Caller

from .ward import MONTH, PEOPLE, Ward, message, person, refused
from .ward import task as sheet_task

BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
INVALID = grpc.StatusCode.INVALID_ARGUMENT


def item(item_id: str, **given: Any) -> units.UnitItem:
    return units.UnitItem(
        **{
            "item_id": item_id,
            "name": "Tổng kết quý I",
            "lead_person_id": "deputy",
            "due_on": "2026-03-20",
            "responsibility": "Chủ trì",
            "output": "Báo cáo",
            "authority": "Chủ tịch UBND",
        }
        | given
    )


class UnitPlans:
    """The plan of the office, as people write and read it."""

    def __init__(self, ward: Ward) -> None:
        self.ward = ward

    def of(self, unit_id: str = "vp") -> dict[str, str]:
        return {"ward_id": self.ward.id, "unit_id": unit_id, "month": MONTH}

    def saves(self, by: str | Caller, *items: units.UnitItem, **given: Any) -> units.UnitPlan:
        request = units.SaveUnitPlanRequest(**{**self.of(), "items": items} | given)
        reply: units.SaveUnitPlanResponse = self._(by).SaveUnitPlan(request)
        return reply.plan

    def submits(self, by: str | Caller) -> units.UnitPlan:
        reply: units.SubmitUnitPlanResponse = self._(by).SubmitUnitPlan(
            units.SubmitUnitPlanRequest(**self.of())
        )
        return reply.plan

    def approves(self, by: str | Caller, unit_id: str = "vp") -> units.UnitPlan:
        reply: units.ApproveUnitPlanResponse = self._(by).ApproveUnitPlan(
            units.ApproveUnitPlanRequest(**self.of(unit_id))
        )
        return reply.plan

    def returns(self, by: str | Caller, reason: str) -> units.UnitPlan:
        reply: units.ReturnUnitPlanResponse = self._(by).ReturnUnitPlan(
            units.ReturnUnitPlanRequest(**self.of(), reason=reason)
        )
        return reply.plan

    def shown(self, by: str | Caller) -> units.UnitPlan:
        reply: units.GetUnitPlanResponse = self._(by).GetUnitPlan(units.GetUnitPlanRequest(**self.of()))
        return reply.plan

    def in_force(self, *items: units.UnitItem) -> units.UnitPlan:
        self.saves("boss", *items)
        self.submits("boss")
        return self.approves(self.ward.organizer)

    def _(self, by: str | Caller) -> Caller:
        return self.ward.as_(by) if isinstance(by, str) else by


@pytest.fixture
def plans(ward: Ward) -> UnitPlans:
    return UnitPlans(ward)


def test_a_unit_plan_is_written_submitted_and_approved(plans: UnitPlans) -> None:
    draft = plans.saves("boss", item("V1"), item("V2", lead_person_id="", lead_unit_id="vp"))
    assert (draft.version, draft.state, draft.item_count) == (1, units.UNIT_PLAN_STATE_DRAFT, 2)
    assert plans.submits("deputy").state == units.UNIT_PLAN_STATE_SUBMITTED
    assert refused(plans.saves, "boss", item("V1"))[:2] == (BLOCKED, "UNIT_PLAN_SUBMITTED")
    approved = plans.approves(plans.ward.organizer)
    assert (approved.state, approved.in_force_version, approved.decided_by) == (
        units.UNIT_PLAN_STATE_APPROVED,
        1,
        "organizer",
    )
    assert [each.item_id for each in plans.shown("lan").items] == ["V1", "V2"]


def test_an_item_names_the_six_clears(plans: UnitPlans) -> None:
    """R-4: person, work, time, responsibility, output, authority."""
    plans.saves("boss", item("V1"), units.UnitItem(item_id="V2", name="Việc"))
    code, reason, facts = refused(plans.submits, "boss")
    assert (code, reason, facts["count"]) == (INVALID, "UNIT_SIX_CLEARS", "5")
    for part in ("lead_person_id", "due_on", "responsibility", "output", "authority"):
        assert f"V2.{part}" in facts["problems_en"]


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"due_on": "2026-03-25"}, "items[0].due_on"),
        ({"lead_person_id": "ghost"}, "items[0].lead_person_id"),
        ({"lead_unit_id": "ghost"}, "items[0].lead_unit_id"),
        ({"item_id": "a b"}, "items[0].item_id"),
    ],
)
def test_what_an_item_does_not_say(plans: UnitPlans, wrong: dict[str, str], place: str) -> None:
    code, reason, facts = refused(
        plans.saves, "boss", item("V1", **wrong) if "item_id" not in wrong else item(wrong["item_id"])
    )
    assert (code, reason, facts["field"]) == (INVALID, "BAD_UNIT_PLAN", place)


def test_an_amendment_is_approved_again_and_every_version_is_kept(plans: UnitPlans) -> None:
    """R-5."""
    first = plans.in_force(item("V1"))
    draft = plans.saves("boss", item("V1", output="Tờ trình"), item("V2"), expected_revision=first.revision)
    assert (draft.version, draft.state, draft.in_force_version) == (2, units.UNIT_PLAN_STATE_DRAFT, 1)
    stale = refused(plans.saves, "boss", item("V1"), expected_revision=first.revision)
    assert stale[:2] == (grpc.StatusCode.ABORTED, "UNIT_PLAN_CHANGED")
    plans.submits("boss")
    assert refused(plans.returns, plans.ward.organizer, " ")[1] == "REASON_MISSING"
    assert plans.returns(plans.ward.organizer, "thiếu việc").reason == "thiếu việc"
    assert refused(plans.submits, "boss")[1] == "UNIT_PLAN_RETURNED"
    plans.saves("boss", item("V1", output="Tờ trình"), item("V3"))
    plans.submits("boss")
    assert plans.approves(plans.ward.organizer).version == 3
    versions = plans.ward.as_("an").ListUnitPlanVersions(units.ListUnitPlanVersionsRequest(**plans.of()))
    assert [(each.version, each.state) for each in versions.plans] == [
        (1, units.UNIT_PLAN_STATE_SUPERSEDED),
        (2, units.UNIT_PLAN_STATE_RETURNED),
        (3, units.UNIT_PLAN_STATE_APPROVED),
    ]
    diff = plans.ward.as_("an").DiffUnitPlanVersions(
        units.DiffUnitPlanVersionsRequest(**plans.of(), from_version=1)
    )
    assert [(each.line_id, [part.part for part in each.parts][:1]) for each in diff.changes] == [
        ("V1", ["output"]),
        ("V3", ["item_id"]),
    ]


def test_who_writes_and_who_approves(plans: UnitPlans) -> None:
    for who in ("an", "head"):
        assert refused(plans.saves, who, item("V1"))[:2] == (DENIED, "NOT_YOUR_UNIT")
    plans.saves(plans.ward.clerk, item("V1"))
    assert refused(plans.submits, "an")[1] == "NOT_YOUR_UNIT"
    plans.submits("boss")
    # The head of the office is led by nobody in the ward: the organizer approves, never the head himself.
    for who in ("boss", "deputy", "head"):
        assert refused(plans.approves, who)[:2] == (DENIED, "NOT_ABOVE_UNIT")
    assert refused(plans.approves, plans.ward.organizer, "ghost")[1] == "UNKNOWN_UNIT"
    both = plans.ward.as_("boss", "organizer")
    assert refused(plans.approves, both)[1] == "NOT_ABOVE_UNIT"
    assert plans.approves(plans.ward.organizer).state == units.UNIT_PLAN_STATE_APPROVED


def test_the_superior_of_the_head_approves(ward: Ward) -> None:
    done = ward.imports(
        people=[
            {
                "person_id": "head", "full_name": "Hiệu trưởng", "unit_id": "school", "role": "leader",
                "post": "unit_head", "title": "Hiệu trưởng", "personnel_type": "public_employee",
                "salary_coefficient": 5, "duty_group": "x", "in_charge_ids": ("lan",), "superior_id": "boss",
            },
            {
                "person_id": "boss", "full_name": "Chánh", "unit_id": "vp", "role": "leader",
                "post": "unit_head", "title": "Chánh", "personnel_type": "civil_servant",
                "salary_coefficient": 5, "duty_group": "x", "in_charge_ids": ("deputy", "an", "binh", "head"),
            },
        ]
    )  # fmt: skip
    assert done.applied, done.errors
    plans = UnitPlans(ward)
    plans.saves("head", item("S1", lead_person_id="lan"), unit_id="school")
    ward.as_("boss").SubmitUnitPlan(units.SubmitUnitPlanRequest(**plans.of("school")))
    assert refused(plans.approves, ward.organizer, "school")[1] == "NOT_ABOVE_UNIT"
    assert plans.approves("boss", "school").decided_by == "boss"
    [asked], [answered] = ward.events(events.UnitPlanSubmitted), ward.events(events.UnitPlanAnswered)
    assert (asked.unit_name, asked.submitted_by, asked.approver_ids) == ("Trường Tiểu học", "boss", ["boss"])
    assert (asked.plan.unit_id, asked.plan.version, asked.plan.item_count) == ("school", 1, 1)
    assert (answered.plan.state, answered.plan.decided_by, answered.leader_ids) == (
        units.UNIT_PLAN_STATE_APPROVED,
        "boss",
        ["head"],
    )


def test_a_submitted_plan_and_its_answer_are_announced_once(plans: UnitPlans) -> None:
    """R-5, R-42: those who approve and those who lead the unit are to be told."""
    plans.saves("boss", item("V1"))
    for _ in range(2):
        plans.submits("deputy")
    plans.returns(plans.ward.organizer, "thiếu việc")
    [asked], [answered] = (
        plans.ward.events(events.UnitPlanSubmitted),
        plans.ward.events(events.UnitPlanAnswered),
    )
    # Nobody in the ward leads the head of the office: the organizer approves.
    assert (asked.submitted_by, list(asked.approver_ids)) == ("deputy", [])
    assert asked.plan.state == units.UNIT_PLAN_STATE_SUBMITTED
    assert (answered.plan.state, answered.plan.reason) == (units.UNIT_PLAN_STATE_RETURNED, "thiếu việc")
    assert list(answered.leader_ids) == ["boss", "deputy"]


def test_items_show_the_tasks_under_them_and_how_far_they_are(plans: UnitPlans) -> None:
    ward = plans.ward
    plans.in_force(item("V1"), item("V2"))
    ward.in_force(
        "an",
        message("T1", unit_item_id="V1"),
        message("T2", unit_item_id="V1", quantity="1"),
        message("T3"),
    )
    ward.in_force("binh", message("T1", unit_item_id="V1", kind=types.TASK_KIND_EXTRA, quantity="1"))
    ward.records("an", pb.TaskResult(task_id="T1", accepted="1"), pb.TaskResult(task_id="T2", accepted="1"))
    ward.records("binh", pb.TaskResult(task_id="T1", accepted="1"))
    first, second = plans.shown("boss").items
    assert (first.task_count, first.finished_count, first.assigned, first.done) == (3, 2, "36.00", "36.00")
    assert [(each.person_id, each.task_id, each.accepted) for each in first.tasks] == [
        ("an", "T1", "1"),
        ("an", "T2", "1"),
        ("binh", "T1", "1"),
    ]
    assert (second.task_count, second.assigned, len(second.tasks)) == (0, "0", 0)
    # What the unit does is for everybody; single tasks for those who may see the person's plan.
    seen = plans.shown("an").items[0]
    assert (seen.task_count, {each.person_id for each in seen.tasks}) == (3, {"an"})
    assert not plans.shown("lan").items[0].tasks


def test_a_task_is_linked_to_an_item_of_its_own_unit(plans: UnitPlans) -> None:
    plans.in_force(item("V1"))
    for who in ("an", "lan"):
        found = refused(plans.ward.saves, who, message("T1", unit_item_id="V9" if who == "an" else "V1"))
        assert (found[1], found[2]["field"]) == ("BAD_PLAN", "tasks[0].unit_item_id")
    plans.ward.in_force("an", message("T1", unit_item_id="V1"))
    # An item that a later version drops leaves what was agreed with people as it is.
    plans.in_force(item("V2"))
    assert plans.ward.saves("an", message("T1", unit_item_id="V1", quantity="3")).version == 2


def test_the_ward_sees_where_every_units_plan_stands(plans: UnitPlans) -> None:
    plans.in_force(item("V1"))
    plans.saves("boss", item("V1"), item("V2"))
    request = units.ListUnitPlansRequest(ward_id=plans.ward.id, month=MONTH, page_size=1)
    found = []
    while True:
        reply = plans.ward.as_("an").ListUnitPlans(request)
        found += [
            (each.unit_id, each.version, each.state, each.in_force_version, each.item_count, len(each.items))
            for each in reply.plans
        ]
        if not reply.next_page_token:
            break
        request.page_token = reply.next_page_token
    assert found == [
        ("school", 0, units.UNIT_PLAN_STATE_UNSPECIFIED, 0, 0, 0),
        ("vp", 2, units.UNIT_PLAN_STATE_DRAFT, 1, 2, 0),
    ]
    unknown = units.GetUnitPlanRequest(**plans.of("school"))
    assert refused(plans.ward.as_("an").GetUnitPlan, unknown)[1] == "UNKNOWN_UNIT_PLAN"


def test_next_months_plan_is_drafted_from_this_months(plans: UnitPlans) -> None:
    """R-5, R-9: deadlines move on by a month, within its window."""
    ward = plans.ward
    plans.in_force(item("V1"), item("V2", due_on="2026-02-26"), item("V3", lead_person_id="binh"))
    left = [each for each in PEOPLE if each["person_id"] == "binh"]
    assert ward.imports(month="2026-04", people=[person(**left[0], active="no")]).applied

    def copies(by: str = "boss", **given: Any) -> units.UnitPlan:
        request = units.CopyUnitPlanRequest(**{**plans.of(), "month": "2026-04"} | given)
        reply: units.CopyUnitPlanResponse = ward.as_(by).CopyUnitPlan(request)
        return reply.plan

    found = copies()
    assert (found.version, found.state) == (1, units.UNIT_PLAN_STATE_DRAFT)
    assert [(each.item_id, each.due_on, each.lead_person_id) for each in found.items] == [
        ("V1", "2026-04-20", "deputy"),
        ("V2", "2026-03-26", "deputy"),
        ("V3", "2026-04-20", ""),
    ]
    assert copies().revision == found.revision
    plans.saves("boss", item("V9", due_on="2026-04-10"), month="2026-04")
    assert refused(copies)[:2] == (BLOCKED, "UNIT_PLAN_THERE")
    assert refused(copies, "an")[1] == "NOT_YOUR_UNIT"
    assert refused(copies, month="2026-03")[1] == "UNKNOWN_UNIT_PLAN"
    assert refused(copies, from_month="2026-04")[1] == "NOT_EARLIER"


def row(item_id: str, **given: Any) -> dict[str, Any]:
    """A row of the sheet unit_plans."""
    return {
        "unit_id": "vp",
        "item_id": item_id,
        "name": "Tổng kết quý I",
        "lead_person_id": "deputy",
        "due_on": date(2026, 3, 20),
        "responsibility": "Chủ trì",
        "output": "Báo cáo",
        "authority": "Chủ tịch UBND",
    } | given


def test_the_workbook_holds_units_plans_and_the_tasks_under_them(plans: UnitPlans) -> None:
    ward = plans.ward
    pages = {
        "unit_plans": [row("V1"), row("V2", lead_person_id="", lead_unit_id="vp")],
        "tasks": [sheet_task("an", "T1", unit_item_id="V1"), sheet_task("an", "T2")],
    }
    done = ward.imports(**pages)
    assert done.applied, done.errors
    assert (done.rows["unit_plans"], plans.shown("boss").state) == (2, units.UNIT_PLAN_STATE_DRAFT)
    assert [each.unit_item_id for each in ward.plan("an").tasks] == ["V1", ""]
    revision = plans.shown("boss").revision
    assert ward.imports(**pages).applied
    # The same file changes nothing; without the column the link stays.
    assert ward.imports(tasks=[sheet_task("an", "T1"), sheet_task("an", "T2")]).applied
    assert (plans.shown("boss").revision, ward.plan("an").revision) == (revision, 1)
    plans.submits("boss")
    late = ward.imports(unit_plans=[row("V1")])
    assert [(each.sheet, each.row) for each in late.errors] == [("unit_plans", 2)]


def test_bad_cells_of_units_plans_are_all_told(plans: UnitPlans) -> None:
    done = plans.ward.imports(
        unit_plans=[
            row("V1", lead_person_id=""),
            row("V1"),
            row("V2", due_on=date(2026, 3, 25), lead_person_id="ghost"),
            row("V3", unit_id="ghost"),
            row("V4", output=""),
        ],
        tasks=[sheet_task("an", "T1", unit_item_id="V9"), sheet_task("binh", "T1", unit_item_id="V2")],
    )
    assert not done.applied
    assert sorted((each.sheet, each.row, each.column) for each in done.errors) == [
        ("tasks", 2, "Mã việc đơn vị"),
        ("unit_plans", 2, "Người chủ trì"),
        ("unit_plans", 3, "Mã việc"),
        ("unit_plans", 4, "Người chủ trì"),
        ("unit_plans", 4, "Thời hạn"),
        ("unit_plans", 5, "Mã đơn vị"),
        ("unit_plans", 6, "Sản phẩm"),
    ]


def test_the_log_says_who_approved_a_units_plan(plans: UnitPlans) -> None:
    """R-32."""
    plans.in_force(item("V1"))
    plans.saves(plans.ward.clerk, item("V1", output="Tờ trình"))
    auditor = plans.ward.service.operations_as("kt", "auditor", wards=(plans.ward.id,))
    request = audit_pb2.ListAuditEntriesRequest(ward_id=plans.ward.id, subject_id="vp", page_size=1000)
    found = [each for each in auditor.ListAuditEntries(request).entries if each.subject_kind == "unit_plan"]
    assert [(each.action, each.actor_id, each.authority_id) for each in found] == [
        ("save_unit_plan", "boss", "boss"),
        ("submit_unit_plan", "boss", "boss"),
        ("approve_unit_plan", "organizer", "@organizer"),
        ("save_unit_plan", "clerk", "@clerk"),
    ]
    assert json.loads(found[2].before) == {"version": 1, "state": "submitted"}
    assert json.loads(found[2].after) == {"version": 1, "state": "approved"}
    assert json.loads(found[3].after)["items"]["V1"]["output"] == "Tờ trình"
