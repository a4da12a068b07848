"""Issued documents, and what they are laid out from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from approval.domain.record.document import OF_PERSONS, Format, Kind, Record
from approval.domain.record.facts import Agency, Fault, Half, WorkLine
from approval.storage import schema
from chassis import db


@dataclass(frozen=True, slots=True)
class Announced:
    """What other services announced of a person's month and only the papers need."""

    title: str = ""
    personnel_type: str = ""
    ratios: tuple[tuple[str, Decimal], ...] = ()
    work: tuple[WorkLine, ...] | None = None
    time: Half | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota as announced."""

    scope: str
    duty_group: str
    members: int
    rate: Decimal | None
    maximum: int


def agency(session: Session, ward_id: str) -> Agency:
    """Return the ward; one that is not known yet has only its id."""
    row = session.execute(select(schema.Ward.__table__).where(schema.Ward.ward_id == ward_id)).first()
    return Agency(row.name, row.city) if row else Agency(ward_id, "")


def announced(
    session: Session, ward_id: str, month: str, person_ids: Collection[str]
) -> dict[str, Announced]:
    """Return what was announced of these people's month, by person."""
    posts = _posts(session, ward_id, month, person_ids)
    ratios = _ratios(session, ward_id, month, person_ids)
    work = _work(session, ward_id, month, person_ids)
    times = _times(session, ward_id, month, person_ids)
    return {
        each: Announced(
            *posts.get(each, ("", "")), ratios=ratios.get(each, ()), work=work.get(each), time=times.get(each)
        )
        for each in person_ids
    }


def quotas(session: Session, ward_id: str, month: str) -> list[Quota]:
    """Return the quotas that scoring announced, by scope and group."""
    row = schema.Quota
    found = session.execute(
        select(row.__table__)
        .where(row.ward_id == ward_id, row.month == month, row.revision > 0)
        .order_by(row.quota_scope, row.duty_group)
    )
    return [Quota(each.quota_scope, each.duty_group, each.members, each.rate, each.maximum) for each in found]


def hold(session: Session, ward_id: str, month: str) -> None:
    """Wait until nobody else issues documents of the month, and keep others waiting until the end."""
    db.exclusive(session, f"record {ward_id} {month}")


def newest(session: Session, ward_id: str, month: str, kind: Kind, subject_id: str) -> list[Record]:
    """Return the newest version of a document in its formats, by format; none if it was never issued."""
    row = schema.RecordRow
    of = (row.ward_id == ward_id, row.month == month, row.kind == kind.value, row.subject_id == subject_id)
    version = select(func.max(row.version)).where(*of).scalar_subquery()
    found = session.execute(select(row.__table__).where(*of, row.version == version).order_by(row.format))
    return [_record(each) for each in found]


def last_position(session: Session, ward_id: str, month: str, kind: Kind) -> int:
    """Return the last number given to a document of that kind in the month; 0 for none."""
    row = schema.RecordRow
    found = session.execute(
        select(func.max(row.position)).where(
            row.ward_id == ward_id, row.month == month, row.kind == kind.value
        )
    ).scalar()
    return found or 0


def add(session: Session, ward_id: str, month: str, issued: Sequence[tuple[Record, bytes]]) -> None:
    """Keep documents with their bytes; each bears its own number, so no two have the same bytes."""
    if not issued:
        return
    session.execute(
        insert(schema.RecordContent),
        [{"ward_id": ward_id, "sha256": each.sha256, "content": content} for each, content in issued],
    )
    session.execute(
        insert(schema.RecordRow),
        [
            {
                "ward_id": ward_id,
                "month": month,
                "record_id": each.id,
                "kind": each.kind.value,
                "subject_id": each.subject_id,
                "unit_id": each.unit_id,
                "version": each.version,
                "format": each.format.value,
                "basis": each.basis,
                "position": each.position,
                "number": each.number,
                "title": each.title,
                "file_name": each.file_name,
                "sha256": each.sha256,
                "size": each.size,
                "made_by": each.made_by,
                "made_at": each.made_at,
            }
            for each, _ in issued
        ],
    )


