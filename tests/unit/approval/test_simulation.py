"""A month under another policy: who would be touched, and how (R-2, R-18, R-21, R-26)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.case import Case
from approval.domain.competence import Competence, Rule, competence
from approval.domain.criteria import Criterion, Value
from approval.domain.deadlines import Before, Calendar, Extension, Step
from approval.domain.evaluation import Stage
from approval.domain.grade import Grade
from approval.domain.person import Roster, Unit
from approval.domain.policy import Policy
from approval.domain.quota import QuotaBase, Rate, Terms
from approval.domain.simulation import Facts, Room, Simulation, simulate

from .cases import AT, HEAD, case, person

MONTH = "2026-03"
OWN = policies.built_in()
NOW = AT + timedelta(days=1)
GENEROUS = Terms(Decimal("0.5"), QuotaBase.GOOD_OR_BETTER)


def facts(
    cases: Sequence[Case], *, terms: Terms = OWN.quota, rates: Mapping[str, Rate] | None = None, **given: Any
) -> Facts:
    people = [each.person for each in cases]
    roster = Roster.of(MONTH, people, [Unit("vp", "Văn phòng", "office")])
    decided = {
        each.person.id: replace(each, competence=competence(each.person, roster, OWN.competence))
        for each in cases
    }
    return Facts(
        month=MONTH,
        extensions=given.get("extensions", ()),
        roster=roster,
        cases=decided | given.get("external", {}),
        terms=lambda _: terms,
        recorded=rates or {},
    )


def head() -> Case:
    return replace(case(HEAD), person=person(HEAD, post="unit_head", superior_id="ct"))


def chair() -> Case:
    return replace(case("ct"), person=person("ct", post="committee_chair", superior_id=""))


def other(**fields: Any) -> Policy:
    return replace(OWN, version=2, **fields)


def room(found: Simulation) -> dict[str, tuple[Room, Room]]:
    return {each.person.id: (each.room_before, each.room_after) for each in found.effects}


def test_r2_who_would_be_decided_by_somebody_else_or_by_nobody() -> None:
    rule = Rule(posts=frozenset({"staff"}), holders=("committee_chair",), basis="x")
    gone = Rule(posts=frozenset({"unit_head"}), holders=("council_chair",), basis="x")
    month = facts([case("a"), head(), chair()])

    found = simulate(month, OWN, other(competence=(rule, gone, *OWN.competence)), at=NOW)

    deciders = {
        each.person.id: (each.decider_before.decider_id, each.decider_after.decider_id)
        for each in found.effects
        if each.other_decider
    }
    assert deciders == {"a": (HEAD, "ct"), HEAD: ("ct", "")}


def test_r26_steps_taken_and_awaited_would_be_late() -> None:
    early = {step: Before(AT.day) for step in Step}
    waits = case("b", steps=0)

    found = simulate(facts([case("a", "80"), waits]), OWN, other(calendar=Calendar(early, early)), at=NOW)

    late = {
        each.person.id: [(move.step, move.taken_at, move.before, move.after) for move in each.late]
        for each in found.effects
    }
    assert late == {
        "a": [
            (Step.SELF_ASSESSMENT, AT, False, True),
            (Step.REMARKS, AT, False, True),
            (Step.DECISION, None, False, True),
        ],
        "b": [(Step.SELF_ASSESSMENT, None, False, True)],
    }


def test_r26_an_extension_counts_for_what_was_done_after_it_was_recorded() -> None:
    early = {step: Before(AT.day) for step in Step}
    extension = Extension(Step.SELF_ASSESSMENT, 1, date(2026, 3, 30), "bão", "x", AT - timedelta(hours=1))
    too_late = replace(extension, step=Step.REMARKS, extended_at=AT + timedelta(hours=1))
    month = facts([case("a", "80", grade=Grade.B)], extensions=(extension, too_late))

    found = simulate(month, OWN, other(calendar=Calendar(early, early)), at=NOW)

    [effect] = found.effects
    assert [each.step for each in effect.late] == [Step.REMARKS, Step.DECISION, Step.PUBLICATION]
    moved = {each.step: (each.before, each.after) for each in found.deadlines}
    assert moved[Step.SELF_ASSESSMENT] == (date(2026, 3, 30), date(2026, 3, 30))
    assert moved[Step.DECISION] == (date(2026, 3, 27), date(2026, 3, 19))


def test_r21_whose_a_would_be_beyond_the_quota_is_last_in_points() -> None:
    members = [
        case("a", "98", grade=Grade.A),
        case("b", "95", outcome="kept"),
        case("c", "80"),
        case("d", "75"),
    ]

    found = simulate(
        facts(members, terms=GENEROUS),
        OWN,
        other(quota=Terms(Decimal("0.25"), QuotaBase.GOOD_OR_BETTER)),
        at=NOW,
    )

    assert room(found) == {"b": (Room.WITHIN, Room.BEYOND)}
    [group] = found.groups
    assert (group.before.limit, group.after.limit) == (2, 1)


def test_r22_people_of_the_same_points_at_the_cut_are_tied() -> None:
    members = [case("a", "95", outcome="kept"), case("b", "95", outcome="kept"), case("c", "80")]

    found = simulate(
        facts([*members, case("d", "80")], terms=GENEROUS),
        OWN,
        other(quota=Terms(Decimal("0.25"), QuotaBase.GOOD_OR_BETTER)),
        at=NOW,
    )

    assert room(found) == {"a": (Room.WITHIN, Room.TIED), "b": (Room.WITHIN, Room.TIED)}


def test_r21_what_the_city_decided_goes_before() -> None:
    city = replace(case("z", "91", grade=Grade.A), competence=Competence(external=True))
    members = [case("a", "95", outcome="kept"), case("c", "80"), case("d", "80")]
    month = facts([*members, city], terms=GENEROUS, external={"z": city})
    quota = Terms(Decimal("0.25"), QuotaBase.GOOD_OR_BETTER)
    city_too = Rule(posts=frozenset({"staff"}), city=True, basis="x")

    by_points = simulate(month, OWN, other(quota=quota), at=NOW)
    before = simulate(month, OWN, other(quota=quota, competence=(city_too, *OWN.competence)), at=NOW)

    assert room(by_points)["z"] == (Room.WITHIN, Room.BEYOND)
    assert room(before)["a"][1] is Room.WITHIN


def test_r21_a_decision_on_record_allows_no_more_than_the_other_policy_lets_it() -> None:
    members = [case(name, "95", outcome="kept") for name in "ab"] + [case(name, "80") for name in "cdefgh"]
    rate = Rate("vp", Decimal("0.25"), "7/QĐ", "2026-03-01", "CT", "dẫn đầu")
    month = facts(members, terms=Terms(Decimal("0.25"), QuotaBase.GOOD_OR_BETTER), rates={"vp": rate})
    base = Terms(Decimal("0.1"), QuotaBase.GOOD_OR_BETTER)

    allowed = simulate(month, OWN, other(quota=base), at=NOW)
    cut = simulate(month, OWN, other(quota=base, highest_rate=Decimal("0.15")), at=NOW)

    assert allowed.groups == ()
    assert [each.after.limit for each in cut.groups] == [1]


def test_r21_where_both_say_the_same_the_months_own_terms_stay() -> None:
    members = [case("a", "95", outcome="kept"), case("b", "80")]

    assert simulate(facts(members, terms=GENEROUS), OWN, other(), at=NOW).effects == ()


def test_r18_points_that_would_not_fit() -> None:
    values = (Value("I.1", Decimal(5)), Value("I.2", Decimal(4), "x"))
    own = case("a", "80", steps=1)
    assessment = own.evaluation.self_assessment
    assert assessment
    own = replace(own, evaluation=replace(own.evaluation, self_assessment=replace(assessment, values=values)))
    criteria = (Criterion("I.1", "I", "x", Decimal(4)), Criterion("I.3", "I", "y", Decimal(6)))

    found = simulate(facts([own]), OWN, other(criteria=criteria), at=NOW)

    [effect] = found.effects
    assert [(each.stage, each.criterion_id, each.value, each.criterion) for each in effect.misfits] == [
        (Stage.SELF, "I.1", values[0], criteria[0]),
        (Stage.SELF, "I.2", values[1], None),
        (Stage.SELF, "I.3", None, criteria[1]),
    ]


TOTALS = st.lists(st.sampled_from(["96", "95", "92", "80", "75", "60", "40", ""]), max_size=8)
RATES = st.sampled_from([Terms(Decimal(rate), base) for rate in ("0.1", "0.2", "0.5") for base in QuotaBase])
EVERYBODY = Terms(Decimal(1), QuotaBase.GOOD_OR_BETTER)


@given(TOTALS, RATES)
def test_r21_no_more_keep_room_than_the_limit_and_the_same_policy_touches_nobody(
    totals: list[str], quota: Terms
) -> None:
    members = [
        case(f"p{place}", total, outcome="kept" if total > "90" else "") for place, total in enumerate(totals)
    ]
    month, open_to_all = facts(members, terms=EVERYBODY), other(quota=EVERYBODY)

    assert simulate(month, open_to_all, open_to_all, at=NOW).effects == ()
    found = simulate(month, open_to_all, other(quota=quota), at=NOW)

    assert all(each.room_before is Room.WITHIN for each in found.effects)
    holders = sum(total > "90" for total in totals)
    keep = holders - len(found.effects)
    assert all(keep <= each.after.limit for each in found.groups)
    assert found.groups or not found.effects
