"""Work handed to a colleague, and differences of versions, through planning's door (R-5, R-7)."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any
from uuid import uuid4

import grpc
import pytest

from kpi.operations.v1 import audit_pb2
from kpi.planning.v1 import amendments_pb2 as amendments
from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1.events_pb2 import PlanApproved
from kpi.types.v1 import types_pb2 as types
from support.service import Caller, refusal

from .ward import MONTH, PEOPLE, Ward, message, person, refused, task

BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
INVALID = grpc.StatusCode.INVALID_ARGUMENT


def hands_over(ward: Ward, by: Caller | None = None, **given: Any) -> amendments.HandOverTaskResponse:
    request = amendments.HandOverTaskRequest(
        **{
            "ward_id": ward.id,
            "month": MONTH,
            "person_id": "an",
            "task_id": "T1",
            "receiver_id": "binh",
            "reason": "An đi tập huấn",
        }
        | given
    )
    reply: amendments.HandOverTaskResponse = (by or ward.as_("deputy")).HandOverTask(request)
    return reply


def tasks(ward: Ward, person_id: str) -> dict[str, pb.Task]:
    return {each.task_id: each for each in ward.plan(person_id).tasks}


def told(line: pb.Task) -> tuple[str, str, str, str, str]:
    kind = types.TaskKind.Name(line.kind).removeprefix("TASK_KIND_").lower()
    return kind, line.quantity, line.coefficient, line.counterpart_id, line.counterpart_task_id


def assigned(ward: Ward) -> Decimal:
    """Σ of coefficient by quantity of what An and Bình owe, as scoring was last told (R-12)."""
    newest = {each.work.person_id: each.work for each in ward.events(PlanApproved)}
    owed = (types.TASK_KIND_PLANNED, types.TASK_KIND_HANDED_OVER)
    return sum(
        (
            Decimal(line.coefficient) * Decimal(line.assigned)
            for work in newest.values()
            for line in work.lines
            if line.kind in owed
        ),
        Decimal(0),
    )


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """An's and Bình's plans are in force; An has 10 of T1, 3 accepted."""
    ward.in_force(
        "an",
        message("T1", quantity="10"),
        message("T2", quantity="1"),
        message("T3", kind=types.TASK_KIND_EXTRA),
    )
    ward.in_force("binh", message("T1", quantity="4"))
    ward.records("an", pb.TaskResult(task_id="T1", accepted="3"))
    return ward


def test_a_part_splits_the_line(planned: Ward) -> None:
    """R-7: what was assigned stays assigned; the receiver's part counts in what is done only."""
    before = assigned(planned)
    reply = hands_over(planned, quantity="4")
    assert (reply.giver.task_id, reply.receiver.task_id, reply.quantity) == ("T1.2", "T1.2", "4")
    assert (reply.giver.version, reply.receiver.version) == (2, 2)
    given, taken = tasks(planned, "an"), tasks(planned, "binh")
    assert told(given["T1"]) == ("planned", "6", "12.00", "", "")
    assert told(given["T1.2"]) == ("handed_over", "4", "12.00", "binh", "T1.2")
    assert told(taken["T1.2"]) == ("taken_over", "4", "12.00", "an", "T1.2")
    assert told(taken["T1"]) == ("planned", "4", "12.00", "", "")
    assert (given["T1"].accepted, taken["T1.2"].catalogue_code) == ("3", "DC.05")
    assert assigned(planned) == before
    last = planned.events(PlanApproved)[-2:]
    assert [(each.work.person_id, each.version, each.approved_by) for each in last] == [
        ("an", 2, "deputy"),
        ("binh", 2, "deputy"),
    ]
    planned.records("binh", pb.TaskResult(task_id="T1.2", accepted="4"))


