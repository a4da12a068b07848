"""Deciding through the gRPC door: competence, quota, ties, order, delegation, external results, rates."""

from datetime import timedelta

import grpc
import pytest

from chassis.days import legal_day, now
from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2

from .test_steps import delegate
from .ward import MONTH, PAST, WARD, Ward, choose, refused, state_name

FORBIDDEN = grpc.StatusCode.PERMISSION_DENIED
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
INVALID = grpc.StatusCode.INVALID_ARGUMENT
STALE = grpc.StatusCode.ABORTED

SIX = {"vp-4": "95.00", "vp-5": "94.00", "vp-1": "80.00", "vp-2": "80.00", "vp-3": "80.00", "vp-6": "80.00"}


@pytest.fixture
def six(ward: Ward) -> Ward:
    """Six of one group, all but their decisions done: vp-4 keeps A, vp-5 is lowered."""
    ward.hear(*(ward.person(f"vp-{n}", superior_id="vp-truong") for n in (4, 5, 6)))
    ward.prepare(SIX)
    return ward


def external(person_id: str, grade: str = "A", document: str = "12-TB/TU", total: str = "") -> object:
    return pb.RecordExternalResultRequest(
        ward_id=WARD,
        month=MONTH,
        person_id=person_id,
        grade=getattr(types_pb2, f"GRADE_{grade}"),
        document=document,
        total=total,
    )


def test_everybody_who_waits_for_the_caller_is_decided_as_proposed(six: Ward) -> None:
    decided = six.decide("vp-truong", all=True)

    assert decided == ["vp-1", "vp-2", "vp-3", "vp-4", "vp-5", "vp-6"]
    found = six.evaluation("vp-4").decision
    assert (found.grade, found.proposed_grade, found.total) == (
        types_pb2.GRADE_A,
        types_pb2.GRADE_A,
        "95.00",
    )
    assert (found.decided_by, found.authority_id, found.revision, found.late) == (
        "vp-truong",
        "vp-truong",
        1,
        False,
    )
    assert six.evaluation("vp-5").decision.grade == types_pb2.GRADE_B
    assert six.decide("vp-truong", all=True) == []
    assert len(six.announced("DecisionMade")) == 6


def test_r28_a_raise_that_breaks_the_quota_is_refused_and_nothing_is_decided(six: Ward) -> None:
    code, reason, facts = refused(
        six.decide, "vp-truong", [choose("vp-5", "A", "có sáng kiến cấp thành phố")], all=True
    )

    assert (code, reason) == (BLOCKED, "QUOTA_BROKEN")
    assert (facts["scope"], facts["group"], facts["limit"]) == ("vp", "chuyen-mon", "1")
    assert "(vp-4)" in facts["holders"]
    assert "(vp-5)" in facts["holders"]
    assert six.announced("DecisionMade") == []
    assert six.state("vp-1") == "AWAITING_DECISION"


def test_r28_the_authority_exchanges_who_holds_a_with_reasons(six: Ward) -> None:
    six.decide(
        "vp-truong",
        [choose("vp-4", "B", "để chậm hồ sơ lớn"), choose("vp-5", "A", "có sáng kiến cấp thành phố")],
        all=True,
    )

    found = six.evaluation("vp-5").decision
    assert (found.grade, found.proposed_grade) == (types_pb2.GRADE_A, types_pb2.GRADE_B)
    assert found.reason == "có sáng kiến cấp thành phố"


def test_r22_the_tied_are_named_and_must_be_chosen(ward: Ward) -> None:
    ward.hear(*(ward.person(f"vp-{n}", superior_id="vp-truong") for n in (4, 5, 6)))
    ward.prepare({**SIX, "vp-5": "95.00"})
    assert ward.evaluation("vp-4").quota == "tie"

    code, reason, facts = refused(ward.decide, "vp-truong", all=True)

    assert (code, reason) == (BLOCKED, "TIE_NOT_CHOSEN")
    assert "(vp-4)" in facts["people"]
    assert "(vp-5)" in facts["people"]
    ward.decide(
        "vp-truong",
        [choose("vp-4", "A", "khối lượng nhiều hơn"), choose("vp-5", "B", "khối lượng ít hơn")],
        all=True,
    )
    assert ward.evaluation("vp-4").decision.grade == types_pb2.GRADE_A


