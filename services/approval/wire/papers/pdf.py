"""Papers as PDF on A4, with the letters embedded.

The letters are DejaVu Serif, which has every Vietnamese letter, set narrower than drawn so that a line holds
about as much as one of Times does. Everything is placed first and drawn then, since a page number names the
last page too.
"""

import importlib.util
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Any, Final

from reportlab import rl_config  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from approval.domain.record.paper import (
    Block,
    Cell,
    Column,
    Letterhead,
    Line,
    Paper,
    Part,
    Signature,
    Signatures,
    Table,
)

MM: Final = 72 / 25.4
NARROW: Final = 86
"""Per cent of their own width at which letters are set."""
LEADING: Final = 1.32
"""Height of a line, in sizes of its letters."""
LEFT, RIGHT, TOP, BOTTOM = 25 * MM, 15 * MM, 16 * MM, 17 * MM
PAD: Final = 2.4
THIN: Final = 0.5
SIGNED: Final = 92
"""Height that two signatures take with the gap above them."""
CARRIED: Final = 90
"""Height of the lines, at most, that go with the signatures to the next page: none stands there alone."""

Draw = Callable[[Canvas], None]
_REGULAR, _BOLD, _ITALIC, _BOTH = "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic"


def pdf(paper: Paper) -> bytes:
    """Return a paper as PDF; the same paper gives the same bytes."""
    _fonts()
    # Streams as bytes: as letters they are a quarter longer and take longer to write.
    rl_config.useA85 = 0
    pages: list[_Page] = []
    for part in paper.parts:
        _Setter(pages, part).set()
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1, pageCompression=1, lang="vi-VN")
    canvas.setTitle(paper.title)
    canvas.setAuthor(paper.author)
    canvas.setSubject(paper.number)
    for place, page in enumerate(pages, start=1):
        canvas.setPageSize((page.width, page.height))
        canvas.setLineWidth(THIN)
        for draw in page.draws:
            draw(canvas)
        _footer(canvas, page, f"Số {paper.number}", f"Trang {place}/{len(pages)}")
        _write(canvas, page.texts)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Text:
    words: str
    x: float
    y: float
    font: str
    size: float


@dataclass(slots=True)
class _Page:
    width: float
    height: float
    texts: list[_Text] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)


