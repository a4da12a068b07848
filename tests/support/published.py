"""A catalogue's workbook in the layout in which communes publish it: title rows, four sheets, formulas."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

REAL = Path(__file__).parents[2] / "examples" / "phuc-loi" / "catalogue.csv"
"""The entries of a real catalogue: 371 of them."""
RANGES = {"N1": "1-10", "N2": "11-50", "N3": "51-100", "N4": "101-200"}
DECISION = "(Kèm theo Quyết định số 283/QĐ-UBND ngày 31 tháng 5 năm 2026)"
NAMES = {"leadership": "PL II - Lanh dao QL", "shared": "PL III - Dung chung", "unit": "PL IV - Rieng phong"}
TITLES = {
    "leadership": "DANH MỤC SẢN PHẨM/CÔNG VIỆC QUY ĐỔI - NHIỆM VỤ LÃNH ĐẠO, QUẢN LÝ",
    "shared": "PHẦN B - MỤC I. DANH MỤC SẢN PHẨM/CÔNG VIỆC DÙNG CHUNG CHO TẤT CẢ CÁC PHÒNG, ĐƠN VỊ",
    "unit": "PHẦN B - MỤC II. DANH MỤC SẢN PHẨM/CÔNG VIỆC RIÊNG THEO PHÒNG, ĐƠN VỊ",
}
STANDARD = "Sản phẩm chuẩn = 5 điểm = hệ số 1,00"

_FORMULA = re.compile(r"<f>ROUND\(([A-Z]+[0-9]+)/5,2\)</f><v(?: ?/>|></v>)")

Entries = Iterable[Mapping[str, str]]


def real() -> list[dict[str, str]]:
    """Return the entries of the real catalogue."""
    with REAL.open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def few(*changes: dict[str, str]) -> list[dict[str, str]]:
    """Return a small catalogue of four entries: one of leadership, two shared, one of a unit."""
    rows = [
        ("QL.01", "leadership", "", "Phân công nhiệm vụ", "Bảng phân công", "N2", "45"),
        ("DC.01", "shared", "", "Soạn thảo văn bản hành chính đơn giản", "Văn bản", "N1", "5"),
        ("DC.02", "shared", "", "Báo cáo định kỳ quý", "Báo cáo", "N3", "60"),
        ("VP.01", "unit", "Văn phòng HĐND-UBND", "Quản lý con dấu", "Văn bản đã đóng dấu", "N1", "8"),
    ]
    names = ("code", "section", "unit", "task", "output", "group", "points")
    several = [*changes, *[{}] * (len(rows) - len(changes))]
    return [dict(zip(names, row, strict=True)) | change for row, change in zip(rows, several, strict=True)]


def book(
    entries: Entries, *, cached: bool = True, edit: Callable[[Mapping[str, Worksheet]], Any] | None = None
) -> bytes:
    """Return the workbook.

    :param cached: False for formulas that no program has calculated
    :param edit: changes sheets, by their section, before the workbook is written
    """
    workbook = Workbook()
    first = workbook.active
    assert isinstance(first, Worksheet)
    _criteria(first)
    sheets = {section: workbook.create_sheet(name) for section, name in NAMES.items()}
    for section, sheet in sheets.items():
        _fill(sheet, section, [each for each in entries if each["section"] == section])
    if edit:
        edit(sheets)
    written = io.BytesIO()
    workbook.save(written)
    return _calculated(written.getvalue()) if cached else written.getvalue()


def _criteria(sheet: Worksheet) -> None:
    sheet.title = "PL I - Tieu chi chung"
    sheet.append(["PHỤ LỤC I: TIÊU CHÍ CHUNG ĐÁNH GIÁ CÔNG CHỨC, NGƯỜI LAO ĐỘNG"])
    sheet.append([DECISION])
    sheet.append(["TT", "Tiêu chí chấm điểm", "Điểm tối đa"])
    sheet.append(["I", "Phẩm chất chính trị, phẩm chất đạo đức, văn hóa thực thi công vụ", 10])
    sheet.append([None, "CỘNG", 30])
    sheet.merge_cells("A1:C1")


def _fill(sheet: Worksheet, section: str, entries: Entries) -> None:
    of_unit = section == "unit"
    sheet.append(["PHỤ LỤC"])
    sheet.append([TITLES[section]])
    sheet.append([DECISION])
    if of_unit:
        sheet.append([])
        sheet.append([])
    head = ["STT", "Mã CV", *(["Phòng, ban chuyên môn"] if of_unit else []), "Nhiệm vụ", "Công việc chi tiết"]
    head += ["Sản phẩm đầu ra", "Nhóm", "Khung điểm", "Điểm chấm", "Hệ số quy đổi"]
    header = 5 if of_unit else 4
    for at, words in enumerate([*head, STANDARD if section == "shared" else "Ghi chú"], start=1):
        sheet.cell(header, at, words)
    for place in (1, 2):
        sheet.merge_cells(start_row=place, end_row=place, start_column=1, end_column=len(head))
    points = "I" if of_unit else "H"
    for number, each in enumerate(entries, start=1):
        row = header + number
        values: list[Any] = [number, each["code"], *([each["unit"]] if of_unit else []), each["task"]]
        values += [
            "Mô tả",
            each["output"],
            each["group"],
            each.get("points_range") or RANGES.get(each["group"]),
        ]
        values += [Decimal(each["points"]), f"=ROUND({points}{row}/5,2)"]
        for at, value in enumerate(values, start=1):
            sheet.cell(row, at, value)


def _calculated(content: bytes) -> bytes:
    """Write beside each formula =ROUND(cell/5,2) what it gives, as the program that saved the file does."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for part in source.infolist():
            words = source.read(part)
            if part.filename.startswith("xl/worksheets/"):
                text = words.decode()
                values = dict(re.findall(r'<c r="([A-Z]+[0-9]+)"[^>]*><v>([0-9.]+)</v>', text))
                words = re.sub(_FORMULA, partial(_with_value, values), text).encode()
            target.writestr(part, words)
    return written.getvalue()


def _with_value(values: Mapping[str, str], found: re.Match[str]) -> str:
    cell = found[1]
    if cell not in values:
        return found[0]
    return f"<f>ROUND({cell}/5,2)</f><v>{(Decimal(values[cell]) / 5).quantize(Decimal('0.01')):f}</v>"
