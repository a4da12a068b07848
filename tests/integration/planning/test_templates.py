"""The workbook to fill in, through planning's door: what is written into it is taken over."""

import hashlib
import io
from typing import Any

import grpc
import openpyxl

from kpi.planning.v1 import okr_pb2 as okr
from kpi.planning.v1 import planning_pb2 as planning
from kpi.planning.v1 import templates_pb2 as pb
from planning.wire import layout
from support import tokens
from support.service import Caller

from .ward import Ward, refused, task


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


FIRST_MONTH: dict[str, dict[str, Any]] = {
    "units": {"Mã đơn vị": "007", "Tên đơn vị": "Trạm Y tế", "Loại đơn vị": "Trung tâm"},
    "people": {
        "Mã người": "an",
        "Họ và tên": "Nguyễn Văn An",
        "Mã đơn vị": "007",
        "Loại đối tượng": "Viên chức",
        "Chức vụ": "Không giữ chức vụ",
        "Chức danh": "Y sĩ",
        "Vai trò": "Nhân viên",
        "Hệ số lương": "2,34",
        "Nhóm nhiệm vụ tương đồng": "Y tế",
    },
    "catalogue": {
        "Mã": "DC.05",
        "Nhiệm vụ": "Báo cáo định kỳ",
        "Sản phẩm": "Báo cáo",
        "Nhóm phức tạp": "N3",
        "Điểm": 60,
    },
    "tasks": {
        "Mã người": "an",
        "Mã nhiệm vụ": "T1",
        "Loại": "Kế hoạch",
        "Mã danh mục": "DC.05",
        "Thời hạn": "20/03/2026",
        "Trách nhiệm": "Chủ trì",
        "Thẩm quyền": "Trưởng đơn vị",
        "Số lượng": 2,
        "Mã việc đơn vị": "V1",
    },
    "results": {
        "Mã người": "an",
        "Mã nhiệm vụ": "T1",
        "Số lượng hoàn thành": 2,
        "Ngày nghiệm thu": "20/03/2026",
    },
    "faults": {"Mã người": "an", "Mã nhiệm vụ": "T1", "Mã sai sót": "F1", "Số sản phẩm": 1, "Số lần chậm": 1},
    "working_time": {"Mã người": "an", "Số buổi phải làm": 44, "Nghỉ ốm": 2},
    "unit_plans": {
        "Mã đơn vị": "007",
        "Mã việc": "V1",
        "Công việc": "Tổng kết quý I",
        "Người chủ trì": "an",
        "Thời hạn": "20/03/2026",
        "Trách nhiệm": "Chủ trì",
        "Sản phẩm": "Báo cáo",
        "Thẩm quyền": "Chủ tịch UBND",
    },
    "objectives": {
        "Mã mục tiêu": "M1",
        "Mục tiêu": "Giảm thời gian chờ",
        "Cấp": "Đơn vị",
        "Đơn vị hoặc người": "007",
        "Kỳ": "2026-03",
    },
    "key_results": {
        "Mã mục tiêu": "M1",
        "Mã kết quả": "KR1",
        "Nội dung đo": "Số phút chờ",
        "Đơn vị đo": "phút",
        "Ban đầu": 40,
        "Mục tiêu cần đạt": 10,
        "Nhiệm vụ": "an/T1",
    },
    "readings": {"Mã mục tiêu": "M1", "Mã kết quả": "KR1", "Số đo": "25,5", "Ngày đo": "15/03/2026"},
}
"""A row of every sheet but the ward's, as people type it."""


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
            tasks=FIRST_MONTH["tasks"] | {"Mã việc đơn vị": None},
        )
    )

    assert (done.applied, list(done.errors)) == (True, [])
    [taken] = ward.plan("an").tasks
    assert (taken.task_id, taken.due_on, taken.quantity) == ("T1", "2026-03-20", "2")


def test_a_new_ward_s_first_month_is_taken_over_from_it(ward: Ward) -> None:
    new = Ward(ward.service, f"{ward.id}-dau")
    first = {
        "Mã phường": new.id,
        "Tên phường": "Phường Phúc Lợi",
        "Thành phố": "Hà Nội",
        "Điểm đơn vị chuẩn": 5,
        "Quyết định danh mục": "283/QĐ-UBND",
    }
    content = filled(fetched(new).content, ward=first, **FIRST_MONTH)

    done = new.sends(content)

    assert (done.applied, list(done.errors)) == (True, [])
    assert dict(done.rows) == {each.name: 1 for each in layout.SHEETS}
    [taken] = new.plan("an").tasks
    assert (taken.task_id, taken.coefficient, taken.unit_item_id) == ("T1", "12.00", "V1")


def test_in_english_it_is_read_alike(ward: Ward) -> None:
    request = pb.GetTemplateRequest(ward_id=ward.id, sheets=["units"])
    metadata = (*tokens.bearer("an", wards=(ward.id,)), ("accept-language", "en"))
    content = ward.service.stub.GetTemplate(request, metadata=metadata, timeout=30).content

    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["# Guide", "units"]
    row = {"Unit id": "tram-y-te", "Unit name": "Trạm Y tế", "Unit kind": "centre"}
    done = ward.sends(filled(content, units=row))
    assert (done.applied, list(done.errors), dict(done.rows)) == (True, [], {"units": 1})


def test_an_empty_sheet_of_faults_beside_results_says_that_there_are_none(ward: Ward) -> None:
    """As the guide warns: whoever leaves the sheet in says so of the tasks of the other one."""
    ward.imports(tasks=[task("an", "T1")])
    result = FIRST_MONTH["results"]
    found = filled(fetched(ward).content, results=result, faults=FIRST_MONTH["faults"])

    def faults() -> int:
        [recorded] = ward.plan("an").tasks
        return len(recorded.faults)

    assert ward.sends(found).applied
    assert faults() == 1
    assert ward.sends(filled(fetched(ward, "results").content, results=result)).applied
    assert faults() == 1
    assert ward.sends(filled(fetched(ward).content, results=result)).applied
    assert faults() == 0


def test_an_empty_sheet_of_key_results_beside_objectives_says_that_there_are_none(ward: Ward) -> None:
    objective = FIRST_MONTH["objectives"] | {"Đơn vị hoặc người": "vp"}
    measured = FIRST_MONTH["key_results"] | {"Nhiệm vụ": None}
    content, alone = fetched(ward).content, fetched(ward, "objectives").content

    def key_results() -> int:
        request = okr.GetObjectiveRequest(ward_id=ward.id, objective_id="M1")
        return len(ward.organizer.GetObjective(request).objective.key_results)

    assert ward.sends(filled(content, objectives=objective, key_results=measured)).applied
    assert key_results() == 1
    assert ward.sends(filled(alone, objectives=objective)).applied
    assert key_results() == 1
    assert ward.sends(filled(content, objectives=objective)).applied
    assert key_results() == 0


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
