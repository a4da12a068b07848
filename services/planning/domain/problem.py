"""What is wrong with something that was handed in, part by part, so that all of it can be told at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import Invalid

MOST_TOLD = 20
"""Problems that one refusal spells out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong."""

    part: str
    """The attribute that is wrong, such as ``due_on``; empty for the whole."""
    vi: str
    en: str


class BadContent(Invalid):
    """What was handed in breaks rules; the message lists which, and where."""

    vi = "{problems_vi}"
    en = "{problems_en}"

    def __init__(self, problems: Sequence[tuple[str, Problem]]) -> None:
        """Refuse with every problem, each with the place of the thing it is about, such as ``tasks[3]``."""
        told = problems[:MOST_TOLD]
        more = len(problems) - len(told)
        place, first = told[0]
        super().__init__(
            field=_field(place, first),
            count=len(problems),
            problems_vi="; ".join(f"{_field(at, each)}: {each.vi}" for at, each in told)
            + (f"; và {more} lỗi khác" if more else "."),
            problems_en="; ".join(f"{_field(at, each)}: {each.en}" for at, each in told)
            + (f"; and {more} more" if more else "."),
        )


def _field(place: str, problem: Problem) -> str:
    return ".".join(each for each in (place, problem.part) if each)
