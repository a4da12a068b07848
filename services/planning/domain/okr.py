"""Objectives and key results: what is to be reached, and how far it is (OKR, R-6).

A key result goes from a start to a target, whichever of them is greater, and whatever their signs::

    raw progress = (current - start) / (target - start)      progress = raw progress within 0 and 1

An objective's progress is the mean by weight of its key results and of the objectives aligned to it. All of
it is exact: fractions of decimals, rounded only where they are shown.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Final, Self

from chassis.days import Month
from chassis.errors import Blocked, Invalid, NotFound, Stale
from planning.domain.ids import valid
from planning.domain.problem import BadContent, Problem
from planning.domain.task import LONGEST_NAME, LONGEST_TEXT, Task

MOST_KEY_RESULTS: Final = 20
MOST_LINKS: Final = 50
MOST_READINGS: Final = 1_000
"""Readings of one request."""
MOST_LEVELS: Final = 20
"""Objectives above one another."""
MOST_VALUE: Final = Decimal(10) ** 15
VALUE_PLACES: Final = Decimal("0.000001")
MOST_WEIGHT: Final = Decimal(1_000)
WEIGHT_PLACES: Final = Decimal("0.001")
LONGEST_MEASURE: Final = 50
CLOCKS_APART: Final = timedelta(minutes=5)
"""How far ahead another system's clock may be."""

QUARTER_MONTHS: Final = 3


class BadPeriod(Invalid):
    """A period is a month or a quarter."""

    vi = "{field}: “{given}” không phải là kỳ: viết như 2026-03 hoặc 2026-Q1."
    en = "{field}: “{given}” is no period: write it as 2026-03 or 2026-Q1."


class UnknownObjective(NotFound):
    """The ward has no such objective."""

    vi = "Không có mục tiêu {objective_id}."
    en = "There is no objective {objective_id}."


class UnknownKeyResult(NotFound):
    """The objective has no such key result."""

    vi = "Mục tiêu {objective_id} không có kết quả then chốt {key_result_id}."
    en = "The objective {objective_id} has no key result {key_result_id}."


class BadObjective(BadContent):
    """An objective breaks rules."""

    vi = "Mục tiêu chưa hợp lệ: {problems_vi}"
    en = "The objective breaks rules: {problems_en}"


class BadReadings(BadContent):
    """Readings break rules."""

    vi = "Số đo chưa hợp lệ: {problems_vi}"
    en = "The readings break rules: {problems_en}"


class ReferenceTaken(Blocked):
    """A reading is never changed: a correction is another reading, with a reference of its own."""

    vi = "{field}: {source} đã gửi số đo {reference} với nội dung khác: hãy gửi số mới với mã tham chiếu mới."
    en = "{field}: {source} sent {reference} with another content: send a correction by a new reference."


class ObjectiveChanged(Stale):
    """The objective is not what the caller saw."""

    vi = "Mục tiêu đã thay đổi (phiên bản hiện tại {revision}): hãy tải lại rồi sửa."
    en = "The objective changed meanwhile and is at revision {revision}: read it again, then change it."


class ObjectiveDropped(Blocked):
    """What was given up is measured no more."""

    vi = "Mục tiêu {objective_id} đã dừng nên không nhận thêm số đo."
    en = "The objective {objective_id} was dropped, so it takes no more readings."


class Owner(Enum):
    """Whose an objective is, from the lowest to the highest."""

    PERSON = "person"
    UNIT = "unit"
    WARD = "ward"

    @property
    def rank(self) -> int:
        """How high it stands."""
        return list(Owner).index(self)


@dataclass(frozen=True, slots=True)
class Period:
    """A month, or a quarter: then ``month`` is its last one."""

    month: Month
    whole_quarter: bool = False

    @classmethod
    def parse(cls, words: str, field: str = "period") -> Self:
        """Return the period that ``words`` spells, such as ``2026-03`` or ``2026-Q1``.

        :raises BadPeriod: if it spells none
        """
        if found := re.fullmatch(r"(2[0-9]{3})-Q([1-4])", words):
            return cls(Month(int(found[1]), int(found[2]) * QUARTER_MONTHS), whole_quarter=True)
        try:
            return cls(Month.parse(words))
        except ValueError as error:
            raise BadPeriod(field=field, given=words[:40]) from error

    def __str__(self) -> str:
        return self.quarter if self.whole_quarter else str(self.month)

    @property
    def quarter(self) -> str:
        """The quarter it lies in, such as ``2026-Q1``."""
        return f"{self.month.year:04d}-Q{(self.month.month - 1) // QUARTER_MONTHS + 1}"

    def holds(self, other: "Period") -> bool:
        """True if the other period is this one or lies in it."""
        return self == other or (self.whole_quarter and self.quarter == other.quarter)


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """A task of somebody's plan that serves a key result."""

    person_id: str
    month: Month
    task_id: str


