"""What must come of a ward's month, worked out here and not asked of the services.

The wards of the load are small and their numbers are chosen so that a month can be followed by hand: one task
of ten pieces with coefficient 1 each, all general points, no fault, nobody above 90 (so no quota decides).
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

QUANTITY = 10
CHAIR_TOTAL = Decimal("80.00")
"""The city's decision about the chair, as the load enters it."""

SHARES = {"A": Fraction(1), "B": Fraction(4, 5), "C": Fraction(1, 2), "D": Fraction(0)}
UNIT = 1000
"""Đồng; what an allocation is rounded to (R-35)."""


def total(accepted: int, *, leader: bool) -> Decimal:
    """Return a person's total (R-15, R-19): 30 general points and the ratio of what was done.

    A leader's other three ratios are 1: nobody in his charge is under 50, and the remarks say 100 twice.
    """
    done = Fraction(accepted, QUANTITY)
    ratio = (3 * done + 3) / 6 if leader else done
    exact = 30 + 70 * ratio
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def grade(score: Decimal) -> str:
    """Return the band of a total (R-20)."""
    return "A" if score >= 90 else "B" if score >= 70 else "C" if score >= 50 else "D"


def shares(fund: int, people: Mapping[str, tuple[str, Decimal, Decimal, int, int]]) -> dict[str, int]:
    """Return what each gets of a fund by largest remainder (R-35).

    :param people: grade, score, salary coefficient, worked and required half-days
    """
    weights = {
        each: SHARES[letter]
        * Fraction(score)
        / 100
        * Fraction(salary)
        * min(Fraction(worked, required), Fraction(1))
        for each, (letter, score, salary, worked, required) in people.items()
    }
    pieces, whole = fund // UNIT, sum(weights.values())
    exact = {each: pieces * weight / whole for each, weight in weights.items()}
    given = {each: int(share) for each, share in exact.items()}
    left = pieces - sum(given.values())
    for each in sorted(exact, key=lambda each: (given[each] - exact[each], -people[each][1], each))[:left]:
        given[each] += 1
    return {each: count * UNIT for each, count in given.items()}
