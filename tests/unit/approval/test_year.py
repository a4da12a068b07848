"""R-24: a year is the plain mean of the months that count, to two decimals, half-up."""

from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from approval.domain.grade import Grade
from approval.domain.year import Year, YearMonth, is_year, months_of, year_of

totals = st.lists(st.decimals(min_value=0, max_value=100, places=2, allow_nan=False), min_size=1, max_size=12)


def year(*given_: Decimal) -> Year:
    months = zip(months_of("2026"), given_, strict=False)
    return Year("2026", tuple(YearMonth(month, total) for month, total in months))


@given(totals)
def test_the_mean_is_exact_and_rounded_once(given_: list[Decimal]) -> None:
    mean = year(*given_).mean
    exact = sum(map(Fraction, given_), Fraction(0)) / len(given_)

    assert mean is not None
    assert mean == mean.quantize(Decimal("0.01"))
    # Half-up: what was rounded up is at most half a hundredth, what was rounded down is less.
    assert Fraction(-1, 200) <= exact - Fraction(mean) < Fraction(1, 200)


def test_a_half_rounds_up() -> None:
    assert year(Decimal("80.00"), Decimal("81.01")).mean == Decimal("80.51")


def test_months_without_a_total_count_for_nothing() -> None:
    found = Year("2026", (YearMonth("2026-01", Decimal("70.00")), YearMonth("2026-02", grade=Grade.A)))

    assert found.counted == (Decimal("70.00"),)
    assert found.mean == Decimal("70.00")
    assert Year("2026", ()).mean is None


def test_a_year_without_months_tells_of_twelve() -> None:
    assert [each.month for each in year_of("2026", {}, []).months] == list(months_of("2026"))
    assert len(months_of("2026")) == 12
    assert is_year("2026")
    assert not is_year("2026-01")
