"""R-21: how many of a group may hold A, and of whom it is counted."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval.domain.grade import Grade
from approval.domain.quota import (
    Group,
    QuotaBase,
    Rate,
    RateOutOfRange,
    RateWithoutDecision,
    Terms,
    check_rate,
    maximum,
    tally,
)

from .cases import case

GOOD = Terms(Decimal("0.20"))
RATES = st.integers(1, 25).map(lambda n: Decimal(n) / 100)


@pytest.mark.parametrize(
    ("base", "rate", "kind", "limit"),
    [
        (5, "0.20", QuotaBase.GOOD, 0),
        (6, "0.20", QuotaBase.GOOD, 1),
        (12, "0.20", QuotaBase.GOOD, 2),
        (30, "0.20", QuotaBase.GOOD, 5),
        (871, "0.20", QuotaBase.GOOD, 145),
        (5, "0.25", QuotaBase.GOOD, 1),
        (5, "0.20", QuotaBase.GOOD_OR_BETTER, 1),
        (871, "0.20", QuotaBase.GOOD_OR_BETTER, 174),
    ],
)
def test_the_limits_of_known_groups(base: int, rate: str, kind: QuotaBase, limit: int) -> None:
    assert maximum(base, Terms(Decimal(rate), kind)) == limit


@given(st.integers(0, 2_000), RATES)
def test_the_limit_is_the_most_for_which_the_literal_rule_holds(base: int, rate: Decimal) -> None:
    limit = maximum(base, Terms(rate))

    assert limit <= Fraction(rate) * (base - limit)
    assert limit + 1 > Fraction(rate) * (base - limit - 1)


@given(st.integers(0, 2_000), RATES)
def test_what_the_literal_base_allows_the_looser_one_allows_too(base: int, rate: Decimal) -> None:
    assert maximum(base, Terms(rate)) <= maximum(base, Terms(rate, QuotaBase.GOOD_OR_BETTER))


def test_raising_somebody_from_c_makes_no_room_for_an_a() -> None:
    people = [case(f"b{n}", "80") for n in range(5)] + [case("c", "60")]

    raised = tally(Group("vp", "g"), people, GOOD, {"c": Grade.B})

    assert (raised.members, raised.good_or_better, raised.limit) == (5, 6, 0)


def test_taking_somebody_down_from_b_takes_room_away() -> None:
    people = [case(f"b{n}", "80") for n in range(6)]

    assert tally(Group("vp", "g"), people, GOOD).limit == 1
    assert tally(Group("vp", "g"), people, GOOD, {"b0": Grade.C}).limit == 0


def test_a_blocked_person_counts_nowhere() -> None:
    people = [case(f"b{n}", "80") for n in range(5)] + [case("x", "95", blocker="12/QĐ")]

    assert tally(Group("vp", "g"), people, GOOD).members == 5


def test_a_proposal_holds_a_until_it_is_decided() -> None:
    people = [case(f"b{n}", "80") for n in range(5)] + [case("a", "95", outcome="kept")]

    assert [each.person.id for each in tally(Group("vp", "g"), people, GOOD).holders] == ["a"]
    assert not tally(Group("vp", "g"), people, GOOD, {"a": Grade.B}).holders


def test_another_scope_and_another_group_count_for_themselves() -> None:
    people = [case(f"b{n}", "80") for n in range(6)] + [
        case("o", "80", scope="th"),
        case("q", "80", group="h"),
    ]

    assert tally(Group("vp", "g"), people, GOOD).members == 6
    assert tally(Group("th", "g"), people, GOOD).members == 1


@pytest.mark.parametrize("rate", ["0.20", "0.1", "0.2501", "1"])
def test_a_decided_rate_is_over_a_fifth_and_at_most_a_quarter(rate: str) -> None:
    with pytest.raises(RateOutOfRange):
        check_rate(
            Rate("vp", Decimal(rate), "12/QĐ", "2026-03-02", "Nguyễn Văn A", "vượt kế hoạch"),
            usual=Decimal("0.20"),
            highest=Decimal("0.25"),
        )


@pytest.mark.parametrize("missing", ["decision", "decided_on", "signer", "reason"])
def test_a_decided_rate_is_whole_on_record(missing: str) -> None:
    record = {"decision": "12/QĐ", "decided_on": "2026-03-02", "signer": "A", "reason": "vượt", missing: ""}

    with pytest.raises(RateWithoutDecision) as caught:
        check_rate(Rate("vp", Decimal("0.25"), **record), usual=Decimal("0.20"), highest=Decimal("0.25"))

    assert caught.value.facts["field"] == missing
