"""R-2, R-14, R-20 to R-22, R-27, R-28: deciding grades, all or none."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from approval.domain import decision
from approval.domain.case import Case, State
from approval.domain.competence import Competence, Problem
from approval.domain.decision import Choice, decide
from approval.domain.evaluation import NoRemarks
from approval.domain.grade import Grade
from approval.domain.quota import QuotaBase, Terms
from approval.domain.score import ScoreStatus
from chassis.errors import Blocked, Forbidden, Refusal, Stale

from . import cases as build
from .cases import HEAD, case

TERMS = Terms(Decimal("0.20"))


def rule(
    people: Sequence[Case], *choices: Choice, actor: str = HEAD, terms: Terms = TERMS
) -> dict[str, Grade]:
    known = {each.person.id: each for each in people}
    found = decide(known, choices, actor_id=actor, acting_for={actor}, terms=lambda _: terms)
    return {each.case.person.id: each.grade for each in found}


def refused(people: Sequence[Case], *choices: Choice, actor: str = HEAD) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(people, *choices, actor=actor)
    return caught.value


def six(*extra: Case) -> list[Case]:
    """Five with B, and so room for one A among six."""
    return [*(case(f"b{n}", "80") for n in range(5)), *extra]


def test_as_proposed_needs_no_reason() -> None:
    people = six(case("a", "95", outcome="kept"))

    assert rule(people, *(Choice(each.person.id) for each in people)) == {
        **{f"b{n}": Grade.B for n in range(5)},
        "a": Grade.A,
    }


def test_r28_otherwise_than_proposed_needs_a_reason() -> None:
    no = refused([case("x", "80")], Choice("x", Grade.C, place="decisions[0]"))

    assert isinstance(no, decision.DeviationWithoutReason)
    assert no.facts["field"] == "decisions[0].reason"
    assert rule([case("x", "80")], Choice("x", Grade.C, "vi phạm quy chế")) == {"x": Grade.C}


def test_r20_a_blocker_proposes_d_and_the_authority_may_decide_otherwise_with_a_reason() -> None:
    blocked = case("x", "85", blocker="12/QĐ-KL")

    assert rule([blocked], Choice("x")) == {"x": Grade.D}
    assert isinstance(refused([blocked], Choice("x", Grade.B)), decision.DeviationWithoutReason)
    assert rule([blocked], Choice("x", Grade.B, "quyết định kỷ luật đã hủy")) == {"x": Grade.B}


def test_r28_a_raise_within_the_quota_holds() -> None:
    people = six(case("a", "91"))

    assert rule(people, Choice("a", Grade.A, "có sáng kiến")) == {"a": Grade.A}


def test_r21_a_raise_over_the_quota_is_refused_naming_who_holds_a() -> None:
    people = six(case("a1", "95", outcome="kept"), case("a2", "94"))

    no = refused(people, Choice("a2", Grade.A, "có sáng kiến"))

    assert isinstance(no, decision.QuotaBroken)
    assert (no.facts["scope"], no.facts["group"], no.facts["limit"], no.facts["count"]) == (
        "vp",
        "g",
        "1",
        "2",
    )
    assert "(a1)" in no.facts["holders"]
    assert "(a2)" in no.facts["holders"]


def test_r28_exchanging_who_holds_a_in_one_request_holds() -> None:
    people = six(case("a1", "95", outcome="kept"), case("a2", "94"))

    found = rule(people, Choice("a1", Grade.B, "chậm một việc lớn"), Choice("a2", Grade.A, "có sáng kiến"))

    assert found == {"a1": Grade.B, "a2": Grade.A}


def test_r21_taking_somebody_down_may_not_leave_too_many_a_above() -> None:
    people = [*(case(f"b{n}", "80") for n in range(5)), case("a", "95", outcome="kept", grade=Grade.A)]

    no = refused(people, Choice("b0", Grade.C, "vi phạm"))

    assert isinstance(no, decision.QuotaBroken)
    assert (no.facts["limit"], no.facts["base"]) == ("0", "5")


def test_r21_a_group_over_its_limit_already_still_takes_other_grades() -> None:
    people = [
        *(case(f"b{n}", "80") for n in range(3)),
        case("a", "95", grade=Grade.A),
        case("c", "60"),
    ]

    assert rule(people, Choice("b0"), Choice("c")) == {"b0": Grade.B, "c": Grade.C}


def test_r22_a_tie_is_never_decided_as_proposed() -> None:
    people = six(case("t1", "95", outcome="tie"), case("t2", "95", outcome="tie"))

    no = refused(people, *(Choice(each.person.id) for each in people))

    assert isinstance(no, decision.TieNotChosen)
    assert "(t1)" in no.facts["people"]
    assert "(t2)" in no.facts["people"]
    assert no.facts["count"] == "2"


def test_r22_every_choice_in_a_tie_needs_a_reason() -> None:
    people = six(case("t1", "95", outcome="tie"), case("t2", "95", outcome="tie"))

    assert isinstance(
        refused(people, Choice("t1", Grade.A, "sáng kiến"), Choice("t2", Grade.B)),
        decision.DeviationWithoutReason,
    )
    assert rule(people, Choice("t1", Grade.A, "sáng kiến"), Choice("t2", Grade.B, "ít việc khó hơn")) == {
        "t1": Grade.A,
        "t2": Grade.B,
    }


def test_r22_a_tie_is_no_way_around_the_quota() -> None:
    people = six(case("t1", "95", outcome="tie"), case("t2", "95", outcome="tie"))

    no = refused(people, Choice("t1", Grade.A, "vì"), Choice("t2", Grade.A, "vì"))

    assert isinstance(no, decision.QuotaBroken)


def test_r27_a_leader_comes_after_the_people_in_his_charge() -> None:
    people = [case("l", "80", in_charge=("x", "y"), decider="ct"), case("x", "80"), case("y", "80")]

    no = refused(people, Choice("l"), actor="ct")

    assert isinstance(no, decision.PeopleFirst)
    assert (no.facts["people"], "(x)" in no.facts["waiting"]) == ("Họ Tên l (l)", True)
    decided = [people[0], case("x", "80", grade=Grade.B), case("y", "80", grade=Grade.C)]
    assert rule(decided, Choice("l"), actor="ct") == {"l": Grade.B}


def test_r27_the_people_may_be_decided_in_the_same_request() -> None:
    people = [case("l", "80", in_charge=("x",)), case("x", "80")]

    assert rule(people, Choice("l"), Choice("x")) == {"l": Grade.B, "x": Grade.B}


def test_r27_somebody_not_evaluated_keeps_no_leader_waiting() -> None:
    absent = case("x", steps=0)
    absent = replace(absent, score=replace(build.score("80"), status=ScoreStatus.NOT_EVALUATED))

    assert absent.state is State.NOT_EVALUATED
    assert rule([case("l", "80", in_charge=("x",)), absent], Choice("l")) == {"l": Grade.B}


@pytest.mark.parametrize(
    ("person", "refusal", "kind"),
    [
        (case("x", "80", steps=1), NoRemarks, Blocked),
        (case("x", "80", steps=0), NoRemarks, Blocked),
        (case("x"), decision.NoScore, Blocked),
        (case("x", "80", grade=Grade.B, published=True), decision.AlreadyPublished, Blocked),
        (case("x", "80", decider="khac"), decision.NotCompetent, Forbidden),
        (replace(case("x", "80"), competence=Competence(external=True)), decision.DecidedByCity, Forbidden),
        (
            replace(case("x", "80"), competence=Competence(problem=Problem.HIMSELF)),
            decision.NobodyCompetent,
            Blocked,
        ),
    ],
)
def test_nothing_is_decided_before_its_time_or_by_others(
    person: Case, refusal: type[Refusal], kind: type[Refusal]
) -> None:
    no = refused([person], Choice("x"))

    assert isinstance(no, refusal)
    assert isinstance(no, kind)
    assert "(x)" in no.facts["people"]


@pytest.mark.parametrize("status", [ScoreStatus.INSUFFICIENT_DATA, ScoreStatus.WAITING])
def test_r14_without_a_score_nothing_is_decided(status: ScoreStatus) -> None:
    waiting = case("x", "80")
    waiting = replace(waiting, score=replace(build.score("80"), status=status, total=None))

    assert isinstance(refused([waiting], Choice("x", Grade.B, "vì")), decision.NoScore)


def test_r2_nobody_decides_about_himself_by_delegation_neither() -> None:
    with pytest.raises(decision.OwnCase):
        decide(
            {"x": case("x", "80")},
            [Choice("x")],
            actor_id="x",
            acting_for={"x", HEAD},
            terms=lambda _: TERMS,
        )


def test_a_score_that_moved_since_the_authority_saw_it_is_stale() -> None:
    no = refused([case("x", "80")], Choice("x", score_revision=6))

    assert isinstance(no, decision.ScoreMoved)
    assert isinstance(no, Stale)
    assert no.facts["revision"] == "7"
    assert rule([case("x", "80")], Choice("x", score_revision=7)) == {"x": Grade.B}


def test_a_score_that_does_not_hold_the_newest_assessment_is_waited_for() -> None:
    behind = replace(case("x", "80"), evaluation=build.evaluation("x", general="28.5"))
    leader = case("l", "80", in_charge=("x",))
    leader = replace(leader, score=replace(build.score("80", leads=True), unity=50))

    assert isinstance(refused([behind], Choice("x")), decision.ScoreBehind)
    assert isinstance(refused([leader], Choice("l")), decision.ScoreBehind)


def test_a_score_of_older_results_or_working_time_is_waited_for() -> None:
    """R-10, R-28: what planning told here is newer than what the score was computed from."""
    known = case("x", "80")
    assert known.score
    told = replace(known, score=replace(known.score, working_time_revision=2, work_revision=5))

    for behind in (replace(told, working_time_revision=3), replace(told, work_revision=6)):
        assert isinstance(refused([behind], Choice("x")), decision.ScoreBehind)
    for fine in (told, replace(told, working_time_revision=2, work_revision=4)):
        assert rule([fine], Choice("x")) == {"x": Grade.B}
    # Publishers of before do not tell.
    assert rule([replace(known, working_time_revision=3, work_revision=6)], Choice("x")) == {"x": Grade.B}


def test_deciding_anew_needs_a_reason() -> None:
    decided = case("x", "80", grade=Grade.C)

    assert isinstance(refused([decided], Choice("x")), decision.DeviationWithoutReason)
    assert rule([decided], Choice("x", reason="điểm đã tính lại")) == {"x": Grade.B}


def test_a_person_stands_once_in_a_request() -> None:
    assert isinstance(refused([case("x", "80")], Choice("x"), Choice("x")), decision.PersonTwice)


def test_the_first_kind_of_refusal_names_twenty_and_counts_the_rest() -> None:
    people = [case(f"p{n:02d}") for n in range(25)] + [case("q", "80", steps=1)]

    no = refused(people, *(Choice(each.person.id) for each in people))

    assert isinstance(no, decision.NoScore)
    assert no.facts["people"].count("(p") == 20
    assert "(+5)" in no.facts["people"]
    assert (no.facts["count"], no.facts["also_refused"]) == ("25", "NoRemarks: 1")


ASKED = st.sampled_from([None, Grade.A, Grade.A, Grade.B, Grade.C, Grade.D])


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_r21_no_order_of_decisions_breaks_a_quota(data: st.DataObject) -> None:
    """Whatever is asked for, in whatever order and batches: what was accepted always holds A ≤ q·B."""
    terms = Terms(
        data.draw(st.sampled_from([Decimal("0.20"), Decimal("0.25")])),
        data.draw(st.sampled_from(list(QuotaBase))),
    )
    # Groups of the size at which one person more or less moves the limit.
    totals = data.draw(st.lists(st.sampled_from(["95", "80", "80", "60"]), min_size=4, max_size=13))
    # Proposals are arbitrary: even a wrong proposal must not get past the quota.
    outcomes = st.sampled_from(["kept", "lowered", "lowered", "tie"])
    people = {}
    for index, total in enumerate(totals):
        people[f"p{index}"] = case(
            f"p{index}",
            total,
            group="h" if data.draw(st.integers(0, 9)) == 0 else "g",
            outcome=data.draw(outcomes) if total == "95" else "",
            blocker="12/QĐ" if data.draw(st.integers(0, 9)) == 0 else "",
        )
    undecided = data.draw(st.permutations(sorted(people)))
    while undecided:
        size = data.draw(st.integers(1, 3))
        batch, undecided = undecided[:size], undecided[size:]
        choices = [Choice(each, data.draw(ASKED), "vì") for each in batch]
        try:
            rulings = decide(people, choices, actor_id=HEAD, acting_for={HEAD}, terms=lambda _: terms)
        except Refusal:
            continue
        for ruling in rulings:
            name = ruling.case.person.id
            people[name] = replace(ruling.case, decision=build.decision(ruling.grade))
        for group in ("g", "h"):
            _check_literally(list(people.values()), group, terms)


def _check_literally(people: list[Case], group: str, terms: Terms) -> None:
    inside = [each for each in people if each.score and each.score.duty_group == group]
    excellent = sum(each.grade is Grade.A for each in inside)
    # Whoever is undecided can still become B, if the score says A or B and nothing blocks.
    good = sum(each.grade is Grade.B or (each.grade is None and each.eligible) for each in inside)
    whole = good if terms.base is QuotaBase.GOOD else good + excellent
    assert excellent <= Fraction(terms.rate) * whole
