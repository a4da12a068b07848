"""The fewest changes within the quota, and groups too small for any A: R-21, R-22."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.band import Band
from scoring.domain.policy import DEFAULT, QuotaBase
from scoring.domain.quota import Scope, Standing, maximum
from scoring.domain.quota_plan import ScopePlan, least_for_one, plan

DECIDED = {"VP": Scope("VP", Decimal("0.25"), "12/QĐ")}


def standing(merit: int, band: Band = Band.A, *, group: str = "g", scope: str = "VP") -> Standing:
    return Standing(DEFAULT, scope, group, band, blocked=False, merits=lambda: (merit,))


def planned(people: dict[str, Standing], scopes: dict[str, Scope] | None = None) -> list[ScopePlan]:
    return plan(people, people, scopes or {})


def test_the_last_in_rank_go_first() -> None:
    """R-22: six people start from A, one may keep it."""
    [scope] = planned({f"p{merit}": standing(merit) for merit in range(6)})

    assert [change.person_id for change in scope.changes] == ["p0", "p1", "p2", "p3", "p4"]
    [group] = scope.groups
    assert (group.over, group.planned, group.quota.maximum, scope.limit) == (5, 1, 1, 1)


def test_within_the_quota_nothing_changes() -> None:
    people = {f"b{n}": standing(0, Band.B) for n in range(5)} | {"a": standing(1)}
    [scope] = planned(people)

    assert scope.changes == ()
    assert scope.groups[0].over == 0


def test_among_the_tied_the_authority_chooses() -> None:
    """R-22: 12 people, two places; one is clear, three share the second."""
    people = {f"b{n}": standing(0, Band.B) for n in range(7)}
    people |= {
        "first": standing(9),
        "x": standing(5),
        "y": standing(5),
        "z": standing(5),
        "last": standing(1),
    }
    [scope] = planned(people)

    assert [change.person_id for change in scope.changes] == ["last"]
    [group] = scope.groups
    assert (group.tied, group.tied_places, group.planned, group.over) == (("x", "y", "z"), 1, 2, 3)


@pytest.mark.parametrize(
    ("rate", "base", "least"),
    [
        ("0.20", QuotaBase.GOOD, 6),
        ("0.20", QuotaBase.GOOD_OR_BETTER, 5),
        ("0.25", QuotaBase.GOOD, 5),
        ("0.15", QuotaBase.GOOD, 8),
        ("0", QuotaBase.GOOD, 0),
    ],
)
def test_how_many_people_one_a_takes(rate: str, base: QuotaBase, least: int) -> None:
    """R-21."""
    assert least_for_one(Decimal(rate), base) == least
    if least:
        assert maximum(least, Decimal(rate), base) == 1
        assert maximum(least - 1, Decimal(rate), base) == 0


def test_a_group_too_small_for_any_a_is_told_before_anybody_has_a_score() -> None:
    """R-21: five hold a post; a decision for the scope makes one A possible."""
    held = {f"p{n}": standing(0, Band.B) for n in range(5)}
    [scope] = plan({}, held, {})
    [group] = scope.groups
    assert (group.headcount, group.quota.members, group.limit_at_best, group.least_for_one) == (5, 0, 0, 6)

    [scope] = plan({}, held, DECIDED)
    assert (scope.groups[0].limit_at_best, scope.groups[0].least_for_one) == (1, 5)


people_drawn = st.dictionaries(
    st.integers(0, 200).map("p{}".format),
    st.builds(
        standing,
        st.integers(0, 4),
        st.sampled_from([Band.A, Band.A, Band.B, Band.C]),
        group=st.sampled_from("gh"),
        scope=st.sampled_from(["VP", "KT"]),
    ),
    max_size=60,
)


@given(people_drawn, st.sampled_from([{}, DECIDED]))
def test_a_plan_satisfies_unit_and_groups_with_the_fewest_changes(
    people: dict[str, Standing], scopes: dict[str, Scope]
) -> None:
    """R-21, R-22: changes and choices are exactly as many as are too many, and no better one is lowered."""
    found = planned(people, scopes)

    for scope in found:
        assert sum(group.planned for group in scope.groups) <= scope.limit
        lowered = {change.person_id for change in scope.changes}
        by_group = Counter(change.group for change in scope.changes)
        for group in scope.groups:
            members = {
                id_: each
                for id_, each in people.items()
                if (each.scope, each.group) == (scope.scope, group.quota.group)
            }
            starting = {id_ for id_, each in members.items() if each.band is Band.A}
            settled = by_group[group.quota.group]
            chosen_down = len(group.tied) - group.tied_places
            assert settled + chosen_down == group.over == max(0, len(starting) - group.quota.maximum)
            assert group.planned == min(len(starting), group.quota.maximum)
            for low in starting & lowered:
                for kept in starting - lowered:
                    assert members[kept].merits() > members[low].merits()
