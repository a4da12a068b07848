"""Months whose facts are not complete, or contradict one another: R-11, R-14, R-16."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.charge import indices, order, untangled
from scoring.domain.person import Person
from scoring.domain.policy import DEFAULT
from scoring.domain.score import Reason, Status, rescore, score_month
from unit.scoring.months import leader, results, staff, task


def test_nobody_is_judged_before_the_working_time_is_known() -> None:
    """R-10, R-11."""
    found = results(
        staff("s", required_half_days=None, worked_half_days=0),
        staff("aside", required_half_days=None, worked_half_days=0, set_aside=True),
        leader("l", "s"),
    )

    assert (found["s"].status, found["s"].reason) == (Status.INSUFFICIENT_DATA, Reason.NO_WORKING_TIME)
    assert found["aside"].reason is Reason.SET_BY_AUTHORITY
    assert (found["l"].status, found["l"].waiting_for) == (Status.WAITING, ("s",))


def test_people_in_one_anothers_charge_wait_and_are_named() -> None:
    """R-16."""
    people = untangled(
        [leader("top", "a"), leader("a", "b", "s"), leader("b", "c"), leader("c", "a"), staff("s")]
    )
    found = results(*people)

    for each in "abc":
        assert (found[each].status, found[each].reason) == (Status.WAITING, Reason.MANAGEMENT_CYCLE)
        assert found[each].waiting_for == ("a", "b", "c")
    assert (found["top"].reason, found["top"].waiting_for) == (Reason.SUBORDINATES, ("a",))
    assert found["s"].status is Status.EVALUATED
    assert people[1].manages == ("s",)


def test_one_in_his_own_charge_is_a_circle() -> None:
    assert untangled([leader("a", "a", "s"), staff("s")])[0].entangled == ("a",)


def test_who_worked_too_little_is_not_evaluated_in_a_circle_either() -> None:
    people = untangled([leader("a", "b", worked_half_days=0), leader("b", "a")])

    assert results(*people)["a"].reason is Reason.ATTENDANCE


def reached(people: list[Person], start: str) -> set[str]:
    manages = {person.id: person.manages for person in people}
    found: set[str] = set()
    waiting = list(manages[start])
    while waiting:
        id_ = waiting.pop()
        if id_ not in found:
            found.add(id_)
            waiting.extend(manages[id_])
    return found


@given(st.lists(st.sets(st.integers(0, 8)), min_size=9, max_size=9))
def test_exactly_those_who_lead_back_to_themselves_are_entangled(below: list[set[int]]) -> None:
    """R-16: and what is left has an order."""
    people = [leader(f"p{index}", *(f"p{id_}" for id_ in sorted(ids))) for index, ids in enumerate(below)]
    after = untangled(people)

    for person, free in zip(people, after, strict=True):
        circle = {id_ for id_ in reached(people, person.id) if person.id in reached(people, id_)}
        assert set(free.entangled) == circle
        assert set(free.manages) == set(person.manages) - circle
    assert len(order(after, indices(after))) == len(people)


def test_a_score_computed_alone_is_the_one_of_the_month() -> None:
    """R-23: what an explanation is made from."""
    people = [leader("l", "poor", organising=50), staff("poor", task("1", "9", "1"), common="5"), staff("s")]
    for person, result in zip(people, score_month(DEFAULT, people), strict=True):
        score = result.score
        assert score is not None
        under = score.ratios.leadership.under if score.ratios.leadership else ()
        assert rescore(DEFAULT, person, under, score.placement) == score


def test_nobody_without_an_assessment_is_scored_alone() -> None:
    [score] = [result.score for result in score_month(DEFAULT, [staff("s")])]
    assert score is not None
    with pytest.raises(ValueError, match="general"):
        rescore(DEFAULT, staff("s", common=None), (), score.placement)
