"""Workbooks to fill in: read by what wrote them, explained column by column, the same every time."""

import hashlib
import io
from decimal import Decimal

import openpyxl
import pytest

from chassis import sheets
from chassis.sheets import (
    Sheet,
    UnknownSheets,
    choice,
    day,
    decimal,
    ids,
    integer,
    month,
    read,
    template,
    text,
)

PEOPLE = Sheet(
    "people",
    "Nhân sự",
    (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        decimal("salary", "Hệ số lương", "Salary coefficient", least=Decimal("0.05"), most=20, places=2),
        integer("tasks", "Số việc", "Tasks", least=1),
        choice("role", "Vai trò", "Role", {"Lãnh đạo": "leader", "leader": "leader", "Nhân viên": "staff"}),
        ids("in_charge", "Phụ trách", "In charge of", longest=30),
        day("since", "Từ ngày", "Since"),
        month("until", "Đến tháng", "Until"),
    ),
)
UNITS = Sheet("units", "Đơn vị", (text("unit_id", "Mã đơn vị", "Unit id", required=True),))


def rows(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows()]


@pytest.mark.parametrize("vietnamese", [True, False])
def test_what_is_written_is_read_without_an_error(*, vietnamese: bool) -> None:
    made = template([PEOPLE, UNITS], vietnamese=vietnamese)

    found = read(made.content, [PEOPLE, UNITS], file_name="mau.xlsx")

    assert found.errors.count == 0
    assert {name: table.rows for name, table in found.tables.items()} == {"people": [], "units": []}
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()
    assert template([PEOPLE, UNITS], vietnamese=vietnamese) == made


def test_every_column_is_explained_by_its_declaration() -> None:
    found = rows(template([PEOPLE]).content, "# Hướng dẫn")

    assert "Xóa những trang không dùng" in str(found[0][0])
    assert found[1:] == [
        ("Trang", "Cột", "Bắt buộc", "Nội dung"),
        ("people (Nhân sự)", "Mã người", "Có", "văn bản, tối đa 64 ký tự"),
        ("people (Nhân sự)", "Hệ số lương", None, "số từ 0,05 đến 20, tối đa 2 chữ số thập phân"),
        ("people (Nhân sự)", "Số việc", None, "số nguyên từ 1"),
        ("people (Nhân sự)", "Vai trò", None, "một trong: Lãnh đạo; Nhân viên"),
        ("people (Nhân sự)", "Phụ trách", None, "các mã, cách nhau bằng dấu chấm phẩy, tối đa 30 mã"),
        ("people (Nhân sự)", "Từ ngày", None, "ngày, như 05/03/2026"),
        ("people (Nhân sự)", "Đến tháng", None, "tháng, như 2026-03"),
    ]
    english = rows(template([PEOPLE], vietnamese=False).content, "# Guide")
    assert [row[3] for row in english[2:]] == [
        "text, at most 64 characters",
        "number from 0.05 to 20, at most 2 decimals",
        "whole number from 1",
        "one of: Lãnh đạo; Nhân viên",
        "ids, divided by semicolons, at most 30",
        "day, such as 05/03/2026",
        "month, such as 2026-03",
    ]


def test_only_the_sheets_that_are_asked_for() -> None:
    made = template([PEOPLE, UNITS], ["units"])
    assert openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames == ["# Hướng dẫn", "units"]
    with pytest.raises(UnknownSheets, match="people, units"):
        template([PEOPLE, UNITS], ["unit"])


def test_what_is_typed_as_text_stays_text_and_numbers_numbers() -> None:
    """An id such as 007 keeps its zeros, and 2026-03 is made no day."""
    book = openpyxl.load_workbook(io.BytesIO(template([PEOPLE]).content))
    formats = [book["people"].column_dimensions[letter].number_format for letter in "ABCDEFG"]
    assert formats == ["@", "General", "General", "@", "@", "dd/mm/yyyy", "@"]


def test_the_examples_of_the_guide_are_read_as_they_say() -> None:
    page = sheets.Page(PEOPLE, [{"person_id": "an"}])
    book = openpyxl.load_workbook(io.BytesIO(sheets.workbook([page])))
    book["people"]["F2"], book["people"]["G2"], book["people"]["D2"] = "05/03/2026", "2026-03", "Lãnh đạo"
    packed = io.BytesIO()
    book.save(packed)

    found = read(packed.getvalue(), [PEOPLE], file_name="mau.xlsx")

    [row] = found.tables["people"].rows
    assert found.errors.count == 0
    assert (str(row.day("since")), str(row.month("until")), row.text("role")) == (
        "2026-03-05", "2026-03", "leader",
    )  # fmt: skip
