"""A fund shared by weight: R-35, and the checks of R-38 that every run goes through."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward import policies
from reward.domain.allocate import (
    Allocation,
    FundExceeded,
    NegativeFund,
    PersonTwice,
    Settled,
    allocate,
    apportion,
)
from reward.domain.fairness import NoEqualSharing, check
from reward.domain.policy import Grade, Policy
from reward.domain.weight import MissingFactor, Person, weigh
from unit.reward.drawn import FUNDS, POLICIES, people, person, pool


def amounts(allocation: Allocation) -> dict[str, int]:
    return {share.person_id: share.amount for share in allocation.shares}


def share_out(fund: int, policy: Policy, staff: Sequence[Person]) -> Allocation | None:
    """Return the run, or None where R-38 refuses it."""
    try:
        return allocate(fund, policy, staff)
    except NoEqualSharing:
        return None


def test_a_weight_is_the_product_of_what_the_policy_counts() -> None:
    someone = person("p", "B", "82.67", "2.67", (31, 44))

    assert weigh(pool(), [someone]).exact(0) == Fraction("0.8") * Fraction("0.8267") * Fraction(
        "2.67"
    ) * Fraction(31, 44)
    assert weigh(pool(by_score=False, by_salary=False, by_attendance=False), [someone]).exact(0) == Fraction(
        "0.8"
    )


def test_more_than_the_required_days_count_as_all_of_them() -> None:
    assert weigh(pool(), [person("p", days=(50, 44))]).exact(0) == weigh(pool(), [person("p")]).exact(0)


def test_equal_remainders_go_to_the_higher_score_then_to_the_lower_id() -> None:
    policy = pool(by_score=False, by_salary=False, by_attendance=False)
    staff = [person("c", score="80"), person("b", score="81"), person("a", score="80")]

    one_over = amounts(allocate(1_000, policy, staff))
    two_over = amounts(allocate(2_000, policy, staff))

    assert one_over == {"c": 0, "b": 1000, "a": 0}
    assert two_over == {"c": 0, "b": 1000, "a": 1000}


def test_what_is_left_under_one_unit_is_shown() -> None:
    allocation = allocate(1_999, pool(), [person("p")])

    assert (allocation.distributed, allocation.undistributed) == (1000, 999)


def test_where_nobody_has_a_weight_the_whole_fund_stays() -> None:
    allocation = allocate(5_000, pool(), [person("d", "D", "30"), person("n", None, None)])

    assert amounts(allocation) == {"d": 0, "n": 0}
    assert allocation.undistributed == 5000
    assert {share.settled for share in allocation.shares} == {Settled.ZERO}


def test_an_empty_list_leaves_the_whole_fund() -> None:
    assert allocate(5_000, pool(), []).undistributed == 5000


def test_one_more_unit_can_cost_somebody_one() -> None:
    """The Alabama paradox: largest remainder is not house-monotone, and R-35 prescribes it all the same.

    Weights 6 : 6 : 2. Of 10 units the quotas are 4.29, 4.29, 1.43: the third has the largest remainder and
    gets 2. Of 11 they are 4.71, 4.71, 1.57: now the others have larger ones, and the third is back at 1.
    """
    staff = [person("a"), person("b"), person("c")]

    def units(total: int) -> list[int]:
        wholes, extra = apportion(total, staff, [6, 6, 2])
        return [whole + (index in extra) for index, whole in enumerate(wholes)]

    assert units(10) == [4, 4, 2]
    assert units(11) == [5, 5, 1]


def test_a_bigger_fund_never_costs_anybody_more_than_a_unit() -> None:
    """What remains of monotony in spite of the paradox, on the law's own door."""
    staff = [person(str(index), "B", f"{70 + index}", "2.34") for index in range(7)]
    before = amounts(allocate(50_000, pool(), staff))

    for fund in range(51_000, 90_000, 1_000):
        now = amounts(allocate(fund, pool(), staff))
        assert all(now[each] >= before[each] - 1000 for each in now)
        before = now


def test_a_negative_fund_and_a_person_twice_are_refused() -> None:
    with pytest.raises(NegativeFund):
        allocate(-1, pool(), [])
    with pytest.raises(PersonTwice):
        allocate(1, pool(), [person("p"), person("p")])


@pytest.mark.parametrize("factor", ["score", "salary_coefficient", "worked_half_days", "required_half_days"])
def test_a_factor_that_counts_must_be_known_of_who_is_paid(factor: str) -> None:
    paid, unpaid = person("p"), person("q", "D")
    unknown: dict[str, Any] = {factor: None}

    with pytest.raises(MissingFactor, match=factor):
        allocate(1000, pool(), [replace(paid, **unknown)])
    assert amounts(allocate(1000, pool(), [paid, replace(unpaid, **unknown)])) == {"p": 1000, "q": 0}