def test_the_whole_goes_over_by_its_own_id(planned: Ward) -> None:
    reply = hands_over(planned, task_id="T2")
    assert (reply.giver.task_id, reply.receiver.task_id) == ("T2", "T2")
    assert told(tasks(planned, "an")["T2"]) == ("handed_over", "1", "12.00", "binh", "T2")
    assert told(tasks(planned, "binh")["T2"]) == ("taken_over", "1", "12.00", "an", "T2")
    found = refused(planned.records, "an", pb.TaskResult(task_id="T2", accepted="1"))
    assert found[1] == "BAD_RESULTS"


def test_what_is_accepted_stays(planned: Ward) -> None:
    assert hands_over(planned).quantity == "7"
    assert told(tasks(planned, "an")["T1"])[:2] == ("planned", "3")
    assert refused(hands_over, planned)[:2] == (BLOCKED, "NOTHING_LEFT")


def test_what_cannot_be_handed_over(planned: Ward) -> None:
    for given, code, reason in (
        ({"quantity": "7.5"}, INVALID, "TOO_MUCH"),
        ({"quantity": "0"}, INVALID, "TOO_MUCH"),
        ({"quantity": "0.0001"}, INVALID, "TOO_MUCH"),
        ({"reason": " "}, INVALID, "HANDOVER_REASON_MISSING"),
        ({"task_id": "T9"}, grpc.StatusCode.NOT_FOUND, "UNKNOWN_TASK"),
        ({"task_id": "T3"}, BLOCKED, "NOT_HANDED_OVER"),
    ):
        assert refused(hands_over, planned, **given)[:2] == (code, reason), given
    boss = planned.as_("boss")
    assert refused(hands_over, planned, boss, receiver_id="an")[1] == "SAME_PERSON"
    assert refused(hands_over, planned, boss, receiver_id="deputy")[:2] == (BLOCKED, "NOT_IN_FORCE")
    assert planned.plan("an").version == 1


def test_who_hands_over(planned: Ward) -> None:
    for who in ("an", "binh", "head"):
        assert refused(hands_over, planned, planned.as_(who))[:2] == (DENIED, "NOT_ABOVE_BOTH")
    # Somebody in the ward is above both, so the office is not.
    assert refused(hands_over, planned, planned.organizer)[1] == "NOT_ABOVE_BOTH"
    # Nobody takes work over by his own word.
    planned.in_force("deputy", message("D1"))
    assert refused(hands_over, planned, receiver_id="deputy")[1] == "NOT_ABOVE_BOTH"
    assert hands_over(planned, planned.as_("boss"), receiver_id="deputy").quantity == "7"
    planned.in_force("lan", message("L1"))
    assert refused(hands_over, planned, planned.as_("boss"), receiver_id="lan")[1] == "NOT_ABOVE_BOTH"
    assert hands_over(planned, planned.organizer, task_id="T2", receiver_id="lan").quantity == "1"


def by_hand(kind: types.TaskKind, other_id: str, quantity: str = "2", **given: Any) -> pb.Task:
    return message("H1", kind=kind, counterpart_id=other_id, quantity=quantity, reason="tập huấn", **given)


GIVES, TAKES = types.TASK_KIND_HANDED_OVER, types.TASK_KIND_TAKEN_OVER


def submits(ward: Ward, person_id: str, *lines: pb.Task) -> None:
    ward.saves(person_id, *lines)
    ward.submits(person_id)


@pytest.mark.parametrize(("kind", "other"), [(GIVES, TAKES), (TAKES, GIVES)])
def test_what_is_written_by_hand_stands_in_both_plans(
    ward: Ward, kind: types.TaskKind, other: types.TaskKind
) -> None:
    """R-7: nobody takes over what nobody hands over, nor hands over what nobody takes."""
    deputy = ward.as_("deputy")
    submits(ward, "an", message("T1"), by_hand(kind, "binh"))
    code, reason, facts = refused(ward.approves, deputy, "an")
    assert (code, reason, facts["field"]) == (INVALID, "BAD_PLAN", "an.tasks[0].counterpart_id")
    assert "24.00" in facts["problems_vi"]
    ward.saves("binh", by_hand(other, "an"))
    assert refused(ward.approves, deputy)[1] == "BAD_PLAN"

    ward.submits("binh")

    assert ward.approves(deputy, "an") == 1
    assert ward.approves(deputy, "binh") == 1


