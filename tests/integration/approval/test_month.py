"""A whole month through the gRPC door, with events heard as the bus would hand them."""

import random
from decimal import Decimal

import grpc
import pytest

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2
from support.service import Running

from .ward import MONTH, PAST, WARD, Ward, choose, refused, state_name

TOTALS = {
    "vp-1": "95.00",
    "vp-2": "88.50",
    "vp-3": "75.00",
    "vp-pho": "85.00",
    "vp-truong": "92.00",
    "th-1": "66.00",
    "th-truong": "71.00",
}


def test_a_month_from_the_self_assessment_to_the_published_grade(ward: Ward) -> None:
    ward.prepare(TOTALS)
    ward.decide("vp-truong", unit_id="vp")
    ward.decide("th-truong", all=True)
    ward.decide("ct", all=True)
    for person_id, grade in (("bt", types_pb2.GRADE_A), ("ct", types_pb2.GRADE_B)):
        ward.organizer.RecordExternalResult(
            pb.RecordExternalResultRequest(
                ward_id=WARD, month=MONTH, person_id=person_id, grade=grade, document="12-TB/TU"
            )
        )

    done = ward.publish()

    assert (done.count, done.month_published) == (9, True)
    letters = {each["person_id"]: each["grade"] for each in ward.announced("GradePublished")}
    assert letters == {
        "bt": "GRADE_A",
        "ct": "GRADE_B",
        "vp-truong": "GRADE_B",
        "vp-pho": "GRADE_B",
        "vp-1": "GRADE_B",
        "vp-2": "GRADE_B",
        "vp-3": "GRADE_B",
        "th-truong": "GRADE_B",
        "th-1": "GRADE_C",
    }
    made = {each["person_id"]: each for each in ward.announced("DecisionMade")}
    assert made.keys() == letters.keys()
    assert (made["vp-1"]["total"], made["vp-1"]["policy"]) == ("95.00", "default@1")
    assert made["vp-1"]["unit_id"] == "vp"
    [month] = ward.announced("MonthPublished")
    assert (month["count"], month["revision"]) == (9, "1")


def test_publishing_again_changes_nothing(ward: Ward) -> None:
    ward.prepare({"th-1": "80.00"})
    ward.decide("th-truong", all=True)
    ward.hear(*(ward.person(each, active=False) for each in ward.people if each not in {"th-1", "th-truong"}))
    ward.hear(ward.score("th-truong", "", status=2, reason="attendance", proposed_grade=0))

    first, again = ward.publish(), ward.publish()

    assert (first.count, first.month_published) == (2, True)
    assert (again.count, again.month_published, again.late) == (0, True, False)
    assert len(ward.announced("GradePublished")) == 2
    assert len(ward.announced("MonthPublished")) == 1


def test_a_ward_that_nobody_told_of_has_no_month(service: Running) -> None:
    """R-26: a slip in the ward's id is said at once, and nothing is kept of it."""
    nowhere = Ward(service)
    opening = pb.OpenMonthRequest(ward_id=WARD, month=MONTH)
    checking = pb.CheckMonthRequest(ward_id=WARD, month=MONTH)

    for found in (
        refused(nowhere.organizer.OpenMonth, opening),
        refused(nowhere.organizer.CheckMonth, checking),
    ):
        assert found[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_WARD")
        assert found[2]["ward_id"] == nowhere.id
    assert nowhere.announced("MonthOpened") == []

    nowhere.settle()
    assert len(nowhere.announced("MonthOpened")) == 1


def test_opening_again_changes_nothing(ward: Ward) -> None:
    again = ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=MONTH)).month

    assert len(ward.announced("MonthOpened")) == 1
    assert [each.last_day for each in again.deadlines] == [
        "2090-12-08",
        "2090-12-10",
        "2090-12-12",
        "2090-12-14",
    ]
    assert again.counts == {"awaiting_self_assessment": 7, "awaiting_external": 2}


def test_somebody_who_becomes_known_after_the_opening_is_evaluated_too(ward: Ward) -> None:
    ward.hear(ward.person("vp-9", superior_id="vp-truong"))

    assert ward.state("vp-9") == "AWAITING_SELF_ASSESSMENT"
    assert "vp-9" in refused(ward.publish)[2]["people"]


def test_a_post_counts_from_its_month_on(ward: Ward) -> None:
    ward.hear(ward.person("vp-3", from_month="2091-01", active=False))
    ward.hear(ward.person("moi", from_month="2091-01"))

    assert ward.state("vp-3") == "AWAITING_SELF_ASSESSMENT"
    code, reason, _ = refused(ward.evaluation, "moi")
    assert (code, reason) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_PERSON")


@pytest.mark.parametrize("seed", range(3))
def test_news_in_any_order_and_twice_ends_in_the_same_state(ward: Ward, seed: int) -> None:
    ward.prepare(TOTALS)
    newer = [
        ward.person("vp-1", full_name="Tên Mới"),
        ward.person("vp-1", full_name="Tên Mới Hơn"),
        ward.score("vp-1", "70.00"),
        ward.score("vp-1", "71.00"),
        ward.unit("vp", types_pb2.UNIT_KIND_OFFICE, 3),
        ward.unit("vp", types_pb2.UNIT_KIND_CENTRE, 2),
    ]
    shuffled = newer * 2
    random.Random(seed).shuffle(shuffled)

    ward.hear(*shuffled)

    found = ward.evaluation("vp-1")
    assert (found.full_name, found.total, found.decider_id) == ("Tên Mới Hơn", "71.00", "vp-truong")


