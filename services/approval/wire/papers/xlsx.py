"""Papers as workbooks: a sheet a part, laid out to be printed on A4.

Written as XML directly: a ward has some nine hundred sheets a month, and the same paper must give the same
bytes on any day.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from approval.domain.record.paper import (
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

OLDEST: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP archive can note."""

_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CHARACTER_MM = Decimal("1.95")
"""What a character of 11 points takes on the average."""


def xlsx(paper: Paper) -> bytes:
    """Return a paper as a workbook; the same paper gives the same bytes."""
    styles = _Styles()
    sheets = [_Sheet(part, styles).written() for part in paper.parts]
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations(
            [
                ("officeDocument", f"{_REL}/officeDocument", "xl/workbook.xml"),
                ("core", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "docProps/core.xml": _core(paper),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *((f"s{n}", f"{_REL}/worksheet", f"worksheets/sheet{n}.xml") for n in _count(sheets)),
                ("styles", f"{_REL}/styles", "styles.xml"),
            ]
        ),
        "xl/workbook.xml": _workbook(sheets),
        "xl/styles.xml": styles.written(),
        **{f"xl/worksheets/sheet{n}.xml": sheet.xml for n, sheet in enumerate(sheets, start=1)},
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + content)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool = False
    italic: bool = False
    size: Decimal = Decimal(11)
    align: str = "left"
    boxed: bool = False
    places: int | None = None
    number: bool = False

    @property
    def format(self) -> str:
        """Return the number format: General, or as many decimals as are printed."""
        if not self.number or self.places is None:
            return "General"
        return "#,##0" + ("." + "0" * self.places if self.places else "")


@dataclass(slots=True)
class _Styles:
    """Every style that is used, in the order of first use; 0 is the plain one."""

    known: dict[_Style, int] = field(default_factory=lambda: {_Style(): 0})

    def index(self, style: _Style) -> int:
        return self.known.setdefault(style, len(self.known))

    def written(self) -> str:
        fonts, cells = [], []
        formats = sorted({style.format for style in self.known} - {"General"})
        for number, style in enumerate(self.known):
            marks = ("<b/>" if style.bold else "") + ("<i/>" if style.italic else "")
            fonts.append(f'<font>{marks}<sz val="{style.size}"/><name val="Times New Roman"/></font>')
            form = 164 + formats.index(style.format) if style.format != "General" else 0
            vertical = "center" if style.boxed else "top"
            cells.append(
                f'<xf numFmtId="{form}" fontId="{number}" fillId="0" borderId="{int(style.boxed)}" xfId="0" '
                'applyNumberFormat="1" applyFont="1" applyBorder="1" applyAlignment="1">'
                f'<alignment horizontal="{style.align}" vertical="{vertical}" wrapText="1"/></xf>'
            )
        told = "".join(
            f'<numFmt numFmtId="{164 + place}" formatCode={quoteattr(each)}/>'
            for place, each in enumerate(formats)
        )
        sides = "".join(f'<{side} style="thin"/>' for side in ("left", "right", "top", "bottom"))
        return (
            f'<styleSheet xmlns="{_NS}">'
            + (f'<numFmts count="{len(formats)}">{told}</numFmts>' if formats else "")
            + f'<fonts count="{len(fonts)}">{"".join(fonts)}</fonts>'
            '<fills count="2"><fill><patternFill patternType="none"/></fill>'
            '<fill><patternFill patternType="gray125"/></fill></fills>'
            '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
            f"<border>{sides}<diagonal/></border></borders>"
            '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
            f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
            "</styleSheet>"
        )


@dataclass(frozen=True, slots=True)
class _Written:
    name: str
    xml: str
    repeated: tuple[int, int] | None
    """The first and the last row of the table's head."""


