"""The fewest changes that bring a scope's grades within its quota (R-21, R-22). Nothing is decided by it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain import quota
from scoring.domain.grade import QuotaMark
from scoring.domain.policy import QuotaBase
from scoring.domain.quota import Placement, Quota, Scope, Standing


@dataclass(frozen=True, slots=True)
class Change:
    """Somebody who starts from A and stands at B in the plan."""

    person_id: str
    group: str
    rank: int


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """One duty group.

    :param headcount: how many hold a post in it
    :param over: how many start from A beyond A_max
    :param limit_at_best: A_max if everybody in it were graded A or B; 0: too small for any A
    :param least_for_one: how many people graded A or B one A takes; 0 if no number is enough
    :param tied: ids among whom the authority must choose; ``tied_places`` of them may keep A
    """

    quota: Quota
    headcount: int
    over: int
    limit_at_best: int
    least_for_one: int
    tied: tuple[str, ...] = ()
    tied_places: int = 0

    @property
    def planned(self) -> int:
        """How many stand at A once the tied places are filled."""
        return min(self.quota.candidates, self.quota.maximum)


@dataclass(frozen=True, slots=True)
class ScopePlan:
    """One scope.

    :param limit: A_max of the whole scope: never less than the groups' together
    :param changes: those that the ranking settles, last in rank first
    """

    scope: str
    limit: int
    groups: tuple[GroupPlan, ...]
    changes: tuple[Change, ...]


def plan(
    starting: Mapping[str, Standing], holding: Mapping[str, Standing], scopes: Mapping[str, Scope]
) -> list[ScopePlan]:
    """Return the plan of each scope, by id.

    In each group those beyond A_max go to B, the last in rank first: nothing less satisfies the group, and
    the scope as a whole is satisfied with its groups, since a sum of rounded shares is no more than the
    rounded share of the sum.

    :param starting: those who have a total, by id, each in the band that he starts from
    :param holding: everybody who holds a post, each as if graded B: what a group's size alone allows
    """
    placements = quota.place(starting, scopes)
    places: defaultdict[tuple[str, str], dict[str, Placement]] = defaultdict(dict)
    for id_, placement in placements.items():
        places[starting[id_].scope, starting[id_].group][id_] = placement
    held: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
    for standing in holding.values():
        held[standing.scope, standing.group].append(standing)
    by_scope: defaultdict[str, list[tuple[GroupPlan, list[Change]]]] = defaultdict(list)
    for key in sorted({*places, *held}):
        by_scope[key[0]].append(_group(key, places[key], held[key], scopes))
    return [
        ScopePlan(
            scope,
            _limit([group.quota for group, _ in found]),
            tuple(group for group, _ in found),
            tuple(sorted((each for _, changes in found for each in changes), key=_last_first)),
        )
        for scope, found in sorted(by_scope.items())
    ]


def least_for_one(rate: Decimal, base: QuotaBase) -> int:
    """Return how many people graded A or B it takes until one A is possible; 0 if no number is enough."""
    if not rate:
        return 0
    share, whole = rate.as_integer_ratio()
    if base is QuotaBase.GOOD:
        whole += share
    return -(-whole // share)


def _group(
    key: tuple[str, str],
    placed: Mapping[str, Placement],
    held: Sequence[Standing],
    scopes: Mapping[str, Scope],
) -> tuple[GroupPlan, list[Change]]:
    best = quota.quota_of(*key, held, scopes) if held else None
    current = next(iter(placed.values())).quota if placed else None
    found = current or _nobody(best)
    tied = sorted(id_ for id_, each in placed.items() if each.mark is QuotaMark.TIE)
    above = (placed[tied[0]].rank or 1) - 1 if tied else 0
    changes = [
        Change(id_, key[1], each.rank or 0) for id_, each in placed.items() if each.mark is QuotaMark.LOWERED
    ]
    group = GroupPlan(
        quota=found,
        headcount=len(held),
        over=max(0, found.candidates - found.maximum),
        limit_at_best=best.maximum if best else 0,
        least_for_one=least_for_one(found.rate, found.base),
        tied=tuple(tied),
        tied_places=found.maximum - above if tied else 0,
    )
    return group, changes


def _nobody(best: Quota | None) -> Quota:
    """Return the quota of a group in which nobody has a total yet."""
    if best is None:
        raise ValueError("a group of nobody")
    return Quota(best.scope, best.group, best.base, best.rate, best.decision, 0, 0, 0)


def _limit(quotas: Sequence[Quota]) -> int:
    members: defaultdict[tuple[Decimal, QuotaBase], int] = defaultdict(int)
    for each in quotas:
        members[each.rate, each.base] += each.members
    return sum(quota.maximum(count, rate, base) for (rate, base), count in members.items())


def _last_first(change: Change) -> tuple[int, str, str]:
    return -change.rank, change.group, change.person_id
