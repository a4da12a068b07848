"""Who worked enough of the month to be evaluated (R-11; HD I.6)."""

from decimal import Decimal


def attended(worked_half_days: int, required_half_days: int, threshold: Decimal) -> bool:
    """True from ``threshold`` of the required half-days on; exactly the threshold is enough."""
    return worked_half_days >= threshold * required_half_days
