"""An issued document: what it is, how it is numbered and called (R-31)."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.errors import Forbidden, Invalid, NotFound


class Kind(StrEnum):
    """What a document is; the value stands in its id."""

    SHEET = "sheet"
    UNIT_SUMMARY = "unit_summary"
    COMMENDATIONS = "commendations"
    YEAR_SHEET = "year_sheet"
    """Of a year; its month is the year, ``YYYY``."""


class Format(StrEnum):
    """How a document is written; the value is the ending of its name."""

    PDF = "pdf"
    XLSX = "xlsx"


OF_PERSONS = frozenset({Kind.SHEET, Kind.YEAR_SHEET})
"""Kinds whose subject is a person."""

SIGNS = {
    Kind.SHEET: "PĐG",
    Kind.UNIT_SUMMARY: "DSTH",
    Kind.COMMENDATIONS: "DSKT",
    Kind.YEAR_SHEET: "PXL",
}
"""What a number ends with."""

FOLDERS = {
    Kind.SHEET: "phieu",
    Kind.UNIT_SUMMARY: "tong-hop",
    Kind.COMMENDATIONS: "khen-thuong",
    Kind.YEAR_SHEET: "phieu-nam",
}


class UnknownRecord(NotFound):
    """No such document was issued."""

    vi = "Chưa lập hồ sơ {record} cho tháng {month}."
    en = "No document {record} was issued for {month}."


class NoRecords(NotFound):
    """The month has no documents yet."""

    vi = "Tháng {month} chưa lập hồ sơ nào."
    en = "No documents were issued for {month} yet."


class NotYourRecord(Forbidden):
    """A document is for the person and the competent people (R-29)."""

    vi = "Bạn không được xem hồ sơ {record}."
    en = "You may not see the document {record}."


class PersonOrUnit(Invalid):
    """One person, one unit or the whole ward is recorded."""

    vi = "Chỉ ghi một người hoặc một đơn vị; bỏ trống cả hai để lập cho cả phường."
    en = "Give a person or a unit, not both; neither for the whole ward."


@dataclass(frozen=True, slots=True)
class Record:
    """An issued document in one format.

    :param subject_id: the person of a sheet, the unit of a summary; empty for the ward's lists
    :param basis: the published revisions it tells of
    :param position: the number's running part, by month and kind
    """

    id: str
    kind: Kind
    format: Format
    subject_id: str
    unit_id: str
    version: int
    basis: str
    position: int
    number: str
    title: str
    file_name: str
    sha256: str
    size: int
    made_by: str
    made_at: datetime


def record_id(kind: Kind, subject_id: str, version: int, form: Format) -> str:
    """Return a document's id, such as ``sheet/p-017/1.pdf``."""
    return "/".join(part for part in (kind.value, subject_id, f"{version}.{form.value}") if part)


def numbered(kind: Kind, position: int, month: str) -> str:
    """Return a document's number, such as ``017/2026/03-PĐG``, of a year ``017/2026-PXL``."""
    return f"{position:03d}/{month.replace('-', '/')}-{SIGNS[kind]}"


def file_name(kind: Kind, unit_id: str, subject_id: str, version: int, form: Format) -> str:
    """Return the name within an archive: a folder per unit, safe on every file system."""
    later = f"-{version}" if version > 1 else ""
    stem = FOLDERS[kind] + (f"-{_safe(subject_id)}" if subject_id else "") + later
    return f"{_safe(unit_id)}/{stem}.{form.value}" if unit_id else f"{stem}.{form.value}"


def _safe(words: str) -> str:
    """Return an id as a part of a file's name; what is replaced is told apart by its code."""
    return re.sub(
        r"[^A-Za-z0-9._-]|^\.+", lambda found: "".join(f"_{ord(each):x}" for each in found[0]), words
    )
