"""A plan's way: written, submitted, approved or returned, amended (R-4, R-5, R-7, R-9)."""

import grpc
import pytest
from sqlalchemy import text

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED


def versions(ward: Ward, person_id: str) -> list[tuple[int, int, int]]:
    reply = ward.clerk.ListPlanVersions(
        pb.ListPlanVersionsRequest(ward_id=ward.id, person_id=person_id, month=MONTH)
    )
    return [(each.version, each.state, len(each.tasks)) for each in reply.plans]


def returns(ward: Ward, by: str, person_id: str, reason: str = "chưa rõ sản phẩm") -> pb.Plan:
    reply: pb.ReturnPlanResponse = ward.as_(by).ReturnPlan(
        pb.ReturnPlanRequest(ward_id=ward.id, month=MONTH, person_id=person_id, reason=reason)
    )
    return reply.plan


def test_a_task_takes_its_coefficient_from_the_catalogue_and_keeps_it(ward: Ward) -> None:
    plan = ward.saves("an", message("T1"), message("T2", catalogue_code="", name="Việc khác"))
    first, second = plan.tasks
    assert (first.coefficient, first.name, first.output) == ("12.00", "Báo cáo định kỳ", "Văn bản")
    assert (second.coefficient, second.output) == ("", "")
    assert (plan.version, plan.state, plan.plan_id, plan.unit_id) == (
        1,
        pb.PLAN_STATE_DRAFT,
        "an:2026-03",
        "vp",
    )
    code, reason, facts = refused(ward.saves, "an", message("T1", coefficient="11"))
    assert (code, reason, facts["field"]) == (INVALID, "BAD_PLAN", "tasks[0].coefficient")


