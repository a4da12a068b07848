"""A fund under another policy: who would get another amount (mô phỏng chính sách)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reward.domain.run import Allocated, Run


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who would get another amount; đồng."""

    of: Allocated
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Simulation:
    """A fund as it is shared out and as it would be.

    :param moves: by person
    :param people: how many have a part in either
    """

    before: Run
    after: Run
    moves: list[Move]
    people: int


def compare(before: Run, were: Sequence[Allocated], after: Run, would: Sequence[Allocated]) -> Simulation:
    """Compare two sharings of one fund; whoever has no part in one gets 0 there."""
    old = {each.person_id: each for each in were}
    new = {each.person_id: each for each in would}
    moves = []
    for person_id in sorted({*old, *new}):
        was, now = old.get(person_id), new.get(person_id)
        amounts = (was.amount if was else 0, now.amount if now else 0)
        if (of := now or was) and amounts[0] != amounts[1]:
            moves.append(Move(of, *amounts))
    return Simulation(before, after, moves, len({*old, *new}))
