"""The record of the month: issuing documents, finding them, fetching them as they were issued (R-31)."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.case import Case
from approval.domain.commendation import Terms, proposed
from approval.domain.person import named
from approval.domain.record.document import (
    OF_PERSONS,
    Format,
    Kind,
    NoRecords,
    NotYourRecord,
    PersonOrUnit,
    Record,
    UnknownRecord,
    file_name,
    numbered,
    record_id,
)
from approval.domain.record.facts import (
    Agency,
    NothingToRecord,
    NotPublished,
    PersonMonth,
    RecordsNotReady,
)
from approval.domain.record.lists import QuotaLine, commendations, summary
from approval.domain.record.paper import Paper
from approval.domain.record.sheet import sheet
from approval.domain.year import is_year
from approval.storage import commendations as stated
from approval.storage import records
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from approval.usecases.years import take_year
from approval.wire.papers.archive import archive
from approval.wire.papers.pdf import pdf
from approval.wire.papers.xlsx import xlsx
from chassis.auth import Actor

AT_ONCE: Final = 10
"""Sheets issued in one transaction: other writers of an embedded database wait that long."""

_WRITERS = {Format.PDF: pdf, Format.XLSX: xlsx}


@dataclass(frozen=True, slots=True)
class Job:
    """Documents of one kind that are issued in one transaction: of people, of a unit, or of the ward."""

    kind: Kind
    subject_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issued:
    """Documents, and how many of them are new."""

    records: tuple[Record, ...]
    made: int


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive is made of, and its pieces."""

    file_name: str
    count: int
    pieces: Iterator[bytes]


def jobs(session: Session, *, ward_id: str, month: str, person_id: str, unit_id: str) -> list[Job]:
    """Return what is to be issued for a person, a unit, or the ward with its commendation list.

    :raises NotPublished: while somebody whom it is about is not published
    :raises NothingToRecord: if it is about nobody
    :raises PersonOrUnit: if both are given
    """
    if person_id and unit_id:
        raise PersonOrUnit(field="person_id")
    of = take(session, ward_id, month, reading=True)
    if person_id:
        wanted = [of.roster.person(person_id).id]
    else:
        if unit_id:
            of.roster.check_unit(unit_id)
        wanted = [each.id for each in of.roster.people.values() if not unit_id or each.unit_id == unit_id]
    if not wanted:
        raise NothingToRecord
    found = cases(session, of, wanted)
    waiting = [each.person for each in found.values() if not each.published]
    if waiting:
        raise NotPublished(count=len(waiting), people=named(waiting))
    units = sorted({of.roster.people[each].unit_id for each in wanted})
    result: list[Job] = []
    for unit in units:
        members = [each for each in wanted if of.roster.people[each].unit_id == unit]
        result += [
            Job(Kind.SHEET, tuple(members[start : start + AT_ONCE]))
            for start in range(0, len(members), AT_ONCE)
        ]
        if not person_id:
            result.append(Job(Kind.UNIT_SUMMARY, (unit,)))
    if not (person_id or unit_id):
        result.append(Job(Kind.COMMENDATIONS, ("",)))
    return result


def issue(session: Session, *, ward_id: str, month: str, job: Job, actor: Actor, at: datetime) -> Issued:
    """Issue documents, or return those that were issued for the same grades.

    :raises RecordsNotReady: while the tasks of a score have not arrived
    """
    records.hold(session, ward_id, month)
    of = take(session, ward_id, month, reading=True)
    match job.kind:
        case Kind.SHEET:
            wanted = list(job.subject_ids)
        case Kind.UNIT_SUMMARY:
            [unit_id] = job.subject_ids
            wanted = [each.id for each in of.roster.people.values() if each.unit_id == unit_id]
        case _:
            wanted = list(of.roster.people)
    found = cases(session, of, wanted, whole=True)
    groups = (
        {(each,): [found[each]] for each in wanted}
        if job.kind is Kind.SHEET
        else {job.subject_ids: list(found.values())}
    )
    desk = _Desk(session, of, job.kind, actor, at)
    position = records.last_position(session, ward_id, month, job.kind)
    kept: list[Record] = []
    new: list[tuple[Record, bytes]] = []
    for (subject_id,), about in groups.items():
        basis = _basis(about, desk.terms(about))
        known = records.newest(session, ward_id, month, job.kind, subject_id)
        if known and known[0].basis == basis:
            kept += known
            continue
        position += 1
        version = known[0].version + 1 if known else 1
        paper = desk.paper(subject_id, about, numbered(job.kind, position, month))
        new += desk.written(paper, subject_id, about, basis=basis, version=version, position=position)
    records.add(session, ward_id, month, new)
    log_issued(session, ward_id, month, [each for each, _ in new], actor=actor, at=at)
    return Issued((*kept, *(each for each, _ in new)), len(new))


