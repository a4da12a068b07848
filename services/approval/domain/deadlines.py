"""The steps of a month and when each is late (R-26; HD IV.1).

"Trước ngày N" is until the end of day N - 1 in Viet Nam. A late step is accepted and flagged; a deadline may
be extended on record, before it has passed or after.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.days import Month, end_of_day
from chassis.errors import Invalid

DECEMBER = 12


class Step(StrEnum):
    """A step of the month, in order."""

    SELF_ASSESSMENT = "self_assessment"
    """Tự đánh giá."""
    REMARKS = "remarks"
    """Nhận xét của cấp trên trực tiếp."""
    DECISION = "decision"
    """Quyết định xếp loại."""
    PUBLICATION = "publication"
    """Thông báo công khai."""


class NotLater(Invalid):
    """An extension moves a deadline to a later day."""

    vi = "Hạn mới {last_day} không sau hạn hiện tại {present}: hãy ghi một ngày muộn hơn."
    en = "The new last day {last_day} is not after the present one, {present}: give a later day."


class ExtensionWithoutReason(Invalid):
    """An extension is on record with its reason."""

    vi = "Gia hạn phải ghi lý do."
    en = "An extension needs a reason."


@dataclass(frozen=True, slots=True)
class Before:
    """Trước ngày ``day`` of the month that lies ``months_later`` after the evaluated one."""

    day: int
    months_later: int = 0


@dataclass(frozen=True, slots=True)
class Calendar:
    """The deadlines of a policy; December has its own, since the year is closed before 15 December."""

    usual: Mapping[Step, Before]
    december: Mapping[Step, Before]

    def last_day(self, month: Month, step: Step) -> date:
        """Return the last legal day in time for a step of a month."""
        before = (self.december if month.month == DECEMBER else self.usual)[step]
        return month.plus(before.months_later).day(before.day) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Extension:
    """A deadline moved, on record (gia hạn)."""

    step: Step
    number: int
    last_day: date
    reason: str
    extended_by: str
    extended_at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a step is late: from ``due_at`` on; ``last_day`` is the last legal day in time."""

    step: Step
    last_day: date
    extension: Extension | None = None

    @property
    def due_at(self) -> datetime:
        """The first instant that is late."""
        return end_of_day(self.last_day)

    def late(self, at: datetime) -> bool:
        """True if a step taken then is late."""
        return at >= self.due_at

    def extend(self, last_day: date, *, reason: str, extended_by: str, at: datetime) -> Extension:
        """Return the record that moves this deadline.

        :raises NotLater: if the new day is not after the present one
        :raises ExtensionWithoutReason: without a reason
        """
        if last_day <= self.last_day:
            raise NotLater(last_day=last_day, present=self.last_day, field="last_day")
        if not reason:
            raise ExtensionWithoutReason(field="reason")
        number = self.extension.number + 1 if self.extension else 1
        return Extension(self.step, number, last_day, reason, extended_by, at)


def deadlines(calendar: Calendar, month: Month, extensions: Iterable[Extension] = ()) -> dict[Step, Deadline]:
    """Return the deadlines of a month in the order of the steps, as extended."""
    latest: dict[Step, Extension] = {}
    for each in sorted(extensions, key=lambda each: each.number):
        latest[each.step] = each
    return {
        step: Deadline(step, latest[step].last_day, latest[step])
        if step in latest
        else Deadline(step, calendar.last_day(month, step))
        for step in Step
    }
