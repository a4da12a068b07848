"""Work handed over changes no total of a unit; neither does a line that is split (R-7, R-12)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from chassis.errors import Refusal
from planning.domain.handover import HandedOver, NotHandedOver, NotWhole, TooMuch, hand_over
from planning.domain.plan import BadPlan, PersonMonth
from planning.domain.results import Fault, Result
from planning.domain.task import Kind, Task
from planning.domain.unit_plan import Line, totals
from scoring.domain import work
from scoring.domain.policy import FaultScope

MARCH = Month(2026, 3)
AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
PEOPLE = ("an", "binh", "chi")
FULL = Task(
    task_id="T1",
    kind=Kind.PLANNED,
    name="Báo cáo",
    output="Văn bản",
    due_on=date(2026, 3, 20),
    responsibility="Chủ trì",
    authority="Trưởng phòng",
    quantity=Decimal(10),
    coefficient=Decimal(12),
)


def in_force(person_id: str, *tasks: Task, results: Iterable[Result] = ()) -> PersonMonth:
    month = PersonMonth("w", person_id, MARCH).save(tasks).submit().approve(by="deputy", at=AT)
    given_results = list(results)
    return month.record(given_results) if given_results else month


def over(giver: PersonMonth, receiver: PersonMonth, task_id: str, quantity: str | None = None) -> HandedOver:
    return hand_over(
        giver,
        receiver,
        task_id=task_id,
        quantity=None if quantity is None else Decimal(quantity),
        reason="đi học",
        same_unit=True,
        by="deputy",
        at=AT,
    )


def lines(months: Iterable[PersonMonth]) -> list[Line]:
    return [
        Line(month.person_id, task, month.results.get(task.task_id))
        for month in months
        for task in month.owed().tasks
    ]


def sums(found: Iterable[Line], scope: FaultScope = FaultScope.OUTPUT) -> work.Sums:
    """What scoring makes of the lines (R-12)."""
    return work.converted_sums([_scored(each) for each in found], scope)


def _scored(line: Line) -> work.Task:
    faults = line.result.faults if line.result else ()
    return work.Task(
        coefficient=line.task.coefficient or Decimal(0),
        assigned=line.task.quantity or Decimal(0),
        accepted=line.accepted,
        kind=work.Kind(line.task.kind.value),
        faults=tuple(
            work.Fault(each.outputs, each.failed_reviews, 0, each.missed_deadlines, 0) for each in faults
        ),
    )


quantities = st.integers(1, 20_000).map(lambda each: Decimal(each) / 1000)
coefficients = st.integers(1, 5_000).map(lambda each: Decimal(each) / 100)


@st.composite
def months(draw: st.DrawFn) -> list[PersonMonth]:
    """People whose plans are in force, with results and faults."""
    found = []
    for person_id in PEOPLE:
        tasks, results = [], []
        for number in range(draw(st.integers(1, 3))):
            task = replace(
                FULL,
                task_id=f"T{number}",
                quantity=draw(quantities),
                coefficient=draw(coefficients),
                kind=draw(st.sampled_from((Kind.PLANNED, Kind.PLANNED, Kind.EXTRA))),
            )
            tasks.append(task)
            assert task.quantity is not None
            accepted = (task.quantity * draw(st.integers(0, 4)) / 4).quantize(Decimal("0.001"))
            faults = [Fault("F1", 1, draw(st.integers(0, 5)), 1)] if accepted >= 1 else []
            results.append(Result(task.task_id, min(accepted, task.quantity), "", tuple(faults)))
        found.append(in_force(person_id, *tasks, results=results))
    return found


@given(months(), st.data())
def test_handing_over_changes_no_total_of_the_unit(people: list[PersonMonth], data: st.DataObject) -> None:
    """Assigned, done, good and timely of all, however often and to whomever work goes over, and back."""
    before = sums(lines(people))
    by_id = {each.person_id: each for each in people}
    for _ in range(data.draw(st.integers(1, 6))):
        giver, receiver = data.draw(st.permutations(PEOPLE))[:2]
        task = data.draw(st.sampled_from(by_id[giver].owed().tasks))
        part = data.draw(st.none() | quantities)
        try:
            done = over(by_id[giver], by_id[receiver], task.task_id, None if part is None else f"{part:f}")
        except Refusal:
            continue
        by_id |= {giver: done.giver, receiver: done.receiver}
    after = list(by_id.values())
    assert sums(lines(after)) == before
    found = totals(lines(after))
    assert (found.assigned, found.done) == (before.assigned, before.done)
    _check_both_sides(by_id)


def _check_both_sides(people: dict[str, PersonMonth]) -> None:
    """Every line that names another is named by it, with the same quantity and coefficient."""
    for person_id, month in people.items():
        for line in month.owed().tasks:
            if line.counterpart_task_id:
                [other] = [
                    each
                    for each in people[line.counterpart_id].owed().tasks
                    if each.task_id == line.counterpart_task_id
                ]
                assert (other.counterpart_id, other.counterpart_task_id) == (person_id, line.task_id)
                assert {line.kind, other.kind} == {Kind.HANDED_OVER, Kind.TAKEN_OVER}
                assert (other.quantity, other.coefficient) == (line.quantity, line.coefficient)


@given(st.integers(1, 12), coefficients, st.data())
def test_splitting_a_line_into_equal_lines_changes_no_total(
    outputs: int, coefficient: Decimal, data: st.DataObject
) -> None:
    """One line of n outputs counts as n lines of one, whatever went wrong with each output (R-12)."""
    wrong = [
        (data.draw(st.integers(0, 6)), data.draw(st.integers(0, 6)))
        for _ in range(data.draw(st.integers(0, outputs)))
    ]
    accepted = data.draw(st.integers(len(wrong), outputs))
    faults = [
        Fault(f"F{number}", 1, reviews, deadlines)
        for number, (reviews, deadlines) in enumerate(wrong)
        if reviews or deadlines
    ]
    whole = replace(FULL, quantity=Decimal(outputs), coefficient=coefficient)
    one = [Line("an", whole, Result("T1", Decimal(accepted), "", tuple(faults)))]
    many = [
        Line(
            "an",
            replace(whole, task_id=f"T1.{number}", quantity=Decimal(1)),
            Result(f"T1.{number}", Decimal(number < accepted), "", tuple(faults[number : number + 1])),
        )
        for number in range(outputs)
    ]
    assert sums(one) == sums(many)
    assert totals(one) == totals(many)


def test_a_part_leaves_the_rest_and_what_is_accepted() -> None:
    giver = in_force("an", FULL, results=[Result("T1", Decimal(3))])
    done = over(giver, in_force("binh", FULL), "T1", "2.5")
    assert [(each.task_id, each.kind, each.quantity) for each in done.giver.owed().tasks] == [
        ("T1", Kind.PLANNED, Decimal("7.5")),
        ("T1.2", Kind.HANDED_OVER, Decimal("2.5")),
    ]
    assert done.giver.results == giver.results
    with pytest.raises(TooMuch):
        over(giver, in_force("binh", FULL), "T1", "7.001")


def test_what_comes_up_and_what_was_taken_over_is_not_owed() -> None:
    extra = in_force("an", replace(FULL, kind=Kind.EXTRA))
    with pytest.raises(NotHandedOver):
        over(extra, in_force("binh", FULL), "T1")
    done = over(in_force("an", FULL), in_force("binh", FULL), "T1")
    with pytest.raises(NotHandedOver):
        over(done.receiver, in_force("chi", FULL), done.taken_id)


def test_what_went_over_comes_back_until_something_is_accepted() -> None:
    first = in_force("an", FULL)
    done = over(first, in_force("binh", replace(FULL, task_id="B1")), "T1")
    back = over(done.receiver, done.giver, done.taken_id)
    assert back.receiver.owed().tasks == first.owed().tasks
    assert [each.task_id for each in back.giver.owed().tasks] == ["B1"]
    worked = done.receiver.record([Result(done.taken_id, Decimal(1))])
    with pytest.raises(NotWhole):
        over(worked, done.giver, done.taken_id)


@pytest.mark.parametrize("side", ["giver", "receiver"])
def test_an_amendment_leaves_the_account_of_both_sides(side: str) -> None:
    done = over(in_force("an", FULL), in_force("binh", replace(FULL, task_id="B1")), "T1", "4")
    month: PersonMonth = getattr(done, side)
    line = done.given_id if side == "giver" else done.taken_id
    tasks = {each.task_id: each for each in month.owed().tasks}
    with pytest.raises(BadPlan):
        month.save([each for each in tasks.values() if each.task_id != line])
    for change in ({"quantity": Decimal(5)}, {"kind": Kind.PLANNED}, {"coefficient": Decimal(1)}):
        with pytest.raises(BadPlan):
            month.save([*(tasks | {line: replace(tasks[line], **change)}).values()])
    noted = month.save(
        [*(tasks | {line: replace(tasks[line], counterpart_task_id="", name="Rõ hơn")}).values()]
    )
    [kept] = [each for each in noted.latest().tasks if each.task_id == line]
    assert (kept.name, kept.counterpart_task_id) == ("Rõ hơn", tasks[line].counterpart_task_id)
