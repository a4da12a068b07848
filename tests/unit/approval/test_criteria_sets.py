"""R-18: sets of criteria by personnel type: read strictly, one for a type, kept with what was assessed."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.criteria import CriteriaSet, Criterion, Value
from approval.domain.evaluation import Entry, Evaluation, GivenRemarks, GivenSelfAssessment
from approval.domain.person import PERSONNEL_TYPES
from approval.domain.policy import Policy
from approval.policies.reading import LONGEST_SET_ID
from chassis.strict_json import BadInput, parse

from .cases import AT, HEAD, case, person

SHIPPED: dict[str, Any] = json.loads(files(policies).joinpath("phuc-loi.json").read_text("utf-8"))
TEN = ["I", "II", "III"]
OTHER: dict[str, Any] = {
    "id": "vien-chuc",
    "personnel_types": ["public_employee"],
    "basis": "Quyết định 88/QĐ-UBND",
    "criteria": [{"id": f"{each}.1", "group": each, "maximum": "10", "name": each} for each in TEN],
}


def read(*sets: dict[str, Any]) -> Policy:
    return policies.read(parse(json.dumps(SHIPPED | {"criteria_sets": list(sets)})))


@given(st.lists(st.sampled_from(["", "a", "b", "c"]), min_size=4, max_size=4))
def test_every_type_has_the_one_set_that_covers_it_and_the_default_one_where_none_does(
    ids: list[str],
) -> None:
    by_type = dict(zip(PERSONNEL_TYPES, ids, strict=True))
    policy = read(
        *(
            OTHER | {"id": id_, "personnel_types": [each for each, own in by_type.items() if own == id_]}
            for id_ in sorted({*ids} - {""})
        )
    )

    assert {each: policy.set_for(each).id for each in PERSONNEL_TYPES} == by_type
    assert policy.set_for("").id == ""
    for each in PERSONNEL_TYPES:
        assert sum(criterion.maximum for criterion in policy.set_for(each).criteria) == 30


def test_the_shipped_regulation_has_one_set_for_everybody() -> None:
    policy = policies.built_in()
    assert policy.sets == ()
    assert {policy.set_for(each) for each in (*PERSONNEL_TYPES, "")} == {CriteriaSet("", policy.criteria)}


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda one: one.update(id="Viên chức"), "criteria_sets[0].id"),
        (lambda one: one.update(id="a" * (LONGEST_SET_ID + 1)), "criteria_sets[0].id"),
        (lambda one: one.update(id=""), "criteria_sets[0].id"),
        (lambda one: one.update(personnel_types=[]), "criteria_sets[0].personnel_types"),
        (lambda one: one.update(personnel_types=["teacher"]), "criteria_sets[0].personnel_types[0]"),
        (lambda one: one.update(personnel_types=["cadre", "cadre"]), "criteria_sets[0].personnel_types[1]"),
        (lambda one: one.pop("basis"), "criteria_sets[0].basis"),
        (lambda one: one.pop("criteria"), "criteria_sets[0].criteria"),
        (lambda one: one["criteria"].pop(), "criteria_sets[0].criteria"),
        (lambda one: one["criteria"][1].update(maximum="9"), "criteria_sets[0].criteria"),
        (lambda one: one["criteria"][1].update(maximum="31"), "criteria_sets[0].criteria[1].maximum"),
        (lambda one: one["criteria"].reverse(), "criteria_sets[0].criteria[1].group"),
        (lambda one: one.update(colour="red"), "criteria_sets[0].colour"),
    ],
)
def test_a_set_is_read_as_strictly_as_the_default_one(
    spoil: Callable[[dict[str, Any]], object], place: str
) -> None:
    spoilt = deepcopy(OTHER)
    spoil(spoilt)

    with pytest.raises(BadInput) as caught:
        read(spoilt)

    assert caught.value.place == place
    assert caught.value.facts["problem_vi"] != caught.value.problem


def test_neither_an_id_nor_a_type_is_in_two_sets() -> None:
    with pytest.raises(BadInput) as twice:
        read(OTHER, OTHER | {"personnel_types": ["cadre"]})
    with pytest.raises(BadInput) as covered:
        read(OTHER, OTHER | {"id": "khac", "personnel_types": ["cadre", "public_employee"]})

    assert twice.value.place == "criteria_sets[1].id"
    assert covered.value.place == "criteria_sets[1].personnel_types[1]"


def full(criteria: tuple[Criterion, ...]) -> tuple[Value, ...]:
    return tuple(Value(each.id, each.maximum) for each in criteria)


def test_what_was_assessed_stays_with_its_set_until_nothing_of_it_is_left() -> None:
    policy, entry = read(OTHER), Entry(HEAD, AT)
    teacher = replace(
        case("a"), person=person("a", personnel_type="public_employee"), evaluation=Evaluation("a")
    )
    own = policy.criteria_of(teacher)
    assert own.id == "vien-chuc"

    assessed = teacher.evaluation.assess(
        GivenSelfAssessment("a", full(own.criteria)), own.criteria, entry, criteria_set=own.id
    )
    official = replace(teacher, person=person("a", personnel_type="civil_servant"), evaluation=assessed)
    assert policy.criteria_of(official) == own
    remarked = assessed.remark(
        GivenRemarks("a"), own.criteria, entry, leads=False, self_overdue=False, criteria_set=own.id
    )
    assert remarked.return_remarks().criteria_set == own.id
    anew = replace(official, evaluation=remarked.return_remarks().return_self_assessment())
    assert policy.criteria_of(anew).id == ""


def test_remarks_without_a_self_assessment_keep_the_set_they_were_given_with() -> None:
    policy, entry = read(OTHER), Entry(HEAD, AT)
    teacher = replace(
        case("a"), person=person("a", personnel_type="public_employee"), evaluation=Evaluation("a")
    )
    own = policy.criteria_of(teacher)
    given = GivenRemarks("a", full(own.criteria))

    remarked = teacher.evaluation.remark(
        given, own.criteria, entry, leads=False, self_overdue=True, criteria_set=own.id
    )

    unknown = replace(teacher, person=person("a"), evaluation=remarked)
    assert policy.criteria_of(unknown) == own
    assert remarked.general == Decimal(30)
    assert policy.criteria_of(replace(unknown, evaluation=remarked.return_remarks())).id == ""
