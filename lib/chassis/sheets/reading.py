"""From a file to typed rows, or to every bad cell."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chassis.days import Month
from chassis.sheets.cells import Value, parse
from chassis.sheets.columns import ASIDE, IGNORED_HEADERS, Column, Sheet, fold
from chassis.sheets.errors import BadCell, CellError, Errors, Unreadable, shown
from chassis.sheets.files import Form, form_of, grids
from chassis.sheets.grids import MOST_ROWS, Grid, Mark, Marked

DEEPEST_HEADER = 20
"""Rows with something in them among which the header is looked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read. Ask for a cell by the column's program name; an empty or bad one is None."""

    number: int
    """As a spreadsheet counts, from 1."""
    values: Mapping[str, Value]
    cells: Sequence[object]
    """As they stand in the file."""
    places: Mapping[str, int]
    """Where a column's cell stands among them; the same for every row."""
    bad: frozenset[str]
    """Columns whose cell was already complained about."""

    def raw(self, name: str) -> object:
        """Return what stands in a cell, readable or not; None for nothing."""
        place = self.places.get(name)
        return self.cells[place] if place is not None and place < len(self.cells) else None

    def text(self, name: str) -> str:
        """Return a text or a choice, empty when there is none."""
        found = self.values.get(name, "")
        return found if isinstance(found, str) else str(found)

    def decimal(self, name: str) -> Decimal | None:
        """Return a decimal."""
        found = self.values.get(name)
        return found if isinstance(found, Decimal) else None

    def integer(self, name: str) -> int | None:
        """Return a whole number."""
        found = self.values.get(name)
        return found if isinstance(found, int) else None

    def day(self, name: str) -> date | None:
        """Return a day."""
        found = self.values.get(name)
        return found if isinstance(found, date) else None

    def month(self, name: str) -> Month | None:
        """Return a month."""
        found = self.values.get(name)
        return found if isinstance(found, Month) else None

    def entries(self, name: str) -> tuple[str, ...]:
        """Return a list's entries, none when the cell is empty."""
        found = self.values.get(name)
        return found if isinstance(found, tuple) else ()

    def has(self, name: str) -> bool:
        """True if something readable stands in the cell."""
        return name in self.values


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it was read."""

    sheet: Sheet
    title: str
    """Its name in the file; the sheet's own name for CSV."""
    header_row: int
    headers: Mapping[str, str]
    """From a column's program name to its header in the file, of the columns that are there."""
    rows: Sequence[Row]

    def error(self, row: Row | None, column: str = "", *, vi: str, en: str) -> CellError:
        """Return what is wrong with a cell, a row (no column) or the sheet (no row)."""
        header = self.headers.get(column) or (self.sheet.column(column).vi if column else "")
        value = shown(row.raw(column)) if row and column else ""
        return CellError(self.title, row.number if row else 0, header, value, vi, en)


@dataclass(slots=True)
class Reading:
    """What a file held: tables by the sheets' program names, and everything that was wrong."""

    tables: dict[str, Table] = field(default_factory=dict)
    errors: Errors = field(default_factory=Errors)


def read(
    content: bytes,
    sheets: Sequence[Sheet],
    *,
    file_name: str = "",
    form: Form | None = None,
    only: Collection[str] = (),
    passed_over: Collection[str] | None = (),
) -> Reading:
    """Read a file.

    :param sheets: what the file may hold
    :param form: how it is written; None to tell by the file name's ending
    :param only: program names of the sheets to read, all of which must be there; empty for every sheet.
        For CSV it must name one, unless only one is declared
    :param passed_over: names of further sheets that others read; None when any other sheet is passed over
    :raises Unreadable: if it is no table at all, or ``only`` names no sheet
    """
    known = {sheet.name: sheet for sheet in sheets}
    for name in only:
        if name not in known:
            names = ", ".join(known)
            raise Unreadable(
                file=file_name,
                problem_vi=f"không có trang “{name}”: các trang là {names}",
                problem_en=f"there is no sheet {name!r}: the sheets are {names}",
            )
    wanted = {name: sheet for name, sheet in known.items() if not only or name in only}
    form = form or form_of(content, file_name)
    by_name = {name: sheet.name for sheet in known.values() for name in sheet.names()}
    others = {fold(name) for name in passed_over or ()}

    def needed(title: str) -> bool:
        folded = fold(title)
        if folded in by_name:
            return by_name[folded] in wanted
        # Of a sheet that nobody knows it is asked whether anything stands in it.
        return passed_over is not None and folded not in others and not folded.startswith(ASIDE)

    found = grids(content, form, file_name, needed)
    if form is Form.CSV:
        return _one(found[0], wanted, file_name)
    return _all(found, known, wanted, file_name, bool(only), passed_over)


