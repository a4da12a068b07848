"""Sheets that people fill in: read typed from XLSX and CSV, every bad cell told at once.

Declare what a sheet holds, read a file, look at the errors, use the rows::

    PEOPLE = Sheet("people", "Nhân sự", (
        text("person_id", "Mã người", "Person id", required=True, longest=64),
        decimal("salary", "Hệ số lương", "Salary coefficient", least=0, most=20, places=2),
        choice("role", "Vai trò", "Role", {"Lãnh đạo": "leader", "leader": "leader", "Nhân viên": "staff"}),
        ids("in_charge", "Phụ trách", "In charge of"),
    ))

    found = read(content, [PEOPLE], file_name="thang-3.xlsx")      # Unreadable when it is no table at all
    people = found.tables.get("people")                            # None when the file has no such sheet
    for row in people.rows:
        if "salary" not in row.bad and row.decimal("salary") is None:
            found.errors.add(people.error(row, "salary", vi="cần hệ số lương", en="needed"))
    if found.errors.count: ...                                     # found.errors.in_order(): CellError

A service that reads one sheet of a workbook passes ``passed_over=None``: every other sheet is another's.

**What is forgiven**: the case, accents and spaces of headers and sheet names; a Vietnamese or an English
header; title rows above the header, merged or not; empty rows; columns headed STT, TT, Ghi chú, Note or with
a leading ``#``, and sheets whose name begins with ``#``; numbers typed as text with a decimal comma or point
(``3,33``, ``1.234.567``, ``1.234,5``); numbers that Excel keeps as binary floats, which come back as the
shortest decimal that means the same float (``3.33``, never ``3.3300000000000001``); dates typed as text
(``05/03/2026``, ``2026-03-05``); values that formulas left in the file.

**What is refused, cell by cell**: unknown, missing and repeated headers; ``1.234`` and ``1,234`` typed as
text (a thousand or a decimal?); more decimals than the column allows, so float noise never passes for a
figure; a formula that no program has calculated; Excel's error values; a date where text is asked for (an id
such as ``3-4`` that Excel turned into a day); hidden control characters, by code point; text too long.

**What is refused as a whole** (:class:`Unreadable`, a subclass of ``Invalid``): other formats, macros,
passwords, damaged archives, more than `LARGEST` bytes, archives that unpack to more than `LARGEST_UNPACKED`
bytes. More than `MOST_ROWS` rows in a sheet is an error of that sheet.

A row with a bad cell is still among the rows, without the bad value, and lists the column in ``row.bad``, so
that a check across rows does not report one slip twice.

`workbook` and `comma_separated` write pages of the same declarations, byte for byte the same every time;
`template` writes them empty, for people to fill in.
"""

from chassis.sheets.columns import (
    Column,
    Kind,
    Sheet,
    choice,
    day,
    decimal,
    ids,
    integer,
    month,
    text,
)
from chassis.sheets.errors import CellError, Errors, Unreadable
from chassis.sheets.files import Form
from chassis.sheets.grids import LARGEST, LARGEST_UNPACKED, MOST_COLUMNS, MOST_ROWS
from chassis.sheets.reading import Reading, Row, Table, read
from chassis.sheets.templates import Template, UnknownSheets, template
from chassis.sheets.writing import Page, comma_separated, workbook

__all__ = [
    "LARGEST",
    "LARGEST_UNPACKED",
    "MOST_COLUMNS",
    "MOST_ROWS",
    "CellError",
    "Column",
    "Errors",
    "Form",
    "Kind",
    "Page",
    "Reading",
    "Row",
    "Sheet",
    "Table",
    "Template",
    "UnknownSheets",
    "Unreadable",
    "choice",
    "comma_separated",
    "day",
    "decimal",
    "ids",
    "integer",
    "month",
    "read",
    "template",
    "text",
    "workbook",
]
