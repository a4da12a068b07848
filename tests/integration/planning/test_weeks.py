"""Weekly schedules through planning's door (R-5, R-7, R-9)."""

from typing import Any

import grpc
import pytest

from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1 import weeks_pb2 as weeks
from kpi.planning.v1.events_pb2 import PlanApproved
from kpi.types.v1 import types_pb2 as types
from support.service import Caller

from .ward import MONTH, Ward, message, refused

BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
NEXT = "2026-04"
W12, W13 = "2026-W12", "2026-W13"
"""16 to 22 March; 23 to 29 March, whose 25th begins April's window."""


def week(ward: Ward, which: str = W12, by: Caller | None = None, **given: Any) -> weeks.Week:
    request = weeks.GetWeekRequest(**{"ward_id": ward.id, "person_id": "an", "week": which} | given)
    reply: weeks.GetWeekResponse = (by or ward.as_("an")).GetWeek(request)
    return reply.week


def saves(
    ward: Ward, *entries: weeks.WeekEntry, by: Caller | None = None, week: str = W12, **given: Any
) -> weeks.Week:
    request = weeks.SaveWeekRequest(
        **{"ward_id": ward.id, "person_id": "an", "week": week, "entries": entries} | given
    )
    reply: weeks.SaveWeekResponse = (by or ward.as_("an")).SaveWeek(request)
    return reply.week


def entry(task_id: str, *days: str, month: str = MONTH, note: str = "") -> weeks.WeekEntry:
    return weeks.WeekEntry(month=month, task_id=task_id, days=days, note=note)


def shown(found: weeks.Week) -> list[tuple[str, list[str]]]:
    return [(each.task_id, list(each.days)) for each in found.entries]


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """An's March and April are in force."""
    ward.takes_over("binh", "an")
    ward.in_force(
        "an",
        message("T1", due_on="2026-03-20"),
        message("T2", due_on="2026-03-17", catalogue_code="DC.01"),
        message("T3", due_on="2026-03-24"),
        message(
            "T4", due_on="2026-03-18", kind=types.TASK_KIND_HANDED_OVER, counterpart_id="binh", reason="x"
        ),
    )
    ward.saves("an", message("A1", due_on="2026-03-26"), month=NEXT)
    ward.submits("an", month=NEXT)
    ward.as_("deputy").ApprovePlans(pb.ApprovePlansRequest(ward_id=ward.id, month=NEXT, person_ids=["an"]))
    return ward


def test_a_week_is_drawn_from_the_plans_in_force(planned: Ward) -> None:
    found = week(planned)
    assert (found.first_on, found.last_on, found.revision) == ("2026-03-16", "2026-03-22", 0)
    assert shown(found) == [("T2", ["2026-03-17"]), ("T1", ["2026-03-20"])]
    first = found.entries[0]
    assert (first.name, first.quantity, first.edited, first.accepted) == (
        "Soạn thảo văn bản hành chính đơn giản", "2", False, "",
    )  # fmt: skip
    over = week(planned, W13)
    assert [(each.month, each.task_id) for each in over.entries] == [(MONTH, "T3"), (NEXT, "A1")]


def test_an_edit_moves_orders_and_notes_and_leaves_the_plan_alone(planned: Ward) -> None:
    before = planned.plan("an")
    edited = saves(
        planned,
        entry("T3", "2026-03-20", "2026-03-19", note="cùng tổ 3"),
        entry("T1", "2026-03-16", "2026-03-21"),
    )
    assert shown(edited) == [
        ("T3", ["2026-03-19", "2026-03-20"]),
        ("T1", ["2026-03-16", "2026-03-21"]),
        ("T2", ["2026-03-17"]),
    ]
    assert [each.late for each in edited.entries] == [False, True, False]
    assert [each.edited for each in edited.entries] == [True, True, False]
    assert (edited.entries[0].note, edited.revision, edited.edited_by) == ("cùng tổ 3", 1, "an")
    assert planned.plan("an") == before