def test_r21_a_decided_rate_widens_the_quota_at_once_and_goes_to_scoring(six: Ward) -> None:
    # Of nine with A or B a fifth allows one A, a quarter allows one; of ten, one and two.
    six.hear(*(six.person(f"vp-{n}", superior_id="vp-truong") for n in (7, 8, 9, 10)))
    six.prepare({f"vp-{n}": "80.00" for n in (7, 8, 9, 10)})
    raise_ = [choose("vp-5", "A", "có sáng kiến cấp thành phố")]
    assert refused(six.decide, "vp-truong", raise_)[1] == "QUOTA_BROKEN"

    request = pb.DecideQuotaRateRequest(
        ward_id=WARD,
        month=MONTH,
        quota_scope="vp",
        rate="0.25",
        decision="99/QĐ-UBND",
        decided_on="2090-12-01",
        signer="Chủ tịch UBND",
        reason="hoàn thành vượt kế hoạch",
    )
    assert six.organizer.DecideQuotaRate(request).revision == 1
    assert six.organizer.DecideQuotaRate(request).revision == 1

    assert six.decide("vp-truong", raise_) == ["vp-5"]
    [told] = six.announced("QuotaRateDecided")
    assert (told["quota_scope"], told["rate"], told["revision"]) == ("vp", "0.25", "1")


def test_r27_a_leader_waits_for_the_people_in_his_charge(six: Ward) -> None:
    six.prepare({"vp-pho": "80.00", "vp-truong": "85.00"})

    code, reason, facts = refused(six.decide, "ct", [choose("vp-truong")])

    assert (code, reason) == (BLOCKED, "PEOPLE_FIRST")
    assert "(vp-1)" in facts["waiting"]
    six.decide("vp-truong", all=True)
    assert six.decide("ct", [choose("vp-truong")]) == ["vp-truong"]


def test_r2_only_the_competent_authority_decides(six: Ward) -> None:
    for who in ("vp-pho", "ct", "th-truong", "to-chuc"):
        assert refused(six.decide, who, [choose("vp-2")])[:2] == (FORBIDDEN, "NOT_COMPETENT")
    assert six.decide("ct", all=True) == []


def test_r2_a_delegate_decides_in_his_days_on_the_authority_of_the_competent(six: Ward) -> None:
    delegate(six, "vp-truong", "vp-3")

    [told] = six.announced("DelegationRecorded")
    assert (told["ward_id"], told["from_person_id"], told["to_person_id"]) == (WARD, "vp-truong", "vp-3")
    assert (told["from_day"], told["to_day"], told["document"]) == ("2020-01-01", "2090-12-31", "5/UQ")
    assert refused(six.decide, "vp-3", [choose("vp-3")])[:2] == (FORBIDDEN, "OWN_CASE")
    assert six.decide("vp-3", all=True) == ["vp-1", "vp-2", "vp-4", "vp-5", "vp-6"]

    found = six.evaluation("vp-2").decision
    assert (found.decided_by, found.authority_id) == ("vp-3", "vp-truong")


def test_r2_a_gap_is_shown_and_stops_the_decision(ward: Ward) -> None:
    ward.prepare({"th-1": "80.00"})
    ward.hear(ward.person("th-truong", post="unit_deputy"))

    code, reason, facts = refused(ward.decide, "th-truong", [choose("th-1")])

    assert (code, reason) == (BLOCKED, "NOBODY_COMPETENT")
    assert facts["problem"] == "no_holder"
    found = ward.evaluation("th-1")
    assert (found.decider_id, "unit_head" in found.nobody_competent) == ("", True)
    waiting = ward.clerk.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=MONTH)).awaited
    assert ("", pb.STEP_DECISION, 3) in [(each.person_id, each.step, each.count) for each in waiting]


def test_a_score_that_moved_since_it_was_seen_is_stale(six: Ward) -> None:
    seen = six.evaluation("vp-2").score_revision
    six.hear(six.score("vp-2", "75.00"))

    assert refused(six.decide, "vp-truong", [choose("vp-2", score_revision=seen)])[:2] == (
        STALE,
        "SCORE_MOVED",
    )
    newest = six.evaluation("vp-2").score_revision
    assert six.decide("vp-truong", [choose("vp-2", score_revision=newest)]) == ["vp-2"]


def test_values_set_after_the_score_are_waited_for(six: Ward) -> None:
    from .test_steps import decision_values

    six.as_("vp-truong").SetDecisionValues(decision_values("vp-2", I_1="1"))

    assert refused(six.decide, "vp-truong", all=True)[:2] == (BLOCKED, "SCORE_BEHIND")
    six.hear(six.score("vp-2", "76.00"))
    assert "vp-2" in six.decide("vp-truong", all=True)


def test_working_time_after_the_score_is_waited_for(six: Ward) -> None:
    """R-10: planning's news comes straight to approval, and by way of scoring."""
    from .test_record import time

    six.hear(time("vp-2", revision=1), six.score("vp-2", "80.00", working_time_revision=1))
    six.hear(time("vp-2", 40, revision=2))

    assert refused(six.decide, "vp-truong", all=True)[:2] == (BLOCKED, "SCORE_BEHIND")
    six.hear(six.score("vp-2", "80.00", working_time_revision=2))
    assert "vp-2" in six.decide("vp-truong", all=True)


