"""From a file's bytes to grids of raw cells, whatever the file claims to be."""

import csv
import io
import re
import threading
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, Final

import openpyxl
from openpyxl.utils.escape import unescape

from chassis.sheets.columns import fold
from chassis.sheets.errors import Unreadable

LARGEST: Final = 15 * 1024 * 1024
"""Bytes of a file."""

LARGEST_UNPACKED: Final = 256 * 1024 * 1024
"""Bytes that a workbook's parts may unpack to, all together."""

MOST_PARTS: Final = 2_000
"""Parts of a workbook's archive."""

MOST_ROWS: Final = 200_000
"""Rows of a sheet, counted as a spreadsheet numbers them."""

MOST_COLUMNS: Final = 256
"""Columns of a sheet that are looked at."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = b"PK\x03\x04"
_CHUNK = 1024 * 1024
_OVERLAP = 16

# openpyxl warns about what it leaves out, through a filter that all threads share; and one workbook at a time
# bounds the memory.
_one_at_a_time = threading.Lock()


class Form(Enum):
    """How a table is written."""

    XLSX = "xlsx"
    CSV = "csv"


class Mark(Enum):
    """A cell that holds no value of its own."""

    UNCALCULATED = "formula"
    """A formula whose value the file lacks."""
    FAILED = "error"
    """One of Excel's error values."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A cell with a mark, and what stands there."""

    mark: Mark
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet: rows with their numbers, from 1, without the empty ones."""

    title: str
    rows: Sequence[tuple[int, Sequence[object]]]
    too_long: bool
    """True if rows were left out because there are more than `MOST_ROWS`."""


def form_of(content: bytes, file_name: str) -> Form:
    """Return how the file is written, by its ending, else by its first bytes."""
    ending = file_name.rpartition(".")[2].casefold() if "." in file_name else ""
    match ending:
        case "xlsx":
            return Form.XLSX
        case "csv":
            return Form.CSV
        case _ if content.startswith(_ZIP) and not ending:
            return Form.XLSX
        case _:
            raise _unreadable(
                file_name,
                "chỉ nhận tệp .xlsx hoặc .csv: hãy lưu lại bằng một trong hai dạng này",
                "only .xlsx and .csv are taken: save it as one of them",
            )


def grids(content: bytes, form: Form, file_name: str) -> list[Grid]:
    """Return every sheet of a file; a CSV file is one without a title.

    :raises Unreadable: if it is too large, damaged, protected, or something else than it should be
    """
    if len(content) > LARGEST:
        raise _unreadable(
            file_name,
            f"tệp lớn hơn {LARGEST // 1024**2} MiB: hãy chia nhỏ",
            f"it is larger than {LARGEST // 1024**2} MiB: divide it",
        )
    if not content:
        raise _unreadable(file_name, "tệp rỗng", "it is empty")
    return _workbook(content, file_name) if form is Form.XLSX else [_comma_separated(content, file_name)]


def _unreadable(file_name: str, vi: str, en: str) -> Unreadable:
    return Unreadable(file=file_name or "(không tên)", problem_vi=vi, problem_en=en)


# -- XLSX ---------------------------------------------------------------------------------------------------


def _workbook(content: bytes, file_name: str) -> list[Grid]:
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calculated = _inspected(content, file_name)
        try:
            formulas = {} if calculated else dict(_sheets(content, formulas=True))
            return [
                _grid(title, rows, formulas.get(title, []))
                for title, rows in _sheets(content, formulas=False)
            ]
        except Exception as error:
            # A damaged part can break the library anywhere.
            raise _damaged(file_name) from error


def _inspected(content: bytes, file_name: str) -> bool:
    """Refuse what is no plain workbook; return True if no sheet holds a formula."""
    if content.startswith(_OLE):
        raise _unreadable(
            file_name,
            "là tệp .xls cũ hoặc tệp đặt mật khẩu: hãy bỏ mật khẩu và lưu lại dạng .xlsx",
            "it is an old .xls file or has a password: remove the password and save it as .xlsx",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(name.endswith(("vbaProject.bin", ".bin")) and "/printer" not in name for name in names):
                raise _unreadable(
                    file_name,
                    "tệp có macro hoặc dạng nhị phân: hãy lưu lại dạng .xlsx",
                    "it holds macros or is binary: save it as .xlsx",
                )
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise _unreadable(file_name, "không phải sổ tính .xlsx", "it is no .xlsx workbook")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise _unreadable(
                    file_name,
                    f"giải nén ra hơn {LARGEST_UNPACKED // 1024**2} MiB hoặc hơn {MOST_PARTS} phần",
                    f"it unpacks to more than {LARGEST_UNPACKED // 1024**2} MiB or {MOST_PARTS} parts",
                )
            formulas = False
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    found = _markers(archive, part)
                    if b"<!" in found:
                        raise _unreadable(file_name, "có khai báo XML bị cấm", "it declares XML entities")
                    formulas |= b"<f" in found and part.filename.startswith("xl/worksheets/")
            return not formulas
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        raise _damaged(file_name) from error


def _markers(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> set[bytes]:
    """Return which of document type declarations and formulas a part holds, without keeping it in memory."""
    found: set[bytes] = set()
    before = b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            if not before and chunk.startswith((b"\xff\xfe", b"\xfe\xff")):
                found.add(b"<!")
            seen = before + chunk
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
                found.add(b"<!")
            if re.search(rb"<(x:)?f[ >/]", seen):
                found.add(b"<f")
            before = chunk[-_OVERLAP:]
    return found


def _damaged(file_name: str) -> Unreadable:
    return _unreadable(
        file_name,
        "tệp bị hỏng: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại",
        "it is damaged: open it in Excel or LibreOffice and save it again",
    )


def _sheets(content: bytes, *, formulas: bool) -> Iterator[tuple[str, list[Sequence[Any]]]]:
    book = openpyxl.load_workbook(
        io.BytesIO(content), read_only=True, data_only=not formulas, keep_links=False
    )
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            cells = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
            yield sheet.title, list(islice(map(_trimmed, cells), MOST_ROWS + 1))
    finally:
        book.close()


def _trimmed(cells: Sequence[Any]) -> Sequence[Any]:
    last = len(cells)
    while last and cells[last - 1].data_type == "n" and cells[last - 1].value is None:
        last -= 1
    return cells[:last]


def _grid(title: str, rows: list[Sequence[Any]], formulas: list[Sequence[Any]]) -> Grid:
    kept: list[tuple[int, Sequence[object]]] = []
    for index, cells in enumerate(rows[:MOST_ROWS]):
        written = formulas[index] if index < len(formulas) else ()
        width = max(len(cells), len(written))
        values = [_raw(cells, written, at) for at in range(width)]
        if any(value is not None for value in values):
            kept.append((index + 1, values))
    return Grid(title, kept, too_long=len(rows) > MOST_ROWS)


def _raw(cells: Sequence[Any], written: Sequence[Any], at: int) -> object:
    cell = cells[at] if at < len(cells) else None
    value = None if cell is None else cell.value
    if value is None:
        # A formula that gave an empty text has the type "str"; one that nobody calculated has none.
        if at < len(written) and written[at].data_type == "f" and (cell is None or cell.data_type != "str"):
            formula = getattr(written[at].value, "text", written[at].value)
            return Marked(Mark.UNCALCULATED, str(formula))
        return None
    if cell is not None and cell.data_type == "e":
        return Marked(Mark.FAILED, str(value))
    return unescape(value) if isinstance(value, str) and "_x" in value else value


# -- CSV ----------------------------------------------------------------------------------------------------


def _comma_separated(content: bytes, file_name: str) -> Grid:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content[:4096]:
        raise _unreadable(
            file_name,
            "không phải CSV UTF-8: trong Excel hãy lưu dạng “CSV UTF-8”",
            "it is no CSV in UTF-8: in Excel save it as “CSV UTF-8”",
        )
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _unreadable(
            file_name,
            f"dòng {line} không phải UTF-8: trong Excel hãy lưu dạng “CSV UTF-8”",
            f"line {line} is not UTF-8: in Excel save it as “CSV UTF-8”",
        ) from error
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True)
    kept: list[tuple[int, Sequence[object]]] = []
    number = 0
    try:
        for number, cells in enumerate(islice(reader, MOST_ROWS + 1), start=1):
            if number <= MOST_ROWS and any(cell.strip() for cell in cells):
                kept.append((number, [cell if cell.strip() else None for cell in cells[:MOST_COLUMNS]]))
    except csv.Error as error:
        raise _unreadable(
            file_name,
            f"dấu ngoặc kép hoặc ô quá dài ở dòng {reader.line_num}",
            f"line {reader.line_num} has stray quotes or a cell that is too long",
        ) from error
    return Grid("", kept, too_long=number > MOST_ROWS)


def _delimiter(words: str) -> str:
    """Return what divides the cells: what the line with the most cells of the first ones uses."""
    first = [line for line in islice(io.StringIO(words), 30) if fold(line)]
    semicolons = max((line.count(";") for line in first), default=0)
    commas = max((line.count(",") for line in first), default=0)
    return ";" if semicolons > commas else ","