@dataclass(slots=True)
class _Sheet:
    part: Part
    styles: _Styles
    rows: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    repeated: tuple[int, int] | None = None

    def written(self) -> _Written:
        for block in self.part.blocks:
            match block:
                case Letterhead():
                    self.letterhead(block)
                case Line():
                    self.line(block)
                case Table():
                    self.table(block)
                case Signatures():
                    self.signatures(block)
        columns = "".join(
            f'<col min="{place}" max="{place}" width="{column.width / _CHARACTER_MM:.2f}" customWidth="1"/>'
            for place, column in enumerate(self.part.columns, start=1)
        )
        merged = "".join(f'<mergeCell ref="{each}"/>' for each in self.merged)
        orientation = "landscape" if self.part.landscape else "portrait"
        xml = (
            f'<worksheet xmlns="{_NS}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            '<sheetViews><sheetView showGridLines="0" workbookViewId="0"/></sheetViews>'
            f"<cols>{columns}</cols><sheetData>{''.join(self.rows)}</sheetData>"
            + (f'<mergeCells count="{len(self.merged)}">{merged}</mergeCells>' if merged else "")
            + '<pageMargins left="0.8" right="0.6" top="0.7" bottom="0.7" header="0.3" footer="0.3"/>'
            f'<pageSetup paperSize="9" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;RTrang &amp;P/&amp;N</oddFooter></headerFooter></worksheet>"
        )
        return _Written(self.part.name, xml, self.repeated)

    @property
    def half(self) -> int:
        """How many columns make the left half."""
        shares = [column.width for column in self.part.columns]
        return next(n for n in range(1, len(shares)) if 2 * sum(shares[: n + 1]) > sum(shares))

    def letterhead(self, head: Letterhead) -> None:
        if head.party:
            right = [("ĐẢNG CỘNG SẢN VIỆT NAM", True, False), ("", False, False)]
        else:
            right = [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, False)]
            right.append(("Độc lập - Tự do - Hạnh phúc", True, False))
        right.append((head.place, False, True))
        left = [(head.above, False, False), (head.agency, True, False), (head.number, False, False)]
        for one, other in zip(left, right, strict=True):
            self.sides(one, other)

    def sides(self, left: tuple[str, bool, bool], right: tuple[str, bool, bool], height: int = 0) -> None:
        spans = (self.half, len(self.part.columns) - self.half)
        cells = [
            (Cell(words, bold=bold, italic=italic, span=span), _Style(bold, italic, align="center"))
            for (words, bold, italic), span in zip((left, right), spans, strict=True)
        ]
        self.row(cells, height)

    def line(self, line: Line) -> None:
        # A cell has one style: the label is told apart by its colon alone.
        style = _Style(line.bold, line.italic, line.size, line.align)
        self.row([(Cell(line.label + line.words, span=len(self.part.columns)), style)])

    def table(self, table: Table) -> None:
        first = len(self.rows) + 1
        heading = _Style(bold=True, size=table.size, align="center", boxed=True)
        self.row([(Cell(each), heading) for each in table.head])
        if table.numbered:
            small = _Style(italic=True, size=table.size, align="center", boxed=True)
            self.row([(Cell(f"({place})"), small) for place in _count(table.head)])
        self.repeated = (first, len(self.rows))
        for row in table.rows:
            cells = []
            at = 0
            for cell in row:
                style = _Style(
                    cell.bold,
                    cell.italic,
                    table.size,
                    cell.align or self.part.columns[at].align,
                    boxed=True,
                    places=cell.places,
                    number=cell.number is not None,
                )
                cells.append((cell, style))
                at += cell.span
            self.row(cells)

    def signatures(self, both: Signatures) -> None:
        self.row([])
        self.sides(_titled(both.left), _titled(both.right), height=32)
        self.sides((both.left.note, False, True), (both.right.note, False, True))
        self.row([], height=60)
        self.sides((both.left.name, True, False), (both.right.name, True, False))

    def row(self, cells: Sequence[tuple[Cell, _Style]], height: int = 0) -> None:
        """Write a row; a cell that spans several columns is merged."""
        number = len(self.rows) + 1
        written = []
        at = 0
        lines = 1
        for cell, style in cells:
            index = self.styles.index(style)
            reference = f"{_letter(at)}{number}"
            written.append(_cell(cell, reference, index))
            covered = range(at + 1, at + cell.span)
            written += [f'<c r="{_letter(each)}{number}" s="{index}"/>' for each in covered]
            if cell.span > 1:
                self.merged.append(f"{reference}:{_letter(at + cell.span - 1)}{number}")
            lines = max(lines, _lines(cell.words, self.part.columns[at : at + cell.span]))
            at += cell.span
        high = height or 15 * lines + 1
        self.rows.append(f'<row r="{number}" ht="{high}" customHeight="1">{"".join(written)}</row>')


def _titled(signature: Signature) -> tuple[str, bool, bool]:
    return signature.title, True, False


def _cell(cell: Cell, reference: str, style: int) -> str:
    if cell.number is not None:
        return f'<c r="{reference}" s="{style}"><v>{cell.number:f}</v></c>'
    if not cell.words:
        return f'<c r="{reference}" s="{style}"/>'
    words = escape(cell.words)
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{words}</t></is></c>'


def _lines(words: str, columns: Sequence[Column]) -> int:
    room = max(1, int(sum(column.width for column in columns) / _CHARACTER_MM))
    return sum(-(-max(1, len(each)) // room) for each in words.split("\n"))


def _letter(column: int) -> str:
    return chr(ord("A") + column)


def _count(entries: Sequence[object]) -> range:
    return range(1, len(entries) + 1)


def _content_types(sheets: int) -> str:
    overrides = [
        ("/xl/workbook.xml", f"{_TYPE}.sheet.main+xml"),
        ("/xl/styles.xml", f"{_TYPE}.styles+xml"),
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        *((f"/xl/worksheets/sheet{n}.xml", f"{_TYPE}.worksheet+xml") for n in range(1, sheets + 1)),
    ]
    told = "".join(f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides)
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{told}</Types>'
    )


def _relations(given: Sequence[tuple[str, str, str]]) -> str:
    told = "".join(f'<Relationship Id="{id_}" Type="{kind}" Target="{to}"/>' for id_, kind, to in given)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _core(paper: Paper) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(paper.title)}</dc:title><dc:subject>{escape(paper.number)}</dc:subject>"
        f"<dc:creator>{escape(paper.author)}</dc:creator></cp:coreProperties>"
    )


def _workbook(sheets: Sequence[_Written]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="s{n}"/>'
        for n, sheet in enumerate(sheets, start=1)
    )
    repeated = "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">'
        f"'{sheet.name}'!${sheet.repeated[0]}:${sheet.repeated[1]}</definedName>"
        for place, sheet in enumerate(sheets)
        if sheet.repeated
    )
    names = f"<definedNames>{repeated}</definedNames>" if repeated else ""
    return f'<workbook xmlns="{_NS}" xmlns:r="{_REL}"><sheets>{listed}</sheets>{names}</workbook>'
