"""The weight of a person in a fund (R-35), exactly and fast.

A weight is a product of decimals and one fraction, worked/required. Over a city's 150,000 people
rational arithmetic takes many seconds, so every factor is an integer on a scale that all people of a
run have in common::

    weight = value x basis
    value  = coefficient of the grade x score, where it counts       (on the scale `Weights.value_scale`)
    basis  = salary coefficient x attendance, where they count       (on the scale `Weights.basis_scale`)

No digit is lost, and the ratio of amount to basis is what R-38 compares.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Final

from chassis.errors import Invalid
from reward.domain.policy import Grade, Policy

FULL_SCORE: Final = 100

UNSCORED: Final = Decimal(-1)
"""Ranks a person without a score after everybody with one."""


class MissingFactor(Invalid):
    """The policy counts something that is not known of a person."""

    vi = "Thiếu {factor} của {person}, chính sách này cần đến."
    en = "{person} has no {factor}, and the policy counts it."


@dataclass(frozen=True, slots=True)
class Person:
    """What the money of one person for one month depends on."""

    id: str
    grade: Grade | None
    """None: not evaluated, or too little is known to evaluate."""
    score: Decimal | None = None
    """0 to 100. None is possible where the city decided (R-2) and the policy does not count scores."""
    salary_coefficient: Decimal | None = None
    worked_half_days: int | None = None
    required_half_days: int | None = None
    personnel_type: str | None = None


def rank(person: Person) -> Decimal:
    """Return the score, or `UNSCORED`."""
    return UNSCORED if person.score is None else person.score


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights of a run, in the order of its people."""

    values: list[int]
    bases: list[int]
    value_scale: int
    basis_scale: int

    @property
    def scaled(self) -> list[int]:
        """The weights as integers on the scale `scale`."""
        return [value * basis for value, basis in zip(self.values, self.bases, strict=True)]

    @property
    def scale(self) -> int:
        """What an integer weight is divided by to get the weight of R-35."""
        return self.value_scale * self.basis_scale

    def exact(self, index: int) -> Fraction:
        """Return the weight of R-35 of one person."""
        return Fraction(self.values[index] * self.bases[index], self.scale)


def weigh(policy: Policy, people: Sequence[Person]) -> Weights:
    """Return everybody's weight. A person without a grade weighs nothing.

    :raises MissingFactor: if the policy counts a factor that a person with a paid grade lacks
    """
    values, value_scale = _values(policy, people)
    bases, basis_scale = _bases(policy, people, values)
    return Weights(values, bases, value_scale, basis_scale)


def _values(policy: Policy, people: Sequence[Person]) -> tuple[list[int], int]:
    tables = {kind: policy.coefficients_for(kind) for kind in {person.personnel_type for person in people}}
    coefficients, coefficient_scale = integers(each for table in tables.values() for each in table.values())
    by_grade = {
        (kind, grade): coefficients[coefficient]
        for kind, table in tables.items()
        for grade, coefficient in table.items()
    }
    scores, score_scale = integers(person.score for person in people if person.score is not None)
    values = []
    for person in people:
        value = 0 if person.grade is None else by_grade[person.personnel_type, person.grade]
        if value and policy.by_score:
            if person.score is None:
                raise MissingFactor(person=person.id, factor="score")
            value *= scores[person.score]
        values.append(value)
    return values, coefficient_scale * (score_scale * FULL_SCORE if policy.by_score else 1)


def _bases(policy: Policy, people: Sequence[Person], values: list[int]) -> tuple[list[int], int]:
    """Return what amounts are divided by before R-38 compares them; 0 where there is nothing to divide by."""
    bases = [1] * len(people)
    scale = 1
    if policy.by_salary:
        salaries, salary_scale = integers(
            person.salary_coefficient for person in people if person.salary_coefficient is not None
        )
        scale *= salary_scale
        for index, person in enumerate(people):
            if person.salary_coefficient is not None:
                bases[index] = salaries[person.salary_coefficient]
            elif values[index]:
                raise MissingFactor(person=person.id, factor="salary_coefficient")
            else:
                bases[index] = 0
    if policy.by_attendance:
        days = lcm(*{person.required_half_days for person in people if person.required_half_days})
        scale *= days
        for index, person in enumerate(people):
            worked, required = person.worked_half_days, person.required_half_days
            if worked is not None and required:
                bases[index] *= min(worked, required) * (days // required)
            elif values[index]:
                missing = "worked_half_days" if worked is None else "required_half_days"
                raise MissingFactor(person=person.id, factor=missing)
            else:
                bases[index] = 0
    return bases, scale


def integers(decimals: Iterable[Decimal]) -> tuple[dict[Decimal, int], int]:
    """Return each decimal as an integer, on the least power of ten that makes all of them whole."""
    distinct: Collection[Decimal] = set(decimals)
    ratios = {each: each.as_integer_ratio() for each in distinct}
    scale = 1
    while any(scale % denominator for _, denominator in ratios.values()):
        scale *= 10
    return {each: top * (scale // bottom) for each, (top, bottom) in ratios.items()}, scale
