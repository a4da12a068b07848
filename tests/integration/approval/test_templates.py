"""Workbooks to fill in, through approval's door: their headers are those that the imports read."""

import io

import grpc
import openpyxl

from approval import policies
from approval.usecases.decision_sheets import layout
from approval.usecases.imports import sheet
from chassis.sheets import read
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import templates_pb2 as templates

from .ward import MONTH, WARD, Ward, refused

DECISIONS, ASSESSMENTS = templates.TEMPLATE_KIND_DECISIONS, templates.TEMPLATE_KIND_ASSESSMENTS


def fetched(ward: Ward, kind: templates.TemplateKind, month: str = "") -> templates.GetTemplateResponse:
    reply: templates.GetTemplateResponse = ward.clerk.GetTemplate(
        templates.GetTemplateRequest(ward_id=WARD, kind=kind, month=month)
    )
    return reply


def test_decisions_are_read_without_an_error(ward: Ward) -> None:
    made = fetched(ward, DECISIONS)

    found = read(made.content, layout.SHEETS, file_name=made.file_name)
    assert fetched(ward, DECISIONS) == made
    assert found.errors.count == 0
    assert list(found.tables) == [each.name for each in layout.SHEETS]
    done = ward.organizer.ImportDecisions(
        pb.ImportDecisionsRequest(ward_id=WARD, month=MONTH, file_name=made.file_name, content=made.content)
    )
    assert (done.applied, list(done.errors)) == (True, [])


def test_what_is_filled_in_about_decisions_is_taken_over(ward: Ward) -> None:
    """R-2, R-21, R-28, as the organizer types it from the papers."""
    ward.prepare({"vp-2": "80.00"})
    rows = {
        "quota_rates": ("vp", "0,25", "21-QĐ/ĐU", "09/12/2090", "Bí thư", "vượt tiến độ"),
        "delegations": ("ct", "vp-pho", "05/01/2026", "09/01/2026", "12/UQ"),
        "external_results": ("ct", "A", "98,5", "541-TB/TU"),
        "decisions": ("vp-2", "B", None, "76/QĐ"),
    }
    book = openpyxl.load_workbook(io.BytesIO(fetched(ward, DECISIONS).content))
    for name, row in rows.items():
        book[name].append(row)
    packed = io.BytesIO()
    book.save(packed)

    done = ward.organizer.ImportDecisions(
        pb.ImportDecisionsRequest(
            ward_id=WARD, month=MONTH, file_name="quyet-dinh.xlsx", content=packed.getvalue()
        )
    )

    assert (done.applied, list(done.errors)) == (True, [])
    assert dict(done.changed) == {**dict.fromkeys(rows, 1), "appeals": 0}
    assert ward.evaluation("vp-2").decision.document == "76/QĐ"


def test_assessments_have_the_months_criteria_and_are_taken_over(ward: Ward) -> None:
    made = fetched(ward, ASSESSMENTS, MONTH)
    assert fetched(ward, ASSESSMENTS, MONTH) == made
    expected = sheet(policies.built_in().criteria, own=True)
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    headers = [cell.value for cell in next(book["assessments"].iter_rows())]
    assert headers == [each.vi for each in expected.columns]

    of = {each.vi: each for each in expected.columns}
    most = {each.id: each.maximum for each in policies.built_in().criteria}
    row: list[object] = ["vp-1" if of[str(each)].name == "person_id" else None for each in headers]
    for place, header in enumerate(headers):
        name = of[str(header)].name
        if name.startswith("self_") and name.removeprefix("self_") in most:
            row[place] = most[name.removeprefix("self_")]
    book["assessments"].append(row)
    packed = io.BytesIO()
    book.save(packed)
    done = ward.clerk.ImportAssessments(
        pb.ImportAssessmentsRequest(
            ward_id=WARD,
            month=MONTH,
            file_name=made.file_name,
            content=packed.getvalue(),
            self_assessments=True,
            document="12/HS",
        )
    )

    assert (done.applied, done.self_assessments) == (True, 1)


def test_the_kind_and_an_open_month_are_needed(ward: Ward) -> None:
    assert refused(fetched, ward, templates.TEMPLATE_KIND_UNSPECIFIED)[2]["field"] == "kind"
    assert refused(fetched, ward, ASSESSMENTS)[0] is grpc.StatusCode.INVALID_ARGUMENT
    assert refused(fetched, ward, ASSESSMENTS, "2031-05")[:2] == (
        grpc.StatusCode.NOT_FOUND,
        "UNKNOWN_MONTH",
    )
