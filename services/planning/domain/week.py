"""A person's weekly schedule (lịch công tác tuần, R-5): drawn from the plan in force, put in order by hand.

A week is one of ISO 8601, Monday to Sunday, and may touch two months' windows (R-9): December's ends on its
cut-off and January's begins on the day after. What falls due in the week stands in it of itself; by hand a
task is moved to other days, or into an earlier or later week. An edit never changes the plan, and every edit
is kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, Self

from chassis.days import Month
from chassis.errors import Invalid, NotFound, Stale
from planning.domain.organization import Ward
from planning.domain.plan import PersonMonth, State
from planning.domain.problem import BadContent, Problem
from planning.domain.task import LONGEST_TEXT, Kind, Task

MOST_ENTRIES: Final = 200
"""Entries of a week that were put there by hand, at most."""
DAYS: Final = 7


class BadWeek(Invalid):
    """A week is written YYYY-Wnn."""

    vi = "{field}: “{given}” không phải là tuần: viết như 2026-W13."
    en = "{field}: “{given}” is no week: write it as 2026-W13."


class BadEntries(BadContent):
    """The entries of a week break rules."""

    vi = "Lịch tuần chưa hợp lệ: {problems_vi}"
    en = "The week breaks rules: {problems_en}"


class WeekChanged(Stale):
    """The week is not what the caller saw."""

    vi = "Lịch tuần đã thay đổi (phiên bản hiện tại {revision}): hãy tải lại rồi sửa."
    en = "The week changed meanwhile and is at revision {revision}: read it again, then change it."


class UnknownEdit(NotFound):
    """The week was not edited that often."""

    vi = "Lịch tuần {week} của {person_id} không có lần sửa {revision}."
    en = "The week {week} of {person_id} has no edit {revision}."


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of ISO 8601, written ``YYYY-Wnn``."""

    year: int
    number: int

    @classmethod
    def parse(cls, words: str, field: str = "week") -> Self:
        """Return the week that ``words`` spells, such as ``2026-W13``.

        :raises BadWeek: if it spells none between 2000 and 2999, such as a 53rd of a year of 52
        """
        found = re.fullmatch(r"(2[0-9]{3})-W([0-9]{2})", words)
        try:
            if found:
                date.fromisocalendar(int(found[1]), int(found[2]), DAYS)
                return cls(int(found[1]), int(found[2]))
        except ValueError:
            pass
        raise BadWeek(field=field, given=words[:40])

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the week that a day lies in."""
        year, number, _ = day.isocalendar()
        return cls(year, number)

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def first_on(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        """Its Sunday."""
        return self.first_on + timedelta(days=DAYS - 1)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days."""
        return tuple(self.first_on + timedelta(days=each) for each in range(DAYS))

    def months(self, ward: Ward) -> list[Month]:
        """Return the months whose windows it touches, the earliest first (R-9)."""
        return sorted({ward.month_of(each) for each in self.days})


