"""What an upheld appeal changes: R-39."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reward import policies
from reward.domain.adjustment import adjust
from reward.domain.allocate import allocate
from reward.domain.policy import Grade
from reward.domain.weight import Person
from unit.reward.drawn import people, person, pool


def test_the_difference_is_reckoned_at_the_worth_of_the_original_run() -> None:
    was = person("p", "B", "80")
    run = allocate(10_000_000, pool(), [was, person("q", "B", "80")])

    adjustment = adjust(
        pool(), run.value_per_weight, was, replace(was, grade=Grade.A, score=Decimal(92)), before=5_000_000
    )

    assert (adjustment.after, adjustment.difference, adjustment.payable) == (7_188_000, 2_188_000, 2_188_000)


def test_a_negative_difference_is_shown_and_not_paid() -> None:
    was = person("p", "A", "92")
    run = allocate(10_000_000, pool(), [was])

    adjustment = adjust(
        pool(), run.value_per_weight, was, replace(was, grade=Grade.D, score=Decimal(40)), before=10_000_000
    )

    assert (adjustment.difference, adjustment.payable) == (-10_000_000, 0)


def test_a_rate_gives_what_it_would_have_given() -> None:
    policy = policies.shipped("da-nang-2026")
    was = person("p", "C", "60", "3.00")
    run = allocate(10_000_000, policy, [was])

    adjustment = adjust(policy, run.value_per_weight, was, replace(was, grade=Grade.B), before=702_000)

    assert adjustment.difference == 2_106_000 - 702_000


def test_the_base_share_is_part_of_it() -> None:
    """Hà Nội: who becomes eligible gets the base share too."""
    policy = policies.shipped("ha-noi-2026")
    was = person("p", "D", "40", "3.33")
    other = person("q", "B", "80", "3.33")
    run = allocate(10_000_000, policy, [was, other])

    adjustment = adjust(
        policy, run.value_per_weight, was, replace(was, grade=Grade.B, score=Decimal(80)), before=0
    )

    assert adjustment.payable == run.shares[1].amount == 10_000_000


@given(st.integers(0, 10**9), people(least=1))
def test_nothing_changed_is_no_difference(fund: int, staff: list[Person]) -> None:
    """Even for those whom largest remainder put a unit off their quota."""
    run = allocate(fund, pool(), staff)
    for one, share in zip(staff, run.shares, strict=True):
        assert adjust(pool(), run.value_per_weight, one, one, before=share.amount).difference == 0
