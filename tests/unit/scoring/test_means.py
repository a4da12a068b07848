"""Quarter, half-year and year: R-24."""

from decimal import Decimal

import pytest

from scoring.domain.grade import Grade
from scoring.domain.means import mean, not_above


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (["90.00", "90.01"], "90.01"),
        (["80", "85", "90.01"], "85.00"),
        (["80", None, "85"], "82.50"),
        (["0", "0", "0.01"], "0.00"),
        ([None, None], None),
        ([], None),
    ],
)
def test_only_evaluated_months_count(totals: list[str | None], expected: str | None) -> None:
    found = mean(None if total is None else Decimal(total) for total in totals)

    assert (None if found is None else str(found)) == expected


def test_a_head_is_graded_no_higher_than_the_unit() -> None:
    assert not_above(Grade.A, Grade.B) is Grade.B
    assert not_above(Grade.C, Grade.B) is Grade.C
    assert not_above(Grade.A, Grade.A) is Grade.A
