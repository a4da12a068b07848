"""Exact decimal arithmetic: whatever is not exact raises, and rounding happens in one function.

Sums and products of decimals are exact in a wide enough context, and much faster than fractions; a division
is never carried out, only compared or rounded.
"""

from contextlib import AbstractContextManager
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    Inexact,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction

ZERO = Decimal(0)

_EXACT = Context(
    prec=400, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow]
)


def exactly() -> AbstractContextManager[Context]:
    """Return a context in which decimal sums and products are exact, or raise :class:`decimal.Inexact`."""
    return localcontext(_EXACT)


def half_up(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """Return ``numerator / denominator`` rounded half-up to ``places`` decimals; neither may be negative."""
    with exactly():
        doubled: Decimal = (2 * 10**places * numerator + denominator) // (2 * denominator)
        return doubled.scaleb(-places)


def quotient(numerator: Decimal, denominator: Decimal) -> Fraction:
    """Return ``numerator / denominator`` as it is."""
    return Fraction(numerator) / Fraction(denominator)


def plain(number: Decimal) -> str:
    """Return the number in digits, without exponent and without idle zeros: ``2.50`` is ``2.5``."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
