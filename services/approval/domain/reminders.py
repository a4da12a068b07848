"""Who is told of a deadline, and when (R-26, R-42).

Whoever must act is reminded before the deadline and when it has passed; then his superior is told, then the
superior's superior. A telling is a round: of a step, at a number of days, once. An extended deadline is
another one and has rounds of its own. What was due before the month was opened is not told: nobody could act.

Who has no work assigned has no score (R-14). He and his superior are told once a month: early in it nothing
is wrong yet, so it is looked at when the self-assessment is first reminded of, while work can still be
assigned, and again at each deadline for those who were not told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from approval.domain.case import Case
from approval.domain.deadlines import Deadline, Step
from approval.domain.person import Roster
from approval.domain.score import ScoreStatus


class Kind(StrEnum):
    """Why somebody is told."""

    BEFORE = "before"
    """He must act, and the deadline comes."""
    PASSED = "passed"
    """He must act, and the deadline has passed."""
    SUPERIOR = "superior"
    """He is the superior of those who are late."""
    ABOVE = "above"
    """He is the superior of the superior."""
    NOTHING_ASSIGNED = "nothing_assigned"
    """He, or those whose superior he is, have no work assigned (R-14)."""


@dataclass(frozen=True, slots=True)
class Days:
    """When the rounds are held, in days from the deadline.

    :param before: so many days before it
    :param superior: so many days after it the superior is told, and ``above`` his superior
    """

    before: tuple[int, ...] = (3, 1)
    superior: int = 1
    above: int = 2


@dataclass(frozen=True, slots=True)
class Round:
    """One telling of a step's deadline, due or held.

    :param days: before the deadline, or after it
    """

    step: Step
    last_day: date
    kind: Kind
    days: int


@dataclass(frozen=True, slots=True)
class Held:
    """A round that was held.

    :param told: who was told, each with those who are late; himself where he must act
    """

    round: Round
    told: Mapping[str, tuple[str, ...]]
    at: datetime


def due(
    deadlines: Iterable[Deadline],
    days: Days,
    *,
    opened_at: datetime,
    held: Collection[Round],
    at: datetime,
) -> list[Round]:
    """Return the rounds to hold now, in the order of the steps.

    Of reminders before a deadline only the latest is held, and none once it has passed: a worker that
    was away does not tell people what is no longer so.
    """
    found = []
    for deadline in deadlines:
        step, last_day = deadline.step, deadline.last_day
        reached = [
            (Round(step, last_day, kind, number), instant)
            for kind, number, instant in _instants(deadline, days)
            if instant <= at
        ]
        before = [each for each, _ in reached if each.kind is Kind.BEFORE]
        nearest = min(before, key=lambda each: each.days, default=None)
        for each, instant in reached:
            stale = each.kind is Kind.BEFORE and (each is not nearest or deadline.late(at))
            if instant > opened_at and each not in held and not stale:
                found.append(each)
    return found


def looks(
    deadlines: Iterable[Deadline],
    days: Days,
    *,
    opened_at: datetime,
    held: Collection[Round],
    at: datetime,
) -> list[Round]:
    """Return the looks at who has no work assigned that are due now, in the order of the steps (R-14)."""
    found = []
    for deadline in deadlines:
        first = max(days.before, default=0) if deadline.step is Step.SELF_ASSESSMENT else 0
        for number in sorted({first, 0}, reverse=True):
            each = Round(deadline.step, deadline.last_day, Kind.NOTHING_ASSIGNED, number)
            if opened_at < deadline.due_at - timedelta(days=number) <= at and each not in held:
                found.append(each)
    return found


def without_work(cases: Iterable[Case], held: Iterable[Held]) -> dict[str, tuple[str, ...]]:
    """Return whom to tell that nothing is assigned, each with those it is about: himself, those below him.

    Not told again: whoever was told of in one of the month's looks. Whom the city decides about is its own.

    :param held: the rounds of the month
    """
    known = {
        each
        for one in held
        if one.round.kind is Kind.NOTHING_ASSIGNED
        for late in one.told.values()
        for each in late
    }
    found: dict[str, list[str]] = {}
    for case in cases:
        lacks = case.score is not None and case.score.status is ScoreStatus.INSUFFICIENT_DATA
        if not lacks or case.settled or case.competence.external or case.person.id in known:
            continue
        for told in sorted({case.person.id, case.person.superior_id} - {""}):
            found.setdefault(told, []).append(case.person.id)
    return {told: tuple(sorted(about)) for told, about in sorted(found.items())}


def whom(
    kind: Kind,
    step: Step,
    pending: Mapping[tuple[str, Step], Collection[str]],
    roster: Roster,
    organizers: Collection[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Return whom a round tells, each with those who must act: himself, or those below him who are late.

    Where nobody is above, nobody is told: the list says what waits.

    :param organizers: who is told of what the organizer must do, which stands under an empty id
    """
    found: dict[str, list[str]] = {}
    for person_id, awaited in sorted(pending):
        if awaited is not step:
            continue
        for acting in (person_id,) if person_id else sorted(organizers):
            told = acting if acting in roster.people else ""
            for _ in range(_HIGHER[kind]):
                told = roster.people[told].superior_id if told else ""
            if told and person_id not in found.setdefault(told, []):
                found[told].append(person_id)
    return {told: tuple(late) for told, late in sorted(found.items())}


def organizers(opened_by: str, roster: Roster) -> tuple[str, ...]:
    """Return whom reminders of the organizer's own steps go to: publication, and results of the city's.

    The organizer is an office and no post. Whoever opened the month acts for it; an account that holds no
    post has neither inbox nor mail, so then the ward's heads are told, who answer for the office.
    """
    opener = roster.people.get(opened_by)
    if opener and opener.active:
        return (opened_by,)
    return roster.holders("committee_chair") or roster.holders("party_secretary")


_HIGHER: Mapping[Kind, int] = {Kind.BEFORE: 0, Kind.PASSED: 0, Kind.SUPERIOR: 1, Kind.ABOVE: 2}
"""How many superiors above whoever must act."""


def _instants(deadline: Deadline, days: Days) -> list[tuple[Kind, int, datetime]]:
    return [
        *((Kind.BEFORE, each, deadline.due_at - timedelta(days=each)) for each in days.before),
        (Kind.PASSED, 0, deadline.due_at),
        (Kind.SUPERIOR, days.superior, deadline.due_at + timedelta(days=days.superior)),
        (Kind.ABOVE, days.above, deadline.due_at + timedelta(days=days.above)),
    ]
