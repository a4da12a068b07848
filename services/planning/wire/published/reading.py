"""From the sheets of a published catalogue to its entries, with the place of whatever is wrong."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter

from chassis.sheets import Column, Form, Kind, Unreadable
from chassis.sheets.cells import Value, parse
from chassis.sheets.columns import fold
from chassis.sheets.errors import BadCell, shown
from chassis.sheets.files import form_of
from chassis.sheets.files import grids as grids_of
from chassis.sheets.grids import Grid, Mark, Marked
from planning.domain.catalogue import Entry, Section
from planning.domain.publication import Finding, Place, Published, Severity, Stated
from planning.wire.published import columns
from planning.wire.published.formulas import calculated

DEEPEST_HEADER: Final = 20
"""Rows with something in them among which the header is looked for."""
MOST_ROWS_BELOW: Final = 10_000
"""Rows of a sheet below its header: twice as many as a catalogue may have entries."""
MOST_SPREAD: Final = 100_000
"""Cells that merged areas may fill in a sheet."""
_LIKE: Final = 3
"""Columns of a catalogue that a row must name to be its header."""
_STANDARD: Final = re.compile(r"chuan ?= ?([0-9]{1,6}(?:[.,][0-9]{1,2})?) ?diem")


def read(content: bytes, *, file_name: str) -> Published:
    """Read a published catalogue.

    :raises Unreadable: if the file is no table at all, or none of its sheets holds a catalogue
    """
    form = form_of(content, file_name)
    stated: list[Stated] = []
    sheets: list[tuple[str, str, int]] = []
    findings: list[Finding] = []
    standards: list[tuple[Decimal, Place]] = []
    names: list[str] = []
    header_seen = False
    for grid in grids_of(content, form, file_name, lambda _: True):
        page = _Page(_named(grid, form))
        header_seen |= page.is_catalogue
        page.read()
        names.append(page.grid.title)
        findings += page.findings
        standards += page.standards
        stated += page.stated
        if page.stated:
            told = "" if columns.SECTION in page.headed.values() else page.section.value
            sheets.append((page.grid.title, told, len(page.stated)))
    if not header_seen:
        needed = ", ".join(each.vi for each in columns.NEEDED)
        raise Unreadable(
            file=file_name or "(không tên)",
            problem_vi=f"không trang nào có danh mục; cần dòng tiêu đề với các cột: {needed}",
            problem_en=f"none of its sheets holds a catalogue: give a header with the columns {needed}",
        )
    return Published(names, stated, sheets, findings, standards)


def _named(grid: Grid, form: Form) -> Grid:
    return Grid("catalogue", grid.rows, grid.too_long) if form is Form.CSV else grid


@dataclass(slots=True)
class _Page:
    """One sheet under way."""

    grid: Grid
    stated: list[Stated] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    standards: list[tuple[Decimal, Place]] = field(default_factory=list)
    rows: list[tuple[int, list[object]]] = field(default_factory=list)
    header: int | None = None
    headed: dict[int, Column] = field(default_factory=dict)
    section: Section = Section.SHARED
    calculated: int = 0
    overspread: bool = False

    def __post_init__(self) -> None:
        self.rows = [(number, list(cells)) for number, cells in self.grid.rows]
        self.overspread = not _spread(self.rows, self.grid.merged)
        self.header = _header(self.rows)

    @property
    def is_catalogue(self) -> bool:
        return self.header is not None

    def read(self) -> None:
        title = self.grid.title
        if self.header is None:
            if self.rows:
                self._say(
                    Severity.NOTE,
                    "passed_over",
                    Place(title),
                    "trang không phải danh mục nên được bỏ qua",
                    "the sheet holds no catalogue and is passed over",
                )
            return
        below = self.rows[self.header + 1 :]
        if self.grid.too_long or len(below) > MOST_ROWS_BELOW or self.overspread:
            self._say(
                Severity.REFUSED,
                "length",
                Place(title),
                f"có hơn {MOST_ROWS_BELOW} dòng, hoặc ô gộp phủ hơn {MOST_SPREAD} ô: xóa phần thừa ở cuối",
                f"it has more than {MOST_ROWS_BELOW} rows, or merged areas over more than {MOST_SPREAD}"
                " cells: delete what is beyond its end",
            )
        self._look_for_standard()
        if not self._head():
            return
        self.section = self._told_section()
        for number, cells in below[:MOST_ROWS_BELOW]:
            self._take(number, cells)
        if self.calculated:
            self._say(
                Severity.NOTE,
                "calculated",
                Place(title),
                f"{self.calculated} hệ số để trống hoặc là công thức chưa có giá trị: đã tính tại đây",
                f"{self.calculated} coefficients are empty or formulas without a value: calculated here",
            )

    def _head(self) -> bool:
        number, cells = self.rows[self.header or 0]
        good = True
        for at, cell in enumerate(cells):
            words = shown(cell) if cell is not None else ""
            if not words or _STANDARD.search(fold(words)):
                continue
            column = columns.HEADERS.get(fold(words))
            place = Place(self.grid.title, number, _cell(at, number), words)
            if column is not None and column in self.headed.values():
                good = False
                self._say(
                    Severity.REFUSED, "columns", place, "cột lặp lại", "this column is there twice", words
                )
            elif column is not None:
                self.headed[at] = column
            elif fold(words) not in columns.ASIDE:
                self._say(
                    Severity.NOTE,
                    "passed_over",
                    place,
                    "cột không thuộc danh mục nên được bỏ qua",
                    "the column is not a catalogue's and is passed over",
                    words,
                )
        for column in columns.NEEDED:
            if column not in self.headed.values():
                good = False
                self._say(
                    Severity.REFUSED,
                    "columns",
                    Place(self.grid.title, number, "", column.vi),
                    f"thiếu cột “{column.vi}”",
                    f"the column “{column.vi}” ({column.en}) is missing",
                )
        return good

    def _take(self, number: int, cells: Sequence[object]) -> None:
        raw = {
            column.name: cells[at]
            for at, column in self.headed.items()
            if at < len(cells) and not _blank(cells[at])
        }
        title = self.grid.title
        if _names(cells) >= _LIKE:
            return
        if not raw.keys() - {"task", "unit", "section"} or raw.keys() == {"code"} or _sums(cells):
            if words := next((shown(each) for each in cells if not _blank(each)), ""):
                self._say(
                    Severity.NOTE,
                    "passed_over",
                    Place(title, number),
                    "dòng tiêu đề nhóm hoặc dòng cộng nên được bỏ qua",
                    "a heading or a sum, passed over",
                    words,
                )
            return
        code = shown(raw["code"]) if "code" in raw else ""
        places = {
            column.name: Place(title, number, _cell(at, number), self._words(at), code)
            for at, column in self.headed.items()
        }
        values = self._values(raw, places)
        if values is None:
            return
        unit = _line(values.get("unit"))
        section = values.get("section")
        points, coefficient = values["points"], values.get("coefficient")
        self.calculated += coefficient is None
        self.stated.append(
            Stated(
                Entry(
                    code=_line(values["code"]),
                    task=_line(values["task"]),
                    output=_line(values["output"]),
                    complexity_group=_line(values["complexity_group"]),
                    points=points if isinstance(points, Decimal) else Decimal(0),
                    coefficient=Decimal(0),
                    section=Section(section) if isinstance(section, str) else self.section,
                    unit=unit,
                ),
                coefficient if isinstance(coefficient, Decimal) else None,
                _line(values.get("points_range")),
                places,
                Place(title, number, "", "", code),
            )
        )

    def _values(self, raw: Mapping[str, object], places: Mapping[str, Place]) -> dict[str, Value] | None:
        """Return what a row's cells mean; None, with the findings told, when one that is needed is bad."""
        values: dict[str, Value] = {}
        good = True
        for column in sorted(self.headed.values(), key=lambda each: each is columns.COEFFICIENT):
            place = places[column.name]
            cell = raw.get(column.name)
            if column is columns.COEFFICIENT and columns.POINTS.name not in values:
                continue  # its formula needs the points, which were complained about
            try:
                value = self._value(column, cell)
            except BadCell as problem:
                if column is columns.RANGE:
                    values[column.name] = shown(cell)
                    continue
                good = False
                self._say(Severity.REFUSED, "unreadable", place, problem.vi, problem.en, shown(cell))
                continue
            if value is not None:
                values[column.name] = value
            elif column in columns.NEEDED:
                good = False
                self._say(
                    Severity.REFUSED,
                    "missing",
                    place,
                    f"thiếu “{column.vi}”: hãy điền, hoặc xóa cả dòng",
                    f"“{column.vi}” ({column.en}) is missing: fill it in, or delete the whole row",
                )
        return values if good else None

    def _value(self, column: Column, cell: object) -> Value | None:
        if not isinstance(cell, Marked):
            return parse(column, cell)
        if cell.mark is Mark.FAILED:
            raise BadCell(
                "công thức báo lỗi của Excel: hãy sửa công thức hoặc nhập giá trị",
                "the formula ends in one of Excel's errors: correct it, or type the value",
            )
        found = calculated(cell.text, self._number_at) if column.kind is Kind.DECIMAL else None
        if found is None:
            raise BadCell(
                "công thức chưa có giá trị và không phải dạng =ROUND(ô/số;2): hãy mở bằng Excel hoặc"
                " LibreOffice, lưu lại rồi gửi",
                "the formula has no value and is not like =ROUND(cell/number,2): open the file in Excel or"
                " LibreOffice, save it, send it again",
            )
        self.calculated += column is columns.COEFFICIENT
        return found

    def _number_at(self, reference: str) -> Decimal | None:
        try:
            row, column = coordinate_to_tuple(reference)
        except ValueError:
            return None
        at = bisect_left(self.rows, row, key=lambda each: each[0])
        if at == len(self.rows) or self.rows[at][0] != row or column > len(self.rows[at][1]):
            return None
        cell = self.rows[at][1][column - 1]
        try:
            found = parse(columns.POINTS, cell) if not isinstance(cell, Marked) else None
        except (BadCell, InvalidOperation):
            return None
        return found if isinstance(found, Decimal) else None

    def _look_for_standard(self) -> None:
        for number, cells in self.rows[: (self.header or 0) + 1]:
            for at, cell in enumerate(cells):
                if isinstance(cell, str) and (match := _STANDARD.search(fold(cell))):
                    place = Place(self.grid.title, number, _cell(at, number), shown(cell))
                    self.standards.append((Decimal(match[1].replace(",", ".")), place))

    def _told_section(self) -> Section:
        """Return whom the sheet's entries are for, by its columns, its name and its title rows."""
        if columns.UNIT in self.headed.values():
            return Section.UNIT
        titles = [cell for _, cells in self.rows[: self.header] for cell in cells if isinstance(cell, str)]
        words = fold(" ".join([self.grid.title, *titles]))
        if "dung chung" in words:
            return Section.SHARED
        return Section.LEADERSHIP if "lanh dao" in words else Section.SHARED

    def _words(self, at: int) -> str:
        cell = self.rows[self.header or 0][1][at]
        return shown(cell)

    def _say(self, severity: Severity, kind: str, place: Place, vi: str, en: str, value: str = "") -> None:
        self.findings.append(Finding(severity, kind, place, vi, en, value))


