"""How many may be graded A, as it binds the decision (tỷ lệ hoàn thành xuất sắc).

R-21; NĐ 335/2025 Điều 20.5, HD II.2(5).

Scoring proposes who keeps A; here every decision is held against the whole of its scope and group.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from approval.domain.case import Case
from approval.domain.grade import Grade
from chassis.errors import Invalid


class RateOutOfRange(Invalid):
    """A decision allows more than the usual rate, and at most the highest."""

    vi = "Tỷ lệ {rate} phải lớn hơn {usual} và không quá {highest}."
    en = "The rate {rate} must be over {usual} and at most {highest}."


class RateWithoutDecision(Invalid):
    """A higher rate is on record with number, day, signer and reason of its decision."""

    vi = "Phải ghi {what} của quyết định cho phép tỷ lệ cao hơn."
    en = "State the {what} of the decision that allows the higher rate."


class QuotaBase(StrEnum):
    """Of whom those graded A may be the share q (R-21)."""

    GOOD = "good"
    """Of those finally graded B, as the text says."""
    GOOD_OR_BETTER = "good_or_better"
    """Of those finally graded A or B."""


class Group(NamedTuple):
    """A group of similar duties within a quota scope: what the quota binds."""

    scope: str
    duty_group: str


@dataclass(frozen=True, slots=True)
class Terms:
    """q and what it is of."""

    rate: Decimal
    base: QuotaBase = QuotaBase.GOOD


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate over the usual one, with the decision on record that allows it (R-21)."""

    scope: str
    rate: Decimal
    decision: str
    decided_on: str
    signer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tally:
    """A group as it stands.

    :param members: M, evaluated in band A or B and not blocked
    :param good_or_better: those graded A or B, the undecided of M among them
    :param decided: who holds A by decision
    :param proposed: who is undecided and holds A by the proposal
    :param limit: A_max
    """

    group: Group
    members: int
    good_or_better: int
    decided: tuple[Case, ...]
    proposed: tuple[Case, ...]
    limit: int

    @property
    def holders(self) -> tuple[Case, ...]:
        """Who holds A, by decision or by the proposal."""
        return self.decided + self.proposed


def maximum(base: int, terms: Terms) -> int:
    """Return A_max for so many people graded A or B (R-21).

    ``good``: A ≤ q·B and A + B = base, so ⌊q·base/(1+q)⌋. ``good_or_better``: ⌊q·base⌋.
    """
    numerator, denominator = terms.rate.as_integer_ratio()
    if terms.base is QuotaBase.GOOD:
        denominator += numerator
    return base * numerator // denominator


def group_of(case: Case) -> Group | None:
    """Return the group a person competes in; ``None`` without an evaluated score."""
    if case.score is None or not case.score.evaluated:
        return None
    return Group(case.score.quota_scope or case.person.unit_id, case.score.duty_group)


def tally(
    group: Group, cases: Iterable[Case], terms: Terms, grades: Mapping[str, Grade] | None = None
) -> Tally:
    """Return how a group stands against its quota, or how it would stand.

    The literal rule is A ≤ q·(number finally graded B). Two numbers bound what it may be counted of, and the
    smaller one is taken:

    - M, from the scores. Raising somebody from C to B adds nobody to M, so that no room for an A is made by
    being
      generous elsewhere.
    - Those finally graded A or B. When the authority takes somebody of M down to C or D, the number of B
    falls, and
      with it what the final list may hold; whoever is undecided still counts as M has it.

    People whom the city decides count as everybody else does: the text speaks of all in one unit and group.

    :param grades: what is about to be decided, by person
    """
    coming = grades or {}
    members = good_or_better = 0
    decided: list[Case] = []
    proposed: list[Case] = []
    for case in cases:
        if group_of(case) != group:
            continue
        eligible = case.eligible
        members += eligible
        grade = coming.get(case.person.id) or case.grade
        if grade is None:
            good_or_better += eligible
            if case.score is not None and case.score.proposed is Grade.A and not case.settled:
                proposed.append(case)
        else:
            good_or_better += grade.good_or_better
            if grade is Grade.A:
                decided.append(case)
    base = min(members, good_or_better)
    return Tally(group, members, good_or_better, tuple(decided), tuple(proposed), maximum(base, terms))


def check_rate(given: Rate, *, usual: Decimal, highest: Decimal) -> Rate:
    """Return a rate that may be recorded (R-21).

    :raises RateOutOfRange: if it is not over the usual one, or over the highest
    :raises RateWithoutDecision: if the decision's number, day, signer or reason is missing
    """
    if not (given.rate.is_finite() and usual < given.rate <= highest):
        raise RateOutOfRange(rate=given.rate, usual=usual, highest=highest, field="rate")
    for what in ("decision", "decided_on", "signer", "reason"):
        if not getattr(given, what):
            raise RateWithoutDecision(what=what, field=what)
    return given
