"""The example quarter's workbooks, without what a month brings while it runs."""

import io
from pathlib import Path

import openpyxl

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "binh-minh-quarter"
KEY = ("Mã người", "Mã nhiệm vụ")


def alone(file_name: str) -> bytes:
    """Return a month's workbook as it can be imported at once, into an empty service.

    Tasks that are handed over or come ad hoc are entered while the month runs: their results go.
    """
    book = openpyxl.load_workbook(EXAMPLE / file_name)
    assigned = {key for _, key in _keys(book["tasks"])}
    for name in ("results", "faults"):
        for number, key in reversed(_keys(book[name])):
            if key not in assigned:
                book[name].delete_rows(number)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _keys(sheet: openpyxl.worksheet.worksheet.Worksheet) -> list[tuple[int, tuple[object, ...]]]:
    header, *rows = sheet.iter_rows(values_only=True)
    places = [header.index(each) for each in KEY]
    return [(number, tuple(row[each] for each in places)) for number, row in enumerate(rows, 2)]
