"""Who answers an appeal, once and when late (R-30)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from approval import policies
from approval.domain import appeal
from approval.domain.access import Viewer
from approval.domain.appeal import Answer, Appeal, AppealKind, Outcome
from approval.domain.case import Case, Published
from approval.domain.competence import Competence
from approval.domain.grade import Grade
from approval.domain.person import Person, Roster, Unit

from .cases import AT, case, decision

TABLE = policies.built_in().competence
ROSTER = Roster.of(
    "2026-03",
    [
        Person("ct", "Chủ tịch", "ld", "committee_chair", leads=True),
        Person("truong", "Trưởng", "vp", "unit_head", leads=True, superior_id="ct"),
        Person("p", "Người", "vp", "staff", superior_id="truong"),
    ],
    [Unit("ld", "Lãnh đạo", "leadership"), Unit("vp", "Văn phòng", "office")],
)


def published(authority_id: str = "truong", decider_id: str = "truong") -> Case:
    made = replace(decision(Grade.B), authority_id=authority_id)
    return replace(
        case("p", "80.00"),
        competence=Competence(decider_id=decider_id, external=not decider_id),
        decision=made,
        published=Published(1, Grade.B, AT),
    )


def given(**fields: object) -> Appeal:
    known: dict[str, object] = {
        "id": "k",
        "month": "2026-03",
        "person_id": "p",
        "kind": AppealKind.APPEAL,
        "decision_id": "d",
        "decision_revision": 1,
        "text": "x",
        "document": "",
        "by": "p",
        "at": AT,
        "last_day": date(2026, 3, 31),
    }
    return Appeal(**{**known, **fields})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("authority", "decider", "answers", "city"),
    [
        ("truong", "truong", "ct", False),
        ("ct", "truong", "", True),
        ("", "truong", "", True),
        ("", "", "", True),
        ("da-nghi", "truong", "ct", False),
    ],
)
def test_r30_the_deciders_own_decider_answers(
    authority: str, decider: str, answers: str, *, city: bool
) -> None:
    found = appeal.answerer(published(authority, decider), ROSTER, TABLE)

    assert (found.decider_id, found.external) == (answers, city)


def test_r30_nobody_answers_his_own() -> None:
    himself = Viewer("p", frozenset({"p", "ct"}), organizer=True)

    assert not appeal.answers(Competence(decider_id="ct"), published(), himself)
    assert not appeal.answers(Competence(external=True), published(), himself)


def test_r30_a_delegate_answers_for_the_superior() -> None:
    assert appeal.answers(Competence(decider_id="ct"), published(), Viewer("x", frozenset({"x", "ct"})))


def test_r30_a_delegate_answers_no_appeal_against_his_own_decision() -> None:
    by, delegate = Competence(decider_id="ct"), Viewer("truong", frozenset({"truong", "ct"}))
    made = published().decision
    assert made is not None
    entered = replace(published(), decision=replace(made, authority_id="cu", decided_by="truong"))

    for each in (published(), entered):
        assert not appeal.answers(by, each, delegate)
        with pytest.raises(appeal.OwnDecision, match="not yours to answer"):
            appeal.check_answers(by, each, delegate)


def test_r30_a_decider_who_holds_the_superiors_post_now_answers() -> None:
    by, promoted = Competence(decider_id="truong"), Viewer("truong", frozenset({"truong"}))

    assert appeal.answers(by, published(), promoted)


def test_r30_an_unknown_superior_is_told_with_the_remedy() -> None:
    alone = Roster.of("2026-03", [ROSTER.people["truong"], ROSTER.people["p"]], ROSTER.units.values())
    by = appeal.answerer(published(), alone, TABLE)

    with pytest.raises(appeal.NobodyAnswers, match="nobody holds"):
        appeal.check_answers(by, published(), Viewer("ct", frozenset({"ct"})))


def test_r30_a_decision_is_appealed_once() -> None:
    done = Answer(Outcome.DISMISSED, "x", "", "ct", "ct", AT, late=False)

    appeal.check_once(published(), [given(kind=AppealKind.OPINION), given(decision_id="other")])
    with pytest.raises(appeal.AppealOpen):
        appeal.check_once(published(), [given()])
    with pytest.raises(appeal.AppealDone):
        appeal.check_once(published(), [given(answer=done)])


def test_r30_late_begins_with_the_day_after_the_last_in_viet_nam() -> None:
    last = datetime(2026, 3, 31, 16, 59, 59, tzinfo=UTC)

    assert not given().late(last)
    assert given().late(datetime(2026, 3, 31, 17, tzinfo=UTC))
    assert not given(kind=AppealKind.OPINION, last_day=None).late(last)
    answered = Answer(Outcome.UPHELD, "x", "", "ct", "ct", AT, late=True)
    assert given(answer=answered).late(AT)
    assert not given(answer=answered).open