@dataclass(slots=True)
class _Setter:
    """Sets a part's blocks on pages, from the top down; ``y`` is where the next one begins."""

    pages: list[_Page]
    part: Part
    y: float = 0
    fresh: bool = True

    def set(self) -> None:
        self.turn()
        for place, block in enumerate(self.part.blocks):
            self.keep_with_signatures(self.part.blocks[place:])
            match block:
                case Letterhead():
                    self.letterhead(block)
                case Line():
                    self.line(block)
                case Table():
                    self.table(block)
                case Signatures():
                    self.signatures(block)

    @property
    def page(self) -> _Page:
        return self.pages[-1]

    @property
    def width(self) -> float:
        return self.page.width - LEFT - RIGHT

    def turn(self) -> None:
        """Begin a page."""
        width, height = (A4[1], A4[0]) if self.part.landscape else A4
        self.pages.append(_Page(width, height))
        self.y = height - TOP
        self.fresh = True

    def need(self, height: float) -> bool:
        """Begin a page unless that much fits on this one; True if it did."""
        if self.y - height >= BOTTOM or self.fresh:
            return False
        self.turn()
        return True

    def text(self, words: str, x: float, y: float, font: str, size: float) -> None:
        if words:
            self.page.texts.append(_Text(words, x, y, font, size))

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.page.draws.append(lambda canvas: canvas.line(x1, y1, x2, y2))

    def centred(self, words: str, middle: float, y: float, font: str, size: float) -> None:
        self.text(words, middle - _width(words, font, size) / 2, y, font, size)

    def keep_with_signatures(self, blocks: Sequence[Block]) -> None:
        """Begin a page where the next lines are the last before signatures that do not fit here any more."""
        lines = list(takewhile(lambda block: isinstance(block, Line), blocks))
        if not lines or not isinstance(next(islice(blocks, len(lines), None), None), Signatures):
            return
        height = sum(self.height(line) for line in lines if isinstance(line, Line))
        if height <= CARRIED:
            self.need(height + SIGNED)

    def height(self, line: Line) -> float:
        """Return what a line takes with the gap above it."""
        return line.before + len(self.rows(line)) * float(line.size) * LEADING

    def rows(self, line: Line) -> list[list[tuple[str, str]]]:
        """Return a line's rows, each of words and their font."""
        font = _font(bold=line.bold, italic=line.italic)
        pieces = [(line.label, _BOLD), (line.words, font)] if line.label else [(line.words, font)]
        return list(_runs(pieces, float(line.size), self.width))

    # -- blocks -----------------------------------------------------------------------------------------

    def letterhead(self, head: Letterhead) -> None:
        left, right = LEFT + self.width * 0.22, LEFT + self.width * 0.70
        size, leading = 10.5, 10.5 * LEADING
        own = self.width * 0.42
        rows = [(each, _REGULAR) for each in _wrapped(head.above, _REGULAR, size, own)]
        rows += [(each, _BOLD) for each in _wrapped(head.agency, _BOLD, size, own)]
        y = self.y - size
        for words, font in rows:
            self.centred(words, left, y, font, size)
            y -= leading
        rule = min(_width(rows[-1][0], _BOLD, size) * 0.45, 70)
        self.rule(left - rule / 2, y + leading - 5, left + rule / 2, y + leading - 5)
        self.centred(head.number, left, y - 6, _REGULAR, size)
        low = y - 6

        y = self.y - size
        if head.party:
            title = "ĐẢNG CỘNG SẢN VIỆT NAM"
            self.centred(title, right, y, _BOLD, 11)
            under = _width(title, _BOLD, 11)
        else:
            self.centred("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", right, y, _BOLD, size)
            y -= leading
            motto = "Độc lập - Tự do - Hạnh phúc"
            self.centred(motto, right, y, _BOLD, 11)
            under = _width(motto, _BOLD, 11)
        self.rule(right - under / 2, y - 5, right + under / 2, y - 5)
        y -= leading + 8
        # A long name of the place is set smaller: beside it stands the agency's.
        wide, room = _width(head.place, _ITALIC, size), self.width * 0.54
        self.centred(head.place, right, y, _ITALIC, size * room / wide if wide > room else size)
        self.y = min(low, y) - 4
        self.fresh = False

    def line(self, line: Line) -> None:
        size = float(line.size)
        leading = size * LEADING
        if not self.fresh:
            self.y -= line.before
        font = _font(bold=line.bold, italic=line.italic)
        rows = self.rows(line)
        # A heading does not stand alone at the foot of a page.
        self.need(leading * (3 if line.bold else min(2, len(rows))))
        for row in rows:
            self.need(leading)
            x = LEFT
            if line.align == "center":
                x += (self.width - sum(_width(words, font, size) for words, font in row)) / 2
            for words, font in row:
                self.text(words, x, self.y - size, font, size)
                x += _width(words, font, size)
            self.y -= leading
            self.fresh = False

    def table(self, table: Table) -> None:
        size = float(table.size)
        edges = self.edges()
        head = [tuple(Cell(each, bold=True, align="center") for each in table.head)]
        if table.numbered:
            numbers = (Cell(f"({each})", italic=True, align="center") for each in range(1, len(edges)))
            head.append(tuple(numbers))
        self.y -= 4
        top = [_Row.of(row, self.part.columns, edges, size) for row in head]
        height = sum(row.height for row in top)
        body = [_Row.of(row, self.part.columns, edges, size) for row in table.rows]
        self.need(height + (body[0].height if body else 0))
        for row in top:
            self.row(row)
        for row in body:
            if self.need(row.height):
                for again in top:
                    self.row(again)
            self.row(row)
        self.y -= 2

    def edges(self) -> list[float]:
        """Return the x of every column's edges."""
        shares = [column.width for column in self.part.columns]
        found = [LEFT]
        for share in shares:
            found.append(found[-1] + self.width * share / sum(shares))
        return found

    def row(self, row: "_Row") -> None:
        top, bottom = self.y, self.y - row.height
        for cell in row.cells:
            self.page.draws.append(_box(cell.x1, bottom, cell.x2 - cell.x1, row.height))
            high = len(cell.rows) * row.leading
            y = top - (row.height - high) / 2 - row.size * 1.02
            for words in cell.rows:
                wide = _width(words, cell.font, row.size)
                x = {
                    "left": cell.x1 + PAD,
                    "center": (cell.x1 + cell.x2 - wide) / 2,
                    "right": cell.x2 - PAD - wide,
                }[cell.align]
                self.text(words, x, y, cell.font, row.size)
                y -= row.leading
        self.y = bottom
        self.fresh = False

    def signatures(self, both: Signatures) -> None:
        size = 10.5
        self.y -= 10
        self.need(SIGNED - 10)
        lowest = self.y
        for signature, middle in (
            (both.left, LEFT + self.width * 0.24),
            (both.right, LEFT + self.width * 0.76),
        ):
            lowest = min(lowest, self.signature(signature, middle, size))
        self.y = lowest
        self.fresh = False

    def signature(self, signature: Signature, middle: float, size: float) -> float:
        y = self.y - size
        for title in signature.title.split("\n"):
            self.centred(title, middle, y, _BOLD, size)
            y -= size * LEADING
        self.centred(signature.note, middle, y, _ITALIC, size)
        y = self.y - 70
        if signature.name:
            self.centred(signature.name, middle, y, _BOLD, size)
        return y - size


