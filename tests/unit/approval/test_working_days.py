"""Counting working days: weekends, days off, days worked in exchange (R-30; BLLĐ 2019 Đ.111, 112)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval import holidays
from approval.domain.working_days import Holiday, Year, YearUnknown, after, works
from chassis.strict_json import BadInput, parse

YEARS = holidays.shipped()
DAYS = st.dates(date(2026, 1, 1), date(2027, 10, 1))


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-03-05", "2026-03-16"),
        ("2026-03-07", "2026-03-17"),
        ("2026-01-05", "2026-01-13"),
        ("2026-02-12", "2026-03-02"),
        ("2026-04-23", "2026-05-07"),
        ("2026-08-20", "2026-08-28"),
        ("2026-08-28", "2026-09-11"),
        ("2026-12-28", "2027-01-07"),
        ("2027-02-03", "2027-02-19"),
    ],
)
def test_r30_seven_working_days(day: str, due: str) -> None:
    """Counted by hand on the calendar: plain, weekend, worked Saturdays, Tết, Hùng Vương, Quốc khánh."""
    assert after(date.fromisoformat(day), 7, YEARS) == date.fromisoformat(due)


@given(DAYS, st.integers(1, 20))
def test_r30_exactly_so_many_working_days_lie_between(day: date, count: int) -> None:
    due = after(day, count, YEARS)
    between = [day + timedelta(days=n) for n in range(1, (due - day).days + 1)]
    assert sum(works(each, YEARS) for each in between) == count
    assert works(due, YEARS)


@given(DAYS, st.integers(1, 10), st.integers(1, 10))
def test_r30_counting_on_is_counting_once(day: date, first: int, then: int) -> None:
    assert after(after(day, first, YEARS), then, YEARS) == after(day, first + then, YEARS)


@given(DAYS, st.integers(0, 40))
def test_r30_who_appeals_later_is_never_answered_due_earlier(day: date, later: int) -> None:
    assert after(day + timedelta(days=later), 7, YEARS) >= after(day, 7, YEARS)


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_every_day_off_is_off_and_every_worked_day_is_worked(day: date) -> None:
    year = YEARS[day.year]
    if day in {each.day for each in year.off}:
        assert not works(day, YEARS)
    elif day in {each.day for each in year.worked}:
        assert works(day, YEARS)
    else:
        assert works(day, YEARS) == (day.isoweekday() < 6)


def test_r30_a_year_that_is_not_known_is_refused() -> None:
    with pytest.raises(YearUnknown) as caught:
        after(date(2027, 12, 28), 7, YEARS)
    assert caught.value.facts["year"] == "2028"


def test_each_shipped_year_has_its_legal_basis_and_its_eleven_days() -> None:
    assert set(YEARS) == {2026, 2027}
    for year in YEARS.values():
        assert any("Điều 112" in each for each in year.legal_basis)
        assert len(year.off) >= 11
        assert all(each.day.year == year.year for each in (*year.off, *year.worked))
        assert all(each.day.isoweekday() > 5 for each in year.worked)
        assert len({each.day for each in year.off}) == len(year.off)
    tet = [each for each in YEARS[2027].off if "Tết Nguyên đán" in each.name]
    assert tet
    assert all(each.provisional for each in tet)


@pytest.mark.parametrize(
    ("day", "reason"), [("2025-12-31", "must be in 2026"), ("31/12/2026", "must be a day")]
)
def test_a_bad_day_file_is_refused_with_its_place(day: str, reason: str) -> None:
    text = (
        '{"year": 2026, "legal_basis": ["x"], "worked_days": [],'
        f' "days_off": [{{"day": "{day}", "name": "x", "provisional": false}}]}}'
    )
    with pytest.raises(BadInput, match=reason):
        holidays.read(parse(text))


def test_a_weekend_worked_in_exchange_counts() -> None:
    saturday = date(2026, 8, 22)
    years = {2026: Year(2026, (), (), (Holiday(saturday, "", provisional=False),))}
    assert after(date(2026, 8, 21), 1, years) == saturday
