"""What a policy pays at a rate of the salary (R-36), and the base share of R-37 (Hà Nội)."""

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction

from chassis.errors import Invalid
from reward.domain.policy import Mode, Policy
from reward.domain.weight import Person, Weights


class MissingRate(Invalid):
    """The policy's mode needs a rate and a base salary."""

    vi = "Chính sách thiếu mức chi hoặc mức lương cơ sở."
    en = "The policy lacks its rate or its base salary."


class Bound(Enum):
    """What a rated amount was moved to."""

    FLOOR = "floor"
    CAP = "cap"


def money_per_weight(policy: Policy) -> Fraction:
    """Return what a weight of 1 earns, in đồng.

    :raises MissingRate: if the policy lacks the rate or the base salary
    """
    if policy.rate is None or policy.base_salary is None:
        raise MissingRate
    return Fraction(policy.rate) * policy.base_salary


def rated(policy: Policy, people: Sequence[Person], weights: Weights) -> list[tuple[int, Bound | None]]:
    """Return everybody's amount by R-36: half-up to the unit, then floor and cap; a zero stays zero."""
    earned = money_per_weight(policy) / weights.scale
    unit = policy.rounding_unit
    amounts: list[tuple[int, Bound | None]] = []
    for person, weight in zip(people, weights.scaled, strict=True):
        amount = round_half_up(weight * earned.numerator, earned.denominator, unit)
        bound = None
        if amount and person.grade is not None:
            floor, cap = policy.floor.get(person.grade), policy.cap.get(person.grade)
            if floor is not None and amount < floor:
                amount, bound = floor, Bound.FLOOR
            if cap is not None and amount > cap:
                amount, bound = cap, Bound.CAP
        amounts.append((amount, bound))
    return amounts


def base_shares(policy: Policy, weights: Weights) -> list[int]:
    """Return everybody's share that does not depend on the grade; 0 for all but BASE_PLUS_POOL.

    Eligible is who has a weight: R-38 (d) leaves the others nothing.
    """
    if policy.mode is not Mode.BASE_PLUS_POOL:
        return [0] * len(weights.bases)
    earned = money_per_weight(policy) / weights.basis_scale
    return [
        round_half_up(basis * earned.numerator, earned.denominator, policy.rounding_unit) if value else 0
        for value, basis in zip(weights.values, weights.bases, strict=True)
    ]


def round_half_up(numerator: int, denominator: int, unit: int) -> int:
    """Return the multiple of the unit nearest to a fraction that is not negative; a half goes up."""
    step = denominator * unit
    return (2 * numerator + step) // (2 * step) * unit