def test_a_score_that_moves_after_the_decision_leaves_it_and_shows(six: Ward) -> None:
    six.decide("vp-truong", [choose("vp-2")])
    six.hear(six.score("vp-2", "60.00"))

    found = six.evaluation("vp-2")

    assert (state_name(found.state), found.decision.grade) == ("DECIDED", types_pb2.GRADE_B)
    assert found.score_revision > found.decision.score_revision
    assert (found.total, found.decision.total) == ("60.00", "80.00")


def test_deciding_anew_adds_a_decision_and_needs_a_reason(six: Ward) -> None:
    six.decide("vp-truong", [choose("vp-2")])

    assert refused(six.decide, "vp-truong", [choose("vp-2", "C")])[:2] == (
        INVALID,
        "DEVIATION_WITHOUT_REASON",
    )
    six.decide("vp-truong", [choose("vp-2", "C", "phát hiện thêm sai sót")])

    revisions = [each["revision"] for each in six.announced("DecisionMade") if each["person_id"] == "vp-2"]
    assert revisions == [1, 2]
    assert six.evaluation("vp-2").decision.revision == 2


def test_the_same_request_again_has_one_effect(six: Ward) -> None:
    for _ in range(2):
        assert six.decide("vp-truong", all=True, request_id="5f0c6f8e-0002") == sorted(SIX)

    assert len(six.announced("DecisionMade")) == 6


def test_a_request_names_somebody(six: Ward) -> None:
    assert refused(six.decide, "vp-truong")[:2] == (INVALID, "NOTHING_TO_DECIDE")
    assert refused(six.decide, "vp-truong", [choose("khong-co")])[:2] == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_PERSON",
    )


def test_late_decisions_are_flagged(ward: Ward) -> None:
    ward.month = PAST
    ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=PAST))
    ward.prepare({"vp-2": "80.00"})

    response = ward.as_("vp-truong").Decide(pb.DecideRequest(ward_id=WARD, month=PAST, all=True))

    assert response.late == 1
    assert ward.evaluation("vp-2").decision.late
    assert ward.organizer.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=PAST)).month.late == 3


class TestExternalResult:
    def test_it_is_recorded_with_its_document_and_superseded_by_a_later_one(self, ward: Ward) -> None:
        first = ward.organizer.RecordExternalResult(external("bt", total="93.5")).evaluation
        ward.organizer.RecordExternalResult(external("bt", total="93.5"))
        ward.organizer.RecordExternalResult(external("bt", "B", "15-TB/TU"))

        assert state_name(first.state) == "DECIDED"
        assert (first.decision.document, first.decision.total) == ("12-TB/TU", "93.5")
        made = [(each["grade"], each["revision"]) for each in ward.announced("DecisionMade")]
        assert made == [("GRADE_A", 1), ("GRADE_B", 2)]

    @pytest.mark.parametrize(
        ("request_", "code", "reason"),
        [
            (external("vp-truong"), BLOCKED, "NOT_EXTERNAL"),
            (external("bt", document=" "), INVALID, "DOCUMENT_MISSING"),
            (external("bt", "UNSPECIFIED"), INVALID, "GRADE_MISSING"),
            (external("bt", total="100.01"), INVALID, "TOTAL_OUT_OF_RANGE"),
            (external("bt", total="chín mươi"), INVALID, "BAD_NUMBER"),
        ],
    )
    def test_what_cannot_be_is_refused(
        self, ward: Ward, request_: object, code: grpc.StatusCode, reason: str
    ) -> None:
        assert refused(ward.organizer.RecordExternalResult, request_)[:2] == (code, reason)

    def test_nobody_in_the_ward_decides_for_the_city(self, ward: Ward) -> None:
        assert refused(ward.decide, "bt", [choose("ct")])[:2] == (FORBIDDEN, "DECIDED_BY_CITY")

    def test_a_published_one_stands(self, ward: Ward) -> None:
        ward.hear(*(ward.person(each, active=False) for each in ward.people if each != "bt"))
        ward.organizer.RecordExternalResult(external("bt"))
        ward.publish()

        assert refused(ward.organizer.RecordExternalResult, external("bt", "B"))[:2] == (
            BLOCKED,
            "ALREADY_PUBLISHED",
        )


class TestDelegation:
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"to": "vp-truong"}, "DELEGATION_TO_HIMSELF"),
            ({"to": "vp-pho", "from_day": "2026-05-02", "to_day": "2026-05-01"}, "DELEGATION_BACKWARDS"),
            ({"to": "vp-pho", "from_day": "1/5/2026"}, "BAD_DAY"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, ward: Ward, changes: dict[str, str], reason: str) -> None:
        assert refused(delegate, ward, "vp-truong", **changes)[:2] == (INVALID, reason)

    def test_it_is_between_people_of_the_ward(self, ward: Ward) -> None:
        code, reason, facts = refused(delegate, ward, "vp-truong", "vp-nham")

        assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_DELEGATE")
        assert (facts["person"], facts["field"]) == ("vp-nham", "to_person_id")


