"""The approval policy: every setting a month is decided with, as data (quy chế đánh giá, xếp loại).

A month keeps the id and version it was opened with, so that a later version leaves it as it was. Which
version that is: :mod:`approval.domain.policy_version`.
"""

from dataclasses import dataclass, field
from decimal import Decimal

from approval.domain.case import Case
from approval.domain.competence import Rule
from approval.domain.criteria import DEFAULT_SET, CriteriaSet, Criterion
from approval.domain.deadlines import Calendar
from approval.domain.quota import Terms
from approval.domain.reminders import Days


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a policy.

    :param from_month: the first month it is for, ``YYYY-MM``
    :param until_month: the last one; empty for no end
    :param criteria: the default set
    :param sets: further sets of criteria, each for personnel types that no other covers (R-18)
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
    until_month: str = ""
    sets: tuple[CriteriaSet, ...] = ()

    @property
    def name(self) -> str:
        """Id and version as they are stored with a result, such as ``phuc-loi@1``."""
        return f"{self.id}@{self.version}"

    def covers(self, month: str) -> bool:
        """True if it is for that month."""
        return self.from_month <= month and (not self.until_month or month <= self.until_month)

    @property
    def all_sets(self) -> tuple[CriteriaSet, ...]:
        """Every set of criteria, the default one first."""
        return (CriteriaSet(DEFAULT_SET, self.criteria), *self.sets)

    def set_for(self, personnel_type: str) -> CriteriaSet:
        """Return the criteria for a personnel type: the default set where no other covers it."""
        default, *others = self.all_sets
        return next((each for each in others if personnel_type in each.personnel_types), default)

    def criteria_of(self, case: Case) -> CriteriaSet:
        """Return what a person is assessed with in a month of this policy (R-18).

        Where a step was taken it is the set of that step, whatever became of his type since; else that of the
        type which he has in the month.
        """
        if not case.evaluation.assessed:
            return self.set_for(case.person.personnel_type)
        return next(each for each in self.all_sets if each.id == case.evaluation.criteria_set)
