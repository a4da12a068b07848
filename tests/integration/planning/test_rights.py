"""Who may see and do what: roles are the frame's, relationships are looked up (R-1, R-5, R-8)."""

import grpc
import pytest

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb

from .ward import MONTH, Ward, message, refused

DENIED = grpc.StatusCode.PERMISSION_DENIED


def salary(ward: Ward, caller: str, person_id: str, *roles: str) -> tuple[str, str]:
    """What a caller sees of a person's salary coefficient, alone and in the list."""
    as_ = ward.as_(caller, *roles)
    request = pb.GetPersonRequest(ward_id=ward.id, person_id=person_id, month=MONTH)
    listed = as_.ListPeople(pb.ListPeopleRequest(ward_id=ward.id, month=MONTH)).people
    alone: str = as_.GetPerson(request).person.salary_coefficient
    return alone, next(each.salary_coefficient for each in listed if each.person_id == person_id)


def test_the_salary_coefficient_is_for_the_person_and_the_offices_only(ward: Ward) -> None:
    assert salary(ward, "an", "an") == ("3.33", "3.33")
    assert salary(ward, "binh", "an") == salary(ward, "deputy", "an") == ("", "")
    for role in ("clerk", "organizer", "finance", "auditor"):
        assert salary(ward, "office", "an", role) == ("3.33", "3.33")


