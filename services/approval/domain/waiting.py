"""Whom a month waits for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

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
    """Somebody must act for ``count`` people; ``person_id`` is empty where the organizer must."""

    person_id: str
    step: Step
    count: int
    late: bool


def awaited(cases: Iterable[Case], deadlines: Mapping[Step, Deadline], at: datetime) -> list[Awaited]:
    """Return whom a month waits for, those for most people first."""
    counts: Counter[tuple[str, Step]] = Counter()
    for case in cases:
        step = _STEP.get(case.state)
        if step and not case.published:
            counts[_who(case), step] += 1
    order = list(Step)
    return [
        Awaited(person_id, step, count, deadlines[step].late(at))
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
