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
from functools import lru_cache

ZERO = Decimal(0)

_EXACT = Context(
    prec=400, rounding=ROUND_HALF_UP, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow]
)

_TWICE = tuple(Decimal(2 * 10**places) for places in range(10))


def exactly() -> AbstractContextManager[Context]:
    """Return a context in which decimal sums and products are exact, or raise :class:`decimal.Inexact`."""
    return localcontext(_EXACT)


def half_up(numerator: Decimal, denominator: Decimal, places: int) -> Decimal:
    """Return ``numerator / denominator`` rounded half-up to ``places`` decimals; neither may be negative."""
    # The context's own methods: entering it takes longer than what is done in it.
    doubled = _EXACT.fma(numerator, _TWICE[places], denominator)
    return _EXACT.scaleb(_EXACT.divide_int(doubled, _EXACT.add(denominator, denominator)), -places)


@lru_cache(maxsize=4_096)
def quotient(numerator: Decimal, denominator: Decimal) -> Fraction:
    """Return ``numerator / denominator`` as it is.

    Kept, because what ranks a person is asked for again in his explanation, and because equal quotients that
    are one object are found equal without comparing fractions, which is slow.
    """
    top, under = numerator.as_integer_ratio()
    bottom, over = denominator.as_integer_ratio()
    return Fraction(top * over, under * bottom)


def plain(number: Decimal) -> str:
    """Return the number in digits, without exponent and without idle zeros: ``2.50`` is ``2.5``."""
    text = str(number)
    if "E" in text:
        text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
