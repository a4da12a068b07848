"""Quarters, half-years and years as they go over the wire, with their arithmetic (R-23, R-24)."""

from collections.abc import Iterator, Mapping

from chassis.instants import timestamp
from kpi.scoring.v1 import events_pb2 as events
from kpi.scoring.v1 import scoring_pb2 as pb
from scoring.domain.exact import plain
from scoring.domain.grade import Grade
from scoring.domain.means import not_above
from scoring.domain.period import Period, PeriodScore, UnitGrade
from scoring.domain.policy import QuotaBase
from scoring.domain.quota import Quota
from scoring.domain.scorecard import Scorecard
from scoring.wire.scores import LETTERS, OUTCOMES, STATUSES, digits, told_reason


def period_score(ward_id: str, period: Period, found: PeriodScore) -> pb.PeriodScore:
    """Return a person's period as the contract writes it."""
    member, last, placement = found.member, found.member.last, found.placement
    quota = placement.quota if placement else None
    unit = member.unit_grade
    return pb.PeriodScore(
        ward_id=ward_id,
        person_id=member.person_id,
        unit_id=last.unit,
        period=period.name,
        months=[_month(month, member.cards) for month in period.months],
        evaluated=len(member.evaluated),
        open_months=member.open_months,
        total=digits(found.total),
        band=LETTERS[found.band or ""],
        proposed_grade=LETTERS[found.grade or ""],
        quota=OUTCOMES[placement.mark if placement else None],
        rank=(placement.rank or 0) if placement else 0,
        quota_scope=last.scope,
        duty_group=last.group,
        base=quota.members if quota else 0,
        limit=quota.maximum if quota else 0,
        rate=plain(quota.rate) if quota else "",
        policy=member.policy.name,
        blockers=member.blockers,
        unit_grade=LETTERS[unit.grade if unit else ""],
        unit_document=unit.document if unit else "",
    )


def explained_period(ward_id: str, period: Period, found: PeriodScore) -> pb.GetPeriodResponse:
    """Return a person's period with the arithmetic down to the proposed grade."""
    return pb.GetPeriodResponse(period=period_score(ward_id, period, found), steps=list(_steps(found)))


def unit_grade(recorded: UnitGrade) -> pb.UnitGrade:
    """Return a unit's grade as the contract writes it."""
    return pb.UnitGrade(
        ward_id=recorded.ward_id,
        unit_id=recorded.unit_id,
        period=recorded.period,
        grade=LETTERS[recorded.grade],
        document=recorded.document,
        head_id=recorded.head_id,
        recorded_by=recorded.recorded_by,
        recorded_at=timestamp(recorded.recorded_at),
        revision=recorded.revision,
    )


def unit_grade_recorded(recorded: UnitGrade) -> events.UnitGradeRecorded:
    """Return the event of a recorded unit's grade."""
    return events.UnitGradeRecorded(ward_id=recorded.ward_id, unit_grade=unit_grade(recorded))


def _month(month: str, cards: Mapping[str, Scorecard]) -> pb.PeriodMonth:
    card = cards.get(month)
    if card is None:
        return pb.PeriodMonth(month=month)
    return pb.PeriodMonth(
        month=month,
        status=STATUSES[card.status],
        reason=told_reason(card),
        total=digits(card.total),
        policy=card.policy,
    )


def _steps(found: PeriodScore) -> Iterator[pb.Step]:
    member, placement = found.member, found.placement
    if found.total is None or found.band is None or found.grade is None or placement is None:
        yield _step("R-24", "total", "0 months", "not_evaluated")
        return
    totals = [digits(member.cards[month].total) for month in member.evaluated]
    yield _step("R-24", "total", f"({' + '.join(totals)}) / {len(totals)}", digits(found.total))
    policy = member.policy
    bounds = f"A ≥ {plain(policy.excellent)}, B ≥ {plain(policy.good)}, C ≥ {plain(policy.satisfactory)}"
    yield _step("R-20", "band", bounds, found.band.value)
    if unit := member.unit_grade:
        least = not_above(Grade(found.band), unit.grade)
        yield _step("R-24", "unit_grade", f"{found.band} ≤ {unit.grade} ({unit.document})", least.value)
    quota = placement.quota
    yield _step("R-21", "A_max", _a_max(quota), str(quota.maximum))
    if placement.rank is not None:
        yield _step("R-22", "rank", f"{quota.candidates} in band A", str(placement.rank))
        yield _step("R-22", "quota", f"A_max {quota.maximum}", placement.mark.value)
    if member.blockers:
        yield _step("R-20", "blocker", ", ".join(member.blockers), "D")
    yield _step("R-25", "proposed_grade", f"{found.band}, {placement.mark}", found.grade.value)


def _a_max(quota: Quota) -> str:
    rate = plain(quota.rate)
    if quota.base is QuotaBase.GOOD:
        return f"⌊{rate} × {quota.members} / (1 + {rate})⌋"
    return f"⌊{rate} × {quota.members}⌋"


def _step(rule: str, name: str, formula: str, result: str) -> pb.Step:
    return pb.Step(rule=rule, name=name, formula=formula, result=result)