@dataclass(frozen=True, slots=True)
class Measured:
    """What the readings of a key result say at present."""

    current: Decimal
    at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class KeyResult:
    """What tells whether an objective is reached (kết quả then chốt)."""

    key_result_id: str
    name: str
    measure: str
    start: Decimal
    target: Decimal
    weight: Decimal = Decimal(1)
    links: tuple[Link, ...] = ()
    measured: Measured | None = field(default=None, compare=False)

    @property
    def raw_progress(self) -> Fraction:
        """How much of the way from start to target is done, below 0 and above 1 too; 0 without readings."""
        if self.measured is None:
            return Fraction(0)
        way = Fraction(self.target) - Fraction(self.start)
        return (Fraction(self.measured.current) - Fraction(self.start)) / way

    @property
    def progress(self) -> Fraction:
        """The same within 0 and 1: one key result neither outweighs nor eats up another."""
        return min(Fraction(1), max(Fraction(0), self.raw_progress))


@dataclass(frozen=True, slots=True)
class Objective:
    """What a ward, a unit or a person wants to reach in a period."""

    ward_id: str
    objective_id: str
    title: str
    owner: Owner
    owner_id: str
    period: Period
    above_id: str = ""
    weight: Decimal = Decimal(1)
    dropped: bool = False
    key_results: tuple[KeyResult, ...] = ()
    revision: int = field(default=0, compare=False)

    def replaces(self, before: "Objective | None") -> "Objective":
        """Return this objective as it replaces another of the same id; that one itself if nothing changed.

        :raises BadObjective: if it changes whose it is, its period, or what readings were taken of
        """
        if before is None:
            return replace(self, revision=1)
        if found := list(forbidden_changes(before, self)):
            raise BadObjective(found)
        measured = {each.key_result_id: each.measured for each in before.key_results}
        if self == before:
            return before
        kept = tuple(replace(each, measured=measured.get(each.key_result_id)) for each in self.key_results)
        return replace(self, key_results=kept, revision=before.revision + 1)

    def key_result(self, key_result_id: str) -> KeyResult:
        """Return a key result.

        :raises UnknownKeyResult: if there is none of that id
        """
        for each in self.key_results:
            if each.key_result_id == key_result_id:
                return each
        raise UnknownKeyResult(objective_id=self.objective_id, key_result_id=key_result_id)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured of a key result, when, and by whose account (số đo)."""

    objective_id: str
    key_result_id: str
    value: Decimal
    measured_at: datetime
    source: str
    reference: str
    note: str = ""
    recorded_by: str = field(default="", compare=False)
    recorded_at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LinkedTask:
    """A task that serves a key result, as it stands, with what was accepted of it."""

    task: Task
    accepted: Decimal | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An objective, how far it is, and what somebody may see of what is aligned to it and serves it."""

    objective: Objective
    progress: Fraction | None
    aligned: tuple[tuple[Objective, Fraction | None], ...] = ()
    tasks: Mapping[Link, LinkedTask] = field(default_factory=dict)


def objective_problems(objective: Objective) -> list[tuple[str, Problem]]:
    """Return what is wrong with an objective by itself, each with its place."""
    found = [("objective", each) for each in _own_problems(objective)]
    seen: set[str] = set()
    for place, each in enumerate(objective.key_results):
        at = f"objective.key_results[{place}]"
        if each.key_result_id in seen:
            found.append(
                (at, Problem("key_result_id", f"mã {each.key_result_id} lặp lại", "the id is there twice"))
            )
        seen.add(each.key_result_id)
        found += ((at, problem) for problem in _key_result_problems(each, objective.period))
    return found


