"""A month under another policy: who would move (mô phỏng chính sách)."""

from collections import Counter
from dataclasses import dataclass

from scoring.domain.facts import MonthFacts
from scoring.domain.policy import Policies
from scoring.domain.scorecard import Scorecard, ScoredMonth, score_facts


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody whose result would be another."""

    before: Scorecard
    after: Scorecard


@dataclass(frozen=True, slots=True)
class Simulation:
    """A month as it is scored and as it would be.

    :param moves: by person
    """

    before: ScoredMonth
    after: ScoredMonth
    moves: tuple[Move, ...]


def simulate(facts: MonthFacts, current: Policies, other: Policies) -> Simulation:
    """Score a month twice from the same facts and compare."""
    before, after = score_facts(current, facts), score_facts(other, facts)
    moves = tuple(
        Move(before.cards[id_], after.cards[id_])
        for id_ in sorted(before.cards)
        if _result(before.cards[id_]) != _result(after.cards[id_])
    )
    return Simulation(before, after, moves)


def grades(month: ScoredMonth) -> dict[str, int]:
    """Return how many are proposed for each grade; ``""`` counts those who have none."""
    return dict(Counter(card.grade.value if card.grade else "" for card in month.cards.values()))


def _result(card: Scorecard) -> tuple[object, ...]:
    return card.status, card.reason, card.total, card.grade, card.mark
