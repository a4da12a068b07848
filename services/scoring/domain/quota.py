"""How many may be graded A, and who (tỷ lệ hoàn thành xuất sắc; R-21, R-22; NĐ 335/2025 Điều 20.5).

Works on standings, so that the month and the year are ranked by the same rule.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar

from scoring.domain.band import Band
from scoring.domain.grade import QuotaMark
from scoring.domain.policy import DECIDED_RATE_MAXIMUM, QUOTA_RATE_MAXIMUM, Policy, QuotaBase
from scoring.domain.unfit import Unfit

_A, _B = Band.A, Band.B

Key = TypeVar("Key", bound=Hashable)


class RateOverMaximum(Unfit):
    """No decision can allow more than 25 %."""

    vi = "tỷ lệ {rate} ngoài khoảng 0 đến 0.25; dù có quyết định cũng không vượt 0.25"
    en = "the rate {rate} is not within 0 to 0.25; not even a decision allows more than 0.25"


class RateWithoutDecision(Unfit):
    """More than 20 % needs a decision on record."""

    vi = "tỷ lệ {rate} cao hơn 0.20 cần có quyết định; ghi số quyết định hoặc bỏ tỷ lệ này"
    en = "the rate {rate} is over 0.20 and needs a decision; give its number, or leave the rate out"


class ScopeTwice(Unfit):
    """One scope is listed twice."""

    vi = "mã {id} đã dùng ở {first}; mỗi đơn vị chỉ ghi một lần"
    en = "the id {id} is taken by {first}; list each unit once"


@dataclass(frozen=True, slots=True)
class Scope:
    """A quota's scope with a rate of its own: people decided by one authority in one unit (R-21).

    :param quota_rate: ``None`` means the policy's
    :param quota_decision: the decision's number; needed over 0.20
    """

    id: str
    quota_rate: Decimal | None = None
    quota_decision: str | None = None

    def check(self) -> None:
        """Refuse a rate that the law does not allow.

        :raises RateOverMaximum: at ``quota_rate``
        :raises RateWithoutDecision: at ``quota_decision``
        """
        rate = self.quota_rate
        if rate is None:
            return
        if not (rate.is_finite() and 0 <= rate <= DECIDED_RATE_MAXIMUM):
            raise RateOverMaximum(place="quota_rate", rate=rate)
        if rate > QUOTA_RATE_MAXIMUM and not self.quota_decision:
            raise RateWithoutDecision(place="quota_decision", rate=rate)


@dataclass(frozen=True, slots=True)
class Quota:
    """The quota of one group of similar duties in one scope.

    :param members: M, those of the group evaluated in band A or B and not blocked
    :param candidates: those of M in band A
    :param maximum: A_max, how many may be graded A
    """

    scope: str
    group: str
    base: QuotaBase
    rate: Decimal
    decision: str | None
    members: int
    candidates: int
    maximum: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One evaluated person before the quota.

    :param policy: the one that the person is scored with
    :param merits: what is ranked by, each higher first; asked only of candidates (R-22)
    """

    policy: Policy
    scope: str
    group: str
    band: Band
    blocked: bool
    merits: Callable[[], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the quota puts a person; ``rank`` is shared by those whom the ranking cannot tell apart."""

    quota: Quota
    mark: QuotaMark
    rank: int | None = None
    tied: int = 1
    """How many share the rank."""


def maximum(members: int, rate: Decimal, base: QuotaBase) -> int:
    """Return A_max (R-21).

    ``good``: A ≤ q·B on the final grades with A + B = M, so ⌊q·M/(1+q)⌋. ``good_or_better``: ⌊q·M⌋.
    """
    numerator, denominator = rate.as_integer_ratio()
    if base is QuotaBase.GOOD:
        denominator += numerator
    return members * numerator // denominator


def check_scopes(scopes: Sequence[Scope]) -> dict[str, Scope]:
    """Return the scopes by id.

    :raises Unfit: at ``units[i].…``
    """
    found: dict[str, int] = {}
    for index, scope in enumerate(scopes):
        try:
            scope.check()
        except Unfit as refusal:
            raise refusal.within(f"units[{index}]") from None
        first = found.setdefault(scope.id, index)
        if first != index:
            raise ScopeTwice(place=f"units[{index}].id", id=scope.id, first=f"units[{first}]")
    return {scope.id: scope for scope in scopes}


def quota_of(scope_id: str, group: str, standings: Sequence[Standing], scopes: Mapping[str, Scope]) -> Quota:
    """Return the quota of people who compete with one another (R-21).

    A rate that was decided for the scope goes before the policy's. Where they come under several policies the
    strictest holds: the one that allows the fewest A.
    """
    scope = scopes.get(scope_id)
    eligible = [standing for standing in standings if _eligible(standing)]
    members = len(eligible)
    candidates = sum([standing.band is _A for standing in eligible])
    decided = scope.quota_rate if scope is not None else None
    decision = scope.quota_decision if scope is not None and decided is not None else None
    policies = {id(standing.policy): standing.policy for standing in standings}.values()
    terms = {(policy.quota_rate if decided is None else decided, policy.quota_base) for policy in policies}
    most, rate, base = min((maximum(members, rate, base), rate, base) for rate, base in terms)
    return Quota(scope_id, group, base, rate, decision, members, candidates, most)


def place(standings: Mapping[Key, Standing], scopes: Mapping[str, Scope]) -> dict[Key, Placement]:
    """Return where the quota puts each of the evaluated people (R-21, R-22).

    The first A_max of a group keep A. Where the cut falls among people whom the ranking cannot tell apart,
    all of them are tied and none is preferred: never by name, by id or by chance.
    """
    groups: defaultdict[tuple[str, str], list[Key]] = defaultdict(list)
    for key, standing in standings.items():
        groups[standing.scope, standing.group].append(key)
    placements: dict[Key, Placement] = {}
    for (scope_id, group), keys in groups.items():
        quota = quota_of(scope_id, group, [standings[key] for key in keys], scopes)
        candidates = [key for key in keys if standings[key].band is _A and not standings[key].blocked]
        unaffected = Placement(quota, QuotaMark.NONE)
        placements.update(dict.fromkeys(keys, unaffected))
        placements.update(_ranked(candidates, standings, quota))
    return placements


def _eligible(standing: Standing) -> bool:
    return not standing.blocked and (standing.band is _A or standing.band is _B)


def _ranked(
    candidates: Sequence[Key], standings: Mapping[Key, Standing], quota: Quota
) -> dict[Key, Placement]:
    merits = {key: standings[key].merits() for key in candidates}
    best_first = sorted(candidates, key=merits.__getitem__, reverse=True)
    placements: dict[Key, Placement] = {}
    for _, equals in groupby(best_first, key=merits.__getitem__):
        alike = list(equals)
        above = len(placements)
        if above + len(alike) <= quota.maximum:
            mark = QuotaMark.KEPT
        elif above < quota.maximum:
            mark = QuotaMark.TIE
        else:
            mark = QuotaMark.LOWERED
        placements.update(dict.fromkeys(alike, Placement(quota, mark, above + 1, len(alike))))
    return placements
