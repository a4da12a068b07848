"""Why a result is what it is, so that a person can check it by hand (R-23).

An explanation is figures and rule ids, no sentences: whoever shows it words it. It is computed from the same
inputs as the result and says nothing that the result does not follow from. Its parts are named tuples, which
are made in a third of the time: a city has two million of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from scoring.domain.band import RESULTS_MAXIMUM, Band
from scoring.domain.exact import ZERO, exactly, half_up, plain, quotient
from scoring.domain.grade import Grade
from scoring.domain.person import Person
from scoring.domain.policy import FaultScope, Policy, QuotaBase
from scoring.domain.quota import Placement
from scoring.domain.ratios import Ratio, Ratios
from scoring.domain.score import Result, Score
from scoring.domain.work import KEPT, Fault, Kind, Sums, Task, converted, converted_sums, lost


class Attendance(NamedTuple):
    """R-11: worked and required half-days (``None`` while not recorded), and the least share needed."""

    worked: int
    required: int | None
    threshold: Decimal
    rule: str = "R-11"


@dataclass(frozen=True, slots=True)
class Contribution:
    """R-12: what one task adds to the sums.

    :param lost_quality: outputs lost to failed reviews; ``lost_timeliness`` to missed deadlines
    :param units: nothing that was not assigned or done in the sense of its kind
    :param arithmetic: how each figure comes about, such as ``12 × (2 − 0.5) = 18``
    """

    code: str
    kind: Kind
    coefficient: Decimal
    assigned: Decimal
    accepted: Decimal
    lost_quality: Decimal
    lost_timeliness: Decimal
    units: Sums
    arithmetic: Mapping[str, str]
    rules: tuple[str, ...] = ("R-7", "R-12")


class ExplainedRatio(NamedTuple):
    """R-13, R-16, R-17: one ratio as it is and as it counts."""

    name: str
    numerator: Decimal
    denominator: Decimal
    uncapped: Decimal
    counted: Decimal
    exact: bool
    """Whether ``uncapped`` is the ratio itself, not rounded to 4 decimals."""
    rule: str


class Totalled(NamedTuple):
    """R-15, R-19: the task ratio and the total.

    :param task_ratio: in lowest terms
    :param arithmetic: from the general score and the sums to the rounded total
    """

    common_score: Decimal
    formula: str
    task_ratio: Fraction
    task_points: Decimal
    arithmetic: str
    total: Decimal
    rules: tuple[str, ...] = ("R-15", "R-19")


class ExplainedQuota(NamedTuple):
    """R-21, R-22: the quota of the person's group, and the person's place in it."""

    scope: str
    group: str
    base: QuotaBase
    rate: Decimal
    decision: str | None
    members: int
    candidates: int
    maximum: int
    arithmetic: str
    mark: str
    rank: int | None
    tied: int
    ranked_by: dict[str, str]
    """What R-22 compares, in its order: total, task ratio, uncapped b and c, converted volume done."""
    rules: tuple[str, ...] = ("R-21", "R-22")


class Graded(NamedTuple):
    """R-20, R-25: the band the total falls into, and the grade proposed."""

    band: Band
    thresholds: dict[str, Decimal]
    blocker: str | None
    grade: Grade
    rules: tuple[str, ...] = ("R-20", "R-25")


class Explanation(NamedTuple):
    """Everything a result follows from. Parts that a person without a score has not are ``None``."""

    policy_id: str
    policy_version: int
    legal_basis: tuple[str, ...]
    attendance: Attendance
    tasks: tuple[Contribution, ...]
    sums: Sums
    ratios: tuple[ExplainedRatio, ...]
    total: Totalled | None
    graded: Graded | None
    halved_by: tuple[str, ...]
    """R-16: ids of those in a leader's charge whose totals halve d."""
    quota: ExplainedQuota | None


def explain(policy: Policy, person: Person, result: Result) -> Explanation:
    """Return why ``result`` is what :func:`scoring.domain.score.score_month` made of ``person``."""
    with exactly():
        score = result.score
        return Explanation(
            policy_id=policy.id,
            policy_version=policy.version,
            legal_basis=policy.legal_basis,
            attendance=Attendance(
                person.worked_half_days, person.required_half_days, policy.attendance_threshold
            ),
            tasks=_contributions(person.tasks, policy.fault_scope),
            sums=converted_sums(person.tasks, policy.fault_scope) if score is None else score.ratios.sums,
            ratios=() if score is None else _ratios(score.ratios),
            total=None if score is None else _totalled(person, score),
            halved_by=()
            if score is None or score.ratios.leadership is None
            else score.ratios.leadership.under,
            graded=None if score is None else _graded(policy, person, score),
            quota=None if score is None else _quota(score, score.placement),
        )


