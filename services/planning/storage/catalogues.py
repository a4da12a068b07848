"""Versions of the catalogue and their entries."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, func, insert, or_, select, update
from sqlalchemy.orm import Session

from chassis.days import Month
from planning.domain.catalogue import Catalogue, Entry, NoCatalogue, Section, UnknownCatalogue
from planning.storage import schema

_version = schema.catalogue.c
_entry = schema.catalogue_entry.c


def next_catalogue_version(session: Session, ward_id: str) -> int:
    """Return the number of the version that comes next."""
    newest = session.scalar(select(func.max(_version.version)).where(_version.ward_id == ward_id))
    return (newest or 0) + 1


def standard_points(session: Session, ward_id: str) -> Decimal | None:
    """Return the points of the standard unit in the newest version, None without any."""
    found: Decimal | None = session.scalar(
        select(_version.standard_points)
        .where(_version.ward_id == ward_id)
        .order_by(_version.version.desc())
        .limit(1)
    )
    return found


def add_catalogue(session: Session, added: Catalogue, entries: Iterable[Entry]) -> None:
    """Keep a new version with its entries."""
    session.execute(
        insert(schema.catalogue).values(
            ward_id=added.ward_id,
            version=added.version,
            from_month=str(added.from_month),
            standard_points=added.standard_points,
            proposed_by=added.proposed_by,
            entry_count=added.entry_count,
            decision=added.decision,
            approved_at=added.approved_at,
        )
    )
    rows = [
        {
            "ward_id": added.ward_id,
            "version": added.version,
            "code": each.code,
            "task": each.task,
            "output": each.output,
            "complexity_group": each.complexity_group,
            "points": each.points,
            "coefficient": each.coefficient,
            "section": each.section.value,
            "unit": each.unit,
            "searched": searched(each.code, each.task, each.output),
        }
        for each in entries
    ]
    if rows:
        session.execute(insert(schema.catalogue_entry), rows)


def approve_catalogue(session: Session, approved: Catalogue) -> None:
    """Keep that a version was put in force."""
    session.execute(
        update(schema.catalogue)
        .where(_version.ward_id == approved.ward_id, _version.version == approved.version)
        .values(decision=approved.decision, approved_at=approved.approved_at)
    )


def catalogue(session: Session, ward_id: str, version: int) -> Catalogue:
    """Return a version.

    :raises UnknownCatalogue: if the ward has none of that number
    """
    wanted = select(schema.catalogue).where(_version.ward_id == ward_id, _version.version == version)
    if row := session.execute(wanted).first():
        return _catalogue(row)
    raise UnknownCatalogue(version=version)


def catalogue_in_force(session: Session, ward_id: str, month: Month) -> Catalogue:
    """Return the version in force in a month: of the approved ones that have begun, the last.

    :raises NoCatalogue: if there is none
    """
    wanted = (
        select(schema.catalogue)
        .where(
            _version.ward_id == ward_id,
            _version.from_month <= str(month),
            _version.approved_at.is_not(None),
        )
        .order_by(_version.from_month.desc(), _version.version.desc())
        .limit(1)
    )
    if row := session.execute(wanted).first():
        return _catalogue(row)
    raise NoCatalogue(month=month)


def catalogues(
    session: Session, ward_id: str, *, after: tuple[str, int] | None, limit: int
) -> list[Catalogue]:
    """Return versions, the newest month first, in it the newest version first."""
    wanted = select(schema.catalogue).where(_version.ward_id == ward_id)
    if after:
        month, version = after
        wanted = wanted.where(
            or_(
                _version.from_month < month,
                (_version.from_month == month) & (_version.version < version),
            )
        )
    found = session.execute(wanted.order_by(_version.from_month.desc(), _version.version.desc()).limit(limit))
    return [_catalogue(row) for row in found]


def entries(
    session: Session,
    ward_id: str,
    version: int,
    *,
    query: str = "",
    code_prefix: str = "",
    complexity_group: str = "",
    section: Section | None = None,
    unit: str = "",
    after: str = "",
    limit: int | None = None,
) -> list[Entry]:
    """Return entries of a version by code.

    :param query: only those in whose code, task or output each of its words stands, without regard to case; a
        word without accents is found with and without them
    :param code_prefix: only those whose code begins with it, without regard to case
    """
    wanted = [_entry.ward_id == ward_id, _entry.version == version, _entry.code > after]
    wanted += [_entry.searched.contains(word, autoescape=True) for word in _folded(query).split()]
    if code_prefix:
        begin = _folded(code_prefix)
        wanted.append(func.substr(_entry.searched, 1, len(begin)) == begin)
    if complexity_group:
        wanted.append(_entry.complexity_group == complexity_group)
    if section:
        wanted.append(_entry.section == section.value)
    if unit:
        wanted.append(_entry.unit == unit)
    found = session.execute(select(schema.catalogue_entry).where(*wanted).order_by(_entry.code).limit(limit))
    return [
        Entry(
            code=row.code,
            task=row.task,
            output=row.output,
            complexity_group=row.complexity_group,
            points=row.points,
            coefficient=row.coefficient,
            section=Section(row.section),
            unit=row.unit,
        )
        for row in found
    ]


def entries_by_code(session: Session, ward_id: str, month: Month) -> dict[str, Entry]:
    """Return the entries in force in a month by code; none when no catalogue is."""
    try:
        version = catalogue_in_force(session, ward_id, month).version
    except NoCatalogue:
        return {}
    return {each.code: each for each in entries(session, ward_id, version)}


def searched(code: str, task: str, output: str) -> str:
    """Return what a search of an entry looks at: its words as they are and without accents, case-folded."""
    words = _folded(f"{code}\n{task}\n{output}")
    bare = "".join(each for each in unicodedata.normalize("NFD", words) if not unicodedata.combining(each))
    return f"{words}\n{bare.replace('đ', 'd')}"


def _folded(words: str) -> str:
    return unicodedata.normalize("NFC", words).casefold()


def _catalogue(row: Row[Any]) -> Catalogue:
    return Catalogue(
        ward_id=row.ward_id,
        version=row.version,
        from_month=Month.parse(row.from_month),
        standard_points=row.standard_points,
        proposed_by=row.proposed_by,
        entry_count=row.entry_count,
        decision=row.decision,
        approved_at=row.approved_at,
    )
