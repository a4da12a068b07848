"""Whom a month waits for."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from approval.domain.appeal import Appeal
from approval.domain.case import Case, State
from approval.domain.deadlines import Deadline, Step
from chassis.days import end_of_day, legal_day

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


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody must act for these people; ``person_id`` is empty where the organizer must, or nobody can.

    :param step: ``None`` for the answer to an appeal (R-30)
    :param extension_reason: why the deadline was moved; empty where it was not
    """

    person_id: str
    step: Step | None
    about_ids: tuple[str, ...]
    last_day: date
    extension_reason: str = ""

    @property
    def due_at(self) -> datetime:
        """The first instant that is late."""
        return end_of_day(self.last_day)

    def days_late(self, at: datetime) -> int:
        """Return for how many legal days it has been late: 1 on the first, 0 in time."""
        return max(0, (legal_day(at) - self.last_day).days)

    @property
    def key(self) -> tuple[str, str]:
        """What it is ordered by: person, and step."""
        return self.person_id, str([*Step, None].index(self.step))


def pending(cases: Iterable[Case]) -> dict[tuple[str, Step], list[str]]:
    """Return for whom each person's step is awaited: ids by who must act and what."""
    found: dict[tuple[str, Step], list[str]] = {}
    for case in cases:
        step = _STEP.get(case.state)
        if step and not case.published:
            found.setdefault((_who(case), step), []).append(case.person.id)
    return found


def waiting(
    cases: Iterable[Case],
    deadlines: Mapping[Step, Deadline],
    appeals: Iterable[tuple[str, Appeal]] = (),
) -> list[Waiting]:
    """Return whom a month waits for, by person and step.

    :param appeals: open ones, each with who must answer; the earliest day counts
    """
    found = [
        Waiting(
            person_id,
            step,
            tuple(sorted(ids)),
            deadlines[step].last_day,
            extension.reason if (extension := deadlines[step].extension) else "",
        )
        for (person_id, step), ids in pending(cases).items()
    ]
    answers: dict[str, list[Appeal]] = {}
    for person_id, appeal in appeals:
        if appeal.last_day:
            answers.setdefault(person_id, []).append(appeal)
    found += [
        Waiting(
            person_id,
            None,
            tuple(sorted({each.person_id for each in open_})),
            min(each.last_day for each in open_ if each.last_day),
        )
        for person_id, open_ in answers.items()
    ]
    return sorted(found, key=lambda each: each.key)


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
    for key, ids in pending(cases).items():
        counts[key] = len(ids)
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
