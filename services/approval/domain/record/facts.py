"""What the papers of a month are laid out from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from approval.domain.case import Case
from approval.domain.grade import Grade
from approval.domain.record.printing import plain
from chassis.errors import Blocked

WORK_NOT_COUNTED = frozenset({"withdrawn"})
_PLACES = Decimal("0.0001")


class NotPublished(Blocked):
    """The record tells of published grades (R-31)."""

    vi = "Chưa lập được hồ sơ: còn {count} người chưa được công bố: {people}."
    en = "No record yet: {count} people are not published: {people}."


class NothingToRecord(Blocked):
    """A record is of somebody."""

    vi = "Không có người nào để lập hồ sơ."
    en = "There is nobody to make a record of."


class RecordsNotReady(Blocked):
    """The tasks that a score was computed from have not all arrived here."""

    vi = "Nhiệm vụ hoặc tỷ lệ của {people} chưa về đủ: hãy lập lại sau ít phút."
    en = "The tasks or ratios of {people} have not all arrived: make the records again in some minutes."


@dataclass(frozen=True, slots=True)
class Fault:
    """Faults of some outputs of a line, excused ones among them."""

    outputs: int
    failed_reviews: int
    excused_reviews: int
    missed_deadlines: int
    excused_deadlines: int


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One task of the month, as planning announced it (R-7, R-12)."""

    id: str
    kind: str
    code: str
    name: str
    coefficient: Decimal
    assigned: Decimal
    accepted: Decimal
    faults: tuple[Fault, ...] = ()
    accepted_on: date | None = None
    """The day on which the last of it was accepted, where that was stated (R-12)."""
    vouched_on: date | None = None
    """The day after the month's window on which some of it was recorded without that date."""

    @property
    def converted_assigned(self) -> Decimal:
        """Standard units assigned: of the plan, and of what was handed over."""
        return self.coefficient * self.assigned if self.kind in ("planned", "handed_over") else Decimal(0)

    @property
    def converted_done(self) -> Decimal:
        """Standard units done."""
        return Decimal(0) if self.kind in ("withdrawn", "handed_over") else self.coefficient * self.accepted

    @property
    def failed(self) -> int:
        """Failed reviews that count, over all outputs."""
        return sum(each.outputs * (each.failed_reviews - each.excused_reviews) for each in self.faults)

    @property
    def missed(self) -> int:
        """Missed deadlines that count, over all outputs."""
        return sum(each.outputs * (each.missed_deadlines - each.excused_deadlines) for each in self.faults)

    @property
    def excused(self) -> int:
        """Faults that an authority excused, over all outputs (R-8)."""
        return sum(each.outputs * (each.excused_reviews + each.excused_deadlines) for each in self.faults)


@dataclass(frozen=True, slots=True)
class Half:
    """Half-days of a month."""

    required: int
    worked: int


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """A person's published month with everything that stands on the papers.

    :param ratios: by letter, as scoring announced them with the total that was decided on
    :param work: ``None`` while planning has announced none
    """

    case: Case
    title: str
    personnel_type: str
    ratios: Mapping[str, Decimal] = field(default_factory=dict)
    work: tuple[WorkLine, ...] | None = None
    time: Half | None = None
    decider: str = ""

    @property
    def name(self) -> str:
        """Full name; the id while planning has announced none."""
        return plain(self.case.person.full_name) or self.case.person.id

    @property
    def grade(self) -> Grade | None:
        """The published grade."""
        return self.case.published.grade if self.case.published else None

    @property
    def total(self) -> Decimal | None:
        """The total that was decided on."""
        return self.case.decision.total if self.case.decision else None

    @property
    def revision(self) -> int:
        """Revision of the published grade."""
        return self.case.published.revision if self.case.published else 0

    @property
    def general(self) -> Decimal | None:
        """The sum of the general criteria that counts."""
        return self.case.evaluation.general

    @property
    def scored_here(self) -> bool:
        """True if the grade rests on a score, not on the city's document."""
        return self.total is not None and not self.case.competence.external

    @property
    def ready(self) -> bool:
        """True if the tasks here are those that the score was computed from."""
        if not self.scored_here:
            return True
        if self.work is None or self.time is None or "a" not in self.ratios:
            return False
        assigned = sum((each.converted_assigned for each in self.work), Decimal(0))
        done = sum((each.converted_done for each in self.work), Decimal(0))
        if not assigned:
            return False
        exact = Fraction(done) / Fraction(assigned)
        found = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(_PLACES, ROUND_HALF_UP)
        # The policy may count at most what was assigned.
        return self.ratios["a"] in (found, min(found, Decimal(1)))


@dataclass(frozen=True, slots=True)
class Agency:
    """The ward and, for a unit's papers, the unit; ``kind`` is the unit's."""

    ward: str
    city: str
    unit: str = ""
    kind: str = ""
