"""How many A, and who: R-21, R-22 (NĐ 335/2025 Điều 20.5)."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.domain.person import Person
from scoring.domain.policy import QuotaBase
from scoring.domain.quota import Scope, maximum
from scoring.domain.unfit import Unfit
from scoring.domain.work import Fault, Kind
from unit.scoring.months import leader, results, staff, task

DECIDED = Scope("VP", Decimal("0.25"), "12/QĐ-UBND")


def good(number: int) -> list[Person]:
    """So many people of band B."""
    return [staff(f"b{each}", common="15") for each in range(number)]


def marks(*people: Person, **given: object) -> dict[str, str]:
    found = results(*people, **given)  # type: ignore[arg-type]
    return {
        id_: f"{result.score.placement.mark}-{result.score.grade}"
        for id_, result in found.items()
        if result.score is not None
    }


@pytest.mark.parametrize(
    ("members", "rate", "of_good", "of_good_or_better"),
    [
        (0, "0.20", 0, 0),
        (5, "0.20", 0, 1),
        (6, "0.20", 1, 1),
        (11, "0.20", 1, 2),
        (12, "0.20", 2, 2),
        (30, "0.20", 5, 6),
        (100, "0.20", 16, 20),
        (871, "0.20", 145, 174),
        (4, "0.25", 0, 1),
        (5, "0.25", 1, 1),
        (10, "0.25", 2, 2),
        (1000, "0", 0, 0),
    ],
)
def test_the_maximum_is_exact(members: int, rate: str, of_good: int, of_good_or_better: int) -> None:
    """R-21. With floats, 0.2 × 30 / 1.2 falls short of 5."""
    assert maximum(members, Decimal(rate), QuotaBase.GOOD) == of_good
    assert maximum(members, Decimal(rate), QuotaBase.GOOD_OR_BETTER) == of_good_or_better


@pytest.mark.parametrize("members", range(1, 200))
def test_a_is_at_most_a_fifth_of_the_final_b_and_one_more_would_be_too_many(members: int) -> None:
    """R-21, the literal text: 20 % of those finally rated B."""
    a = maximum(members, Decimal("0.20"), QuotaBase.GOOD)

    assert 5 * a <= members - a
    assert 5 * (a + 1) > members - (a + 1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(staff("x", common="29.99"), staff("y", common="29.98"), id="total"),
        pytest.param(
            # Both print 100.00; x has the better ratio, y the better quality.
            staff("x", task("1", "1000000", "1000000", Fault(1, failed_reviews=1))),
            staff("y", task("1", "1000000", "1000000", Fault(20, missed_deadlines=1))),
            id="task ratio",
        ),
        pytest.param(
            staff("x", task("1", "2", "2", Fault(missed_deadlines=1))),
            staff("y", task("1", "2", "2", Fault(failed_reviews=1))),
            id="quality",
        ),
        pytest.param(
            staff("x", task("1", "2"), task("1", "1", "1", Fault(failed_reviews=4), kind=Kind.EXTRA)),
            staff("y", task("1", "2"), task("1", "1", "1", Fault(1, 4, 0, 1), kind=Kind.EXTRA)),
            id="timeliness",
        ),
        pytest.param(staff("x", task("1", "3")), staff("y", task("1", "2")), id="volume"),
    ],
)
def test_the_ranking_goes_down_the_list_of_merits(better: Person, worse: Person) -> None:
    """R-22: total, task ratio, uncapped b, uncapped c, converted volume done."""
    for people in ([better, worse, *good(4)], [worse, better, *good(4)]):
        found = marks(*people)
        assert (found["x"], found["y"]) == ("kept-A", "lowered-B")


def test_those_who_cannot_be_told_apart_at_the_cut_are_all_tied() -> None:
    """R-22: 14 people, two places; the first is clear, three share the second."""
    found = marks(staff("first", task("1", "2")), *(staff(f"t{each}") for each in range(3)), *good(10))

    assert Counter(found.values()) == {"kept-A": 1, "tie-B": 3, "none-B": 10}


def test_a_tie_within_the_quota_is_no_tie() -> None:
    found = marks(staff("x"), staff("y"), *good(10))

    assert (found["x"], found["y"]) == ("kept-A", "kept-A")


def test_without_a_place_there_is_nothing_to_choose() -> None:
    """R-22: A_max is 0, so equal people are lowered, not tied."""
    assert set(marks(*(staff(f"t{each}") for each in range(5))).values()) == {"lowered-B"}


def test_each_group_and_each_scope_has_its_own_quota() -> None:
    """R-21."""
    six = [staff(f"a{each}", common=f"2{each}") for each in range(6)]
    other_group = [replace(person, id=f"g{person.id}", group="clerk") for person in six]
    other_unit = [replace(person, id=f"u{person.id}", unit="KT") for person in six]
    found = marks(*six, *other_group, *other_unit)

    assert [id_ for id_, mark in found.items() if mark == "kept-A"] == ["a5", "ga5", "ua5"]


def test_a_scope_joins_people_of_several_units() -> None:
    """R-21: the heads of six units are decided by one authority."""
    heads = [leader(f"h{each}", unit=f"U{each}", quota_scope="ward", common=f"2{each}") for each in range(6)]

    assert Counter(marks(*heads).values()) == {"kept-A": 1, "lowered-B": 5}


def test_only_those_evaluated_in_band_a_or_b_without_a_blocker_are_counted() -> None:
    """R-11, R-20, R-21: five of the nine count, so nobody can be A."""
    found = marks(
        staff("x"),
        *good(4),
        staff("absent", worked_half_days=0),
        staff("idle", tasks=()),
        staff("blocked", blocker="1/QĐ"),
        staff("c", task("1", "2", "1")),
    )

    assert found["x"] == "lowered-B"
    assert marks(staff("x"), *good(5))["x"] == "kept-A"


def test_a_decision_allows_up_to_a_quarter() -> None:
    """R-21."""
    people = [staff("x"), *good(4)]

    assert marks(*people)["x"] == "lowered-B"
    assert marks(*people, scopes=[DECIDED])["x"] == "kept-A"
    assert marks(*people, scopes=[replace(DECIDED, id="KT")])["x"] == "lowered-B"


def test_a_decision_for_a_scope_is_not_one_for_the_unit() -> None:
    people = [replace(person, quota_scope="ward") for person in (staff("x"), *good(4))]

    assert marks(*people, scopes=[DECIDED])["x"] == "lowered-B"
    assert marks(*people, scopes=[replace(DECIDED, id="ward")])["x"] == "kept-A"


def test_a_lower_rate_needs_no_decision() -> None:
    assert marks(staff("x"), *good(5), scopes=[Scope("VP", Decimal("0.1"))])["x"] == "lowered-B"


@pytest.mark.parametrize(
    ("scopes", "place"),
    [
        ([Scope("VP", Decimal("0.26"), "12/QĐ")], "units[0].quota_rate"),
        ([Scope("VP", Decimal("NaN"), "12/QĐ")], "units[0].quota_rate"),
        ([Scope("VP"), Scope("KT", Decimal("0.21"))], "units[1].quota_decision"),
        ([Scope("VP", Decimal("0.21"), "")], "units[0].quota_decision"),
        ([Scope("VP"), Scope("VP")], "units[1].id"),
    ],
)
def test_a_rate_beyond_the_law_is_refused_at_its_place(scopes: list[Scope], place: str) -> None:
    """R-21."""
    with pytest.raises(Unfit) as refused:
        results(staff("x"), scopes=scopes)

    assert refused.value.place == place
    assert "{" not in refused.value.told("vi") + refused.value.told("en")
