"""What is wrong with a file: as a whole, or cell by cell."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from chassis.errors import Invalid

MOST_KEPT: Final = 10_000
"""Errors whose text is kept; the rest are only counted."""

LONGEST_VALUE: Final = 200
"""Characters of a cell that an error repeats."""


class Unreadable(Invalid):
    """The file cannot be read as a table at all."""

    vi = "Không đọc được tệp {file}: {problem_vi}."
    en = "The file {file} cannot be read: {problem_en}."

    def __init__(self, *, file: str, problem_vi: str, problem_en: str) -> None:
        super().__init__(file=file, problem_vi=problem_vi, problem_en=problem_en)


@dataclass(frozen=True, slots=True)
class CellError:
    """One bad cell. Row 0 is the whole sheet; an empty column is the whole row."""

    sheet: str
    row: int
    column: str
    value: str
    reason_vi: str
    reason_en: str


class BadCell(Exception):
    """A cell cannot be read as its column asks; the message is for both languages."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


@dataclass(slots=True)
class Errors:
    """Errors as they are found: all are counted, the first `MOST_KEPT` are kept."""

    kept: list[CellError] = field(default_factory=list)
    count: int = 0
    sheets: list[str] = field(default_factory=list)
    """Names of the file's sheets in its order."""

    def add(self, error: CellError) -> None:
        """Count an error, and keep it while there is room."""
        self.count += 1
        if len(self.kept) < MOST_KEPT:
            self.kept.append(error)

    def in_order(self) -> list[CellError]:
        """Return the kept errors, sheet by sheet as in the file, each by row."""
        places = {name: place for place, name in enumerate(self.sheets)}
        return sorted(self.kept, key=lambda each: (places.get(each.sheet, len(places)), each.row))


def shown(value: object) -> str:
    """Return a cell's content as an error repeats it: one line, not too long."""
    if isinstance(value, datetime) and value.time() == time(0):
        value = value.date()
    spelled = value.strftime("%d/%m/%Y") if type(value) is date else "" if value is None else str(value)
    line = "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in spelled)
    return line if len(line) <= LONGEST_VALUE else line[: LONGEST_VALUE - 1] + "…"