def _spread(rows: Sequence[tuple[int, list[object]]], merged: Sequence[tuple[int, int, int, int]]) -> bool:
    """Give each cell of an area that runs down over several rows the area's value; False for too many."""
    if len(merged) > MOST_SPREAD:
        return False
    left_over = MOST_SPREAD
    for top, left, bottom, right in merged:
        first = bisect_left(rows, top, key=lambda each: each[0])
        one_column = left == right and first < len(rows) and rows[first][0] == top
        if not one_column or bottom == top or left > len(rows[first][1]):
            continue
        value = rows[first][1][left - 1]
        for at in range(first + 1, len(rows)):
            number, cells = rows[at]
            if number > bottom:
                break
            left_over -= 1
            if left_over < 0:
                return False
            cells.extend([None] * (left - len(cells)))
            cells[left - 1] = value
    return True


def _header(rows: Sequence[tuple[int, Sequence[object]]]) -> int | None:
    """Return the place of the first row that names the most columns of a catalogue; None without any."""
    best, place = _LIKE - 1, None
    for at, (_, cells) in enumerate(rows[:DEEPEST_HEADER]):
        if (score := _names(cells)) > best:
            best, place = score, at
    return place


def _names(cells: Sequence[object]) -> int:
    """Return how many columns of a catalogue a row names."""
    found = (columns.HEADERS.get(fold(cell)) for cell in cells if isinstance(cell, str))
    return len({each.name for each in found if each})


def _sums(cells: Sequence[object]) -> bool:
    words = next((cell for cell in cells if not _blank(cell)), None)
    return isinstance(words, str) and fold(words) in columns.TOTALS


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _cell(at: int, number: int) -> str:
    return f"{get_column_letter(at + 1)}{number}"
