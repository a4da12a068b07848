"""The policy is data: which one is in force, how it is read, and that every refusal speaks both languages."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

import approval
from approval import policies
from approval.domain.policy_version import CITY, ApprovedOtherwise, NoPolicy, OwnProposal, Version, in_force
from chassis.errors import Refusal
from chassis.strict_json import BadInput, parse


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(files(policies).joinpath("phuc-loi.json").read_text("utf-8"))
    return found


BUILT_IN = policies.shipped()[0]
AT = datetime(2026, 6, 1, tzinfo=UTC)


def version(id_: str, number: int = 1, *, owner: str = "w", begin: str = "2026-01", **fields: Any) -> Version:
    """A version that differs from the shipped one in its name and months; approved unless said otherwise."""
    until = fields.pop("until", "")
    policy = replace(BUILT_IN.policy, id=id_, version=number, from_month=begin, until_month=until)
    approval: dict[str, Any] = {"approved_by": "b", "approved_at": AT}
    return Version(policy, "{}", owner=owner, proposed_by="a", **(approval | fields))


def test_before_the_first_policy_there_is_none() -> None:
    with pytest.raises(NoPolicy) as caught:
        in_force([BUILT_IN], "w", "2025-12")

    assert caught.value.facts["first"] == "2026-01"


def test_a_wards_own_goes_before_the_citys_and_the_citys_before_the_shipped_one() -> None:
    own, city = version("own", begin="2026-07"), version("city", owner=CITY, begin="2026-04")
    known = [own, BUILT_IN, city]

    assert in_force(known, "w", "2026-03") is BUILT_IN
    assert in_force(known, "w", "2026-06") is city
    assert in_force(known, "w", "2026-07") is own
    assert in_force(known, "another", "2026-07") is city


def test_the_latest_first_month_counts_then_the_latest_approval() -> None:
    first, second = version("own"), version("own", 2, begin="2026-05")
    third = version("own", 3, begin="2026-05", approved_at=AT + timedelta(days=1))

    assert in_force([second, first], "w", "2026-06") is second
    assert in_force([second, first], "w", "2026-04") is first
    assert in_force([third, second, first], "w", "2026-06") is third


def test_a_proposal_and_what_has_ended_are_not_in_force() -> None:
    proposed = version("own", approved_by="", approved_at=None)
    ended = version("trial", begin="2026-02", until="2026-03")

    assert in_force([proposed, ended, BUILT_IN], "w", "2026-03") is ended
    assert in_force([proposed, ended, BUILT_IN], "w", "2026-04") is BUILT_IN


def test_somebody_else_approves_once() -> None:
    proposed = version("own", approved_by="", approved_at=None)

    with pytest.raises(OwnProposal):
        proposed.approve(by="a", decision="1/QĐ", at=AT)
    approved = proposed.approve(by="b", decision="1/QĐ", at=AT)
    assert approved.approved
    assert approved.approve(by="a", decision="1/QĐ", at=AT + timedelta(days=1)) is approved
    with pytest.raises(ApprovedOtherwise):
        approved.approve(by="c", decision="2/QĐ", at=AT)
    with pytest.raises(ApprovedOtherwise):
        BUILT_IN.approve(by="c", decision="2/QĐ", at=AT)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda given: given["competence"][0].update(posts=["mayor"]), "competence[0].posts[0]"),
        (lambda given: given["competence"][3].update(unit_kinds=["ministry"]), "competence[3].unit_kinds[0]"),
        (lambda given: given["competence"][2].update(decided_by=["staff"]), "competence[2].decided_by[0]"),
        (lambda given: given["competence"][2].update(decided_by=[]), "competence[2].decided_by"),
        (lambda given: given["competence"][0].update(within_unit=True), "competence[0].within_unit"),
        (lambda given: given["competence"].pop(10), "competence"),
        (lambda given: given["competence"].append(given["competence"][3]), "competence[16]"),
        (lambda given: given["criteria"][4].update(maximum="31"), "criteria[4].maximum"),
        (lambda given: given["criteria"][4].update(maximum="3"), "criteria"),
        (lambda given: given.update(criteria=given["criteria"][:6]), "criteria"),
        (lambda given: given["criteria"][4].update(id="reason"), "criteria[4].id"),
        (lambda given: given["criteria"][4].update(id="II.1"), "criteria[4].id"),
        (lambda given: given["criteria"][4].update(group="IV"), "criteria[4].group"),
        (lambda given: given["criteria"].reverse(), "criteria[4].group"),
        (lambda given: given["deadlines"]["december"].pop("remarks"), "deadlines.december.remarks"),
        (
            lambda given: given["deadlines"]["usual"]["decision"].update(before_day=25),
            "deadlines.usual.decision.before_day",
        ),
        (
            lambda given: given["deadlines"]["usual"]["self_assessment"].update(before_day=1),
            "deadlines.usual.self_assessment.before_day",
        ),
        (
            lambda given: given["deadlines"]["usual"]["remarks"].update(months_later=-1),
            "deadlines.usual.remarks.months_later",
        ),
        (lambda given: given["quota"].update(highest_rate="0.1"), "quota.highest_rate"),
        (lambda given: given["reminders"].update(above_after=0), "reminders.above_after"),
        (lambda given: given["reminders"].update(days_before=["3", "3"]), "reminders.days_before[1]"),
        (lambda given: given.update(legal_basis=[]), "legal_basis"),
        (lambda given: given.update(until_month="2025-12"), "until_month"),
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
    assert caught.value.facts["problem_vi"] != caught.value.problem


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
