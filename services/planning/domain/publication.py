"""A catalogue as it was published: what in it agrees with the rule, row by row (R-3)."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Final

from chassis.errors import Invalid
from planning.domain.catalogue import (
    HUNDREDTH,
    MOST_ENTRIES,
    Entry,
    coefficient,
    entry_problems,
    points_problem,
)

ACCEPTABLE: Final = ("coefficient", "points_range")
"""Kinds of findings that a caller may accept: what is kept then follows from the points alone."""

_RANGE: Final = re.compile(r"([0-9]{1,6}) ?[-–—] ?([0-9]{1,6})")  # people type all three


class UnknownKind(Invalid):
    """Only some kinds of findings can be accepted."""

    vi = "{field}: không chấp nhận được loại “{kind}”; các loại được chấp nhận: {known}."
    en = "{field}: findings of the kind “{kind}” cannot be accepted; those that can: {known}."


class Severity(Enum):
    """What a finding asks for."""

    REFUSED = "refused"
    """The file must be corrected."""
    TO_ACCEPT = "to_accept"
    """The file must be corrected, or the caller accepts this kind."""
    NOTE = "note"
    """Told so that nothing disappears silently."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a file; row 0 is the whole sheet, an empty cell the whole row."""

    sheet: str = ""
    row: int = 0
    cell: str = ""
    column: str = ""
    """The column's header in the file."""
    code: str = ""
    """The code of the entry in that row."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one place of the file."""

    severity: Severity
    kind: str
    place: Place
    vi: str
    en: str
    value: str = ""
    """What stands there."""
    expected: str = ""
    """What is expected there; empty where that is not one value."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry as the file states it, with the places of what was stated."""

    entry: Entry
    coefficient: Decimal | None
    """None where the file leaves it out."""
    points_range: str
    places: dict[str, Place]
    """By the attribute's name, for those whose column the file has."""
    row: Place

    def place(self, part: str) -> Place:
        """Return where an attribute stands."""
        return self.places.get(part, self.row)


@dataclass(frozen=True, slots=True)
class Published:
    """What a file holds."""

    names: Sequence[str]
    """Of all its sheets, in its order."""
    stated: Sequence[Stated]
    sheets: Sequence[tuple[str, str, int]]
    """Name, section and number of entries of each sheet that holds entries."""
    findings: Sequence[Finding]
    """What was found while it was read."""
    standards: Sequence[tuple[Decimal, Place]]
    """What the file says about the points of the standard unit, and where."""


def check_acceptable(kinds: Collection[str]) -> None:
    """Refuse kinds of findings that nobody may accept.

    :raises UnknownKind: if there is one
    """
    for place, kind in enumerate(kinds):
        if kind not in ACCEPTABLE:
            raise UnknownKind(field=f"accept[{place}]", kind=kind[:40], known=", ".join(ACCEPTABLE))


def standard_of(
    published: Published, stated_apart: Decimal | None
) -> tuple[Decimal | None, Sequence[Finding]]:
    """Return the points of the standard unit, and what is wrong with what is said about them.

    :param stated_apart: as the caller says; None where the file is to say it
    """
    said = [*([(stated_apart, Place())] if stated_apart is not None else []), *published.standards]
    if not said:
        return None, [
            _standard_finding(
                Place(),
                "",
                "",
                "tệp không ghi điểm của sản phẩm chuẩn (ví dụ “Sản phẩm chuẩn = 5 điểm”): hãy nêu riêng",
                "the file does not give the points of the standard unit: state them apart",
            )
        ]
    standard = said[0][0]
    if problem := points_problem(standard):
        return None, [_standard_finding(said[0][1], f"{standard:f}", "", problem.vi, problem.en)]
    found = [
        _standard_finding(
            place,
            f"{other:f}",
            f"{standard:f}",
            f"ghi {other:f} điểm, khác với {standard:f} điểm đã nêu",
            f"it says {other:f} points, not the {standard:f} stated before",
        )
        for other, place in said[1:]
        if other != standard
    ]
    return standard, found


