"""What differs between two versions of a plan, line by line and part by part (R-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Protocol

from chassis.errors import Invalid, NotFound


class UnknownVersion(NotFound):
    """The plan has no such version."""

    vi = "Kế hoạch không có phiên bản {version}."
    en = "The plan has no version {version}."


class VersionsReversed(Invalid):
    """Versions are told apart from the earlier to the later."""

    vi = "Phiên bản {from_version} phải trước phiên bản {to_version}."
    en = "The version {from_version} must come before the version {to_version}."


class Line(Protocol):
    """A line of a plan: a frozen dataclass with a name."""

    @property
    def name(self) -> str:
        """The work."""
        ...


class ChangeKind(Enum):
    """How a line differs."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class PartChange:
    """A part that differs."""

    part: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """A line that differs; of one that came or went, every part that says something."""

    line_id: str
    name: str
    kind: ChangeKind
    parts: tuple[PartChange, ...]


def version_numbers(from_version: int, to_version: int, newest: int) -> tuple[int, int]:
    """Return which two versions are meant: 0 is the newest, and the one before the later one.

    :returns: 0 for the earlier one where there is none: everything of the first version was added
    :raises UnknownVersion: if there is no such version
    :raises VersionsReversed: if the earlier is not the earlier one
    """
    later = to_version or newest
    earlier = from_version or later - 1
    for each in (later, earlier):
        if not 0 <= each <= newest:
            raise UnknownVersion(version=each)
    if earlier >= later:
        raise VersionsReversed(from_version=earlier, to_version=later, field="from_version")
    return earlier, later


def changes(before: Mapping[str, Line], after: Mapping[str, Line]) -> list[Change]:
    """Return which lines differ, by id; what is equal is left out."""
    found = []
    for line_id in sorted(before.keys() | after.keys()):
        was, now = before.get(line_id), after.get(line_id)
        if was == now:
            continue
        shown = now if now is not None else was
        kind = ChangeKind.CHANGED
        if was is None:
            kind = ChangeKind.ADDED
        elif now is None:
            kind = ChangeKind.REMOVED
        told = (_told(was), _told(now))
        parts = tuple(
            PartChange(part, told[0].get(part, ""), told[1].get(part, ""))
            for part in _names(shown)
            if told[0].get(part, "") != told[1].get(part, "")
        )
        found.append(Change(line_id, shown.name if shown else "", kind, parts))
    return found


def _names(line: Line | None) -> Sequence[str]:
    return [each.name for each in fields(line)] if line else []  # type: ignore[arg-type]


def _told(line: Line | None) -> Mapping[str, str]:
    return {name: _words(getattr(line, name)) for name in _names(line)}


def _words(value: object) -> str:
    match value:
        case None:
            return ""
        case Enum():
            return str(value.value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
    return str(value)
