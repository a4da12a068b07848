"""Leaders after the people in their charge: R-16."""

from decimal import Decimal

import pytest

from scoring.domain.charge import ChargeCycle
from scoring.domain.person import Person
from scoring.domain.policy import DEFAULT
from scoring.domain.score import Reason, Status, score_month
from scoring.domain.unfit import Unfit
from unit.scoring.months import leader, ratio, results, staff, task


def poor(id_: str, common: str, accepted: str = "0") -> Person:
    return staff(id_, task("1", "1", accepted), common=common)


@pytest.mark.parametrize(
    ("below", "field"),
    [
        pytest.param([], "1.0000", id="nobody in charge"),
        pytest.param([staff("s")], "1.0000", id="all do well"),
        pytest.param([staff("s"), poor("t", "30")], "0.5000", id="one under 50"),
        pytest.param([staff("s", task("1", "7", "2"), common="30")], "1.0000", id="exactly 50"),
        pytest.param([staff("s", task("1", "7", "2"), common="29.994")], "0.5000", id="49.99 printed"),
        pytest.param([staff("s", task("1", "7", "2"), common="29.995")], "1.0000", id="50.00 printed"),
        pytest.param([staff("s", blocker="1/QĐ")], "1.0000", id="a blocker is no score"),
        pytest.param([staff("s", worked_half_days=0, common="0")], "1.0000", id="absent"),
    ],
)
def test_d_is_halved_by_a_total_under_50_in_charge(below: list[Person], field: str) -> None:
    found = results(*below, leader("l", *(person.id for person in below)))["l"]

    assert found.score is not None
    assert ratio(found.score, "d") == field


def test_a_leader_comes_after_his_people_wherever_they_stand() -> None:
    people = [leader("top", "head"), leader("head", "s", organising=50, common="0"), poor("s", "0")]
    found = results(*people)

    assert found["head"].score is not None
    assert found["head"].score.ratios.leadership is not None
    assert found["head"].score.ratios.leadership.under == ("s",)
    # (1 + 1 + 1 + 0.5 + 0.5 + 1) / 6 × 70 = 58.33: the head himself is not under 50.
    assert found["head"].score.total == Decimal("58.33")
    assert found["top"].score is not None
    assert ratio(found["top"].score, "d") == "1.0000"


def test_leaders_wait_for_those_who_have_no_result_yet() -> None:
    found = results(
        leader("top", "head", "x"),
        leader("head", "z", "y"),
        staff("y", tasks=()),
        staff("z", common=None),
        staff("x"),
    )

    assert (found["head"].status, found["head"].reason) == (Status.WAITING, Reason.SUBORDINATES)
    assert found["head"].waiting_for == ("y", "z")
    assert found["top"].waiting_for == ("head",)
    assert found["x"].status is Status.EVALUATED


def test_a_leader_without_work_of_his_own_is_told_so_first() -> None:
    found = results(staff("s", tasks=()), leader("l", "s", tasks=()), leader("away", "s", worked_half_days=0))

    assert found["l"].reason is Reason.NO_ASSIGNED_WORK
    assert found["away"].reason is Reason.ATTENDANCE


def test_a_person_set_aside_is_not_waited_for() -> None:
    """R-14."""
    found = results(staff("s", tasks=(), set_aside=True), leader("l", "s"))

    assert found["l"].status is Status.EVALUATED


def test_a_cycle_is_refused_and_named() -> None:
    people = [staff("s"), leader("a", "s", "b"), leader("b", "c"), leader("c", "a"), leader("d", "a")]

    with pytest.raises(ChargeCycle) as refused:
        score_month(DEFAULT, people)

    assert refused.value.place == "people[1].manages"
    assert refused.value.facts["cycle"] == "a → b → c → a"


def test_nobody_is_in_his_own_charge() -> None:
    with pytest.raises(ChargeCycle) as refused:
        score_month(DEFAULT, [leader("a", "a")])

    assert (refused.value.place, refused.value.facts["cycle"]) == ("people[0].manages", "a → a")


def test_two_leaders_may_share_people() -> None:
    found = results(poor("s", "0"), leader("deputy", "s"), leader("head", "s", "deputy"))

    assert [each.status for each in found.values()] == [Status.EVALUATED] * 3


def test_a_long_chain_of_command_is_no_trouble() -> None:
    """A recursive walk would end at Python's limit."""
    chain = [leader(f"l{number}", f"l{number + 1}") for number in range(5000)]

    assert results(*chain, staff("l5000"))["l0"].status is Status.EVALUATED


@pytest.mark.parametrize(
    ("people", "place"),
    [
        ([staff("p"), leader("l", "p", "nobody")], "people[1].manages[1]"),
        ([staff("p"), leader("l", "p", "p")], "people[1].manages[1]"),
        ([staff("p"), staff("q"), staff("p")], "people[2].id"),
    ],
)
def test_ids_that_say_nothing_are_refused_at_their_place(people: list[Person], place: str) -> None:
    with pytest.raises(Unfit) as refused:
        score_month(DEFAULT, people)

    assert refused.value.place == place
