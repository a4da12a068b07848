"""Counting working days (ngày làm việc): Monday to Friday without days off, and weekends worked in exchange.

R-30. Bộ luật Lao động 2019, Điều 111, 112.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.errors import Blocked

SATURDAY = 5


class YearUnknown(Blocked):
    """A deadline is counted only where the year's days off are known."""

    vi = "Chưa có lịch nghỉ lễ, tết năm {year} nên không tính được thời hạn: bổ sung tệp ngày nghỉ năm đó."
    en = "The public holidays of {year} are not known, so no deadline can be counted: add that year's file."


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day off, or worked in exchange; provisional until it is announced."""

    day: date
    name: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class Year:
    """A year's days off and the weekend days worked in exchange."""

    year: int
    legal_basis: tuple[str, ...]
    off: tuple[Holiday, ...]
    worked: tuple[Holiday, ...] = ()


def works(day: date, years: Mapping[int, Year]) -> bool:
    """True if public servants work on a legal day.

    :raises YearUnknown: if the year's days off are not known
    """
    if day.year not in years:
        raise YearUnknown(year=day.year)
    year = years[day.year]
    if any(each.day == day for each in year.worked):
        return True
    return day.weekday() < SATURDAY and all(each.day != day for each in year.off)


def after(day: date, count: int, years: Mapping[int, Year]) -> date:
    """Return the working day that is ``count`` working days after a legal day; that day is not counted.

    :param count: 1 or more
    :raises YearUnknown: if the days off of a year on the way are not known
    """
    found, left = day, count
    while left:
        found += timedelta(days=1)
        left -= works(found, years)
    return found
