"""JSON read strictly, for the offline commands: every complaint names the place.

A ward checks a month by hand with these files, so a slip must be pointed at and never guessed around::

    file = strict_json.load("month.json")          # "-" is standard input; the root must be an object
    file.only({"fund", "people"})                  # anything else is refused, by name
    fund = file.integer("fund", least=0)
    for person in file.children("people"):          # complains about people[3].score, not about "a number"
        score = None if person.null("score") else person.decimal("score", least=0, most=100)

A number is a whole number (`Object.integer`, a JSON integer) or an exact decimal (`Object.decimal`, a
JSON number or, so that no other program passes it through a binary float, a string such as ``"3.33"``).
NaN, Infinity, exponents and numbers of more than `DIGITS` characters are refused before any arithmetic.
A UTF-8 byte order mark is skipped: editors on Windows write it.
"""

import json
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Self

from chassis.errors import Invalid

DIGITS: Final = 28
"""The most characters of a number: enough for money and scores, and exact in the default decimal context."""

LONGEST_TEXT: Final = 1_000
"""The most characters of a string."""

LARGEST: Final = 256 * 1024 * 1024
"""The most bytes of a file: a city of 150,000 people needs some 30 million."""

ROOT: Final = "input"
"""The place of what concerns the file as a whole."""

_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class BadInput(Invalid):
    """The input is wrong at ``place``; in English it is the line a command prints: ``place: problem``."""

    vi = "{place}: dữ liệu vào không hợp lệ ({problem})."
    en = "{place}: {problem}"

    def __init__(self, place: str, problem: str) -> None:
        self.place = _one_line(place)
        self.problem = _one_line(problem)
        super().__init__(place=self.place, problem=self.problem)


@dataclass(frozen=True, slots=True)
class _Refused:
    """A number that the grammar of JSON (or Python's extension of it) allows and we do not."""

    raw: str


class _Repeating(dict[str, object]):
    """An object that gives one of its names twice."""

    repeated: str = ""


