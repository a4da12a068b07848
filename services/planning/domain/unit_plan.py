"""A unit's month plan in versions (kế hoạch công tác tháng của đơn vị; R-4, R-5).

Its states are those of a person's plan (:mod:`planning.domain.plan`): only a draft changes, a version that
was decided about is kept, and an approved plan changes only by an amendment that is approved again. People's
tasks are linked to its items; what is counted is the people's work alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from chassis.days import Month
from chassis.errors import Blocked, NotFound, Stale
from planning.domain.ids import valid
from planning.domain.organization import Person
from planning.domain.plan import ReasonMissing, State
from planning.domain.problem import BadContent, Problem
from planning.domain.results import Result
from planning.domain.task import LONGEST_NAME, LONGEST_TEXT, Kind, Task
from planning.domain.window import Window

MOST_ITEMS: Final = 200
"""Items of a unit's month, at most."""


class UnknownUnitPlan(NotFound):
    """The unit has no plan of that month."""

    vi = "Đơn vị {unit_id} chưa có kế hoạch tháng {month}."
    en = "There is no plan of the unit {unit_id} for {month}."


class UnitPlanChanged(Stale):
    """The plan is not what the caller saw."""

    vi = "Kế hoạch đơn vị đã thay đổi (phiên bản hiện tại {revision}): hãy tải lại rồi sửa."
    en = "The unit's plan changed meanwhile and is at revision {revision}: read it again, then change it."


class UnitPlanSubmitted(Blocked):
    """A plan that waits for approval does not change meanwhile."""

    vi = "Kế hoạch của đơn vị {unit_id} đang chờ duyệt: hãy đề nghị cấp trên trả lại trước khi sửa."
    en = "The plan of the unit {unit_id} waits for approval: ask for it to be returned first."


class UnitPlanReturned(Blocked):
    """Only a draft is submitted."""

    vi = "Kế hoạch của đơn vị {unit_id} đã bị trả lại: hãy sửa và lưu trước khi trình lại."
    en = "The plan of the unit {unit_id} was returned: change and save it before it is submitted again."


class UnitPlanNotSubmitted(Blocked):
    """Only a submitted plan is approved or returned."""

    vi = "Kế hoạch của đơn vị {unit_id} chưa được trình."
    en = "The plan of the unit {unit_id} is not submitted."


class UnitSixClears(BadContent):
    """An item that lacks one of the six clears cannot be submitted (6 rõ, R-4)."""

    vi = "Kế hoạch đơn vị chưa đủ 6 rõ: {problems_vi}"
    en = "The unit's plan lacks some of the six clears: {problems_en}"


class BadUnitPlan(BadContent):
    """The items of a plan break rules."""

    vi = "Kế hoạch đơn vị chưa hợp lệ: {problems_vi}"
    en = "The unit's plan breaks rules: {problems_en}"


