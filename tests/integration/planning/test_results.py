"""What came of the tasks: accepted, faults, causes, working time (R-8, R-10)."""

import grpc
import pytest

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2 as types

from .test_rights import confirms
from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION


def result(task_id: str = "T1", accepted: str = "2", *faults: pb.Fault) -> pb.TaskResult:
    return pb.TaskResult(task_id=task_id, accepted=accepted, faults=faults)


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """An's plan is in force: planned, extra, handed over and withdrawn work."""
    ward.takes_over("binh", "an")
    ward.in_force(
        "an",
        message("T1"),
        message("T2", kind=types.TASK_KIND_EXTRA),
        message("T3", kind=types.TASK_KIND_HANDED_OVER, counterpart_id="binh", reason="x"),
        message("T4", kind=types.TASK_KIND_WITHDRAWN, counterpart_id="boss", reason="x"),
    )
    return ward


def test_results_are_announced_with_the_whole_month(planned: Ward) -> None:
    planned.records("an", result("T1", "1.5"))
    plan = planned.records("an", result("T2", "5"), by=planned.clerk)
    assert [each.accepted for each in plan.tasks] == ["1.5", "5", "", ""]
    first, second = (each.work for each in planned.events(events.ResultsRecorded))
    assert [each.accepted for each in first.lines] == ["1.5", "0", "0", "0"]
    assert [each.accepted for each in second.lines] == ["1.5", "5", "0", "0"]
    approved = planned.events(events.PlanApproved)[0].work
    assert approved.revision < first.revision < second.revision == plan.revision


def test_the_same_results_again_announce_nothing(planned: Ward) -> None:
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1, note="sai số liệu")
    planned.records("an", result("T1", "2", fault))
    planned.records("an", result("T1", "2.0", fault))
    assert len(planned.events(events.ResultsRecorded)) == 1


def test_results_replace_what_was_recorded_for_the_named_tasks_only(planned: Ward) -> None:
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1)
    planned.records("an", result("T1", "2", fault), result("T2", "1", fault))
    plan = planned.records("an", result("T1", "1"))
    assert [(each.accepted, len(each.faults)) for each in plan.tasks[:2]] == [("1", 0), ("1", 1)]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (result("T1", "2.001"), "results[0].accepted"),
        (result("T1", "-1"), "results[0].accepted"),
        (result("T1", ""), "results[0].accepted"),
        (result("T1", "1.0001"), "results[0].accepted"),
        (result("T3", "1"), "results[0].accepted"),
        (result("T4", "1"), "results[0].accepted"),
        (
            result("T1", "2", pb.Fault(fault_id="F", outputs=3, failed_reviews=1)),
            "results[0].faults[0].outputs",
        ),
        (
            result("T1", "2", pb.Fault(fault_id="F", outputs=0, failed_reviews=1)),
            "results[0].faults[0].outputs",
        ),
        (result("T1", "2", pb.Fault(fault_id="F", outputs=1)), "results[0].faults[0].failed_reviews"),
        (
            result("T1", "2", pb.Fault(fault_id="F", outputs=1, failed_reviews=-1)),
            "results[0].faults[0].failed_reviews",
        ),
        (result("T1", "2", pb.Fault(outputs=1, failed_reviews=1)), "results[0].faults[0].fault_id"),
        (
            result("T1", "2", *[pb.Fault(fault_id="F", outputs=1, failed_reviews=1)] * 2),
            "results[0].faults[1].fault_id",
        ),
        (
            result(
                "T1",
                "1.5",
                pb.Fault(fault_id="F", outputs=2, failed_reviews=1),
                pb.Fault(fault_id="G", outputs=1, failed_reviews=1),
            ),
            "results[0].faults[1].outputs",
        ),
    ],
)
def test_what_a_result_may_not_say(planned: Ward, given: pb.TaskResult, field: str) -> None:
    code, _, facts = refused(planned.records, "an", given)
    assert (code, facts["field"]) == (INVALID, field)
    assert not planned.events(events.ResultsRecorded)


def test_extra_work_may_be_more_than_expected_and_parts_count_rounded_up(planned: Ward) -> None:
    planned.records("an", result("T2", "7"))
    planned.records("an", result("T1", "1.5", pb.Fault(fault_id="F", outputs=2, failed_reviews=1)))