def list_records(
    session: Session,
    *,
    ward_id: str,
    month: str,
    kind: Kind | None,
    unit_id: str,
    person_id: str,
    after: str | None,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[Record]:
    """Return the documents that the caller may see, every version, by id."""
    found = records.listed(session, ward_id, month, kind=kind, unit_id=unit_id, person_id=person_id)
    found = [each for each in found if after is None or each.id > after]
    return _visible(session, ward_id, month, found, actor, at)[:most]


def get_record(
    session: Session, *, ward_id: str, month: str, record_id: str, actor: Actor, at: datetime
) -> tuple[Record, bytes]:
    """Return a document exactly as it was issued.

    :raises UnknownRecord: if there is none
    :raises NotYourRecord: if the caller may not see it (R-29)
    """
    found = records.one(session, ward_id, month, record_id)
    if found is None:
        raise UnknownRecord(record=record_id, month=month, field="record_id")
    if not _visible(session, ward_id, month, [found], actor, at):
        raise NotYourRecord(record=record_id)
    return found, records.content(session, ward_id, found.sha256)


def get_archive(session: Session, *, ward_id: str, month: str) -> Archive:
    """Return a month's documents, the newest version of each, as one file.

    :raises NoRecords: if none was issued
    """
    newest: dict[tuple[Kind, str, Format], Record] = {}
    for each in records.listed(session, ward_id, month):
        key = (each.kind, each.subject_id, each.format)
        if key not in newest or newest[key].version < each.version:
            newest[key] = each
    if not newest:
        raise NoRecords(month=month)
    pieces = archive(
        ward_id,
        month,
        list(newest.values()),
        lambda each: records.content(session, ward_id, each.sha256),
    )
    return Archive(f"ho-so-{ward_id}-{month}.zip", len(newest), pieces)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where papers of one kind are laid out and written."""

    session: Session
    of: WardMonth
    kind: Kind
    actor: Actor
    at: datetime

    def paper(self, subject_id: str, about: Sequence[Case], number: str) -> Paper:
        """Lay one paper out."""
        people = self.people(about)
        if self.kind is not Kind.COMMENDATIONS:
            unready = [each.case.person for each in people if not each.ready]
            if unready:
                raise RecordsNotReady(people=named(unready))
        month = self.of.month
        match self.kind:
            case Kind.SHEET:
                [one] = people
                agency = self.agency(one.case.person.unit_id)
                own = self.of.policy.criteria_of(one.case)
                return sheet(one, own.criteria, agency, month, number, basis=own.basis)
            case Kind.UNIT_SUMMARY:
                ordered = sorted(people, key=lambda each: (not each.case.person.leads, each.case.person.id))
                head = next(iter(self.of.roster.holders("unit_head", subject_id)), "")
                return summary(
                    ordered,
                    self.quotas(people),
                    self.agency(subject_id),
                    month,
                    number,
                    head=self.name(head),
                )
            case _:
                units = {each.id: each.name or each.id for each in self.of.roster.units.values()}
                return commendations(people, units, self.agency(""), month, number, terms=self.terms(about))

    def terms(self, about: Sequence[Case]) -> dict[str, Terms]:
        """Return what is proposed for those of the commendation list of whom anything is stated (R-41)."""
        if self.kind is not Kind.COMMENDATIONS:
            return {}
        found = stated.newest(self.session, self.of.ward_id, self.of.month)
        known = {each: commendation.terms for each, commendation in found.items()}
        graded = [each.person.id for each in about if each.published and each.published.grade == "A"]
        return {each: terms for each in graded if (terms := proposed(each, known)) != Terms()}

    def written(
        self,
        paper: Paper,
        subject_id: str,
        about: Sequence[Case],
        *,
        basis: str,
        version: int,
        position: int,
    ) -> list[tuple[Record, bytes]]:
        """Write a paper in every format."""
        unit_id = subject_id if self.kind is Kind.UNIT_SUMMARY else ""
        if self.kind is Kind.SHEET:
            unit_id = about[0].person.unit_id
        return in_formats(
            paper,
            self.kind,
            subject_id,
            unit_id,
            basis=basis,
            version=version,
            position=position,
            actor=self.actor,
            at=self.at,
        )

    def people(self, about: Sequence[Case]) -> list[PersonMonth]:
        """Return these people's months with what other services announced of them."""
        of = self.of
        told = records.announced(self.session, of.ward_id, of.month, [each.person.id for each in about])
        result = []
        for each in about:
            news = told[each.person.id]
            decision = each.decision
            # A score that was computed again after the decision is not what was decided on.
            same = decision is not None and each.score is not None and each.score.total == decision.total
            decider = (decision.authority_id if decision else "") or each.competence.decider_id
            result.append(
                PersonMonth(
                    case=each,
                    title=news.title,
                    personnel_type=news.personnel_type,
                    ratios=dict(news.ratios) if same else {},
                    work=news.work,
                    time=news.time,
                    decider=self.name(decider),
                )
            )
        return result

    def agency(self, unit_id: str) -> Agency:
        """Return the ward with the unit, if one is named."""
        ward = records.agency(self.session, self.of.ward_id)
        if not unit_id:
            return ward
        unit = self.of.roster.unit(unit_id)
        return replace(ward, unit=unit.name or unit.id, kind=unit.kind)

    def name(self, person_id: str) -> str:
        """Return a person's name; empty for nobody."""
        person = self.of.roster.people.get(person_id)
        return person.full_name if person else ""

    def quotas(self, people: Sequence[PersonMonth]) -> list[QuotaLine]:
        """Return the quotas that these people compete in, each with how many were graded A."""
        groups = {_group(each.case) for each in people}
        graded: Counter[tuple[str, str]] = Counter()
        by_city: Counter[tuple[str, str]] = Counter()
        for each in cases(self.session, self.of).values():
            if each.published and each.published.grade == "A":
                graded[_group(each)] += 1
                by_city[_group(each)] += each.competence.external
        return [
            QuotaLine(
                self.of.roster.unit(each.scope).name or each.scope,
                each.duty_group,
                each.members,
                each.rate,
                each.maximum,
                graded[each.scope, each.duty_group],
                by_city[each.scope, each.duty_group],
            )
            for each in records.quotas(self.session, self.of.ward_id, self.of.month)
            if each.members and (each.scope, each.duty_group) in groups
        ]


def in_formats(
    paper: Paper,
    kind: Kind,
    subject_id: str,
    unit_id: str,
    *,
    basis: str,
    version: int,
    position: int,
    actor: Actor,
    at: datetime,
) -> list[tuple[Record, bytes]]:
    """Write a paper in every format."""
    result = []
    for form, write in _WRITERS.items():
        content = write(paper)
        record = Record(
            id=record_id(kind, subject_id, version, form),
            kind=kind,
            format=form,
            subject_id=subject_id,
            unit_id=unit_id,
            version=version,
            basis=basis,
            position=position,
            number=paper.number,
            title=paper.title,
            file_name=file_name(kind, unit_id, subject_id if kind in OF_PERSONS else "", version, form),
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            made_by=actor.person_id,
            made_at=at,
        )
        result.append((record, content))
    return result


def log_issued(
    session: Session, ward_id: str, period: str, issued: Sequence[Record], *, actor: Actor, at: datetime
) -> None:
    """Log documents that were issued, each with its number and digest (R-32)."""
    if not issued:
        return
    changes = [
        Change("issue_record", "record", each.id, None, {"number": each.number, "sha256": each.sha256})
        for each in issued
    ]
    log.record(session, ward_id, period, changes, actor_id=actor.person_id, at=at)


def _group(case: Case) -> tuple[str, str]:
    if case.score is not None and case.score.quota_scope:
        return case.score.quota_scope, case.score.duty_group
    return case.person.quota_scope or case.person.unit_id, case.person.duty_group


def _basis(about: Sequence[Case], terms: Mapping[str, Terms]) -> str:
    """Return a digest of whose grades, in which revision, a document tells of, and what it proposes."""
    told = sorted(f"{each.person.id} {each.published.revision if each.published else 0}" for each in about)
    told += [f"{each} {terms[each]!r}" for each in sorted(terms)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _visible(
    session: Session,
    ward_id: str,
    month: str,
    found: list[Record],
    actor: Actor,
    at: datetime,
) -> list[Record]:
    """Return what the caller may see: his own sheet, his people's, lists of nobody else (R-29)."""
    who = viewer(session, ward_id, actor, at)
    if who.sees_all or not found:
        return found
    if is_year(month):
        year = take_year(session, ward_id, month, {each.subject_id for each in found} | {actor.person_id})
        return [each for each in found if year.may_see(each.subject_id, who)]
    of = take(session, ward_id, month, reading=True)
    competent = {
        each.person.id for each in cases(session, of).values() if access.competent(each, who, of.roster)
    }
    seen = competent | {actor.person_id}
    members: dict[str, set[str]] = {}
    for person in of.roster.people.values():
        members.setdefault(person.unit_id, set()).add(person.id)
    return [each for each in found if _may_see(each, seen, competent, members)]


def _may_see(
    record: Record, seen: Collection[str], competent: set[str], members: Mapping[str, set[str]]
) -> bool:
    match record.kind:
        case Kind.SHEET | Kind.YEAR_SHEET:
            return record.subject_id in seen
        case Kind.UNIT_SUMMARY:
            unit = members.get(record.subject_id, set())
            return bool(unit & competent) and unit <= set(seen)
        case Kind.COMMENDATIONS:
            return False