@dataclass(frozen=True, slots=True)
class UnitItem:
    """A piece of a unit's work. A draft may lack anything but the id."""

    item_id: str
    name: str = ""
    lead_person_id: str = ""
    lead_unit_id: str = ""
    """The unit that leads it, when no person is named."""
    due_on: date | None = None
    responsibility: str = ""
    output: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class UnitVersion:
    """One version of a unit's plan."""

    number: int
    state: State
    items: tuple[UnitItem, ...]
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit's month: the newest version of the plan, and the one in force."""

    ward_id: str
    unit_id: str
    month: Month
    revision: int = 0
    newest: UnitVersion | None = None
    in_force: UnitVersion | None = None

    @property
    def plan_id(self) -> str:
        """The plan's id, unique in the ward."""
        return f"{self.unit_id}:{self.month}"

    def latest(self) -> UnitVersion:
        """Return the newest version.

        :raises UnknownUnitPlan: if there is none
        """
        if self.newest is None:
            raise UnknownUnitPlan(unit_id=self.unit_id, month=self.month)
        return self.newest

    def save(self, items: Sequence[UnitItem]) -> "UnitPlan":
        """Keep the items as a draft, which begins an amendment when a version is approved.

        :raises UnitPlanSubmitted: while the plan waits for approval
        :raises BadUnitPlan: if there are too many items, or one is there twice
        """
        kept, newest = tuple(items), self.newest
        if newest and newest.state is State.SUBMITTED:
            raise UnitPlanSubmitted(unit_id=self.unit_id)
        if newest and newest.items == kept and newest.state in (State.DRAFT, State.APPROVED):
            return self
        if found := list(_crowd(items)):
            raise BadUnitPlan(found)
        if newest and newest.state is State.DRAFT:
            return self._changed(newest=replace(newest, items=kept))
        return self._changed(newest=UnitVersion((newest.number if newest else 0) + 1, State.DRAFT, kept))

    def submit(self) -> "UnitPlan":
        """Hand the draft to whoever approves it; what is submitted or approved already stays as it is.

        :raises UnitSixClears: if an item lacks something (R-4)
        """
        newest = self.latest()
        if newest.state in (State.SUBMITTED, State.APPROVED):
            return self
        if newest.state is not State.DRAFT:
            raise UnitPlanReturned(unit_id=self.unit_id)
        if not newest.items:
            raise UnitSixClears([("", Problem("", "kế hoạch chưa có việc nào", "the plan has no item"))])
        if found := [(each.item_id, problem) for each in newest.items for problem in missing(each)]:
            raise UnitSixClears(found)
        return self._changed(newest=replace(newest, state=State.SUBMITTED))

    def approve(self, *, by: str, at: datetime) -> "UnitPlan":
        """Put the submitted version in force; the one before is superseded (R-5).

        :raises UnitPlanNotSubmitted: if it does not wait for approval
        """
        newest = self._submitted()
        approved = replace(newest, state=State.APPROVED, decided_by=by, decided_at=at)
        return self._changed(newest=approved, in_force=approved)

    def send_back(self, *, by: str, reason: str, at: datetime) -> "UnitPlan":
        """Return the submitted version (trả lại).

        :raises ReasonMissing: without a reason
        :raises UnitPlanNotSubmitted: if it does not wait for approval
        """
        if not reason.strip():
            raise ReasonMissing(field="reason")
        newest = self._submitted()
        return self._changed(
            newest=replace(newest, state=State.RETURNED, reason=reason.strip(), decided_by=by, decided_at=at)
        )

    def _submitted(self) -> UnitVersion:
        newest = self.latest()
        if newest.state is not State.SUBMITTED:
            raise UnitPlanNotSubmitted(unit_id=self.unit_id)
        return newest

    def _changed(self, *, newest: UnitVersion, in_force: UnitVersion | None = None) -> "UnitPlan":
        return replace(self, newest=newest, in_force=in_force or self.in_force, revision=self.revision + 1)


_CLEARS: Final[Sequence[tuple[str, str, str]]] = (
    ("name", "rõ việc: nội dung công việc", "work: what is to be done"),
    ("due_on", "rõ thời gian: thời hạn", "time: the deadline"),
    ("responsibility", "rõ trách nhiệm", "responsibility"),
    ("output", "rõ sản phẩm: sản phẩm đầu ra", "output"),
    ("authority", "rõ thẩm quyền: ai quyết định về sản phẩm", "authority: who decides about the output"),
)


def missing(item: UnitItem) -> list[Problem]:
    """Return which of the six clears an item lacks (R-4)."""
    found = [
        Problem(part, f"thiếu {vi}", f"lacks {en}")
        for part, vi, en in _CLEARS
        if getattr(item, part) in (None, "")
    ]
    if not item.lead_person_id and not item.lead_unit_id:
        found.insert(
            0,
            Problem(
                "lead_person_id",
                "thiếu rõ người: người hoặc đơn vị chủ trì",
                "lacks person: who or which unit leads it",
            ),
        )
    return found


