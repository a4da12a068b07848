"""The policy for money, as data (quy chế chi thu nhập tăng thêm, tiền thưởng): R-35 to R-38."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Final

from chassis.days import Month

DEFAULT_UNIT: Final = 1_000
"""Đồng; R-35."""

DEFAULT_SPREAD: Final = Decimal("1.2")
"""R-38 (c)."""


class Grade(Enum):
    """The decided class of a month (mức xếp loại), best first."""

    A = "A"
    """Hoàn thành xuất sắc nhiệm vụ."""
    B = "B"
    """Hoàn thành tốt nhiệm vụ."""
    C = "C"
    """Hoàn thành nhiệm vụ."""
    D = "D"
    """Không hoàn thành nhiệm vụ."""


class Mode(Enum):
    """How a policy finds an amount."""

    POOL = "pool"
    """The whole fund, shared by weight (R-35)."""
    RATE = "rate"
    """Weight × rate × base salary, whatever the fund, as long as it suffices (R-36)."""
    BASE_PLUS_POOL = "base_plus_pool"
    """A base share of the salary for all who are eligible, then the rest by weight (R-37, Hà Nội)."""


Coefficients = Mapping[Grade, Decimal]


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy. Amounts are đồng; ``coefficients`` has all four grades."""

    mode: Mode
    coefficients: Coefficients
    by_score: bool
    by_salary: bool
    by_attendance: bool
    rounding_unit: int = DEFAULT_UNIT
    rate: Decimal | None = None
    """RATE: the part of the salary that a weight of 1 earns. BASE_PLUS_POOL: the base share of the salary."""
    base_salary: int | None = None
    """Mức lương cơ sở, for RATE and BASE_PLUS_POOL."""
    floor: Mapping[Grade, int] = field(default_factory=dict)
    cap: Mapping[Grade, int] = field(default_factory=dict)
    coefficients_by_type: Mapping[str, Coefficients] = field(default_factory=dict)
    """What a personnel type has instead of ``coefficients`` (Hải Phòng's viên chức)."""
    equal_grades: frozenset[Grade] = frozenset()
    """Grades that a published rule gives one coefficient, and R-38 therefore does not compare."""
    min_spread: Decimal = DEFAULT_SPREAD
    id: str = ""
    version: int = 1
    name: Mapping[str, str] = field(default_factory=dict)
    """By language: ``vi`` and ``en``, as are ``note``."""
    legal_basis: str = ""
    note: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = True
    """False while the ward has yet to confirm what is ours or provisional in it."""
    personnel_types: tuple[str, ...] = ()
    """The types it covers; none listed means all."""
    effective_from: date | None = None
    effective_until: date | None = None
    """The last day, inclusive."""

    def covers(self, personnel_type: str | None) -> bool:
        """True if people of that type are paid by it."""
        return not self.personnel_types or personnel_type in self.personnel_types

    def coefficients_for(self, personnel_type: str | None) -> Coefficients:
        """Return the coefficients of a personnel type (loại nhân sự)."""
        if personnel_type is None:
            return self.coefficients
        return self.coefficients_by_type.get(personnel_type, self.coefficients)

    def compared(self, higher: Grade, lower: Grade) -> bool:
        """True if R-38 wants the one to earn more than the other."""
        return not (higher in self.equal_grades and lower in self.equal_grades)

    def in_force(self, month: Month) -> bool:
        """True if it is in force on some day of the month (hiệu lực)."""
        last = month.plus(1).day(1) - timedelta(days=1)
        begun = self.effective_from is None or self.effective_from <= last
        return begun and (self.effective_until is None or month.day(1) <= self.effective_until)
