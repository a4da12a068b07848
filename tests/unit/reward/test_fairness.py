"""No equal sharing: R-38, on lists made by hand."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward import policies
from reward.domain.allocate import allocate
from reward.domain.fairness import NAMED, NoEqualSharing, Verdict, check
from reward.domain.policy import Grade, Mode, Policy
from reward.domain.rate import rated
from reward.domain.weight import Person, weigh
from unit.reward.drawn import POLICIES, people, person, pool, rate


def found(verdict: Verdict) -> dict[str, int]:
    return {clause.value: count for clause, count in verdict.counts.items()}


def pairs(verdict: Verdict, rule: str) -> list[tuple[str, ...]]:
    return [each.person_ids for each in verdict.violations if each.clause.value == rule]


def test_the_same_for_everybody_is_refused() -> None:
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("c", "C", "60")]

    verdict = check(pool(), staff, [5_000_000] * 3)

    assert not verdict.fair
    assert found(verdict) == {"R-38a": 2, "R-38c": 2}
    assert pairs(verdict, "R-38a") == [("a", "c"), ("b", "c")]


def test_equal_means_are_told_of_two_grades() -> None:
    """R-38 (c): the refusal names the best paid and the worst paid, not one of them twice."""
    staff = [person("a", "A", "95"), person("b", "B", "80")]

    verdict = check(pool(), staff, [5_000_000] * 2)

    (told,) = [each.en for each in verdict.violations if "the mean of grade" in each.en]
    assert told.startswith("the mean of grade A is 1.0000 times that of grade B")


def test_a_higher_grade_must_get_more() -> None:
    """R-38 (a), strictly: no rounding unit excuses equal amounts of millions."""
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("b2", "B", "75"), person("c", "C", "60")]

    assert pairs(check(pool(), staff, [5_000_000, 5_000_000, 3_000_000, 1_000_000]), "R-38a") == [("a", "b")]
    assert check(pool(), staff, [5_000_000, 3_500_000, 3_000_000, 1_000_000]).fair


def test_what_counts_is_divided_out_first() -> None:
    """An A who worked half the month may get less than a B who worked all of it."""
    staff = [person("a", "A", "95", days=(22, 44)), person("b", "B", "80", salary="4.00")]

    assert check(pool(), staff, [3_000_000, 4_000_000]).fair
    assert not check(pool(by_attendance=False), staff, [3_000_000, 4_000_000]).fair


def test_within_a_grade_a_higher_score_gets_more_where_scores_count() -> None:
    """R-38 (b)."""
    staff = [person("high", "B", "89"), person("low", "B", "71")]

    assert pairs(check(pool(), staff, [5_000_000, 5_000_000]), "R-38b") == [("high", "low")]
    assert found(check(pool(by_score=False), staff, [5_000_000, 5_000_000])) == {}
    assert pairs(check(pool(by_score=False), staff, [4_000_000, 5_000_000]), "R-38b") == [("high", "low")]


def test_a_rounding_unit_is_tolerated_and_no_more() -> None:
    """R-38 (b): scores 0.01 apart are worth less than a unit; two units too little are not rounding."""
    close = [person("high", "B", "80.01"), person("low", "B", "80.00")]

    assert check(pool(), close, [5_000_000, 5_000_000]).fair
    assert check(pool(), close, [4_999_000, 5_000_000]).fair
    assert found(check(pool(), close, [4_998_000, 5_000_000])) == {"R-38b": 1}


def test_the_best_paid_grade_is_well_above_the_worst() -> None:
    """R-38 (c): 1.2 times by default, and the policy may ask for more."""
    policy = pool(by_score=False)
    staff = [person("a", "A", "95"), person("b", "B", "80")]

    assert found(check(policy, staff, [1_190_000, 1_000_000])) == {"R-38c": 1}
    assert check(policy, staff, [1_200_000, 1_000_000]).fair
    assert not check(replace(policy, min_spread=Decimal("1.3")), staff, [1_200_000, 1_000_000]).fair


def test_an_unpaid_grade_is_not_the_worst_paid() -> None:
    """R-38 (c) is about grades that are paid: HCMC pays C nothing."""
    policy = policies.shipped("hcmc-2025")
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("c", "C", "60"), person("d", "D", "20")]

    assert check(policy, staff, [12_636_000, 10_108_800, 0, 0]).fair


def test_no_grade_gets_nothing() -> None:
    """R-38 (d); and R-35 for a grade whose coefficient is 0."""
    staff = [person("a", "A", "95"), person("d", "D", "20"), person("n", None, None), person("c", "C", "60")]

    verdict = check(policies.shipped("hcmc-2025"), staff, [12_636_000, 1, 1, 1])

    assert pairs(verdict, "R-38d") == [("d",), ("n",)]
    assert pairs(verdict, "R-35") == [("c",)]


def test_a_policy_that_pays_d_is_found_out_by_its_own_run() -> None:
    """R-38 (d) holds whatever coefficient a policy gives a D."""
    coefficients = {Grade.A: "1.0", Grade.B: "0.8", Grade.C: "0.5", Grade.D: "0.2"}
    staff = [person("a", "A", "95"), person("d", "D", "40")]

    with pytest.raises(NoEqualSharing) as refused:
        allocate(1_000_000_000, rate(coefficients), staff)

    assert pairs(refused.value.verdict, "R-38d") == [("d",)]


def test_who_worked_nothing_gets_nothing() -> None:
    staff = [person("a", "A", "95"), person("away", "A", "95", days=(0, 44))]

    assert pairs(check(pool(), staff, [5_000_000, 1_000]), "R-35") == [("away",)]
    assert check(pool(), staff, [5_000_000, 0]).fair


def test_what_a_floor_or_a_cap_set_is_exempt() -> None:
    policy = policies.shipped("da-nang-2026")
    low = [person("a", "A", "95", "2.34", (22, 44)), person("b", "B", "80", "2.34", (22, 44))]

    assert check(policy, low, [1_500_000, 1_500_000]).fair
    # The same amounts are no floor where the rate gives more: then they are equal sharing.
    full = [person("a", "A", "95", "6.78"), person("b", "B", "80", "6.78")]
    assert found(check(policy, full, [1_500_000, 1_500_000])) == {"R-38a": 1, "R-38c": 2}


def test_a_cap_is_exempt_too() -> None:
    policy = rate(cap={Grade.A: 2_000_000, Grade.B: 2_000_000})
    staff = [person("a", "A", "95"), person("b", "B", "80")]

    assert check(policy, staff, [2_000_000, 2_000_000]).fair
    assert not check(policy, staff, [1_999_000, 1_999_000]).fair


def test_grades_that_a_published_rule_makes_equal_are_exempt() -> None:
    """R-38 and R-37: Hải Phòng's A and B, but not its C."""
    policy = policies.shipped("hai-phong-2025")
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("c", "C", "60")]

    assert check(policy, staff, [5_616_000, 5_616_000, 4_212_000]).fair
    assert found(check(policy, staff, [5_616_000, 5_616_000, 5_616_000])) == {"R-38a": 2, "R-38c": 2}
    assert not check(replace(policy, equal_grades=frozenset()), staff, [5_616_000, 5_616_000, 4_212_000]).fair


