"""An explanation as it goes over the wire: contributions, steps of arithmetic, and text (R-23)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.domain.exact import plain
from scoring.domain.explanation import ExplainedQuota, ExplainedRatio, Explanation, explain
from scoring.domain.facts import Line
from scoring.domain.person import Person
from scoring.domain.policy import Cap, Policy
from scoring.domain.score import Reason, Result
from scoring.domain.work import Kind
from scoring.offline.wording import Language, worded

_KINDS = {
    Kind.PLANNED: types.TASK_KIND_PLANNED,
    Kind.EXTRA: types.TASK_KIND_EXTRA,
    Kind.TAKEN_OVER: types.TASK_KIND_TAKEN_OVER,
    Kind.HANDED_OVER: types.TASK_KIND_HANDED_OVER,
    Kind.WITHDRAWN: types.TASK_KIND_WITHDRAWN,
}
_RULES = {
    Reason.ATTENDANCE: "R-11",
    Reason.SET_BY_AUTHORITY: "R-14",
    Reason.NO_WORKING_TIME: "R-11",
    Reason.NO_ASSIGNED_WORK: "R-14",
    Reason.NO_GENERAL_ASSESSMENT: "R-18",
    Reason.NO_LEADERSHIP_ASSESSMENT: "R-17",
    Reason.SUBORDINATES: "R-16",
    Reason.MANAGEMENT_CYCLE: "R-16",
    Reason.NOT_IN_MONTH: "R-1",
}


def explanation(
    policy: Policy,
    person: Person,
    lines: Sequence[Line],
    result: Result,
    *,
    score: pb.Score,
    quota: pb.Quota | None,
    language: Language,
) -> pb.ExplainScoreResponse:
    """Return why a result is what it is; ``lines`` name the person's tasks, in the same order."""
    tasks = tuple(
        replace(line.task, code=" ".join(part for part in (line.task.code, line.name) if part))
        for line in lines
    )
    named = replace(person, tasks=tasks)
    explained = explain(policy, named, result)
    return pb.ExplainScoreResponse(
        score=score,
        tasks=[
            pb.TaskContribution(
                task_id=line.task_id,
                name=line.name,
                kind=_KINDS[each.kind],
                coefficient=plain(each.coefficient),
                assigned=plain(each.assigned),
                accepted=plain(each.accepted),
                converted_assigned=plain(each.units.assigned),
                converted_done=plain(each.units.done),
                converted_good=plain(each.units.good),
                converted_timely=plain(each.units.timely),
            )
            for line, each in zip(lines, explained.tasks, strict=True)
        ],
        steps=list(_steps(explained, result, policy.cap)),
        quota=quota,
        text=worded(named, result, explained, language),
    )


def _steps(explained: Explanation, result: Result, cap: Cap) -> Iterator[pb.Step]:
    attendance = explained.attendance
    if attendance.required is not None:
        least = plain(attendance.threshold)
        enough = attendance.worked >= attendance.threshold * attendance.required
        yield _step(
            "R-11",
            "attendance",
            f"{attendance.worked} ≥ {least} × {attendance.required}",
            "evaluated" if enough else "not_evaluated",
        )
    for name in ("assigned", "done", "good", "timely"):
        parts = [plain(getattr(task.units, name)) for task in explained.tasks]
        yield _step("R-12", name, " + ".join(parts) or "0", plain(getattr(explained.sums, name)))
    if result.reason is not None:
        formula = result.reason.value
        if result.waiting_for:
            formula += ": " + ", ".join(result.waiting_for)
        yield _step(_RULES[result.reason], "status", formula, result.status.value)
    for ratio in explained.ratios:
        yield _ratio(ratio, explained.halved_by, cap)
    if explained.total is None or explained.graded is None or explained.quota is None:
        return
    total, graded, quota = explained.total, explained.graded, explained.quota
    yield _step("R-15", "task_ratio", total.formula, str(total.task_ratio))
    yield _step("R-19", "total", total.arithmetic.partition(" → ")[0], f"{total.total:f}")
    bounds = ", ".join(f"{letter} ≥ {plain(least)}" for letter, least in graded.thresholds.items())
    yield _step("R-20", "band", bounds, graded.band.value)
    formula, _, limit = quota.arithmetic.rpartition(" = ")
    yield _step("R-21", "A_max", formula, limit)
    if quota.rank is not None:
        ranked_by = ", ".join(f"{name} {value}" for name, value in quota.ranked_by.items())
        yield _step("R-22", "rank", ranked_by, str(quota.rank))
        yield _step("R-22", "quota", _cut(quota, quota.rank), quota.mark)
    if graded.blocker:
        yield _step("R-20", "blocker", graded.blocker, "D")
    yield _step("R-25", "proposed_grade", f"{graded.band.value}, {quota.mark}", graded.grade.value)


def _cut(quota: ExplainedQuota, rank: int) -> str:
    """Write down where the cut A_max falls among those who share a rank."""
    last = rank + quota.tied - 1
    if last <= quota.maximum:
        return f"{last} ≤ {quota.maximum}"
    return f"{rank} ≤ {quota.maximum} < {last}" if rank <= quota.maximum else f"{rank} > {quota.maximum}"


def _ratio(ratio: ExplainedRatio, halved_by: Sequence[str], cap: Cap) -> pb.Step:
    value = Fraction(ratio.numerator) / Fraction(ratio.denominator)
    formula = f"{plain(ratio.numerator)} / {plain(ratio.denominator)}"
    if ratio.name == "d" and halved_by:
        formula += " (" + ", ".join(halved_by) + " < 50)"
    if value > 1 and cap is Cap.COMPONENT:
        return _step(ratio.rule, ratio.name, f"min(1, {formula})", "1")
    return _step(ratio.rule, ratio.name, formula, plain(ratio.uncapped) if ratio.exact else str(value))


def _step(rule: str, name: str, formula: str, result: str) -> pb.Step:
    return pb.Step(rule=rule, name=name, formula=formula, result=result)