class Object:
    """A JSON object and where it stands. Every getter complains with that place, of a missing name too."""

    __slots__ = ("_index", "_name", "_parent", "_values")

    def __init__(
        self, value: object, name: str = "", *, parent: "Object | None" = None, index: int | None = None
    ) -> None:
        self._name = name
        self._parent = parent
        self._index = index
        if not isinstance(value, dict):
            raise BadInput(self.place, f"an object is needed, not {_kind(value)}")
        self._values: dict[str, object] = value
        if isinstance(value, _Repeating):
            raise self.refuse(value.repeated, "given twice")

    @property
    def place(self) -> str:
        """Where the object stands, such as ``people[3].tasks[0]``; the root is ``input``."""
        own = self._name if self._index is None else f"{self._name}[{self._index}]"
        above = self._parent.place if self._parent else ROOT
        return (own if above == ROOT else f"{above}.{own}") if own else above

    def at(self, name: str) -> str:
        """Return the place of one of the object's names."""
        shown = name if _NAME.fullmatch(name) else json.dumps(name[:80], ensure_ascii=True)
        place = self.place
        return shown if place == ROOT else f"{place}.{shown}"

    def refuse(self, name: str, problem: str) -> BadInput:
        """Return the complaint about one of the object's names, for the caller to raise."""
        return BadInput(self.at(name), problem)

    def only(self, names: Collection[str]) -> Self:
        """Refuse any other name than these.

        :raises BadInput: at the first other name
        """
        for name in self._values:
            if name not in names:
                raise self.refuse(name, f"unknown field; the fields here are {', '.join(sorted(names))}")
        return self

    def has(self, name: str) -> bool:
        """True if the name is given, be it null."""
        return name in self._values

    def null(self, name: str) -> bool:
        """True if the name is given as null."""
        return self._value(name) is None

    def is_text(self, name: str) -> bool:
        """True if the name is given as a string."""
        return isinstance(self._value(name), str)

    def names(self) -> list[str]:
        """Return the names that are given, in their order: for an object that maps ids to values."""
        return list(self._values)

    def text(self, name: str) -> str:
        """Return a string that is not empty, without control characters.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if not isinstance(value, str):
            raise self.refuse(name, f"a string is needed, not {_kind(value)}")
        return self._checked(name, value)

    def choice(self, name: str, options: Collection[str]) -> str:
        """Return a string that is one of the options.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if not isinstance(value, str) or value not in options:
            shown = _shown(value)
            raise self.refuse(name, f"must be one of {', '.join(sorted(options))}, not {shown}")
        return value

    def boolean(self, name: str) -> bool:
        """Return true or false.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if not isinstance(value, bool):
            raise self.refuse(name, f"true or false is needed, not {_kind(value)}")
        return value

    def integer(self, name: str, *, least: int | None = None, most: int | None = None) -> int:
        """Return a JSON integer within the bounds, both inclusive.

        :raises BadInput: if it is anything else; ``true`` and ``"1"`` and ``1.0`` are not integers
        """
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(name, f"a whole number is needed, not {_shown(value)}")
        if (least is not None and value < least) or (most is not None and value > most):
            raise self.refuse(name, f"must be {_bounds(least, most)}, not {value}")
        return value

    def decimal(
        self,
        name: str,
        *,
        least: int | Decimal | None = None,
        most: int | Decimal | None = None,
        above: int | None = None,
        places: int | None = None,
    ) -> Decimal:
        """Return an exact number within the bounds (``above`` is exclusive) of at most so many places.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if isinstance(value, str):
            if len(value) <= DIGITS and _PLAIN.fullmatch(value):
                value = Decimal(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise self.refuse(
                name,
                f'an exact number such as "3.33" (at most {DIGITS} digits) is needed, not {_shown(value)}',
            )
        if above is not None and value <= above:
            raise self.refuse(name, f"must be more than {above}, not {value}")
        if (least is not None and value < least) or (most is not None and value > most):
            raise self.refuse(name, f"must be {_bounds(least, most)}, not {value}")
        if places is not None and -_exponent(value) > places:
            raise self.refuse(name, f"at most {places} decimal places, not {value}")
        return value or value.copy_abs()

    def child(self, name: str) -> "Object":
        """Return the object of that name.

        :raises BadInput: if it is anything else
        """
        return Object(self._value(name), name, parent=self)

    def within(self, name: str) -> "Object":
        """Return the object of that name where there is one, else this one itself.

        :raises BadInput: if what has that name is anything else
        """
        return self.child(name) if self.has(name) else self

    def children(self, name: str) -> Iterator["Object"]:
        """Iterate over the list of objects of that name.

        :raises BadInput: if it is anything else
        """
        for index, value in enumerate(self._list(name)):
            yield Object(value, name, parent=self, index=index)

    def texts(self, name: str) -> list[str]:
        """Return the list of strings of that name; none is empty.

        :raises BadInput: if it is anything else
        """
        texts = []
        for index, value in enumerate(self._list(name)):
            if not isinstance(value, str):
                raise BadInput(f"{self.at(name)}[{index}]", f"a string is needed, not {_kind(value)}")
            texts.append(self._checked(name, value, index))
        return texts

    def _value(self, name: str) -> object:
        try:
            return self._values[name]
        except KeyError:
            raise self.refuse(name, "missing") from None

    def _list(self, name: str) -> list[object]:
        value = self._value(name)
        if not isinstance(value, list):
            raise self.refuse(name, f"a list is needed, not {_kind(value)}")
        return value

    def _checked(self, name: str, value: str, index: int | None = None) -> str:
        if value.strip() and len(value) <= LONGEST_TEXT and value.isprintable():
            return value
        place = self.at(name) if index is None else f"{self.at(name)}[{index}]"
        if not value.strip():
            raise BadInput(place, "must not be empty")
        if len(value) > LONGEST_TEXT:
            raise BadInput(place, f"at most {LONGEST_TEXT} characters")
        raise BadInput(place, "has a character that cannot be printed")


def load(path: str) -> Object:
    """Read the file, or standard input if the path is ``-``.

    :raises BadInput: if it cannot be read or is not a JSON object
    """
    try:
        if path == "-" and sys.stdin is None:
            raise BadInput(path, "cannot be read: standard input is closed")
        if path == "-":
            content = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with open(path, "rb") as file:  # noqa: PTH123 - a path as it was typed
                content = file.read(LARGEST + 1)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a path"
        raise BadInput(path, f"cannot be read: {reason}") from None
    return parse(content)


def parse(content: bytes | str) -> Object:
    """Read a JSON object.

    :raises BadInput: if it is anything else
    """
    if len(content) > LARGEST:
        raise BadInput(ROOT, f"more than {LARGEST} bytes")
    if isinstance(content, bytes):
        try:
            content = content.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise BadInput(ROOT, f"not UTF-8 at byte {problem.start}: save the file as UTF-8") from None
    content = content.removeprefix("\ufeff")
    if not content.strip():
        raise BadInput(ROOT, "empty: a JSON object is needed")
    try:
        value = json.loads(
            content,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_Refused,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as problem:
        place = f"line {problem.lineno} column {problem.colno}"
        raise BadInput(place, f"not JSON: {problem.msg}") from None
    except RecursionError:
        raise BadInput(ROOT, "nested too deeply") from None
    return Object(value)


def _integer(raw: str) -> object:
    return int(raw) if len(raw) <= DIGITS else _Refused(raw)


def _decimal(raw: str) -> object:
    return Decimal(raw) if len(raw) <= DIGITS and _PLAIN.fullmatch(raw) else _Refused(raw)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) == len(pairs):
        return values
    repeating = _Repeating(values)
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            repeating.repeated = name
            break
        seen.add(name)
    return repeating


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a string"
        case dict():
            return "an object"
        case list():
            return "a list"
        case _:
            return "a number"


def _shown(value: object) -> str:
    """Return the value as the reader wrote it if that is short, else its kind."""
    match value:
        case bool():
            return str(value).lower()
        case int() | Decimal():
            return str(value)
        case _Refused(raw) if len(raw) <= DIGITS:
            return raw
        case str() if len(value) <= DIGITS:
            return json.dumps(value, ensure_ascii=True)
        case _:
            return _kind(value)


def _bounds(least: int | Decimal | None, most: int | Decimal | None) -> str:
    if most is None:
        return f"at least {least}"
    return f"at most {most}" if least is None else f"from {least} to {most}"


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else "?" for each in text)
