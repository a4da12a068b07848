"""Which policy a month is scored with, and policies of personnel types: R-1, R-21."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain import settings
from scoring.domain.in_force import CITY, InForce, OwnProposal, Version, in_force
from scoring.domain.policy import DEFAULT, Cap, Policy, QuotaBase
from scoring.domain.score import score_month
from scoring.domain.unfit import Unfit
from unit.scoring.months import staff

NOON = datetime(2026, 1, 1, 5, tzinfo=UTC)


def version(
    id_: str = "a",
    number: int = 1,
    *,
    owner: str = "w",
    approved: int | None = 0,
    on: str = "2026-01-01",
    until: str = "",
    types: frozenset[str] = frozenset(),
) -> Version:
    policy = replace(
        DEFAULT,
        id=id_,
        version=number,
        effective_on=date.fromisoformat(on),
        effective_until=date.fromisoformat(until) if until else None,
        personnel_types=types,
    )
    at = None if approved is None else NOON + timedelta(days=approved)
    return Version(policy, owner, "default@1", "p", NOON, "a" if at else "", at, "1/QĐ" if at else "")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([], ["default@1"]),
        ([version(approved=None)], ["default@1"]),
        ([version(owner="another")], ["default@1"]),
        ([version(on="2026-06-01")], ["default@1"]),
        ([version(until="2026-04-30")], ["default@1"]),
        ([version(until="2026-05-31")], ["a@1"]),
        ([version("c", owner=CITY, approved=9), version("a")], ["a@1"]),
        ([version("c", owner=CITY)], ["c@1"]),
        ([version("a", approved=2), version("b", approved=1)], ["a@1"]),
        ([version("a", 2, approved=1), version("a", 1, approved=0)], ["a@2"]),
        ([version("a", types=frozenset({"cadre"}))], ["a@1", "default@1"]),
        (
            [version("a", types=frozenset({"cadre"})), version("c", owner=CITY), version("b", owner=CITY)],
            ["a@1", "c@1"],
        ),
        # The newer version is for somebody else: the older one is replaced all the same.
        (
            [
                version("a", 1, types=frozenset({"cadre"})),
                version("a", 2, types=frozenset({"civil_servant"}), approved=1),
            ],
            ["a@2", "default@1"],
        ),
    ],
)
def test_the_ward_s_own_go_before_the_city_s_and_newer_before_older(
    versions: list[Version], expected: list[str]
) -> None:
    assert list(in_force(versions, "w", "2026-05").names) == expected
    assert list(in_force(reversed(versions), "w", "2026-05").names) == expected


def test_only_what_was_approved_by_an_instant_counts_there() -> None:
    versions = [version("a", approved=1)]

    assert in_force(versions, "w", "2026-05", before=NOON).names == ("default@1",)
    assert in_force(versions, "w", "2026-05", before=NOON + timedelta(days=1)).names == ("a@1",)


def test_nobody_approves_what_he_proposed() -> None:
    proposed = version(approved=None)
    with pytest.raises(OwnProposal):
        proposed.approve("p", "1/QĐ", NOON)

    approved = proposed.approve("q", "1/QĐ", NOON)
    assert approved.approved
    assert approved.approve("r", "2/QĐ", NOON) == approved


def test_settings_come_back_as_they_are_shown() -> None:
    other = settings.changed(DEFAULT, {"cap": "total", "quota_rate": "0.15", "excellent": "92.5"})

    assert (other.cap, other.quota_rate, other.excellent) == (Cap.TOTAL, Decimal("0.15"), Decimal("92.5"))
    assert settings.changed(DEFAULT, settings.shown(other)) == other
    assert settings.difference(DEFAULT, replace(other, id="x", version=7)) == {
        "cap": ("component", "total"),
        "excellent": ("90", "92.5"),
        "quota_rate": ("0.2", "0.15"),
    }
    assert settings.difference(DEFAULT, replace(DEFAULT, id="x", version=7)) == {}


@pytest.mark.parametrize(
    "given_",
    [
        {"x": "1"},
        {"cap": "TOTAL"},
        {"quota_rate": "-0.1"},
        {"quota_rate": "٠.١"},
        {"quota_rate": "0."},
        {"quota_rate": ""},
        {"quota_rate": "0.25"},
        {"good": "nan"},
        {"good": "90"},
        {"excellent": "101"},
        {"attendance_threshold": "1.1"},
    ],
)
def test_settings_that_there_are_not_or_that_the_law_does_not_allow(given_: dict[str, str]) -> None:
    with pytest.raises(Unfit) as refused:
        settings.changed(DEFAULT, given_)
    assert refused.value.facts["field"].startswith("settings.")
    assert "{" not in refused.value.told("vi") + refused.value.told("en")


STRICT = replace(DEFAULT, id="strict", quota_rate=Decimal("0.1"), personnel_types=frozenset({"cadre"}))
LOOSE = replace(DEFAULT, id="loose", quota_base=QuotaBase.GOOD_OR_BETTER)


def test_where_policies_meet_in_a_group_the_strictest_quota_holds() -> None:
    """R-21: 20 people, ⌊0.1 × 20 / 1.1⌋ = 1 and ⌊0.2 × 20⌋ = 4."""
    people = [staff(f"p{n:02d}", common=f"{21 + n % 9}") for n in range(20)]
    mixed = [replace(people[0], personnel_type="cadre"), *people[1:]]

    alone = score_month(InForce((STRICT, LOOSE)), people)
    together = score_month(InForce((STRICT, LOOSE)), mixed)

    assert {each.score.placement.quota.maximum for each in alone if each.score} == {4}
    assert {each.score.placement.quota.maximum for each in together if each.score} == {1}


@given(
    st.lists(st.tuples(st.sampled_from(["", "cadre"]), st.integers(15, 30)), max_size=40),
    st.randoms(use_true_random=False),
)
def test_no_order_changes_anything_under_several_policies(
    drawn: list[tuple[str, int]], chance: object
) -> None:
    people = [
        staff(f"p{n}", common=str(common), personnel_type=type_) for n, (type_, common) in enumerate(drawn)
    ]
    mixed = list(people)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    policies = InForce((STRICT, LOOSE))

    one = {each.person_id: each for each in score_month(policies, people)}
    other = {each.person_id: each for each in score_month(policies, mixed)}

    assert one == other


def test_a_policy_that_covers_everybody_is_the_last() -> None:
    assert InForce((LOOSE,)).under(STRICT).names == ("strict@1", "loose@1")
    assert InForce((STRICT, LOOSE)).under(LOOSE).names == ("loose@1",)


def _policy(found: InForce, personnel_type: str) -> Policy:
    return found.of(personnel_type)


def test_whose_type_nobody_stated_has_the_policy_for_everybody() -> None:
    both = InForce((STRICT, LOOSE))
    assert _policy(both, "") == LOOSE
    assert _policy(both, "cadre") == STRICT
