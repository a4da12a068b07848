"""A bad file changes nothing, and every bad cell of it is told at once, in both languages."""

import io
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import grpc
import openpyxl
import pytest
from sqlalchemy import func, select

from kpi.planning.v1 import planning_pb2 as pb
from planning.storage import tables

from .ward import Ward, person, refused, task, workbook

HEADERS: Mapping[str, list[str]] = {
    "people": [
        *("Mã người", "Họ và tên", "Mã đơn vị", "Loại đối tượng", "Chức vụ", "Chức danh", "Vai trò"),
        *("Hệ số lương", "Cấp trên trực tiếp", "Phụ trách", "Nhóm nhiệm vụ tương đồng"),
    ],
    "catalogue": ["Mã", "Nhiệm vụ", "Sản phẩm", "Nhóm phức tạp", "Khung điểm", "Điểm", "Hệ số quy đổi"],
    "tasks": [
        *("Mã người", "Mã nhiệm vụ", "Loại", "Mã danh mục", "Thời hạn", "Trách nhiệm", "Thẩm quyền"),
        *("Số lượng", "Hệ số", "Người liên quan", "Lý do"),
    ],
    "results": ["Mã người", "Mã nhiệm vụ", "Số lượng hoàn thành"],
    "faults": [
        *("Mã người", "Mã nhiệm vụ", "Mã sai sót", "Số sản phẩm", "Số lần chưa đạt", "Số lần chậm"),
        *("Chưa đạt được miễn", "Người xác nhận", "Nguyên nhân khách quan"),
    ],
    "working_time": ["Mã người", "Số buổi phải làm", "Số buổi đã làm", "Nghỉ ốm"],
}
DUE, LED = date(2026, 3, 20), ["Chủ trì", "Chánh Văn phòng"]


def raw(**pages: list[list[Any]]) -> bytes:
    """A workbook of rows as somebody typed them."""
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in pages.items():
        sheet = book.create_sheet(name)
        for row in [HEADERS[name], *rows]:
            sheet.append(row)
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def told(done: pb.ImportWorkbookResponse) -> list[tuple[str, int, str, str]]:
    return [(each.sheet, each.row, each.column, each.value) for each in done.errors]


BAD = raw(
    people=[
        ["an", "An", "vp", "Công chức", "staff", "CV", "Nhân viên", "x", "deputy", None, "Nhóm"],
        ["mới", "Mới", "nowhere", "Công chức", "staff", "CV", "Nhân viên", 3, None, None, "Nhóm"],
        ["cu", "Cũ", "vp", "Công chức", "staff", "CV", "Lãnh đạo", 3, "nobody", "an; ghost", "Nhóm"],
    ],
    catalogue=[
        ["DC.01", "Soạn thảo", "Văn bản", "N1", "1-10", 5, 2],
        ["DC.02", "Soạn thảo", "Văn bản", "N1", "1-10", 50, None],
        ["DC.02", "Soạn thảo", "Văn bản", "N1", None, 5, None],
    ],
    tasks=[
        ["an", "T1", "Kế hoạch", "DC.99", DUE, *LED, 1, None, None, None],
        ["an", "T2", "Kế hoạch", None, date(2026, 4, 1), *LED, 0, None, None, None],
        ["an", "T3", "Chuyển giao", "DC.01", DUE, *LED, 1, 9, "an", None],
        ["an", "T3", "Kế hoạch", "DC.01", DUE, *LED, 1, None, None, None],
        ["an", "T4", "Kế hoạch", "DC.01", DUE, None, "  ", 2, None, None, None],
        ["an", "T5", "Rút", "DC.01", DUE, *LED, 2, None, "binh", "hoãn"],
        ["ghost", "T1", "Kế hoạch", "DC.01", DUE, *LED, 1, None, None, None],
        ["binh", "T1", "Kế hoạch", "DC.01", DUE, *LED, 2, None, None, None],
    ],
    results=[["binh", "T1", 3], ["binh", "T9", 1], ["binh", "T1", 1], ["an", "T4", "1,234"]],
    faults=[
        ["binh", "T1", "F1", 2, 1, None, 1, "binh", "mất điện"],
        ["binh", "T1", "F2", 2, 1, None, 2, "head", None],
        ["binh", "T1", "F3", 1, 0, 0, None, None, None],
    ],
    working_time=[["an", 44, 40, 5], ["an", 44, 40, None], ["lan", 0, 70, None]],
)