@given(FUNDS, POLICIES, people())
def test_everything_but_less_than_a_unit_is_distributed(
    fund: int, policy: Policy, staff: list[Person]
) -> None:
    run = share_out(fund, policy, staff)
    if run is None:
        return
    assert sum(share.amount for share in run.shares) == run.distributed <= fund
    assert run.distributed + run.undistributed == fund
    if any(weigh(policy, staff).scaled):
        assert run.undistributed < policy.rounding_unit
    assert [share.person_id for share in run.shares] == [each.id for each in staff]


@given(FUNDS, POLICIES, people())
def test_every_share_is_within_a_unit_of_its_quota(fund: int, policy: Policy, staff: list[Person]) -> None:
    run = share_out(fund, policy, staff)
    if run is None:
        return
    weights = weigh(policy, staff)
    for index, share in enumerate(run.shares):
        quota = weights.exact(index) * run.value_per_weight
        assert abs(share.amount - quota) < policy.rounding_unit
        assert share.amount % policy.rounding_unit == 0
        assert weights.exact(index) or share.amount == 0


@given(FUNDS, POLICIES, people(), st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_nothing(
    fund: int, policy: Policy, staff: list[Person], random: Random
) -> None:
    shuffled = list(staff)
    random.shuffle(shuffled)
    once, again = share_out(fund, policy, staff), share_out(fund, policy, shuffled)

    assert (once is None) == (again is None)
    if once and again:
        assert amounts(once) == amounts(again)


@given(FUNDS, people(), st.sampled_from(["0.1", "3", "7.5"]))
def test_the_scale_of_the_weights_changes_nothing(fund: int, staff: list[Person], factor: str) -> None:
    policy = pool()
    scaled = replace(
        policy, coefficients={each: value * Decimal(factor) for each, value in policy.coefficients.items()}
    )

    once, again = share_out(fund, policy, staff), share_out(fund, scaled, staff)
    assert (once and amounts(once)) == (again and amounts(again))


@given(FUNDS, POLICIES, people())
def test_sharing_out_what_was_distributed_gives_the_same_again(
    fund: int, policy: Policy, staff: list[Person]
) -> None:
    once = share_out(fund, policy, staff)
    if once is None or not once.distributed:
        return
    again = allocate(once.distributed, policy, staff)
    assert amounts(once) == amounts(again)


@given(FUNDS, POLICIES, people())
def test_a_run_is_fair_or_refused(fund: int, policy: Policy, staff: list[Person]) -> None:
    run = share_out(fund, policy, staff)
    if run is not None:
        assert check(policy, staff, [share.amount for share in run.shares]).fair


@given(st.integers(0, 10**10), people(least=1))
def test_where_scores_fit_the_grades_no_run_is_refused(fund: int, staff: list[Person]) -> None:
    """R-38 blames a list for what it did, never for what rounding did."""
    assert allocate(fund, pool(), staff).distributed <= fund


def test_the_base_share_comes_first_and_the_rest_by_weight() -> None:
    """R-37, Hà Nội: 0.5 of the salary to who is eligible."""
    policy = policies.shipped("ha-noi-2026")
    staff = [person("a", "A", "95", "3.33"), person("b", "B", "80", "3.33"), person("d", "D", "30", "3.33")]

    run = allocate(20_000_000, policy, staff)

    assert [share.base for share in run.shares] == [3_896_000, 3_896_000, 0]
    # What is left, 12,208 units, is shared 95 : 64.
    assert [share.amount - share.base for share in run.shares] == [7_294_000, 4_914_000, 0]
    assert run.distributed == 20_000_000
    with pytest.raises(FundExceeded) as refused:
        allocate(7_000_000, policy, staff)
    assert refused.value.shortfall == 792_000


def test_equal_coefficients_are_equal_sharing() -> None:
    """R-38 (a): a policy that pays A and B alike is refused where both are on the list."""
    alike = {**pool().coefficients, Grade.B: Decimal(1)}
    policy = replace(pool(by_score=False), coefficients=alike)

    with pytest.raises(NoEqualSharing) as refused:
        allocate(10_000_000, policy, [person("a", "A", "95"), person("b", "B", "80")])

    first = refused.value.verdict.violations[0]
    assert (first.clause.value, first.person_ids) == ("R-38a", ("a", "b"))
    assert refused.value.reason == "NO_EQUAL_SHARING"
    assert "a (grade A" in refused.value.told("en")
    assert "a (loại A" in refused.value.told("vi")
    assert allocate(10_000_000, policy, [person("b", "B", "80")]).distributed == 10_000_000
