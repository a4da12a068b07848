"""Single fields of messages, read strictly: a refusal names the field."""

import re
from decimal import Decimal

from chassis.days import Month
from chassis.errors import Invalid

DIGITS = 28
"""The most characters of a number."""

LONGEST_ID = 200

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class NotAMonth(Invalid):
    """A month is written ``YYYY-MM``."""

    vi = "{field}: {found} không phải là tháng; ghi như 2026-03."
    en = "{field}: {found} is not a month; write it like 2026-03."


class NotANumber(Invalid):
    """An amount is a plain decimal of a sane length."""

    vi = "{field}: {found} không phải là số thập phân; ghi như 2.5, nhiều nhất 28 ký tự."
    en = "{field}: {found} is not a plain decimal; write it like 2.5, in 28 characters at most."


class NotAnId(Invalid):
    """An id is not empty, and has at most 200 characters."""

    vi = "{field}: thiếu mã, hoặc mã dài quá 200 ký tự."
    en = "{field}: the id is missing, or longer than 200 characters."


class NotStated(Invalid):
    """A choice must be made where the contract says so."""

    vi = "{field}: chưa ghi, hoặc không phải giá trị mà phiên bản này biết."
    en = "{field}: not stated, or not a value that this version knows."


def month(text: str, field: str = "month") -> str:
    """Return a month.

    :raises NotAMonth: if the text spells none
    """
    try:
        return str(Month.parse(text))
    except ValueError:
        raise NotAMonth(field=field, found=repr(text)) from None


def number(text: str, field: str) -> Decimal:
    """Return an exact decimal.

    :raises NotANumber: for anything but digits, sign and point
    """
    if len(text) > DIGITS or not _NUMBER.fullmatch(text):
        raise NotANumber(field=field, found=repr(text[: 2 * DIGITS]))
    return Decimal(text)


def id_(text: str, field: str) -> str:
    """Return an id.

    :raises NotAnId: if it is missing or too long
    """
    if not 0 < len(text) <= LONGEST_ID:
        raise NotAnId(field=field)
    return text
