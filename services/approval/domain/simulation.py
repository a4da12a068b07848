"""A month under another policy: what would be another for whom (mô phỏng quy chế); nothing is changed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from approval.domain import quota
from approval.domain.case import Case
from approval.domain.competence import Competence, competence
from approval.domain.criteria import DEFAULT_SET, Criterion, Value
from approval.domain.deadlines import Calendar, Extension, Step
from approval.domain.evaluation import Stage
from approval.domain.person import Person, Roster
from approval.domain.policy import Policy
from approval.domain.quota import Group, Tally, Terms
from approval.domain.waiting import pending
from chassis.days import Month, end_of_day

TermsOf = Callable[[Group], Terms]
"""q and its base for a group."""


class Room(StrEnum):
    """Whether an A, decided or proposed, has room in its group (R-21)."""

    NONE = ""
    """There is no A."""
    WITHIN = "within"
    BEYOND = "beyond"
    TIED = "tied"
    """The quota cuts through people of the same points: the authority chooses (R-22)."""


@dataclass(frozen=True, slots=True)
class DeadlineMove:
    """When a step's deadline is, and would be."""

    step: Step
    before: date
    after: date


@dataclass(frozen=True, slots=True)
class LateMove:
    """A step that would be late, or in time, instead; ``taken_at`` is ``None`` while it is awaited."""

    step: Step
    taken_at: datetime | None
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class Misfit:
    """Points of a criterion that would not fit (R-18).

    :param value: what was given; ``None`` for a criterion that nothing was given for
    :param criterion: as the other policy has it; ``None`` if it has none
    """

    stage: Stage
    criterion_id: str
    value: Value | None
    criterion: Criterion | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What would be another for a person.

    :param set_before: the id of the criteria that he is assessed with; ``set_after`` of those for his type
    """

    person: Person
    decider_before: Competence
    decider_after: Competence
    late: tuple[LateMove, ...]
    room_before: Room
    room_after: Room
    misfits: tuple[Misfit, ...]
    set_before: str = DEFAULT_SET
    set_after: str = DEFAULT_SET

    @property
    def other_set(self) -> bool:
        """True if another set of criteria would be for the person (R-18)."""
        return self.set_before != self.set_after

    @property
    def other_decider(self) -> bool:
        """True if somebody else would decide, or nobody."""
        return _who(self.decider_before) != _who(self.decider_after)

    @property
    def beyond(self) -> bool:
        """True if an A that has room would have none, or would be in a tie for it."""
        return self.room_before is Room.WITHIN and self.room_after is not Room.WITHIN

    @property
    def any(self) -> bool:
        """True if anything would be another."""
        return bool(
            self.other_decider
            or self.late
            or self.room_before is not self.room_after
            or self.misfits
            or self.other_set
        )


@dataclass(frozen=True, slots=True)
class GroupMove:
    """A group of the quota that would have another limit, as it stands and as it would."""

    before: Tally
    after: Tally


@dataclass(frozen=True, slots=True)
class Simulation:
    """A month under its own policy and under another.

    :param effects: by person, those for whom something would be another
    :param groups: by scope and group
    """

    before: Policy
    after: Policy
    people: int
    effects: tuple[Effect, ...]
    deadlines: tuple[DeadlineMove, ...]
    groups: tuple[GroupMove, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the month.

    :param cases: everybody's, with values, by person
    :param terms: q and its base as they bind the month's decisions
    """

    month: str
    extensions: Sequence[Extension]
    roster: Roster
    cases: Mapping[str, Case]
    terms: TermsOf
    recorded: Mapping[str, quota.Rate]


def simulate(facts: Facts, before: Policy, after: Policy, *, at: datetime) -> Simulation:
    """Compare a month under its policy with the same month under another."""
    cases = facts.cases
    others = {
        id_: replace(each, competence=competence(each.person, facts.roster, after.competence))
        for id_, each in cases.items()
    }
    groups = _tallies(cases.values(), facts.terms)
    other_groups = _tallies(others.values(), _other_terms(facts, before, after))
    rooms, other_rooms = _rooms(groups.values()), _rooms(other_groups.values())
    awaited, other_awaited = _awaited(cases), _awaited(others)
    found = []
    for id_, case in cases.items():
        steps = _late_moves(facts, before, after, case, awaited.get(id_), other_awaited.get(id_), at)
        own = after.set_for(case.person.personnel_type)
        effect = Effect(
            person=case.person,
            decider_before=case.competence,
            decider_after=others[id_].competence,
            late=steps,
            room_before=rooms.get(id_, Room.NONE),
            room_after=other_rooms.get(id_, Room.NONE),
            misfits=_misfits(case, own.criteria),
            set_before=before.criteria_of(case).id,
            set_after=own.id,
        )
        if effect.any:
            found.append(effect)
    return Simulation(
        before=before,
        after=after,
        people=len(cases),
        effects=tuple(sorted(found, key=lambda each: each.person.id)),
        deadlines=tuple(
            DeadlineMove(
                step,
                _last_day(before.calendar, facts, step, at),
                _last_day(after.calendar, facts, step, at),
            )
            for step in Step
        ),
        groups=tuple(
            GroupMove(groups[each], other_groups[each])
            for each in sorted(groups)
            if groups[each].limit != other_groups[each].limit
        ),
    )


