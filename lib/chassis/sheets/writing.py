"""Writes sheets so that the same rows give the same bytes, on any machine and on any day."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import openpyxl
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from chassis.days import Month
from chassis.sheets.cells import Value, preferred
from chassis.sheets.columns import Column, Kind, Sheet

_OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can note."""

_STAMP: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_WIDEST = 48

_DAY: Final = "dd/mm/yyyy"
_AS_TYPED: Final = "@"
_FORMATS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: _AS_TYPED,
    Kind.LIST: _AS_TYPED,
    Kind.CHOICE: _AS_TYPED,
    Kind.MONTH: _AS_TYPED,
    Kind.DATE: _DAY,
    Kind.INTEGER: "General",
    Kind.DECIMAL: "General",
}
"""How a spreadsheet takes what is typed into a column, by its kind."""


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet to write: rows from a column's program name to its value; what is left out stays empty.

    A choice is given by its meaning and written as people read it.
    """

    sheet: Sheet
    rows: Sequence[Mapping[str, Value | None]]
    title: str = ""
    """A line above the header; none when empty."""
    to_fill: bool = False
    """True for a page that people type into: what they type into a text's column stays text, so that a
    spreadsheet takes no leading zero from an id and makes no day of a period such as 2026-03."""


def workbook(pages: Sequence[Page], *, vietnamese: bool = True) -> bytes:
    """Return an XLSX workbook: a sheet a page, the header in bold and in view, numbers and days as such.

    The archive is stored uncompressed with fixed times, since compressors differ between machines.
    """
    book = openpyxl.Workbook(write_only=True)
    for page in pages:
        target = book.create_sheet(page.sheet.name)
        columns = list(page.sheet.columns)
        for place, column in enumerate(columns, start=1):
            width = max(len(column.vi), *(len(_spelled(column, row)) for row in page.rows[:50]), 0)
            target.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST) + 3
            if page.to_fill:
                target.column_dimensions[get_column_letter(place)].number_format = _FORMATS[column.kind]
        target.freeze_panes = f"A{3 if page.title else 2}"
        if page.title:
            heading = _new(target, page.title)
            heading.font = Font(bold=True, size=13)
            target.append([heading])
        target.append([_heading(target, column.vi if vietnamese else column.en) for column in columns])
        for row in page.rows:
            target.append([_cell(target, column, row.get(column.name)) for column in columns])
    packed = io.BytesIO()
    book.save(packed)
    return _settled(packed.getvalue())


def comma_separated(page: Page, *, delimiter: str = ",") -> bytes:
    """Return a page as CSV in UTF-8 with a byte order mark, as Excel wants it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([column.vi for column in page.sheet.columns])
    for row in page.rows:
        writer.writerow([_spelled(column, row) for column in page.sheet.columns])
    return target.getvalue().encode("utf-8-sig")


def _new(target: WriteOnlyWorksheet, value: Any) -> Cell:
    cell: Cell = WriteOnlyCell(target, value)
    return cell


def _heading(target: WriteOnlyWorksheet, words: str) -> Cell:
    cell = _new(target, words)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _cell(target: WriteOnlyWorksheet, column: Column, value: Value | None) -> Cell | None:
    match value:
        case None:
            return None
        case bool():
            raise TypeError(f"{column.name}: a boolean has no column")
        case int() | Decimal():
            return _new(target, value)
        case date():
            cell = _new(target, value)
            cell.number_format = _DAY
            return cell
        case _:
            cell = _new(target, _words(column, value))
            # A text that begins with an equals sign is a text all the same.
            cell.data_type = "s"
            return cell


def _spelled(column: Column, row: Mapping[str, Value | None]) -> str:
    value = row.get(column.name)
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case date():
            return value.strftime("%d/%m/%Y")
        case _:
            return _words(column, value)


def _words(column: Column, value: Value) -> str:
    match value:
        case tuple():
            return "; ".join(value)
        case Month():
            return str(value)
        case str() if column.kind is Kind.CHOICE:
            return preferred(column.choices)[value]
        case _:
            return str(value)


def _settled(packed: bytes) -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as source, zipfile.ZipFile(result, "w") as target:
        for part in _sorted(source.infolist()):
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z", content)
            settled = zipfile.ZipInfo(part.filename, _OLDEST)
            settled.create_system = 3
            settled.external_attr = 0o644 << 16
            target.writestr(settled, content)
    return result.getvalue()


def _sorted(parts: Iterable[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    """Return an archive's parts, the list of contents first, as programs expect it."""
    return sorted(parts, key=lambda part: (part.filename != "[Content_Types].xml", part.filename))
