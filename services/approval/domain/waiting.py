"""Whom a month waits for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from approval.domain.appeal import Appeal
from approval.domain.case import Case, State
from approval.domain.deadlines import Deadline, Step

_STEP = {
    State.AWAITING_SELF_ASSESSMENT: Step.SELF_ASSESSMENT,
    State.AWAITING_REMARKS: Step.REMARKS,
    State.AWAITING_DECISION: Step.DECISION,
    State.AWAITING_EXTERNAL: Step.DECISION,
    State.DECIDED: Step.PUBLICATION,
    State.NOT_EVALUATED: Step.PUBLICATION,
}


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody must act for ``count`` people; ``person_id`` is empty where the organizer must.

    :param step: ``None`` for the answer to an appeal (R-30)
    """

    person_id: str
    step: Step | None
    count: int
    late: bool


def awaited(
    cases: Iterable[Case],
    deadlines: Mapping[Step, Deadline],
    at: datetime,
    appeals: Iterable[tuple[str, Appeal]] = (),
) -> list[Awaited]:
    """Return whom a month waits for, those for most people first.

    :param appeals: open ones, each with who must answer
    """
    counts: Counter[tuple[str, Step | None]] = Counter()
    overdue: set[str] = set()
    for case in cases:
        step = _STEP.get(case.state)
        if step and not case.published:
            counts[_who(case), step] += 1
    for person_id, appeal in appeals:
        counts[person_id, None] += 1
        if appeal.late(at):
            overdue.add(person_id)
    order = [*Step, None]
    return [
        Awaited(person_id, step, count, deadlines[step].late(at) if step else person_id in overdue)
        for (person_id, step), count in sorted(
            counts.items(), key=lambda each: (-each[1], order.index(each[0][1]), each[0][0])
        )
    ]


def _who(case: Case) -> str:
    match case.state:
        case State.AWAITING_SELF_ASSESSMENT:
            return case.person.id
        case State.AWAITING_REMARKS:
            return case.reviewer_id
        case State.AWAITING_DECISION:
            return case.competence.decider_id
        case _:
            return ""
