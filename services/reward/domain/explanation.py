"""Why a person gets an amount, so that it can be checked by hand (R-23's duty, for money)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reward.domain.allocate import Allocation, Settled, Share
from reward.domain.figures import dong, written
from reward.domain.policy import Mode, Policy
from reward.domain.weight import FULL_SCORE, Person, rank, weigh


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the weight: its name as in the policy's fields, and its exact value."""

    name: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one amount came about. Units are those of the policy's rounding; amounts are đồng."""

    person_id: str
    rule: str
    factors: tuple[Factor, ...]
    weight: Fraction
    value: Fraction
    """Đồng for a weight of 1, the same for everybody in the run."""
    base: int
    exact: Fraction
    """What is exactly due beyond the base share, before anything is rounded, in đồng."""
    units: int
    """Whole units in it."""
    remainder: Fraction
    """What is left of it under one unit, as a part of a unit."""
    settled: Settled
    tie: str
    """Which tie decided about the unit of the remainder: ``score``, ``id``, or empty for none."""
    amount: int

    def lines(self, language: str, unit: int) -> tuple[str, ...]:
        """Return the arithmetic line by line in ``vi`` or ``en``."""
        vi = language == "vi"

        def exactly(value: Fraction) -> str:
            return written(plain(value), language)

        def nearly(value: Fraction) -> str:
            return written(shown(value), language)

        factors = (f"{_NAMES[each.name][0 if vi else 1]} {exactly(each.value)}" for each in self.factors)
        head = "Trọng số" if vi else "Weight"
        told = [f"{head} = {' × '.join(factors)} = {exactly(self.weight)} ({self.rule})"]
        if self.base:
            basis = "Phần nền theo lương" if vi else "Base share of the salary"
            told.append(f"{basis}: {dong(self.base, language)} đ")
        if self.value:
            per = "Giá trị một đơn vị trọng số" if vi else "Worth of a weight of 1"
            told.append(f"{per}: {nearly(self.value)} đ ({exactly(self.value)})")
        due = "Phần chính xác" if vi else "Exactly due"
        rest = f"{'dư' if vi else 'a remainder of'} {nearly(self.remainder)} {'đơn vị' if vi else 'units'}"
        units = f"{dong(self.units, language)} × {dong(unit, language)} đ"
        told.append(f"{due}: {nearly(self.exact)} đ = {units}, {rest}")
        told.append(_SETTLED[self.settled][0 if vi else 1])
        if self.tie:
            told.append(_TIES[self.tie][0 if vi else 1])
        told.append(f"{'Số tiền' if vi else 'Amount'}: {dong(self.amount, language)} đ")
        return tuple(told)


_NAMES = {
    "coefficient": ("hệ số xếp loại", "coefficient of the grade"),
    "score": ("điểm/100", "score/100"),
    "salary_coefficient": ("hệ số lương", "salary coefficient"),
    "attendance": ("ngày công", "attendance"),
}

_SETTLED = {
    Settled.ZERO: (
        "Trọng số bằng 0 hoặc chưa đến nửa đơn vị: không chi",
        "No weight, or under half a unit: nothing",
    ),
    Settled.QUOTA: (
        "Chi phần nguyên; số dư không đủ lớn để được thêm một đơn vị",
        "The whole units; the remainder is not large enough for one more",
    ),
    Settled.REMAINDER: (
        "Chi phần nguyên và thêm một đơn vị vì số dư thuộc nhóm lớn nhất",
        "The whole units and one more, because the remainder is among the largest",
    ),
    Settled.ROUNDING: ("Làm tròn đến đơn vị gần nhất, nửa thì lên", "Rounded to the nearest unit, a half up"),
    Settled.FLOOR: ("Nâng lên mức tối thiểu của loại", "Raised to the floor of the grade"),
    Settled.CAP: ("Hạ xuống mức tối đa của loại", "Lowered to the cap of the grade"),
}

_TIES = {
    "score": (
        "Số dư bằng nhau ở ngưỡng: xét điểm cao hơn",
        "Equal remainders at the cut: the higher score decided",
    ),
    "id": (
        "Số dư và điểm bằng nhau ở ngưỡng: xét mã nhỏ hơn",
        "Equal remainders and scores at the cut: the lower id decided",
    ),
}


def explain(
    allocation: Allocation, policy: Policy, people: Sequence[Person], *, chosen: Iterable[int] | None = None
) -> list[Explanation]:
    """Return everybody's explanation, in the order of the people that the allocation was made for.

    :param chosen: the places of the only people to explain
    """
    weights = weigh(policy, people)
    value = allocation.value_per_weight
    # What is due to everybody, in units, on one scale: remainders compare as integers, and fast.
    whole = weights.scale * value.denominator * policy.rounding_unit
    remainders = [weight * value.numerator % whole for weight in weights.scaled]
    ties = _ties(allocation.shares, people, remainders) if policy.mode is not Mode.RATE else {}
    found = []
    for index in range(len(people)) if chosen is None else chosen:
        share, exact = allocation.shares[index], weights.exact(index) * value
        found.append(
            Explanation(
                people[index].id,
                "R-36" if policy.mode is Mode.RATE else "R-35",
                _factors(policy, people[index]),
                weights.exact(index),
                value,
                share.base,
                exact,
                exact // policy.rounding_unit,
                Fraction(remainders[index], whole),
                share.settled,
                ties.get(index, ""),
                share.amount,
            )
        )
    return found


def _factors(policy: Policy, person: Person) -> tuple[Factor, ...]:
    coefficient = (
        Fraction(0)
        if person.grade is None
        else Fraction(policy.coefficients_for(person.personnel_type)[person.grade])
    )
    factors = [Factor("coefficient", coefficient)]
    if policy.by_score and person.score is not None:
        factors.append(Factor("score", Fraction(person.score) / FULL_SCORE))
    if policy.by_salary and person.salary_coefficient is not None:
        factors.append(Factor("salary_coefficient", Fraction(person.salary_coefficient)))
    worked, required = person.worked_half_days, person.required_half_days
    if policy.by_attendance and worked is not None and required:
        factors.append(Factor("attendance", min(Fraction(worked, required), Fraction(1))))
    return tuple(factors)


def _ties(shares: Sequence[Share], people: Sequence[Person], remainders: Sequence[int]) -> dict[int, str]:
    """Return what decided among those at the cut, where equal remainders did not get equal units."""
    won = [index for index, share in enumerate(shares) if share.settled is Settled.REMAINDER]
    lost = [
        index for index, share in enumerate(shares) if share.settled is Settled.QUOTA and remainders[index]
    ]
    if not won or not lost:
        return {}
    cut = min(remainders[index] for index in won)
    at_cut = [index for index in won + lost if remainders[index] == cut]
    losers = [rank(people[index]) for index in lost if remainders[index] == cut]
    if not losers:
        return {}
    least = min(rank(people[index]) for index in won if remainders[index] == cut)
    by_id = max(losers) == least
    return {index: "id" if by_id and rank(people[index]) == least else "score" for index in at_cut}


def plain(value: Fraction) -> str:
    """Return an exact number: as decimal digits where they end, else as a fraction such as 31/44."""
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(value.numerator * 10**places // value.denominator).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def shown(value: Fraction) -> str:
    """Return a number that is not negative with four places, half up, for reading only."""
    scaled = (2 * 10**4 * value.numerator + value.denominator) // (2 * value.denominator)
    return f"{Decimal(scaled).scaleb(-4):,f}"
