"""The scoring policy: the settings a month is scored with (chính sách chấm điểm).

Where the law is silent or can be read in two ways, the reading is a named setting here. A policy has an id
and a version, and each result is stored with both, so that a later change leaves a closed month as it was.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from scoring.domain.unfit import Unfit


class Cap(StrEnum):
    """Where "at most 100 %" binds (R-13)."""

    COMPONENT = "component"
    """Each of a, b and c."""
    TOTAL = "total"
    """Only their mean."""


class FaultScope(StrEnum):
    """What a failed review or a missed deadline takes a quarter of (R-12)."""

    OUTPUT = "output"
    """The output that had it."""
    LINE = "line"
    """The whole task."""


class QuotaBase(StrEnum):
    """Of whom those graded A may be a fifth (R-21)."""

    GOOD = "good"
    """Of those finally graded B, as the text says."""
    GOOD_OR_BETTER = "good_or_better"
    """Of those graded A or B."""


QUOTA_RATE_MAXIMUM = Decimal("0.20")
"""The most that A may be without a decision (NĐ 335/2025 Điều 20.5; HD II.2(5)a)."""

MOST_POINTS = 100
"""The best total (R-19)."""

DECIDED_RATE_MAXIMUM = Decimal("0.25")
"""The most that a decision of the competent authority may allow (HD II.2(5)b)."""


class PolicyRateTooHigh(Unfit):
    """A policy may not allow more than the law does (R-21)."""

    vi = "tỷ lệ {rate} ngoài khoảng 0 đến 0.20; cao hơn (đến 0.25) chỉ đặt cho từng đơn vị kèm quyết định"
    en = "the rate {rate} is not within 0 to 0.20; set a higher one (up to 0.25) per unit, with its decision"


class ThresholdOutOfRange(Unfit):
    """The attendance threshold is a share."""

    vi = "ngưỡng {threshold} ngoài khoảng 0 đến 1; ghi 0.5 cho 50 %"
    en = "the threshold {threshold} is not within 0 to 1; write 0.5 for 50 %"


class BandsOutOfOrder(Unfit):
    """Each band begins below the one above it, within 0 to 100."""

    vi = "ngưỡng điểm phải giảm dần trong khoảng 0 đến 100: A {excellent}, B {good}, C {satisfactory}"
    en = "the bands must begin one below the other within 0 to 100: A {excellent}, B {good}, C {satisfactory}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of one version of a policy, in force over a span of days.

    :param personnel_types: whom it covers (công chức, viên chức, …); empty means everybody
    :param effective_on: first day in force
    :param excellent: least total for band A; ``good`` for B, ``satisfactory`` for C (R-20)
    :param attendance_threshold: least share of the required half-days worked to be evaluated (R-11)
    """

    id: str
    version: int
    legal_basis: tuple[str, ...]
    effective_on: date
    effective_until: date | None = None
    personnel_types: frozenset[str] = frozenset()
    attendance_threshold: Decimal = Decimal("0.5")
    fault_scope: FaultScope = FaultScope.OUTPUT
    cap: Cap = Cap.COMPONENT
    excellent: Decimal = Decimal(90)
    good: Decimal = Decimal(70)
    satisfactory: Decimal = Decimal(50)
    quota_base: QuotaBase = QuotaBase.GOOD
    quota_rate: Decimal = QUOTA_RATE_MAXIMUM

    @property
    def name(self) -> str:
        """Id and version, as each result states them: ``default@1``."""
        return f"{self.id}@{self.version}"

    def covers(self, personnel_type: str) -> bool:
        """True if people of that type are scored with it."""
        return not self.personnel_types or personnel_type in self.personnel_types

    def of(self, personnel_type: str) -> "Policy":
        """Return itself: one policy for a whole month is applied to everybody."""
        del personnel_type
        return self

    def check(self) -> None:
        """Refuse settings that the law does not allow.

        :raises PolicyRateTooHigh: at ``policy.quota_rate``
        :raises ThresholdOutOfRange: at ``policy.attendance_threshold``
        :raises BandsOutOfOrder: at ``policy.excellent``
        """
        if not (self.quota_rate.is_finite() and 0 <= self.quota_rate <= QUOTA_RATE_MAXIMUM):
            raise PolicyRateTooHigh(place="policy.quota_rate", rate=self.quota_rate)
        if not (self.attendance_threshold.is_finite() and 0 <= self.attendance_threshold <= 1):
            raise ThresholdOutOfRange(
                place="policy.attendance_threshold", threshold=self.attendance_threshold
            )
        bands = (self.excellent, self.good, self.satisfactory)
        if not all(each.is_finite() for each in bands) or not (
            MOST_POINTS >= self.excellent > self.good > self.satisfactory >= 0
        ):
            raise BandsOutOfOrder(
                place="policy.excellent",
                excellent=self.excellent,
                good=self.good,
                satisfactory=self.satisfactory,
            )


class Policies(Protocol):
    """What a month is scored with: one policy, or one for each personnel type."""

    def of(self, personnel_type: str) -> Policy:
        """Return the policy for people of that type."""


DEFAULT = Policy(
    id="default",
    version=1,
    legal_basis=(
        "Nghị định 335/2025/NĐ-CP, Điều 12–17, 20",
        "Quy định 11-QĐ/TU ngày 25/3/2026 của Thành ủy Hà Nội",
        "Hướng dẫn đánh giá, xếp loại hằng tháng của Đảng ủy phường Phúc Lợi",
    ),
    effective_on=date(2026, 1, 1),
)
"""The ward's guideline, each open question read as the rules say by default. Built in: whatever has no policy
of its own is scored with it."""