def test_every_bad_cell_is_told_at_once_and_nothing_is_kept(ward: Ward) -> None:
    before = contents(ward)
    done = ward.sends(BAD)
    assert not done.applied
    assert told(done) == [
        ("people", 2, "Hệ số lương", "x"),
        ("people", 3, "Mã người", "mới"),
        ("people", 3, "Mã đơn vị", "nowhere"),
        ("people", 4, "Cấp trên trực tiếp", "nobody"),
        ("people", 4, "Phụ trách", "an; ghost"),
        ("catalogue", 2, "Hệ số quy đổi", "2"),
        ("catalogue", 3, "Điểm", "50"),
        ("catalogue", 4, "Mã", "DC.02"),
        ("tasks", 2, "Mã danh mục", "DC.99"),
        ("tasks", 3, "Thời hạn", "01/04/2026"),
        ("tasks", 3, "Số lượng", "0"),
        ("tasks", 3, "Công việc", ""),
        ("tasks", 3, "Sản phẩm", ""),
        ("tasks", 3, "Hệ số", ""),
        ("tasks", 4, "Hệ số", "9"),
        ("tasks", 4, "Người liên quan", "an"),
        ("tasks", 4, "Lý do", ""),
        ("tasks", 5, "Mã nhiệm vụ", "T3"),
        ("tasks", 6, "Trách nhiệm", ""),
        ("tasks", 6, "Thẩm quyền", "  "),
        ("tasks", 7, "Người liên quan", "binh"),
        ("tasks", 8, "Mã người", "ghost"),
        ("results", 2, "Số lượng hoàn thành", "3"),
        ("results", 3, "Mã nhiệm vụ", "T9"),
        ("results", 4, "Mã nhiệm vụ", "T1"),
        ("results", 5, "Số lượng hoàn thành", "1,234"),
        ("faults", 2, "Người xác nhận", "binh"),
        ("faults", 3, "Chưa đạt được miễn", "2"),
        ("faults", 3, "Nguyên nhân khách quan", ""),
        ("faults", 3, "Người xác nhận", "head"),
        ("faults", 4, "Số lần chưa đạt", "0"),
        ("working_time", 2, "Số buổi đã làm", "40"),
        ("working_time", 3, "Mã người", "an"),
        ("working_time", 4, "Số buổi phải làm", "0"),
        ("working_time", 4, "Số buổi đã làm", "70"),
    ]
    assert done.error_count == len(done.errors)
    assert all(each.reason_vi and each.reason_en for each in done.errors)
    assert contents(ward) == before


def contents(ward: Ward) -> dict[str, int]:
    with ward.service.sessions() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.sorted_tables
        }


def test_the_reasons_say_what_to_do(ward: Ward) -> None:
    done = ward.sends(BAD)
    reasons = {(each.sheet, each.row, each.column): each.reason_en for each in done.errors}
    assert reasons["tasks", 3, "Thời hạn"] == "is outside the month's window, 2026-02-25 to 2026-03-24"
    assert reasons["catalogue", 2, "Hệ số quy đổi"] == "must be 5 / 5 = 1.00"
    assert reasons["results", 2, "Số lượng hoàn thành"] == "is more than the 2 assigned"
    assert reasons["faults", 3, "Người xác nhận"].startswith("is not above binh; ")
    assert reasons["working_time", 2, "Số buổi đã làm"] == "it must be 39: what is required less the leave"


