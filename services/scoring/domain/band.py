"""The total and the band it falls into (tổng điểm, khung điểm; R-19, R-20).

A band is not a grade: see :mod:`scoring.domain.grade`, and for the decision the service ``approval``.
"""

from decimal import Decimal
from enum import StrEnum

from scoring.domain.exact import half_up
from scoring.domain.policy import Policy

RESULTS_MAXIMUM = Decimal(70)
"""The most that the month's results can earn (NĐ 335/2025 Điều 12, Điều 17)."""


class Band(StrEnum):
    """Khung điểm (NĐ 335/2025 Điều 20.1–4)."""

    A = "A"
    """Ở mức hoàn thành xuất sắc nhiệm vụ."""
    B = "B"
    """Ở mức hoàn thành tốt nhiệm vụ."""
    C = "C"
    """Ở mức hoàn thành nhiệm vụ."""
    D = "D"
    """Ở mức không hoàn thành nhiệm vụ."""


def total(common_score: Decimal, numerator: Decimal, denominator: Decimal) -> Decimal:
    """Return general + 70 × task ratio, rounded once, half-up, to 2 decimals (R-19).

    Call it inside :func:`scoring.domain.exact.exactly`.
    """
    return half_up(common_score * denominator + RESULTS_MAXIMUM * numerator, denominator, 2)


def band(rounded_total: Decimal, policy: Policy) -> Band:
    """Return the band of a rounded total; a bound belongs to the better band (R-20)."""
    if rounded_total >= policy.excellent:
        return Band.A
    if rounded_total >= policy.good:
        return Band.B
    if rounded_total >= policy.satisfactory:
        return Band.C
    return Band.D