def forbidden_changes(before: Objective, after: Objective) -> Iterable[tuple[str, Problem]]:
    """Return what an objective may not change of what it was: whose, when, and what was measured."""
    stays = "không đổi được: hãy lập mục tiêu khác", "stays as it is: make another objective"
    if (before.owner, before.owner_id) != (after.owner, after.owner_id):
        yield "objective", Problem("owner_id", *stays)
    if before.period != after.period:
        yield "objective", Problem("period", *stays)
    places = {each.key_result_id: place for place, each in enumerate(after.key_results)}
    for earlier in before.key_results:
        if earlier.measured is None:
            continue
        place = places.get(earlier.key_result_id)
        if place is None:
            words = f"{earlier.key_result_id} đã có số đo nên không bỏ được"
            yield (
                "objective",
                Problem(
                    "key_results", words, f"{earlier.key_result_id} has readings, so it cannot be left out"
                ),
            )
        elif after.key_results[place].measure != earlier.measure:
            yield (
                f"objective.key_results[{place}]",
                Problem("unit_of_measure", "đã có số đo nên không đổi được", "has readings, so it stays"),
            )


def above_problems(objective: Objective, above: Sequence[Objective]) -> list[tuple[str, Problem]]:
    """Return what is wrong with where an objective is aligned to.

    :param above: the objective above, the one above that, and so on to the top
    """
    if not above:
        return []
    if len(above) > MOST_LEVELS:
        deep = Problem("above_id", f"quá {MOST_LEVELS} cấp mục tiêu", f"more than {MOST_LEVELS} levels")
        return [("objective", deep)]
    names = [objective.objective_id, *(each.objective_id for each in above)]
    if objective.objective_id in names[1:]:
        way = " → ".join(names[: names.index(objective.objective_id, 1) + 1])
        return [("objective", Problem("above_id", f"tạo thành vòng: {way}", f"they form a circle: {way}"))]
    found = []
    direct = above[0]
    if not direct.period.holds(objective.period):
        found.append(
            Problem(
                "above_id",
                f"mục tiêu cấp trên thuộc kỳ {direct.period}, không chứa kỳ {objective.period}",
                f"the objective above is for {direct.period}, which does not hold {objective.period}",
            )
        )
    if direct.owner.rank < objective.owner.rank:
        found.append(
            Problem("above_id", "không thể gắn lên mục tiêu của cấp thấp hơn", "it belongs to a lower level")
        )
    if direct.dropped and not objective.dropped:
        found.append(Problem("above_id", "mục tiêu cấp trên đã dừng", "the objective above was dropped"))
    return [("objective", each) for each in found]


