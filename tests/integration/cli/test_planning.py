"""What the commands about weeks, units' plans and handovers send, and what they print."""

import json
from pathlib import Path
from typing import Any

from integration.cli.conftest import Kpi, Services
from kpi.planning.v1 import amendments_pb2 as amendments
from kpi.planning.v1 import unit_plans_pb2 as units
from kpi.planning.v1 import weeks_pb2 as weeks
from kpi.types.v1 import types_pb2 as types

MONTH = ("--month", "2026-03")
WEEK = ("--week", "2026-W12")


def the_week(**given: Any) -> weeks.Week:
    return weeks.Week(
        **{
            "person_id": "p-1",
            "week": "2026-W12",
            "first_on": "2026-03-16",
            "last_on": "2026-03-22",
            "entries": [
                weeks.WeekEntry(
                    month="2026-03", task_id="T2", name="Công văn", days=["2026-03-17"], edited=True
                ),
                weeks.WeekEntry(month="2026-03", task_id="T1", name="Báo cáo", days=["2026-03-20"]),
                weeks.WeekEntry(month="2026-03", task_id="T3", name="Tờ trình", days=["2026-03-21"]),
            ],
        }
        | given
    )


def test_a_week_with_its_days(services: Services, kpi: Kpi) -> None:
    services.answers["GetWeek"] = weeks.GetWeekResponse(week=the_week())

    ran = kpi("week", "show", "p-1", *WEEK, "--lang", "vi")

    assert ran.exit_code == 0
    assert [text for text in ("16/03/2026", "20/03/2026", "Báo cáo", "T2") if text not in ran.stdout] == []


def test_a_task_is_moved_and_what_was_put_by_hand_stays(services: Services, kpi: Kpi) -> None:
    services.answers["GetWeek"] = weeks.GetWeekResponse(week=the_week(revision=4))
    services.answers["SaveWeek"] = weeks.SaveWeekResponse(week=the_week(revision=5))

    ran = kpi("week", "move", "p-1", "T1", "2026-03-18", "2026-03-19", *WEEK, "--note", "cùng tổ 3")
    kpi("week", "move", "p-1", "T9", "2026-03-18", *WEEK)

    moved, added = services.requests("SaveWeek")
    assert ran.exit_code == 0
    assert (moved.expected_revision, bool(moved.request_id)) == (4, True)
    assert [(each.task_id, list(each.days), each.note) for each in moved.entries] == [
        ("T2", ["2026-03-17"], ""),
        ("T1", ["2026-03-18", "2026-03-19"], "cùng tổ 3"),
    ]
    assert [(each.month, each.task_id) for each in added.entries] == [("2026-03", "T2"), ("2026-03", "T9")]


