"""What is told of bad input: where, and what is wrong, in both languages."""

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from chassis.errors import Invalid

DIGITS: Final = 28
"""The most characters of a number: enough for money and scores, and exact in the default decimal context."""


class BadInput(Invalid):
    """The input is wrong at ``place``. Told, it is the one line that a command prints: ``place: problem``."""

    vi = "{place}: {problem_vi}"
    en = "{place}: {problem}"

    def __init__(self, place: str, problem: str, vi: str = "") -> None:
        """:param vi: the problem in Vietnamese; without it the English words stand in a Vietnamese frame"""
        self.place = _one_line(place)
        self.problem = _one_line(problem)
        problem_vi = _one_line(vi) or f"dữ liệu không hợp lệ ({self.problem})"
        super().__init__(place=self.place, problem=self.problem, problem_vi=problem_vi)


@dataclass(frozen=True, slots=True)
class Refused:
    """A number that the grammar of JSON (or Python's extension of it) allows and we do not."""

    raw: str


def kind(value: object) -> tuple[str, str]:
    """Return what sort of value it is, in English and in Vietnamese."""
    match value:
        case None:
            return "null", "null"
        case bool():
            return "true or false", "true hoặc false"
        case str():
            return "a string", "chuỗi ký tự"
        case dict():
            return "an object", "đối tượng"
        case list():
            return "a list", "danh sách"
        case _:
            return "a number", "số"


def shown(value: object) -> tuple[str, str]:
    """Return the value as it was written if that is short, else its kind, in English and in Vietnamese."""
    written = _literal(value)
    return (written, written) if written else kind(value)


def _literal(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case Refused(raw) if len(raw) <= DIGITS:
            return raw
        case str() if len(value) <= DIGITS:
            return json.dumps(value, ensure_ascii=True)
        case _:
            return ""


def bounds(least: int | Decimal | None, most: int | Decimal | None) -> tuple[str, str]:
    """Return what a number must be, in English and in Vietnamese."""
    if most is None:
        return f"at least {least}", f"từ {least} trở lên"
    if least is None:
        return f"at most {most}", f"không quá {most}"
    return f"from {least} to {most}", f"từ {least} đến {most}"


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
