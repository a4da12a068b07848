"""A person's year: the months' decided totals, their mean, and what is recorded of the year (R-24; form 02).

The totals are those that the published decisions were made on. The mean is plain, to two decimals, half-up.
What the class of the year is, the person and the authority say on the form; it is recorded here and never
computed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from approval.domain.case import Case
from approval.domain.grade import Grade
from chassis.errors import Blocked, Forbidden, Invalid, NotFound

MONTHS = 12
_PLACES = Decimal("0.01")


class NoYear(NotFound):
    """A year is told of people whose month was opened in it."""

    vi = "Phường chưa mở tháng nào của năm {year} cho {person}."
    en = "No month of {year} was opened with {person}."


class YearNotOver(Blocked):
    """The annual sheet tells of the whole year, December with it."""

    vi = "Chưa lập được phiếu năm {year}: tháng 12 chưa được công bố."
    en = "No annual sheets of {year} yet: December is not published."


class NothingRecorded(Invalid):
    """A year's result says something."""

    vi = "Phải ghi mức tự xếp loại, mức xếp loại hoặc đề xuất."
    en = "State the person's own classification, the authority's, or a proposal."


class NotYearAuthority(Forbidden):
    """A year is classified by the competent authority, or entered by the organizer from the signed paper."""

    vi = (
        "Chỉ người có thẩm quyền của {person}, người được ủy quyền hoặc bộ phận tổ chức được ghi kết quả năm."
    )
    en = "Only the competent authority of {person}, a delegate or the organizer records the year's result."


class Counted(StrEnum):
    """Why a month counts no total."""

    NOT_IN_WARD = "not_in_ward"
    NOT_PUBLISHED = "not_published"
    NOT_EVALUATED = "not_evaluated"
    EXTERNAL = "external"
    """The city's document states none."""


@dataclass(frozen=True, slots=True)
class YearMonth:
    """A month of a year.

    :param total: what the published decision was made on; ``None`` where it counts none, and ``why``
    :param revision: of the published grade; 0 for none
    :param document: of the city's result
    """

    month: str
    total: Decimal | None = None
    grade: Grade | None = None
    why: Counted | None = None
    revision: int = 0
    document: str = ""


@dataclass(frozen=True, slots=True)
class YearResult:
    """What is recorded of a person's year (form 02, parts II to IV)."""

    revision: int
    self_grade: Grade | None
    grade: Grade | None
    proposal: str
    document: str
    recorded_by: str
    authority_id: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class UnitGrade:
    """A unit's grade of a year, by its document."""

    unit_id: str
    grade: Grade
    document: str


class AboveTheUnit(Blocked):
    """A head is graded no higher than the unit in the year (R-24; NĐ 335/2025 Điều 20.6)."""

    vi = (
        "Không ghi loại {grade} năm {year}: đơn vị {unit_id} do người này đứng đầu "
        "xếp loại {unit} ({document})."
    )
    en = "Grade {grade} of {year} is refused: the unit {unit_id} that he heads is graded {unit} ({document})."


@dataclass(frozen=True, slots=True)
class Year:
    """A person's year."""

    year: str
    months: tuple[YearMonth, ...]
    result: YearResult | None = None

    @property
    def counted(self) -> tuple[Decimal, ...]:
        """The totals that count."""
        return tuple(each.total for each in self.months if each.total is not None)

    @property
    def mean(self) -> Decimal | None:
        """The plain mean of the totals that count; ``None`` for none (R-24)."""
        if not self.counted:
            return None
        # The sum has two decimals and is divided by 12 at the most: 28 digits decide every half.
        return (sum(self.counted, Decimal(0)) / len(self.counted)).quantize(_PLACES, ROUND_HALF_UP)


def check_not_above(year: str, grade: Grade, units: Sequence[UnitGrade]) -> None:
    """Refuse a head's grade above that of a unit he heads.

    :raises AboveTheUnit: naming the unit, its grade and the document
    """
    for each in units:
        # The letters order the grades: A is the highest.
        if grade.value < each.grade.value:
            raise AboveTheUnit(
                grade=grade, year=year, unit_id=each.unit_id, unit=each.grade, document=each.document
            )


def is_year(period: str) -> bool:
    """True for ``2026``, False for ``2026-03``."""
    return "-" not in period


def months_of(year: str) -> tuple[str, ...]:
    """Return a year's months."""
    return tuple(f"{year}-{number:02d}" for number in range(1, MONTHS + 1))


def year_of(
    year: str, cases: Mapping[str, Case], opened: Sequence[str], result: YearResult | None = None
) -> Year:
    """Return a person's year.

    :param cases: of the opened months in which he belongs to the ward, by month
    :param opened: the year's opened months
    """
    return Year(
        year, tuple(_month(each, cases.get(each), each in opened) for each in months_of(year)), result
    )


def _month(month: str, case: Case | None, is_open: bool) -> YearMonth:  # noqa: FBT001
    if case is None:
        return YearMonth(month, why=Counted.NOT_IN_WARD if is_open else None)
    if case.published is None:
        return YearMonth(month, why=Counted.NOT_PUBLISHED)
    revision = case.published.revision
    if case.published.grade is None or case.decision is None:
        return YearMonth(month, why=Counted.NOT_EVALUATED, revision=revision)
    decision = case.decision
    return YearMonth(
        month,
        decision.total,
        case.published.grade,
        Counted.EXTERNAL if decision.total is None else None,
        revision,
        decision.document,
    )
