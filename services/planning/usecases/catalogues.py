"""The catalogue: proposed by a unit, put in force by a decision (R-3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.auth import Actor
from chassis.days import Month, legal_day
from chassis.errors import Forbidden, Invalid
from planning import storage
from planning.domain.catalogue import Catalogue, Entry, coefficient, entry_problems, points_problem
from planning.domain.problem import BadContent, Problem
from planning.usecases import log
from planning.usecases.rights import turn
from planning.usecases.unit_plans import unit_leaders
from planning.wire import messages


class UnknownUnit(Invalid):
    """The ward has no such unit."""

    vi = "{field}: phường không có đơn vị {unit_id}."
    en = "{field}: the ward has no unit {unit_id}."


class NotProposer(Forbidden):
    """A catalogue is proposed by the unit's head and deputies, or handed in by the clerk or the organizer."""

    vi = "Chỉ lãnh đạo đơn vị {unit_id}, văn thư hoặc bộ phận tổ chức được trình danh mục của đơn vị."
    en = "Only the leaders of the unit {unit_id}, the clerk and the organizer propose its catalogue."


class NoProposingUnit(Forbidden):
    """Only the clerk and the organizer hand a catalogue in without the unit that proposes it."""

    vi = "Hãy nêu đơn vị đề xuất mà bạn lãnh đạo; không nêu thì chỉ văn thư hoặc bộ phận tổ chức được trình."
    en = "Name the proposing unit that you lead: without one only the clerk and the organizer propose."


class EmptyCatalogue(Invalid):
    """A catalogue has entries."""

    vi = "Danh mục chưa có mục nào."
    en = "The catalogue has no entries."


class BadCatalogue(BadContent):
    """The entries of a catalogue break rules."""

    vi = "Danh mục chưa hợp lệ: {problems_vi}"
    en = "The catalogue breaks rules: {problems_en}"


def propose_catalogue(
    session: Session,
    *,
    ward_id: str,
    from_month: Month,
    standard_points: Decimal,
    proposed_by: str,
    entries: Sequence[Entry],
    given: Sequence[Decimal | None],
    actor: Actor,
    at: datetime,
) -> Catalogue:
    """Keep a new version as proposed (R-3).

    :param entries: with whatever coefficient: it is computed here
    :param given: the coefficients as they were handed in, None where they were left out
    :raises NotProposer: if the caller neither leads the unit nor is a clerk or an organizer
    :raises BadCatalogue: if entries break rules
    """
    turn(session, ward_id)
    storage.ward(session, ward_id)
    check_proposes(session, ward_id=ward_id, unit_id=proposed_by, actor=actor, at=at)
    if storage.unit(session, ward_id, proposed_by) is None:
        raise UnknownUnit(field="proposed_by", unit_id=proposed_by)
    if problem := points_problem(standard_points):
        raise BadCatalogue([("", Problem("standard_points", problem.vi, problem.en))])
    if not entries:
        raise EmptyCatalogue(field="entries")
    if found := entry_problems(entries, given, standard_points):
        raise BadCatalogue([(f"entries[{place}]", problem) for place, problem in found])
    weighed = [replace(each, coefficient=coefficient(each.points, standard_points)) for each in entries]
    proposed = Catalogue(
        ward_id=ward_id,
        version=storage.next_catalogue_version(session, ward_id),
        from_month=from_month,
        standard_points=standard_points,
        proposed_by=proposed_by,
        entry_count=len(weighed),
    )
    storage.add_catalogue(session, proposed, weighed)
    changes = log.catalogue("propose_catalogue", None, proposed, weighed, log.by_office(actor))
    audit.record(session, ward_id, str(from_month), changes, actor_id=actor.person_id, at=at)
    return proposed


def check_proposes(session: Session, *, ward_id: str, unit_id: str, actor: Actor, at: datetime) -> None:
    """Refuse whoever may not propose a unit's catalogue (R-3).

    A unit's leaders are those of today, whatever month the version is for.

    :raises NotProposer: if the caller neither leads the unit nor is a clerk or an organizer
    :raises NoProposingUnit: likewise, where no unit is named
    """
    if actor.has("clerk", "organizer"):
        return
    if not unit_id:
        raise NoProposingUnit
    month = storage.ward(session, ward_id).month_of(legal_day(at))
    people = storage.posts(session, ward_id, month)
    if actor.person_id not in unit_leaders(people.values(), unit_id):
        raise NotProposer(unit_id=unit_id)


def approve_catalogue(
    session: Session, *, ward_id: str, version: int, decision: str, actor: Actor, at: datetime
) -> Catalogue:
    """Put a version in force from its month on, and announce it (R-3).

    :raises UnknownCatalogue: if there is no such version
    :raises AlreadyApproved: if another decision put it in force before
    """
    turn(session, ward_id)
    before = storage.catalogue(session, ward_id, version)
    approved = before.approve(decision=decision, at=at)
    if approved != before:
        storage.approve_catalogue(session, approved)
        outbox.add(session, messages.catalogue_approved(approved), subject=str(version))
        changes = log.catalogue("approve_catalogue", before, approved, (), audit.office("organizer"))
        audit.record(session, ward_id, str(approved.from_month), changes, actor_id=actor.person_id, at=at)
    return approved
