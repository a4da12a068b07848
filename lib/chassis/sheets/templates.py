"""Empty workbooks to fill in, with a page about every column, from the declarations that read them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chassis.errors import Invalid
from chassis.sheets.cells import Value, preferred
from chassis.sheets.columns import ASIDE, Column, Kind, Sheet, text
from chassis.sheets.writing import Page, workbook

_GUIDE: Final = (
    text("sheet", "Trang", "Sheet"),
    text("column", "Cột", "Column"),
    text("required", "Bắt buộc", "Required"),
    text("content", "Nội dung", "Content"),
)
_UNUSED_VI: Final = "Xóa những trang không dùng: một trang để trống được đọc là “không có gì”."
_UNUSED_EN: Final = "Delete the sheets that you do not need: an empty one is read as “there is nothing”."

_CONTENT: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TEXT: ("văn bản, tối đa {longest} ký tự", "text, at most {longest} characters"),
    Kind.LIST: (
        "các mã, cách nhau bằng dấu chấm phẩy, tối đa {longest} mã",
        "ids, divided by semicolons, at most {longest}",
    ),
    Kind.CHOICE: ("một trong: {choices}", "one of: {choices}"),
    Kind.DATE: ("ngày, như 05/03/2026", "day, such as 05/03/2026"),
    Kind.MONTH: ("tháng, như 2026-03", "month, such as 2026-03"),
    Kind.INTEGER: ("số nguyên{bounds}", "whole number{bounds}"),
    Kind.DECIMAL: (
        "số{bounds}, tối đa {places} chữ số thập phân",
        "number{bounds}, at most {places} decimals",
    ),
}
"""What may stand in a column, by its kind, in Vietnamese and in English."""


class UnknownSheets(Invalid):
    """A template has the sheets that the workbook may have."""

    vi = "Không có trang {unknown}; các trang có thể chọn: {known}."
    en = "There is no sheet {unknown}; choose among: {known}."


@dataclass(frozen=True, slots=True)
class Template:
    """A workbook (XLSX) with headers and no rows, and its SHA-256 in hexadecimal."""

    content: bytes
    sha256: str


def template(sheets: Sequence[Sheet], only: Sequence[str] = (), *, vietnamese: bool = True) -> Template:
    """Return a workbook with these sheets, empty, after a page that importers pass over.

    The same declarations give the same bytes.

    :param only: names of sheets; all of them when empty
    :raises UnknownSheets: if one of them is not there
    """
    names = [each.name for each in sheets]
    if unknown := [each for each in only if each not in names]:
        raise UnknownSheets(unknown=", ".join(unknown), known=", ".join(names), field="sheets")
    chosen = [each for each in sheets if not only or each.name in only]
    guide = Page(
        Sheet(f"{ASIDE} {'Hướng dẫn' if vietnamese else 'Guide'}", f"{ASIDE} Hướng dẫn", _GUIDE),
        [row for sheet in chosen for row in _explained(sheet, vietnamese=vietnamese)],
        title=_UNUSED_VI if vietnamese else _UNUSED_EN,
    )
    pages = [Page(each, [], to_fill=True) for each in chosen]
    content = workbook([guide, *pages], vietnamese=vietnamese)
    return Template(content, hashlib.sha256(content).hexdigest())


def _explained(sheet: Sheet, *, vietnamese: bool) -> list[Mapping[str, Value | None]]:
    yes = "Có" if vietnamese else "Yes"
    return [
        {
            "sheet": f"{sheet.name} ({sheet.vi})" if vietnamese else sheet.name,
            "column": each.vi if vietnamese else each.en,
            "required": yes if each.required else None,
            "content": _content(each, vietnamese=vietnamese),
        }
        for each in sheet.columns
    ]


def _content(column: Column, *, vietnamese: bool) -> str:
    words = _CONTENT[column.kind][0 if vietnamese else 1]
    bounds = _bounds(column, *((" từ {}", " đến {}") if vietnamese else (" from {}", " to {}")))
    return words.format(
        longest=column.longest,
        places=column.places,
        choices="; ".join(preferred(column.choices).values()),
        bounds=bounds.replace(".", ",") if vietnamese else bounds,
    )


def _bounds(column: Column, least: str, most: str) -> str:
    parts = ((least, column.least), (most, column.most))
    return "".join(words.format(f"{bound:f}") for words, bound in parts if bound is not None)
