"""The cells of a file before anybody knows what they mean, and how many there may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

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
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Merged areas: first row, first column, last row, last column, from 1. The first cell has the value."""


def unreadable(file_name: str, vi: str, en: str) -> Unreadable:
    """Return the refusal of a whole file."""
    return Unreadable(file=file_name or "(không tên)", problem_vi=vi, problem_en=en)


def damaged(file_name: str) -> Unreadable:
    """Return the refusal of a file that breaks off or contradicts itself."""
    return unreadable(
        file_name,
        "tệp bị hỏng: hãy mở bằng Excel hoặc LibreOffice rồi lưu lại",
        "it is damaged: open it in Excel or LibreOffice and save it again",
    )
