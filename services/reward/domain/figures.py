"""Figures in sentences: a decimal comma and grouping points in Vietnamese, the other way round in English."""

from typing import Final

_SWAPPED: Final = str.maketrans(",.", ".,")


def written(figures: str, language: str) -> str:
    """Return figures that Python wrote, such as ``1,234.5``, as ``vi`` or ``en`` writes them."""
    return figures.translate(_SWAPPED) if language == "vi" else figures


def dong(amount: int, language: str) -> str:
    """Return whole đồng, grouped by thousands."""
    return written(f"{amount:,}", language)