def test_every_edit_is_kept(planned: Ward) -> None:
    first = [entry("T1", "2026-03-16")]
    saves(planned, *first)
    assert saves(planned, *first).revision == 1
    saves(planned, entry("T1", "2026-03-18"), by=planned.as_("deputy"), expected_revision=1)
    found = refused(saves, planned, entry("T1"), expected_revision=1)
    assert found[:2] == (grpc.StatusCode.ABORTED, "WEEK_CHANGED")
    assert shown(week(planned, revision=1))[0] == ("T1", ["2026-03-16"])
    assert shown(week(planned))[0] == ("T1", ["2026-03-18"])
    assert refused(week, planned, revision=3)[1] == "UNKNOWN_EDIT"
    request = weeks.ListWeekEditsRequest(ward_id=planned.id, person_id="an", week=W12, page_size=1)
    seen = []
    while True:
        reply = planned.as_("boss").ListWeekEdits(request)
        seen += [(each.revision, each.edited_by, list(each.entries[0].days)) for each in reply.edits]
        if not reply.next_page_token:
            break
        request.page_token = reply.next_page_token
    assert seen == [(1, "an", ["2026-03-16"]), (2, "deputy", ["2026-03-18"])]


@pytest.mark.parametrize(
    ("entries", "place"),
    [
        ([entry("T9", "2026-03-16")], "entries[0].task_id"),
        ([entry("T4", "2026-03-16")], "entries[0].task_id"),
        ([entry("T1", "2026-03-23")], "entries[0].days[0]"),
        ([entry("A1", "2026-03-16", month=NEXT)], "entries[0].month"),
        ([entry("T1"), entry("T1")], "entries[1].task_id"),
        ([entry("T1", note="x" * 1001)], "entries[0].note"),
    ],
)
def test_what_a_week_does_not_take(planned: Ward, entries: list[weeks.WeekEntry], place: str) -> None:
    code, reason, facts = refused(saves, planned, *entries)
    assert (code, reason, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_ENTRIES", place)


def test_a_day_belongs_to_one_month(planned: Ward) -> None:
    """R-9: March ends on the 24th, and the week of the 23rd touches March and April."""
    found = saves(planned, entry("T3", "2026-03-23"), entry("A1", "2026-03-25", month=NEXT), week=W13)
    assert shown(found) == [("T3", ["2026-03-23"]), ("A1", ["2026-03-25"])]
    wrong = refused(saves, planned, entry("T3", "2026-03-25"), week=W13)
    assert (wrong[1], wrong[2]["field"]) == ("BAD_ENTRIES", "entries[0].days[0]")
    wrong = refused(saves, planned, entry("A1", "2026-03-24", month=NEXT), week=W13)
    assert wrong[2]["field"] == "entries[0].days[0]"


def test_a_week_that_is_none(planned: Ward) -> None:
    for words in ("2026-13", "2025-W53", "2026-W00", ""):
        assert refused(week, planned, words)[1] == "BAD_WEEK"


def test_who_sees_and_who_puts_in_order(planned: Ward) -> None:
    for who in ("deputy", "boss", "an"):
        assert week(planned, by=planned.as_(who)).entries
    assert week(planned, by=planned.as_("x", "auditor")).entries
    for who in ("binh", "head"):
        assert refused(week, planned, by=planned.as_(who))[:2] == (DENIED, "NOT_YOURS")
        assert refused(saves, planned, entry("T1"), by=planned.as_(who))[:2] == (DENIED, "NOT_YOUR_WEEK")
    assert saves(planned, entry("T1"), by=planned.clerk).edited_by == "clerk"


def test_the_weeks_of_a_unit_for_its_head(planned: Ward) -> None:
    def listed(by: Caller, **given: Any) -> list[str]:
        request = weeks.ListWeeksRequest(**{"ward_id": planned.id, "week": W12, "page_size": 2} | given)
        found: list[str] = []
        while True:
            reply: weeks.ListWeeksResponse = by.ListWeeks(request)
            found += (each.person_id for each in reply.weeks)
            if not reply.next_page_token:
                return found
            request.page_token = reply.next_page_token

    assert listed(planned.as_("boss"), unit_id="vp") == ["an", "binh", "boss", "deputy"]
    assert listed(planned.as_("boss"), unit_id="school") == []
    assert listed(planned.as_("an")) == ["an"]
    assert listed(planned.organizer) == ["an", "binh", "boss", "deputy", "head", "lan"]


def ad_hoc(ward: Ward, by: Caller, **given: Any) -> Any:
    said = {"kind": types.TASK_KIND_UNSPECIFIED, "due_on": "2026-03-19"} | given.pop("task", {})
    task = message("", **said)
    request = pb.AddAdHocTaskRequest(**{"ward_id": ward.id, "person_id": "an", "task": task} | given)
    return by.AddAdHocTask(request)


def test_the_superiors_ad_hoc_work_is_in_force_at_once(planned: Ward) -> None:
    """R-7: counts in what is done, not in what was assigned."""
    reply = ad_hoc(planned, planned.as_("deputy"))
    assert (reply.month, reply.task_id, reply.in_force, reply.version) == (MONTH, "DX1", True, 2)
    plan = planned.plan("an")
    assert (plan.state, plan.version, plan.decided_by) == (pb.PLAN_STATE_APPROVED, 2, "deputy")
    [added] = [each for each in plan.tasks if each.task_id == "DX1"]
    assert (added.kind, added.coefficient) == (types.TASK_KIND_EXTRA, "12.00")
    found = week(planned)
    assert ("DX1", False) in [(each.task_id, each.pending) for each in found.entries]
    last = planned.events(PlanApproved)[-1]
    assert (last.version, "DX1" in {each.task_id for each in last.work.lines}) == (2, True)


def test_ones_own_ad_hoc_work_waits_for_the_superior(planned: Ward) -> None:
    reply = ad_hoc(planned, planned.as_("an"))
    assert (reply.in_force, reply.submitted, reply.version) == (False, True, 2)
    assert [each.task_id for each in week(planned).entries if each.pending] == ["DX1"]
    assert refused(ad_hoc, planned, planned.as_("an"))[1] == "PLAN_SUBMITTED"
    assert refused(ad_hoc, planned, planned.as_("deputy"))[1] == "AMENDMENT_WAITING"
    assert planned.approves(planned.as_("deputy"), "an") == 1
    assert [each.pending for each in week(planned).entries if each.task_id == "DX1"] == [False]


def test_ad_hoc_work_joins_a_draft_under_way(planned: Ward) -> None:
    planned.saves("an", *planned.plan("an").tasks, message("T8", due_on="2026-03-22"))
    own = ad_hoc(planned, planned.as_("an"))
    assert (own.task_id, own.in_force, own.submitted, own.version) == ("DX1", False, False, 2)
    given = ad_hoc(planned, planned.as_("deputy"))
    assert (given.task_id, given.in_force, given.version) == ("DX2", True, 2)
    draft = planned.plan("an")
    assert (draft.state, draft.version) == (pb.PLAN_STATE_DRAFT, 3)
    assert {"T8", "DX1", "DX2"} <= {each.task_id for each in draft.tasks}
    request = pb.ListPlanVersionsRequest(ward_id=planned.id, person_id="an", month=MONTH)
    versions = planned.clerk.ListPlanVersions(request).plans
    assert [(each.version, each.state, each.task_count) for each in versions] == [
        (1, pb.PLAN_STATE_SUPERSEDED, 4),
        (2, pb.PLAN_STATE_APPROVED, 5),
        (3, pb.PLAN_STATE_DRAFT, 7),
    ]
    assert "DX2" in {each.task_id for each in versions[1].tasks}


def test_what_ad_hoc_work_is_refused(planned: Ward) -> None:
    deputy = planned.as_("deputy")
    assert refused(ad_hoc, planned, planned.as_("binh"))[:2] == (DENIED, "NOT_OWN_PLAN")
    assert refused(ad_hoc, planned, planned.as_("boss"))[:2] == (DENIED, "NOT_OWN_PLAN")
    assert refused(ad_hoc, planned, deputy, task={"responsibility": ""})[1] == "SIX_CLEARS"
    planned_kind = pb.AddAdHocTaskRequest(ward_id=planned.id, person_id="an", task=message("T9"))
    assert refused(deputy.AddAdHocTask, planned_kind)[1] == "NOT_AD_HOC"
    planned.decided("an")
    assert refused(ad_hoc, planned, deputy)[:2] == (BLOCKED, "MONTH_DECIDED")


def test_ad_hoc_work_belongs_to_the_month_of_its_deadline(planned: Ward) -> None:
    """R-9: what is due from the 25th on is April's."""
    deputy = planned.as_("deputy")
    assert ad_hoc(planned, deputy, task={"due_on": "2026-03-25"}).month == NEXT
    assert ad_hoc(planned, deputy, task={"due_on": "2026-03-24"}).month == MONTH
    wrong = refused(ad_hoc, planned, deputy, task={"due_on": "2026-03-25"}, month=MONTH)
    assert (wrong[1], wrong[2]["field"]) == ("BAD_PLAN", "task.due_on")
    assert refused(ad_hoc, planned, deputy, task={"due_on": ""})[1] == "DEADLINE_MISSING"


def test_ad_hoc_work_without_a_plan_is_a_draft(ward: Ward) -> None:
    reply = ad_hoc(ward, ward.as_("deputy"))
    assert (reply.in_force, reply.submitted, reply.version) == (False, False, 1)
    assert ward.plan("an").state == pb.PLAN_STATE_DRAFT
