"""Workbooks of Office Open XML: inspected before they are parsed, then read in one pass.

openpyxl reads what a workbook consists of (sheets, shared texts, formats, the epoch of its days). The cells
are read here: their number makes the difference between a second and half a minute, and a formula must be
seen together with its value.
"""

import io
import threading
import warnings
import zipfile
from collections.abc import Callable
from functools import lru_cache
from typing import IO, Any, Final
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.utils.escape import unescape

from chassis.sheets.grids import (
    LARGEST_UNPACKED,
    MOST_COLUMNS,
    MOST_PARTS,
    MOST_ROWS,
    Grid,
    Mark,
    Marked,
    damaged,
    unreadable,
)

ZIP: Final = b"PK\x03\x04"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1024 * 1024
_OVERLAP = 16
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_PRINTER = "/printerSettings"

# openpyxl warns about what it leaves out, through a filter that all threads share; and one workbook at a time
# bounds the memory.
_one_at_a_time = threading.Lock()


def grids(content: bytes, file_name: str, needed: Callable[[str], bool]) -> list[Grid]:
    """Return every sheet of a workbook.

    :param needed: whether the cells of a sheet with that title are wanted; without, it has no rows
    :raises Unreadable: if it is damaged, protected, too large once unpacked, or something else
    """
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _inspect(content, file_name)
        try:
            return _read(content, needed)
        except Exception as error:
            # A damaged part can break the parsers anywhere.
            raise damaged(file_name) from error


def _inspect(content: bytes, file_name: str) -> None:
    """Refuse what is no plain workbook before anything is parsed."""
    if content.startswith(_OLE):
        raise unreadable(
            file_name,
            "là tệp .xls cũ hoặc tệp đặt mật khẩu: hãy bỏ mật khẩu và lưu lại dạng .xlsx",
            "it is an old .xls file or has a password: remove the password and save it as .xlsx",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if any(name.endswith(".bin") and _PRINTER not in name for name in names):
                raise unreadable(
                    file_name,
                    "tệp có macro hoặc dạng nhị phân: hãy lưu lại dạng .xlsx",
                    "it holds macros or is binary: save it as .xlsx",
                )
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise unreadable(file_name, "không phải sổ tính .xlsx", "it is no .xlsx workbook")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise unreadable(
                    file_name,
                    f"giải nén ra hơn {LARGEST_UNPACKED // 1024**2} MiB hoặc hơn {MOST_PARTS} phần",
                    f"it unpacks to more than {LARGEST_UNPACKED // 1024**2} MiB or {MOST_PARTS} parts",
                )
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(archive, part):
                    raise unreadable(file_name, "có khai báo XML bị cấm", "it declares XML entities")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, RuntimeError, ValueError, EOFError) as error:
        raise damaged(file_name) from error


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """True if a part declares entities, or is in an encoding in which it could hide them."""
    before = b""
    with archive.open(part) as source:
        while chunk := source.read(_CHUNK):
            seen = before + chunk
            if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or (not before and chunk.startswith(_UTF_16)):
                return True
            before = chunk[-_OVERLAP:]
    return False


def _read(content: bytes, needed: Callable[[str], bool]) -> list[Grid]:
    reader = ExcelReader(io.BytesIO(content), read_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_strings()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    found = []
    for sheet, relation in reader.parser.find_sheets():
        if relation.target not in reader.valid_files or "chartsheet" in relation.Type:
            continue
        title = str(sheet.name)
        if not needed(title):
            found.append(Grid(title, (), too_long=False))
            continue
        with reader.archive.open(relation.target) as source:
            found.append(_Cells(reader).grid(title, source))
    return found


class _Cells:
    """Reads the cells of one sheet as their XML goes by."""

    def __init__(self, reader: ExcelReader) -> None:
        book: Any = reader.wb
        self._texts: list[str] = reader.shared_strings
        self._epoch, self._days, self._times = book.epoch, book._date_formats, book._timedelta_formats
        self._rows: list[tuple[int, list[object]]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._number = 0
        self._row: list[object] = []
        self._column = 0
        self._attributes: dict[str, str] = {}
        self._value: list[str] | None = None
        self._inline: list[str] = []
        self._formula: list[str] | None = None
        self._into: list[str] | None = None
        self._phonetic = False

    def grid(self, title: str, source: IO[bytes]) -> Grid:
        """Return the cells of a sheet."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        too_long = False
        while chunk := source.read(_CHUNK):
            parser.Parse(chunk, False)  # noqa: FBT003
            too_long = self._number > MOST_ROWS
            if too_long:
                break
        if not too_long:
            parser.Parse(b"", True)  # noqa: FBT003
        kept = [row for row in self._rows if row[0] <= MOST_ROWS]
        return Grid(title, kept, too_long or len(kept) < len(self._rows), self._merged)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.removeprefix(_MAIN):
            case "c":
                self._attributes = attributes
                self._value, self._formula, self._inline = None, None, []
                reference = attributes.get("r")
                self._column = _column(reference) if reference else self._column + 1
            case "v":
                self._value = self._into = []
            case "f":
                self._formula = self._into = []
            case "t" if not self._phonetic:
                self._into = self._inline
            case "rPh":
                self._phonetic = True
            case "row":
                number = attributes.get("r")
                self._number = int(number) if number else self._number + 1
                self._row, self._column = [], 0
            case "mergeCell":
                left, top, right, bottom = range_boundaries(attributes["ref"])
                self._merged.append((int(top or 1), int(left or 1), int(bottom or 1), int(right or 1)))

    def _characters(self, words: str) -> None:
        if self._into is not None:
            self._into.append(words)

    def _end(self, name: str) -> None:
        match name.removeprefix(_MAIN):
            case "v" | "f" | "t":
                self._into = None
            case "rPh":
                self._phonetic = False
            case "c":
                found = self._cell()
                if found is not None and self._column <= MOST_COLUMNS:
                    self._row += [None] * (self._column - len(self._row))
                    self._row[self._column - 1] = found
            case "row":
                if self._row:
                    self._rows.append((self._number, self._row))

    def _cell(self) -> object:
        kind = self._attributes.get("t", "n")
        if kind == "inlineStr":
            return _text("".join(self._inline))
        value = "".join(self._value or ())
        if not value:
            # A formula that gave an empty text has the type "str"; one that nobody calculated has none.
            if self._formula is not None and kind != "str":
                return Marked(Mark.UNCALCULATED, "=" + "".join(self._formula))
            return None
        match kind:
            case "s":
                return _text(self._texts[int(value)])
            case "str":
                return _text(value)
            case "b":
                return value == "1"
            case "e":
                return Marked(Mark.FAILED, value)
            case "d":
                return from_ISO8601(value)  # type: ignore[no-untyped-call]
            case _:
                return self._quantity(value)

    def _quantity(self, value: str) -> object:
        number = float(value) if any(mark in value for mark in ".eE") else int(value)
        style = int(self._attributes.get("s", "0"))
        if style not in self._days:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=style in self._times)
        except (OverflowError, ValueError):
            return Marked(Mark.FAILED, value)


def _text(words: str) -> str | None:
    return (unescape(words) if "_x" in words else words) or None


def _column(reference: str) -> int:
    return _number_of(reference.rstrip("0123456789"))


@lru_cache(maxsize=1_024)
def _number_of(letters: str) -> int:
    return column_index_from_string(letters)
