"""Catalogues in the layout in which they are published, checked row by row (R-3)."""

import csv
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from chassis.sheets import Unreadable
from planning.domain.publication import (
    Finding,
    Published,
    Severity,
    UnknownKind,
    check_acceptable,
    checked,
    open_findings,
    standard_of,
    weighed,
)
from planning.wire.published import read, reading
from planning.wire.published.formulas import calculated
from support import published

Edit = Callable[[Mapping[str, Worksheet]], Any]


def findings(content: bytes, name: str = "danh-muc.xlsx") -> tuple[Published, list[Finding]]:
    """What a file holds, and everything that is said about it but what was passed over or calculated."""
    held = read(content, file_name=name)
    standard, said = standard_of(held, None)
    found = [*said, *held.findings, *(checked(held.stated, standard) if standard else ())]
    return held, [each for each in found if each.severity is not Severity.NOTE]


def told(edit: Edit, *, cached: bool = True) -> Finding:
    """The one finding about a small catalogue that was changed like this."""
    _, [found] = findings(published.book(published.few(), edit=edit, cached=cached))
    return found


def cell(section: str, reference: str, value: Any) -> Edit:
    """An edit that writes one cell."""

    def edit(sheets: Mapping[str, Worksheet]) -> None:
        sheets[section][reference] = value

    return edit


@pytest.mark.parametrize("cached", [True, False])
def test_the_real_catalogue_is_read_whole(cached: bool) -> None:  # noqa: FBT001
    """R-3: the same 371 entries as the list of them, with formulas calculated or not."""
    rows = published.real()

    held, found = findings(published.book(rows, cached=cached))

    assert found == []
    assert [(name, section, count) for name, section, count in held.sheets] == [
        ("PL II - Lanh dao QL", "leadership", 18),
        ("PL III - Dung chung", "shared", 62),
        ("PL IV - Rieng phong", "unit", 291),
    ]
    entries = weighed(held.stated, Decimal(5))
    names = ("code", "section", "unit", "task", "output", "group", "points", "coefficient")
    assert [
        (
            each.code,
            each.section.value,
            each.unit,
            each.task,
            each.output,
            each.complexity_group,
            str(each.points),
            str(each.coefficient),
        )
        for each in entries
    ] == [tuple(row[name] for name in names) for row in rows]


def test_the_list_of_entries_is_read_as_csv() -> None:
    rows = published.real()
    written = io.StringIO()
    table = csv.DictWriter(
        written, ["code", "section", "unit", "task", "output", "complexity_group", "points"]
    )
    table.writeheader()
    table.writerows(
        {("complexity_group" if k == "group" else k): v for k, v in row.items() if k != "coefficient"}
        for row in rows
    )

    held = read(written.getvalue().encode(), file_name="danh-muc.csv")

    assert len(held.stated) == 371
    assert checked(held.stated, Decimal(5)) == []
    assert held.stated[0].entry.section.value == "leadership"
    standard, [missing] = standard_of(held, None)
    assert (standard, missing.kind) == (None, "standard_points")
    twice = [*held.stated, held.stated[0]]
    assert [each.kind for each in checked(twice, None)] == ["code"]  # what can be told without it is told


def test_what_is_passed_over_is_told() -> None:
    def edit(sheets: Mapping[str, Worksheet]) -> None:
        sheets["shared"]["C7"] = "II. NHIỆM VỤ CHUYÊN MÔN"
        sheets["shared"]["A8"], sheets["shared"]["H8"] = "CỘNG", 65
        sheets["shared"]["K4"] = "Căn cứ"

    held = read(published.book(published.few(), edit=edit, cached=False), file_name="a.xlsx")

    notes = [
        (each.place.sheet, each.place.row, each.value) for each in held.findings if each.kind == "passed_over"
    ]
    assert notes == [
        ("PL I - Tieu chi chung", 0, ""),
        ("PL III - Dung chung", 4, "Căn cứ"),
        ("PL III - Dung chung", 7, "II. NHIỆM VỤ CHUYÊN MÔN"),
        ("PL III - Dung chung", 8, "CỘNG"),
    ]
    assert len(held.stated) == 4


