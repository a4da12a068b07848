"""The ratios a, b, c (d, đ, e) and the task ratio they make (R-13, R-15, R-17; NĐ 335/2025 Điều 14–16)."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scoring.domain.exact import half_up, quotient
from scoring.domain.policy import Cap
from scoring.domain.work import Sums

_HUNDREDTH = Decimal("0.01")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Leadership:
    """The three marks of a leader in percent, each 100 or 50 (NĐ 335/2025 Điều 15)."""

    field: int
    """d: kết quả hoạt động của lĩnh vực phụ trách (R-16)."""
    organising: int
    """đ: khả năng tổ chức triển khai thực hiện nhiệm vụ."""
    unity: int
    """e: năng lực tập hợp, đoàn kết."""
    under: tuple[str, ...] = ()
    """Ids of those in charge whose totals halve d."""

    @property
    def total(self) -> int:
        """Their sum in percent."""
        return self.field + self.organising + self.unity


class Ratio(NamedTuple):
    """One ratio over the assigned units, as it is and as it counts; ``capped``: it counts as 1 at most."""

    name: str
    numerator: Decimal
    denominator: Decimal
    capped: bool

    @property
    def counted(self) -> Decimal:
        """The numerator as it counts."""
        return min(self.numerator, self.denominator) if self.capped else self.numerator

    @property
    def uncapped(self) -> Fraction:
        """The exact ratio before the cap."""
        return quotient(self.numerator, self.denominator)

    def shown(self, *, capped: bool = True, places: int = 4) -> Decimal:
        """Return it rounded half-up for print; no score is computed from this."""
        return half_up(self.counted if capped else self.numerator, self.denominator, places)


@dataclass(frozen=True, slots=True)
class Ratios:
    """The ratios of an evaluated person. ``sums.assigned`` is over zero (R-14)."""

    sums: Sums
    leadership: Leadership | None
    cap: Cap

    def __iter__(self) -> Iterator[Ratio]:
        """Yield a, b, c and for leaders d, dd (đ), e."""
        sums, capped = self.sums, self.cap is Cap.COMPONENT
        yield Ratio("a", sums.done, sums.assigned, capped)
        yield Ratio("b", sums.good, sums.assigned, capped)
        yield Ratio("c", sums.timely, sums.assigned, capped)
        if self.leadership is not None:
            yield Ratio("d", Decimal(self.leadership.field), _HUNDRED, capped)
            yield Ratio("dd", Decimal(self.leadership.organising), _HUNDRED, capped)
            yield Ratio("e", Decimal(self.leadership.unity), _HUNDRED, capped)

    @property
    def counted(self) -> tuple[Decimal, Decimal, Decimal]:
        """The numerators of a, b and c as they count (R-13)."""
        sums, assigned = self.sums, self.sums.assigned
        if self.cap is not Cap.COMPONENT:
            return sums.done, sums.good, sums.timely
        return min(assigned, sums.done), min(assigned, sums.good), min(assigned, sums.timely)

    @property
    def parts(self) -> int:
        """How many ratios the mean is taken of: 3, for leaders 6 (R-15)."""
        return 3 if self.leadership is None else 6

    def mean(self) -> tuple[Decimal, Decimal]:
        """Return the task ratio as numerator and denominator, 1 at most (R-13, R-15).

        Call it inside :func:`scoring.domain.exact.exactly`.
        """
        assigned = self.sums.assigned
        done, good, timely = self.counted
        numerator = done + good + timely
        if self.leadership is not None:
            numerator += assigned * self.leadership.total * _HUNDREDTH
        denominator = assigned * self.parts
        return min(numerator, denominator), denominator