def _contributions(tasks: Sequence[Task], scope: FaultScope) -> tuple[Contribution, ...]:
    return tuple(
        [
            _contribution(
                task.code, task.coefficient, task.assigned, task.accepted, task.kind, task.faults, scope
            )
            for task in tasks
        ]
    )


@lru_cache(maxsize=KEPT)
def _contribution(
    code: str,
    coefficient: Decimal,
    assigned: Decimal,
    accepted: Decimal,
    kind: Kind,
    faults: tuple[Fault, ...],
    scope: FaultScope,
) -> Contribution:
    """Write a task out. Nothing of it depends on whose task it is."""
    units = converted(Task(coefficient, assigned, accepted, kind, faults), scope)
    quality, timeliness = lost(accepted, faults, scope) if faults else (ZERO, ZERO)
    each, outputs = plain(coefficient), plain(accepted)
    done = f"{each} × {outputs} = {plain(coefficient * accepted)}"
    arithmetic = {}
    if kind in (Kind.PLANNED, Kind.HANDED_OVER):
        arithmetic["assigned"] = (
            done if assigned == accepted else f"{each} × {plain(assigned)} = {plain(units.assigned)}"
        )
    if kind not in (Kind.HANDED_OVER, Kind.WITHDRAWN):
        arithmetic["done"] = arithmetic["good"] = arithmetic["timely"] = done
        if quality:
            arithmetic["good"] = f"{each} × ({outputs} − {plain(quality)}) = {plain(units.good)}"
        if timeliness:
            arithmetic["timely"] = f"{each} × ({outputs} − {plain(timeliness)}) = {plain(units.timely)}"
        if quality:
            counts = [(fault.outputs, fault.failed_reviews - fault.excused_reviews) for fault in faults]
            arithmetic["lost_quality"] = _loss(counts, outputs, scope, quality)
        if timeliness:
            counts = [(fault.outputs, fault.missed_deadlines - fault.excused_deadlines) for fault in faults]
            arithmetic["lost_timeliness"] = _loss(counts, outputs, scope, timeliness)
    return Contribution(code, kind, coefficient, assigned, accepted, quality, timeliness, units, arithmetic)


def _loss(counts: Sequence[tuple[int, int]], accepted: str, scope: FaultScope, outputs: Decimal) -> str:
    """Write out R-12's loss from (outputs, unexcused faults of each): ``2 × min(1, 0.25 × 1) = 0.5``."""
    if scope is FaultScope.LINE:
        times = sum(each * faults for each, faults in counts)
        return f"{accepted} × min(1, 0.25 × {times}) = {plain(outputs)}"
    parts = [f"{each} × min(1, 0.25 × {faults})" for each, faults in counts if faults]
    written = " + ".join(parts)
    # The last output may be accepted only in part, and then loses no more than that part.
    full = sum(Decimal(each * min(4, faults)) / 4 for each, faults in counts)
    return (
        f"{written} = {plain(outputs)}"
        if full == outputs
        else f"min({accepted}, {written}) = {plain(outputs)}"
    )


_RESULTS_MAXIMUM = plain(RESULTS_MAXIMUM)
_HUNDREDTH = Decimal("0.01")
_RULES = {"a": "R-13", "b": "R-13", "c": "R-13", "d": "R-16", "dd": "R-17", "e": "R-17"}


def _ratios(ratios: Ratios) -> tuple[ExplainedRatio, ...]:
    return tuple(
        [
            ExplainedRatio(
                ratio.name,
                ratio.numerator,
                ratio.denominator,
                *_rounded(ratio.numerator, ratio.denominator, ratio.capped),
                _RULES[ratio.name],
            )
            for ratio in ratios
        ]
    )


@lru_cache(maxsize=KEPT)
def _rounded(numerator: Decimal, denominator: Decimal, capped: bool) -> tuple[Decimal, Decimal, bool]:  # noqa: FBT001
    """Return a ratio as it is, as it counts, and whether the first is exact: often one for a, b and c."""
    ratio = Ratio("", numerator, denominator, capped)
    uncapped = ratio.shown(capped=False)
    return uncapped, ratio.shown(), uncapped * denominator == numerator