def checked(stated: Sequence[Stated], standard_points: Decimal | None) -> list[Finding]:
    """Return what is wrong with entries: each row, what stands there and what is expected (R-3).

    :param standard_points: None while they are unknown: nothing is said about coefficients then
    """
    found: list[Finding] = []
    if len(stated) > MOST_ENTRIES:
        found.append(
            Finding(
                Severity.REFUSED,
                "length",
                Place(),
                f"quá {MOST_ENTRIES} mục",
                f"more than {MOST_ENTRIES} entries",
                str(len(stated)),
            )
        )
        return found
    first: dict[str, Stated] = {}
    for each in stated:
        first.setdefault(each.entry.code, each)
    entries = [each.entry for each in stated]
    problems = entry_problems(entries, [None] * len(stated), standard_points or HUNDREDTH)
    for at, problem in problems:
        each = stated[at]
        vi, en = problem.vi, problem.en
        if problem.part == "code" and (earlier := first[each.entry.code]) is not each:
            there = earlier.place("code")
            vi = f"mã đã có ở trang “{there.sheet}” dòng {there.row}: mỗi mã chỉ dùng một lần"
            en = f"the code is in the sheet “{there.sheet}”, row {there.row} before: use each code once"
        found.append(
            Finding(
                Severity.REFUSED,
                "length" if problem.part in ("task", "output") else problem.part,
                each.place(problem.part),
                vi,
                en,
                _shown(each, problem.part),
            )
        )
    usual = _usual_ranges(stated)
    for each in stated:
        if points_problem(each.entry.points) is None:
            found += _coefficient_findings(each, standard_points) if standard_points else ()
            found += _range_findings(each, usual)
    return found


def weighed(stated: Iterable[Stated], standard_points: Decimal) -> list[Entry]:
    """Return the entries with their computed coefficients, whatever the file states (R-3)."""
    return [
        replace(each.entry, coefficient=coefficient(each.entry.points, standard_points)) for each in stated
    ]


def open_findings(findings: Iterable[Finding], accepted: Collection[str]) -> tuple[int, int]:
    """Return how many findings forbid the catalogue, and how many would have to be accepted."""
    refused = to_accept = 0
    for each in findings:
        refused += each.severity is Severity.REFUSED
        to_accept += each.severity is Severity.TO_ACCEPT and each.kind not in accepted
    return refused, to_accept


def _coefficient_findings(each: Stated, standard_points: Decimal) -> Iterable[Finding]:
    due = coefficient(each.entry.points, standard_points)
    if each.coefficient is not None and each.coefficient != due:
        sum_ = f"{each.entry.points:f} / {standard_points:f} = {due}"
        yield Finding(
            Severity.TO_ACCEPT,
            "coefficient",
            each.place("coefficient"),
            f"hệ số phải là {sum_} (làm tròn 2 chữ số, nửa lên): sửa tệp, hoặc chấp nhận hệ số tính lại",
            f"it must be {sum_} (2 decimals, half up): correct the file, or accept the computed one",
            f"{each.coefficient:f}",
            f"{due:f}",
        )


def _range_findings(each: Stated, usual: dict[str, str]) -> Iterable[Finding]:
    words = each.points_range
    if not words:
        return
    bounds = _bounds(words)
    place = each.place("points_range")
    if bounds is None:
        yield Finding(
            Severity.TO_ACCEPT,
            "points_range",
            place,
            "khung điểm không đọc được: viết như 51-100, ô dạng Văn bản (Text)",
            "the points range cannot be read: write it as 51-100, in a cell formatted as text",
            words,
            usual.get(each.entry.complexity_group, ""),
        )
        return
    least, most = bounds
    if not least <= each.entry.points <= most:
        yield Finding(
            Severity.TO_ACCEPT,
            "points_range",
            each.place("points"),
            f"{each.entry.points:f} điểm nằm ngoài khung điểm {words} của chính dòng này",
            f"{each.entry.points:f} points are outside the range {words} that the row gives",
            f"{each.entry.points:f}",
            words,
        )
    ordinary = usual[each.entry.complexity_group]
    if bounds != _bounds(ordinary):
        yield Finding(
            Severity.TO_ACCEPT,
            "points_range",
            place,
            f"khung điểm khác với các dòng khác của nhóm {each.entry.complexity_group}",
            f"the range is not that of the other rows of the group {each.entry.complexity_group}",
            words,
            ordinary,
        )


def _usual_ranges(stated: Iterable[Stated]) -> dict[str, str]:
    """Return the points range that most rows of each complexity group give; of equals the first."""
    counted: dict[str, Counter[str]] = {}
    for each in stated:
        if _bounds(each.points_range):
            counted.setdefault(each.entry.complexity_group, Counter())[each.points_range] += 1
    return {group: found.most_common(1)[0][0] for group, found in counted.items()}


def _bounds(words: str) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(words)
    return (int(match[1]), int(match[2])) if match else None


def _shown(each: Stated, part: str) -> str:
    found = getattr(each.entry, part, "")
    return f"{found:f}" if isinstance(found, Decimal) else str(found)[:200]


def _standard_finding(place: Place, value: str, expected: str, vi: str, en: str) -> Finding:
    return Finding(Severity.REFUSED, "standard_points", place, vi, en, value, expected)
