"""Results that other systems deliver: each reference counts once (R-8)."""

from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpi.planning.v1 import deliveries_pb2 as pb
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2
from kpi.types.v1 import types_pb2 as types
from support.service import Caller

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """Two people's plans are in force: T1 planned (10 outputs), T2 extra, T3 handed over."""
    ward.takes_over("deputy", "an", "binh")
    for who in ("an", "binh"):
        ward.in_force(
            who,
            message("T1", quantity="10"),
            message("T2", kind=types.TASK_KIND_EXTRA),
            message("T3", kind=types.TASK_KIND_HANDED_OVER, counterpart_id="deputy", reason="x"),
        )
    return ward


def delivery(reference: str, quantity: str = "1", sequence: int = 1, **given: Any) -> pb.Delivery:
    words: dict[str, Any] = {"system": "igate", "person_id": "an", "month": MONTH, "task_id": "T1"} | given
    return pb.Delivery(reference=reference, quantity=quantity, sequence=sequence, **words)


def delivers(ward: Ward, *deliveries: pb.Delivery, by: Caller | None = None) -> list[pb.Delivery]:
    request = pb.DeliverResultsRequest(ward_id=ward.id, deliveries=deliveries)
    reply: pb.DeliverResultsResponse = (by or ward.clerk).DeliverResults(request)
    return list(reply.deliveries)


def accepted(ward: Ward, person_id: str = "an") -> list[str]:
    return [each.accepted for each in ward.plan(person_id).tasks]


def announced(ward: Ward) -> int:
    return len(ward.events(events.ResultsRecorded))


def test_a_repeated_delivery_counts_once_and_has_the_same_answer(planned: Ward) -> None:
    first = delivers(planned, delivery("HS-1", "2"), delivery("HS-2", "1.5"), delivery("HS-1", "2.0"))
    assert accepted(planned) == ["3.5", "", ""]
    assert announced(planned) == 1
    assert delivers(planned, delivery("HS-1", "2"), delivery("HS-2", "1.5"), by=planned.both) == first[:2]
    assert (accepted(planned), announced(planned)) == (["3.5", "", ""], 1)
    delivers(planned, delivery("HS-1", "1", system="khac"), delivery("HS-1", "1", system="khac", sequence=0))
    assert accepted(planned)[0] == "4.5"


def test_a_correction_replaces_and_a_late_one_changes_nothing(planned: Ward) -> None:
    delivers(planned, delivery("HS-1", "5", 3), delivery("HS-2", "1"))
    delivers(planned, delivery("HS-1", "2", 4))
    assert accepted(planned)[0] == "3"
    [standing] = delivers(planned, delivery("HS-1", "9", 2))
    assert (standing.quantity, standing.sequence, standing.delivered_by) == ("2", 4, "clerk")
    code, reason, facts = refused(delivers, planned, delivery("HS-1", "3", 4))
    assert (code, reason, facts["field"]) == (BLOCKED, "DELIVERY_TAKEN", "deliveries[0].sequence")
    delivers(planned, delivery("HS-1", "0", 5))
    assert accepted(planned)[0] == "1"


def test_a_correction_moves_work_to_whom_it_belongs(planned: Ward) -> None:
    delivers(planned, delivery("HS-1", "2"), delivery("HS-2", "1"))
    delivers(planned, delivery("HS-1", "2", 2, person_id="binh", task_id="T2"))
    assert (accepted(planned)[0], accepted(planned, "binh")) == ("1", ["", "2", ""])
    works = [each.work for each in planned.events(events.ResultsRecorded)]
    assert [each.person_id for each in works] == ["an", "an", "binh"]


def test_what_people_recorded_stays(planned: Ward) -> None:
    fault = planning_pb2.Fault(fault_id="F1", outputs=1, failed_reviews=1)
    planned.records(
        "an",
        planning_pb2.TaskResult(task_id="T1", accepted="4", evidence="12/BC-VP", faults=[fault]),
        by=planned.clerk,
    )
    delivers(
        planned, delivery("HS-1", "2", evidence="HS-1 ngày 05/03"), delivery("HS-2", "1", evidence="HS-2")
    )
    task = planned.plan("an").tasks[0]
    assert (task.accepted, task.evidence) == ("7", "12/BC-VP\nHS-1 ngày 05/03\nHS-2")
    assert [each.fault_id for each in task.faults] == ["F1"]
    delivers(planned, delivery("HS-1", "1", 2, evidence="HS-1 bản đính chính"))
    task = planned.plan("an").tasks[0]
    assert (task.accepted, task.evidence) == ("6", "12/BC-VP\nHS-2\nHS-1 bản đính chính")


