"""Quarter, half-year and year: the mean of the months' totals (R-24; NĐ 335/2025 Điều 17.3, Điều 20.6).

The year's quota is :func:`scoring.domain.quota.place` on the year's standings.
"""

from collections.abc import Iterable
from decimal import Decimal

from scoring.domain.exact import exactly, half_up
from scoring.domain.grade import Grade


def mean(totals: Iterable[Decimal | None]) -> Decimal | None:
    """Return the plain mean of the evaluated months, half-up to 2 decimals.

    :param totals: a total for each month, ``None`` for a month that was not evaluated
    :return: ``None`` if no month was evaluated
    """
    evaluated = [total for total in totals if total is not None]
    if not evaluated:
        return None
    with exactly():
        return half_up(sum(evaluated, Decimal(0)), Decimal(len(evaluated)), 2)


def not_above(head: Grade, unit: Grade) -> Grade:
    """Return the year's grade of a unit's head, which is not above the unit's own."""
    return max(head, unit)  # "A" < "B" < "C" < "D": the later letter is the lower grade
