"""Time as the law counts it: in Viet Nam's time, whatever the server's."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Self

VIET_NAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Viet Nam has had no daylight saving time since 1975, so a fixed offset is exact for every month here."""


def now() -> datetime:
    """Return the present instant in UTC. Only a door (api, worker, command line) may ask."""
    return datetime.now(UTC)


def legal_day(at: datetime) -> date:
    """Return the day that it is in Viet Nam at that instant.

    :raises ValueError: if the instant has no time zone
    """
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(VIET_NAM).date()


def end_of_day(day: date) -> datetime:
    """Return the first instant after ``day`` in Viet Nam, in UTC: a deadline's exclusive end."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=VIET_NAM).astimezone(UTC)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A legal month, written ``YYYY-MM``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month that ``text`` spells, such as ``2026-03``.

        :raises ValueError: if it spells none between 2000-01 and 2999-12
        """
        if not re.fullmatch(r"2\d{3}-(0[1-9]|1[0-2])", text):
            raise ValueError(f"{text!r} is not a month such as 2026-03")
        return cls(int(text[:4]), int(text[5:]))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "Month":
        """Return the month that many months later (or earlier, if negative)."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def day(self, number: int) -> date:
        """Return a day of this month."""
        return date(self.year, self.month, number)