@dataclass(frozen=True, slots=True)
class _Placed:
    x1: float
    x2: float
    rows: tuple[str, ...]
    font: str
    align: str


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[_Placed, ...]
    height: float
    size: float
    leading: float

    @classmethod
    def of(cls, cells: Sequence[Cell], columns: Sequence[Column], edges: list[float], size: float) -> "_Row":
        leading = size * 1.24
        placed = []
        at = 0
        for cell in cells:
            x1, x2 = edges[at], edges[at + cell.span]
            font = _font(bold=cell.bold, italic=cell.italic)
            rows = _wrapped(cell.words, font, size, x2 - x1 - 2 * PAD)
            placed.append(_Placed(x1, x2, rows, font, cell.align or columns[at].align))
            at += cell.span
        most = max(len(each.rows) for each in placed)
        return cls(tuple(placed), most * leading + 2 * PAD, size, leading)


# -- letters -----------------------------------------------------------------------------------------------


@cache
def _fonts() -> None:
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("matplotlib, whose fonts papers are set in, is not installed")
    folder = Path(spec.submodule_search_locations[0]) / "mpl-data" / "fonts" / "ttf"
    for name, file in (
        (_REGULAR, "DejaVuSerif"),
        (_BOLD, "DejaVuSerif-Bold"),
        (_ITALIC, "DejaVuSerif-Italic"),
        (_BOTH, "DejaVuSerif-BoldItalic"),
    ):
        pdfmetrics.registerFont(TTFont(name, folder / f"{file}.ttf"))


def _font(*, bold: bool, italic: bool) -> str:
    return (_BOTH if italic else _BOLD) if bold else (_ITALIC if italic else _REGULAR)


@lru_cache(maxsize=50_000)
def _em(words: str, font: str) -> float:
    """Return the width of words at size 1."""
    _fonts()
    wide: float = pdfmetrics.stringWidth(words, font, 1)
    return wide * NARROW / 100


def _width(words: str, font: str, size: float) -> float:
    return size * _em(words, font) if words else 0


def _wrapped(words: str, font: str, size: float, width: float) -> tuple[str, ...]:
    """Break words into lines of at most that width; at least one."""
    return tuple("".join(text for text, _ in row) for row in _runs([(words, font)], size, width))


def _runs(pieces: Sequence[tuple[str, str]], size: float, width: float) -> Iterator[list[tuple[str, str]]]:
    """Break pieces of words, each in its font, into lines of at most that width; at least one."""
    row: list[tuple[str, str]] = []
    at = 0.0
    for words, font in pieces:
        for number, paragraph in enumerate(words.split("\n")):
            if number:
                yield _trimmed(row)
                row, at = [], 0.0
            for word in _tokens(paragraph):
                for part in _fitting(word, font, size, width):
                    wide = _width(part, font, size)
                    if at and at + _width(part.rstrip(), font, size) > width + 0.01:
                        yield _trimmed(row)
                        row, at = [], 0.0
                    row.append((part, font))
                    at += wide
    yield _trimmed(row)


def _tokens(words: str) -> Iterator[str]:
    """Yield words with the blank behind them."""
    parts = words.split(" ")
    for each in parts[:-1]:
        yield each + " "
    if parts[-1]:
        yield parts[-1]


def _fitting(word: str, font: str, size: float, width: float) -> Iterator[str]:
    """Yield a word whole, or in pieces where it is wider than the line."""
    while len(word) > 1 and _width(word.rstrip(), font, size) > width:
        end = next(
            (place for place in range(len(word) - 1, 1, -1) if _width(word[:place], font, size) <= width), 1
        )
        yield word[:end]
        word = word[end:]
    yield word


def _trimmed(row: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join neighbours of one font, and drop the blank at the end."""
    joined: list[tuple[str, str]] = []
    for words, font in row:
        if joined and joined[-1][1] == font:
            joined[-1] = (joined[-1][0] + words, font)
        else:
            joined.append((words, font))
    if joined:
        joined[-1] = (joined[-1][0].rstrip(" "), joined[-1][1])
    return joined


def _write(canvas: Any, texts: Sequence[_Text]) -> None:
    """Write a page's words as one text: a new one for each piece is half of the work."""
    text = canvas.beginText()
    text.setHorizScale(NARROW)
    set_in: tuple[str, float] | None = None
    for each in texts:
        if set_in != (each.font, each.size):
            set_in = (each.font, each.size)
            text.setFont(*set_in)
        text.setTextOrigin(round(each.x, 2), round(each.y, 2))
        text.textOut(each.words)
    canvas.drawText(text)


def _box(x: float, y: float, width: float, height: float) -> Draw:
    return lambda canvas: canvas.rect(round(x, 2), round(y, 2), round(width, 2), round(height, 2))


def _footer(canvas: Canvas, page: _Page, left: str, right: str) -> None:
    size = 8
    y = BOTTOM - 18
    canvas.setLineWidth(0.3)
    canvas.line(LEFT, y + 11, page.width - RIGHT, y + 11)
    wide = _width(right, _ITALIC, size)
    page.texts.append(_Text(left, LEFT, y, _ITALIC, size))
    page.texts.append(_Text(right, page.width - RIGHT - wide, y, _ITALIC, size))
