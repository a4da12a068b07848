"""The policy is data: which one is in force, how it is read, and that every refusal speaks both languages."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

import approval
from approval import policies
from approval.domain.policy import NoPolicy, in_force
from chassis.errors import Refusal
from chassis.strict_json import BadInput, parse


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(policies).joinpath("phuc-loi.json").read_text("utf-8"))
    return found


def test_the_newest_policy_of_a_month_is_in_force() -> None:
    first = policies.for_month("2026-03")
    second = replace(first, version=2, from_month="2026-07")

    assert in_force([second, first], "2026-06") is first
    assert in_force([second, first], "2026-07") is second


def test_before_the_first_policy_there_is_none() -> None:
    with pytest.raises(NoPolicy) as caught:
        policies.for_month("2025-12")

    assert caught.value.facts["first"] == "2026-01"


def test_a_month_finds_the_version_it_was_opened_with() -> None:
    for each in policies.shipped():
        assert policies.called(each.name) is each


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda given: given["competence"][0].update(posts=["mayor"]), "competence[0].posts"),
        (lambda given: given["competence"][3].update(unit_kinds=["ministry"]), "competence[3].unit_kinds"),
        (lambda given: given["competence"][2].update(decided_by=["staff"]), "competence[2].decided_by"),
        (lambda given: given["criteria"][4].update(maximum="31"), "criteria[4].maximum"),
        (lambda given: given["deadlines"]["december"].pop("remarks"), "deadlines.december.remarks"),
        (lambda given: given["quota"].update(base="everybody"), "quota.base"),
        (lambda given: given.update(from_month="March"), "from_month"),
        (lambda given: given.update(colour="red"), "colour"),
    ],
)
def test_a_policy_is_read_strictly(spoil: Callable[[dict[str, Any]], object], place: str) -> None:
    given = shipped()
    spoil(given)

    with pytest.raises(BadInput) as caught:
        policies.read(parse(json.dumps(given)))

    assert caught.value.place == place


def refusals() -> Iterator[type[Refusal]]:
    for module in pkgutil.walk_packages(approval.__path__, "approval."):
        if module.name.endswith(("__main__", ".worker")) or ".migrations" in module.name:
            continue
        for each in vars(importlib.import_module(module.name)).values():
            if isinstance(each, type) and issubclass(each, Refusal) and each.__module__ == module.name:
                yield each


@pytest.mark.parametrize("refusal", list(refusals()), ids=lambda each: each.__name__)
def test_a_refusal_speaks_both_languages(refusal: type[Refusal]) -> None:
    assert refusal.vi
    assert refusal.en
    assert refusal.vi != refusal.en
