"""Ids that people give: they stand in sheets, in links and on paper."""

import re

from chassis.days import Month
from chassis.errors import Invalid

LONGEST = 64

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class BadId(Invalid):
    """An id is letters without accents, digits, points, underscores and hyphens, at most 64 of them."""

    vi = "{field}: mã “{given}” không hợp lệ: chỉ dùng chữ không dấu, số, dấu . _ -, tối đa 64 ký tự."
    en = "{field}: “{given}” is no id: use letters without accents, digits, . _ -, at most 64 characters."


class BadMonth(Invalid):
    """A month is written YYYY-MM."""

    vi = "{field}: “{given}” không phải là tháng: viết như 2026-03."
    en = "{field}: “{given}” is not a month: write it as 2026-03."


def valid(words: str) -> bool:
    """True if the words are an id."""
    return _ID.fullmatch(words) is not None


def given(words: str, field: str) -> str:
    """Return an id that a caller gave.

    :raises BadId: if it is none
    """
    if not valid(words):
        raise BadId(field=field, given=words[:80])
    return words


def month(words: str, field: str = "month") -> Month:
    """Return the month that a caller gave.

    :raises BadMonth: if it is none
    """
    try:
        return Month.parse(words)
    except ValueError as error:
        raise BadMonth(field=field, given=words[:80]) from error
