"""R-29: score, remarks and evidence are for the person and the competent people; the rest see letters."""

from dataclasses import replace
from datetime import date

import pytest

from approval.domain.access import (
    Delegation,
    DelegationBackwards,
    DelegationToHimself,
    DocumentMissing,
    View,
    Viewer,
    acting_for,
    awaits,
    concerns,
    view,
)
from approval.domain.case import Case, Published
from approval.domain.competence import Competence
from approval.domain.evaluation import Evaluation
from approval.domain.grade import Grade
from approval.domain.person import Person, Roster

from . import cases as build

# "x" is led by the deputy "pho", he by the head "truong", who decides; "ct" leads the head, "bt" leads ct.
LEADS = {"x": "pho", "y": "pho", "pho": "truong", "truong": "ct", "ct": "bt", "bt": "", "z": ""}
ROSTER = Roster.of(
    "2026-03",
    [
        Person(name, name, "th" if name == "z" else "vp", "staff", superior_id=above)
        for name, above in LEADS.items()
    ],
    [],
)
ALL = View(standing=True, self_assessment=True, remarks=True, score=True, decision=True, letter=True)


def subject(*, published: bool = False, by: str = "") -> Case:
    return Case(
        person=ROSTER.people["x"],
        competence=Competence(decider_id="truong"),
        evaluation=build.evaluation("x", by=by),
        score=build.score("80"),
        decision=build.decision(Grade.B),
        published=Published(1, Grade.B, build.AT) if published else None,
    )


def viewer(name: str, *roles: str, delegated_by: str = "") -> Viewer:
    return Viewer(
        person_id=name,
        acting_for=frozenset({name, delegated_by} - {""}),
        clerk="clerk" in roles,
        organizer="organizer" in roles,
        sees_all="organizer" in roles or "auditor" in roles,
    )


HIMSELF = View(standing=True, self_assessment=True, remarks=True, score=True)
STANDING = View(standing=True)


@pytest.mark.parametrize(
    ("who", "before", "after"),
    [
        (viewer("x"), HIMSELF, replace(HIMSELF, decision=True, letter=True)),
        (viewer("pho"), ALL, ALL),
        (viewer("truong"), ALL, ALL),
        (viewer("ct"), ALL, ALL),
        (viewer("bt"), ALL, ALL),
        (viewer("z", delegated_by="truong"), ALL, ALL),
        (viewer("z", delegated_by="pho"), ALL, ALL),
        (viewer("ngoai", "organizer"), ALL, ALL),
        (viewer("ngoai", "auditor"), ALL, ALL),
        (viewer("ngoai", "clerk"), STANDING, replace(STANDING, letter=True)),
        (viewer("y"), View(), View()),
        (viewer("z"), View(), View()),
        (viewer("ngoai"), View(), View()),
        (viewer("z", delegated_by="y"), View(), View()),
    ],
    ids=lambda each: "" if isinstance(each, View) else "+".join(sorted(each.acting_for)),
)
def test_who_sees_what(who: Viewer, before: View, after: View) -> None:
    assert view(subject(), who, ROSTER) == before
    assert view(subject(published=True), who, ROSTER) == after


def test_the_clerk_sees_what_he_entered_and_still_no_score() -> None:
    found = view(subject(by="van-thu"), viewer("van-thu", "clerk"), ROSTER)

    assert found == View(standing=True, self_assessment=True, remarks=True)


def test_a_delegate_does_not_see_his_own_decision_before_publication() -> None:
    assert not view(subject(), viewer("x", delegated_by="truong"), ROSTER).decision


def test_who_decides_about_the_decider_sees_too() -> None:
    outside = replace(subject(), person=replace(ROSTER.people["x"], superior_id=""))

    assert view(outside, viewer("ct"), ROSTER) == ALL


@pytest.mark.parametrize(
    ("steps", "grade", "waits"),
    [
        (0, None, {"x", "x for truong"}),
        (1, None, {"pho", "z for pho"}),
        (2, None, {"truong", "z for truong"}),
        (2, Grade.B, set()),
    ],
)
def test_the_next_step_is_somebodys(steps: int, grade: Grade | None, waits: set[str]) -> None:
    case = Case(
        person=ROSTER.people["x"],
        competence=Competence(decider_id="truong"),
        evaluation=build.evaluation("x", steps=steps),
        decision=build.decision(grade) if grade else None,
    )
    asked = {name: viewer(name) for name in LEADS} | {
        "z for pho": viewer("z", delegated_by="pho"),
        "z for truong": viewer("z", delegated_by="truong"),
        "x for truong": viewer("x", delegated_by="truong"),
        "to chuc": viewer("ngoai", "organizer"),
    }

    assert {name for name, who in asked.items() if awaits(case, who)} == waits
    # What is read for a list of what waits is at least that, whatever stands in the records.
    unread = Case(case.person, case.competence, Evaluation(case.person.id))
    assert {name for name, who in asked.items() if concerns(unread, who)} >= waits
    assert not concerns(unread, viewer("y"))


def test_the_organizer_waits_for_the_city() -> None:
    case = Case(ROSTER.people["bt"], Competence(external=True), build.evaluation("bt", steps=0))

    assert awaits(case, viewer("ngoai", "organizer"))
    assert not awaits(case, viewer("ngoai", "clerk"))
    assert concerns(case, viewer("ngoai", "organizer"))


DELEGATION = Delegation("u", "truong", "z", date(2026, 3, 10), date(2026, 3, 12), "5/UQ")


@pytest.mark.parametrize(("day", "acts"), [(9, False), (10, True), (12, True), (13, False)])
def test_r2_a_delegation_holds_from_its_first_to_its_last_day(day: int, *, acts: bool) -> None:
    assert ("truong" in acting_for("z", [DELEGATION], date(2026, 3, day))) == acts
    assert acting_for("y", [DELEGATION], date(2026, 3, day)) == {"y"}


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        (replace(DELEGATION, to_person_id="truong"), DelegationToHimself),
        (replace(DELEGATION, to_day=date(2026, 3, 9)), DelegationBackwards),
        (replace(DELEGATION, document=""), DocumentMissing),
    ],
)
def test_r2_a_delegation_is_explicit_and_recorded(wrong: Delegation, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        wrong.check()


def test_a_circle_of_superiors_ends() -> None:
    circle = Roster.of(
        "2026-03",
        [Person("a", "a", "u", "staff", superior_id="b"), Person("b", "b", "u", "staff", superior_id="a")],
        [],
    )

    assert circle.above(circle.people["a"]) == {"b"}
