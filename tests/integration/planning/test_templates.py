"""The workbook to fill in, through planning's door: what is written into it is taken over."""

import hashlib
import io
from typing import Any

import grpc
import openpyxl

from kpi.planning.v1 import planning_pb2 as planning
from kpi.planning.v1 import templates_pb2 as pb
from planning.wire import layout
from support.service import Caller

from .ward import Ward, refused


def fetched(ward: Ward, *names: str, by: Caller | None = None) -> pb.GetTemplateResponse:
    reply: pb.GetTemplateResponse = (by or ward.clerk).GetTemplate(
        pb.GetTemplateRequest(ward_id=ward.id, sheets=names)
    )
    return reply


def filled(content: bytes, **rows: dict[str, Any]) -> bytes:
    """The template with a row below the headers of each of these sheets."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for name, row in rows.items():
        headers = [cell.value for cell in next(book[name].iter_rows())]
        book[name].append([row.get(str(each)) for each in headers])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def test_it_has_every_sheet_and_is_the_same_every_time(ward: Ward) -> None:
    made = fetched(ward)

    book = openpyxl.load_workbook(io.BytesIO(made.content))
    assert book.sheetnames == ["# Hướng dẫn", *(each.name for each in layout.SHEETS)]
    assert made.file_name == f"{ward.id}.xlsx"
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert fetched(ward, by=ward.as_("an")) == made


def test_what_is_filled_in_is_taken_over(ward: Ward) -> None:
    content = fetched(ward, "units", "tasks").content

    empty = ward.sends(content)
    assert (empty.applied, dict(empty.rows)) == (True, {"units": 0, "tasks": 0})
    done = ward.sends(
        filled(
            content,
            units={"Mã đơn vị": "tram-y-te", "Tên đơn vị": "Trạm Y tế", "Loại đơn vị": "Trung tâm"},
            tasks={
                "Mã người": "an",
                "Mã nhiệm vụ": "T1",
                "Loại": "Kế hoạch",
                "Mã danh mục": "DC.05",
                "Thời hạn": "20/03/2026",
                "Trách nhiệm": "Chủ trì",
                "Thẩm quyền": "Trưởng đơn vị",
                "Số lượng": 2,
            },
        )
    )

    assert (done.applied, list(done.errors)) == (True, [])
    [task] = ward.plan("an").tasks
    assert (task.task_id, task.due_on, task.quantity) == ("T1", "2026-03-20", "2")


def test_sheets_that_nobody_filled_in_change_nothing(ward: Ward) -> None:
    content = fetched(ward).content
    before = ward.clerk.GetWard(planning.GetWardRequest(ward_id=ward.id))

    done = ward.sends(content)

    assert (done.applied, set(dict(done.rows).values())) == (True, {0})
    assert ward.clerk.GetWard(planning.GetWardRequest(ward_id=ward.id)) == before
    other = Ward(ward.service, f"{ward.id}-moi")
    [error] = other.sends(content).errors
    assert (error.sheet, error.reason_en) == ("ward", "it must have exactly one row")


def test_a_ward_that_is_not_known_yet_gets_its_first_workbook(ward: Ward) -> None:
    other = Ward(ward.service, f"{ward.id}-moi")
    assert fetched(other, "ward").file_name == f"{other.id}.xlsx"


def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(ward: Ward) -> None:
    code, reason, facts = refused(fetched, ward, "task")
    assert (code, reason, facts["field"]) == (
        grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_SHEETS", "sheets",
    )  # fmt: skip
    assert "tasks" in facts["known"]