def test_a_unit_is_published_before_the_ward(ward: Ward) -> None:
    ward.prepare({each: TOTALS[each] for each in ("th-1", "th-truong")})
    ward.decide("th-truong", unit_id="th")
    ward.decide("ct", unit_id="th")

    done = ward.publish("th")

    assert (done.count, done.month_published) == (2, False)
    assert ward.announced("MonthPublished") == []
    code, reason, facts = refused(ward.publish)
    assert (code, reason) == (grpc.StatusCode.FAILED_PRECONDITION, "NOT_COMPLETE")
    assert facts["count"] == "7"


def test_the_month_says_whom_it_waits_for(ward: Ward) -> None:
    ward.prepare({each: TOTALS[each] for each in ("vp-2", "vp-3", "th-1")})
    ward.assess("vp-1")

    found = ward.clerk.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=MONTH))

    waiting = [(each.person_id, pb.Step.Name(each.step), each.count, each.late) for each in found.awaited]
    assert waiting == [
        ("", "STEP_DECISION", 2, False),
        ("vp-truong", "STEP_DECISION", 2, False),
        ("th-truong", "STEP_SELF_ASSESSMENT", 1, False),
        ("vp-pho", "STEP_SELF_ASSESSMENT", 1, False),
        ("vp-truong", "STEP_SELF_ASSESSMENT", 1, False),
        ("vp-pho", "STEP_REMARKS", 1, False),
        ("th-truong", "STEP_DECISION", 1, False),
    ]
    assert not ward.as_("vp-1").GetMonth(pb.GetMonthRequest(ward_id=WARD, month=MONTH)).awaited


def test_late_steps_are_taken_and_flagged_until_the_deadline_is_extended(ward: Ward) -> None:
    ward.month = PAST
    ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=PAST))
    ward.assess("vp-2")

    assert ward.evaluation("vp-2").self_assessed_late
    month = ward.organizer.ExtendDeadline(
        pb.ExtendDeadlineRequest(
            ward_id=WARD, month=PAST, step=pb.STEP_SELF_ASSESSMENT, last_day="2099-01-31", reason="mất mạng"
        )
    ).month
    assert (month.deadlines[0].last_day, month.deadlines[0].extended_by) == ("2099-01-31", "to-chuc")
    ward.assess("vp-3")
    assert not ward.evaluation("vp-3").self_assessed_late
    assert ward.evaluation("vp-2").self_assessed_late
    assert ward.organizer.GetMonth(pb.GetMonthRequest(ward_id=WARD, month=PAST)).month.late == 1

    code, reason, facts = refused(
        ward.organizer.ExtendDeadline,
        pb.ExtendDeadlineRequest(
            ward_id=WARD, month=PAST, step=pb.STEP_SELF_ASSESSMENT, last_day="2099-01-31", reason="nữa"
        ),
    )
    assert (code, reason) == (grpc.StatusCode.INVALID_ARGUMENT, "NOT_LATER")
    assert facts["field"] == "last_day"


def test_months_are_listed_newest_first_page_by_page(ward: Ward) -> None:
    for month in ("2026-11", "2026-10"):
        ward.organizer.OpenMonth(pb.OpenMonthRequest(ward_id=WARD, month=month))

    found, token = [], ""
    while True:
        page = ward.clerk.ListMonths(pb.ListMonthsRequest(ward_id=WARD, page_size=2, page_token=token))
        found += [each.month for each in page.months]
        token = page.next_page_token
        if not token:
            break

    assert found == [MONTH, "2026-11", "2026-10"]


def test_evaluations_are_listed_by_person_page_by_page(ward: Ward) -> None:
    found, token = [], ""
    while True:
        page = ward.organizer.ListEvaluations(
            pb.ListEvaluationsRequest(ward_id=WARD, month=MONTH, page_size=4, page_token=token)
        )
        found += [each.person_id for each in page.evaluations]
        token = page.next_page_token
        if not token:
            break

    assert found == sorted(ward.people)


def test_a_month_that_is_not_open_is_said_to_be_so(ward: Ward) -> None:
    ward.month = "2026-09"

    assert refused(ward.assess, "vp-1")[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "MONTH_NOT_OPENED")
    assert refused(ward.evaluation, "vp-1")[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_MONTH")


def test_the_criteria_are_ten_and_give_thirty(ward: Ward) -> None:
    found = ward.as_("vp-1").ListCriteria(pb.ListCriteriaRequest(ward_id=WARD))

    assert len(found.criteria) == 10
    assert sum(Decimal(each.maximum) for each in found.criteria) == 30
    assert not found.next_page_token


def test_a_list_leaves_values_and_texts_out(ward: Ward) -> None:
    ward.assess("vp-2", II_1="2")
    ward.remark("vp-2", text="Tốt")

    [found] = [
        each
        for each in ward.organizer.ListEvaluations(
            pb.ListEvaluationsRequest(ward_id=WARD, month=MONTH, unit_id="vp")
        ).evaluations
        if each.person_id == "vp-2"
    ]

    assert (found.self_points, found.review_points) == ("29.5", "29.5")
    assert not found.self_assessment.values
    assert not found.remarks.text
    assert state_name(found.state) == "AWAITING_DECISION"


def test_a_published_month_keeps_the_unit_and_name_it_was_published_with(ward: Ward) -> None:
    ward.prepare({each: TOTALS[each] for each in ("th-1", "th-truong")})
    ward.decide("th-truong", unit_id="th")
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    ward.hear(ward.person("th-1", unit_id="vp", full_name="Tên Khác"))

    found = ward.clerk.ListGrades(pb.ListGradesRequest(ward_id=WARD, month=MONTH)).grades

    assert next((each.person_id, each.unit_id, each.full_name) for each in found) == (
        "th-1",
        "th",
        "Họ Tên th-1",
    )