def problems(
    item: UnitItem, window: Window, people: Mapping[str, Person], units: Iterable[str]
) -> Iterable[Problem]:
    """Return what is wrong with what an item says, be it a draft or not.

    :param people: everybody of the ward in the month, by id
    :param units: ids of the ward's units
    """
    if not valid(item.item_id):
        yield Problem("item_id", f"mã “{item.item_id[:64]}” không hợp lệ", f"“{item.item_id[:64]}” is no id")
    for part in ("name", "output", "responsibility", "authority"):
        longest = LONGEST_NAME if part == "name" else LONGEST_TEXT
        if len(getattr(item, part)) > longest:
            yield Problem(part, f"dài quá {longest} ký tự", f"has more than {longest} characters")
    if item.due_on is not None and item.due_on not in window:
        first, last = window.first_on.strftime("%d/%m/%Y"), window.last_on.strftime("%d/%m/%Y")
        yield Problem(
            "due_on",
            f"ngoài kỳ của tháng, từ {first} đến {last}",
            f"is outside the month's window, {window.first_on} to {window.last_on}",
        )
    lead = people.get(item.lead_person_id)
    if item.lead_person_id and (lead is None or not lead.active):
        yield Problem(
            "lead_person_id",
            f"không có người mã {item.lead_person_id[:64]} đang công tác",
            f"nobody with the id {item.lead_person_id[:64]} holds a post",
        )
    if item.lead_unit_id and item.lead_unit_id not in units:
        yield Problem(
            "lead_unit_id",
            f"không có đơn vị {item.lead_unit_id[:64]}",
            f"there is no unit {item.lead_unit_id[:64]}",
        )


def _crowd(items: Sequence[UnitItem]) -> Iterable[tuple[str, Problem]]:
    if len(items) > MOST_ITEMS:
        yield "items", Problem("", f"quá {MOST_ITEMS} việc", f"more than {MOST_ITEMS} items")
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item.item_id in seen:
            yield (
                f"items[{place}]",
                Problem("item_id", f"mã {item.item_id} lặp lại", f"the id {item.item_id} is there twice"),
            )
        seen.add(item.item_id)


# -- How far the work is ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A person's task in force, with how much of it was accepted."""

    person_id: str
    task: Task
    result: Result | None = None

    @property
    def accepted(self) -> Decimal:
        """Accepted quantity; 0 while nothing is recorded."""
        return self.result.accepted if self.result else Decimal(0)

    @property
    def finished(self) -> bool:
        """True if all of it is accepted."""
        return bool(self.task.quantity) and self.accepted >= (self.task.quantity or 0)


@dataclass(frozen=True, slots=True)
class Totals:
    """Work in standard units (R-12)."""

    assigned: Decimal = Decimal(0)
    done: Decimal = Decimal(0)


def totals(lines: Iterable[Line]) -> Totals:
    """Return what was assigned and what is done: coefficient by quantity, by kind (R-7, R-12)."""
    assigned, done = Decimal(0), Decimal(0)
    for line in lines:
        coefficient, kind = line.task.coefficient or Decimal(0), line.task.kind
        if kind in (Kind.PLANNED, Kind.HANDED_OVER):
            assigned += coefficient * (line.task.quantity or 0)
        if kind.can_be_done:
            done += coefficient * line.accepted
    return Totals(assigned, done)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an item is: people's tasks in force that are linked to it."""

    lines: tuple[Line, ...] = ()

    @property
    def open_lines(self) -> tuple[Line, ...]:
        """Those that are done by the one who holds them: not handed over, not withdrawn."""
        return tuple(each for each in self.lines if each.task.kind.can_be_done)

    @property
    def finished(self) -> int:
        """How many of them are accepted in full."""
        return sum(each.finished for each in self.open_lines)


def by_item(lines: Iterable[Line]) -> dict[str, Progress]:
    """Return from each item's id to the tasks that are linked to it, by person and task."""
    found: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda each: (each.person_id, each.task.task_id)):
        if line.task.unit_item_id:
            found.setdefault(line.task.unit_item_id, []).append(line)
    return {item_id: Progress(tuple(of)) for item_id, of in found.items()}
