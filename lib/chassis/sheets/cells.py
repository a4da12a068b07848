"""From what stands in a cell to what it means."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from chassis.days import Month
from chassis.sheets.columns import Column, Kind, fold
from chassis.sheets.errors import BadCell

Value = str | int | Decimal | date | Month | tuple[str, ...]

LARGEST_NUMBER: Final = Decimal(10) ** 15
"""Excel keeps 15 digits; beyond that a figure is no longer what was typed."""

_PLAIN = re.compile(r"[+-]?[0-9]+")
_ONE_MARK = re.compile(r"[+-]?[0-9]+[.,][0-9]+")
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}")
_POINTS = re.compile(r"[+-]?[1-9][0-9]{0,2}((\.[0-9]{3})+,[0-9]+|(\.[0-9]{3}){2,})")
_COMMAS = re.compile(r"[+-]?[1-9][0-9]{0,2}((,[0-9]{3})+\.[0-9]+|(,[0-9]{3}){2,})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_MONTH_FIRST = re.compile(r"(?:thang )?([0-9]{1,2})[/-]([0-9]{4})")
_MONTH_LAST = re.compile(r"([0-9]{4})-([0-9]{1,2})")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


def parse(column: Column, raw: object) -> Value | None:
    """Return what a cell means in its column; None when it is empty.

    :param raw: what a file gave: text, a number, a boolean, a date, or None
    :raises BadCell: if it cannot mean anything there
    """
    found = _cleaned(raw) if isinstance(raw, str) else raw
    if found is None or found == "":
        return None
    return _PARSERS[column.kind](column, found)


def _cleaned(words: str) -> str:
    if words.isprintable() and unicodedata.is_normalized("NFC", words):
        return words.strip()
    plain = unicodedata.normalize(
        "NFC", words.replace("\r\n", "\n").replace("\t", " ").replace("\u00a0", " ")
    )
    for each in plain:
        if each != "\n" and unicodedata.category(each) in _HIDDEN:
            code = f"U+{ord(each):04X}"
            raise BadCell(
                f"có ký tự ẩn {code}: hãy xóa và gõ lại ô này",
                f"it holds the hidden character {code}: clear the cell and type it again",
            )
    return plain.strip()


def _text(column: Column, raw: object) -> str:
    match raw:
        case bool():
            found = "TRUE" if raw else "FALSE"
        case int():
            found = str(raw)
        case float():
            found = format(_exact(raw), "f")
        case str():
            found = raw
        case _:
            raise BadCell(
                "Excel đã đổi thành ngày giờ: định dạng ô là Văn bản (Text) rồi gõ lại",
                "Excel made it a date: format the cell as text and type it again",
            )
    if len(found) > column.longest:
        raise BadCell(
            f"dài {len(found)} ký tự, tối đa {column.longest}",
            f"it has {len(found)} characters; at most {column.longest} are allowed",
        )
    return found


def _decimal(column: Column, raw: object) -> Decimal:
    match raw:
        case bool():
            raise _no_number()
        case int():
            found = Decimal(raw)
        case float():
            found = _exact(raw)
        case str():
            found = _typed(raw)
        case _:
            raise BadCell(
                "Excel đã đổi thành ngày giờ: định dạng ô là Số (Number) rồi gõ lại",
                "Excel made it a date: format the cell as a number and type it again",
            )
    if abs(found) >= LARGEST_NUMBER:
        raise BadCell("số quá lớn (trên 15 chữ số)", "the number is too large (over 15 digits)")
    found = _shortest(found)
    exponent = found.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) else 0
    if decimals > column.places:
        if column.places == 0:
            raise BadCell("phải là số nguyên", "a whole number is needed")
        raise BadCell(
            f"có {decimals} chữ số thập phân, tối đa {column.places}: hãy làm tròn rồi dán giá trị",
            f"it has {decimals} decimals; at most {column.places} are allowed: round it and paste the value",
        )
    if (column.least is not None and found < column.least) or (
        column.most is not None and found > column.most
    ):
        raise BadCell(f"phải {_range(column, 'vi')}", f"it must be {_range(column, 'en')}")
    return found


def _integer(column: Column, raw: object) -> int:
    return int(_decimal(column, raw))


def _exact(number: float) -> Decimal:
    """Return the shortest decimal that means the same float: what the author typed."""
    found = Decimal(repr(number))
    if not found.is_finite():
        raise _no_number()
    return _shortest(found)


def _shortest(number: Decimal) -> Decimal:
    """Return the number without needless zeros: 20.0 is 20, and 3.30 typed is 3.3 calculated."""
    found = number.normalize()
    return found.quantize(Decimal(1)) if found == found.to_integral_value() else found


def _typed(words: str) -> Decimal:
    if _PLAIN.fullmatch(words):
        return Decimal(words)
    if _AMBIGUOUS.fullmatch(words):
        raise BadCell(
            "không rõ dấu hàng nghìn hay thập phân: hãy nhập ô dạng số, hoặc bỏ dấu hàng nghìn",
            "a thousand or a decimal? type it as a number, or write it without a thousands mark",
        )
    if _ONE_MARK.fullmatch(words):
        return Decimal(words.replace(",", "."))
    if _POINTS.fullmatch(words):
        return Decimal(words.replace(".", "").replace(",", "."))
    if _COMMAS.fullmatch(words):
        return Decimal(words.replace(",", ""))
    raise _no_number()


def _no_number() -> BadCell:
    return BadCell("không phải là số", "it is not a number")


def _range(column: Column, language: str) -> str:
    least, most = (None if each is None else format(each, "f") for each in (column.least, column.most))
    if least is not None and most is not None:
        return f"từ {least} đến {most}" if language == "vi" else f"from {least} to {most}"
    if least is not None:
        return f"từ {least} trở lên" if language == "vi" else f"{least} or more"
    return f"tối đa là {most}" if language == "vi" else f"at most {most}"


def _date(column: Column, raw: object) -> date:
    match raw:
        case datetime() if raw.time() == time(0):
            found = raw.date()
        case datetime():
            raise BadCell("có cả giờ: chỉ nhập ngày", "it has a time of day: give the day only")
        case date():
            found = raw
        case str():
            found = _day(raw)
        case _:
            raise _no_day()
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise _no_day()
    return found


def _day(words: str) -> date:
    if match := _DAY_FIRST.fullmatch(words):
        number, month, year = (int(each) for each in match.groups())
    elif match := _YEAR_FIRST.fullmatch(words):
        year, month, number = (int(each) for each in match.groups())
    else:
        raise _no_day()
    try:
        return date(year, month, number)
    except ValueError as error:
        raise BadCell("không có ngày này trong lịch", "the calendar has no such day") from error


def _no_day() -> BadCell:
    return BadCell("không phải là ngày: viết như 05/03/2026", "it is not a day: write it as 05/03/2026")


def _month(column: Column, raw: object) -> Month:
    if isinstance(raw, date) and raw.day == 1:
        return Month(raw.year, raw.month)
    if isinstance(raw, str):
        if match := _MONTH_FIRST.fullmatch(fold(raw)):
            return _of(int(match[2]), int(match[1]))
        if match := _MONTH_LAST.fullmatch(raw):
            return _of(int(match[1]), int(match[2]))
    raise _no_month()


def _of(year: int, number: int) -> Month:
    try:
        return Month.parse(f"{year:04d}-{number:02d}")
    except ValueError as error:
        raise _no_month() from error


def _no_month() -> BadCell:
    return BadCell("không phải là tháng: viết như 03/2026", "it is not a month: write it as 2026-03")


def _choice(column: Column, raw: object) -> str:
    wanted = fold(_text(column, raw))
    for spelling, meaning in column.choices.items():
        if fold(spelling) == wanted:
            return meaning
    known = ", ".join(preferred(column.choices).values())
    raise BadCell(f"phải là một trong: {known}", f"it must be one of: {known}")


def preferred(choices: Mapping[str, str]) -> dict[str, str]:
    """Return from each meaning to its first spelling."""
    found: dict[str, str] = {}
    for spelling, meaning in choices.items():
        found.setdefault(meaning, spelling)
    return found


def _list(column: Column, raw: object) -> tuple[str, ...]:
    whole = Column(column.name, column.vi, column.en, Kind.TEXT, longest=32_767)
    entries = tuple(each.strip() for each in re.split(r"[,;\n]", _text(whole, raw)) if each.strip())
    if len(entries) > column.longest:
        raise BadCell(
            f"có {len(entries)} mục, tối đa {column.longest}",
            f"it has {len(entries)} entries; at most {column.longest} are allowed",
        )
    twice = sorted({each for each in entries if entries.count(each) > 1}) if len(entries) > 1 else []
    if twice:
        raise BadCell(f"lặp lại: {', '.join(twice)}", f"given twice: {', '.join(twice)}")
    return entries


_PARSERS: Final[Mapping[Kind, Callable[[Column, object], Value]]] = {
    Kind.TEXT: _text,
    Kind.DECIMAL: _decimal,
    Kind.INTEGER: _integer,
    Kind.DATE: _date,
    Kind.MONTH: _month,
    Kind.CHOICE: _choice,
    Kind.LIST: _list,
}
