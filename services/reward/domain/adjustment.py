"""What an appeal changes in money (điều chỉnh sau kiến nghị): R-39."""

from dataclasses import dataclass
from fractions import Fraction

from reward.domain.policy import Mode, Policy
from reward.domain.rate import base_shares, rated, round_half_up
from reward.domain.weight import Person, weigh


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A person's difference to the original run, to be entered with the next one."""

    person_id: str
    before: int
    """Đồng of the original run, with the adjustments that followed it."""
    after: int
    """Đồng that the new decision is worth."""

    @property
    def difference(self) -> int:
        """Đồng; below 0 it is only shown, and recovered by decision."""
        return self.after - self.before

    @property
    def payable(self) -> int:
        """Đồng that the next run pays without any further decision."""
        return max(0, self.difference)


def adjust(
    policy: Policy, value_per_weight: Fraction, was: Person, now: Person, *, before: int
) -> Adjustment:
    """Return what a new decision changes for one person. Nobody else's amount is touched.

    :param value_per_weight: of the original run (`Allocation.value_per_weight`)
    :param was: the person as the original run saw him; where no factor has changed there is no difference,
        although his amount may be a rounding unit off the exact quota
    :param before: đồng that he was allocated so far
    :raises MissingFactor: if the policy counts a factor that the person lacks
    """
    weights = weigh(policy, [now])
    if was.grade is now.grade and weigh(policy, [was]).exact(0) == weights.exact(0):
        return Adjustment(now.id, before, before)
    if policy.mode is Mode.RATE:
        return Adjustment(now.id, before, rated(policy, [now], weights)[0][0])
    quota = weights.exact(0) * value_per_weight
    pooled = round_half_up(quota.numerator, quota.denominator, policy.rounding_unit)
    return Adjustment(now.id, before, base_shares(policy, weights)[0] + pooled)
