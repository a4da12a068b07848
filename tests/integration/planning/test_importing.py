"""A ward's month comes in one workbook (R-1, R-3 to R-5, R-8, R-10)."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import grpc
from sqlalchemy import func, select

from chassis import sheets
from chassis.db.tables import outbox
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from planning.wire import layout

from .ward import MONTH, Rows, Ward, person, refused, task, workbook

RESULTS: dict[str, Rows] = {
    "tasks": [
        task("an", "T01"),
        task("an", "T02", kind="extra", catalogue_code="DC.01", quantity=Decimal("1.5")),
        task("an", "T03", kind="handed_over", counterpart_id="binh", reason="đi công tác"),
        task("an", "T04", kind="withdrawn", counterpart_id="deputy", reason="Thành phố hoãn"),
        task("binh", "T01", kind="taken_over", counterpart_id="an"),
        task(
            "binh",
            "T02",
            catalogue_code=None,
            name="Rà soát hồ sơ",
            output="Bảng tổng hợp",
            coefficient=Decimal("4.5"),
        ),
    ],
    "results": [
        {"person_id": "an", "task_id": "T01", "accepted": Decimal(2), "evidence": "12/BC-VP"},
        {"person_id": "an", "task_id": "T02", "accepted": Decimal("2.5")},
        {"person_id": "binh", "task_id": "T01", "accepted": Decimal(2)},
    ],
    "faults": [
        {
            "person_id": "an",
            "task_id": "T01",
            "fault_id": "F1",
            "outputs": 1,
            "failed_reviews": 2,
            "missed_deadlines": 1,
            "note": "số liệu sai",
            "excused_deadlines": 1,
            "confirmed_by": "boss",
            "cause": "mất điện",
            "confirmed_on": date(2026, 3, 20),
        }
    ],
    "working_time": [
        {"person_id": "an", "required_half_days": 44, "worked_half_days": 40},
        {"person_id": "binh", "required_half_days": 44, "sick": 3, "annual": 2},
    ],
}


def announced(ward: Ward) -> int:
    with ward.service.sessions() as session:
        return session.scalar(select(func.count()).select_from(outbox)) or 0


def test_a_whole_month_in_one_file(ward: Ward) -> None:
    done = ward.imports(**RESULTS)
    assert (done.applied, dict(done.rows)) == (
        True,
        {"tasks": 6, "results": 3, "faults": 1, "working_time": 2},
    )
    plan = ward.plan("an")
    assert (plan.state, plan.version, plan.task_count, plan.unit_id) == (pb.PLAN_STATE_DRAFT, 1, 4, "vp")
    first = plan.tasks[0]
    assert (first.name, first.output, first.coefficient, first.quantity, first.accepted) == (
        "Báo cáo định kỳ",
        "Văn bản",
        "12.00",
        "2",
        "2",
    )
    [fault] = first.faults
    assert (fault.excused_deadlines, fault.confirmed_by) == (1, "boss")
    assert fault.confirmed_at.ToDatetime(tzinfo=UTC) == datetime(2026, 3, 19, 17, tzinfo=UTC)
    assert not ward.events(events.PlanApproved, events.ResultsRecorded)
    times = [
        (each.working_time.person_id, each.working_time.worked_half_days)
        for each in ward.events(events.WorkingTimeRecorded)
    ]
    assert times == [("an", 40), ("binh", 39)]


def test_what_was_imported_counts_once_it_is_approved(ward: Ward) -> None:
    ward.imports(**RESULTS)
    assert ward.submits(all=True) == 2
    assert ward.approves(ward.as_("deputy")) == 2
    an, binh = sorted(ward.events(events.PlanApproved), key=lambda each: each.work.person_id)
    lines = [
        (each.task_id, each.kind, each.coefficient, each.assigned, each.accepted, len(each.faults))
        for each in an.work.lines
    ]
    assert lines == [
        ("T01", types.TASK_KIND_PLANNED, "12.00", "2", "2", 1),
        ("T02", types.TASK_KIND_EXTRA, "1.00", "1.5", "2.5", 0),
        ("T03", types.TASK_KIND_HANDED_OVER, "12.00", "2", "0", 0),
        ("T04", types.TASK_KIND_WITHDRAWN, "12.00", "2", "0", 0),
    ]
    fault = an.work.lines[0].faults[0]
    assert (fault.outputs, fault.failed_reviews, fault.excused_reviews) == (1, 2, 0)
    assert (fault.missed_deadlines, fault.excused_deadlines) == (1, 1)
    assert (an.work.unit_id, an.work.month, an.version, an.approved_by) == ("vp", MONTH, 1, "deputy")
    assert [each.coefficient for each in binh.work.lines] == ["12.00", "4.5"]


def test_the_same_file_again_changes_and_announces_nothing(ward: Ward) -> None:
    pages = {**ward.organization(), **RESULTS}
    ward.imports(**pages)
    ward.submits(all=True)
    ward.approves(ward.as_("deputy"))
    before, revision = announced(ward), ward.plan("an").revision
    assert ward.imports(**pages).applied
    assert (announced(ward), ward.plan("an").revision) == (before, revision)


def test_a_corrected_file_announces_only_what_differs(ward: Ward) -> None:
    ward.imports(**RESULTS)
    ward.submits(all=True)
    ward.approves(ward.as_("deputy"))
    corrected = [dict(each) for each in RESULTS["results"]]
    corrected[2]["accepted"] = Decimal(1)
    people = [dict(each) for each in ward.organization()["people"]]
    people[2]["salary_coefficient"] = Decimal("3.66")
    before = announced(ward)
    done = ward.imports(people=people, results=corrected, faults=RESULTS["faults"])
    assert done.applied
    assert announced(ward) == before + 2
    [work] = [each.work for each in ward.events(events.ResultsRecorded)]
    assert (work.person_id, work.lines[0].accepted) == ("binh", "1")
    approved = {each.work.person_id: each.work.revision for each in ward.events(events.PlanApproved)}
    assert work.revision > approved["binh"]
    changed = ward.events(events.PersonChanged)[-1].person
    assert (changed.person_id, changed.salary_coefficient, changed.revision) == ("an", "3.66", 2)


def test_a_post_of_a_later_month_is_another_one(ward: Ward) -> None:
    people = [
        person(**{**each, "title": "Chuyên viên chính"})
        for each in [{"person_id": "lan", "superior_id": "head", "unit_id": "school"}]
    ]
    assert ward.imports(month="2026-05", people=people).applied

    def title(month: str) -> tuple[str, str, int]:
        found = ward.clerk.GetPerson(pb.GetPersonRequest(ward_id=ward.id, person_id="lan", month=month))
        return found.person.title, found.person.from_month, found.person.revision

    assert title("2026-03") == title("2026-04") == ("Chuyên viên", "2026-03", 1)
    assert title("2026-05") == title("2027-01") == ("Chuyên viên chính", "2026-05", 1)
    before = {"ward_id": ward.id, "person_id": "lan", "month": "2026-02"}
    code, reason, _ = refused(ward.clerk.GetPerson, pb.GetPersonRequest(**before))
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_PERSON")


def test_who_has_left_is_in_no_list_and_cannot_lead(ward: Ward) -> None:
    gone = person(person_id="binh", superior_id="deputy", unit_id="vp", active="no")
    done = ward.imports(month="2026-04", people=[gone])
    assert [(each.row, each.column, "binh" in each.reason_en) for each in done.errors] == [], done.errors
    listed = ward.clerk.ListPeople(pb.ListPeopleRequest(ward_id=ward.id, month="2026-04"))
    assert [each.person_id for each in listed.people] == ["an", "boss", "deputy", "head", "lan"]
    leader = person(
        person_id="head",
        role="leader",
        post="unit_head",
        unit_id="school",
        active="no",
        in_charge_ids=("lan",),
    )
    done = ward.imports(month="2026-04", people=[leader])
    assert [each.column for each in done.errors] == ["Đang công tác"]


def test_a_dry_run_only_checks(empty: Ward) -> None:
    done = empty.imports(dry_run=True, **empty.organization())
    assert (done.applied, done.error_count, done.rows["people"]) == (False, 0, 6)
    code, reason, _ = refused(empty.clerk.GetWard, pb.GetWardRequest(ward_id=empty.id))
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_WARD")


def test_one_sheet_as_csv(ward: Ward) -> None:
    page = sheets.Page(
        layout.WORKING_TIME, [{"person_id": "an", "required_half_days": 44, "worked_half_days": 22}]
    )
    for mark in (",", ";"):
        content = sheets.comma_separated(page, delimiter=mark)
        done = ward.sends(content, file_name="ngay-cong.csv", sheets=["working_time"])
        assert (done.applied, dict(done.rows)) == (True, {"working_time": 1})
    code, reason, _ = refused(ward.sends, content, file_name="ngay-cong.csv")
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "UNREADABLE")
    assert len(ward.events(events.WorkingTimeRecorded)) == 1


def test_only_named_sheets_are_taken(ward: Ward) -> None:
    content = workbook(units=[{"unit_id": "x", "name": "Mới", "kind": "office"}], tasks=[{"person_id": "?"}])
    assert ward.sends(content, sheets=["units"]).applied
    listed = ward.clerk.ListUnits(pb.ListUnitsRequest(ward_id=ward.id))
    assert [each.unit_id for each in listed.units] == ["school", "vp", "x"]


def test_a_repeated_request_has_one_effect(ward: Ward) -> None:
    content = workbook(units=[{"unit_id": "x", "name": "Mới", "kind": "office"}])
    first = ward.sends(content, request_id="r1")
    before = announced(ward)
    assert ward.sends(content, request_id="r1") == first
    assert announced(ward) == before
    other = workbook(units=[{"unit_id": "y", "name": "Mới", "kind": "office"}])
    assert refused(ward.sends, other, request_id="r1")[1] == "REQUEST_ID_REUSED"


def test_an_unknown_ward_needs_its_sheet(empty: Ward) -> None:
    code, reason, _ = refused(empty.imports, units=[{"unit_id": "x", "name": "Mới", "kind": "office"}])
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_WARD")


def test_an_amendment_by_file_waits_for_approval(ward: Ward) -> None:
    ward.imports(**RESULTS)
    ward.submits(all=True)
    assert "waits for approval" in error_of(ward, tasks=[*RESULTS["tasks"][4:], task("binh", "T09")])
    ward.approves(ward.as_("deputy"))
    amended = [*RESULTS["tasks"], task("an", "T05", catalogue_code="DC.16")]
    assert ward.imports(tasks=amended).applied
    plan = ward.plan("an")
    assert (plan.version, plan.state, plan.task_count) == (2, pb.PLAN_STATE_DRAFT, 5)
    assert len(ward.events(events.PlanApproved)) == 2
    assert "has a result" in error_of(ward, tasks=[task("an", "T05")])


def test_a_decided_month_takes_no_file(ward: Ward) -> None:
    ward.imports(**RESULTS)
    ward.submits(all=True)
    ward.approves(ward.as_("deputy"))
    ward.decided("an")
    assert ward.imports(**RESULTS).applied
    changed: dict[str, Any] = {name: [dict(row) for row in rows] for name, rows in RESULTS.items()}
    changed["tasks"][0]["authority"] = "Chủ tịch"
    changed["results"][0]["accepted"] = Decimal(1)
    changed["working_time"][0]["worked_half_days"] = 10
    done = ward.imports(**changed)
    assert [(each.sheet, each.row, each.reason_en[:30]) for each in done.errors] == [
        ("tasks", 2, "The month 2026-03 of an is dec"),
        ("results", 2, "The month 2026-03 of an is dec"),
        ("working_time", 2, "The month 2026-03 of an is dec"),
    ]


def error_of(ward: Ward, **pages: Rows) -> str:
    done = ward.imports(**pages)
    assert not done.applied
    return " / ".join(each.reason_en for each in done.errors)
