"""Scoring a month: everybody's status, total, band and proposed grade (R-11 to R-22, R-25)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import NamedTuple

from scoring.domain import band as bands
from scoring.domain import charge, quota
from scoring.domain.attendance import attended
from scoring.domain.band import Band
from scoring.domain.exact import exactly, quotient
from scoring.domain.grade import Grade, proposed
from scoring.domain.person import Person, Role
from scoring.domain.policy import Policies, Policy
from scoring.domain.quota import Placement, Scope, Standing
from scoring.domain.ratios import Leadership, Ratios
from scoring.domain.unfit import Unfit
from scoring.domain.work import Sums, converted_sums


class Status(StrEnum):
    """How far a person's month has come."""

    EVALUATED = "evaluated"
    """Được đánh giá: has a score."""
    NOT_EVALUATED = "not_evaluated"
    """Không đánh giá: in no quota, in no mean, in no leader's d (R-11)."""
    INSUFFICIENT_DATA = "insufficient_data"
    """Chưa đủ dữ liệu: no score until the superior acts (R-14)."""
    WAITING = "waiting"
    """Chờ: a leader whose people have no result yet (R-16)."""


class Reason(StrEnum):
    """Why there is no score."""

    ATTENDANCE = "attendance"
    """Worked under the threshold of the required time (R-11)."""
    SET_BY_AUTHORITY = "set_by_authority"
    """The authority decided not to evaluate (R-14)."""
    NO_WORKING_TIME = "no_working_time"
    """The working time has not been recorded, so attendance cannot be judged (R-10, R-11)."""
    NO_ASSIGNED_WORK = "no_assigned_work"
    """Nothing was assigned, so there is nothing to compare with (R-14)."""
    NO_GENERAL_ASSESSMENT = "no_general_assessment"
    """The general criteria have not been assessed (R-18)."""
    NO_LEADERSHIP_ASSESSMENT = "no_leadership_assessment"
    """A leader's đ and e have not been assessed (R-17)."""
    SUBORDINATES = "subordinates"
    """People in the leader's charge have no result yet (R-16)."""
    MANAGEMENT_CYCLE = "management_cycle"
    """He and others are in one another's charge, so that each would wait for himself (R-16)."""
    NOT_IN_MONTH = "not_in_month"
    """Had a result, but has since turned out not to belong to the month (R-1)."""


class Merits(NamedTuple):
    """What the quota ranks by, each higher first, in this order (R-22)."""

    total: Decimal
    task_ratio: Fraction
    quality: Fraction
    """b, uncapped."""
    timeliness: Fraction
    """c, uncapped."""
    done: Decimal
    """Converted volume done."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of an evaluated person. Score, band and grade are three things (R-25).

    :param task_ratio: numerator and denominator of the mean of the ratios
    :param total: 0 to 100, rounded to 2 decimals
    :param grade: proposed; the authority decides
    """

    ratios: Ratios
    task_ratio: tuple[Decimal, Decimal]
    total: Decimal
    band: Band
    grade: Grade
    placement: Placement


@dataclass(frozen=True, slots=True)
class Result:
    """What a month came to for one person: a ``score`` if evaluated, else a ``reason``."""

    person_id: str
    status: Status
    reason: Reason | None = None
    waiting_for: tuple[str, ...] = ()
    score: Score | None = None


class _Draft(NamedTuple):
    """A score before the quota has spoken."""

    ratios: Ratios
    task_ratio: tuple[Decimal, Decimal]
    total: Decimal
    band: Band


_UNSETTLED = frozenset({Status.INSUFFICIENT_DATA, Status.WAITING})


def score_month(policies: Policies, people: Sequence[Person], scopes: Sequence[Scope] = ()) -> list[Result]:
    """Score a month: one result for each person, in the order of ``people``.

    Depends on nothing but its arguments, and on the order of people, tasks and scopes not at all.

    :param policies: one policy, or one for each personnel type
    :param scopes: the quota's scopes that have a rate of their own, by the people's ``scope``
    :raises Unfit: if the month cannot be scored as given; ``place`` says where, counting from 0
    """
    with exactly():
        policy_of = {
            personnel_type: policies.of(personnel_type)
            for personnel_type in dict.fromkeys(["", *(person.personnel_type for person in people)])
        }
        for policy in policy_of.values():
            policy.check()
        by_scope = quota.check_scopes(scopes)
        for index, person in enumerate(people):
            try:
                person.check()
            except Unfit as refusal:
                raise refusal.within(f"people[{index}]") from None
        where = charge.indices(people)
        results: list[Result | None] = [None] * len(people)
        drafts: dict[int, _Draft] = {}
        for index in charge.order(people, where):
            person = people[index]
            outcome = _outcome(policy_of[person.personnel_type], person, where, results, drafts)
            if isinstance(outcome, Result):
                results[index] = outcome
            else:
                drafts[index] = outcome
        standings = {
            index: _standing(policy_of[people[index].personnel_type], people[index], draft)
            for index, draft in drafts.items()
        }
        placements = quota.place(standings, by_scope)
        return [
            _evaluated(person, drafts[index], placements[index]) if unscored is None else unscored
            for index, (person, unscored) in enumerate(zip(people, results, strict=True))
        ]


