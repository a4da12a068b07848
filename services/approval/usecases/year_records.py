"""The annual sheets (Mẫu số 02): issued once for what they tell of, kept with the record (R-24, R-31)."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from approval.domain.case import Case
from approval.domain.person import UnknownPerson, named
from approval.domain.record.document import Kind, PersonOrUnit, Record, numbered
from approval.domain.record.facts import Agency, NothingToRecord, NotPublished
from approval.domain.record.printing import plain
from approval.domain.record.year_sheet import PersonYear, year_sheet
from approval.domain.year import Year, YearNotOver, months_of
from approval.storage import records
from approval.usecases.records import AT_ONCE, Issued, Job, in_formats, log_issued
from approval.usecases.ward_month import WardMonth
from approval.usecases.years import WardYear, take_year, whole
from chassis.auth import Actor

_KIND: Final = Kind.YEAR_SHEET


def year_jobs(session: Session, *, ward_id: str, year: str, person_id: str, unit_id: str) -> list[Job]:
    """Return the annual sheets to issue of a person, of a unit's people, or of everybody.

    A unit's people are those who are in it in their last month.

    :raises NoYear: if no month of it was opened
    :raises YearNotOver: before December is published whole
    :raises NotPublished: while a month of somebody it is about is not published
    :raises PersonOrUnit: if both are given
    """
    if person_id and unit_id:
        raise PersonOrUnit(field="person_id")
    of = take_year(session, ward_id, year, [person_id] if person_id else None)
    if of.opened[-1].month != months_of(year)[-1] or not of.opened[-1].opened.publication_revision:
        raise YearNotOver(year=year, field="month")
    wanted = [each for each in of.people if not unit_id or _last(of, each)[1].person.unit_id == unit_id]
    if person_id and person_id not in wanted:
        raise UnknownPerson(person=person_id, month=year)
    if unit_id:
        of.opened[-1].roster.check_unit(unit_id)
    if not wanted:
        raise NothingToRecord
    waiting = [
        case.person
        for each in wanted
        for case in [next((one for one in of.of(each).values() if not one.published), None)]
        if case
    ]
    if waiting:
        raise NotPublished(count=len(waiting), people=named(waiting))
    ordered = sorted(wanted, key=lambda each: (_last(of, each)[1].person.unit_id, each))
    return [Job(_KIND, tuple(ordered[start : start + AT_ONCE])) for start in range(0, len(ordered), AT_ONCE)]


def issue_years(session: Session, *, ward_id: str, year: str, job: Job, actor: Actor, at: datetime) -> Issued:
    """Issue annual sheets, or return those that were issued for the same grades and the same result."""
    records.hold(session, ward_id, year)
    of = take_year(session, ward_id, year, job.subject_ids)
    position = records.last_position(session, ward_id, year, _KIND)
    kept: list[Record] = []
    new: list[tuple[Record, bytes]] = []
    for person_id in job.subject_ids:
        found = whole(session, ward_id, of, person_id)
        basis = _basis(found)
        known = records.newest(session, ward_id, year, _KIND, person_id)
        if known and known[0].basis == basis:
            kept += known
            continue
        position += 1
        month, case = _last(of, person_id)
        paper = year_sheet(
            _person(session, month, case, found),
            _agency(session, month, case.person.unit_id),
            numbered(_KIND, position, year),
        )
        new += in_formats(
            paper,
            _KIND,
            person_id,
            case.person.unit_id,
            basis=basis,
            version=known[0].version + 1 if known else 1,
            position=position,
            actor=actor,
            at=at,
        )
    records.add(session, ward_id, year, new)
    log_issued(session, ward_id, year, [each for each, _ in new], actor=actor, at=at)
    return Issued((*kept, *(each for each, _ in new)), len(new))


def _last(of: WardYear, person_id: str) -> tuple[WardMonth, Case]:
    found = of.last(person_id)
    if found is None:
        raise UnknownPerson(person=person_id, month=of.year)
    return found


def _person(session: Session, month: WardMonth, case: Case, found: Year) -> PersonYear:
    person = case.person
    news = records.announced(session, month.ward_id, month.month, [person.id])[person.id]
    authority = found.result.authority_id if found.result else ""
    decider = month.roster.people.get(authority or case.competence.decider_id)
    return PersonYear(
        name=plain(person.full_name) or person.id,
        title=news.title,
        personnel_type=news.personnel_type,
        year=found,
        decider=decider.full_name if decider else "",
    )


def _agency(session: Session, month: WardMonth, unit_id: str) -> Agency:
    unit = month.roster.unit(unit_id)
    return replace(records.agency(session, month.ward_id), unit=unit.name or unit.id, kind=unit.kind)


def _basis(found: Year) -> str:
    """Return a digest of the grades, in which revision, and of the result that a sheet tells of."""
    told = [f"{each.month} {each.revision}" for each in found.months]
    told.append(f"year {found.result.revision if found.result else 0}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
