"""Draws that come out the same on every machine and in every release of Python.

Only `random.Random.random` is promised to stay as it is, so everything is drawn through it. Each person and
purpose has a generator of its own: a change in one place leaves everybody else's month as it was.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

Drawn = TypeVar("Drawn")

SEED = "phuc-loi 2026-03"


class Draws:
    """A generator for one purpose, such as ``PL-031 tasks``."""

    def __init__(self, purpose: str) -> None:
        self._random = random.Random(f"{SEED} {purpose}")

    def below(self, number: int) -> int:
        """Return 0 to ``number`` - 1."""
        return int(self._random.random() * number)

    def within(self, least: int, most: int) -> int:
        """Return ``least`` to ``most``, both possible."""
        return least + self.below(most - least + 1)

    def chance(self, percent: int) -> bool:
        """True in ``percent`` of a hundred draws."""
        return self.below(100) < percent

    def one(self, of: Sequence[Drawn]) -> Drawn:
        """Return one of them."""
        return of[self.below(len(of))]

    def some(self, of: Sequence[Drawn], count: int) -> list[Drawn]:
        """Return so many of them, in a drawn order; all if there are not more."""
        left = list(of)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]