def test_who_leads_whom_in_a_circle_is_refused_naming_it(ward: Ward) -> None:
    people = [
        person(
            person_id="boss", unit_id="vp", role="leader", in_charge_ids=("deputy",), superior_id="deputy"
        ),
        person(person_id="deputy", unit_id="vp", role="leader", in_charge_ids=("boss",), superior_id="boss"),
    ]
    done = ward.imports(people=people)
    assert [(each.column, each.reason_en) for each in done.errors] == [
        ("Cấp trên trực tiếp", "they form a circle: boss → deputy → boss"),
        ("Phụ trách", "they form a circle: boss → deputy → boss"),
    ]


def test_a_circle_through_people_outside_the_file_is_found(ward: Ward) -> None:
    done = ward.imports(
        people=[
            person(person_id="boss", unit_id="vp", role="leader", in_charge_ids=("an",), superior_id="deputy")
        ]
    )
    assert [each.reason_en for each in done.errors] == ["they form a circle: boss → deputy → boss"]


def test_a_leader_says_whom_he_answers_for(ward: Ward) -> None:
    leader = person(person_id="head", unit_id="school", role="leader", post="unit_head")
    done = ward.imports(people=[leader])
    assert [(each.column, each.row) for each in done.errors] == [("Phụ trách", 2)]
    assert ward.imports(people=[leader | {"in_charge_ids": ("không",)}]).applied
    found = ward.clerk.GetPerson(pb.GetPersonRequest(ward_id=ward.id, person_id="head", month="2026-03"))
    assert list(found.person.in_charge_ids) == []


def test_the_catalogue_is_put_in_force_by_an_organizer_only(empty: Ward) -> None:
    done = empty.imports(by=empty.clerk, **empty.organization(), tasks=[task("an", "T1")])
    assert [(each.sheet, each.column) for each in done.errors] == [("ward", "Quyết định danh mục")]


def test_a_catalogue_has_at_most_five_groups_and_a_standard(empty: Ward) -> None:
    pages = empty.organization()
    pages["ward"] = [empty.row()]
    done = empty.imports(**pages)
    assert [(each.sheet, each.row) for each in done.errors] == [("catalogue", 0)]
    pages["ward"] = [empty.row(standard_points=Decimal(5))]
    row = dict(pages["catalogue"][0])
    pages["catalogue"] = [row | {"code": f"C{each}", "complexity_group": f"N{each}"} for each in range(1, 8)]
    done = empty.imports(**pages)
    assert [(each.row, each.column) for each in done.errors] == [(7, "Nhóm phức tạp"), (8, "Nhóm phức tạp")]


def test_more_errors_than_told_are_counted(ward: Ward) -> None:
    tasks = [task("ghost", f"T{each}") for each in range(1500)]
    done = ward.imports(tasks=tasks)
    assert (len(done.errors), done.error_count) == (1000, 1500)


@pytest.mark.parametrize(
    ("content", "file_name"), [(b"PK\x03\x04", "a.xlsx"), (b"x", "a.pdf"), (b"", "a.xlsx")]
)
def test_what_is_no_table_is_refused(ward: Ward, content: bytes, file_name: str) -> None:
    code, reason, facts = refused(ward.sends, content, file_name=file_name)
    assert (code, reason, facts["file"]) == (grpc.StatusCode.INVALID_ARGUMENT, "UNREADABLE", file_name)


def test_the_ward_sheet_is_about_the_ward_of_the_request(empty: Ward) -> None:
    pages = empty.organization()
    pages["ward"] = [empty.row(ward_id="other")]
    done = empty.imports(ward=pages["ward"], units=pages["units"])
    assert [(each.sheet, each.row, each.column) for each in done.errors] == [("ward", 2, "Mã phường")]
    done = empty.imports(ward=[empty.row(), empty.row()], units=pages["units"])
    assert [(each.sheet, each.row) for each in done.errors] == [("ward", 0)]


def test_nobody_but_clerk_and_organizer_imports(ward: Ward) -> None:
    content = workbook(units=[{"unit_id": "x", "name": "Mới", "kind": "office"}])
    code, _, _ = refused(ward.sends, content, by=ward.as_("an"))
    assert code is grpc.StatusCode.PERMISSION_DENIED
