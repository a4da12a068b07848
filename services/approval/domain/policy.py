"""The approval policy: every setting a month is decided with, as data (services/approval/policies).

A month keeps the id and version it was opened with, so that a later version leaves it as it was.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from approval.domain.competence import Rule
from approval.domain.criteria import Criterion
from approval.domain.deadlines import Calendar
from approval.domain.quota import Terms
from approval.domain.reminders import Days
from chassis.errors import Invalid


class NoPolicy(Invalid):
    """No policy is in force in that month."""

    vi = "Chưa có chính sách đánh giá nào áp dụng cho tháng {month}; chính sách đầu tiên áp dụng từ {first}."
    en = "No policy is in force in {month}: the first one is for {first}."


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy.

    :param from_month: the first month it is for, ``YYYY-MM``
    :param quota: q and its base while neither scoring nor a decision says otherwise (R-21)
    :param highest_rate: the most that a decision on record may allow (R-21)
    :param reminders: when people are told of deadlines, and their superiors of lateness (R-26, R-42)
    """

    id: str
    version: int
    legal_basis: tuple[str, ...]
    from_month: str
    criteria: tuple[Criterion, ...]
    calendar: Calendar
    competence: tuple[Rule, ...]
    quota: Terms
    highest_rate: Decimal
    reminders: Days = field(default_factory=Days)

    @property
    def name(self) -> str:
        """Id and version as they are stored with a result, such as ``phuc-loi@1``."""
        return f"{self.id}@{self.version}"


def in_force(policies: Iterable[Policy], month: str) -> Policy:
    """Return the newest policy for a month.

    :raises NoPolicy: if the month is before the first one
    """
    known = sorted(policies, key=lambda each: (each.from_month, each.version))
    fitting = [each for each in known if each.from_month <= month]
    if not fitting:
        raise NoPolicy(month=month, first=known[0].from_month, field="month")
    return fitting[-1]
