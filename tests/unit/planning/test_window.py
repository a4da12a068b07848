"""The days whose work belongs to a month (R-9)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.organization import Counting, Ward
from planning.domain.window import Window, WindowRule, last_on

RULES = st.sampled_from(WindowRule)
CUT_OFFS = st.integers(1, 31)
MONTHS = st.builds(Month, st.integers(2001, 2998), st.integers(1, 12))
DAYS = st.dates(date(2001, 1, 1), date(2998, 12, 31))
FIRST = Month(2000, 1)


def ward(*counting: Counting) -> Ward:
    return Ward("w", "", "", counting)


def window(month: Month, rule: WindowRule = WindowRule.FROM_25_TO_24, cut_off: int = 8) -> Window:
    return ward(Counting(FIRST, rule, cut_off)).window(month)


def month_of(day: date, rule: WindowRule = WindowRule.FROM_25_TO_24, cut_off: int = 8) -> Month:
    return ward(Counting(FIRST, rule, cut_off)).month_of(day)


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
    found = window(Month.parse(month), WindowRule.CALENDAR, cut_off=10)
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


APRIL = Month(2026, 4)


def test_r9_another_rule_counts_from_its_month_on_and_leaves_no_day_out() -> None:
    before = ward(Counting(FIRST, december_cut_off=10))
    after = before.counted(Counting(APRIL, WindowRule.CALENDAR, 12))

    for month in (Month(2025, 12), Month(2026, 1), Month(2026, 3)):
        assert after.window(month) == before.window(month)
    assert after.window(APRIL) == Window(date(2026, 3, 25), date(2026, 4, 30))
    assert after.window(Month(2026, 12)) == Window(date(2026, 12, 1), date(2026, 12, 12))
    back = after.counted(Counting(Month(2026, 6), WindowRule.FROM_25_TO_24, 12))
    assert back.window(Month(2026, 5)) == Window(date(2026, 5, 1), date(2026, 5, 31))
    assert back.window(Month(2026, 6)) == Window(date(2026, 6, 1), date(2026, 6, 24))


def test_r9_what_is_said_of_a_month_again_replaces_it_and_leaves_later_ones() -> None:
    of = ward(Counting(FIRST), Counting(APRIL, WindowRule.CALENDAR))
    assert of.counted(Counting(Month(2026, 5), WindowRule.CALENDAR)) is of
    again = of.counted(Counting(APRIL, WindowRule.CALENDAR, 9))
    assert again.counting == (Counting(FIRST), Counting(APRIL, WindowRule.CALENDAR, 9))
    earlier = of.counted(Counting(Month(2026, 2), WindowRule.CALENDAR, 5))
    assert [each.from_month for each in earlier.counting] == [FIRST, Month(2026, 2), APRIL]
    assert earlier.counts(APRIL) == of.counts(APRIL)


def test_r9_the_first_rule_counts_for_the_months_before_it() -> None:
    assert ward(Counting(APRIL, WindowRule.CALENDAR)).window(Month(2026, 2)).last_on == date(2026, 2, 28)
    assert ward().window(Month(2026, 2)).last_on == date(2026, 2, 24)


HISTORIES = st.lists(
    st.builds(Counting, st.builds(Month, st.integers(2024, 2028), st.integers(1, 12)), RULES, CUT_OFFS),
    max_size=6,
)


@given(HISTORIES, st.dates(date(2023, 12, 1), date(2029, 2, 1)))
def test_r9_every_day_belongs_to_one_month_however_often_the_rule_changes(
    history: list[Counting], day: date
) -> None:
    of = ward()
    for each in history:
        of = of.counted(each)

    month = of.month_of(day)

    around = [month.plus(step) for step in (-2, -1, 0, 1, 2)]
    assert [each for each in around if day in of.window(each)] == [month]
    for each in around[:-1]:
        assert of.window(each.plus(1)).first_on == of.window(each).last_on + timedelta(days=1)


def test_a_cut_off_is_a_day_of_december() -> None:
    with pytest.raises(ValueError, match="no day of December"):
        last_on(Month(2026, 12), december_cut_off=32)