def test_results_need_a_plan_in_force_and_its_tasks(ward: Ward) -> None:
    assert refused(ward.records, "an", result())[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_PLAN")
    ward.saves("an", message("T1"))
    assert refused(ward.records, "an", result())[:2] == (BLOCKED, "NOT_APPROVED")
    ward.submits("an")
    ward.approves(ward.as_("deputy"))
    assert refused(ward.records, "an", result("T9"))[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_TASK")
    assert refused(ward.records, "an", result("T1"), result("T1"))[1] == "BAD_RESULTS"


def test_a_confirmation_stands_while_the_fault_does(planned: Ward) -> None:
    fault = pb.Fault(fault_id="F1", outputs=1, missed_deadlines=1)
    planned.records("an", result("T1", "2", fault))
    confirms(planned, "deputy")
    again = planned.records("an", result("T1", "2", pb.Fault(fault_id="F1", outputs=1, missed_deadlines=1)))
    assert again.tasks[0].faults[0].confirmed_by == "deputy"
    worse = planned.records("an", result("T1", "2", pb.Fault(fault_id="F1", outputs=2, missed_deadlines=1)))
    [fault] = worse.tasks[0].faults
    assert (fault.confirmed_by, fault.excused_deadlines) == ("", 0)


def test_nobody_excuses_himself_by_recording(planned: Ward) -> None:
    fault = pb.Fault(
        fault_id="F1", outputs=1, missed_deadlines=1, excused_deadlines=1, confirmed_by="boss", cause="x"
    )
    plan = planned.records("an", result("T1", "2", fault))
    assert (plan.tasks[0].faults[0].excused_deadlines, plan.tasks[0].faults[0].confirmed_by) == (0, "")
    [work] = [each.work for each in planned.events(events.ResultsRecorded)]
    assert work.lines[0].faults[0].excused_deadlines == 0


def test_what_the_clerk_found_is_not_the_persons_to_take_away(planned: Ward) -> None:
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1)
    planned.records("an", result("T1", "2", fault), by=planned.clerk)
    code, reason, facts = refused(planned.records, "an", result("T1", "2"))
    assert (code, reason, facts["fault_id"]) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "FAULT_OF_ANOTHER",
        "F1",
    )
    planned.records("an", pb.TaskResult(task_id="T1", accepted="2", evidence="12/BC", faults=[fault]))
    planned.records("an", result("T1", "2"), by=planned.clerk)
    assert not planned.plan("an").tasks[0].faults


def test_who_leads_a_person_records_what_failed(planned: Ward) -> None:
    """R-8: whoever gives the work judges it, and what he found stays."""
    fault = pb.Fault(fault_id="F1", outputs=1, failed_reviews=1, note="sai số liệu")
    planned.records("an", result("T1", "2"))
    for above in ("deputy", "boss"):
        plan = planned.records("an", result("T1", "2", fault), by=planned.as_(above))
        assert [each.failed_reviews for each in plan.tasks[0].faults] == [1]
    assert refused(planned.records, "an", result("T1", "2"))[1] == "FAULT_OF_ANOTHER"
    for person_id in ("binh", "head", "stranger"):
        assert refused(planned.records, "an", result("T1", "2"), by=planned.as_(person_id))[:2] == (
            grpc.StatusCode.PERMISSION_DENIED,
            "NOT_RECORDER",
        )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"excused_deadlines": 2}, "BAD_CONFIRMATION"),
        ({"excused_deadlines": -1}, "BAD_CONFIRMATION"),
        ({"excused_deadlines": 0}, "BAD_CONFIRMATION"),
        ({"excused_reviews": 1}, "BAD_CONFIRMATION"),
        ({"cause": " "}, "BAD_CONFIRMATION"),
        ({"fault_id": "F9"}, "UNKNOWN_FAULT"),
        ({"task_id": "T2"}, "UNKNOWN_FAULT"),
    ],
)
def test_what_a_confirmation_may_not_say(planned: Ward, given: dict[str, object], reason: str) -> None:
    planned.records("an", result("T1", "2", pb.Fault(fault_id="F1", outputs=1, missed_deadlines=1)))
    assert refused(confirms, planned, "deputy", **given)[1] == reason


def records_time(ward: Ward, *entries: tuple[str, int, int]) -> int:
    request = pb.RecordWorkingTimeRequest(
        ward_id=ward.id,
        month=MONTH,
        entries=[
            pb.WorkingTime(person_id=who, required_half_days=needed, worked_half_days=worked)
            for who, needed, worked in entries
        ],
    )
    reply: pb.RecordWorkingTimeResponse = ward.clerk.RecordWorkingTime(request)
    return reply.count


def test_working_time_is_announced_when_it_changes(ward: Ward) -> None:
    assert records_time(ward, ("an", 44, 44), ("binh", 44, 20)) == 2
    assert records_time(ward, ("an", 44, 44), ("binh", 44, 22)) == 2
    told = [
        (each.working_time.person_id, each.working_time.worked_half_days, each.revision)
        for each in ward.events(events.WorkingTimeRecorded)
    ]
    assert told == [("an", 44, 1), ("binh", 20, 1), ("binh", 22, 2)]


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([("an", 0, 0)], "BAD_WORKING_TIME"),
        ([("an", 63, 0)], "BAD_WORKING_TIME"),
        ([("an", 44, -1)], "BAD_WORKING_TIME"),
        ([("an", 44, 63)], "BAD_WORKING_TIME"),
        ([("an", 44, 44), ("an", 44, 43)], "BAD_WORKING_TIME"),
        ([("ghost", 44, 44)], "UNKNOWN_PERSON"),
    ],
)
def test_bad_working_time_is_refused_whole(
    ward: Ward, entries: list[tuple[str, int, int]], reason: str
) -> None:
    assert refused(records_time, ward, ("binh", 44, 44), *entries)[1] == reason
    assert not ward.events(events.WorkingTimeRecorded)
