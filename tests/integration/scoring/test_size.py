"""A whole ward at once: 1,200 people with 15 tasks each."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from google.protobuf.message import Message
from sqlalchemy import event

from chassis import db
from integration.scoring.ward import Ward, line

PEOPLE = 1200
TASKS = 15
LEADERS = 30


def month(ward: Ward) -> list[Message]:
    people = [f"p{number:04d}" for number in range(PEOPLE)]
    leaders = people[:LEADERS]
    found: list[Message] = []
    for number, id_ in enumerate(people):
        unit = f"u{number % LEADERS}"
        if id_ in leaders:
            found.append(ward.leader(id_, *people[number + LEADERS :: LEADERS], unit_id=unit))
        else:
            found.append(ward.person(id_, unit_id=unit, superior_id=leaders[number % LEADERS]))
    for number, id_ in enumerate(people):
        lines = [
            line(
                f"{1 + task % 5}.25",
                "3",
                "2" if (number + task) % 7 == 0 else "3",
                task_id=f"{id_}-{task}",
                code=f"VP.{task:02d}",
                name="Tham mưu, soạn thảo văn bản trả lời kiến nghị của cử tri và nhân dân",
            )
            for task in range(TASKS)
        ]
        found.append(ward.plan(id_, *lines))
    found += [ward.time(id_) for id_ in people]
    found += [
        ward.assessed(id_, f"{25 + number % 6}", organising=100, unity=100)
        for number, id_ in enumerate(people)
    ]
    return found


@contextmanager
def statements(ward: Ward) -> Iterator[list[str]]:
    """Collect the statements that reach the database."""
    found: list[str] = []

    def told(connection: object, cursor: object, statement: str, *rest: object) -> None:
        found.append(statement)

    engine = db.engine(ward.service.sessions)
    event.listen(engine, "before_cursor_execute", told)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", told)


def test_a_ward_of_1200_is_computed_in_well_under_two_seconds(ward: Ward) -> None:
    ward.tell(*month(ward))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with statements(ward) as first:
        began = time.process_time()
        ward.compute()
        seconds = time.process_time() - began

    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) // 1024
    assert len(ward.announced_scores()) == PEOPLE
    # Of processor time: the machine may have other things to do.
    assert seconds < 1.5, f"{seconds:.2f} s"
    assert grown_mb < 100, f"{grown_mb} MB"
    # 8 to read; the rest are 1,200 rows in slices.
    assert len(first) < 25, first

    ward.tell(ward.assessed("p0500", "20"))
    with statements(ward) as again:
        ward.compute()
    assert len(again) < 20, again
    assert {score.person_id for score in ward.announced_scores()[PEOPLE:]} >= {"p0500"}
    assert len(ward.announced_scores()) < PEOPLE + 60
