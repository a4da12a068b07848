"""The days whose work belongs to a month (kỳ theo dõi, R-9).

The guideline has the self-assessment before the 25th, so a month's work runs from the 25th of the month
before to the 24th (``25_to_24``, the default), or over the calendar month (``calendar``). December is
assessed early: its window ends on its own cut-off, and what is due afterwards belongs to January. The cut-off
is a setting of the ward; the default is the 8th, the last day of December's self-assessment. A ward may
change both from a month on: a window begins after the one before has ended, whatever rule that one had.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from chassis.days import Month

DECEMBER = 12
DECEMBER_CUT_OFF = 8
"""The last day of December's self-assessment ("before the 9th", R-26)."""
LAST_DAY = 24


class WindowRule(Enum):
    """How a ward counts a month; the setting ``month_window``."""

    FROM_25_TO_24 = "25_to_24"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day of a month's work."""

    first_on: date
    last_on: date

    def __contains__(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


def last_on(
    month: Month, rule: WindowRule = WindowRule.FROM_25_TO_24, december_cut_off: int = DECEMBER_CUT_OFF
) -> date:
    """Return the last day of a month's window; it lies in that month, and the next window begins after it.

    :param december_cut_off: the last day of December's window, 1 to 31
    """
    if not 1 <= december_cut_off <= 31:  # noqa: PLR2004
        raise ValueError(f"{december_cut_off} is no day of December")
    if month.month == DECEMBER:
        return month.day(december_cut_off)
    if rule is WindowRule.CALENDAR:
        return month.plus(1).day(1) - timedelta(days=1)
    return month.day(LAST_DAY)
