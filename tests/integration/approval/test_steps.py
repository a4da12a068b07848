"""Self-assessment, remarks, the authority's values, "not evaluated": who may, when, what scoring is told."""

import grpc
import pytest

from kpi.approval.v1 import approval_pb2 as pb
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2

from .ward import MONTH, PAST, WARD, Ward, choose, refused, state_name, values

FORBIDDEN = grpc.StatusCode.PERMISSION_DENIED
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
INVALID = grpc.StatusCode.INVALID_ARGUMENT


def self_assessments(*person_ids: str, document: str = "", **points: str) -> pb.SubmitSelfAssessmentsRequest:
    return pb.SubmitSelfAssessmentsRequest(
        ward_id=WARD,
        month=MONTH,
        self_assessments=[
            pb.SelfAssessment(person_id=each, values=values(**points), document=document)
            for each in person_ids
        ],
    )


def remarks(*person_ids: str, **fields: object) -> pb.SubmitRemarksRequest:
    return pb.SubmitRemarksRequest(
        ward_id=WARD,
        month=MONTH,
        remarks=[pb.Remarks(person_id=each, **fields) for each in person_ids],  # type: ignore[arg-type]
    )


def decision_values(person_id: str, **points: str) -> pb.SetDecisionValuesRequest:
    return pb.SetDecisionValuesRequest(
        ward_id=WARD, month=MONTH, person_id=person_id, values=values(**points)
    )


def not_evaluated(person_id: str, reason: str = "", *, clear: bool = False) -> pb.SetNotEvaluatedRequest:
    return pb.SetNotEvaluatedRequest(
        ward_id=WARD, month=MONTH, person_id=person_id, reason=reason, clear=clear
    )


def delegate(ward: Ward, who: str, to: str, from_day: str = "2020-01-01", to_day: str = "2090-12-31") -> None:
    ward.organizer.Delegate(
        pb.DelegateRequest(
            ward_id=WARD,
            from_person_id=who,
            to_person_id=to,
            from_day=from_day,
            to_day=to_day,
            document="5/UQ",
        )
    )


class TestSelfAssessment:
    def test_three_sets_of_values_are_kept_and_the_last_one_counts(self, ward: Ward) -> None:
        told = []
        ward.assess("vp-2", II_1="2")
        told.append(ward.general("vp-2"))
        ward.as_("vp-truong").SubmitRemarks(remarks("vp-2", values=values(II_1="1.5")))
        told.append(ward.general("vp-2"))
        ward.as_("vp-truong").SetDecisionValues(decision_values("vp-2", II_1="1"))
        told.append(ward.general("vp-2"))

        assert [(each["general"], each["stage"], each["revision"]) for each in told] == [
            ("29.5", "self", "1"),
            ("29.0", "review", "2"),
            ("28.5", "decision", "3"),
        ]
        found = ward.evaluation("vp-2")
        assert (found.self_points, found.review_points, found.decision_points) == ("29.5", "29.0", "28.5")
        assert [each.points for each in found.self_assessment.values if each.criterion_id == "II.1"] == ["2"]
        assert [each.points for each in found.remarks.values if each.criterion_id == "II.1"] == ["1.5"]
        assert [each.points for each in found.decision_values if each.criterion_id == "II.1"] == ["1"]

    def test_it_may_be_changed_until_remarks_are_given(self, ward: Ward) -> None:
        ward.assess("vp-2")
        ward.assess("vp-2", II_1="2")
        ward.remark("vp-2")

        assert ward.general("vp-2")["general"] == "29.5"
        assert refused(ward.assess, "vp-2")[:2] == (BLOCKED, "ALREADY_REMARKED")

    def test_only_the_person_or_the_clerk_from_paper(self, ward: Ward) -> None:
        assert refused(ward.as_("vp-1").SubmitSelfAssessments, self_assessments("vp-2"))[:2] == (
            FORBIDDEN,
            "NOT_FOR_YOU",
        )
        assert refused(ward.clerk.SubmitSelfAssessments, self_assessments("vp-2"))[:2] == (
            INVALID,
            "PAPER_MISSING",
        )
        done = ward.clerk.SubmitSelfAssessments(self_assessments("vp-1", "vp-2", document="phiếu 12"))
        assert (done.count, done.late) == (2, 0)
        assert ward.evaluation("vp-2").self_assessment.document == "phiếu 12"

    def test_all_or_nothing(self, ward: Ward) -> None:
        request = self_assessments("vp-1", "vp-2", document="phiếu 12")
        request.self_assessments[1].values[2].points = "3"

        code, reason, facts = refused(ward.clerk.SubmitSelfAssessments, request)

        assert (code, reason) == (INVALID, "POINTS_OUT_OF_RANGE")
        assert facts["field"] == "self_assessments[1].values[2].points"
        assert ward.state("vp-1") == "AWAITING_SELF_ASSESSMENT"
        assert ward.announced("GeneralAssessed") == []

    def test_the_same_request_again_has_one_effect(self, ward: Ward) -> None:
        request = self_assessments("vp-2")
        request.request_id = "5f0c6f8e-0001"
        for _ in range(2):
            ward.as_("vp-2").SubmitSelfAssessments(request)

        assert len(ward.announced("GeneralAssessed")) == 1


