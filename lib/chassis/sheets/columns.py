"""What a sheet holds: its columns, their headers and what may stand below them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

IGNORED_HEADERS: Final = frozenset({"stt", "tt", "ghi chu", "note", "notes", "no."})
"""Columns that people add for themselves, as `fold` writes them."""

ASIDE: Final = "#"
"""A header or a sheet's name that begins with it is the author's own."""


class Kind(Enum):
    """What a cell of a column is read as."""

    TEXT = "text"
    DECIMAL = "decimal"
    INTEGER = "integer"
    DATE = "date"
    MONTH = "month"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. Make one with `text`, `decimal`, `integer`, `day`, `month`, `choice` or `ids`."""

    name: str
    """What the program calls it."""
    vi: str
    """Its header."""
    en: str
    """Its other header."""
    kind: Kind
    required: bool = False
    """The header must be there and no cell may be empty."""
    longest: int = 1_000
    """Characters of a text, entries of a list."""
    least: Decimal | None = None
    most: Decimal | None = None
    places: int = 6
    """Decimals of a number."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """From what people write, the preferred spelling of each value first, to what it means."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name in a program and on the tab, and its columns.

    :raises ValueError: if two headers look the same
    """

    name: str
    vi: str
    columns: Sequence[Column]

    def __post_init__(self) -> None:
        self.headers()

    def headers(self) -> dict[str, Column]:
        """Return every header a column may have, as `fold` writes it, with its column."""
        found: dict[str, Column] = {}
        for column in self.columns:
            for header in (column.name, column.vi, column.en):
                if found.setdefault(fold(header), column) is not column:
                    raise ValueError(f"{self.name}: two columns are called {header!r}")
        return found

    def names(self) -> set[str]:
        """Return the names its tab may have, as `fold` writes them."""
        return {fold(self.name), fold(self.vi)}

    def column(self, name: str) -> Column:
        """Return the column that the program calls ``name``."""
        return next(each for each in self.columns if each.name == name)


def text(name: str, vi: str, en: str, *, required: bool = False, longest: int = 1_000) -> Column:
    """Declare a column of text, at most ``longest`` characters."""
    return Column(name, vi, en, Kind.TEXT, required=required, longest=longest)


def decimal(
    name: str,
    vi: str,
    en: str,
    *,
    required: bool = False,
    least: int | Decimal | None = None,
    most: int | Decimal | None = None,
    places: int = 6,
) -> Column:
    """Declare a column of exact decimals from ``least`` to ``most`` with at most ``places`` decimals."""
    return Column(
        name,
        vi,
        en,
        Kind.DECIMAL,
        required=required,
        least=None if least is None else Decimal(least),
        most=None if most is None else Decimal(most),
        places=places,
    )


def integer(
    name: str,
    vi: str,
    en: str,
    *,
    required: bool = False,
    least: int | None = None,
    most: int | None = None,
) -> Column:
    """Declare a column of whole numbers from ``least`` to ``most``."""
    return Column(
        name,
        vi,
        en,
        Kind.INTEGER,
        required=required,
        least=None if least is None else Decimal(least),
        most=None if most is None else Decimal(most),
        places=0,
    )


def day(name: str, vi: str, en: str, *, required: bool = False) -> Column:
    """Declare a column of days."""
    return Column(name, vi, en, Kind.DATE, required=required)


def month(name: str, vi: str, en: str, *, required: bool = False) -> Column:
    """Declare a column of months."""
    return Column(name, vi, en, Kind.MONTH, required=required)


def choice(name: str, vi: str, en: str, choices: Mapping[str, str], *, required: bool = False) -> Column:
    """Declare a column of one word out of ``choices``: from what people write to what it means."""
    return Column(name, vi, en, Kind.CHOICE, required=required, choices=choices)


def ids(name: str, vi: str, en: str, *, required: bool = False, longest: int = 2_000) -> Column:
    """Declare a column of lists: at most ``longest`` entries, divided by commas, semicolons or lines."""
    return Column(name, vi, en, Kind.LIST, required=required, longest=longest)


@lru_cache(maxsize=4_096)
def fold(words: str) -> str:
    """Return words as they are compared: without case, accents, hidden characters and needless spaces."""
    bare = "".join(
        each
        for each in unicodedata.normalize("NFKD", words)
        if unicodedata.category(each) not in ("Mn", "Cf")
    )
    line = " ".join(bare.casefold().replace("đ", "d").split())
    return line.removesuffix("(*)").rstrip(" *:")
