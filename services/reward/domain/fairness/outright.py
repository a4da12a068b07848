"""Whether a list is beyond reproach at a glance, as what `reward.domain.allocate` makes nearly always is.

R-38 blames a person only together with another one, but most lists need no comparing of people:

- Where every amount is less than a unit off the policy's own, ``at_most`` is at least 0 and ``at_least``
  below 0 for everybody, so that nobody's ``at_most`` is under anybody's ``at_least``: neither (b) nor the
  second halves of (a) and (c) can find anything.
- Where the least n of every grade is over the greatest n of the grades below it, (a) finds nothing at all.
- Where the least n of the best paid grade is `min_spread` times the greatest n of the worst paid, so is its
  mean, and (c) finds nothing.

That takes one multiplication and one division a person. Whatever does not pass here is checked pair by pair.
"""

from collections.abc import Sequence
from fractions import Fraction

from reward.domain.policy import Grade, Policy
from reward.domain.weight import Person, Weights


def outright(
    policy: Policy,
    people: Sequence[Person],
    weights: Weights,
    parts: Sequence[int],
    chosen: Sequence[int],
    value_per_weight: Fraction,
) -> bool:
    """Return whether R-38 (a) to (c) surely find nothing among people with one table of coefficients.

    :param parts: everybody's differentiated amount, đồng
    :param chosen: the indexes of those who are compared; their bases are over 0
    :param value_per_weight: đồng for an integer weight of 1
    """
    values, bases = weights.values, weights.bases
    top, bottom = value_per_weight.numerator, value_per_weight.denominator
    unit = policy.rounding_unit * bottom
    for index in chosen:
        if not -unit < parts[index] * bottom - top * values[index] * bases[index] < unit:
            return False
    shift = 2 * max([bases[index] for index in chosen]).bit_length()
    least: dict[Grade, int] = {}
    most: dict[Grade, int] = {}
    paid: list[Grade] = []
    due_nothing: set[Grade] = set()
    for grade in Grade:
        same = [index for index in chosen if people[index].grade is grade]
        if not same:
            continue
        normalized = [(parts[index] << shift) // bases[index] for index in same]
        least[grade], most[grade] = min(normalized), max(normalized)
        if any(parts[index] for index in same):
            paid.append(grade)
        elif not any(values[index] for index in same):
            due_nothing.add(grade)
    ranked = list(most)
    for rank, higher in enumerate(ranked):
        for lower in ranked[rank + 1 :]:
            if lower in due_nothing or (higher in due_nothing and not most[lower]):
                continue  # Nothing is not too little beside nothing.
            if policy.compared(higher, lower) and least[higher] <= most[lower]:
                return False
    if sum(grade in policy.equal_grades for grade in paid) > 1:
        return False  # They count as one grade, whose place among the others is not obvious.
    # The grades were just found in the order of what they pay. Each n is cut to an integer: hence the 1.
    return len(paid) < 2 or least[paid[0]] >= Fraction(policy.min_spread) * (most[paid[-1]] + 1)  # noqa: PLR2004