def _one(grid: Grid, wanted: Mapping[str, Sheet], file_name: str) -> Reading:
    if len(wanted) != 1:
        raise Unreadable(
            file=file_name,
            problem_vi="tệp CSV chỉ chứa một trang: hãy nêu đúng một tên trang",
            problem_en="a CSV file is one sheet: name exactly one",
        )
    result = Reading()
    [sheet] = wanted.values()
    result.errors.sheets = [sheet.name]
    _take(result, sheet, grid, sheet.name)
    return result


def _all(
    found: list[Grid],
    known: Mapping[str, Sheet],
    wanted: Mapping[str, Sheet],
    file_name: str,
    must: bool,  # noqa: FBT001
    passed_over: Collection[str] | None,
) -> Reading:
    result = Reading()
    result.errors.sheets = [grid.title for grid in found]
    by_name = {name: sheet for sheet in known.values() for name in sheet.names()}
    others = {fold(name) for name in passed_over or ()}
    seen: dict[str, str] = {}
    for grid in found:
        title = fold(grid.title)
        if sheet := by_name.get(title):
            if sheet.name in seen:
                result.errors.add(
                    CellError(
                        grid.title,
                        0,
                        "",
                        "",
                        f"trùng với trang “{seen[sheet.name]}”: chỉ giữ một trang",
                        f"it is the same as the sheet {seen[sheet.name]!r}: keep one of them",
                    )
                )
                continue
            seen[sheet.name] = grid.title
            if sheet.name in wanted:
                _take(result, sheet, grid, grid.title)
        elif passed_over is not None and title not in others and not title.startswith(ASIDE) and grid.rows:
            names = ", ".join(f"{each.name} ({each.vi})" for each in known.values())
            result.errors.add(
                CellError(
                    grid.title,
                    0,
                    "",
                    "",
                    f"không có trang tên này; các trang là: {names}. Thêm # trước tên để bỏ qua",
                    f"there is no such sheet; the sheets are: {names}. A # before the name passes it over",
                )
            )
    for name, sheet in wanted.items():
        if must and name not in seen:
            result.errors.add(
                CellError(
                    name,
                    0,
                    "",
                    "",
                    f"tệp không có trang {name} ({sheet.vi})",
                    f"the file has no sheet {name} ({sheet.vi})",
                )
            )
    if not seen and not result.errors.count:
        names = ", ".join(f"{each.name} ({each.vi})" for each in known.values())
        raise Unreadable(
            file=file_name,
            problem_vi=f"không có trang nào trong số: {names}",
            problem_en=f"it has none of the sheets {names}",
        )
    return result


def _take(result: Reading, sheet: Sheet, grid: Grid, title: str) -> None:
    errors = result.errors
    if grid.too_long:
        errors.add(
            CellError(
                title,
                0,
                "",
                "",
                f"có hơn {MOST_ROWS} dòng: hãy chia nhỏ, xóa các dòng trống ở cuối",
                f"it has more than {MOST_ROWS} rows: divide it, delete empty rows at its end",
            )
        )
    at = _header(sheet, grid)
    if at is None:
        wanted = ", ".join(column.vi for column in sheet.columns if column.required)
        errors.add(
            CellError(
                title,
                0,
                "",
                "",
                f"không tìm thấy dòng tiêu đề trong {DEEPEST_HEADER} dòng đầu; cần các cột: {wanted}",
                f"no header among the first {DEEPEST_HEADER} rows; the columns needed are: {wanted}",
            )
        )
        return
    number, cells = grid.rows[at]
    columns = _columns(errors, sheet, title, number, cells)
    headers = {column.name: shown(cells[place]) for place, column in columns.items()}
    places = {column.name: place for place, column in columns.items()}
    rows = [
        _row(errors, title, each, values, columns, headers, places, len(cells))
        for each, values in grid.rows[at + 1 :]
    ]
    result.tables[sheet.name] = Table(sheet, title, number, headers, rows)


