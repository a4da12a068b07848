"""The catalogue of converted outputs (danh mục sản phẩm/công việc quy đổi, R-3; NĐ335 Đ.13)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from typing import Final, Self

from chassis.days import Month
from chassis.errors import Blocked, Invalid, NotFound
from planning.domain.problem import Problem

MOST_GROUPS: Final = 5
"""Complexity groups of a catalogue, at most (NĐ335 Đ.13)."""
MOST_ENTRIES: Final = 5_000
MOST_POINTS: Final = Decimal(100_000)
HUNDREDTH: Final = Decimal("0.01")


class UnknownCatalogue(NotFound):
    """The ward has no such version of the catalogue."""

    vi = "Không có phiên bản {version} của danh mục."
    en = "The catalogue has no version {version}."


class NoCatalogue(NotFound):
    """No catalogue is in force in that month."""

    vi = "Chưa có danh mục nào có hiệu lực trong tháng {month}."
    en = "No catalogue is in force in {month}."


class DecisionMissing(Invalid):
    """A catalogue is put in force by a decision on record."""

    vi = "Cần số quyết định phê duyệt danh mục."
    en = "Give the number of the decision that approves the catalogue."


class AlreadyApproved(Blocked):
    """A version is put in force once."""

    vi = "Phiên bản {version} đã được phê duyệt theo {decision}."
    en = "Version {version} was approved by {decision} before."


class Section(Enum):
    """Whom an entry is for."""

    LEADERSHIP = "leadership"
    SHARED = "shared"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Entry:
    """One output with what it weighs."""

    code: str
    task: str
    output: str
    complexity_group: str
    points: Decimal
    coefficient: Decimal
    section: Section = Section.SHARED
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """A version of a ward's catalogue; its entries are kept apart."""

    ward_id: str
    version: int
    from_month: Month
    standard_points: Decimal
    """Points of the standard unit (đơn vị sản phẩm/công việc chuẩn)."""
    proposed_by: str
    entry_count: int
    decision: str = ""
    approved_at: datetime | None = None

    @property
    def approved(self) -> bool:
        """True once a decision put it in force."""
        return self.approved_at is not None

    def approve(self, *, decision: str, at: datetime) -> Self:
        """Put the version in force.

        :raises DecisionMissing: without the decision's number
        :raises AlreadyApproved: if another decision did so before
        """
        if not decision.strip():
            raise DecisionMissing(field="decision")
        if self.approved:
            if self.decision == decision.strip():
                return self
            raise AlreadyApproved(version=self.version, decision=self.decision)
        return replace(self, decision=decision.strip(), approved_at=at)


def coefficient(points: Decimal, standard_points: Decimal) -> Decimal:
    """Return how many standard units an output weighs: points / standard points, 2 decimals half-up."""
    return (points / standard_points).quantize(HUNDREDTH, ROUND_HALF_UP)


def points_problem(points: Decimal) -> Problem | None:
    """Return what is wrong with points of an output or of the standard unit."""
    if not 0 < points <= MOST_POINTS or points != points.quantize(HUNDREDTH):
        return Problem(
            "points",
            f"phải lớn hơn 0, tối đa {MOST_POINTS}, không quá 2 chữ số thập phân",
            f"must be above 0, at most {MOST_POINTS}, with at most 2 decimals",
        )
    return None


def entry_problems(
    entries: Sequence[Entry], given: Sequence[Decimal | None], standard_points: Decimal
) -> list[tuple[int, Problem]]:
    """Return what is wrong with the entries of a version, each with its place (R-3).

    :param given: the coefficients as they were handed in, None where they were left to be computed
    """
    found: list[tuple[int, Problem]] = []
    first: dict[str, int] = {}
    groups: dict[str, int] = {}
    for place, (entry, stated) in enumerate(zip(entries, given, strict=True)):
        found += ((place, problem) for problem in _problems(entry, stated, standard_points))
        if first.setdefault(entry.code, place) != place:
            found.append(
                (place, Problem("code", f"mã {entry.code} đã có", f"the code {entry.code} is there before"))
            )
        if entry.complexity_group not in groups:
            groups[entry.complexity_group] = place
            if len(groups) > MOST_GROUPS:
                found.append(
                    (
                        place,
                        Problem(
                            "complexity_group",
                            f"là nhóm phức tạp thứ {len(groups)}, tối đa {MOST_GROUPS} nhóm",
                            f"it is complexity group number {len(groups)}; at most {MOST_GROUPS} are allowed",
                        ),
                    )
                )
    return found


def _problems(entry: Entry, stated: Decimal | None, standard_points: Decimal) -> Iterable[Problem]:
    for part, words, longest in (
        ("code", entry.code, 64),
        ("task", entry.task, 500),
        ("output", entry.output, 1_000),
        ("complexity_group", entry.complexity_group, 64),
    ):
        if not words.strip():
            yield Problem(part, "bắt buộc nhập", "must not be empty")
        elif len(words) > longest:
            yield Problem(part, f"dài quá {longest} ký tự", f"has more than {longest} characters")
    if problem := points_problem(entry.points):
        yield problem
        return
    due = coefficient(entry.points, standard_points)
    if due <= 0:
        yield Problem(
            "points",
            f"quá nhỏ so với đơn vị chuẩn {standard_points:f} điểm: hệ số bằng 0",
            f"is too small beside the standard unit's {standard_points:f}: the coefficient would be 0",
        )
    if stated is not None and stated != due:
        yield Problem(
            "coefficient",
            f"phải là {entry.points:f} / {standard_points:f} = {due}",
            f"must be {entry.points:f} / {standard_points:f} = {due}",
        )
