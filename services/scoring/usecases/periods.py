"""Quarter, half-year and year (R-24)."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.auth import Actor
from chassis.errors import Invalid, NotFound
from scoring import storage, wire
from scoring.domain.grade import Grade
from scoring.domain.in_force import in_force
from scoring.domain.period import (
    BadPeriod,
    Period,
    PeriodScore,
    UnitGrade,
    candidates,
    members,
    score_period,
)
from scoring.domain.person import Role
from scoring.domain.score import Merits, merits_again
from scoring.usecases import log
from scoring.usecases.asking import UnknownPolicy, check_may_see, visible_to
from scoring.usecases.policies import LONGEST_TEXT, DocumentMissing, policies_of


class NoSuchPeriod(NotFound):
    """The person has no scorecard in any month of the period."""

    vi = "{person_id} chưa có tháng nào được tính trong kỳ {period}."
    en = "No month of {person_id} has been computed in {period}."


class NotTheHead(Invalid):
    """A unit's head holds a leading post in it at the end of the year."""

    vi = "{field}: {person_id} không giữ chức vụ lãnh đạo ở đơn vị {unit_id} vào cuối năm {period}."
    en = "{field}: {person_id} holds no leading post in the unit {unit_id} at the end of {period}."


class GradeMissing(Invalid):
    """A unit's grade is A, B, C or D."""

    vi = "{field}: ghi xếp loại A, B, C hoặc D."
    en = "{field}: state the grade A, B, C or D."


def get_period(
    session: Session, actor: Actor, *, ward_id: str, person_id: str, period: Period, at: datetime
) -> PeriodScore:
    """Return a person's period.

    :raises NotYourScore: to those whom it does not concern
    :raises NoSuchPeriod: if none of its months was computed
    """
    check_may_see(session, actor, ward_id, period.months[-1], person_id, at=at)
    found = _scored(session, ward_id, period).get(person_id)
    if found is None:
        raise NoSuchPeriod(person_id=person_id, period=period.name)
    return found


def list_periods(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    period: Period,
    unit_id: str,
    after: str,
    limit: int,
    at: datetime,
) -> list[PeriodScore]:
    """Return the periods of those whom the caller may see, by person."""
    seen = visible_to(session, actor, ward_id, period.months[-1], at=at)
    return [
        found
        for id_, found in sorted(_scored(session, ward_id, period).items(), key=lambda each: each[0])
        if id_ > after and (seen is None or id_ in seen) and unit_id in ("", found.member.last.unit)
    ][:limit]


def record_unit_grade(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    unit_id: str,
    period: Period,
    grade: Grade | None,
    document: str,
    head_id: str,
    at: datetime,
) -> UnitGrade:
    """Record a unit's grade of a year with its document; a later record replaces an earlier one.

    :raises BadPeriod: for anything but a year
    :raises NotTheHead: if the person leads nothing in the unit
    """
    if not period.is_year:
        raise BadPeriod(field="period", found=repr(period.name))
    if grade is None:
        raise GradeMissing(field="grade")
    if not 0 < len(document.strip()) <= LONGEST_TEXT:
        raise DocumentMissing(field="document")
    posts = {post.person_id: post for post in storage.posts_of(session, ward_id, period.months[-1])}
    post = posts.get(head_id)
    if post is None or not post.active or post.role is not Role.LEADER or post.unit != unit_id:
        raise NotTheHead(field="head_id", person_id=head_id, unit_id=unit_id, period=period.name)
    storage.hold_policies(session)
    before = storage.unit_grades_of(session, ward_id, period.name).get(unit_id)
    recorded = UnitGrade(
        ward_id,
        period.name,
        unit_id,
        grade,
        document.strip(),
        head_id,
        actor.person_id,
        at,
        before.revision + 1 if before else 1,
    )
    storage.put_unit_grade(session, recorded)
    log.unit_grade(session, before, recorded)
    outbox.add(session, wire.unit_grade_recorded(recorded), subject=f"{period.name} {unit_id}")
    return recorded


def _scored(session: Session, ward_id: str, period: Period) -> dict[str, PeriodScore]:
    last = period.months[-1]
    standing = storage.month_of(session, ward_id, last)
    policies = (
        policies_of(session, standing)
        if standing
        else in_force(storage.versions_of(session, ward_id), ward_id, last)
    )
    types = {post.person_id: post.personnel_type for post in storage.posts_of(session, ward_id, last)}
    unit_grades = storage.unit_grades_of(session, ward_id, period.name) if period.is_year else {}
    people = members(storage.cards_in(session, ward_id, period.months), policies, types, unit_grades)
    found = storage.evaluated_in(session, ward_id, period.months, candidates(people))
    named = storage.policies_named(session, {card.policy for card, _, _ in found})
    merits: defaultdict[str, list[Merits]] = defaultdict(list)
    for card, person, under in found:
        if card.policy not in named:
            raise UnknownPolicy(policy=card.policy)
        merits[card.person_id].append(merits_again(named[card.policy], person, under))
    return score_period(people, merits)
