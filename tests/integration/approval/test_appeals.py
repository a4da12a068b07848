"""After publication through the gRPC door: opinions, appeals and their answers, replaced decisions (R-30)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import grpc
import pytest

from approval import holidays
from approval.domain.working_days import Holiday, Year
from chassis.days import legal_day, now
from kpi.approval.v1 import approval_pb2 as pb

from .test_steps import delegate
from .ward import LETTERS, MONTH, WARD, Ward, choose, refused

FORBIDDEN = grpc.StatusCode.PERMISSION_DENIED
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
INVALID = grpc.StatusCode.INVALID_ARGUMENT

NINE = {f"vp-{n}": {4: "95.00", 5: "94.00"}.get(n, "80.00") for n in range(1, 10)}
"""Of nine with A or B one may hold A, and still one if three of them fall to C or D."""
UPHELD, DISMISSED = pb.APPEAL_OUTCOME_UPHELD, pb.APPEAL_OUTCOME_DISMISSED


def plain_years() -> Mapping[int, Year]:
    """Years without a single holiday, so that no test depends on when it runs."""
    return {year: Year(year, (), ()) for year in range(2026, 2100)}


@pytest.fixture(autouse=True)
def _plain_years(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holidays, "shipped", plain_years)


@pytest.fixture
def published(ward: Ward) -> Ward:
    """The office is published: nine of one group with one A, their deputy and their head."""
    ward.hear(*(ward.person(f"vp-{n}", superior_id="vp-truong") for n in range(4, 10)))
    ward.prepare({**NINE, "vp-pho": "80.00", "vp-truong": "80.00"})
    ward.decide("vp-truong", all=True)
    ward.decide("ct", [choose(each) for each in ("vp-pho", "vp-truong") if ward.state(each) != "DECIDED"])
    ward.publish("vp")
    return ward


def appeal(ward: Ward, person_id: str, text: str = "đề nghị xem lại", **fields: Any) -> pb.Appeal:
    caller = fields.pop("caller", None) or ward.as_(person_id)
    found: pb.Appeal = caller.SubmitAppeal(
        pb.SubmitAppealRequest(ward_id=WARD, month=MONTH, person_id=person_id, text=text, **fields)
    ).appeal
    return found


def answer(ward: Ward, who: str, given: pb.Appeal, outcome: int, grade: str = "", **fields: Any) -> pb.Appeal:
    roles = fields.pop("roles", ())
    found: pb.Appeal = (
        ward.as_(who, *roles)
        .AnswerAppeal(
            pb.AnswerAppealRequest(
                ward_id=WARD,
                appeal_id=given.appeal_id,
                outcome=outcome,  # type: ignore[arg-type]
                grade=LETTERS[grade],
                **{"answer": "đã xem xét hồ sơ", **fields},
            )
        )
        .appeal
    )
    return found


def replace(ward: Ward, who: str, person_id: str, grade: str, *roles: str, **fields: str) -> pb.Evaluation:
    given = {"reason": "kết quả không trung thực", "document": "7/KL-KT", **fields}
    found: pb.Evaluation = (
        ward.as_(who, *roles)
        .ReplaceDecision(
            pb.ReplaceDecisionRequest(
                ward_id=WARD, month=MONTH, person_id=person_id, grade=LETTERS[grade], **given
            )
        )
        .evaluation
    )
    return found


def letters(ward: Ward) -> dict[str, tuple[int, int]]:
    found = ward.organizer.ListGrades(pb.ListGradesRequest(ward_id=WARD, month=MONTH)).grades
    return {each.person_id: (each.grade, each.revision) for each in found}


def seven_weekdays_on(day: date) -> date:
    found, left = day, 7
    while left:
        found = date.fromordinal(found.toordinal() + 1)
        left -= found.isoweekday() < 6
    return found


def test_r30_an_appeal_goes_to_the_superior_of_the_decider_and_the_decision_stays(published: Ward) -> None:
    before, day = letters(published), legal_day(now())

    found = appeal(published, "vp-5")

    assert (found.answerer_id, found.external, found.late) == ("ct", False, False)
    assert date.fromisoformat(found.last_day) in {seven_weekdays_on(day), seven_weekdays_on(legal_day(now()))}
    assert letters(published) == before
    [told] = published.announced("AppealSubmitted")
    assert (told["appeal_id"], told["person_id"], told["answerer_id"]) == (found.appeal_id, "vp-5", "ct")
    assert "text" not in told


def test_r30_an_upheld_appeal_makes_a_new_decision_published_at_once(published: Ward) -> None:
    given = appeal(published, "vp-1")
    old = published.evaluation("vp-1").decision

    found = answer(published, "ct", given, UPHELD, "C", document="15/TB")

    new = published.evaluation("vp-1").decision
    assert (new.grade, new.revision, new.reason) == (LETTERS["C"], old.revision + 1, "đã xem xét hồ sơ")
    assert (new.decided_by, new.authority_id, new.document) == ("ct", "ct", "15/TB")
    assert (found.new_decision_id, found.outcome) == (new.decision_id, UPHELD)
    assert letters(published)["vp-1"] == (LETTERS["C"], 2)
    made = [each for each in published.announced("DecisionMade") if each["person_id"] == "vp-1"]
    shown = [each for each in published.announced("GradePublished") if each["person_id"] == "vp-1"]
    assert [(each["revision"], each["grade"]) for each in made] == [(1, "GRADE_B"), (2, "GRADE_C")]
    assert [(each["revision"], each["grade"]) for each in shown] == [(1, "GRADE_B"), (2, "GRADE_C")]
    assert made[0]["decision_id"] == given.decision_id == old.decision_id
    [told] = published.announced("AppealAnswered")
    assert (told["upheld"], told["late"], told["new_decision_id"]) == (True, False, new.decision_id)


def test_r28_r30_a_raise_that_breaks_the_quota_is_refused_and_the_appeal_stays_open(published: Ward) -> None:
    given, before = appeal(published, "vp-5"), letters(published)

    code, reason, facts = refused(answer, published, "ct", given, UPHELD, "A")

    assert (code, reason) == (BLOCKED, "QUOTA_BROKEN")
    assert "(vp-4)" in facts["holders"]
    assert letters(published) == before
    assert published.announced("AppealAnswered") == []

    # Once the A that was in the way is replaced, there is room.
    replace(published, "vp-truong", "vp-4", "B")
    answer(published, "ct", given, UPHELD, "A")
    assert letters(published)["vp-5"] == (LETTERS["A"], 2)
    assert letters(published)["vp-4"] == (LETTERS["B"], 2)


def test_r30_a_dismissed_appeal_changes_nothing_and_is_not_made_again(published: Ward) -> None:
    given, before = appeal(published, "vp-5"), letters(published)
    assert refused(appeal, published, "vp-5")[:2] == (BLOCKED, "APPEAL_OPEN")

    found = answer(published, "ct", given, DISMISSED)

    assert (found.outcome, found.new_decision_id, found.authority_id) == (DISMISSED, "", "ct")
    assert letters(published) == before
    assert refused(answer, published, "ct", given, DISMISSED)[:2] == (BLOCKED, "APPEAL_DONE")
    assert refused(appeal, published, "vp-5")[:2] == (BLOCKED, "APPEAL_DONE")


def test_r30_a_new_decision_may_be_appealed_again_to_the_next_superior(published: Ward) -> None:
    answer(published, "ct", appeal(published, "vp-1"), UPHELD, "C")

    again = appeal(published, "vp-1")

    assert (again.decision_revision, again.external, again.answerer_id) == (2, True, "")


def test_r30_the_organizer_records_the_citys_answer_with_its_document(published: Ward) -> None:
    given = appeal(published, "vp-truong")
    assert (given.external, given.answerer_id) == (True, "")
    roles = ("staff", "organizer")

    assert refused(answer, published, "ct", given, DISMISSED)[:2] == (FORBIDDEN, "NOT_ANSWERER")
    assert refused(answer, published, "to-chuc", given, DISMISSED, roles=roles)[:2] == (
        INVALID,
        "DOCUMENT_MISSING",
    )
    found = answer(published, "to-chuc", given, UPHELD, "C", roles=roles, document="20-TB/TU")

    assert (found.answered_by, found.authority_id, found.answer_document) == ("to-chuc", "", "20-TB/TU")
    assert letters(published)["vp-truong"] == (LETTERS["C"], 2)


@pytest.mark.parametrize("who", ["vp-1", "vp-truong", "vp-pho", "bt", "to-chuc"])
def test_r30_nobody_else_answers(published: Ward, who: str) -> None:
    given = appeal(published, "vp-1")

    code, reason, _ = refused(answer, published, who, given, DISMISSED, roles=("staff", "organizer"))

    assert (code, reason) == (FORBIDDEN, "OWN_CASE" if who == "vp-1" else "NOT_ANSWERER")


def test_r30_a_delegate_of_the_superior_answers_unless_he_decided(published: Ward) -> None:
    given = appeal(published, "vp-1")
    for each in ("vp-truong", "vp-3"):
        delegate(published, "ct", each)

    awaiting = {
        each: [
            found.appeal_id
            for found in published.as_(each)
            .ListAppeals(pb.ListAppealsRequest(ward_id=WARD, month=MONTH, awaiting_me=True))
            .appeals
        ]
        for each in ("ct", "vp-3", "vp-truong")
    }

    assert awaiting == {"ct": [given.appeal_id], "vp-3": [given.appeal_id], "vp-truong": []}
    assert refused(answer, published, "vp-truong", given, DISMISSED)[:2] == (FORBIDDEN, "OWN_DECISION")
    found = answer(published, "vp-3", given, DISMISSED)
    assert (found.answered_by, found.authority_id) == ("vp-3", "ct")


@pytest.mark.parametrize(
    ("outcome", "grade", "fields", "reason"),
    [
        (0, "C", {}, "OUTCOME_MISSING"),
        (UPHELD, "", {}, "GRADE_MISSING"),
        (UPHELD, "B", {}, "GRADE_UNCHANGED"),
        (DISMISSED, "C", {}, "GRADE_OF_DISMISSED"),
        (DISMISSED, "", {"answer": " "}, "TEXT_MISSING"),
    ],
)
def test_r30_an_answer_is_whole(
    published: Ward, outcome: int, grade: str, fields: dict[str, str], reason: str
) -> None:
    given = appeal(published, "vp-1")

    assert refused(answer, published, "ct", given, outcome, grade, **fields)[:2] == (INVALID, reason)
    assert published.announced("AppealAnswered") == []


def test_r30_only_the_person_speaks_or_the_clerk_from_paper_from_publication_on(published: Ward) -> None:
    other = published.as_("vp-2")
    assert refused(appeal, published, "vp-1", caller=other)[:2] == (FORBIDDEN, "NOT_YOUR_APPEAL")
    assert refused(appeal, published, "vp-1", " ")[:2] == (INVALID, "TEXT_MISSING")
    clerk = published.clerk
    assert refused(appeal, published, "vp-1", caller=clerk)[:2] == (INVALID, "PAPER_MISSING")
    assert appeal(published, "vp-1", caller=clerk, document="đơn 3").submitted_by == "van-thu"
    assert refused(appeal, published, "th-1")[:2] == (BLOCKED, "NOT_PUBLISHED")


def test_r30_an_opinion_is_recorded_and_not_answered(published: Ward) -> None:
    request = pb.ReserveOpinionRequest(ward_id=WARD, month=MONTH, text="tôi giữ ý kiến")

    found = published.as_("vp-2").ReserveOpinion(request).appeal

    assert (found.person_id, found.kind, found.last_day) == ("vp-2", pb.APPEAL_KIND_OPINION, "")
    assert refused(answer, published, "ct", found, DISMISSED)[:2] == (BLOCKED, "OPINION_NOT_ANSWERED")
    assert published.announced("AppealSubmitted") == []
    # It does not stand in the way of an appeal.
    assert appeal(published, "vp-2").kind == pb.APPEAL_KIND_APPEAL


def test_r30_a_year_whose_holidays_are_unknown_is_refused(
    published: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(holidays, "shipped", dict)

    code, reason, facts = refused(appeal, published, "vp-1")

    assert (code, reason) == (BLOCKED, "YEAR_UNKNOWN")
    assert int(facts["year"]) >= 2026


def test_r30_a_late_answer_is_taken_and_flagged(published: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    # The last day lies in the past, as if the appeal had waited.
    monkeypatch.setattr(
        "approval.domain.working_days.after",
        lambda day, _count, _years: date.fromordinal(day.toordinal() - 1),
    )
    given = appeal(published, "vp-1")
    month = published.organizer.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=MONTH))
    [waiting] = [each for each in month.awaited if each.step == pb.STEP_APPEAL]
    assert (waiting.person_id, waiting.count, waiting.late) == ("ct", 1, True)

    assert given.late
    assert answer(published, "ct", given, DISMISSED).late
    assert published.announced("AppealAnswered")[0]["late"] is True


def test_r30_whom_everybody_waits_for_lists_open_appeals(published: Ward) -> None:
    first, _ = appeal(published, "vp-1"), appeal(published, "vp-2")
    appeal(published, "vp-truong")

    def awaited() -> set[tuple[str, int, bool]]:
        month = published.organizer.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=MONTH))
        return {(e.person_id, e.count, e.late) for e in month.awaited if e.step == pb.STEP_APPEAL}

    assert awaited() == {("ct", 2, False), ("", 1, False)}
    answer(published, "ct", first, DISMISSED)
    assert awaited() == {("ct", 1, False), ("", 1, False)}


def test_r29_appeals_are_for_the_person_and_the_competent(published: Ward) -> None:
    first, second = appeal(published, "vp-1"), appeal(published, "vp-2")

    def seen(person_id: str, *roles: str, **fields: Any) -> list[str]:
        request = pb.ListAppealsRequest(ward_id=WARD, **fields)
        found = published.as_(person_id, *roles).ListAppeals(request).appeals
        return [each.appeal_id for each in found]

    both = [first.appeal_id, second.appeal_id]
    assert seen("vp-1") == [first.appeal_id]
    assert seen("vp-truong") == seen("ct") == seen("kt", "auditor") == both
    assert seen("th-truong") == []
    assert seen("ct", awaiting_me=True) == both
    assert seen("vp-truong", awaiting_me=True) == []
    assert seen("kt", "auditor", page_size=1) == [first.appeal_id]
    answer(published, "ct", first, DISMISSED)
    assert seen("ct", open=True, month=MONTH) == [second.appeal_id]
    request = pb.GetAppealRequest(ward_id=WARD, appeal_id=first.appeal_id)
    assert published.as_("vp-1").GetAppeal(request).appeal.answer == "đã xem xét hồ sơ"
    assert refused(published.as_("vp-2").GetAppeal, request)[:2] == (FORBIDDEN, "NOT_YOURS")
    nowhere = pb.GetAppealRequest(ward_id=WARD, appeal_id="khong-co")
    assert refused(published.as_("vp-1").GetAppeal, nowhere)[1] == "UNKNOWN_APPEAL"


def test_d21_the_decider_or_his_superior_replaces_a_dishonest_result(published: Ward) -> None:
    found = replace(published, "vp-truong", "vp-4", "D")

    assert (found.decision.grade, found.decision.revision) == (LETTERS["D"], 2)
    assert (found.decision.reason, found.decision.document) == ("kết quả không trung thực", "7/KL-KT")
    assert replace(published, "ct", "vp-1", "C").decision.authority_id == "ct"
    assert letters(published)["vp-4"] == (LETTERS["D"], 2)


def test_d21_nobody_else_replaces_and_never_without_document_and_reason(published: Ward) -> None:
    for who in ("vp-pho", "bt", "th-truong"):
        assert refused(replace, published, who, "vp-1", "C")[:2] == (FORBIDDEN, "NOT_REPLACER")
    assert refused(replace, published, "vp-truong", "vp-truong", "C")[:2] == (FORBIDDEN, "OWN_CASE")
    assert refused(replace, published, "vp-truong", "vp-1", "C", document="")[1] == "DOCUMENT_MISSING"
    assert refused(replace, published, "vp-truong", "vp-1", "C", reason="")[1] == "DEVIATION_WITHOUT_REASON"
    assert refused(replace, published, "vp-truong", "vp-1", "B")[1] == "GRADE_UNCHANGED"
    assert refused(replace, published, "vp-truong", "vp-5", "A")[1] == "QUOTA_BROKEN"
    assert refused(replace, published, "th-truong", "th-1", "B")[1] == "NOT_PUBLISHED"
    assert {revision for _, revision in letters(published).values()} == {1}


def test_an_upheld_appeal_may_rest_on_a_decision_that_was_replaced_meanwhile(published: Ward) -> None:
    given = appeal(published, "vp-1")
    replaced = replace(published, "vp-truong", "vp-1", "C").decision

    assert answer(published, "ct", given, UPHELD).new_decision_id == replaced.decision_id
    assert letters(published)["vp-1"] == (LETTERS["C"], 2)


def give_back(ward: Ward, who: str, person_id: str, step: int, reason: str = "thiếu minh chứng") -> Any:
    return ward.as_(who).ReturnEvaluation(
        pb.ReturnEvaluationRequest(
            ward_id=WARD,
            month=MONTH,
            person_id=person_id,
            step=step,  # type: ignore[arg-type]
            reason=reason,
        )
    )


def test_a_superior_returns_a_self_assessment_and_an_authority_returns_remarks(ward: Ward) -> None:
    ward.assess("vp-1", II_1="2")
    own, remarks = pb.STEP_SELF_ASSESSMENT, pb.STEP_REMARKS
    assert refused(give_back, ward, "vp-truong", "vp-1", own)[:2] == (FORBIDDEN, "NOT_REVIEWER")
    assert refused(give_back, ward, "vp-pho", "vp-1", own, " ")[:2] == (INVALID, "RETURN_WITHOUT_REASON")

    found = give_back(ward, "vp-pho", "vp-1", own)

    assert found.state == pb.EVALUATION_STATE_AWAITING_SELF_ASSESSMENT
    assert ward.state("vp-1") == "AWAITING_SELF_ASSESSMENT"
    assert ward.general("vp-1")["stage"] == ""
    assert refused(give_back, ward, "vp-pho", "vp-1", own)[1] == "NOTHING_TO_RETURN"
    ward.assess("vp-1")
    ward.remark("vp-1")
    assert refused(give_back, ward, "vp-pho", "vp-1", own)[1] == "ALREADY_REMARKED"
    assert refused(give_back, ward, "vp-pho", "vp-1", remarks)[:2] == (FORBIDDEN, "NOT_COMPETENT")
    give_back(ward, "vp-truong", "vp-1", remarks, "nhận xét chung chung")
    assert ward.state("vp-1") == "AWAITING_REMARKS"
    assert ward.general("vp-1")["stage"] == "self"
    assert [
        (each["step"], each["recipient_id"], each["returned_by"], each["reason"], each["person_id"])
        for each in ward.announced("EvaluationReturned")
    ] == [
        ("STEP_SELF_ASSESSMENT", "vp-1", "vp-pho", "thiếu minh chứng", "vp-1"),
        ("STEP_REMARKS", "vp-pho", "vp-truong", "nhận xét chung chung", "vp-1"),
    ]
    told = ward.evaluation("vp-1", ward.as_("vp-1")).returns
    assert [(each.step, each.reason, each.returned_by) for each in told] == [
        (own, "thiếu minh chứng", "vp-pho"),
        (remarks, "nhận xét chung chung", "vp-truong"),
    ]
    assert refused(give_back, ward, "vp-truong", "vp-1", pb.STEP_DECISION)[1] == "NOT_RETURNABLE"


def test_nothing_is_returned_once_it_is_decided(published: Ward) -> None:
    assert refused(give_back, published, "vp-truong", "vp-1", pb.STEP_REMARKS)[1] == "ALREADY_DECIDED"


def test_a_day_off_moves_the_last_day(published: Ward, monkeypatch: pytest.MonkeyPatch) -> None:
    today = legal_day(now())
    tomorrow = date.fromordinal(today.toordinal() + 1)
    off = {
        year: Year(year, (), tuple(Holiday(d, "", provisional=False) for d in (tomorrow,) if d.year == year))
        for year in plain_years()
    }
    monkeypatch.setattr(holidays, "shipped", lambda: off)

    found = date.fromisoformat(appeal(published, "vp-1").last_day)

    assert found > today
    assert found >= seven_weekdays_on(today)
