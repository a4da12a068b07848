"""Tasks converted to standard units: R-7, R-12 (NĐ 335/2025 Điều 14, Điều 18.1.d)."""

from decimal import Decimal

import pytest

from scoring.domain.policy import FaultScope
from scoring.domain.unfit import Unfit
from scoring.domain.work import Fault, Kind, Task, converted
from unit.scoring.months import staff, task

OUTPUT, LINE = FaultScope.OUTPUT, FaultScope.LINE


def units(of: Task, scope: FaultScope = OUTPUT) -> tuple[Decimal | int, ...]:
    sums = converted(of, scope)
    return sums.assigned, sums.done, sums.good, sums.timely


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        pytest.param(Kind.PLANNED, (10, 6, 6, 6), id="planned counts in both"),
        pytest.param(Kind.EXTRA, (0, 6, 6, 6), id="extra adds to what was done only"),
        pytest.param(Kind.TAKEN_OVER, (0, 6, 6, 6), id="so does work taken over"),
        pytest.param(Kind.HANDED_OVER, (10, 0, 0, 0), id="work handed over stays assigned"),
        pytest.param(Kind.WITHDRAWN, (0, 0, 0, 0), id="work withdrawn counts in neither"),
    ],
)
def test_kinds_count_where_the_decree_puts_them(kind: Kind, expected: tuple[int, ...]) -> None:
    assert units(task("2", "5", "3", kind=kind)) == expected


@pytest.mark.parametrize(("failures", "left"), [(0, 4), (1, 3), (2, 2), (3, 1), (4, 0), (5, 0)])
def test_each_failed_review_costs_a_quarter_of_the_output_and_no_more_than_it(
    failures: int, left: int
) -> None:
    assert units(task("4", "1", "1", Fault(failed_reviews=failures))) == (4, 4, left, 4)


def test_quality_and_timeliness_do_not_touch_each_other() -> None:
    assert units(task("4", "1", "1", Fault(missed_deadlines=1))) == (4, 4, 4, 3)


def test_what_was_excused_costs_nothing() -> None:
    fault = Fault(failed_reviews=2, excused_reviews=2, missed_deadlines=3, excused_deadlines=1)

    assert units(task("4", "1", "1", fault)) == (4, 4, 4, 2)


def test_a_fault_costs_the_outputs_that_had_it() -> None:
    assert units(task("1", "10", "9", Fault(3, failed_reviews=2), Fault(2, missed_deadlines=1))) == (
        10,
        9,
        Decimal("7.5"),
        Decimal("8.5"),
    )


def test_by_line_the_whole_task_pays_for_each_fault() -> None:
    faulty = task("100", "10", "9", Fault(failed_reviews=1), Fault(2, missed_deadlines=1))

    assert units(faulty, LINE) == (1000, 900, 675, 450)


def test_by_line_no_task_loses_more_than_itself() -> None:
    assert units(task("100", "10", "9", Fault(9, failed_reviews=1)), LINE) == (1000, 900, 0, 900)


def test_a_partly_accepted_output_loses_no_more_than_what_there_is_of_it() -> None:
    assert units(task("3.7", "1", "0.8", Fault(failed_reviews=4))) == (
        Decimal("3.7"),
        Decimal("2.96"),
        0,
        Decimal("2.96"),
    )


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (task("-1"), "coefficient"),
        (task("NaN"), "coefficient"),
        (task("sNaN"), "coefficient"),
        (task("1", "Infinity", "1"), "assigned"),
        (task("1", "1", "-0.5"), "accepted"),
        (task("1", "1", "1.01"), "accepted"),
        (task("1", "2", "1", Fault(2)), "faults"),
        (task("1", "2", "0", Fault(1)), "faults"),
        (task("1", "2", "0", Fault(1), kind=Kind.HANDED_OVER), "faults"),
        (task("1", "2", "2", Fault(0)), "faults[0].count"),
        (task("1", "2", "2", Fault(1), Fault(1, -1)), "faults[1].failed_reviews"),
        (task("1", "2", "2", Fault(1, 1, 2)), "faults[0].excused_reviews"),
        (task("1", "2", "2", Fault(1, 0, 0, 1, 2)), "faults[0].excused_deadlines"),
    ],
)
def test_a_task_that_no_month_can_hold_is_refused_at_its_place(wrong: Task, place: str) -> None:
    with pytest.raises(Unfit) as refused:
        staff("p", task(), wrong).check()

    assert refused.value.place == f"tasks[1].{place}"
    assert refused.value.told("vi") != refused.value.told("en")
    assert "{" not in refused.value.told("vi") + refused.value.told("en")


@pytest.mark.parametrize("kind", [Kind.EXTRA, Kind.TAKEN_OVER])
def test_work_beyond_the_plan_may_exceed_what_was_assigned(kind: Kind) -> None:
    task("1", "0", "3", kind=kind).check()


def test_faults_may_stand_on_an_output_that_is_accepted_in_part() -> None:
    task("1", "1", "0.8", Fault(1, 1)).check()
    task("1", "3", "2.1", Fault(3, 1)).check()
