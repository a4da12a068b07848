"""Time as the law counts it: months over December, leap days, the day that it is in Viet Nam (R-9, R-26)."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import VIET_NAM, Month, end_of_day, legal_day

MONTHS = st.builds(Month, st.integers(2001, 2998), st.integers(1, 12))
STEPS = st.integers(-12_000, 12_000)
INSTANTS = st.datetimes(datetime(2001, 1, 1), datetime(2998, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("month", "steps", "found"),
    [
        ("2026-12", 1, "2027-01"),
        ("2027-01", -1, "2026-12"),
        ("2026-11", 2, "2027-01"),
        ("2026-12", 12, "2027-12"),
        ("2027-01", -13, "2025-12"),
        ("2026-12", 0, "2026-12"),
    ],
)
def test_r9_december_is_followed_by_january(month: str, steps: int, found: str) -> None:
    assert str(Month.parse(month).plus(steps)) == found


@given(MONTHS, STEPS, STEPS)
def test_r9_steps_add_up_and_lead_back(month: Month, one: int, other: int) -> None:
    assert month.plus(one).plus(other) == month.plus(one + other)
    assert month.plus(one).plus(-one) == month
    assert (month.plus(one) > month) == (one > 0)


@given(MONTHS)
def test_r9_a_month_is_what_it_is_written_as_and_touches_the_next(month: Month) -> None:
    assert Month.parse(str(month)) == month
    last = month.plus(1).day(1) - timedelta(days=1)
    assert (last.year, last.month) == (month.year, month.month)


@pytest.mark.parametrize(("year", "days"), [(2024, 29), (2026, 28), (2028, 29), (2100, 28), (2400, 29)])
def test_r9_february_has_its_leap_day_and_no_other(year: int, days: int) -> None:
    february = Month(year, 2)
    assert february.plus(1).day(1) - february.day(1) == timedelta(days=days)
    assert february.day(days).month == 2
    with pytest.raises(ValueError, match="day"):
        february.day(days + 1)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, 999999, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 17, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 28, 17, 0, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2028, 2, 29, 17, 0, tzinfo=UTC), date(2028, 3, 1)),
        (datetime(2027, 2, 28, 17, 0, tzinfo=UTC), date(2027, 3, 1)),
        (datetime(2026, 12, 31, 20, 0, tzinfo=timezone(timedelta(hours=-9))), date(2027, 1, 1)),
    ],
)
def test_r26_the_day_is_that_of_viet_nam(at: datetime, day: date) -> None:
    assert legal_day(at) == day


@given(INSTANTS)
def test_r26_a_day_ends_where_the_next_begins(at: datetime) -> None:
    day = legal_day(at)
    end = end_of_day(day)
    assert at < end
    assert end_of_day(day - timedelta(days=1)) <= at
    assert legal_day(end - timedelta(microseconds=1)) == day
    assert legal_day(end) == day + timedelta(days=1)
    assert end.astimezone(VIET_NAM).timetuple()[3:6] == (0, 0, 0)


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-01", "1999-12", "2026-01 ", "２０２６-01", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month.parse(text)


def test_an_instant_without_a_zone_has_no_legal_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        legal_day(datetime(2026, 12, 31))  # noqa: DTZ001