@dataclass(frozen=True, slots=True)
class Item:
    """What a hand put into a week: a task of a month's plan, its days in the week, a note."""

    month: Month
    task_id: str
    days: tuple[date, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A week as it was put in order by hand."""

    revision: int
    items: tuple[Item, ...]
    edited_by: str
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """A task in a week's schedule."""

    month: Month
    task: Task
    days: tuple[date, ...]
    note: str = ""
    accepted: Decimal | None = None
    pending: bool = False
    """True for ad-hoc work that nobody approved yet."""
    edited: bool = False

    @property
    def late(self) -> bool:
        """True if it is worked on after its deadline."""
        return bool(self.days and self.task.due_on and self.days[-1] > self.task.due_on)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A person's week as it stands."""

    ward_id: str
    person_id: str
    week: Week
    entries: tuple[Entry, ...]
    edit: Edit | None = None


def schedule(
    ward_id: str, person_id: str, week: Week, months: Sequence[PersonMonth], edit: Edit | None
) -> Schedule:
    """Return a person's week: what was put there by hand, in its order, then what falls due besides.

    What the plan holds no more, or holds as handed over or withdrawn, is left out.

    :param months: the person's months whose windows the week touches
    """
    known = {
        (each.month, task.task_id): (each, task, pending)
        for each in months
        for task, pending in _workable(each)
    }
    entries = [
        _entry(*found, item)
        for item in (edit.items if edit else ())
        if (found := known.pop((item.month, item.task_id), None))
    ]
    due = [found for found in known.values() if found[1].due_on in week.days]
    due.sort(key=lambda found: (found[1].due_on or week.last_on, found[1].task_id))
    entries += (_entry(*found) for found in due)
    return Schedule(ward_id, person_id, week, tuple(entries), edit)


def item_problems(
    items: Sequence[Item], week: Week, ward: Ward, months: Mapping[Month, PersonMonth]
) -> Iterable[tuple[str, Problem]]:
    """Return what is wrong with an edit of a week, each with its place.

    A task is worked on within the window of the month it belongs to (R-9).
    """
    if len(items) > MOST_ENTRIES:
        yield "entries", Problem("", f"quá {MOST_ENTRIES} dòng", f"more than {MOST_ENTRIES} entries")
        return
    workable = {(when, task.task_id) for when, each in months.items() for task, _ in _workable(each)}
    seen: set[tuple[Month, str]] = set()
    for place, item in enumerate(items):
        at, key = f"entries[{place}]", (item.month, item.task_id)
        if key in seen:
            yield at, Problem("task_id", "nhiệm vụ lặp lại", "the task is there twice")
        seen.add(key)
        if item.month not in months:
            yield (
                at,
                Problem(
                    "month",
                    f"tuần {week} không thuộc kỳ của tháng {item.month}",
                    f"no day of {week} belongs to {item.month}",
                ),
            )
        elif key not in workable:
            yield (
                at,
                Problem(
                    "task_id",
                    f"kế hoạch tháng {item.month} không có nhiệm vụ {item.task_id[:64]} đang thực hiện",
                    f"the plan of {item.month} has no task {item.task_id[:64]} that is being done",
                ),
            )
        if len(item.note) > LONGEST_TEXT:
            yield (
                at,
                Problem("note", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters"),
            )
        yield from ((at, each) for each in _day_problems(item, week, ward))


def _day_problems(item: Item, week: Week, ward: Ward) -> Iterable[Problem]:
    for number, day in enumerate(item.days):
        if day not in week.days:
            yield Problem(f"days[{number}]", f"ngoài tuần {week}", f"is outside {week}")
        elif (belongs := ward.month_of(day)) != item.month:
            yield Problem(
                f"days[{number}]",
                f"thuộc kỳ của tháng {belongs}, không phải {item.month}",
                f"belongs to {belongs}, not to {item.month}",
            )


def _workable(month: PersonMonth) -> list[tuple[Task, bool]]:
    """Return the tasks that are worked on, and whether each still waits for approval."""
    owed = [each for each in month.in_force.tasks if each.kind.can_be_done] if month.in_force else []
    standing = {each.task_id for each in month.in_force.tasks} if month.in_force else set()
    newest = month.newest
    waiting = (
        [each for each in newest.tasks if each.kind is Kind.EXTRA and each.task_id not in standing]
        if newest and newest.state in (State.DRAFT, State.SUBMITTED)
        else []
    )
    return [(each, False) for each in owed] + [(each, True) for each in waiting]


def _entry(month: PersonMonth, task: Task, pending: bool, item: Item | None = None) -> Entry:  # noqa: FBT001
    result = month.results.get(task.task_id)
    derived = (task.due_on,) if task.due_on else ()
    return Entry(
        month=month.month,
        task=task,
        days=item.days if item else derived,
        note=item.note if item else "",
        accepted=result.accepted if result else None,
        pending=pending,
        edited=item is not None,
    )
