"""Working time (R-10)."""

from hypothesis import given
from hypothesis import strategies as st

from planning.domain.working_time import Leave, WorkingTime, problems, worked

HALF_DAYS = st.integers(0, 15)


def test_r10_unpaid_sick_and_maternity_leave_are_not_worked() -> None:
    leave = Leave(unpaid=1, sick=2, maternity=3, annual=4)
    assert worked(44, leave, annual_leave_counts=False) == 34
    assert worked(44, leave, annual_leave_counts=True) == 38


@given(st.integers(1, 62), HALF_DAYS, HALF_DAYS, HALF_DAYS, HALF_DAYS)
def test_r10_leave_only_ever_takes_away(
    required: int, unpaid: int, sick: int, maternity: int, annual: int
) -> None:
    leave = Leave(unpaid, sick, maternity, annual)
    strict = worked(required, leave, annual_leave_counts=False)
    assert strict + annual == worked(required, leave, annual_leave_counts=True) <= required


def test_figures_stay_within_a_month() -> None:
    assert [each.part for each in problems(WorkingTime("an", 0, 63))] == [
        "required_half_days",
        "worked_half_days",
    ]
    assert list(problems(WorkingTime("an", 62, 0))) == []
