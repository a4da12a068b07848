"""Sheets as people send them: what is forgiven, what is refused, and that all of it is told at once."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis import sheets
from chassis.days import Month
from chassis.sheets import CellError, Form, Page, Reading, Sheet, Unreadable, read
from chassis.sheets.cells import parse

PEOPLE = Sheet(
    "people",
    "Nhân sự",
    (
        sheets.text("person_id", "Mã người", "Person id", required=True, longest=8),
        sheets.decimal("salary", "Hệ số lương", "Salary coefficient", least=0, most=20),
        sheets.integer("age", "Tuổi", "Age", least=18, most=70),
        sheets.day("since", "Từ ngày", "Since"),
        sheets.month("month", "Tháng", "Month"),
        sheets.choice(
            "role", "Vai trò", "Role", {"Lãnh đạo": "leader", "Nhân viên": "staff", "staff": "staff"}
        ),
        sheets.ids("in_charge", "Phụ trách", "In charge of"),
    ),
)
UNITS = Sheet("units", "Đơn vị", (sheets.text("unit_id", "Mã đơn vị", "Unit id", required=True),))


def xlsx(*rows: list[Any], title: str = "people") -> bytes:
    book = openpyxl.Workbook()
    target = book.worksheets[0]
    target.title = title
    for row in rows:
        target.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    result = io.BytesIO()
    book.save(result)
    return result.getvalue()


def one(column: str, value: Any) -> Reading:
    return read(xlsx(["Mã người", column], ["p1", value]), [PEOPLE], form=Form.XLSX)


def value(column: str, cell: Any) -> Any:
    found = one(column, cell)
    assert not found.errors.kept
    values = found.tables["people"].rows[0].values
    return next((each for name, each in values.items() if name != "person_id"), None)


def complaint(column: str, cell: Any) -> str:
    found = one(column, cell)
    [error] = found.errors.kept
    assert (error.sheet, error.row, error.column) == ("people", 2, column)
    assert error.reason_vi
    return error.reason_en


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        (3.33, "3.33"),
        (3, "3"),
        ("3,33", "3.33"),
        ("3.33", "3.33"),
        (" 3,30 ", "3.3"),
        ("0,125", "0.125"),
        (1e-05, "0.00001"),
        ("3\u00a0", "3"),
        (20.0, "20"),
    ],
)
def test_a_number_comes_back_as_it_was_meant(cell: Any, meant: str) -> None:
    assert str(value("Hệ số lương", cell)) == str(Decimal(meant))


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1.234", "a thousand or a decimal"),
        ("1,234", "a thousand or a decimal"),
        ("1.234.567,5", "from 0 to 20"),
        ("1,234,567", "from 0 to 20"),
        ("ba", "not a number"),
        ("3%", "not a number"),
        ("1e3", "not a number"),
        (True, "not a number"),
        (21, "from 0 to 20"),
        ("-1", "from 0 to 20"),
        (10**16, "too large"),
        (date(2026, 3, 3), "made it a date"),
        ("3\u200b,3", "U+200B"),
    ],
)
def test_a_doubtful_number_is_refused(cell: Any, why: str) -> None:
    assert why in complaint("Hệ số lương", cell)


@pytest.mark.parametrize(
    ("kept", "meant"), [(b"1.1000000000000001", "1.1"), (b"3.3300000000000001", "3.33"), (b"2E-3", "0.002")]
)
def test_a_float_of_seventeen_digits_is_the_decimal_that_was_typed(kept: bytes, meant: str) -> None:
    found = read(with_number(kept), [PEOPLE], form=Form.XLSX)
    assert found.tables["people"].rows[0].decimal("salary") == Decimal(meant)


def test_noise_of_binary_floats_never_passes_for_a_figure() -> None:
    found = read(with_number(b"0.30000000000000004"), [PEOPLE], form=Form.XLSX)
    assert [each.reason_en[:19] for each in found.errors.kept] == ["it has 17 decimals;"]


def with_number(kept: bytes) -> bytes:
    return repacked(
        xlsx(["Mã người", "Hệ số lương"], ["p", 7.25]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<v>7.25</v>", b"<v>" + kept + b"</v>"),
    )


@pytest.mark.parametrize("cell", [20, "20", 20.0])
def test_a_whole_number(cell: Any) -> None:
    assert value("Tuổi", cell) == 20


def test_a_broken_whole_number_is_refused() -> None:
    assert "whole number" in complaint("Tuổi", 20.5)


@pytest.mark.parametrize(
    "cell",
    ["05/03/2026", "5/3/2026", "2026-03-05", "5.3.2026", date(2026, 3, 5), datetime(2026, 3, 5)],  # noqa: DTZ001
)
def test_a_day_is_a_day_however_it_is_typed(cell: Any) -> None:
    assert value("Từ ngày", cell) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("31/02/2026", "no such day"),
        ("05/03/26", "not a day"),
        (46000, "not a day"),
        (datetime(2026, 3, 5, 8), "time of day"),  # noqa: DTZ001
    ],
)
def test_a_wrong_day_is_refused(cell: Any, why: str) -> None:
    assert why in complaint("Từ ngày", cell)


@pytest.mark.parametrize("cell", ["03/2026", "3/2026", "Tháng 3/2026", "2026-03", date(2026, 3, 1)])
def test_a_month(cell: Any) -> None:
    assert value("Tháng", cell) == Month(2026, 3)


@pytest.mark.parametrize("cell", ["13/2026", "2026-3-5", date(2026, 3, 2), 3])
def test_a_wrong_month_is_refused(cell: Any) -> None:
    assert "not a month" in complaint("Tháng", cell)


@pytest.mark.parametrize("cell", ["Lãnh đạo", "lanh dao", "LÃNH  ĐẠO"])
def test_a_choice_is_read_without_case_and_accents(cell: str) -> None:
    assert value("Vai trò", cell) == "leader"


def test_an_unknown_choice_is_told_the_known_ones() -> None:
    assert complaint("Vai trò", "sếp") == "it must be one of: Lãnh đạo, Nhân viên"


def test_a_list_is_divided_at_commas_semicolons_and_lines() -> None:
    assert value("Phụ trách", "p1, p2;p3\np4;") == ("p1", "p2", "p3", "p4")


def test_a_list_names_nobody_twice() -> None:
    assert "given twice: p1" in complaint("Phụ trách", "p1;p2;p1")


def test_an_id_that_excel_made_a_date_is_refused() -> None:
    found = read(xlsx(["Mã người", "Tuổi"], [date(2026, 4, 3), 20]), [PEOPLE], form=Form.XLSX)
    assert "made it a date" in found.errors.kept[0].reason_en


def test_an_id_typed_as_a_number_keeps_its_digits() -> None:
    found = read(xlsx(["Mã người", "Tuổi"], [17, 20]), [PEOPLE], form=Form.XLSX)
    assert found.tables["people"].rows[0].text("person_id") == "17"


def test_every_bad_cell_is_told_at_once_with_its_place() -> None:
    content = xlsx(
        ["DANH SÁCH NHÂN SỰ PHƯỜNG"],
        [],
        ["STT", "Mã người", "Hệ số lương", "Ghi chú", "Tuổi"],
        [1, None, "x", "gì cũng được", 5],
        [None, None, None, None, None],
        [2, "quá dài đấy", 3.3, None, 30],
    )
    found = read(content, [PEOPLE], file_name="a.xlsx")
    assert [(each.row, each.column, each.value) for each in found.errors.in_order()] == [
        (4, "Mã người", ""),
        (4, "Hệ số lương", "x"),
        (4, "Tuổi", "5"),
        (6, "Mã người", "quá dài đấy"),
    ]
    rows = found.tables["people"].rows
    assert [(row.number, sorted(row.bad)) for row in rows] == [
        (4, ["age", "person_id", "salary"]),
        (6, ["person_id"]),
    ]
    assert rows[1].decimal("salary") == Decimal("3.3")


def test_merged_titles_above_the_header_are_passed_over() -> None:
    book = openpyxl.Workbook()
    target = book.worksheets[0]
    target.title = "Nhan su"
    target["A1"] = "Vai trò"  # a title that happens to be a header's name
    target.merge_cells("A1:D1")
    target["B3"], target["C3"], target["B4"], target["C4"] = "PERSON ID", "age *", "p1", 20
    found = read(saved(book), [PEOPLE], file_name="a.xlsx")
    assert found.errors.count == 0
    [row] = found.tables["people"].rows
    assert (row.number, row.text("person_id"), row.integer("age")) == (4, "p1", 20)


def test_unknown_missing_and_repeated_headers_are_told() -> None:
    found = read(
        xlsx(["Tuổi", "Tuổi", "Hệ số lươn", "#của tôi", "Tháng"], [20, 20, 3, 1]), [PEOPLE], form=Form.XLSX
    )
    assert [(each.row, each.column, each.reason_en[:34]) for each in found.errors.kept] == [
        (1, "Tuổi", "this column is there twice"),
        (1, "Hệ số lươn", "there is no column of this name; i"),
        (1, "Mã người", "the column 'Mã người' (Person id) "),
    ]


def test_a_value_beyond_the_headers_is_told() -> None:
    found = read(xlsx(["Mã người", "Tuổi"], ["p", 20, None, "lạc"]), [PEOPLE], form=Form.XLSX)
    assert [(each.row, each.value) for each in found.errors.kept] == [(2, "lạc")]


def test_no_header_at_all_is_one_error_of_the_sheet() -> None:
    found = read(xlsx(["a", "b"], [1, 2]), [PEOPLE], form=Form.XLSX)
    assert [(each.row, each.column) for each in found.errors.kept] == [(0, "")]


def test_an_unknown_sheet_is_told_and_others_are_passed_over() -> None:
    book = openpyxl.Workbook()
    for title in ("Đơn vị", "units", "peple", "# nháp", "assessments", "trống"):
        book.create_sheet(title).append(["Mã đơn vị"] if title != "trống" else [])
    del book["Sheet"]
    found = read(saved(book), [UNITS, PEOPLE], file_name="a.xlsx", passed_over=["assessments"])
    assert [(each.sheet, each.row) for each in found.errors.kept] == [("units", 0), ("peple", 0)]
    assert read(saved(book), [PEOPLE, UNITS], file_name="a.xlsx", passed_over=None).errors.count == 1


def test_only_some_sheets_of_a_workbook() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("units").append(["Mã đơn vị", "gì thế"])
    book.create_sheet("people").append(["Mã người", "Tuổi"])
    del book["Sheet"]
    found = read(saved(book), [UNITS, PEOPLE], file_name="a.xlsx", only=["people"])
    assert (list(found.tables), found.errors.count) == (["people"], 0)
    del book["people"]
    found = read(saved(book), [UNITS, PEOPLE], file_name="a.xlsx", only=["people"])
    assert [each.reason_en for each in found.errors.kept] == ["the file has no sheet people (Nhân sự)"]


def test_a_formula_counts_by_its_value_and_one_without_is_told() -> None:
    content = xlsx(["Mã người", "Tuổi", "Hệ số lương"], ["p", "=10+10", "=1/0"])
    found = read(content, [PEOPLE], form=Form.XLSX)
    assert [(each.column, each.value) for each in found.errors.kept] == [
        ("Tuổi", "=10+10"),
        ("Hệ số lương", "=1/0"),
    ]
    part = "xl/worksheets/sheet1.xml"
    calculated = repacked(
        content,
        part,
        lambda xml: (
            xml.replace(b"<f>10+10</f><v></v>", b"<f>10+10</f><v>20</v>")
            .replace(b"<f>10+10</f><v />", b"<f>10+10</f><v>20</v>")
            .replace(b'<c r="C2"><f>1/0</f><v></v>', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v>')
            .replace(b'<c r="C2"><f>1/0</f><v />', b'<c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v>')
        ),
    )
    found = read(calculated, [PEOPLE], form=Form.XLSX)
    assert found.tables["people"].rows[0].integer("age") == 20
    assert [(each.value, each.reason_en) for each in found.errors.kept] == [
        ("#DIV/0!", "it is one of Excel's error values")
    ]


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell() -> None:
    content = repacked(
        xlsx(["Mã người", "Tuổi"], ["p", '=""']),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'<c r="B2">', b'<c r="B2" t="str">'),
    )
    found = read(content, [PEOPLE], form=Form.XLSX)
    assert (found.errors.count, found.tables["people"].rows[0].integer("age")) == (0, None)


def repacked(content: bytes, part: str, change: Any) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for each in source.infolist():
            found = source.read(each)
            if each.filename == part:
                changed = change(found)
                assert changed != found
                found = changed
            target.writestr(each.filename, found)
    return result.getvalue()


def test_more_rows_than_allowed_is_told_with_the_number() -> None:
    content = repacked(
        xlsx(["Mã người", "Tuổi"], ["p", 20]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(
            b"</sheetData>", b'<row r="300000"><c r="A300000"><v>1</v></c></row></sheetData>'
        ),
    )
    found = read(content, [PEOPLE], form=Form.XLSX)
    assert ["more than 200000 rows" in each.reason_en for each in found.errors.kept] == [True]
    found = read(b"person_id,age\n" + b"p,20\n" * 200_000, [PEOPLE], form=Form.CSV)
    assert ["more than 200000 rows" in each.reason_en for each in found.errors.kept] == [True]


@pytest.mark.parametrize(
    ("content", "file_name", "why"),
    [
        (b"", "a.xlsx", "empty"),
        (b"x" * (15 * 1024**2 + 1), "a.csv", "larger than 15 MiB"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "a.xlsx", "password"),
        (b"PK\x03\x04broken", "a.xlsx", "damaged"),
        (b"not a zip", "a.xlsx", "damaged"),
        (b"x", "a.ods", "only .xlsx and .csv"),
        (b"x", "a.xlsm", "only .xlsx and .csv"),
        ("Mã người;Tuổi\n".encode("utf-16"), "a.csv", "UTF-8"),
        ("Mã người;Tuổi\n".encode("cp1258", "replace") + b"\xff", "a.csv", "UTF-8"),
        (b'a;"b\n', "a.csv", "stray quotes"),
    ],
)
def test_what_is_no_table_is_refused_whole(content: bytes, file_name: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read(content, [PEOPLE], file_name=file_name)


def archive(parts: dict[str, bytes]) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return result.getvalue()


def test_bombs_macros_and_entities_are_refused_before_they_are_parsed() -> None:
    plain = {"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<Types/>"}
    for parts, why in (
        (plain | {"xl/media/a": b"\0" * (257 * 1024**2)}, "unpacks to more than"),
        (plain | {f"xl/{each}": b"" for each in range(2001)}, "unpacks to more than"),
        (plain | {"xl/vbaProject.bin": b""}, "macros"),
        (plain | {"xl/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "entities"),
        (plain | {"xl/a.xml": "<!DOCTYPE a>".encode("utf-16")}, "entities"),
        ({"xl/workbook.xml": b""}, "no .xlsx workbook"),
    ):
        with pytest.raises(Unreadable, match=why):
            read(archive(parts), [PEOPLE], file_name="a.xlsx")


@pytest.mark.parametrize("mark", [",", ";"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_csv_with_either_mark_with_and_without_byte_order_mark(mark: str, bom: bytes) -> None:
    lines = [
        ["Danh sách", "", ""],
        ["Mã người", "Vai trò", "Phụ trách"],
        ["p1", "staff", '"a\nb"'],
        ["", "", ""],
    ]
    content = bom + "\r\n".join(mark.join(line) for line in [*lines, ["p2", "?", ""]]).encode()
    found = read(content, [UNITS, PEOPLE], file_name="x.CSV", only=["people"])
    assert found.tables["people"].rows[0].entries("in_charge") == ("a", "b")
    assert [(each.sheet, each.row, each.column) for each in found.errors.kept] == [("people", 5, "Vai trò")]


def test_csv_must_say_which_sheet_it_is() -> None:
    with pytest.raises(Unreadable, match="name exactly one"):
        read(b"a,b", [UNITS, PEOPLE], file_name="x.csv")
    with pytest.raises(Unreadable, match="no sheet 'x'"):
        read(b"a,b", [UNITS, PEOPLE], file_name="x.csv", only=["x"])


def test_what_is_written_is_what_is_read_and_always_the_same_bytes() -> None:
    rows = [
        {
            "person_id": "=p1",
            "salary": Decimal("3.33"),
            "age": 40,
            "since": date(2026, 3, 5),
            "month": Month(2026, 3),
            "role": "leader",
            "in_charge": ("a", "b"),
        },
        {"person_id": "p2"},
    ]
    page = Page(PEOPLE, rows, title="Nhân sự tháng 3")
    content = sheets.workbook([page])
    assert content == sheets.workbook([page])
    for written, form in ((content, Form.XLSX), (sheets.comma_separated(page), Form.CSV)):
        found = read(written, [PEOPLE], form=form)
        assert not found.errors.kept
        assert [dict(row.values) for row in found.tables["people"].rows] == rows


@given(st.decimals(min_value=0, max_value=20, places=6), st.booleans())
def test_any_figure_of_six_decimals_survives_a_spreadsheet(number: Decimal, typed: bool) -> None:  # noqa: FBT001
    cell = format(number, "f").replace(".", ",") if typed else float(number)
    assert parse(PEOPLE.column("salary"), cell) == number


def test_two_columns_that_look_the_same_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="two columns"):
        Sheet("x", "x", (sheets.text("a", "Mã", "Id"), sheets.text("b", "MA", "Code")))


def test_errors_past_the_kept_ones_are_counted() -> None:
    errors = sheets.Errors()
    for number in range(10_001):
        errors.add(CellError("s", number, "", "", "x", "x"))
    assert (errors.count, len(errors.kept)) == (10_001, 10_000)