def test_lines_by_hand_agree_in_sum_and_for_each_colleague(ward: Ward) -> None:
    deputy = ward.as_("deputy")
    halves = [by_hand(GIVES, "binh", "1"), by_hand(GIVES, "binh", "1")]
    halves[1].task_id = "H2"
    submits(ward, "an", *halves)
    submits(ward, "binh", by_hand(TAKES, "an", "3"))
    assert refused(ward.approves, deputy, "binh")[2]["field"] == "binh.tasks[0].counterpart_id"
    deputy.ReturnPlan(pb.ReturnPlanRequest(ward_id=ward.id, month=MONTH, person_id="binh", reason="thừa"))

    submits(ward, "binh", by_hand(TAKES, "an", "2"))

    assert ward.approves(deputy) == 2


def test_an_amendment_drops_no_side_alone(ward: Ward) -> None:
    deputy = ward.as_("deputy")
    submits(ward, "an", message("T1"), by_hand(GIVES, "binh"))
    submits(ward, "binh", message("T1"), by_hand(TAKES, "an"))
    assert ward.approves(deputy) == 2
    submits(ward, "an", message("T1"))

    code, reason, facts = refused(ward.approves, deputy)

    assert (code, reason, facts["field"]) == (INVALID, "BAD_PLAN", "an")
    submits(ward, "binh", message("T1"))
    assert ward.approves(deputy) == 2


def leaves(ward: Ward, person_id: str) -> None:
    """He holds no post any more; those whom he led are led by his superior."""
    [gone] = [each for each in PEOPLE if each["person_id"] == person_id]
    rows: list[dict[str, Any]] = [person(**gone) | {"active": "no", "in_charge_ids": ()}]
    for each in PEOPLE:
        if each is gone:
            continue
        led = tuple(one for one in each.get("in_charge_ids", ()) if one != person_id)
        above = each.get("superior_id", "")
        above = gone.get("superior_id", "") if above == person_id else above
        rows.append(person(**each) | {"in_charge_ids": led, "superior_id": above})
    done = ward.imports(people=rows)
    assert done.applied, done.errors


def test_the_work_of_somebody_who_left_goes_over(planned: Ward) -> None:
    """R-7: nothing is lost with whom it was assigned to; nothing goes to somebody who is not there."""
    before = assigned(planned)
    leaves(planned, "an")
    assert refused(hands_over, planned, planned.as_("head"))[:2] == (DENIED, "NOT_ABOVE_BOTH")
    assert refused(hands_over, planned, planned.organizer)[1] == "NOT_ABOVE_BOTH"
    deputy = planned.as_("deputy")
    assert planned.plan("an", by=deputy).version == 1

    assert hands_over(planned, deputy).quantity == "7"

    assert told(tasks(planned, "binh")["T1.2"])[:2] == ("taken_over", "7")
    assert assigned(planned) == before
    back: dict[str, Any] = {"person_id": "binh", "task_id": "T1.2", "receiver_id": "an"}
    assert refused(hands_over, planned, planned.as_("boss"), **back)[:2] == (DENIED, "NOT_ABOVE_BOTH")
    assert refused(hands_over, planned, person_id="nobody")[:2] == (DENIED, "NOT_ABOVE_BOTH")


def test_the_work_of_a_deputy_who_left_goes_over_by_whoever_was_above(planned: Ward) -> None:
    planned.in_force("deputy", message("D1", quantity="2"))
    leaves(planned, "deputy")
    assert refused(hands_over, planned, planned.organizer, person_id="deputy", task_id="D1")[1] == (
        "NOT_ABOVE_BOTH"
    )
    boss = planned.as_("boss")
    assert hands_over(planned, boss, person_id="deputy", task_id="D1").quantity == "2"


