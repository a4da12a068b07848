"""The assessments sheet: all of it or nothing, every bad cell told at once, the same again of no effect."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import grpc
import pytest

from approval import policies
from approval.usecases.imports import sheet
from chassis.sheets import Page, comma_separated, workbook
from kpi.approval.v1 import approval_pb2 as pb

from .ward import MAXIMA, MONTH, WARD, Ward, choose, refused, state_name

SHEET = sheet(policies.built_in().criteria, own=True)


def row(person_id: str, **changes: Any) -> dict[str, Any]:
    """A row with full values of the person's own and nothing of the superior's."""
    own = {f"self_{each}": Decimal(most) for each, most in MAXIMA.items()}
    named = {name.replace("__", "."): value for name, value in changes.items()}
    return {"person_id": person_id, **own, **named}


def take(
    ward: Ward, rows: Sequence[Mapping[str, Any]], *, csv: bool = False, **fields: Any
) -> pb.ImportAssessmentsResponse:
    page = Page(SHEET, rows)
    found: pb.ImportAssessmentsResponse = ward.clerk.ImportAssessments(
        pb.ImportAssessmentsRequest(
            **{
                "ward_id": WARD,
                "month": MONTH,
                "file_name": "danh-gia.csv" if csv else "danh-gia.xlsx",
                "content": comma_separated(page) if csv else workbook([page]),
                "self_assessments": True,
                "remarks": True,
                "document": "12/HS",
                **fields,
            }
        )
    )
    return found


ROWS = [
    row("vp-1", self_II__1=Decimal(2), self_reason="chưa có sáng kiến", proposed="B", text="Nhất trí"),
    row("vp-2", review_III__4=Decimal("1.25"), review_reason="chưa chủ động", text="Cần cố gắng"),
    row("vp-truong", organising="100", unity="50", unity_fact="đơn phản ánh kéo dài"),
    row("vp-3"),
]


@pytest.mark.parametrize("csv", [False, True])
def test_a_sheet_is_taken_over(ward: Ward, *, csv: bool) -> None:
    done = take(ward, ROWS, csv=csv)

    assert (done.applied, done.error_count, done.self_assessments, done.remarks) == (True, 0, 4, 3)
    assert ward.general("vp-1") | {"revision": ""} == {
        "ward_id": WARD,
        "person_id": "vp-1",
        "month": MONTH,
        "general": "29.5",
        "stage": "review",
        "organising": 0,
        "unity": 0,
        "blocker": "",
        "not_evaluated_reason": "",
        "revision": "",
    }
    assert ward.general("vp-2")["general"] == "28.75"
    assert (ward.general("vp-truong")["unity"], ward.general("vp-3")["stage"]) == (50, "self")
    found = ward.evaluation("vp-1")
    assert (found.remarks.text, found.remarks.document, found.remarked_by) == ("Nhất trí", "12/HS", "van-thu")
    # What the reviewer takes over keeps the person's reason.
    assert {each.reason for each in found.remarks.values} == {"", "chưa có sáng kiến"}
    assert len(ward.announced("RemarksGiven")) == 3
    assert state_name(ward.evaluation("vp-3").state) == "AWAITING_REMARKS"


def test_the_same_file_again_changes_and_announces_nothing(ward: Ward) -> None:
    take(ward, ROWS)
    before = len(ward.announced("GeneralAssessed")), len(ward.announced("RemarksGiven"))

    done = take(ward, ROWS)

    assert done.applied
    assert (len(ward.announced("GeneralAssessed")), len(ward.announced("RemarksGiven"))) == before == (4, 3)


def test_a_corrected_file_announces_only_what_differs(ward: Ward) -> None:
    take(ward, ROWS)

    take(ward, [ROWS[0], {**ROWS[1], "text": "Đạt"}, *ROWS[2:]])

    assert [each["person_id"] for each in ward.announced("GeneralAssessed")][4:] == ["vp-2"]
    assert ward.evaluation("vp-2").remarks.text == "Đạt"


def test_every_bad_cell_is_told_and_nothing_is_taken(ward: Ward) -> None:
    done = take(
        ward,
        [
            row("vp-1", self_I__1=Decimal(4)),
            row("vp-2", self_I__1=Decimal(5), self_II__1="ba điểm"),
            row("vp-9"),
            row("vp-3", unity="100"),
            row("vp-3"),
            row("vp-truong", organising="50", unity="100"),
            row("th-1"),
        ],
        csv=True,
    )

    assert not done.applied
    assert [(each.row, each.column) for each in done.errors] == [
        (2, "Lý do (tự chấm)"),
        (3, "II.1 (tự chấm)"),
        (4, "Mã người"),
        (5, "Đoàn kết (e)"),
        (6, "Mã người"),
        (7, "Căn cứ (đ)"),
    ]
    assert done.error_count == 6
    assert all(each.reason_vi and each.reason_en for each in done.errors)
    assert ward.announced("GeneralAssessed") == []
    assert state_name(ward.evaluation("th-1").state) == "AWAITING_SELF_ASSESSMENT"


def test_a_dry_run_only_checks(ward: Ward) -> None:
    done = take(ward, ROWS, dry_run=True)

    assert (done.applied, done.error_count, done.self_assessments, done.remarks) == (False, 0, 4, 3)
    assert ward.announced("GeneralAssessed") == []


def test_only_the_half_that_is_asked_for(ward: Ward) -> None:
    take(ward, ROWS, remarks=False)
    assert ward.general("vp-1")["stage"] == "self"

    done = take(ward, ROWS, self_assessments=False)
    assert (done.self_assessments, done.remarks) == (0, 3)
    assert ward.general("vp-1")["stage"] == "review"


def test_what_is_decided_is_refused_where_it_differs_and_passed_over_where_not(ward: Ward) -> None:
    take(ward, ROWS)
    ward.score_all({"vp-2": "80.00"})
    ward.decide("vp-truong", [choose("vp-2")])

    assert take(ward, ROWS).applied
    done = take(ward, [{**ROWS[1], "text": "Khác"}])
    assert not done.applied
    assert [(each.row, each.column) for each in done.errors] == [(2, "")]


def test_a_changed_self_assessment_alone_does_not_pass_the_remarks(ward: Ward) -> None:
    take(ward, ROWS)

    done = take(ward, [row("vp-1", self_I__1=Decimal(4), self_reason="vì")], remarks=False)

    assert (done.applied, done.error_count) == (False, 1)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"document": " "}, "PAPER_MISSING"),
        ({"self_assessments": False, "remarks": False}, "NOTHING_TO_IMPORT"),
        ({"content": b"khong phai bang"}, "UNREADABLE"),
    ],
)
def test_what_is_no_import_is_refused(ward: Ward, fields: dict[str, Any], reason: str) -> None:
    assert refused(take, ward, ROWS, **fields)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, reason)


def test_only_the_clerk_imports(ward: Ward) -> None:
    request = pb.ImportAssessmentsRequest(ward_id=WARD, month=MONTH)

    assert refused(ward.as_("vp-1").ImportAssessments, request)[0] == grpc.StatusCode.PERMISSION_DENIED
