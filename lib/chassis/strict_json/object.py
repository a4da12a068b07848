"""An object of JSON, whose getters complain with its place."""

import json
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import Final, Self

from chassis.strict_json.refusal import DIGITS, BadInput, bounds, kind, shown

LONGEST_TEXT: Final = 1_000
"""The most characters of a string."""

ROOT: Final = "input"
"""The place of what concerns the file as a whole."""

PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")


class Repeating(dict[str, object]):
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
            raise BadInput(
                self.place,
                f"an object is needed, not {kind(value)[0]}",
                f"cần một đối tượng JSON, không phải {kind(value)[1]}",
            )
        self._values: dict[str, object] = value
        if isinstance(value, Repeating):
            raise self.refuse(value.repeated, "given twice", "ghi hai lần; bỏ bớt một")

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

    def refuse(self, name: str, problem: str, vi: str = "") -> BadInput:
        """Return the complaint about one of the object's names, for the caller to raise."""
        return BadInput(self.at(name), problem, vi)

    def only(self, names: Collection[str]) -> Self:
        """Refuse any other name than these.

        :raises BadInput: at the first other name
        """
        for name in self._values:
            if name not in names:
                known = ", ".join(sorted(names))
                raise self.refuse(
                    name,
                    f"unknown field; the fields here are {known}",
                    f"không có mục này; các mục ở đây là {known}",
                )
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
            raise self.refuse(
                name,
                f"a string is needed, not {kind(value)[0]}",
                f"cần một chuỗi ký tự, không phải {kind(value)[1]}",
            )
        return self._checked(name, value)

    def choice(self, name: str, options: Collection[str]) -> str:
        """Return a string that is one of the options.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if not isinstance(value, str) or value not in options:
            known = ", ".join(sorted(options))
            raise self.refuse(
                name,
                f"must be one of {known}, not {shown(value)[0]}",
                f"phải là một trong {known}, không phải {shown(value)[1]}",
            )
        return value

    def boolean(self, name: str) -> bool:
        """Return true or false.

        :raises BadInput: if it is anything else
        """
        value = self._value(name)
        if not isinstance(value, bool):
            raise self.refuse(
                name,
                f"true or false is needed, not {kind(value)[0]}",
                f"cần true hoặc false, không phải {kind(value)[1]}",
            )
        return value

    def integer(self, name: str, *, least: int | None = None, most: int | None = None) -> int:
        """Return a JSON integer within the bounds, both inclusive.

        :raises BadInput: if it is anything else; ``true`` and ``"1"`` and ``1.0`` are not integers
        """
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.refuse(
                name,
                f"a whole number is needed, not {shown(value)[0]}",
                f"cần một số nguyên, không phải {shown(value)[1]}",
            )
        if (least is not None and value < least) or (most is not None and value > most):
            raise self._out_of_bounds(name, least, most, value)
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
            if len(value) <= DIGITS and PLAIN.fullmatch(value):
                value = Decimal(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, Decimal):
            raise self.refuse(
                name,
                f'an exact number such as "3.33" (at most {DIGITS} digits) is needed, not {shown(value)[0]}',
                f'cần một số chính xác như "3.33" (tối đa {DIGITS} ký tự), không phải {shown(value)[1]}',
            )
        if above is not None and value <= above:
            raise self.refuse(
                name, f"must be more than {above}, not {value}", f"phải lớn hơn {above}, không phải {value}"
            )
        if (least is not None and value < least) or (most is not None and value > most):
            raise self._out_of_bounds(name, least, most, value)
        if places is not None and -_exponent(value) > places:
            raise self.refuse(
                name,
                f"at most {places} decimal places, not {value}",
                f"tối đa {places} chữ số thập phân, không phải {value}",
            )
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
                raise BadInput(
                    f"{self.at(name)}[{index}]",
                    f"a string is needed, not {kind(value)[0]}",
                    f"cần một chuỗi ký tự, không phải {kind(value)[1]}",
                )
            texts.append(self._checked(name, value, index))
        return texts

    def _value(self, name: str) -> object:
        try:
            return self._values[name]
        except KeyError:
            raise self.refuse(name, "missing", "còn thiếu") from None

    def _list(self, name: str) -> list[object]:
        value = self._value(name)
        if not isinstance(value, list):
            raise self.refuse(
                name,
                f"a list is needed, not {kind(value)[0]}",
                f"cần một danh sách, không phải {kind(value)[1]}",
            )
        return value

    def _out_of_bounds(
        self, name: str, least: int | Decimal | None, most: int | Decimal | None, value: int | Decimal
    ) -> BadInput:
        return self.refuse(
            name,
            f"must be {bounds(least, most)[0]}, not {value}",
            f"phải {bounds(least, most)[1]}, không phải {value}",
        )

    def _checked(self, name: str, value: str, index: int | None = None) -> str:
        if value.strip() and len(value) <= LONGEST_TEXT and value.isprintable():
            return value
        place = self.at(name) if index is None else f"{self.at(name)}[{index}]"
        if not value.strip():
            raise BadInput(place, "must not be empty", "không được để trống")
        if len(value) > LONGEST_TEXT:
            raise BadInput(place, f"at most {LONGEST_TEXT} characters", f"tối đa {LONGEST_TEXT} ký tự")
        raise BadInput(place, "has a character that cannot be printed", "có ký tự không in được")


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
