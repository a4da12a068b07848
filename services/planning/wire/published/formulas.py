"""Formulas that no program has calculated: those that a catalogue needs are calculated here, exactly.

A coefficient is written ``=ROUND(H5/5,2)``, with or without the rounding, and the divisor a number or a cell.
Nothing else is calculated: a formula that does more is sent back to the program that it was written for.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

_TERM: Final = r"(\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9]{1,9}(?:\.[0-9]{1,6})?)"
_QUOTIENT: Final = re.compile(rf"=\+?{_TERM}(?:/{_TERM})?")
_ROUNDED: Final = re.compile(rf"=\+?ROUND\({_TERM}(?:/{_TERM})?,([0-9])\)")


def calculated(formula: str, number_at: Callable[[str], Decimal | None]) -> Decimal | None:
    """Return what a formula gives; None when it is of another shape, or what it refers to is no number.

    :param number_at: the number in a cell such as ``H5``
    """
    words = formula.replace(" ", "").upper()
    rounded = _ROUNDED.fullmatch(words)
    match = rounded or _QUOTIENT.fullmatch(words)
    if match is None:
        return None
    above = _term(match[1], number_at)
    below = _term(match[2], number_at) if match[2] else Decimal(1)
    if above is None or not below:
        return None
    # Excel rounds halves away from zero, and shows 15 digits.
    places = int(rounded[3]) if rounded else 9
    try:
        return (above / below).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except InvalidOperation:
        return None  # more digits than any figure of a catalogue has


def _term(words: str, number_at: Callable[[str], Decimal | None]) -> Decimal | None:
    return Decimal(words) if words[0].isdigit() else number_at(words.replace("$", ""))