@pytest.mark.parametrize(
    ("edit", "kind", "severity", "place", "value", "expected"),
    [
        (cell("shared", "I6", 12.5), "coefficient", "to_accept", "I6", "12.5", "12.00"),
        (cell("unit", "J6", 1.625), "coefficient", "to_accept", "J6", "1.625", "1.60"),
        (cell("shared", "H6", 45), "points_range", "to_accept", "H6", "45", "51-100"),
        (cell("unit", "H6", "1-12"), "points_range", "to_accept", "H6", "1-12", "1-10"),
        (cell("shared", "G6", "trên 50"), "points_range", "to_accept", "G6", "trên 50", ""),
        (cell("shared", "H6", None), "missing", "refused", "H6", "", ""),
        (cell("unit", "F6", "  "), "missing", "refused", "F6", "", ""),
        (cell("shared", "H6", "sáu mươi"), "unreadable", "refused", "H6", "sáu mươi", ""),
        (cell("shared", "H6", 60.005), "points", "refused", "H6", "60.005", ""),
        (cell("shared", "H6", -60), "points", "refused", "H6", "-60", ""),
        (cell("shared", "H6", 0), "points", "refused", "H6", "0", ""),
        (cell("shared", "B6", "DC.01"), "code", "refused", "B6", "DC.01", ""),
        (cell("shared", "C6", "x" * 501), "length", "refused", "C6", "x" * 200, ""),
        (cell("unit", "D5", "Việc"), "columns", "refused", "", "", ""),
    ],
)
def test_a_row_that_is_not_right_is_named(
    edit: Edit, kind: str, severity: str, place: str, value: str, expected: str
) -> None:
    """R-3: where it stands, what stands there, what is expected."""
    found = told(edit, cached=False)

    assert (found.kind, found.severity.value, found.value, found.expected) == (
        kind,
        severity,
        value,
        expected,
    )
    assert found.place.cell == place
    assert found.place.sheet in published.NAMES.values()
    assert found.vi
    assert found.en


def test_a_stale_value_of_a_formula_is_named_with_the_right_one() -> None:
    """What the program that saved the file last calculated is what was published."""
    content = published.book(published.few())
    stale = content_with(content, b"<f>ROUND(H6/5,2)</f><v>12.00</v>", b"<f>ROUND(H6/5,2)</f><v>11</v>")

    _, [found] = findings(stale)

    assert (found.place.cell, found.place.code, found.value, found.expected) == ("I6", "DC.02", "11", "12.00")
    assert found.place.column == "Hệ số quy đổi"
    assert found.vi.startswith("hệ số phải là 60 / 5 = 12.00")


def test_halves_are_rounded_up() -> None:
    """R-3: 5 / 8 is 0.625, which is 0.63 and not the even 0.62."""
    held = read(published.book(published.few()), file_name="a.xlsx")

    entries = weighed(held.stated, Decimal(8))

    assert [str(each.coefficient) for each in entries] == ["5.63", "0.63", "7.50", "1.00"]


@pytest.mark.parametrize(
    "formula", ["=H6/5", "=ROUND(H6/$H$5,2)", "=+ROUND( H6 / 5 , 2 )", "=ROUND(60/5,2)", "=H6/H5", "=12"]
)
def test_formulas_without_a_value_are_calculated(formula: str) -> None:
    _, found = findings(published.book(published.few(), cached=False, edit=cell("shared", "I6", formula)))

    assert found == []


@pytest.mark.parametrize(
    "formula",
    [
        "=H0/5",
        "=ZZZ1/5",
        "=VLOOKUP(H6,A1:B9,2)",
        "=H6/0",
        "=H6/J6",
        "=ROUND(H99/5,2)",
        "=SUM(H5:H6)",
        "=ROUND(C6/5,2)",
    ],
)
def test_other_formulas_are_sent_back(formula: str) -> None:
    found = told(cell("shared", "I6", formula), cached=False)

    assert (found.kind, found.severity, found.value) == ("unreadable", Severity.REFUSED, formula)
    assert "LibreOffice" in found.vi


def test_a_formula_that_gives_more_digits_than_any_figure_is_sent_back() -> None:
    assert calculated("=A1/0.000001", lambda _: Decimal(10) ** 15 - 1) is None
    assert calculated("=ROUND(A1/3,2)", lambda _: Decimal(5)) == Decimal("1.67")