def test_personnel_types_with_their_own_coefficients_are_not_compared() -> None:
    """Hải Phòng: an A among viên chức earns less than a B among công chức, by the published rule."""
    policy = policies.shipped("hai-phong-2025")
    staff = [
        person("teacher", "A", "95", kind="public_employee"),
        person("clerk", "B", "80", kind="civil_servant"),
        person("teacher2", "C", "60", kind="public_employee"),
    ]

    assert check(policy, staff, [4_212_000, 5_616_000, 2_808_000]).fair
    assert pairs(check(policy, staff, [2_808_000, 5_616_000, 4_212_000]), "R-38a") == [
        ("teacher", "teacher2")
    ]


def test_the_base_share_is_not_compared() -> None:
    policy = policies.shipped("ha-noi-2026")
    staff = [person("a", "A", "95"), person("b", "B", "80")]
    base = 3_510_000

    assert check(policy, staff, [base + 1_900_000, base + 1_280_000]).fair
    assert not check(policy, staff, [base + 1_400_000, base + 1_280_000]).fair


def test_many_violations_are_counted_and_few_are_named() -> None:
    staff = [person("b", "B", "80"), *(person(f"a{index:03d}", "A", "95") for index in range(100))]

    verdict = check(pool(), staff, [5_000_000] + [4_000_000] * 100)

    assert found(verdict)["R-38a"] == 100
    assert len(pairs(verdict, "R-38a")) == NAMED
    assert verdict.total == sum(found(verdict).values())