def _outcome(
    policy: Policy,
    person: Person,
    where: Mapping[str, int],
    results: Sequence[Result | None],
    drafts: Mapping[int, _Draft],
) -> Result | _Draft:
    required = person.required_half_days
    if required is not None and not attended(person.worked_half_days, required, policy.attendance_threshold):
        return Result(person.id, Status.NOT_EVALUATED, Reason.ATTENDANCE)
    if person.set_aside:
        return Result(person.id, Status.NOT_EVALUATED, Reason.SET_BY_AUTHORITY)
    if person.entangled:
        return Result(person.id, Status.WAITING, Reason.MANAGEMENT_CYCLE, person.entangled)
    if required is None:
        return Result(person.id, Status.INSUFFICIENT_DATA, Reason.NO_WORKING_TIME)
    sums = converted_sums(person.tasks, policy.fault_scope)
    if not sums.assigned:
        return Result(person.id, Status.INSUFFICIENT_DATA, Reason.NO_ASSIGNED_WORK)
    if person.common_score is None:
        return Result(person.id, Status.INSUFFICIENT_DATA, Reason.NO_GENERAL_ASSESSMENT)
    if person.role is Role.STAFF:
        return _draft(policy, person.common_score, sums, None)
    if person.organising is None or person.unity is None:
        return Result(person.id, Status.INSUFFICIENT_DATA, Reason.NO_LEADERSHIP_ASSESSMENT)
    waiting_for = []
    under = []
    for id_ in person.manages:
        below = where[id_]
        unscored = results[below]
        if unscored is None:
            if drafts[below].total < policy.satisfactory:
                under.append(id_)
        elif unscored.status in _UNSETTLED:
            waiting_for.append(id_)
    if waiting_for:
        return Result(person.id, Status.WAITING, Reason.SUBORDINATES, tuple(sorted(waiting_for)))
    leadership = Leadership(50 if under else 100, person.organising, person.unity, tuple(sorted(under)))
    return _draft(policy, person.common_score, sums, leadership)


def rescore(policy: Policy, person: Person, under: tuple[str, ...], placement: Placement) -> Score:
    """Return the score of an evaluated person anew, without the rest of the month.

    :param under: ids of those in his charge whose totals halved d
    :param placement: where the quota put him
    :raises ValueError: if the person cannot have been evaluated
    """
    with exactly():
        scored = _evaluated(person, _redrafted(policy, person, under), placement).score
        if scored is None:
            raise AssertionError("unreachable")
        return scored


def merits_again(policy: Policy, person: Person, under: tuple[str, ...]) -> Merits:
    """Return what an evaluated person was ranked by, without the rest of the month.

    :param under: ids of those in his charge whose totals halved d
    :raises ValueError: if the person cannot have been evaluated
    """
    with exactly():
        return merits(_redrafted(policy, person, under))


def _redrafted(policy: Policy, person: Person, under: tuple[str, ...]) -> _Draft:
    common, leadership = person.common_score, None
    if person.role is Role.LEADER:
        if person.organising is None or person.unity is None:
            raise ValueError(f"{person.id} has no đ or e")
        leadership = Leadership(50 if under else 100, person.organising, person.unity, under)
    if common is None:
        raise ValueError(f"{person.id} has no general score")
    sums = converted_sums(person.tasks, policy.fault_scope)
    if not sums.assigned:
        raise ValueError(f"{person.id} was assigned nothing")
    return _draft(policy, common, sums, leadership)


def _draft(policy: Policy, common_score: Decimal, sums: Sums, leadership: Leadership | None) -> _Draft:
    ratios = Ratios(sums, leadership, policy.cap)
    numerator, denominator = ratios.mean()
    total = bands.total(common_score, numerator, denominator)
    return _Draft(ratios, (numerator, denominator), total, bands.band(total, policy))


def _standing(policy: Policy, person: Person, draft: _Draft) -> Standing:
    return Standing(
        policy, person.scope, person.group, draft.band, person.blocker is not None, partial(merits, draft)
    )


def merits(of: Score | _Draft) -> Merits:
    """Return what R-22 ranks by, in its order."""
    sums = of.ratios.sums
    return Merits(
        of.total,
        quotient(*of.task_ratio),
        quotient(sums.good, sums.assigned),
        quotient(sums.timely, sums.assigned),
        sums.done,
    )


def _evaluated(person: Person, draft: _Draft, placement: Placement) -> Result:
    grade = proposed(draft.band, placement.mark, blocked=person.blocker is not None)
    score = Score(draft.ratios, draft.task_ratio, draft.total, draft.band, grade, placement)
    return Result(person.id, Status.EVALUATED, score=score)