def one(session: Session, ward_id: str, month: str, record_id: str) -> Record | None:
    """Return a document, or ``None``."""
    row = schema.RecordRow
    found = session.execute(
        select(row.__table__).where(row.ward_id == ward_id, row.month == month, row.record_id == record_id)
    ).first()
    return _record(found) if found else None


def listed(
    session: Session,
    ward_id: str,
    month: str,
    *,
    kind: Kind | None = None,
    unit_id: str = "",
    person_id: str = "",
) -> list[Record]:
    """Return the documents of a month, every version, by id."""
    row = schema.RecordRow
    wanted = select(row.__table__).where(row.ward_id == ward_id, row.month == month).order_by(row.record_id)
    if kind is not None:
        wanted = wanted.where(row.kind == kind.value)
    if unit_id:
        wanted = wanted.where(row.unit_id == unit_id)
    if person_id:
        kinds = sorted(each.value for each in OF_PERSONS)
        wanted = wanted.where(row.kind.in_(kinds), row.subject_id == person_id)
    return [_record(each) for each in session.execute(wanted)]


def content(session: Session, ward_id: str, sha256: str) -> bytes:
    """Return the bytes with that digest."""
    row = schema.RecordContent
    found = session.execute(
        select(row.content).where(row.ward_id == ward_id, row.sha256 == sha256)
    ).scalar_one()
    return bytes(found)


def _posts(
    session: Session, ward_id: str, month: str, person_ids: Collection[str]
) -> dict[str, tuple[str, str]]:
    post = schema.Post
    found = session.execute(
        select(post.person_id, post.title, post.personnel_type)
        .where(post.ward_id == ward_id, post.from_month <= month, post.person_id.in_(person_ids))
        .order_by(post.person_id, post.from_month)
    )
    return {row.person_id: (row.title, row.personnel_type) for row in found}


def _ratios(
    session: Session, ward_id: str, month: str, person_ids: Collection[str]
) -> dict[str, tuple[tuple[str, Decimal], ...]]:
    row = schema.Score
    found = session.execute(
        select(row.person_id, row.ratios).where(
            row.ward_id == ward_id, row.month == month, row.person_id.in_(person_ids)
        )
    )
    order = ("a", "b", "c", "d", "dd", "e")
    return {
        each.person_id: tuple((name, Decimal(each.ratios[name])) for name in order if name in each.ratios)
        for each in found
        if each.ratios
    }


def _work(
    session: Session, ward_id: str, month: str, person_ids: Collection[str]
) -> dict[str, tuple[WorkLine, ...]]:
    row = schema.Work
    found = session.execute(
        select(row.person_id, row.lines).where(
            row.ward_id == ward_id, row.month == month, row.person_id.in_(person_ids)
        )
    )
    return {each.person_id: tuple(_lines(each.lines)) for each in found}


def _lines(listed_: Sequence[Any]) -> Iterator[WorkLine]:
    for each in listed_:
        yield WorkLine(
            id=each["id"],
            kind=each["kind"],
            code=each["code"],
            name=each["name"],
            coefficient=Decimal(each["coefficient"] or 0),
            assigned=Decimal(each["assigned"] or 0),
            accepted=Decimal(each["accepted"] or 0),
            faults=tuple(Fault(*fault) for fault in each["faults"]),
            # What was announced by planning of the version before says neither.
            accepted_on=_day(each.get("accepted_on")),
            vouched_on=_day(each.get("vouched_on")),
        )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _times(session: Session, ward_id: str, month: str, person_ids: Collection[str]) -> dict[str, Half]:
    row = schema.WorkingTime
    found = session.execute(
        select(row.person_id, row.required, row.worked).where(
            row.ward_id == ward_id, row.month == month, row.person_id.in_(person_ids)
        )
    )
    return {each.person_id: Half(each.required, each.worked) for each in found}


def _record(row: Any) -> Record:
    return Record(
        id=row.record_id,
        kind=Kind(row.kind),
        format=Format(row.format),
        subject_id=row.subject_id,
        unit_id=row.unit_id,
        version=row.version,
        basis=row.basis,
        position=row.position,
        number=row.number,
        title=row.title,
        file_name=row.file_name,
        sha256=row.sha256,
        size=row.size,
        made_by=row.made_by,
        made_at=row.made_at,
    )
