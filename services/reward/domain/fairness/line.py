"""A person in the comparison of R-38, as keys that integers compare exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd

from reward.domain.policy import Grade, Mode, Policy
from reward.domain.rate import money_per_weight
from reward.domain.weight import Person, Weights, rank


@dataclass(slots=True)
class Line:
    """One person in the comparison. The three keys are fractions as integers on a common scale."""

    person: Person
    grade: Grade
    score: Decimal
    """Below 0 for a person without one."""
    amount: int
    """Of the differentiated part, đồng."""
    basis: int
    value: int
    """What the policy pays for a basis of 1, up to a factor: E is proportional to it."""
    n: int
    at_most: int
    """n, less the policy's own, plus a unit: what rounding can have taken."""
    at_least: int
    """n, less the policy's own, minus a unit: what rounding can have given."""


def worth(policy: Policy, weights: Weights, parts: list[int]) -> Fraction:
    """Return the value per integer weight, đồng."""
    if policy.mode is Mode.RATE:
        return money_per_weight(policy) / weights.scale
    weight = sum(weights.scaled)
    return Fraction(sum(parts), weight) if weight else Fraction(0)


def lines(
    policy: Policy,
    people: Sequence[Person],
    weights: Weights,
    parts: list[int],
    chosen: list[int],
    value_per_weight: Fraction,
) -> list[Line]:
    """Return the people at the indexes ``chosen`` with their keys.

    :param parts: everybody's differentiated amount, đồng
    :param value_per_weight: đồng for an integer weight of 1
    """
    shared = gcd(*(weights.bases[index] for index in chosen))
    greatest = max(weights.bases[index] for index in chosen) // shared
    shift = 2 * greatest.bit_length()
    top, bottom = value_per_weight.numerator * shared, value_per_weight.denominator
    unit = policy.rounding_unit * bottom
    found = []
    for index in chosen:
        basis, value, part = weights.bases[index] // shared, weights.values[index], parts[index]
        off = part * bottom - top * value * basis
        grade = people[index].grade
        assert grade is not None  # noqa: S101 - chosen are people with a grade
        found.append(
            Line(
                people[index],
                grade,
                rank(people[index]),
                part,
                basis,
                value,
                (part << shift) // basis,
                ((off + unit) << shift) // basis,
                ((off - unit) << shift) // basis,
            )
        )
    return found
