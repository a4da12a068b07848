"""A paper: parts of blocks. It knows what stands where in which order, and nothing of PDF or workbooks."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from approval.domain.record import printing

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of every form: the agency at the left, the national title (or the Party's) at the right.

    :param party: True for Party bodies, whose papers bear the Party's name
    """

    above: str
    agency: str
    number: str
    place: str
    party: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """Words over the whole width; ``label`` stands before them in bold. Sizes in points."""

    words: str
    label: str = ""
    align: Align = "left"
    bold: bool = False
    italic: bool = False
    size: Decimal = Decimal("10.5")
    before: int = 2
    """Space above, in points."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; ``number`` is what a workbook computes with, ``words`` what people read."""

    words: str = ""
    number: Decimal | None = None
    places: int | None = None
    bold: bool = False
    italic: bool = False
    align: Align | None = None
    span: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a part: its share of the width in millimetres, and how its cells stand."""

    width: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head that is repeated on every page."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbered: bool = False
    """A row under the head that numbers the columns."""
    size: Decimal = Decimal(9)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs, what stands under it, and the name that is printed where the signature goes."""

    title: str
    note: str = "(Ký tên, ghi rõ họ tên)"
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Two signatures side by side, kept together on one page."""

    left: Signature
    right: Signature


Block = Letterhead | Line | Table | Signatures


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a paper that begins on a page of its own; its tables share the columns."""

    name: str
    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper with its number and title; ``author`` is the agency."""

    number: str
    title: str
    author: str
    parts: tuple[Part, ...]


def words(text: str, **how: object) -> Cell:
    """Return a cell of words."""
    return Cell(printing.plain(text), **how)  # type: ignore[arg-type]


def figure(value: Decimal | int | None, places: int | None = None, **how: object) -> Cell:
    """Return a cell of a number; none is empty."""
    if value is None:
        return Cell(**how)  # type: ignore[arg-type]
    return Cell(printing.number(value, places), Decimal(value), places, **how)  # type: ignore[arg-type]
