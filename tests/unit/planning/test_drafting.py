"""Deadlines of a copied plan (R-5, R-9)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.organization import Ward
from planning.usecases.drafting import shifted

WARD = Ward("w", "Phường", "Hà Nội")


@pytest.mark.parametrize(
    ("due_on", "from_month", "month", "expected"),
    [
        ("2026-03-20", "2026-03", "2026-04", "2026-04-20"),
        ("2026-02-25", "2026-03", "2026-04", "2026-03-25"),
        ("2026-01-31", "2026-02", "2026-03", "2026-02-28"),
        ("2026-11-20", "2026-11", "2026-12", "2026-12-08"),  # December ends on its cut-off
        ("2026-12-05", "2026-12", "2027-01", "2027-01-05"),
        ("2026-11-25", "2026-12", "2027-01", "2026-12-25"),
        ("2026-03-24", "2026-03", "2027-03", "2027-03-24"),
    ],
)
def test_a_deadline_moves_with_its_month(due_on: str, from_month: str, month: str, expected: str) -> None:
    new = Month.parse(month)
    found = shifted(date.fromisoformat(due_on), Month.parse(from_month), new, WARD.window(new))
    assert found == date.fromisoformat(expected)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.integers(1, 14))
def test_a_moved_deadline_lies_in_the_new_window(due_on: date, later: int) -> None:
    old = WARD.month_of(due_on)
    new = old.plus(later)
    assert shifted(due_on, old, new, WARD.window(new)) in WARD.window(new)