def reading_problems(reading: Reading, at: datetime) -> Iterable[Problem]:
    """Return what is wrong with a reading.

    :param at: now
    """
    for part in ("source", "reference"):
        given = getattr(reading, part)
        if not valid(given):
            yield Problem(part, f"“{given[:64]}” không hợp lệ", f"“{given[:64]}” is no id")
    if not _fits(reading.value, -MOST_VALUE, MOST_VALUE, VALUE_PLACES):
        yield _bad_value("value")
    if reading.measured_at > at + CLOCKS_APART:
        yield Problem("measured_at", "ở tương lai", "is in the future")
    if len(reading.note) > LONGEST_TEXT:
        yield Problem("note", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")


def after_reading(measured: Measured | None, reading: Reading) -> Measured:
    """Return what readings say with one more: the newest counts; of two at one time, the later recorded."""
    if measured and measured.at > reading.measured_at:
        return replace(measured, count=measured.count + 1)
    return Measured(reading.value, reading.measured_at, (measured.count if measured else 0) + 1)


def progress(objectives: Mapping[str, Objective]) -> dict[str, Fraction | None]:
    """Return how far each objective is, within 0 and 1; None while nothing measures it.

    It is the mean, by weight, of the objective's key results and of the objectives aligned to it. Aligned
    ones count unless they were dropped, weigh nothing, or nothing measures them.

    :param objectives: by id, each with everything that is aligned to it, in no circle
    """
    aligned: dict[str, list[Objective]] = {}
    for each in objectives.values():
        aligned.setdefault(each.above_id, []).append(each)
    found: dict[str, Fraction | None] = {}
    # Those below come first: an objective is looked at again once everything under it is known.
    waiting = sorted(objectives, reverse=True)
    while waiting:
        objective_id = waiting[-1]
        below = aligned.get(objective_id, [])
        if unknown := [each.objective_id for each in below if each.objective_id not in found]:
            waiting += unknown
            continue
        waiting.pop()
        if objective_id in found:
            continue
        parts = [(Fraction(each.weight), each.progress) for each in objectives[objective_id].key_results] + [
            (Fraction(each.weight), reached)
            for each in below
            if not each.dropped and (reached := found[each.objective_id]) is not None
        ]
        weight = sum((each for each, _ in parts), Fraction(0))
        found[objective_id] = (
            sum((share * reached for share, reached in parts), Fraction(0)) / weight if weight else None
        )
    return found


def _own_problems(objective: Objective) -> Iterable[Problem]:
    if not objective.title:
        yield Problem("title", "thiếu nội dung mục tiêu", "lacks what is to be reached")
    elif len(objective.title) > LONGEST_NAME:
        yield Problem("title", f"dài quá {LONGEST_NAME} ký tự", f"has more than {LONGEST_NAME} characters")
    if (objective.owner is Owner.WARD) != (not objective.owner_id):
        yield Problem(
            "owner_id",
            "của phường thì để trống, của đơn vị hoặc cá nhân thì phải ghi mã",
            "leave it empty for the ward, and give it for a unit or a person",
        )
    if not _fits(objective.weight, Decimal(0), MOST_WEIGHT, WEIGHT_PLACES):
        yield Problem(
            "weight",
            f"phải từ 0 đến {MOST_WEIGHT}, không quá 3 chữ số thập phân",
            f"must be from 0 to {MOST_WEIGHT}, with at most 3 decimals",
        )
    if len(objective.key_results) > MOST_KEY_RESULTS:
        yield Problem(
            "key_results",
            f"quá {MOST_KEY_RESULTS} kết quả then chốt",
            f"more than {MOST_KEY_RESULTS} key results",
        )


def _key_result_problems(given: KeyResult, period: Period) -> Iterable[Problem]:
    if not valid(given.key_result_id):
        named = given.key_result_id[:64]
        yield Problem("key_result_id", f"mã “{named}” không hợp lệ", f"“{named}” is no id")
    for part, longest in (("name", LONGEST_NAME), ("measure", LONGEST_MEASURE)):
        words = getattr(given, part)
        shown = "unit_of_measure" if part == "measure" else part
        if not words:
            yield Problem(shown, "còn thiếu", "is missing")
        elif len(words) > longest:
            yield Problem(shown, f"dài quá {longest} ký tự", f"has more than {longest} characters")
    for part in ("start", "target"):
        if not _fits(getattr(given, part), -MOST_VALUE, MOST_VALUE, VALUE_PLACES):
            yield _bad_value(part)
    if given.start == given.target:
        yield Problem("target", "phải khác giá trị ban đầu", "must differ from the start")
    if not given.weight or not _fits(given.weight, Decimal(0), MOST_WEIGHT, WEIGHT_PLACES):
        yield Problem(
            "weight",
            f"phải lớn hơn 0, tối đa {MOST_WEIGHT}, không quá 3 chữ số thập phân",
            f"must be above 0, at most {MOST_WEIGHT}, with at most 3 decimals",
        )
    if len(given.links) > MOST_LINKS:
        yield Problem("tasks", f"quá {MOST_LINKS} nhiệm vụ", f"more than {MOST_LINKS} tasks")
    for place, link in enumerate(given.links):
        if link in given.links[:place]:
            yield Problem(f"tasks[{place}]", "nhiệm vụ lặp lại", "the task is there twice")
        if not period.holds(Period(link.month)):
            yield Problem(
                f"tasks[{place}].month",
                f"ngoài kỳ {period} của mục tiêu",
                f"lies outside the period {period}",
            )


def _bad_value(part: str) -> Problem:
    return Problem(
        part,
        f"phải từ -{MOST_VALUE:f} đến {MOST_VALUE:f}, không quá 6 chữ số thập phân",
        f"must be from -{MOST_VALUE:f} to {MOST_VALUE:f}, with at most 6 decimals",
    )


def _fits(number: Decimal, least: Decimal, most: Decimal, places: Decimal) -> bool:
    return number.is_finite() and least <= number <= most and number == number.quantize(places)