def test_a_formula_that_ended_in_an_error_is_sent_back() -> None:
    content = content_with(
        published.book(published.few()),
        b'<c r="I6"><f>ROUND(H6/5,2)</f><v>12.00</v>',
        b'<c r="I6" t="e"><f>ROUND(H6/5,2)</f><v>#REF!</v>',
    )

    _, [found] = findings(content)

    assert (found.kind, found.place.cell, found.value) == ("unreadable", "I6", "#REF!")


def test_a_value_merged_over_rows_is_every_rows() -> None:
    """The unit of many entries is often written once, in a cell that runs down beside them."""
    rows = [
        *published.few(),
        *(published.few()[3] | {"code": f"VP.0{number}", "unit": ""} for number in (2, 3)),
    ]

    held, found = findings(published.book(rows, edit=lambda sheets: sheets["unit"].merge_cells("C6:C8")))

    assert found == []
    assert [each.entry.unit for each in held.stated[3:]] == ["Văn phòng HĐND-UBND"] * 3


def test_what_runs_on_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet with a million rows or merged areas is cut off, and said to be too long."""
    monkeypatch.setattr(reading, "MOST_ROWS_BELOW", 1)
    _, found = findings(published.book(published.few()))
    assert [(each.kind, each.place.sheet) for each in found] == [("length", "PL III - Dung chung")]

    monkeypatch.setattr(reading, "MOST_ROWS_BELOW", 10)
    monkeypatch.setattr(reading, "MOST_SPREAD", 2)
    rows = [*published.few(), *(published.few()[3] | {"code": f"VP.{number}"} for number in range(10, 14))]
    _, found = findings(published.book(rows, edit=lambda sheets: sheets["unit"].merge_cells("C6:C10")))
    assert [(each.kind, each.place.sheet) for each in found] == [("length", "PL IV - Rieng phong")]


def test_a_sixth_group_is_refused() -> None:
    """R-3: at most five complexity groups."""
    rows = [
        published.few()[2] | {"code": f"DC.{number}", "group": f"N{number}", "points_range": "51-100"}
        for number in range(1, 8)
    ]

    _, found = findings(published.book(rows))

    assert [(each.kind, each.value) for each in found] == [
        ("complexity_group", "N6"),
        ("complexity_group", "N7"),
    ]


def test_a_code_is_used_once_in_the_whole_file() -> None:
    """R-3: the finding names where it stood first."""
    found = told(cell("unit", "B6", "DC.01"))

    assert (found.kind, found.place.sheet, found.place.cell) == ("code", "PL IV - Rieng phong", "B6")
    assert "PL III - Dung chung" in found.vi
    assert "dòng 5" in found.vi


def test_the_standard_unit_is_what_the_file_says() -> None:
    held = read(published.book(published.few()), file_name="a.xlsx")

    assert standard_of(held, None) == (Decimal(5), [])
    assert standard_of(held, Decimal(5)) == (Decimal(5), [])
    other, [found] = standard_of(held, Decimal(10))
    assert (other, found.kind, found.value, found.expected) == (Decimal(10), "standard_points", "5", "10")
    assert standard_of(held, Decimal(0))[0] is None


def test_only_what_follows_from_the_points_can_be_accepted() -> None:
    """R-3: the coefficient is computed, so a wrong one can be overruled; missing points cannot."""
    with pytest.raises(UnknownKind):
        check_acceptable(["coefficient", "missing"])
    _, found = findings(published.book(published.few(), cached=False, edit=cell("shared", "I6", 12.5)))
    assert open_findings(found, ()) == (0, 1)
    assert open_findings(found, ("coefficient",)) == (0, 0)
    assert open_findings(found, ("points_range",)) == (0, 1)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 damaged", "a.xlsx"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"old", "a.xlsx"),
        (b"%PDF-1.7", "a.pdf"),
        ("Họ tên,Tuổi\nAn,30\n".encode(), "a.csv"),
    ],
)
def test_what_is_no_catalogue_is_refused_whole(content: bytes, name: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(content, file_name=name)

    assert "{" not in refusal.value.told("vi")


def content_with(content: bytes, before: bytes, after: bytes) -> bytes:
    """The workbook with bytes of a sheet exchanged."""
    import zipfile

    written, changed = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for part in source.infolist():
            words = source.read(part)
            changed += words.count(before)
            target.writestr(part, words.replace(before, after))
    assert changed == 1
    return written.getvalue()