def test_a_violation_reads_well_in_both_languages() -> None:
    [violation] = [
        each
        for each in check(
            pool(), [person("a", "A", "95"), person("b", "B", "80")], [5_000_000, 5_000_000]
        ).violations
        if each.clause.value == "R-38a"
    ]

    assert violation.vi == "a (loại A, 5.000.000 đ) không hơn b (loại B, 5.000.000 đ) sau khi quy đổi"
    assert violation.en.startswith("a (grade A, 5,000,000 đồng) gets no more than b (grade B")


def by_definition(policy: Policy, staff: Sequence[Person], amounts: Sequence[int]) -> Counter[str]:
    """R-38 (a) and (b) pair by pair, with fractions: slow, and nothing to get wrong."""

    def value(one: Person) -> Fraction:
        if one.grade is None:
            return Fraction(0)
        score = Fraction(one.score or 0) / 100 if policy.by_score else Fraction(1)
        return Fraction(policy.coefficients[one.grade]) * score

    def basis(one: Person) -> Fraction:
        found = Fraction(one.salary_coefficient or 0) if policy.by_salary else Fraction(1)
        if policy.by_attendance:
            found *= min(Fraction(one.worked_half_days or 0, one.required_half_days or 1), Fraction(1))
        return found

    if policy.mode is Mode.RATE:
        worth = Fraction(policy.rate or 0) * (policy.base_salary or 0)
    else:
        total = sum(value(one) * basis(one) for one in staff)
        worth = Fraction(sum(amounts)) / total if total else Fraction(0)
    rows = [
        (one, Fraction(amount) / basis(one), value(one), policy.rounding_unit / basis(one))
        for one, amount in zip(staff, amounts, strict=True)
        if one.grade and basis(one)
    ]
    if not any(n for _, n, _, _ in rows):
        return Counter()
    short: dict[str, set[str]] = {"R-38a": set(), "R-38b": set()}
    for x, nx, vx, ux in rows:
        for y, ny, vy, uy in rows:
            unexplained = nx <= ny and (nx - ny) - worth * (vx - vy) <= -(ux + uy)
            assert x.grade
            assert y.grade
            assert x.score is not None
            assert y.score is not None
            if x.grade.value < y.grade.value:
                alike = nx <= ny and vx <= vy and not (vx == 0 and nx == ny)
                if alike or (unexplained and vx):
                    short["R-38a"].add(x.id)
            elif x.grade is y.grade and x.score > y.score and unexplained:
                short["R-38b"].add(x.id)
    return Counter({rule: len(ids) for rule, ids in short.items() if ids})


@given(
    st.one_of(POLICIES, st.builds(rate, unit=st.sampled_from([1, 1000, 100_000]))),
    people(most=8, decent=False),
    st.data(),
)
def test_the_fast_check_finds_what_the_definition_finds(
    policy: Policy, staff: list[Person], data: st.DataObject
) -> None:
    sizes = data.draw(st.sampled_from([3, 30, 5_000]))
    amounts = [data.draw(st.integers(0, sizes)) * 1000 for _ in staff]

    fast = {
        rule: count
        for rule, count in found(check(policy, staff, amounts)).items()
        if rule in {"R-38a", "R-38b"}
    }

    assert fast == dict(by_definition(policy, staff, amounts))


