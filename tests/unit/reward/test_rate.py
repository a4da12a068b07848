"""A rate of the salary: R-36."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward import policies
from reward.domain.allocate import FundExceeded, Settled, allocate
from reward.domain.policy import Grade, Mode, Policy
from reward.domain.rate import round_half_up
from reward.domain.weight import Person
from unit.reward.drawn import people, person, rate

PLENTY = 10**12


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "rounded"),
    [
        (1499, 1, 1000, 1000),
        (1500, 1, 1000, 2000),
        (2500, 1, 1000, 3000),
        (4999, 10, 1, 500),
        (1, 3, 1, 0),
        (0, 7, 1000, 0),
    ],
)
def test_a_half_goes_up(numerator: int, denominator: int, unit: int, rounded: int) -> None:
    assert round_half_up(numerator, denominator, unit) == rounded


def test_the_published_figures() -> None:
    """HCMC at 1.8, Hải Phòng for both kinds: the press printed these."""
    hcmc = allocate(PLENTY, policies.shipped("hcmc-2025"), [person("p", "A", "95", "6.78")])
    hai_phong = allocate(
        PLENTY,
        policies.shipped("hai-phong-2025"),
        [
            person("clerk", "A", "95", "3.33", kind="civil_servant"),
            person("teacher", "A", "95", "3.33", kind="public_employee"),
        ],
    )

    assert [share.amount for share in hcmc.shares] == [28_557_360]
    assert [share.amount for share in hai_phong.shares] == [6_234_000, 4_675_000]


def test_a_floor_raises_and_a_cap_lowers_and_a_zero_stays_zero() -> None:
    policy = rate(
        {Grade.A: "0.5", Grade.B: "0.3", Grade.C: "0.1", Grade.D: "0"},
        floor={Grade.B: 1_500_000, Grade.D: 1_000_000},
        cap={Grade.A: 5_000_000},
    )
    staff = [
        person("capped", "A", "95", "6.78"),
        person("raised", "B", "80", "2.34"),
        person("plain", "B", "80", "6.78"),
        person("away", "B", "80", "6.78", (0, 44)),
        person("none", "D", "20", "6.78"),
    ]

    run = allocate(PLENTY, policy, staff)

    assert [(share.amount, share.settled) for share in run.shares] == [
        (5_000_000, Settled.CAP),
        (1_643_000, Settled.ROUNDING),
        (4_760_000, Settled.ROUNDING),
        (0, Settled.ZERO),
        (0, Settled.ZERO),
    ]
    raised = allocate(PLENTY, policy, [person("raised", "B", "80", "2.34", (22, 44))]).shares[0]
    assert (raised.amount, raised.settled) == (1_500_000, Settled.FLOOR)


def test_a_fund_that_does_not_suffice_is_refused_with_the_shortfall() -> None:
    policy = policies.shipped("da-nang-2026")
    staff = [person("a", "A", "95", "3.00"), person("b", "B", "80", "3.00")]

    assert allocate(5_616_000, policy, staff).undistributed == 0
    with pytest.raises(FundExceeded) as refused:
        allocate(5_615_999, policy, staff)
    assert refused.value.shortfall == 1
    assert refused.value.reason == "FUND_EXCEEDED"


def shortfall(fund: int, policy: Policy, staff: list[Person]) -> int:
    """Return how much the fund lacks; 0 if it suffices."""
    try:
        allocate(fund, policy, staff)
    except FundExceeded as refusal:
        return refusal.shortfall
    return 0


RATED = [each for each in policies.SHIPPED if policies.shipped(each).mode is Mode.RATE]


@given(people(), st.sampled_from(RATED), st.integers(0, 10**8))
def test_a_fund_is_never_exceeded_and_amounts_never_scaled(
    staff: list[Person], policy_id: str, fund: int
) -> None:
    policy = policies.shipped(policy_id)
    wanted = allocate(PLENTY, policy, staff)

    assert shortfall(fund, policy, staff) == max(0, wanted.distributed - fund)
    if fund >= wanted.distributed:
        assert allocate(fund, policy, staff).shares == wanted.shares
