"""A person's year: what its months come to, and what is recorded of it (R-24; form 02)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.access import NotYours, Viewer
from approval.domain.case import Case
from approval.domain.criteria import check_text
from approval.domain.decision import OwnCase
from approval.domain.evaluation import LONGEST_DOCUMENT, LONGEST_TEXT
from approval.domain.grade import Grade
from approval.domain.person import UnknownPerson
from approval.domain.year import (
    NothingRecorded,
    NotYearAuthority,
    NoYear,
    Year,
    YearResult,
    check_not_above,
    months_of,
    year_of,
)
from approval.domain.year_quota import YearMember, check_year_quota, year_member
from approval.storage import copies, months, watch
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from chassis import db
from chassis.auth import Actor
from chassis.errors import Invalid


class YearDocumentMissing(Invalid):
    """What is recorded of a year stands on a signed paper or a decision."""

    vi = "Phải ghi tên hoặc số của phiếu đã ký, văn bản xếp loại năm."
    en = "State the name or number of the signed sheet or decision of the year."


@dataclass(frozen=True, slots=True)
class WardYear:
    """A ward's year: its opened months, and everybody's cases in them."""

    ward_id: str
    year: str
    opened: tuple[WardMonth, ...]
    cases: tuple[dict[str, Case], ...]

    def of(self, person_id: str) -> dict[str, Case]:
        """Return a person's cases by month."""
        return {
            of.month: found[person_id]
            for of, found in zip(self.opened, self.cases, strict=True)
            if person_id in found
        }

    def last(self, person_id: str) -> tuple[WardMonth, Case] | None:
        """Return the last month in which a person belongs to the ward, with his case."""
        for of, found in reversed(list(zip(self.opened, self.cases, strict=True))):
            if person_id in found:
                return of, found[person_id]
        return None

    def may_see(self, person_id: str, who: Viewer) -> bool:
        """True for the person, the competent people of his last month, organizer and auditor (R-29)."""
        last = self.last(person_id)
        return person_id == who.person_id or who.sees_all or (last is not None and _competent(last, who))

    @property
    def people(self) -> list[str]:
        """Everybody who belongs to the ward in one of the months, by id."""
        return sorted({each for found in self.cases for each in found})


def take_year(
    session: Session, ward_id: str, year: str, person_ids: Collection[str] | None = None
) -> WardYear:
    """Return a ward's year, of these people or of everybody.

    :raises NoYear: if no month of it was opened
    """
    known = set(months_of(year))
    names = sorted(
        each.month
        for each in months.listed(session, ward_id, before=f"{year}-13", most=len(known))
        if each.month in known
    )
    if not names:
        raise NoYear(year=year, person=ward_id)
    opened = tuple(take(session, ward_id, each, about=person_ids, reading=True) for each in names)
    return WardYear(ward_id, year, opened, tuple(cases(session, of, person_ids) for of in opened))


def get_year(
    session: Session, *, ward_id: str, year: str, person_id: str, actor: Actor, at: datetime
) -> Year:
    """Return a person's year.

    To the person himself it tells what is published only; before, the months say so (R-29).

    :raises NoYear: if no month of it was opened
    :raises UnknownPerson: if nobody has that id in any of them
    :raises NotYours: to those whom it does not concern
    """
    of = take_year(session, ward_id, year, [person_id])
    who = viewer(session, ward_id, actor, at)
    last = of.last(person_id)
    if last is None:
        raise UnknownPerson(person=person_id, month=year)
    if not of.may_see(person_id, who):
        raise NotYours(person=last[1].person)
    return whole(session, ward_id, of, person_id)


def record_year_result(
    session: Session,
    *,
    ward_id: str,
    year: str,
    person_id: str,
    self_grade: Grade | None,
    grade: Grade | None,
    proposal: str,
    document: str,
    actor: Actor,
    at: datetime,
) -> YearResult:
    """Record what a person and the authority say of a year; what is left out stays as it was.

    The same again changes nothing.

    :raises OwnCase: about oneself
    :raises NotYearAuthority: unless the caller is competent, a delegate or the organizer
    :raises AboveTheUnit: if it is above that of the unit which the person heads
    :raises YearQuotaBroken: if the authority's grade breaks the year's quota of the scope and group
    """
    proposal = check_text(proposal, place="proposal", most=LONGEST_TEXT)
    document = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if not (self_grade or grade or proposal):
        raise NothingRecorded(field="grade")
    if not document:
        raise YearDocumentMissing(field="document")
    of = take_year(session, ward_id, year, [person_id])
    last = of.last(person_id)
    if last is None:
        raise UnknownPerson(person=person_id, month=year)
    who, case = viewer(session, ward_id, actor, at), last[1]
    if person_id == who.person_id:
        raise OwnCase
    decider = case.competence.decider_id
    decides = bool(decider) and decider in who.acting_for
    if not (decides or who.organizer):
        raise NotYearAuthority(person=case.person)
    # Whoever records at the same time counts this one, or is counted here.
    db.exclusive(session, f"year {ward_id} {year}")
    before = watch.year_results(session, ward_id, year, [person_id]).get(person_id)
    after = YearResult(
        revision=before.revision + 1 if before else 1,
        self_grade=self_grade or (before.self_grade if before else None),
        grade=grade or (before.grade if before else None),
        proposal=proposal or (before.proposal if before else ""),
        document=document,
        recorded_by=actor.person_id,
        authority_id=decider if decides else "",
        recorded_at=at,
    )
    if before and _said(before) == _said(after):
        return before
    if grade and (before is None or before.grade is not grade):
        check_not_above(year, grade, watch.headed(session, ward_id, year, person_id))
        _check_quota(session, of, person_id, grade)
    watch.keep_year_result(session, ward_id, year, person_id, after)
    change = Change("record_year", "year", person_id, before, after, authority_id=after.authority_id)
    log.record(session, ward_id, "", [change], actor_id=actor.person_id, at=at)
    return after


def whole(session: Session, ward_id: str, of: WardYear, person_id: str) -> Year:
    """Return a person's year with what is recorded of it."""
    result = watch.year_results(session, ward_id, of.year, [person_id]).get(person_id)
    return year_of(of.year, of.of(person_id), [each.month for each in of.opened], result)


def _check_quota(session: Session, of: WardYear, person_id: str, grade: Grade) -> None:
    names = [each.month for each in of.opened]

    def member(within: WardYear, person_id: str) -> YearMember:
        found = within.of(person_id)
        return year_member(found, year_of(of.year, found, names))

    group = member(of, person_id).group
    if group is None:
        return
    # Who competed there in any of the year's months: whose last scored month is elsewhere falls out below.
    ids = {person_id}
    for each in names:
        ids |= copies.competitors(session, of.ward_id, each, [group])
    everybody = take_year(session, of.ward_id, of.year, ids)
    members = {each: member(everybody, each) for each in everybody.people}
    results = watch.year_results(session, of.ward_id, of.year, sorted(members))
    usual = of.opened[-1].policy.quota
    announced = copies.terms(session, of.ward_id, names[-1], usual).get(group, usual)
    # The month's own rate may be a decision's; a lower one than the usual is the policy's.
    terms = replace(announced, rate=min(announced.rate, usual.rate))
    grades = {each: result.grade for each, result in results.items()}
    check_year_quota(of.year, person_id, grade, members, grades, terms)


def _competent(last: tuple[WardMonth, Case], who: Viewer) -> bool:
    of, case = last
    return access.competent(case, who, of.roster)


def _said(given: YearResult) -> tuple[object, ...]:
    return given.self_grade, given.grade, given.proposal, given.document