def test_evidence_beyond_the_room_stays_with_the_deliveries(planned: Ward) -> None:
    many = [delivery(f"HS-{each}", "0.1", evidence=f"{each:03d}" * 100) for each in range(5)]
    delivers(planned, *many)
    assert planned.plan("an").tasks[0].evidence.split("\n") == [f"{each:03d}" * 100 for each in range(3)]
    assert accepted(planned)[0] == "0.5"
    request = pb.ListDeliveriesRequest(ward_id=planned.id, person_id="an", month=MONTH, page_size=2)
    found: list[pb.Delivery] = []
    while True:
        page: pb.ListDeliveriesResponse = planned.as_("deputy").ListDeliveries(request)
        found += page.deliveries
        request.page_token = page.next_page_token
        if not page.next_page_token:
            break
    assert [each.evidence for each in found] == [each.evidence for each in many]
    request = pb.ListDeliveriesRequest(ward_id=planned.id, person_id="an", month=MONTH, task_id="T2")
    assert not planned.clerk.ListDeliveries(request).deliveries
    assert refused(planned.as_("binh").ListDeliveries, request)[1] == "NOT_YOURS"


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"quantity": "10.5"}, "BAD_DELIVERIES", "deliveries[1].quantity"),
        ({"quantity": "-1"}, "BAD_DELIVERIES", "deliveries[1].quantity"),
        ({"quantity": "0.0001"}, "BAD_DELIVERIES", "deliveries[1].quantity"),
        ({"quantity": ""}, "BAD_NUMBER", "deliveries[1].quantity"),
        ({"system": ""}, "BAD_DELIVERIES", "deliveries[1].system"),
        ({"reference": "số 1"}, "BAD_DELIVERIES", "deliveries[1].reference"),
        ({"sequence": -1}, "BAD_DELIVERIES", "deliveries[1].sequence"),
        ({"task_id": "T3"}, "BAD_DELIVERIES", "deliveries[1].quantity"),
        ({"task_id": "T9"}, "UNKNOWN_TASK", "deliveries[1].task_id"),
        ({"evidence": "x" * 1001}, "BAD_DELIVERIES", "deliveries[1].evidence"),
    ],
)
def test_bad_deliveries_are_refused_whole(
    planned: Ward, wrong: dict[str, Any], reason: str, field: str
) -> None:
    bad = delivery(**{"reference": "HS-2"} | wrong)
    found = refused(delivers, planned, delivery("HS-1", task_id="T2"), bad)
    assert (found[1], found[2]["field"]) == (reason, field)
    assert not announced(planned)
    assert delivers(planned, delivery("HS-1", "3", task_id="T2"))[0].quantity == "3"


def test_only_accounts_of_the_clerk_deliver_and_only_for_plans_in_force(planned: Ward) -> None:
    assert refused(delivers, planned, delivery("HS-1"), by=planned.as_("an"))[0] is DENIED
    assert refused(delivers, planned, delivery("HS-1"), by=planned.organizer)[0] is DENIED
    assert refused(delivers, planned, delivery("HS-1", person_id="lan"))[1] == "UNKNOWN_PLAN"
    planned.saves("lan", message("T1"))
    assert refused(delivers, planned, delivery("HS-1", person_id="lan"))[1] == "NOT_APPROVED"


def test_after_the_decision_only_what_is_known_is_answered(planned: Ward) -> None:
    first = delivers(planned, delivery("HS-1", "2"))
    planned.decided("an")
    assert delivers(planned, delivery("HS-1", "2")) == first
    assert refused(delivers, planned, delivery("HS-1", "1", 2))[1] == "MONTH_DECIDED"
    assert refused(delivers, planned, delivery("HS-2"))[1] == "MONTH_DECIDED"
    assert accepted(planned)[0] == "2"


sent = st.tuples(st.sampled_from("abc"), st.integers(1, 4), st.sampled_from(["an", "binh"]))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(sent, min_size=1, max_size=5), max_size=4), run=st.uuids())
def test_the_newest_of_each_reference_counts_in_whatever_order_they_come(
    planned: Ward, batches: list[list[tuple[str, int, str]]], run: object
) -> None:
    """A reference's quantity follows from its sequence, so that one sequence never has two contents."""
    system = f"s{run}"
    before = {who: accepted(planned, who)[1] or "0" for who in ("an", "binh")}
    whose: dict[tuple[str, int], str] = {}
    newest: dict[str, int] = {}
    for batch in batches:
        for reference, sequence, who in batch:
            whose.setdefault((reference, sequence), who)
            newest[reference] = max(newest.get(reference, 0), sequence)
        for _ in range(2):
            delivers(
                planned,
                *(
                    delivery(
                        reference,
                        str(sequence),
                        sequence,
                        system=system,
                        task_id="T2",
                        person_id=whose[reference, sequence],
                    )
                    for reference, sequence, _ in batch
                ),
            )
    for who in ("an", "binh"):
        owed = sum(sequence for reference, sequence in newest.items() if whose[reference, sequence] == who)
        assert int(accepted(planned, who)[1] or "0") - int(before[who]) == owed
