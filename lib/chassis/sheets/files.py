"""From a file's bytes to grids of raw cells, whatever the file claims to be."""

import csv
import io
from collections.abc import Callable
from enum import Enum
from itertools import islice

from chassis.sheets import xlsx
from chassis.sheets.columns import fold
from chassis.sheets.grids import LARGEST, MOST_COLUMNS, MOST_ROWS, Grid, unreadable

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FIRST_LINES = 30


class Form(Enum):
    """How a table is written."""

    XLSX = "xlsx"
    CSV = "csv"


def form_of(content: bytes, file_name: str) -> Form:
    """Return how the file is written, by its ending, else by its first bytes.

    :raises Unreadable: if that is neither XLSX nor CSV
    """
    ending = file_name.rpartition(".")[2].casefold() if "." in file_name else ""
    match ending:
        case "xlsx":
            return Form.XLSX
        case "csv":
            return Form.CSV
        case "" if content.startswith(xlsx.ZIP):
            return Form.XLSX
        case _:
            raise unreadable(
                file_name,
                "chỉ nhận tệp .xlsx hoặc .csv: hãy lưu lại bằng một trong hai dạng này",
                "only .xlsx and .csv are taken: save it as one of them",
            )


def grids(content: bytes, form: Form, file_name: str, needed: Callable[[str], bool]) -> list[Grid]:
    """Return every sheet of a file; a CSV file is one without a title.

    :param needed: whether the cells of a workbook's sheet with that title are wanted; without, it has no rows
    :raises Unreadable: if it is too large, damaged, protected, or something else than it should be
    """
    if len(content) > LARGEST:
        raise unreadable(
            file_name,
            f"tệp lớn hơn {LARGEST // 1024**2} MiB: hãy chia nhỏ",
            f"it is larger than {LARGEST // 1024**2} MiB: divide it",
        )
    if not content:
        raise unreadable(file_name, "tệp rỗng", "it is empty")
    if form is Form.XLSX:
        return xlsx.grids(content, file_name, needed)
    return [_comma_separated(content, file_name)]


def _comma_separated(content: bytes, file_name: str) -> Grid:
    if content.startswith(_UTF_16) or b"\x00" in content[:4096]:
        raise unreadable(
            file_name,
            "không phải CSV UTF-8: trong Excel hãy lưu dạng “CSV UTF-8”",
            "it is no CSV in UTF-8: in Excel save it as “CSV UTF-8”",
        )
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise unreadable(
            file_name,
            f"dòng {line} không phải UTF-8: trong Excel hãy lưu dạng “CSV UTF-8”",
            f"line {line} is not UTF-8: in Excel save it as “CSV UTF-8”",
        ) from error
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True)
    kept: list[tuple[int, list[object]]] = []
    number = 0
    try:
        for number, cells in enumerate(islice(reader, MOST_ROWS + 1), start=1):
            if number <= MOST_ROWS and any(cell.strip() for cell in cells):
                kept.append((number, [cell if cell.strip() else None for cell in cells[:MOST_COLUMNS]]))
    except csv.Error as error:
        raise unreadable(
            file_name,
            f"dấu ngoặc kép hoặc ô quá dài ở dòng {reader.line_num}",
            f"line {reader.line_num} has stray quotes or a cell that is too long",
        ) from error
    return Grid("", kept, too_long=number > MOST_ROWS)


def _delimiter(words: str) -> str:
    """Return what divides the cells: the one of which a line among the first has the most."""
    first = [line for line in islice(io.StringIO(words), _FIRST_LINES) if fold(line)]
    semicolons = max((line.count(";") for line in first), default=0)
    commas = max((line.count(",") for line in first), default=0)
    return ";" if semicolons > commas else ","