def test_a_later_catalogue_leaves_assigned_tasks_alone(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    ward.saves("binh", message("T1"))
    pages = ward.organization()
    dearer = [{**each, "points": each["points"] * 2} for each in pages["catalogue"][1:]]
    pages["ward"] = [{**pages["ward"][0], "decision": "300/QĐ-UBND"}]
    assert ward.imports(ward=pages["ward"], catalogue=dearer).applied
    plan = ward.saves("an", message("T1", quantity="3"), message("T2"))
    assert [each.coefficient for each in plan.tasks] == ["12.00", "24.00"]
    # A draft is not assigned yet.
    assert [each.coefficient for each in ward.saves("binh", message("T1")).tasks] == ["24.00"]


def test_a_plan_goes_from_draft_to_force_and_is_announced(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    assert ward.submits("an", by=ward.as_("an")) == 1
    assert ward.plan("an").state == pb.PLAN_STATE_SUBMITTED
    assert ward.approves(ward.as_("deputy"), "an") == 1
    plan = ward.plan("an")
    assert (plan.state, plan.decided_by) == (pb.PLAN_STATE_APPROVED, "deputy")
    [event] = ward.events(events.PlanApproved)
    assert (event.plan_id, event.version, event.approved_by) == ("an:2026-03", 1, "deputy")
    assert (event.work.person_id, event.work.revision) == ("an", plan.revision)
    assert event.approved_at == plan.decided_at


def test_what_is_done_already_is_not_done_twice(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    revision = ward.plan("an").revision
    assert ward.submits("an") == 0
    assert ward.approves(ward.as_("deputy"), "an") == 0
    assert ward.approves(ward.as_("deputy")) == 0
    ward.saves("an", message("T1"))
    assert ward.plan("an").revision == revision
    assert len(ward.events(events.PlanApproved)) == 1


def test_the_six_clears_are_asked_for_by_task_and_part(ward: Ward) -> None:
    bare = pb.Task(task_id="T2", kind=types.TASK_KIND_PLANNED)
    ward.saves("an", message("T1", authority=""), bare)
    code, reason, facts = refused(ward.submits, "an", by=ward.as_("an"))
    assert (code, reason, facts["field"], facts["count"]) == (INVALID, "SIX_CLEARS", "an.T1.authority", "8")
    for part in ("name", "due_on", "responsibility", "output", "authority", "quantity", "coefficient"):
        assert f"an.T2.{part}: lacks" in facts["problems_en"]
    assert "rõ trách nhiệm" in facts["problems_vi"]
    assert ward.plan("an").state == pb.PLAN_STATE_DRAFT


def test_one_bad_draft_stops_a_joint_submission_and_is_named(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    ward.saves("binh", message("T1", responsibility=""))
    _, reason, facts = refused(ward.submits, all=True)
    assert (reason, facts["field"]) == ("SIX_CLEARS", "binh.T1.responsibility")
    assert ward.plan("an").state == pb.PLAN_STATE_DRAFT
    ward.saves("binh", message("T1"))
    assert ward.submits(unit_id="vp") == 2
    assert ward.submits(unit_id="school") == 0


def test_a_plan_without_tasks_is_not_submitted(ward: Ward) -> None:
    ward.saves("an")
    assert refused(ward.submits, "an")[1] == "SIX_CLEARS"


@pytest.mark.parametrize(
    ("kind", "given", "field"),
    [
        (types.TASK_KIND_TAKEN_OVER, {}, "counterpart_id"),
        (types.TASK_KIND_HANDED_OVER, {"reason": "ốm"}, "counterpart_id"),
        (types.TASK_KIND_HANDED_OVER, {"counterpart_id": "binh"}, "reason"),
        (types.TASK_KIND_WITHDRAWN, {"counterpart_id": "boss"}, "reason"),
        (types.TASK_KIND_WITHDRAWN, {"reason": "hoãn"}, "counterpart_id"),
    ],
)
def test_kinds_ask_for_the_colleague_the_authority_and_the_reason(
    ward: Ward, kind: types.TaskKind, given: dict[str, str], field: str
) -> None:
    ward.saves("an", message("T1", kind=kind, **given))
    assert refused(ward.submits, "an")[2]["field"] == f"an.T1.{field}"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"due_on": "2026-02-24"}, "due_on"),
        ({"due_on": "2026-03-25"}, "due_on"),
        ({"due_on": "25/03/2026"}, "due_on"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"quantity": "NaN"}, "quantity"),
        ({"quantity": "1.2345"}, "quantity"),
        ({"quantity": "1e3"}, "quantity"),
        ({"kind": types.TASK_KIND_UNSPECIFIED}, "kind"),
        ({"kind": 77}, "kind"),
        ({"catalogue_code": "DC.99"}, "catalogue_code"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "x" * 1001}, "name"),
        ({"counterpart_id": "binh"}, "counterpart_id"),
        ({"kind": types.TASK_KIND_TAKEN_OVER, "counterpart_id": "an"}, "counterpart_id"),
        ({"kind": types.TASK_KIND_TAKEN_OVER, "counterpart_id": "ghost"}, "counterpart_id"),
        ({"kind": types.TASK_KIND_WITHDRAWN, "counterpart_id": "binh"}, "counterpart_id"),
        ({"task_id": "T 1"}, "task_id"),
        ({"task_id": ""}, "task_id"),
    ],
)
def test_what_a_draft_may_not_say(ward: Ward, given: dict[str, object], field: str) -> None:
    code, _, facts = refused(ward.saves, "an", message("T0"), message(**{"task_id": "T1"} | given))
    assert (code, facts["field"]) == (INVALID, f"tasks[1].{field}")


def test_a_plan_has_no_task_twice_and_at_most_two_hundred(ward: Ward) -> None:
    assert refused(ward.saves, "an", message("T1"), message("T1"))[2]["field"] == "tasks[1].task_id"
    many = [message(f"T{each}") for each in range(201)]
    assert refused(ward.saves, "an", *many)[1] == "TOO_MANY"
    assert ward.saves("an", *many[:200]).task_count == 200