def _header(sheet: Sheet, grid: Grid) -> int | None:
    """Return the place of the first row in which the most cells are headers; None without any."""
    known = sheet.headers()
    best, place = 0, None
    for at, (_, cells) in enumerate(grid.rows[:DEEPEST_HEADER]):
        score = len(
            {known[fold(cell)].name for cell in cells if isinstance(cell, str) and fold(cell) in known}
        )
        if score > best:
            best, place = score, at
    # One word under a title can match by chance.
    return place if best >= min(2, len(sheet.columns)) else None


def _columns(
    errors: Errors, sheet: Sheet, title: str, number: int, cells: Sequence[object]
) -> dict[int, Column]:
    known = sheet.headers()
    found: dict[int, Column] = {}
    for place, cell in enumerate(cells):
        if cell is None:
            continue
        header = shown(cell)
        folded = fold(str(cell))
        column = known.get(folded)
        if column is None:
            if folded not in IGNORED_HEADERS and not folded.startswith(ASIDE):
                near = difflib.get_close_matches(folded, known, n=1)
                vi = f"; có phải “{known[near[0]].vi}”?" if near else "."
                en = f"; is it {known[near[0]].vi!r}?" if near else "."
                errors.add(
                    CellError(
                        title,
                        number,
                        header,
                        header,
                        f"không có cột tên này{vi} Thêm # trước tên để bỏ qua cột",
                        f"there is no column of this name{en} A # before the name passes it over",
                    )
                )
        elif column in found.values():
            errors.add(CellError(title, number, header, header, "cột lặp lại", "this column is there twice"))
        else:
            found[place] = column
    for column in sheet.columns:
        if column.required and column not in found.values():
            errors.add(
                CellError(
                    title,
                    number,
                    column.vi,
                    "",
                    f"thiếu cột “{column.vi}”",
                    f"the column {column.vi!r} ({column.en}) is missing",
                )
            )
    return found


def _row(
    errors: Errors,
    title: str,
    number: int,
    cells: Sequence[object],
    columns: Mapping[int, Column],
    headers: Mapping[str, str],
    places: Mapping[str, int],
    width: int,
) -> Row:
    values: dict[str, Value] = {}
    bad: set[str] = set()
    for place, column in columns.items():
        cell = cells[place] if place < len(cells) else None
        try:
            value = _value(column, cell)
        except BadCell as problem:
            bad.add(column.name)
            errors.add(CellError(title, number, headers[column.name], shown(cell), problem.vi, problem.en))
            continue
        if value is not None:
            values[column.name] = value
    if len(cells) > width and any(cell is not None for cell in cells[width:]):
        stray = next(cell for cell in cells[width:] if cell is not None)
        errors.add(
            CellError(
                title,
                number,
                "",
                shown(stray),
                "có giá trị nằm ngoài các cột có tiêu đề",
                "a value stands beyond the columns that have a header",
            )
        )
    return Row(number, values, cells, places, frozenset(bad) if bad else _NONE)


_NONE: frozenset[str] = frozenset()


def _value(column: Column, cell: object) -> Value | None:
    if isinstance(cell, Marked):
        if cell.mark is Mark.UNCALCULATED:
            raise BadCell(
                "công thức chưa có giá trị: hãy mở bằng Excel hoặc LibreOffice, lưu lại rồi gửi",
                "the formula has no value: open the file in Excel or LibreOffice, save it, send it again",
            )
        raise BadCell("ô báo lỗi của Excel", "it is one of Excel's error values")
    value = parse(column, cell)
    if value is None and column.required:
        raise BadCell("bắt buộc nhập", "it must not be empty")
    return value