def _totalled(person: Person, score: Score) -> Totalled:
    common = person.common_score
    if common is None:
        raise ValueError("a score without a general score")
    numerator, denominator = score.task_ratio
    formula = "(a + b + c) / 3" if score.ratios.leadership is None else "(a + b + c + d + đ + e) / 6"
    return Totalled(
        common_score=common,
        formula=formula,
        task_ratio=quotient(numerator, denominator),
        task_points=half_up(RESULTS_MAXIMUM * numerator, denominator, 4),
        arithmetic=(
            f"{plain(common)} + {_RESULTS_MAXIMUM} × {_mean(score)} = "
            f"{_digits(common * denominator + RESULTS_MAXIMUM * numerator, denominator)} → {score.total!s}"
        ),
        total=score.total,
    )


def _mean(score: Score) -> str:
    """Write the mean out in the converted units: ``(50 + 44 + 46) / (3 × 50)``."""
    ratios, (numerator, denominator) = score.ratios, score.task_ratio
    assigned, leadership = ratios.sums.assigned, ratios.leadership
    counted, units = ratios.counted, plain(assigned)
    written = [units if each is assigned else plain(each) for each in counted]
    if leadership is not None:
        marks = (leadership.field, leadership.organising, leadership.unity)
        written += [f"{mark} % × {units}" for mark in marks]
    mean = f"({' + '.join(written)}) / ({ratios.parts} × {units})"
    if numerator != denominator:
        return mean
    led = assigned * leadership.total * _HUNDREDTH if leadership is not None else ZERO
    # Only with the cap on the total can the parts come to more than 1.
    return mean if sum(counted, led) == numerator else f"min(1, {mean})"


def _digits(numerator: Decimal, denominator: Decimal, places: int = 6) -> str:
    """Return the quotient cut after ``places`` decimals, with an ellipsis where more would follow."""
    if numerator == denominator:
        return "1"
    cut, rest = divmod(numerator.scaleb(places), denominator)
    cut = cut.scaleb(-places)
    return f"{cut:f}…" if rest else plain(cut)


def _graded(policy: Policy, person: Person, score: Score) -> Graded:
    thresholds = {"A": policy.excellent, "B": policy.good, "C": policy.satisfactory}
    return Graded(score.band, thresholds, person.blocker, score.grade)


def _quota(score: Score, placement: Placement) -> ExplainedQuota:
    quota = placement.quota
    sums = score.ratios.sums
    return ExplainedQuota(
        scope=quota.scope,
        group=quota.group,
        base=quota.base,
        rate=quota.rate,
        decision=quota.decision,
        members=quota.members,
        candidates=quota.candidates,
        maximum=quota.maximum,
        arithmetic=_limit(quota.rate, quota.members, quota.base, quota.maximum),
        mark=placement.mark.value,
        rank=placement.rank,
        tied=placement.tied,
        ranked_by={
            "total": str(score.total),
            "task_ratio": _digits(*score.task_ratio),
            "b": _digits(sums.good, sums.assigned),
            "c": _digits(sums.timely, sums.assigned),
            "done": plain(sums.done),
        },
    )


@lru_cache(maxsize=KEPT)
def _limit(rate: Decimal, members: int, base: QuotaBase, maximum: int) -> str:
    """Write out A_max, the same for everybody in a group (R-21)."""
    written = plain(rate)
    if base is QuotaBase.GOOD:
        return f"⌊{written} × {members} / (1 + {written})⌋ = {maximum}"
    return f"⌊{written} × {members}⌋ = {maximum}"


def as_json(explained: object) -> object:
    """Return an explanation, or a part of one, as what JSON can hold; amounts are exact decimal strings."""
    if isinstance(explained, Decimal):
        return plain(explained)
    if isinstance(explained, Fraction):
        return str(explained)
    if isinstance(explained, dict):
        return {name: as_json(value) for name, value in explained.items()}
    if hasattr(explained, "_asdict"):
        return as_json(explained._asdict())
    if isinstance(explained, Sequence) and not isinstance(explained, str):
        return [as_json(value) for value in explained]
    if hasattr(explained, "__dataclass_fields__"):
        return {name: as_json(getattr(explained, name)) for name in explained.__dataclass_fields__}
    return explained if explained is None or isinstance(explained, int) else str(explained)
