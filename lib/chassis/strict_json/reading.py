"""Bytes to objects: what the grammar of JSON allows and we do not is refused when it is asked for."""

import json
import sys
from decimal import Decimal
from typing import Any, Final

from chassis.strict_json.object import PLAIN, ROOT, Object, Repeating
from chassis.strict_json.refusal import DIGITS, BadInput, Refused

LARGEST: Final = 256 * 1024 * 1024
"""The most bytes of a file: a city of 150,000 people needs some 30 million."""


def load(path: str) -> Object:
    """Read the file, or standard input if the path is ``-``.

    :raises BadInput: if it cannot be read or is not a JSON object
    """
    try:
        if path == "-" and sys.stdin is None:
            raise BadInput(
                path, "cannot be read: standard input is closed", "không đọc được: đầu vào chuẩn đã đóng"
            )
        if path == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(path, "rb") as file:  # noqa: PTH123 - a path as it was typed
                content = file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a path"
        raise BadInput(path, f"cannot be read: {reason}", f"không đọc được tệp ({reason})") from None
    return parse(content)


def parse(content: bytes | str) -> Object:
    """Read a JSON object.

    :raises BadInput: if it is anything else
    """
    if len(content) > LARGEST:
        raise BadInput(ROOT, f"more than {LARGEST} bytes", f"tệp lớn hơn {LARGEST} byte")
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise BadInput(
                ROOT,
                f"not UTF-8 at byte {problem.start}: save the file as UTF-8",
                f"không phải UTF-8 ở byte {problem.start}: lưu lại tệp theo UTF-8",
            ) from None
    content = content.removeprefix("\ufeff")
    if not content.strip():
        raise BadInput(ROOT, "empty: a JSON object is needed", "tệp trống: cần một đối tượng JSON")
    try:
        value = json.loads(
            content,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=Refused,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno} column {problem.colno}"
        raise BadInput(
            place, f"not JSON: {problem.msg}", f"không đúng cú pháp JSON ({problem.msg})"
        ) from None
    except RecursionError:
        raise BadInput(ROOT, "nested too deeply", "lồng nhau quá sâu") from None
    return Object(value)


def plain(content: str) -> dict[str, Any]:
    """Read a JSON object as plain values, to be merged and written again.

    Numbers with a point stay the text they are, for what is kept is exact; a whole number that is too long
    stays text too, which whoever asks for a number refuses in its place.

    :raises BadInput: if it is anything else, or gives one of its names twice at any depth
    """
    parse(content)
    found: dict[str, Any] = json.loads(
        content.removeprefix("\ufeff"), parse_float=str, parse_int=_whole, object_pairs_hook=_once
    )
    return found


def _whole(raw: str) -> int | str:
    return int(raw) if len(raw) <= DIGITS else raw


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(name, "given twice", "ghi hai lần; bỏ bớt một")
        found[name] = value
    return found


def _integer(raw: str) -> object:
    return int(raw) if len(raw) <= DIGITS else Refused(raw)


def _decimal(raw: str) -> object:
    return Decimal(raw) if len(raw) <= DIGITS and PLAIN.fullmatch(raw) else Refused(raw)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    repeating = Repeating(values)
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            repeating.repeated = name
            break
        seen.add(name)
    return repeating
