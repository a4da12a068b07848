"""Sharing out a fund (phân bổ quỹ): R-35 and R-36, refused where R-38 is violated.

The offline command and the service both come here: a ward that checks a run by hand runs the same
arithmetic.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from chassis.errors import Blocked, Invalid
from reward.domain.fairness import NoEqualSharing, check_weighed
from reward.domain.policy import Mode, Policy
from reward.domain.rate import Bound, base_shares, money_per_weight, rated
from reward.domain.weight import Person, Weights, rank, weigh


class FundExceeded(Blocked):
    """The policy promises more than the fund has. Nothing is scaled down silently (R-36)."""

    vi = "Quỹ còn thiếu {shortfall} đồng."
    en = "The fund is {shortfall} đồng short."

    def __init__(self, shortfall: int) -> None:
        self.shortfall = shortfall
        super().__init__(shortfall=shortfall)


class NegativeFund(Invalid):
    """A fund has at least 0 đồng."""

    vi = "Quỹ không được âm: {fund}."
    en = "The fund is negative: {fund}."


class PersonTwice(Invalid):
    """A person has one share in a run."""

    vi = "{person} có hai lần trong danh sách."
    en = "{person} is on the list twice."


class Settled(Enum):
    """What settled an amount."""

    ZERO = "zero"
    """No weight, or less than half a unit by rate: 0."""
    QUOTA = "quota"
    """The whole units of the exact quota, with no unit from the remainders."""
    REMAINDER = "remainder"
    """The whole units of the exact quota and one more, for its large remainder."""
    ROUNDING = "rounding"
    """The rate, rounded half-up."""
    FLOOR = "floor"
    """The floor of the grade."""
    CAP = "cap"
    """The cap of the grade."""


_QUOTA, _ZERO = Settled.QUOTA, Settled.ZERO


class Share(NamedTuple):
    """What one person gets: ``amount`` đồng in all, ``base`` of them whatever the grade."""

    person_id: str
    amount: int
    base: int
    settled: Settled


@dataclass(frozen=True, slots=True)
class Allocation:
    """A fund shared out, in the order of the people it was asked for (kết quả phân bổ)."""

    fund: int
    shares: tuple[Share, ...]
    distributed: int
    value_per_weight: Fraction
    """Đồng for a weight of 1, exactly: what an appeal's difference is reckoned with (R-39)."""

    @property
    def undistributed(self) -> int:
        """What is left of the fund, shown and kept."""
        return self.fund - self.distributed


def allocate(fund: int, policy: Policy, people: Sequence[Person]) -> Allocation:
    """Share out a fund of so many đồng. The order of the people changes nothing but the order of the shares.

    :raises FundExceeded: if the policy promises more than the fund has
    :raises NoEqualSharing: if the result violates R-38; the verdict names the pairs
    :raises NegativeFund: if the fund is less than 0
    :raises PersonTwice: if two people have one id
    :raises MissingFactor: if the policy counts a factor that a person with a paid grade lacks
    :raises MissingRate: if the mode needs a rate or a base salary and the policy has none
    """
    if fund < 0:
        raise NegativeFund(fund=fund)
    _check_ids(people)
    weights = weigh(policy, people)
    shared = (
        _by_rate(fund, policy, people, weights)
        if policy.mode is Mode.RATE
        else _pooled(fund, policy, people, weights)
    )
    verdict = check_weighed(policy, people, weights, [share.amount for share in shared.shares])
    if not verdict.fair:
        raise NoEqualSharing(verdict)
    return shared


def _check_ids(people: Sequence[Person]) -> None:
    seen: set[str] = set()
    for person in people:
        if person.id in seen:
            raise PersonTwice(person=person.id)
        seen.add(person.id)


def _by_rate(fund: int, policy: Policy, people: Sequence[Person], weights: Weights) -> Allocation:
    """R-36."""
    settled = {None: Settled.ROUNDING, Bound.FLOOR: Settled.FLOOR, Bound.CAP: Settled.CAP}
    shares = tuple(
        Share(person.id, amount, 0, settled[bound] if amount else Settled.ZERO)
        for person, (amount, bound) in zip(people, rated(policy, people, weights), strict=True)
    )
    distributed = sum(share.amount for share in shares)
    if distributed > fund:
        raise FundExceeded(distributed - fund)
    return Allocation(fund, shares, distributed, money_per_weight(policy))


def _pooled(fund: int, policy: Policy, people: Sequence[Person], weights: Weights) -> Allocation:
    """R-35, after the base share where the policy has one."""
    bases = base_shares(policy, weights)
    rest = fund - sum(bases)
    if rest < 0:
        raise FundExceeded(-rest)
    unit = policy.rounding_unit
    units, extra = apportion(rest // unit, people, weights.scaled)
    scaled = weights.scaled
    settled = [_QUOTA if weight else _ZERO for weight in scaled]
    for index in extra:
        units[index] += 1
        settled[index] = Settled.REMAINDER
    shares = tuple(
        [
            Share(person.id, base + whole * unit, base, how)
            for person, base, whole, how in zip(people, bases, units, settled, strict=True)
        ]
    )
    total = sum(scaled)
    value = Fraction(rest // unit * unit * weights.scale, total) if total else Fraction(0)
    return Allocation(fund, shares, sum(share.amount for share in shares), value)


def apportion(units: int, people: Sequence[Person], weights: Sequence[int]) -> tuple[list[int], set[int]]:
    """Share whole units by largest remainder (phương pháp số dư lớn nhất): R-35.

    Equal remainders go to the higher score, then to the lower id. The method keeps every share within
    one unit of its exact quota; no method that does is also free of the Alabama paradox, where one more
    unit to share can cost somebody one (Balinski and Young, 1982). A fund is shared once, so quota
    matters here and growth does not.

    :return: the whole units of each quota, and the indexes of those who get one more
    """
    total = sum(weights)
    if not total:
        return [0] * len(people), set()
    quotas = [divmod(units * weight, total) for weight in weights]
    wholes = [whole for whole, _ in quotas]
    remainders = [remainder for _, remainder in quotas]
    left = units - sum(wholes)
    if not left:
        return wholes, set()
    # The remainders come to so many whole units, so that more people than that have one.
    cut = sorted(remainders, reverse=True)[left - 1]
    extra = {index for index, remainder in enumerate(remainders) if remainder > cut}
    tied = [index for index, remainder in enumerate(remainders) if remainder == cut]
    if len(extra) + len(tied) > left:
        tied.sort(key=lambda index: (-rank(people[index]), people[index].id))
    extra.update(tied[: left - len(extra)])
    return wholes, extra