def test_a_decided_month_keeps_its_work(planned: Ward) -> None:
    planned.decided("binh")
    assert refused(hands_over, planned)[:2] == (BLOCKED, "MONTH_DECIDED")
    assert planned.plan("an").version == 1


def test_the_same_request_hands_over_once(planned: Ward) -> None:
    request_id = str(uuid4())
    first = hands_over(planned, quantity="2", request_id=request_id)
    assert hands_over(planned, quantity="2", request_id=request_id) == first
    assert told(tasks(planned, "an")["T1"])[:2] == ("planned", "8")
    found = refused(hands_over, planned, quantity="3", request_id=request_id)
    assert found[1] == "REQUEST_ID_REUSED"


def test_neither_side_changes_the_account_alone(planned: Ward) -> None:
    hands_over(planned, quantity="4")
    for person_id in ("an", "binh"):
        kept = list(planned.plan(person_id).tasks)
        other = [each for each in kept if each.task_id != "T1.2"]
        assert refused(planned.saves, person_id, *other)[1] == "BAD_PLAN"
        [line] = [each for each in kept if each.task_id == "T1.2"]
        for change in (
            {"quantity": "5"},
            {"kind": types.TASK_KIND_PLANNED, "counterpart_id": ""},
            {"counterpart_id": "deputy"},
        ):
            changed = pb.Task()
            changed.CopyFrom(line)
            changed.MergeFrom(pb.Task(**change)) if "kind" not in change else changed.CopyFrom(
                message("T1.2", quantity="4")
            )
            found = refused(planned.saves, person_id, *other, changed)
            assert found[:2] == (INVALID, "BAD_PLAN"), change
        # Saved as it is, without the reference that only the service writes, nothing changes.
        line.counterpart_task_id = ""
        assert planned.saves(person_id, *other, line).version == 2
        assert told(tasks(planned, person_id)["T1.2"])[4] == "T1.2"


def test_the_workbook_does_not_change_the_account_alone(planned: Ward) -> None:
    hands_over(planned, quantity="4")
    bad = planned.imports(tasks=[task("binh", "T1", quantity=Decimal(4))])
    assert [(each.sheet, each.row, "T1.2" in each.reason_en) for each in bad.errors] == [("tasks", 2, True)]
    same = {"kind": "taken_over", "counterpart_id": "an", "quantity": Decimal(4)}
    rows = [task("binh", "T1", quantity=Decimal(4)), task("binh", "T1.2", reason="An đi tập huấn", **same)]
    assert planned.imports(tasks=rows).applied
    assert (planned.plan("binh").version, told(tasks(planned, "binh")["T1.2"])[4]) == (2, "T1.2")


def test_the_log_says_who_moved_work_and_on_whose_authority(planned: Ward) -> None:
    """R-32."""
    planned.in_force("lan", message("L1"))
    hands_over(planned, quantity="4")
    hands_over(planned, planned.organizer, task_id="T2", receiver_id="lan")
    auditor = planned.service.operations_as("kt", "auditor", wards=(planned.id,))
    request = audit_pb2.ListAuditEntriesRequest(ward_id=planned.id, page_size=1000)
    found = [
        (each.subject_id, each.actor_id, each.authority_id)
        for each in auditor.ListAuditEntries(request).entries
        if each.action == "hand_over_task"
    ]
    assert found == [
        ("an", "deputy", "deputy"),
        ("binh", "deputy", "deputy"),
        ("an", "organizer", "@organizer"),
        ("lan", "organizer", "@organizer"),
    ]


