"""Who leads whom (R-1, R-16)."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.organization import (
    Person,
    PersonnelType,
    Role,
    charge_problems,
    circle,
    subordinates,
    superiors,
)

MARCH = Month(2026, 3)
NODES = "abcdefgh"
GRAPHS = st.dictionaries(st.sampled_from(NODES), st.lists(st.sampled_from(NODES), unique=True, max_size=4))
CHAINS = st.dictionaries(st.sampled_from(NODES), st.sampled_from(["", *NODES]))


def person(person_id: str, superior_id: str = "", *in_charge: str, role: Role = Role.LEADER) -> Person:
    return Person(
        ward_id="w",
        person_id=person_id,
        from_month=MARCH,
        full_name=person_id,
        unit_id="vp",
        personnel_type=PersonnelType.CIVIL_SERVANT,
        post="staff",
        title="Chuyên viên",
        role=role,
        salary_coefficient=Decimal(3),
        superior_id=superior_id,
        in_charge_ids=in_charge,
        revision=1,
    )


def problems(*people: Person) -> list[tuple[str, str]]:
    known = {each.person_id: each for each in people}
    return [(who, problem.part) for who, problem in charge_problems(known, known)]


def reaches(graph: Mapping[str, list[str]], start: str) -> bool:
    """True if one can come back to where one started."""
    seen: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        each = waiting.pop()
        if each == start:
            return True
        if each not in seen:
            seen.add(each)
            waiting += graph.get(each, ())
    return False


@given(GRAPHS)
def test_r16_a_circle_is_found_exactly_when_there_is_one_and_named_truly(graph: dict[str, list[str]]) -> None:
    found = circle(graph)
    assert bool(found) == any(reaches(graph, node) for node in NODES)
    assert all(after in graph[before] for before, after in pairwise(found))
    if found:
        assert found[0] == found[-1] == min(found)


def test_r16_a_long_chain_is_no_circle() -> None:
    assert circle({str(number): [str(number + 1)] for number in range(5_000)}) == ()


@given(CHAINS)
def test_r5_those_above_and_those_below_are_two_views_of_one_thing(chain: dict[str, str]) -> None:
    present = {each: above if above in chain else "" for each, above in chain.items()}
    for upper in present:
        below = subordinates(present, upper)
        assert below == {each for each in present if upper in superiors(present, each)}


def test_nobody_is_above_whom_nobody_leads() -> None:
    chain = {"a": "", "b": "a", "c": "b"}
    assert superiors(chain, "c") == ("b", "a")
    assert superiors(chain, "a") == superiors(chain, "stranger") == ()
    assert subordinates(chain, "") == set()


def test_r16_circles_are_refused_naming_them() -> None:
    assert problems(person("a", "b", "b"), person("b", "a", "a")) == [
        ("a", "superior_id"),
        ("a", "in_charge_ids"),
    ]


def test_r1_only_known_people_lead_and_are_led() -> None:
    assert problems(person("a", "ghost", "phantom", "a")) == [
        ("a", "superior_id"),
        ("a", "in_charge_ids"),
        ("a", "in_charge_ids"),
    ]
    assert problems(person("a", "a")) == [("a", "superior_id")]


def test_r15_whoever_leads_is_a_leader() -> None:
    staff = person("a", "", "b", role=Role.STAFF)
    assert problems(staff, person("b", "a")) == [("a", "in_charge_ids"), ("a", "role")]


def test_r1_who_still_leads_cannot_leave() -> None:
    left = charge_problems({"b": person("b", "a")}, ["a"])
    assert [(who, problem.part) for who, problem in left] == [("a", "active")]


def test_r1_a_post_holds_until_the_next() -> None:
    first = person("a")
    assert first.holds(None, MARCH) == first
    assert replace(first, revision=0).holds(first, MARCH) is None
    assert replace(first, revision=0).holds(first, MARCH.plus(2)) is None
    same_month = replace(first, title="Trưởng phòng").holds(first, MARCH)
    assert same_month
    assert (same_month.from_month, same_month.revision) == (MARCH, 2)
    later = replace(first, title="Trưởng phòng").holds(first, MARCH.plus(2))
    assert later
    assert (later.from_month, later.revision) == (MARCH.plus(2), 1)
