"""Numbers and words as Vietnamese papers print them."""

import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

_WORTHLESS = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Categories of characters that no font draws."""


def number(value: Decimal | int, places: int | None = None) -> str:
    """Return a number with decimal comma and thousands by point: ``1.234,50``.

    :param places: decimals, rounded half-up; ``None`` for as many as it has, without trailing zeros
    """
    exact = Decimal(value)
    if places is not None:
        exact = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    spelled = f"{abs(exact):f}"
    whole, _, rest = spelled.partition(".")
    if places is None:
        rest = rest.rstrip("0")
    groups = f"{int(whole):,}".replace(",", ".")
    sign = "-" if exact < 0 else ""
    return sign + groups + (f",{rest}" if rest else "")


def percent(ratio: Decimal) -> str:
    """Return a ratio such as 0.9233 as ``92,33%``."""
    return number(ratio * 100, 2) + "%"


def month(written: str) -> str:
    """Return ``2026-03`` as ``tháng 3 năm 2026``."""
    year, _, of_year = written.partition("-")
    return f"tháng {int(of_year)} năm {year}"


def day(value: date) -> str:
    """Return a day as it is printed, such as ``05/03/2026``."""
    return f"{value:%d/%m/%Y}"


def plain(words: str) -> str:
    """Return words as a font can draw them: composed letters, single lines kept, nothing invisible."""
    composed = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\t", " "))
    return "".join(
        each for each in composed if each == "\n" or unicodedata.category(each) not in _WORTHLESS
    ).strip()
