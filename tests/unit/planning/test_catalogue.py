"""Coefficients of the catalogue (R-3)."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planning.domain.catalogue import Entry, coefficient, entry_problems

REAL = Path(__file__).parents[3] / "examples" / "phuc-loi" / "catalogue.csv"


@pytest.mark.parametrize(
    ("points", "standard", "expected"),
    [("5", "5", "1.00"), ("3", "5", "0.60"), ("8", "5", "1.60"), ("5", "8", "0.63"), ("1", "8", "0.13")],
)
def test_r3_points_by_standard_points_half_up(points: str, standard: str, expected: str) -> None:
    assert str(coefficient(Decimal(points), Decimal(standard))) == expected


@given(st.decimals("0.01", 200, places=2), st.decimals("0.01", 50, places=2))
def test_r3_a_coefficient_is_within_half_a_hundredth(points: Decimal, standard: Decimal) -> None:
    found = coefficient(points, standard)
    assert abs(found * standard - points) <= Decimal("0.005") * standard
    assert found.as_tuple().exponent == -2


def test_r3_an_issued_catalogue_agrees_with_the_rule() -> None:
    rows = list(csv.DictReader(REAL.read_text("utf-8-sig").splitlines()))
    entries = [entry(row["code"], row["group"], row["points"]) for row in rows]
    given = [Decimal(row["coefficient"]) for row in rows]
    assert len(entries) == 371
    assert entry_problems(entries, given, Decimal(5)) == []


def entry(code: str = "A", group: str = "N1", points: str = "5") -> Entry:
    return Entry(code, "Việc", "Văn bản", group, Decimal(points), Decimal(0))


def test_r3_at_most_five_complexity_groups() -> None:
    entries = [entry(f"A{number}", f"N{number}") for number in range(7)]
    found = entry_problems(entries, [None] * 7, Decimal(5))
    assert [(place, problem.part) for place, problem in found] == [
        (5, "complexity_group"),
        (6, "complexity_group"),
    ]


def test_r3_a_given_coefficient_must_agree() -> None:
    found = entry_problems([entry()], [Decimal("1.01")], Decimal(5))
    assert [(problem.part, problem.en) for _, problem in found] == [("coefficient", "must be 5 / 5 = 1.00")]
    assert entry_problems([entry()], [Decimal("1.000")], Decimal(5)) == []
