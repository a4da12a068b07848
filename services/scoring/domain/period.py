"""Quarter, half-year and year (quý, 6 tháng, năm; R-24; NĐ 335/2025 Điều 17.3, Điều 20.6).

A period's total is the plain mean of the evaluated months; its class and its quota are its own. A head of a
unit is graded no higher than the unit in the year, and takes no place of the quota that he cannot use.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from chassis.errors import Invalid
from scoring.domain import quota
from scoring.domain.band import Band, band
from scoring.domain.grade import Grade, proposed
from scoring.domain.means import mean, not_above
from scoring.domain.policy import Policies, Policy
from scoring.domain.quota import Placement, Standing
from scoring.domain.score import Merits, Status
from scoring.domain.scorecard import Scorecard

_PERIOD = re.compile(r"(2\d{3})(?:-(Q[1-4]|H[12]))?")
_OPEN = (Status.INSUFFICIENT_DATA, Status.WAITING)


class BadPeriod(Invalid):
    """A period is a quarter, a half-year or a year."""

    vi = "{field}: {found} không phải là quý, 6 tháng hoặc năm; ghi như 2026-Q1, 2026-H1 hoặc 2026."
    en = "{field}: {found} is no quarter, half-year or year; write it like 2026-Q1, 2026-H1 or 2026."


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter, half-year or year, with its months (``YYYY-MM``)."""

    name: str
    months: tuple[str, ...]

    @classmethod
    def parse(cls, text: str, field: str = "period") -> "Period":
        """Return the period that a text spells.

        :raises BadPeriod: if it spells none
        """
        found = _PERIOD.fullmatch(text)
        if not found:
            raise BadPeriod(field=field, found=repr(text[:20]))
        year, part = found.groups()
        first, length = 1, 12
        if part:
            length = 3 if part[0] == "Q" else 6
            first = (int(part[1]) - 1) * length + 1
        return cls(text, tuple(f"{year}-{month:02d}" for month in range(first, first + length)))

    @property
    def is_year(self) -> bool:
        """True for a whole year."""
        return "-" not in self.name


@dataclass(frozen=True, slots=True)
class UnitGrade:
    """A unit's grade of a year, as its document says.

    :param head_id: the person who is graded no higher
    """

    ward_id: str
    period: str
    unit_id: str
    grade: Grade
    document: str
    head_id: str
    recorded_by: str
    recorded_at: datetime
    revision: int


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a period.

    :param cards: of the months in which he belonged to the ward, by month; not empty
    :param policy: of the period's last month, for his personnel type
    :param unit_grade: of the unit that he heads, in a year
    """

    person_id: str
    cards: Mapping[str, Scorecard]
    policy: Policy
    unit_grade: UnitGrade | None = None

    @property
    def last(self) -> Scorecard:
        """The card of the last month in which he belonged to the ward: its unit, scope and group hold."""
        return self.cards[max(self.cards)]

    @property
    def evaluated(self) -> list[str]:
        """The months that count."""
        return sorted(month for month, card in self.cards.items() if card.total is not None)

    @property
    def open_months(self) -> list[str]:
        """The months that wait for something."""
        return sorted(month for month, card in self.cards.items() if card.status in _OPEN)

    @property
    def blockers(self) -> list[str]:
        """Documents of blockers in the evaluated months (R-20)."""
        return list(
            dict.fromkeys(card.blocker for month in self.evaluated if (card := self.cards[month]).blocker)
        )

    @property
    def total(self) -> Decimal | None:
        """The mean of the evaluated months; ``None`` if there is none."""
        return mean(self.cards[month].total for month in self.evaluated)

    @property
    def band(self) -> Band | None:
        """The band that the mean falls into."""
        total = self.total
        return None if total is None else band(total, self.policy)


@dataclass(frozen=True, slots=True)
class PeriodScore:
    """What a period comes to for one person; the later fields are ``None`` if no month was evaluated."""

    member: Member
    total: Decimal | None = None
    band: Band | None = None
    grade: Grade | None = None
    placement: Placement | None = None


def members(
    months: Sequence[tuple[str, Scorecard]],
    policies: Policies,
    types: Mapping[str, str],
    unit_grades: Mapping[str, UnitGrade],
) -> list[Member]:
    """Return everybody who belonged to the ward in one of the months, by person.

    :param months: each month and scorecard
    :param policies: of the period's last month
    :param types: personnel types by person
    :param unit_grades: of the year, by unit; none for a shorter period
    """
    cards: dict[str, dict[str, Scorecard]] = {}
    for month, card in months:
        cards.setdefault(card.person_id, {})[month] = card
    heads = {each.head_id: each for each in unit_grades.values()}
    return [Member(id_, cards[id_], policies.of(types.get(id_, "")), heads.get(id_)) for id_ in sorted(cards)]


def candidates(people: Sequence[Member]) -> set[str]:
    """Return who competes for an A, so that their merits are needed."""
    return {each.person_id for each in people if each.band is Band.A}


def score_period(people: Sequence[Member], merits: Mapping[str, Sequence[Merits]]) -> dict[str, PeriodScore]:
    """Return what the period comes to for everybody.

    :param merits: of each candidate's evaluated months
    """
    by_id = {each.person_id: each for each in people}
    standings = {
        id_: Standing(
            each.policy,
            each.last.scope,
            each.last.group,
            Band(_ceiling(reached, each.unit_grade)),
            bool(each.blockers),
            _merits_of(each, merits),
        )
        for id_, each in by_id.items()
        if (reached := each.band) is not None
    }
    placements = quota.place(standings, {})
    return {
        id_: PeriodScore(
            each, each.total, each.band, _grade(standings[id_], placements[id_]), placements[id_]
        )
        if id_ in placements
        else PeriodScore(each)
        for id_, each in by_id.items()
    }


def mean_merits(total: Decimal, months: Sequence[Merits]) -> Merits:
    """Return what a period ranks by (R-22): its total, the means of the months' ratios, and all work done."""
    count = len(months)
    return Merits(
        total,
        sum((each.task_ratio for each in months), Fraction(0)) / count,
        sum((each.quality for each in months), Fraction(0)) / count,
        sum((each.timeliness for each in months), Fraction(0)) / count,
        sum((each.done for each in months), Decimal(0)),
    )


def _ceiling(reached: Band, unit_grade: UnitGrade | None) -> str:
    return (not_above(Grade(reached), unit_grade.grade) if unit_grade else reached).value


def _merits_of(member: Member, merits: Mapping[str, Sequence[Merits]]) -> Callable[[], Merits]:
    def found() -> Merits:
        total = member.total
        if total is None:
            raise ValueError(f"{member.person_id} has no evaluated month")
        return mean_merits(total, merits[member.person_id])

    return found


def _grade(standing: Standing, placement: Placement) -> Grade:
    return proposed(standing.band, placement.mark, blocked=standing.blocked)