class TestRemarks:
    def test_empty_values_take_the_self_assessments_over(self, ward: Ward) -> None:
        ward.assess("vp-2", II_1="2")
        ward.remark("vp-2", text="Nhất trí")

        found = ward.evaluation("vp-2")
        assert (found.review_points, found.remarked_by, found.remarks.text) == (
            "29.5",
            "vp-truong",
            "Nhất trí",
        )
        [given] = ward.announced("RemarksGiven")
        assert (given["person_id"], given["remarked_by"]) == ("vp-2", "vp-truong")

    @pytest.mark.parametrize("who", ["vp-2", "vp-1", "ct", "th-truong"])
    def test_only_the_direct_superior(self, ward: Ward, who: str) -> None:
        ward.assess("vp-2")

        assert refused(ward.as_(who).SubmitRemarks, remarks("vp-2"))[:2] == (FORBIDDEN, "NOT_REVIEWER")

    def test_a_superior_who_holds_no_leading_post_is_one_all_the_same(self, ward: Ward) -> None:
        ward.hear(ward.person("vp-3", superior_id="vp-2"))
        ward.assess("vp-3")
        ward.as_("vp-2").SubmitRemarks(remarks("vp-3"))

        assert ward.evaluation("vp-3", ward.as_("vp-2")).reviewer_id == "vp-2"

    def test_a_delegate_remarks_in_his_days_but_not_on_himself(self, ward: Ward) -> None:
        ward.assess("vp-2", "vp-3")
        assert refused(ward.as_("vp-3").SubmitRemarks, remarks("vp-2"))[:2] == (FORBIDDEN, "NOT_REVIEWER")
        delegate(ward, "vp-truong", "vp-3", to_day="2020-01-02")
        assert refused(ward.as_("vp-3").SubmitRemarks, remarks("vp-2"))[:2] == (FORBIDDEN, "NOT_REVIEWER")
        delegate(ward, "vp-truong", "vp-3")

        ward.as_("vp-3").SubmitRemarks(remarks("vp-2"))

        assert ward.evaluation("vp-2").remarked_by == "vp-3"
        assert refused(ward.as_("vp-3").SubmitRemarks, remarks("vp-3"))[:2] == (FORBIDDEN, "NOT_REVIEWER")

    def test_the_clerk_enters_what_stands_on_signed_paper(self, ward: Ward) -> None:
        ward.assess("vp-2")

        assert refused(ward.clerk.SubmitRemarks, remarks("vp-2"))[:2] == (INVALID, "PAPER_MISSING")
        ward.clerk.SubmitRemarks(remarks("vp-2", document="phiếu 12"))
        assert ward.evaluation("vp-2").remarks.document == "phiếu 12"

    def test_the_organizer_remarks_only_where_nobody_is_the_superior(self, ward: Ward) -> None:
        ward.assess("bt", "vp-2")
        fields = {"organising": 100, "unity": 100, "document": "phiếu 1"}

        ward.organizer.SubmitRemarks(remarks("bt", **fields))

        assert ward.general("bt")["stage"] == "review"
        assert refused(ward.organizer.SubmitRemarks, remarks("vp-2", document="phiếu"))[:2] == (
            FORBIDDEN,
            "NOT_REVIEWER",
        )

    def test_r17_a_leader_has_both_values_and_fifty_a_fact(self, ward: Ward) -> None:
        ward.assess("vp-truong")
        boss = ward.as_("ct")

        assert refused(boss.SubmitRemarks, remarks("vp-truong", organising=100))[:2] == (
            INVALID,
            "LEADERSHIP_VALUE_MISSING",
        )
        assert refused(boss.SubmitRemarks, remarks("vp-truong", organising=75, unity=100))[1] == (
            "LEADERSHIP_VALUE_MISSING"
        )
        _, reason, facts = refused(boss.SubmitRemarks, remarks("vp-truong", organising=100, unity=50))
        assert (reason, facts["field"]) == ("FACT_MISSING", "remarks[0].unity_fact")
        boss.SubmitRemarks(remarks("vp-truong", organising=100, unity=50, unity_fact="đơn khiếu nại kéo dài"))
        told = ward.general("vp-truong")
        assert (told["organising"], told["unity"]) == (100, 50)

    def test_r15_staff_have_neither(self, ward: Ward) -> None:
        ward.assess("vp-2")

        assert refused(ward.as_("vp-truong").SubmitRemarks, remarks("vp-2", unity=100))[1] == (
            "LEADERSHIP_VALUE_UNFIT"
        )

    def test_r20_a_blocker_goes_to_scoring_with_its_document(self, ward: Ward) -> None:
        ward.assess("vp-2")
        ward.remark("vp-2", blocker="45/QĐ-KL")

        assert ward.general("vp-2")["blocker"] == "45/QĐ-KL"

    def test_they_wait_for_the_self_assessment_unless_it_is_overdue(self, ward: Ward) -> None:
        own = values()
        assert refused(ward.as_("vp-truong").SubmitRemarks, remarks("vp-2", values=own))[:2] == (
            BLOCKED,
            "NO_SELF_ASSESSMENT",
        )
        ward.month = PAST
        ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=PAST))
        assert refused(ward.remark, "vp-2")[:2] == (BLOCKED, "NO_SELF_ASSESSMENT")
        ward.remark("vp-2", values=own)
        found = ward.evaluation("vp-2")
        assert (state_name(found.state), found.remarked_late) == ("AWAITING_DECISION", True)

    def test_new_remarks_drop_the_authoritys_values(self, ward: Ward) -> None:
        ward.assess("vp-2")
        ward.remark("vp-2")
        ward.as_("vp-truong").SetDecisionValues(decision_values("vp-2", II_1="1"))
        ward.remark("vp-2", text="xem lại")

        assert ward.general("vp-2")["stage"] == "review"
        assert not ward.evaluation("vp-2").decision_values

    def test_nothing_is_changed_after_the_decision(self, ward: Ward) -> None:
        ward.prepare({"vp-2": "80.00"})
        ward.decide("vp-truong", [choose("vp-2")])

        assert refused(ward.remark, "vp-2")[:2] == (BLOCKED, "ALREADY_DECIDED")
        assert refused(ward.assess, "vp-2")[:2] == (BLOCKED, "ALREADY_DECIDED")
        assert refused(ward.as_("vp-truong").SetDecisionValues, decision_values("vp-2"))[:2] == (
            BLOCKED,
            "ALREADY_DECIDED",
        )
        assert refused(ward.organizer.SetNotEvaluated, not_evaluated("vp-2", "vì"))[:2] == (
            BLOCKED,
            "ALREADY_DECIDED",
        )


