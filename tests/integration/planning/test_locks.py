"""R-10, R-28: a decision locks the month, and planning says which facts it acknowledged last before."""

from concurrent.futures import ThreadPoolExecutor

import grpc

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from support.service import refusal

from .ward import MONTH, Ward, message


def record_time(ward: Ward, worked: int, person_id: str = "an") -> None:
    entry = pb.WorkingTime(person_id=person_id, required_half_days=44, worked_half_days=worked)
    ward.clerk.RecordWorkingTime(pb.RecordWorkingTimeRequest(ward_id=ward.id, month=MONTH, entries=[entry]))


def test_the_lock_names_the_last_facts(ward: Ward) -> None:
    for worked in (44, 43, 43, 42):
        record_time(ward, worked)
    plan = ward.in_force("an", message("T1"))

    ward.decided("an")

    [lock] = ward.events(events.MonthLocked)
    [*_, time] = ward.events(events.WorkingTimeRecorded)
    [post] = [each.person for each in ward.events(events.PersonChanged) if each.person.person_id == "an"]
    assert (lock.person_id, lock.month, lock.decision_revision) == ("an", MONTH, 1)
    assert lock.working_time_revision == time.revision == 3
    assert (lock.post_from_month, lock.post_revision) == (post.from_month, post.revision)
    assert lock.work_revision == plan.revision
    assert time.lock_follows


def test_a_month_without_facts_is_locked_too(ward: Ward) -> None:
    ward.decided("nobody-known")

    [lock] = ward.events(events.MonthLocked)
    assert (lock.person_id, lock.working_time_revision, lock.post_from_month, lock.work_revision) == (
        "nobody-known",
        0,
        "",
        0,
    )


def test_a_decision_locks_once_and_a_later_one_again(ward: Ward) -> None:
    record_time(ward, 44)
    for revision in (1, 1, 3, 2):
        ward.decided("an", revision)

    assert [
        (each.decision_revision, each.working_time_revision) for each in ward.events(events.MonthLocked)
    ] == [(1, 1), (3, 1)]


def test_no_change_is_acknowledged_beside_the_lock(ward: Ward) -> None:
    """Writers of a ward take turns, the lock among them: what was acknowledged is in it, or was refused."""
    record_time(ward, 44)

    def change(worked: int) -> str:
        try:
            record_time(ward, worked)
        except grpc.RpcError as error:
            return refusal(error)[1]
        return "acknowledged"

    with ThreadPoolExecutor(7) as pool:
        changes = [pool.submit(change, worked) for worked in (30, 31, 32)]
        lock = pool.submit(ward.decided, "an")
        changes += [pool.submit(change, worked) for worked in (33, 34, 35)]
        lock.result()
        said = [each.result() for each in changes]

    assert set(said) <= {"acknowledged", "MONTH_DECIDED"}
    acknowledged = said.count("acknowledged")
    [locked] = ward.events(events.MonthLocked)
    assert locked.working_time_revision == 1 + acknowledged
    assert max(each.revision for each in ward.events(events.WorkingTimeRecorded)) == 1 + acknowledged
