"""Grades and decimals as they are written on the wire."""

import re
from decimal import Decimal

from approval.domain.grade import Grade
from chassis.errors import Invalid
from kpi.types.v1 import types_pb2

_WRITTEN = {
    Grade.A: types_pb2.GRADE_A,
    Grade.B: types_pb2.GRADE_B,
    Grade.C: types_pb2.GRADE_C,
    Grade.D: types_pb2.GRADE_D,
}
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,12})?")


class BadNumber(Invalid):
    """A decimal is digits with at most one point, such as 2.5."""

    vi = "{given} không phải là số thập phân như 2.5."
    en = "{given} is no decimal such as 2.5."


def letter(grade: Grade | None) -> types_pb2.Grade:
    """Return a grade as it is written; none is unspecified."""
    return _WRITTEN[grade] if grade else types_pb2.GRADE_UNSPECIFIED


def grade(written: int) -> Grade | None:
    """Return the grade that is written; unspecified, or one that this version does not know, is none."""
    return next((each for each, number_ in _WRITTEN.items() if number_ == written), None)


def decimal(value: Decimal | None) -> str:
    """Return an exact decimal as text; none is empty."""
    return "" if value is None else f"{value:f}"


def number(text: str, *, field: str) -> Decimal:
    """Return the decimal that a text spells.

    :raises BadNumber: if it spells none
    """
    if not _NUMBER.fullmatch(text):
        raise BadNumber(given=repr(text[:40]), field=field)
    return Decimal(text)
