"""The days whose work belongs to a month (R-9)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.window import WindowRule, month_of, window

RULES = st.sampled_from(WindowRule)
CUT_OFFS = st.integers(1, 31)
MONTHS = st.builds(Month, st.integers(2001, 2998), st.integers(1, 12))
DAYS = st.dates(date(2001, 1, 1), date(2998, 12, 31))


@pytest.mark.parametrize(
    ("month", "first_on", "last_on"),
    [
        ("2026-03", "2026-02-25", "2026-03-24"),
        ("2028-03", "2028-02-25", "2028-03-24"),
        ("2026-11", "2026-10-25", "2026-11-24"),
        ("2026-12", "2026-11-25", "2026-12-08"),
        ("2027-01", "2026-12-09", "2027-01-24"),
        ("2027-02", "2027-01-25", "2027-02-24"),
    ],
)
def test_r9_from_the_25th_to_the_24th(month: str, first_on: str, last_on: str) -> None:
    found = window(Month.parse(month))
    assert (str(found.first_on), str(found.last_on)) == (first_on, last_on)


@pytest.mark.parametrize(
    ("month", "first_on", "last_on"),
    [
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-12", "2026-12-01", "2026-12-10"),
        ("2027-01", "2026-12-11", "2027-01-31"),
    ],
)
def test_r9_by_the_calendar_with_a_cut_off_of_its_own(month: str, first_on: str, last_on: str) -> None:
    found = window(Month.parse(month), WindowRule.CALENDAR, december_cut_off=10)
    assert (str(found.first_on), str(found.last_on)) == (first_on, last_on)


@given(MONTHS, RULES, CUT_OFFS)
def test_r9_windows_touch_and_never_overlap(month: Month, rule: WindowRule, cut_off: int) -> None:
    here, after = window(month, rule, cut_off), window(month.plus(1), rule, cut_off)
    assert here.first_on <= here.last_on
    assert after.first_on == here.last_on + timedelta(days=1)


@given(DAYS, RULES, CUT_OFFS)
def test_r9_every_day_belongs_to_exactly_one_month(day: date, rule: WindowRule, cut_off: int) -> None:
    month = month_of(day, rule, cut_off)
    around = [month.plus(step) for step in (-2, -1, 0, 1, 2)]
    assert [each for each in around if day in window(each, rule, cut_off)] == [month]


@given(st.integers(2001, 2998), RULES, CUT_OFFS)
def test_r9_what_december_leaves_belongs_to_january(year: int, rule: WindowRule, cut_off: int) -> None:
    december, january = Month(year, 12), Month(year + 1, 1)
    assert month_of(date(year, 12, cut_off), rule, cut_off) == december
    for day in range(cut_off + 1, 32):
        assert month_of(date(year, 12, day), rule, cut_off) == january


@given(st.integers(2001, 2998))
def test_r9_a_leap_day_is_in_march_by_the_25th_and_in_february_by_the_calendar(year: int) -> None:
    last = Month(year, 3).day(1) - timedelta(days=1)
    assert month_of(last) == Month(year, 3)
    assert month_of(last, WindowRule.CALENDAR) == Month(year, 2)


def test_a_cut_off_is_a_day_of_december() -> None:
    with pytest.raises(ValueError, match="no day of December"):
        window(Month(2026, 12), december_cut_off=32)
