"""Quarters, half-years and years through the door: R-24."""

import grpc
import pytest

from integration.scoring.ward import Ward
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from support.service import refusal

HEAD = {"organising": 100, "unity": 100}


def month(ward: Ward, name: str) -> Ward:
    return Ward(ward.service, ward.ward_id, name, ward.revisions)


@pytest.fixture
def quarter(ward: Ward) -> Ward:
    """Six specialists and their head from January to March; p0 was away in February."""
    people = [f"p{number}" for number in range(6)]
    ward.tell(*(ward.person(id_, superior_id="head") for id_ in people), ward.leader("head", unit_id="VP"))
    for number, name in enumerate(("2026-01", "2026-02", "2026-03")):
        each = month(ward, name)
        for rank, id_ in enumerate(people):
            each.tell(*each.good_month(id_, str(20 + rank + number)))
        each.tell(*each.good_month("head", "30", **HEAD))
        if name == "2026-02":
            each.tell(each.time("p0", 10))
        each.compute()
    return ward


def get(
    ward: Ward, person: str, period: str, caller: str = "o", role: str = "organizer"
) -> pb.GetPeriodResponse:
    request = pb.GetPeriodRequest(ward_id=ward.ward_id, person_id=person, period=period)
    answer: pb.GetPeriodResponse = ward.service.as_(caller, role, wards=("*",)).GetPeriod(request)
    return answer


def test_a_quarter_with_its_arithmetic(quarter: Ward) -> None:
    """R-20 to R-25: means 91.00 for p0 (two months), 92 to 96 for the others; one place."""
    found = get(quarter, "p5", "2026-Q1")
    period = found.period
    assert [(each.month, each.total) for each in period.months] == [
        ("2026-01", "95.00"), ("2026-02", "96.00"), ("2026-03", "97.00"),
    ]  # fmt: skip
    assert (period.total, period.band, period.proposed_grade) == ("96.00", types.GRADE_A, types.GRADE_A)
    assert (period.quota, period.rank, period.base, period.limit) == (pb.QUOTA_OUTCOME_KEPT, 1, 6, 1)
    steps = {step.name: (step.rule, step.formula, step.result) for step in found.steps}
    assert steps["total"] == ("R-24", "(95.00 + 96.00 + 97.00) / 3", "96.00")
    assert steps["A_max"] == ("R-21", "⌊0.2 × 6 / (1 + 0.2)⌋", "1")
    assert steps["proposed_grade"] == ("R-25", "A, kept", "A")

    away = get(quarter, "p0", "2026-Q1").period
    assert (away.total, away.evaluated, away.months[1].reason) == ("91.00", 2, "attendance")
    assert away.quota == pb.QUOTA_OUTCOME_LOWERED


def test_periods_are_listed_by_person_in_pages_for_those_who_may_see_them(quarter: Ward) -> None:
    """R-29."""

    def listed(caller: str, role: str) -> list[str]:
        request = pb.ListPeriodsRequest(ward_id=quarter.ward_id, period="2026-H1", page_size=3)
        found = []
        while True:
            page = quarter.service.as_(caller, role, wards=("*",)).ListPeriods(request)
            found += [each.person_id for each in page.periods]
            if not page.next_page_token:
                return found
            request.page_token = page.next_page_token

    everybody = ["head", "p0", "p1", "p2", "p3", "p4", "p5"]
    assert listed("o", "organizer") == everybody
    assert listed("head", "staff") == everybody
    assert listed("p1", "staff") == ["p1"]
    with pytest.raises(grpc.RpcError) as no:
        get(quarter, "p2", "2026-Q1", "p1", "staff")
    assert refusal(no.value)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOUR_SCORE")


def test_a_head_is_graded_no_higher_than_the_unit_in_the_year(quarter: Ward) -> None:
    """R-24: by a document; the newest record holds."""
    caller = quarter.service.as_("o", "organizer", wards=("*",))

    def record(grade: types.Grade, **changes: str) -> pb.UnitGrade:
        given = {"ward_id": quarter.ward_id, "unit_id": "VP", "period": "2026", "document": "5/TB"}
        request = pb.RecordUnitGradeRequest(grade=grade, head_id="head", **(given | changes))
        answer: pb.UnitGrade = caller.RecordUnitGrade(request).unit_grade
        return answer

    assert get(quarter, "head", "2026").period.proposed_grade == types.GRADE_B  # alone in the group: no place
    assert record(types.GRADE_C).revision == 1
    year = get(quarter, "head", "2026")
    assert (year.period.band, year.period.proposed_grade) == (types.GRADE_A, types.GRADE_C)
    assert (year.period.unit_grade, year.period.unit_document) == (types.GRADE_C, "5/TB")
    assert ("unit_grade", "A ≤ C (5/TB)", "C") in [(s.name, s.formula, s.result) for s in year.steps]
    assert get(quarter, "head", "2026-Q1").period.proposed_grade == types.GRADE_B
    assert record(types.GRADE_B, document="6/TB").revision == 2
    told = [
        (each.period, each.head_id, each.grade, each.revision) for each in quarter.announced_unit_grades()
    ]
    assert told == [("2026", "head", types.GRADE_C, 1), ("2026", "head", types.GRADE_B, 2)]
    assert get(quarter, "head", "2026").period.proposed_grade == types.GRADE_B


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"period": "2026-Q1"}, "BAD_PERIOD", "period"),
        ({"grade": 0}, "GRADE_MISSING", "grade"),
        ({"document": " "}, "DOCUMENT_MISSING", "document"),
        ({"head_id": "p0"}, "NOT_THE_HEAD", "head_id"),
        ({"unit_id": "KT"}, "NOT_THE_HEAD", "head_id"),
    ],
)
def test_a_unit_s_grade_needs_a_year_a_document_and_its_head(
    ward: Ward, changes: dict[str, object], reason: str, field: str
) -> None:
    ward.tell(ward.leader("head"), ward.person("p0"))
    given = {
        "ward_id": ward.ward_id, "unit_id": "VP", "period": "2026", "document": "5/TB", "head_id": "head",
        "grade": types.GRADE_B,
    }  # fmt: skip
    with pytest.raises(grpc.RpcError) as no:
        ward.service.as_("o", "organizer", wards=("*",)).RecordUnitGrade(
            pb.RecordUnitGradeRequest(**(given | changes))  # type: ignore[arg-type]
        )
    code, found, facts = refusal(no.value)
    assert (code, found, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)


def test_what_is_not_there_and_what_is_no_period(ward: Ward) -> None:
    for period, expected in (("2026-Q1", "NO_SUCH_PERIOD"), ("2026-5", "BAD_PERIOD")):
        with pytest.raises(grpc.RpcError) as no:
            get(ward, "s", period)
        assert refusal(no.value)[1] == expected