def ends(ward: Ward, delegation_id: str, **given: str) -> pb.Delegation:
    found: pb.Delegation = ward.organizer.EndDelegation(
        pb.EndDelegationRequest(
            **{"ward_id": WARD, "delegation_id": delegation_id, "document": "9/UQ", **given}
        )
    ).delegation
    return found


def the_delegation(ward: Ward) -> pb.Delegation:
    [found] = ward.organizer.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD)).delegations
    return found


class TestEndingADelegation:
    """R-2: dated and recorded, its end too; what was done by it stays done."""

    def test_from_then_on_the_delegate_decides_nobody(self, six: Ward) -> None:
        delegate(six, "vp-truong", "vp-3")
        six.decide("vp-3", [choose("vp-1")])
        yesterday = (legal_day(now()) - timedelta(days=1)).isoformat()

        ended = ends(six, the_delegation(six).delegation_id)

        assert (ended.to_day, ended.recorded_to_day) == (yesterday, "2090-12-31")
        assert (ended.ended_by, ended.end_document) == ("to-chuc", "9/UQ")
        assert the_delegation(six) == ended
        assert refused(six.decide, "vp-3", [choose("vp-2")])[:2] == (FORBIDDEN, "NOT_COMPETENT")
        made = six.evaluation("vp-1").decision
        assert (made.decided_by, made.authority_id) == ("vp-3", "vp-truong")
        first, again = six.announced("DelegationRecorded")
        assert (first["delegation_id"], first["to_day"]) == (ended.delegation_id, "2090-12-31")
        assert (again["delegation_id"], again["to_day"]) == (ended.delegation_id, yesterday)
        assert first["recorded_at"] == again["recorded_at"]

    def test_on_a_day_to_come_and_then_earlier(self, six: Ward) -> None:
        delegate(six, "vp-truong", "vp-3")
        delegation_id, today = the_delegation(six).delegation_id, legal_day(now())
        next_week, tomorrow = today + timedelta(days=7), today + timedelta(days=1)

        ends(six, delegation_id, last_day=next_week.isoformat())
        six.decide("vp-3", [choose("vp-1")])
        assert refused(ends, six, delegation_id, last_day=next_week.isoformat())[1] == "END_NOT_EARLIER"
        ends(six, delegation_id, last_day=tomorrow.isoformat(), document="10/UQ")

        found = the_delegation(six)
        assert (found.to_day, found.end_document) == (tomorrow.isoformat(), "10/UQ")

    def test_what_cannot_be_meant_is_refused(self, six: Ward) -> None:
        delegate(six, "vp-truong", "vp-3")
        delegation_id, today = the_delegation(six).delegation_id, legal_day(now())
        long_ago = (today - timedelta(days=2)).isoformat()

        for given, reason in (
            ({"last_day": long_ago}, "END_NOT_EARLIER"),
            ({"last_day": "2090-12-31"}, "END_NOT_EARLIER"),
            ({"document": " "}, "DOCUMENT_MISSING"),
        ):
            assert refused(ends, six, delegation_id, **given)[:2] == (INVALID, reason)
        assert refused(ends, six, "x")[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_DELEGATION")
        ends(six, delegation_id)
        assert refused(ends, six, delegation_id)[:2] == (BLOCKED, "DELEGATION_OVER")
        assert the_delegation(six).end_document == "9/UQ"


def test_a_unit_and_a_scope_that_nobody_knows_are_refused(six: Ward) -> None:
    assert refused(six.decide, "vp-truong", unit_id="vpp")[:2] == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_UNIT",
    )
    request = pb.DecideQuotaRateRequest(
        ward_id=WARD,
        month=MONTH,
        quota_scope="vpp",
        rate="0.25",
        decision="9/QĐ",
        decided_on="2090-12-01",
        signer="A",
        reason="vượt",
    )
    assert refused(six.organizer.DecideQuotaRate, request)[:2] == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_SCOPE",
    )


def test_whoever_leaves_after_the_decision_is_published_and_decides_no_more(ward: Ward) -> None:
    ward.prepare({"th-1": "80.00", "th-truong": "80.00"})
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.hear(ward.person("th-truong", active=False), ward.person("th-2", unit_id="th"))

    assert ward.state("th-truong") == "DECIDED"
    assert ward.evaluation("th-2").decider_id == ""
    ward.hear(ward.person("th-2", active=False))
    assert ward.publish("th").count == 2