def test_a_draft_under_way_goes_on_above(planned: Ward) -> None:
    planned.saves("an", *planned.plan("an").tasks, message("T8"))
    hands_over(planned, quantity="4")
    draft = planned.plan("an")
    assert (draft.state, draft.version) == (pb.PLAN_STATE_DRAFT, 3)
    assert {"T1", "T1.2", "T2", "T3", "T8"} == {each.task_id for each in draft.tasks}
    planned.submits("an")
    assert refused(hands_over, planned)[:2] == (BLOCKED, "AMENDMENT_WAITING")
    assert planned.approves(planned.as_("deputy"), "an") == 1
    changed = [each for each in planned.plan("an").tasks if each.task_id != "T2"]
    planned.saves("an", *changed, message("T2", quantity="5"))
    assert refused(hands_over, planned, task_id="T2")[:2] == (BLOCKED, "DRAFT_DIFFERS")


def test_work_goes_back_whole_to_whom_it_came_from(planned: Ward) -> None:
    before = assigned(planned)
    hands_over(planned, quantity="4")
    back = {"person_id": "binh", "receiver_id": "an", "task_id": "T1.2"}
    assert refused(hands_over, planned, **back, quantity="1")[1] == "NOT_WHOLE"
    planned.in_force("deputy", message("D1"))
    elsewhere = {**back, "receiver_id": "deputy"}
    assert refused(hands_over, planned, planned.as_("boss"), **elsewhere)[1] == "NOT_HANDED_OVER"
    reply = hands_over(planned, **back)
    assert (reply.giver.task_id, reply.receiver.task_id, reply.quantity) == ("", "", "4")
    assert "T1.2" not in tasks(planned, "binh")
    assert told(tasks(planned, "an")["T1.2"]) == ("planned", "4", "12.00", "", "")
    assert assigned(planned) - Decimal(12) * 2 == before  # The deputy's own plan came meanwhile.


def test_what_differs_between_versions(planned: Ward) -> None:
    hands_over(planned, quantity="4")

    def diff(by: Caller, **given: Any) -> amendments.DiffPlanVersionsResponse:
        request = amendments.DiffPlanVersionsRequest(
            **{"ward_id": planned.id, "person_id": "an", "month": MONTH} | given
        )
        reply: amendments.DiffPlanVersionsResponse = by.DiffPlanVersions(request)
        return reply

    found = diff(planned.as_("an"))
    assert (found.from_version, found.to_version) == (1, 2)
    changed, added = found.changes
    assert (changed.line_id, changed.kind) == ("T1", amendments.CHANGE_KIND_CHANGED)
    assert [(each.part, each.before, each.after) for each in changed.parts] == [("quantity", "10", "6")]
    assert (added.line_id, added.kind) == ("T1.2", amendments.CHANGE_KIND_ADDED)
    assert ("kind", "", "handed_over") in [(each.part, each.before, each.after) for each in added.parts]
    first = diff(planned.as_("boss"), to_version=1)
    assert (first.from_version, [each.line_id for each in first.changes]) == (0, ["T1", "T2", "T3"])
    assert refused(diff, planned.as_("binh"))[:2] == (DENIED, "NOT_YOURS")
    assert refused(diff, planned.clerk, to_version=3)[1] == "UNKNOWN_VERSION"
    assert refused(diff, planned.clerk, from_version=2, to_version=1)[1] == "VERSIONS_REVERSED"


def test_of_many_who_hand_the_same_work_over_none_gives_more_than_there_is(planned: Ward) -> None:
    """R-7: 7 of 10 are left; each handover of 3 is whole or refused, and both plans agree."""

    def part(_: int) -> str:
        try:
            return hands_over(planned, quantity="3").receiver.task_id
        except grpc.RpcError as error:
            return refusal(error)[1]

    with ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(part, range(4)))
    assert said == ["T1.2", "T1.3", "TOO_MUCH", "TOO_MUCH"]
    given, taken = tasks(planned, "an"), tasks(planned, "binh")
    assert (given["T1"].quantity, given["T1"].accepted) == ("4", "3")
    for each in ("T1.2", "T1.3"):
        assert told(given[each])[:2] == ("handed_over", "3")
        assert told(taken[each])[:2] == ("taken_over", "3")