class TestDecisionValues:
    def test_only_the_competent_authority_sets_them(self, ward: Ward) -> None:
        ward.assess("vp-1")
        ward.remark("vp-1")

        assert refused(ward.as_("vp-pho").SetDecisionValues, decision_values("vp-1"))[:2] == (
            FORBIDDEN,
            "NOT_COMPETENT",
        )
        assert refused(ward.organizer.SetDecisionValues, decision_values("vp-1"))[0] == FORBIDDEN
        ward.as_("vp-truong").SetDecisionValues(decision_values("vp-1", III_1="1"))
        assert ward.general("vp-1")["general"] == "28.5"

    def test_not_before_the_remarks(self, ward: Ward) -> None:
        ward.assess("vp-1")

        assert refused(ward.as_("vp-truong").SetDecisionValues, decision_values("vp-1"))[:2] == (
            BLOCKED,
            "NO_REMARKS",
        )


class TestNotEvaluated:
    def test_r14_set_and_taken_back_by_the_authority(self, ward: Ward) -> None:
        boss = ward.as_("vp-truong")
        found = boss.SetNotEvaluated(not_evaluated("vp-2", "mới chuyển đến, chưa giao việc")).evaluation

        assert state_name(found.state) == "NOT_EVALUATED"
        assert ward.general("vp-2")["not_evaluated_reason"] == "mới chuyển đến, chưa giao việc"

        found = boss.SetNotEvaluated(not_evaluated("vp-2", clear=True)).evaluation

        assert state_name(found.state) == "AWAITING_SELF_ASSESSMENT"
        assert ward.general("vp-2")["not_evaluated_reason"] == ""
        boss.SetNotEvaluated(not_evaluated("vp-2", clear=True))
        assert len(ward.announced("GeneralAssessed")) == 2

    def test_r14_it_needs_a_reason_and_the_competent(self, ward: Ward) -> None:
        assert refused(ward.as_("vp-truong").SetNotEvaluated, not_evaluated("vp-2"))[:2] == (
            INVALID,
            "REASON_MISSING",
        )
        for who in ("vp-1", "vp-2", "vp-pho"):
            assert refused(ward.as_(who).SetNotEvaluated, not_evaluated("vp-2", "vì"))[0] == FORBIDDEN
        ward.organizer.SetNotEvaluated(not_evaluated("bt", "đi học tập trung"))
        assert ward.state("bt") == "NOT_EVALUATED"

    def test_whoever_has_a_score_is_graded(self, ward: Ward) -> None:
        ward.prepare({"vp-2": "45.00"})

        assert refused(ward.as_("vp-truong").SetNotEvaluated, not_evaluated("vp-2", "vì"))[:2] == (
            BLOCKED,
            "HAS_SCORE",
        )

    def test_r27_it_is_not_taken_back_once_a_leader_above_is_decided(self, ward: Ward) -> None:
        ward.as_("vp-truong").SetNotEvaluated(not_evaluated("vp-1", "nghỉ thai sản"))
        ward.prepare({"vp-pho": "80.00"})
        ward.decide("vp-truong", [choose("vp-pho")])

        assert refused(ward.as_("vp-truong").SetNotEvaluated, not_evaluated("vp-1", clear=True))[:2] == (
            BLOCKED,
            "LEADER_DECIDED",
        )

    def test_r11_attendance_makes_it_so_and_unmakes_it(self, ward: Ward) -> None:
        absent = {
            "status": scoring_pb2.SCORE_STATUS_NOT_EVALUATED,
            "reason": "attendance",
            "proposed_grade": types_pb2.GRADE_UNSPECIFIED,
        }
        ward.hear(ward.score("vp-2", "", **absent))

        found = ward.evaluation("vp-2")
        assert (state_name(found.state), found.score_status) == ("NOT_EVALUATED", "not_evaluated")

        ward.hear(ward.score("vp-2", "80.00"))

        assert ward.state("vp-2") == "AWAITING_SELF_ASSESSMENT"

    def test_publication_tells_those_who_pay(self, ward: Ward) -> None:
        ward.prepare({"th-1": "80.00"})
        ward.decide("th-truong", [choose("th-1")])
        ward.as_("ct").SetNotEvaluated(not_evaluated("th-truong", "nghỉ ốm"))

        ward.publish("th")

        [made] = [each for each in ward.announced("DecisionMade") if each["person_id"] == "th-truong"]
        assert (made["grade"], made["revision"], made["total"]) == ("GRADE_UNSPECIFIED", 1, "")
        [shown] = [each for each in ward.announced("GradePublished") if each["person_id"] == "th-truong"]
        assert (shown["grade"], shown["decision_id"], shown["revision"]) == ("GRADE_UNSPECIFIED", "", 1)
        found = ward.evaluation("th-truong")
        assert (state_name(found.state), found.HasField("decision")) == ("NOT_EVALUATED", False)