def test_a_submitted_plan_stands_still_until_it_is_returned(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    ward.submits("an")
    assert refused(ward.saves, "an", message("T2"))[:2] == (BLOCKED, "PLAN_SUBMITTED")
    plan = returns(ward, "deputy", "an")
    assert (plan.state, plan.reason, plan.decided_by) == (
        pb.PLAN_STATE_RETURNED,
        "chưa rõ sản phẩm",
        "deputy",
    )
    [event] = ward.events(events.PlanReturned)
    assert (event.person_id, event.month, event.version, event.returned_by, event.reason) == (
        "an",
        MONTH,
        1,
        "deputy",
        "chưa rõ sản phẩm",
    )
    assert refused(ward.submits, "an")[:2] == (BLOCKED, "NOTHING_TO_SUBMIT")
    ward.saves("an", message("T1"), message("T2"))
    ward.submits("an")
    ward.approves(ward.as_("deputy"))
    assert versions(ward, "an") == [(1, pb.PLAN_STATE_RETURNED, 1), (2, pb.PLAN_STATE_APPROVED, 2)]


def test_only_a_submitted_plan_is_approved_or_returned(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    assert refused(ward.approves, ward.as_("deputy"), "an")[:2] == (BLOCKED, "NOT_SUBMITTED")
    assert refused(returns, ward, "deputy", "an")[:2] == (BLOCKED, "NOT_SUBMITTED")
    ward.submits("an")
    assert refused(returns, ward, "deputy", "an", " ")[:2] == (INVALID, "REASON_MISSING")
    unplanned = refused(ward.approves, ward.as_("deputy"), "binh")
    assert unplanned[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_PLAN")


def test_an_approved_plan_changes_only_by_an_amendment_that_is_approved_again(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    ward.records("an", pb.TaskResult(task_id="T1", accepted="1"))
    ward.saves("an", message("T1", quantity="4"), message("T2"))
    assert len(ward.events(events.PlanApproved)) == 1
    # What is owed meanwhile is the version in force: 2, not 4.
    code, reason, _ = refused(ward.records, "an", pb.TaskResult(task_id="T1", accepted="3"))
    assert (code, reason) == (INVALID, "BAD_RESULTS")
    ward.submits("an")
    ward.approves(ward.as_("deputy"))
    assert versions(ward, "an") == [(1, pb.PLAN_STATE_SUPERSEDED, 1), (2, pb.PLAN_STATE_APPROVED, 2)]
    first, second = ward.events(events.PlanApproved)
    assert second.work.revision > first.work.revision
    assert [(each.assigned, each.accepted) for each in second.work.lines] == [("4", "1"), ("2", "0")]


def test_an_amendment_does_not_lose_what_was_accepted(ward: Ward) -> None:
    ward.in_force("an", message("T1"), message("T2"))
    ward.records("an", pb.TaskResult(task_id="T1", accepted="2"))
    _, reason, facts = refused(ward.saves, "an", message("T2"))
    assert (reason, facts["field"]) == ("BAD_PLAN", "T1")
    assert refused(ward.saves, "an", message("T1", quantity="1"))[2]["field"] == "tasks[0].accepted"
    handed = message("T1", kind=types.TASK_KIND_HANDED_OVER, counterpart_id="binh", reason="x")
    assert refused(ward.saves, "an", handed)[2]["field"] == "tasks[0].accepted"
    ward.saves("an", message("T1"))


def test_an_amendment_that_results_overtook_is_not_approved(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    ward.saves("an", message("T1", quantity="1"))
    ward.submits("an")
    ward.records("an", pb.TaskResult(task_id="T1", accepted="2"))
    code, reason, facts = refused(ward.approves, ward.as_("deputy"), "an")
    assert (code, reason, facts["field"]) == (INVALID, "BAD_PLAN", "an.tasks[0].accepted")


def test_a_plan_is_changed_only_as_it_was_seen(ward: Ward) -> None:
    seen = ward.saves("an", message("T1"))
    ward.saves("an", message("T1"), message("T2"), expected_revision=seen.revision)
    code, reason, _ = refused(ward.saves, "an", message("T3"), expected_revision=seen.revision)
    assert (code, reason) == (grpc.StatusCode.ABORTED, "PLAN_CHANGED")
    assert ward.saves("an", message("T3")).task_count == 1


def test_a_plan_sent_twice_is_saved_once(ward: Ward) -> None:
    first = ward.saves("an", message("T1"), request_id="r1")
    assert ward.saves("an", message("T1"), request_id="r1") == first
    assert refused(ward.saves, "an", message("T2"), request_id="r1")[1] == "REQUEST_ID_REUSED"


def test_a_decided_month_is_closed(ward: Ward) -> None:
    ward.in_force("an", message("T1"))
    ward.decided("an")
    ward.decided("an")
    assert refused(ward.saves, "an", message("T2"))[:2] == (BLOCKED, "MONTH_DECIDED")
    result = pb.TaskResult(task_id="T1", accepted="1")
    assert refused(ward.records, "an", result)[:2] == (BLOCKED, "MONTH_DECIDED")
    time = pb.WorkingTime(person_id="an", required_half_days=44, worked_half_days=44)
    request = pb.RecordWorkingTimeRequest(ward_id=ward.id, month=MONTH, entries=[time])
    assert refused(ward.clerk.RecordWorkingTime, request)[:2] == (BLOCKED, "MONTH_DECIDED")
    ward.saves("binh", message("T1"))


def test_a_decided_month_stops_nobody_else(ward: Ward) -> None:
    for person_id in ("an", "binh"):
        ward.in_force(person_id, message("T1"))
        ward.saves(person_id, message("T1"), message("T2"))
    ward.decided("an")
    assert ward.submits(all=True) == 1
    ward.saves("deputy", message("T1"))
    ward.submits("deputy")
    ward.decided("deputy")
    assert ward.approves(ward.as_("deputy")) == 1
    assert ward.approves(ward.as_("boss")) == 0
    assert refused(ward.approves, ward.as_("boss"), "deputy")[:2] == (BLOCKED, "MONTH_DECIDED")


def test_a_decision_that_comes_before_everything_closes_all_the_same(ward: Ward) -> None:
    ward.decided("an")
    assert refused(ward.saves, "an", message("T2"))[:2] == (BLOCKED, "MONTH_DECIDED")


def test_december_ends_on_its_cut_off_and_the_rest_is_january(ward: Ward) -> None:
    ward.saves("an", message("T1", due_on="2026-12-08"), month="2026-12")
    _, _, facts = refused(ward.saves, "an", message("T1", due_on="2026-12-09"), month="2026-12")
    assert "2026-11-25 to 2026-12-08" in facts["problems_en"]
    ward.saves("an", message("T1", due_on="2026-12-09"), month="2027-01")
    row = ward.row(window_rule="calendar", december_cut_off=12)
    assert ward.imports(ward=[row]).applied
    ward.saves("an", message("T1", due_on="2026-12-12"), month="2026-12")
    ward.saves("an", message("T1", due_on="2026-03-31"))


def test_another_window_counts_from_the_month_of_its_import_on(ward: Ward) -> None:
    """R-9: months that were planned under the rule before keep theirs, and no day is left out."""
    row = ward.row(window_rule="calendar", december_cut_off=12)
    assert ward.imports(month="2026-04", ward=[row]).applied

    _, _, facts = refused(ward.saves, "an", message("T1", due_on="2026-03-25"))
    assert "2026-02-25 to 2026-03-24" in facts["problems_en"]
    ward.saves("an", message("T1", due_on="2026-03-25"), month="2026-04")
    ward.saves("an", message("T1", due_on="2026-04-30"), month="2026-04")
    # A file of an earlier month that says nothing of it changes nothing.
    assert ward.imports(ward=[ward.row()]).applied
    ward.saves("an", message("T2", due_on="2026-05-31"), month="2026-05")


def test_a_ward_that_the_version_before_registers_is_known_and_counts_as_it_says(empty: Ward) -> None:
    """During an upgrade both versions write: what one of them keeps, the other reads."""
    with empty.service.sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO ward (ward_id, name, city, window_rule, december_cut_off, annual_leave_counts,"
                " acceptance_date_required, revision) VALUES (:id, 'x', 'x', 'calendar', 12, :no, :no, 1)"
            ),
            {"id": empty.id, "no": False},
        )
    row = empty.row(name="x", city="x")
    pages = empty.organization() | {"ward": [empty.organization()["ward"][0] | row]}
    assert empty.imports(**pages).applied

    empty.saves("an", message("T1", due_on="2026-12-12"), month="2026-12")
    empty.saves("an", message("T1", due_on="2026-03-31"))


def test_lists_go_by_pages_and_filters(ward: Ward) -> None:
    for person_id in ("an", "binh", "deputy", "lan"):
        ward.saves(person_id, message("T1"))
    ward.submits("an", "lan")

    def listed(**given: object) -> list[str]:
        token, found = "", []
        while True:
            request = pb.ListPlansRequest(
                **{"ward_id": ward.id, "month": MONTH, "page_size": 1, "page_token": token} | given
            )
            reply = ward.clerk.ListPlans(request)
            found += [each.person_id for each in reply.plans]
            assert all(not each.tasks and each.task_count == 1 for each in reply.plans)
            token = reply.next_page_token
            if not token:
                return found

    assert listed() == ["an", "binh", "deputy", "lan"]
    assert listed(unit_id="vp") == ["an", "binh", "deputy"]
    assert listed(state=pb.PLAN_STATE_SUBMITTED) == ["an", "lan"]
    assert listed(unit_id="vp", state=pb.PLAN_STATE_SUBMITTED) == ["an"]
    assert listed(month="2026-04") == []
