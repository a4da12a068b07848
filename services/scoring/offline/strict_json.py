"""JSON as strict as the law: exact numbers, no field twice, and every refusal names its place.

Numbers are kept as the characters that spell them, so nothing passes through a binary float, and a numeral of
a million digits is refused by its length instead of being computed.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TypeVar, overload

from scoring.domain.unfit import Unfit

Value = TypeVar("Value")

TEXT_LIMIT = 500
"""The most characters that an id, a name or a number of a document may have."""

COUNT_LIMIT = 1_000_000
"""The most that a count may be."""

SHOWN_LIMIT = 60
"""The most characters that a refusal shows of what it found."""

_AMOUNT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_COUNT = re.compile(r"[0-9]{1,7}")


class NotJson(Unfit):
    """The document is not JSON."""

    vi = "không phải JSON hợp lệ ({why}); sửa tệp theo mẫu trong tài liệu"
    en = "not valid JSON ({why}); correct the file after the documented form"


class EmptyInput(Unfit):
    """The document says nothing."""

    vi = "không có nội dung; đưa vào một đối tượng JSON có mục people"
    en = "is empty; give a JSON object with the field people"


class NotUtf8(Unfit):
    """The document is not UTF-8."""

    vi = "không phải văn bản UTF-8 (byte thứ {byte}); lưu lại tệp với mã hóa UTF-8"
    en = "is not UTF-8 text (byte {byte}); save the file as UTF-8"


class ByteOrderMark(Unfit):
    """The document begins with a byte order mark."""

    vi = "bắt đầu bằng dấu BOM; lưu lại tệp với mã hóa UTF-8 không có BOM"
    en = "begins with a byte order mark; save the file as UTF-8 without BOM"


class TooDeep(Unfit):
    """The document is nested beyond what any form needs."""

    vi = "lồng quá nhiều cấp; dùng đúng mẫu trong tài liệu"
    en = "is nested too deeply; use the documented form"


class RepeatedField(Unfit):
    """A field stands twice, so that one of them would be lost."""

    vi = "mục này ghi hai lần; bỏ bớt một"
    en = "this field stands twice; take one out"


class UnknownField(Unfit):
    """A field that the form does not have."""

    vi = "không có mục này; các mục được nhận: {known}"
    en = "there is no such field; known ones: {known}"


class MissingField(Unfit):
    """A field that the form needs."""

    vi = "thiếu mục này; hãy ghi thêm"
    en = "this field is missing; add it"


class NotAnObject(Unfit):
    """Something else stands where an object should."""

    vi = "phải là một đối tượng JSON {…}, không phải {found}"
    en = "must be a JSON object {…}, not {found}"


class NotAList(Unfit):
    """Something else stands where a list should."""

    vi = "phải là một danh sách JSON […], không phải {found}"
    en = "must be a JSON list […], not {found}"


class NotText(Unfit):
    """Something else stands where a text should."""

    vi = "phải là một chuỗi ký tự trong dấu ngoặc kép, không phải {found}"
    en = "must be text in quotes, not {found}"


class UnusableText(Unfit):
    """A text that cannot name anything."""

    vi = "chuỗi này trống, quá dài (trên {limit} ký tự) hoặc có ký tự không in được; hãy sửa lại"
    en = "this text is empty, too long (over {limit} characters) or has characters that cannot be printed; correct it"


class NegativeNumber(Unfit):
    """Nothing here can be negative."""

    vi = "giá trị {found} âm; ghi số từ 0 trở lên"
    en = "{found} is negative; give zero or more"


class NotFinite(Unfit):
    """An infinite number, or none."""

    vi = "giá trị {found} không phải là số hữu hạn; ghi một số thập phân"
    en = "{found} is not a finite number; give a decimal"


class NotADecimal(Unfit):
    """Something else stands where a decimal should."""

    vi = (
        'giá trị {found} không phải là số thập phân; ghi như "12.5": tối đa 9 chữ số trước và 9 chữ số sau '
        "dấu chấm, không có số mũ"
    )
    en = (
        '{found} is not a decimal; write it like "12.5": at most 9 digits before and 9 after the point, '
        "no exponent"
    )


class NotWhole(Unfit):
    """Something else stands where a count should."""

    vi = "giá trị {found} không phải là số nguyên từ 0 đến {limit}; ghi số nguyên không có dấu ngoặc kép"
    en = "{found} is not a whole number from 0 to {limit}; write it in digits without quotes"


class UnknownChoice(Unfit):
    """A word that is not one of those allowed."""

    vi = "giá trị {found} không được nhận; chọn một trong: {known}"
    en = "{found} is not allowed; choose one of: {known}"


class TooMany(Unfit):
    """A list beyond its limit."""

    vi = "danh sách có {found} phần tử, nhiều hơn mức {limit}; hãy chia nhỏ"
    en = "the list has {found} entries, more than the limit of {limit}; split it"


class Numeral(str):
    """A JSON number as it is spelled."""

    __slots__ = ()


class Fields(dict[str, object]):
    """A JSON object; ``repeated`` is a field that stands in it twice, if one does."""

    __slots__ = ("repeated",)

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.repeated: str | None = None
        if len(self) != len(pairs):
            seen: set[str] = set()
            self.repeated = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]


def parse(document: bytes, place: str) -> object:
    """Return what a JSON document says, with numbers as :class:`Numeral` and objects as :class:`Fields`.

    :param place: what to call the document in a refusal
    :raises Unfit: if it says nothing
    """
    if document.startswith(b"\xef\xbb\xbf"):
        raise ByteOrderMark(place=place)
    try:
        text = document.decode()
    except UnicodeDecodeError as error:
        raise NotUtf8(place=place, byte=error.start + 1) from None
    if not text.strip():
        raise EmptyInput(place=place)
    try:
        return json.loads(
            text,
            object_pairs_hook=Fields,
            parse_int=Numeral,
            parse_float=Numeral,
            parse_constant=Numeral,
        )
    except json.JSONDecodeError as error:
        raise NotJson(place=f"{place}:{error.lineno}:{error.colno}", why=error.msg) from None
    except RecursionError:
        raise TooDeep(place=place) from None


def below(place: str, name: str) -> str:
    """Return the place of a field; whatever a document calls it, it stays on one line."""
    shown = quoted(name)[1:-1] if len(name) <= TEXT_LIMIT else f"{quoted(name[:SHOWN_LIMIT])[1:-1]}…"
    return f"{place}.{shown}" if place else shown


def quoted(text: str) -> str:
    """Return the text in quotes on one line, with whatever cannot be printed escaped."""
    spelled = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in spelled)


def described(value: object) -> str:
    """Return a value as a refusal shows it: as JSON spells it, cut to a readable length."""
    if isinstance(value, Numeral):
        shown = str(value)
    elif isinstance(value, str):
        shown = quoted(value[:SHOWN_LIMIT])
    elif isinstance(value, Fields):
        return "{…}"
    elif isinstance(value, list):
        return "[…]"
    else:
        return json.dumps(value)
    return shown if len(value) <= SHOWN_LIMIT else f"{shown[:SHOWN_LIMIT]}…"


def fields(
    value: object, place: str, known: frozenset[str], required: Iterable[str], top: str = ""
) -> Fields:
    """Return an object with known fields only, each once, and none of the required missing.

    :param top: what to call the object itself, if it has no place
    """
    if not isinstance(value, Fields):
        raise NotAnObject(place=place or top, found=described(value))
    if value.repeated is not None:
        raise RepeatedField(place=below(place, value.repeated))
    if not value.keys() <= known:
        unknown = next(name for name in value if name not in known)
        raise UnknownField(place=below(place, unknown), known=", ".join(sorted(known)))
    for name in required:
        if name not in value:
            raise MissingField(place=below(place, name))
    return value


def entries(value: object, place: str, limit: int) -> list[object]:
    """Return a list of at most ``limit`` entries."""
    if not isinstance(value, list):
        raise NotAList(place=place, found=described(value))
    if len(value) > limit:
        raise TooMany(place=place, found=len(value), limit=limit)
    return value


def text(value: object, place: str) -> str:
    """Return a text of at least one visible character, in Unicode's composed form.

    Two ways to type one Vietnamese letter are one letter.
    """
    if not isinstance(value, str) or isinstance(value, Numeral):
        raise NotText(place=place, found=described(value))
    if len(value) > TEXT_LIMIT or not value.strip() or not value.isprintable():
        raise UnusableText(place=place, limit=TEXT_LIMIT)
    return unicodedata.normalize("NFC", value)


def amount(value: object, place: str) -> Decimal:
    """Return a decimal of zero or more, from a JSON number or the same in quotes."""
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return Decimal(value)
    _refuse_number(value, place)
    raise NotADecimal(place=place, found=described(value))


def count(value: object, place: str) -> int:
    """Return a whole number from 0 to :data:`COUNT_LIMIT`, from a JSON number."""
    if isinstance(value, Numeral):
        if _COUNT.fullmatch(value) and (whole := int(value)) <= COUNT_LIMIT:
            return whole
        _refuse_number(value, place)
    raise NotWhole(place=place, found=described(value), limit=COUNT_LIMIT)


def choice(value: object, place: str, choices: dict[str, Value]) -> Value:
    """Return what the text stands for."""
    if not isinstance(value, str) or isinstance(value, Numeral):
        raise NotText(place=place, found=described(value))
    if value not in choices:
        raise UnknownChoice(place=place, found=described(value), known=", ".join(choices))
    return choices[value]


@overload
def optional(found: Fields, name: str, place: str, read: Callable[[object, str], Value]) -> Value | None: ...


@overload
def optional(
    found: Fields, name: str, place: str, read: Callable[[object, str], Value], absent: Value
) -> Value: ...


def optional(
    found: Fields,
    name: str,
    place: str,
    read: Callable[[object, str], Value],
    absent: Value | None = None,
) -> Value | None:
    """Return a field as ``read`` reads it, or ``absent`` if it does not stand there."""
    return read(found[name], below(place, name)) if name in found else absent


def _refuse_number(value: object, place: str) -> None:
    """Refuse, for the reason that helps most, what is spelled like a number but is none that can be used."""
    if not isinstance(value, str):
        return
    spelled = value.strip().lower()
    if spelled.lstrip("+-") in ("nan", "snan", "inf", "infinity"):
        raise NotFinite(place=place, found=described(value))
    if spelled.startswith("-"):
        raise NegativeNumber(place=place, found=described(value))
