"""Planning a quota: the fewest changes, and the groups that are too small for any A (R-21, R-22)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.errors import Invalid, NotFound
from scoring import storage
from scoring.domain.band import Band
from scoring.domain.grade import Grade
from scoring.domain.in_force import in_force
from scoring.domain.quota import Standing
from scoring.domain.quota_plan import ScopePlan, plan
from scoring.domain.score import merits, score_month
from scoring.usecases.asking import led_scopes
from scoring.usecases.policies import policies_of


class NoTotal(Invalid):
    """Only somebody who was evaluated, in a scope that the caller may plan, can be planned for."""

    vi = "{field}: {person_id} chưa có tổng điểm tháng {month} hoặc không thuộc phạm vi bạn được xem."
    en = "{field}: {person_id} has no total for {month}, or is in no scope that you may see."


class UnknownScope(NotFound):
    """A scope is one in which somebody competes in the month, and that the caller may plan."""

    vi = "Tháng {month} không có ai thuộc phạm vi tính tỷ lệ {quota_scope} mà bạn được xem."
    en = "Nobody competes in the quota scope {quota_scope} in {month}, or you may not see it."


@dataclass(frozen=True, slots=True)
class Planned:
    """Plans, and the totals of those named in them."""

    scopes: list[ScopePlan]
    totals: Mapping[str, Decimal]


def plan_quota(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    month: str,
    quota_scope: str,
    wanted: Mapping[str, Grade],
    at: datetime,
) -> Planned:
    """Return a plan for each scope that the caller may see; nothing is decided.

    :param quota_scope: only this one; empty for all
    :param wanted: grades to start from; whoever is not named starts from the band of his score, or from D
        with a blocker
    :raises UnknownScope: if nobody competes in the scope that is named, or it is not the caller's to plan
    :raises NoTotal: for somebody named who has no total
    """
    led = led_scopes(session, actor, ward_id, month, at=at)
    facts = storage.facts_of(session, ward_id, month).facts
    standing = storage.month_of(session, ward_id, month)
    policies = (
        policies_of(session, standing)
        if standing
        else in_force(storage.versions_of(session, ward_id), ward_id, month)
    )
    people = facts.people()
    starting: dict[str, Standing] = {}
    holding: dict[str, Standing] = {}
    totals: dict[str, Decimal] = {}
    for person, result in zip(people, score_month(policies, people, facts.scopes), strict=True):
        if (led is not None and person.scope not in led) or quota_scope not in ("", person.scope):
            continue
        policy = policies.of(person.personnel_type)
        held = Standing(policy, person.scope, person.group, Band.B, blocked=False, merits=tuple)
        holding[person.id] = held
        if (score := result.score) is None:
            continue
        totals[person.id] = score.total
        start = wanted.get(person.id)
        starting[person.id] = replace(
            held,
            band=Band(start) if start else score.band,
            blocked=start is None and person.blocker is not None,
            merits=partial(merits, score),
        )
    if quota_scope and not holding:
        raise UnknownScope(field="quota_scope", quota_scope=quota_scope, month=month)
    for index, id_ in enumerate(wanted):
        if id_ not in starting:
            raise NoTotal(field=f"wanted[{index}].person_id", person_id=id_, month=month)
    return Planned(plan(starting, holding, {scope.id: scope for scope in facts.scopes}), totals)