def test_weeks_of_a_unit_and_edits_of_a_week(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ListWeeks"] = weeks.ListWeeksResponse(weeks=[the_week()])
    services.answers["ListWeekEdits"] = weeks.ListWeekEditsResponse(
        edits=[weeks.WeekEdit(revision=1, edited_by="p-9", entries=the_week().entries[:1])]
    )
    services.answers["SaveWeek"] = weeks.SaveWeekResponse(week=the_week())
    file = tmp_path / "week.json"
    file.write_text('[{"month": "2026-03", "task_id": "T1", "days": ["2026-03-18"]}]')

    listed = kpi("week", "list", *WEEK, "--unit", "vp")
    edits = kpi("week", "edits", "p-1", *WEEK)
    kpi("week", "save", "p-1", str(file), *WEEK, "--expected-revision", "2")

    assert services.requests("ListWeeks")[0].unit_id == "vp"
    assert "p-1" in listed.stdout
    assert "2026-03 T2: 17/03/2026" in edits.stdout
    [saved] = services.requests("SaveWeek")
    assert (saved.expected_revision, saved.entries[0].days) == (2, ["2026-03-18"])


def test_ad_hoc_work(services: Services, kpi: Kpi) -> None:
    reply = amendments.AddAdHocTaskResponse(task_id="DX1", in_force=True)
    services.answers["AddAdHocTask"] = lambda *_: reply
    given = ("--due", "2026-03-19", "--responsibility", "Chủ trì", "--authority", "Chủ tịch")

    first = kpi("plan", "ad-hoc", "p-1", *given, "--code", "DC.05")
    reply = amendments.AddAdHocTaskResponse(task_id="DX1", submitted=True)
    second = kpi("plan", "ad-hoc", "p-1", *given, "--work", "Tiếp dân", "--coefficient", "2.5")

    request = services.requests("AddAdHocTask")[0]
    assert (request.person_id, request.month, request.task.kind) == ("p-1", "", types.TASK_KIND_EXTRA)
    assert (request.task.quantity, request.task.catalogue_code) == ("1", "DC.05")
    assert first.stdout == "Task DX1 is in force.\n"
    assert second.stdout == "Task DX1 waits for the direct superior.\n"
    assert kpi("plan", "ad-hoc", "p-1", "--due", "2026-03-19").exit_code == 2


def test_a_task_is_handed_over(services: Services, kpi: Kpi) -> None:
    services.answers["HandOverTask"] = amendments.HandOverTaskResponse(
        giver=amendments.HandOverSide(person_id="p-1", task_id="T1.2"),
        receiver=amendments.HandOverSide(person_id="p-2", task_id="T1"),
        quantity="4",
    )

    ran = kpi("plan", "hand-over", "p-1", "T1", "p-2", *MONTH, "--quantity", "4", "--reason", "đi học")

    [request] = services.requests("HandOverTask")
    assert (request.person_id, request.task_id, request.receiver_id) == ("p-1", "T1", "p-2")
    assert (request.quantity, request.reason, bool(request.request_id)) == ("4", "đi học", True)
    assert ran.stdout == "Handed over: 4; p-1 gave T1.2, p-2 took T1.\n"
    assert kpi("plan", "hand-over", "p-1", "T1", "p-2", *MONTH).exit_code == 2


def test_what_differs_between_versions(services: Services, kpi: Kpi) -> None:
    change = amendments.LineChange(
        line_id="T1",
        name="Báo cáo",
        kind=amendments.CHANGE_KIND_CHANGED,
        parts=[
            amendments.PartChange(part="quantity", before="10.5", after="6"),
            amendments.PartChange(part="kind", before="planned", after="handed_over"),
            amendments.PartChange(part="due_on", after="2026-03-20"),
        ],
    )
    services.answers["DiffPlanVersions"] = amendments.DiffPlanVersionsResponse(
        from_version=1, to_version=2, changes=[change]
    )
    services.answers["DiffUnitPlanVersions"] = units.DiffUnitPlanVersionsResponse(
        from_version=1, to_version=2
    )

    person = kpi("plan", "diff", "p-1", *MONTH, "--from", "1", "--to", "2")
    unit = kpi("unit-plan", "diff", "vp", *MONTH)
    printed = kpi("plan", "diff", "p-1", *MONTH, "--json")

    vietnamese = kpi("plan", "diff", "p-1", *MONTH, "--lang", "vi")

    for text in ("Quantity: 10.5 → 6", "Kind: planned → handed over", "Due: – → 20/03/2026"):
        assert text in person.stdout
    for text in ("Số lượng: 10,5 → 6", "Loại hình: theo kế hoạch → đã chuyển giao", "đổi"):
        assert text in vietnamese.stdout
    assert unit.stdout == "Version 1 → 2: no difference.\n"
    assert json.loads(printed.stdout)["changes"][0]["kind"] == "CHANGE_KIND_CHANGED"


def test_a_units_plan(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    plan = units.UnitPlan(
        unit_id="vp",
        month="2026-03",
        version=2,
        state=units.UNIT_PLAN_STATE_SUBMITTED,
        items=[
            units.UnitItem(
                item_id="V1",
                name="Tổng kết quý I",
                lead_person_id="p-2",
                task_count=3,
                finished_count=2,
                assigned="36.00",
                done="24.00",
                tasks=[units.ItemTask(person_id="p-1", task_id="T1", quantity="2", accepted="1")],
            )
        ],
    )
    services.answers["GetUnitPlan"] = units.GetUnitPlanResponse(plan=plan)
    services.answers["SaveUnitPlan"] = units.SaveUnitPlanResponse(plan=plan)
    services.answers["SubmitUnitPlan"] = units.SubmitUnitPlanResponse(plan=plan)
    services.answers["ApproveUnitPlan"] = units.ApproveUnitPlanResponse(plan=plan)
    services.answers["ReturnUnitPlan"] = units.ReturnUnitPlanResponse(plan=plan)
    services.answers["ListUnitPlans"] = units.ListUnitPlansResponse(
        plans=[plan, units.UnitPlan(unit_id="school", month="2026-03")]
    )
    services.answers["ListUnitPlanVersions"] = units.ListUnitPlanVersionsResponse(plans=[plan])
    file = tmp_path / "items.json"
    file.write_text('[{"item_id": "V1", "name": "Tổng kết quý I"}]', encoding="utf-8")

    shown = kpi("unit-plan", "show", "vp", *MONTH)
    assert [text for text in ("V1", "2/3", "p-1/T1: 1/2", "submitted") if text not in shown.stdout] == []
    kpi("unit-plan", "save", "vp", str(file), *MONTH, "--expected-revision", "3")
    [saved] = services.requests("SaveUnitPlan")
    assert (saved.unit_id, saved.items[0].item_id, saved.expected_revision) == ("vp", "V1", 3)
    for step in ("submit", "approve"):
        assert kpi("unit-plan", step, "vp", *MONTH).exit_code == 0
    services.answers["CopyUnitPlan"] = units.CopyUnitPlanResponse(plan=plan)
    assert "V1" in kpi("unit-plan", "copy", "vp", *MONTH, "--from", "2026-01").stdout
    [copied] = services.requests("CopyUnitPlan")
    assert (copied.from_month, bool(copied.request_id)) == ("2026-01", True)
    assert kpi("unit-plan", "return", "vp", *MONTH, "--reason", " ").exit_code == 2
    assert kpi("unit-plan", "return", "vp", *MONTH, "--reason", "thiếu").exit_code == 0
    assert services.requests("ReturnUnitPlan")[0].reason == "thiếu"
    assert "school" in kpi("unit-plan", "list", *MONTH).stdout
    assert kpi("unit-plan", "versions", "vp", *MONTH).exit_code == 0