def test_a_plan_is_seen_by_the_person_those_above_and_the_offices(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    for person_id in ("an", "deputy", "boss"):
        assert ward.plan("an", by=ward.as_(person_id)).person_id == "an"
    for role in ("clerk", "organizer", "auditor"):
        assert ward.plan("an", by=ward.as_("office", role)).person_id == "an"
    for person_id in ("binh", "head", "lan", "stranger"):
        assert refused(ward.plan, "an", by=ward.as_(person_id))[:2] == (DENIED, "NOT_YOURS")
        request = pb.ListPlanVersionsRequest(ward_id=ward.id, person_id="an", month=MONTH)
        assert refused(ward.as_(person_id).ListPlanVersions, request)[:2] == (DENIED, "NOT_YOURS")
    assert refused(ward.plan, "an", by=ward.as_("office", "finance"))[0] is DENIED


def test_staff_list_their_own_plans_and_those_below(ward: Ward) -> None:
    for person_id in ("boss", "deputy", "an", "binh", "lan"):
        ward.saves(person_id, message("T1"))

    def listed(person_id: str) -> list[str]:
        reply = ward.as_(person_id).ListPlans(pb.ListPlansRequest(ward_id=ward.id, month=MONTH))
        return [each.person_id for each in reply.plans]

    assert listed("an") == ["an"]
    assert listed("deputy") == ["an", "binh", "deputy"]
    assert listed("boss") == ["an", "binh", "boss", "deputy"]
    assert listed("head") == ["lan"]
    assert listed("stranger") == []


def test_a_plan_is_written_by_the_person_or_the_clerk(ward: Ward) -> None:
    assert ward.saves("an", message("T1"), by=ward.clerk).task_count == 1
    for person_id in ("deputy", "binh"):
        assert refused(ward.saves, "an", message("T1"), by=ward.as_(person_id))[:2] == (
            DENIED,
            "NOT_OWN_PLAN",
        )
        assert refused(ward.submits, "an", by=ward.as_(person_id))[:2] == (DENIED, "NOT_OWN_PLAN")


def test_everybody_is_submitted_by_the_clerk_a_unit_by_who_leads_it(ward: Ward) -> None:
    for person_id in ("boss", "deputy", "an", "lan"):
        ward.saves(person_id, message("T1"))
    assert refused(ward.submits, all=True, by=ward.as_("boss"))[:2] == (DENIED, "CLERK_ONLY")
    assert refused(ward.submits, unit_id="vp", by=ward.as_("an"))[:2] == (DENIED, "NOT_OWN_PLAN")
    assert ward.submits(unit_id="vp", by=ward.as_("boss")) == 3
    for given in ({}, {"all": True, "unit_id": "vp"}):
        assert refused(ward.submits, **given)[1] == "WHOSE_MISSING"


def test_plans_are_approved_by_the_direct_superior(ward: Ward) -> None:
    for person_id in ("deputy", "an", "binh", "lan"):
        ward.saves(person_id, message("T1"))
    ward.submits(all=True)
    for person_id in ("boss", "an", "binh", "head"):
        assert refused(ward.approves, ward.as_(person_id), "an")[:2] == (DENIED, "NOT_DIRECT_SUPERIOR")
        request = pb.ReturnPlanRequest(ward_id=ward.id, month=MONTH, person_id="an", reason="x")
        assert refused(ward.as_(person_id).ReturnPlan, request)[:2] == (DENIED, "NOT_DIRECT_SUPERIOR")
    assert refused(ward.approves, ward.organizer, "an")[:2] == (DENIED, "NOT_DIRECT_SUPERIOR")
    assert ward.approves(ward.as_("head")) == 1
    assert ward.approves(ward.as_("deputy")) == 2
    assert ward.approves(ward.as_("boss")) == 1
    assert len(ward.events(events.PlanApproved)) == 4


def test_those_whom_nobody_leads_are_approved_by_the_organizer_but_never_by_themselves(ward: Ward) -> None:
    ward.saves("boss", message("T1"))
    ward.submits("boss")
    assert refused(ward.approves, ward.as_("boss"), "boss")[:2] == (DENIED, "NOT_DIRECT_SUPERIOR")
    himself = ward.as_("boss", "staff", "organizer")
    assert refused(ward.approves, himself, "boss")[:2] == (DENIED, "NOT_DIRECT_SUPERIOR")
    assert ward.approves(himself) == 0
    assert ward.approves(ward.organizer) == 1


def test_another_ward_is_out_of_reach(ward: Ward) -> None:
    ward.saves("an", message("T1"))
    elsewhere = ward.service.as_("an", "clerk", wards=("other",))
    code, *_ = refused(ward.plan, "an", by=elsewhere)
    assert code is DENIED


def confirms(ward: Ward, by: str, *roles: str, **given: object) -> pb.Plan:
    request = {
        "ward_id": ward.id,
        "person_id": "an",
        "month": MONTH,
        "task_id": "T1",
        "fault_id": "F1",
        "excused_deadlines": 1,
        "cause": "mất điện toàn phường",
    }
    reply: pb.ConfirmObjectiveCauseResponse = ward.as_(by, *roles).ConfirmObjectiveCause(
        pb.ConfirmObjectiveCauseRequest(**request | given)
    )
    return reply.plan


@pytest.fixture
def faulty(ward: Ward) -> Ward:
    """An's task was accepted with one late output."""
    ward.in_force("an", message("T1"))
    fault = pb.Fault(fault_id="F1", outputs=1, missed_deadlines=1, failed_reviews=1)
    ward.records("an", pb.TaskResult(task_id="T1", accepted="2", faults=[fault]))
    return ward


@pytest.mark.parametrize(("by", "roles"), [("deputy", ()), ("boss", ()), ("office", ("organizer",))])
def test_an_objective_cause_is_confirmed_from_above(faulty: Ward, by: str, roles: tuple[str, ...]) -> None:
    [task] = confirms(faulty, by, *roles).tasks
    [fault] = task.faults
    assert (fault.excused_deadlines, fault.excused_reviews, fault.confirmed_by) == (1, 0, by)
    assert fault.confirmed_at.seconds > 0
    work = faulty.events(events.ResultsRecorded)[-1].work
    [line] = work.lines
    assert (line.faults[0].missed_deadlines, line.faults[0].excused_deadlines) == (1, 1)


@pytest.mark.parametrize(
    ("by", "roles"), [("an", ()), ("an", ("staff", "organizer")), ("binh", ()), ("head", ())]
)
def test_nobody_confirms_his_own_or_a_strangers_cause(faulty: Ward, by: str, roles: tuple[str, ...]) -> None:
    assert refused(confirms, faulty, by, *roles)[:2] == (DENIED, "NOT_ABOVE")


@pytest.mark.parametrize("bad", ["a\x00b", "ă", "x" * 65, "", "a b"])
def test_ids_that_are_none_are_told_before_any_database_is_asked(ward: Ward, bad: str) -> None:
    calls = [
        (ward.clerk.GetPerson, pb.GetPersonRequest(ward_id=ward.id, person_id=bad, month=MONTH)),
        (ward.clerk.GetPlan, pb.GetPlanRequest(ward_id=ward.id, person_id=bad, month=MONTH)),
        (ward.clerk.SavePlan, pb.SavePlanRequest(ward_id=ward.id, person_id=bad, month=MONTH)),
        (
            ward.clerk.SubmitPlans,
            pb.SubmitPlansRequest(ward_id=ward.id, person_ids=[bad], month=MONTH),
        ),
        (
            ward.organizer.ApprovePlans,
            pb.ApprovePlansRequest(ward_id=ward.id, person_ids=[bad], month=MONTH),
        ),
    ]
    reason = "NUL_IN_TEXT" if "\x00" in bad else "BAD_ID"
    for call, request in calls:
        assert refused(call, request)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, reason)


@pytest.mark.parametrize("bad", ["", "2026-13", "03/2026", "1999-01", "2026-3"])
def test_months_that_are_none_are_told(ward: Ward, bad: str) -> None:
    request = pb.ListPlansRequest(ward_id=ward.id, month=bad)
    assert refused(ward.clerk.ListPlans, request)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_MONTH")


def test_people_go_by_pages_and_units(ward: Ward) -> None:
    found, token = [], ""
    while True:
        request = pb.ListPeopleRequest(ward_id=ward.id, month=MONTH, page_size=2, page_token=token)
        reply = ward.as_("an").ListPeople(request)
        found += [each.person_id for each in reply.people]
        token = reply.next_page_token
        if not token:
            break
    assert found == ["an", "binh", "boss", "deputy", "head", "lan"]
    request = pb.ListPeopleRequest(ward_id=ward.id, month=MONTH, unit_id="school")
    assert [each.person_id for each in ward.as_("an").ListPeople(request).people] == ["head", "lan"]