def _who(given: Competence) -> tuple[bool, str]:
    return given.external, given.decider_id


def _last_day(calendar: Calendar, facts: Facts, step: Step, at: datetime) -> date:
    """Return the last day in time as it was known then: of an extension only where it is the later one."""
    own = calendar.last_day(Month.parse(facts.month), step)
    moved = [each for each in facts.extensions if each.step is step and each.extended_at <= at]
    newest = max(moved, key=lambda each: each.number, default=None)
    return max(own, newest.last_day) if newest else own


def _late_moves(
    facts: Facts,
    before: Policy,
    after: Policy,
    case: Case,
    awaited: Step | None,
    other_awaited: Step | None,
    at: datetime,
) -> tuple[LateMove, ...]:
    def late(policy: Policy, step: Step, then: datetime) -> bool:
        return then >= end_of_day(_last_day(policy.calendar, facts, step, then))

    taken = dict(_taken(case))
    found = []
    for step in Step:
        if then := taken.get(step):
            was, would = late(before, step, then), late(after, step, then)
        else:
            was = awaited is step and late(before, step, at)
            would = other_awaited is step and late(after, step, at)
        if was != would:
            found.append(LateMove(step, then, was, would))
    return tuple(found)


def _taken(case: Case) -> list[tuple[Step, datetime]]:
    own, remarks = case.evaluation.self_assessment, case.evaluation.remarks
    return [
        *([(Step.SELF_ASSESSMENT, own.at)] if own else []),
        *([(Step.REMARKS, remarks.at)] if remarks else []),
        *([(Step.DECISION, case.decision.decided_at)] if case.decision and case.decision.grade else []),
        *([(Step.PUBLICATION, case.published.at)] if case.published else []),
    ]


def _awaited(cases: Mapping[str, Case]) -> dict[str, Step]:
    return {id_: step for (_, step), ids in pending(cases.values()).items() for id_ in ids}


def _tallies(cases: Iterable[Case], terms: TermsOf) -> dict[Group, Tally]:
    members: dict[Group, list[Case]] = {}
    for case in cases:
        if group := quota.group_of(case):
            members.setdefault(group, []).append(case)
    return {group: quota.tally(group, each, terms(group)) for group, each in members.items()}


def _other_terms(facts: Facts, before: Policy, after: Policy) -> TermsOf:
    """Return the terms if the other policy's quota held in scoring too.

    Where both policies say the same the month's stay. A decision on record holds as far as the other policy
    lets one allow.
    """

    def terms(group: Group) -> Terms:
        present = facts.terms(group)
        wanted = after.quota if after.quota != before.quota else present
        recorded = facts.recorded.get(group.scope)
        if recorded is None:
            return wanted
        return replace(wanted, rate=max(after.quota.rate, min(recorded.rate, after.highest_rate)))

    return terms


def _rooms(groups: Iterable[Tally]) -> dict[str, Room]:
    """Return who has room for his A: the city's decisions first, then by points.

    Approval has no more than the points of R-22's order, so whoever shares them with the last in is tied.
    """
    found: dict[str, Room] = {}
    for each in groups:
        ranked = sorted(each.holders, key=_rank)
        found |= {
            case.person.id: Room.WITHIN if place < each.limit else Room.BEYOND
            for place, case in enumerate(ranked)
        }
        if 0 < each.limit < len(ranked) and _rank(ranked[each.limit - 1]) == _rank(ranked[each.limit]):
            cut = _rank(ranked[each.limit])
            found |= {case.person.id: Room.TIED for case in ranked if _rank(case) == cut}
    return found


def _rank(case: Case) -> tuple[bool, object]:
    total = case.score.total if case.score else None
    return not case.competence.external, -total if total is not None else 0


def _misfits(case: Case, criteria: Sequence[Criterion]) -> tuple[Misfit, ...]:
    known = {each.id: each for each in criteria}
    found = []
    for stage, values in _valued(case):
        given = {each.criterion_id: each for each in values}
        for id_, value in given.items():
            criterion = known.get(id_)
            if criterion is None or value.points > criterion.maximum:
                found.append(Misfit(stage, id_, value, criterion))
        found += [Misfit(stage, each.id, None, each) for each in criteria if each.id not in given]
    return tuple(found)


def _valued(case: Case) -> list[tuple[Stage, tuple[Value, ...]]]:
    evaluation = case.evaluation
    given = (
        (Stage.SELF, evaluation.self_assessment),
        (Stage.REVIEW, evaluation.remarks),
        (Stage.DECISION, evaluation.decision_values),
    )
    return [(stage, each.values) for stage, each in given if each and each.values]
