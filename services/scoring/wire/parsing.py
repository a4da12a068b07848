"""Single fields of messages, read strictly: a refusal names the field."""

import re
from decimal import Decimal

from chassis.days import Month
from chassis.errors import Invalid

DIGITS = 28
"""The most characters of a number."""

LONGEST_ID = 200

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class BadMonth(Invalid):
    """A month is written ``YYYY-MM``."""

    vi = "{field}: {found} không phải là tháng; ghi như 2026-03."
    en = "{field}: {found} is not a month; write it like 2026-03."


class BadNumber(Invalid):
    """An amount is a plain decimal of a sane length."""

    vi = "{field}: {found} không phải là số thập phân; ghi như 2.5, nhiều nhất 28 ký tự."
    en = "{field}: {found} is not a plain decimal; write it like 2.5, in 28 characters at most."


class BadId(Invalid):
    """An id is not empty, and has at most 200 characters."""

    vi = "{field}: thiếu mã, hoặc mã dài quá 200 ký tự."
    en = "{field}: the id is missing, or longer than 200 characters."


class NotStated(Invalid):
    """A choice must be made where the contract says so."""

    vi = "{field}: chưa ghi, hoặc không phải giá trị mà phiên bản này biết."
    en = "{field}: not stated, or not a value that this version knows."


def month(text: str, field: str = "month") -> str:
    """Return a month.

    :raises BadMonth: if the text spells none
    """
    try:
        return str(Month.parse(text))
    except ValueError:
        raise BadMonth(field=field, found=repr(text)) from None


def number(text: str, field: str) -> Decimal:
    """Return an exact decimal.

    :raises BadNumber: for anything but digits, sign and point
    """
    if len(text) > DIGITS or not _NUMBER.fullmatch(text):
        raise BadNumber(field=field, found=repr(text[: 2 * DIGITS]))
    return Decimal(text)


def id_(text: str, field: str) -> str:
    """Return an id.

    :raises BadId: if it is missing or too long
    """
    if not 0 < len(text) <= LONGEST_ID:
        raise BadId(field=field)
    return text