@given(
    st.one_of(
        POLICIES,
        st.builds(rate, unit=st.sampled_from([1, 1000, 100_000])),
        st.sampled_from([policies.shipped(each) for each in policies.SHIPPED]),
    ),
    people(least=1, most=8),
    st.sampled_from([30_000, 3_000_000]),
    st.data(),
)
def test_what_is_fair_at_a_glance_is_fair(
    policy: Policy, staff: list[Person], fund: int, data: st.DataObject
) -> None:
    """Near the policy's own amounts, where the check mostly need not compare anybody."""
    weights = weigh(policy, staff)
    units, total = fund // policy.rounding_unit, sum(weights.scaled)
    off = data.draw(st.lists(st.integers(-2, 2), min_size=len(staff), max_size=len(staff)))
    if policy.mode is Mode.RATE:
        own = [amount // policy.rounding_unit for amount, _ in rated(policy, staff, weights)]
    else:
        own = [units * weight // total if total else 0 for weight in weights.scaled]
    amounts = [max(0, each + by) * policy.rounding_unit for each, by in zip(own, off, strict=True)]

    glanced = check(policy, staff, amounts)
    with mock.patch("reward.domain.fairness.outright", return_value=False):
        compared = check(policy, staff, amounts)

    assert glanced == compared


def test_a_policy_that_hardly_tells_grades_apart_is_found_out_by_its_own_run() -> None:
    """R-38 (c), where every amount is exactly what the policy pays."""
    coefficients = {Grade.A: "1.0", Grade.B: "0.9", Grade.C: "0", Grade.D: "0"}
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("c", "C", "60")]

    with pytest.raises(NoEqualSharing) as refused:
        allocate(1_000_000_000, rate(coefficients), staff)

    assert found(refused.value.verdict) == {"R-38c": 1}


def test_a_policy_that_pays_a_lower_grade_alone_is_found_out_by_its_own_run() -> None:
    """R-38 (a): nothing is too little beside something."""
    coefficients = {Grade.A: "1.0", Grade.B: "0", Grade.C: "0.5", Grade.D: "0"}
    staff = [person("a", "A", "95"), person("b", "B", "80"), person("c", "C", "60")]

    with pytest.raises(NoEqualSharing) as refused:
        allocate(1_000_000_000, rate(coefficients), staff)

    assert found(refused.value.verdict) == {"R-38a": 1}


@pytest.mark.parametrize("policy_id", policies.SHIPPED)
def test_an_ordinary_run_needs_no_comparing(policy_id: str) -> None:
    """Otherwise the glance would be of no use."""
    staff = [
        person(f"{grade}{number}", grade, score, salary=f"2.{34 + number}")
        for grade, score in (("A", "92"), ("B", "75"), ("C", "55"), ("D", "20"))
        for number in range(5)
    ]
    policy = policies.shipped(policy_id)
    with mock.patch("reward.domain.fairness.check_table") as slow:
        allocate(10_000_000_000, policy, staff)

    assert slow.called == (policy_id == "hai-phong-2025")  # Its A and B count as one grade.


@pytest.mark.parametrize("policy_id", policies.SHIPPED)
@given(staff=people(least=1, most=8), random=st.randoms(use_true_random=False))
def test_the_order_of_a_list_changes_no_count(policy_id: str, staff: list[Person], random: Random) -> None:
    policy = policies.shipped(policy_id)
    rows = [(one, random.randrange(0, 6_000_000, 500)) for one in staff]
    once = check(policy, [one for one, _ in rows], [amount for _, amount in rows])
    random.shuffle(rows)
    again = check(policy, [one for one, _ in rows], [amount for _, amount in rows])

    assert found(once) == found(again)
