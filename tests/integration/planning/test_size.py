"""A ward of 1,200 people with 15 tasks each: import, submission and approval are a matter of seconds."""

import time
from decimal import Decimal
from functools import cache

from kpi.planning.v1 import events_pb2 as events

from .ward import Rows, Ward, person, task, workbook

PEOPLE, TASKS = 1_200, 15


def crowd() -> dict[str, Rows]:
    heads = [f"h{number:02d}" for number in range(12)]
    ids = [f"p{number:04d}" for number in range(PEOPLE - len(heads))]
    leaders = [
        person(
            person_id=each, unit_id="vp", role="leader", post="unit_head", in_charge_ids=tuple(ids[at::12])
        )
        for at, each in enumerate(heads)
    ]
    staff = [person(person_id=each, unit_id="vp", superior_id=heads[at % 12]) for at, each in enumerate(ids)]
    tasks = [task(each, f"T{number:02d}") for each in [*heads, *ids] for number in range(TASKS)]
    results = [
        {"person_id": each["person_id"], "task_id": each["task_id"], "accepted": Decimal(2)} for each in tasks
    ]
    faults = [
        {
            "person_id": each["person_id"],
            "task_id": each["task_id"],
            "fault_id": "F",
            "outputs": 1,
            "missed_deadlines": 1,
        }
        for each in tasks[::5]
    ]
    return {"people": [*leaders, *staff], "tasks": tasks, "results": results, "faults": faults}


@cache
def content() -> bytes:
    return workbook(**crowd())


def test_a_large_ward_is_taken_over_in_seconds(ward: Ward) -> None:
    file = content()
    began = time.perf_counter()
    done = ward.sends(file)
    assert (done.applied, done.rows["tasks"]) == (True, PEOPLE * TASKS), done.errors[:5]
    took = [time.perf_counter() - began]
    assert ward.submits(all=True) == PEOPLE
    took.append(time.perf_counter() - began)
    approved = ward.approves(ward.organizer)
    approved += sum(ward.approves(ward.as_(f"h{number:02d}")) for number in range(12))
    took.append(time.perf_counter() - began)
    assert approved == PEOPLE
    works = [each.work for each in ward.events(events.PlanApproved)]
    assert len({each.person_id for each in works}) == PEOPLE
    assert all(len(each.lines) == TASKS for each in works)
    # A few seconds on two idle cores; a statement a row would take minutes.
    assert took[-1] < 60, took
