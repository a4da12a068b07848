"""The log of a ward's changes: entries appended to a chain, and read in its order."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from approval.storage.appeal_tables import AuditRow
from chassis import audit, db
from chassis.audit import Entry

CHUNK = 1_000


def append(session: Session, ward_id: str, entries: Sequence[Entry]) -> None:
    """Append entries to a ward's chain, last in a transaction: others who write that log wait for it."""
    if not entries:
        return
    db.exclusive(session, f"audit {ward_id}")
    row = AuditRow
    last = session.execute(
        select(row.number, row.digest).where(row.ward_id == ward_id).order_by(row.number.desc()).limit(1)
    ).first()
    number, previous = (last.number, last.digest) if last else (0, audit.START)
    rows = []
    for each in entries:
        number += 1
        placed = audit.chained(each, number=number, previous=previous)
        previous = placed.digest
        rows.append(asdict(placed))
    session.execute(insert(row), rows)


def every(session: Session, ward_id: str) -> Iterator[Entry]:
    """Give a ward's whole log in order."""
    row = AuditRow
    wanted = select(row.__table__).where(row.ward_id == ward_id).order_by(row.number)
    for each in session.execute(wanted.execution_options(yield_per=CHUNK)).mappings():
        yield Entry(**each)


def listed(
    session: Session, ward_id: str, *, subject_id: str, month: str, after: int, most: int
) -> list[Entry]:
    """Return entries of a ward's log, oldest first.

    :param after: only those with a higher number
    """
    row = AuditRow
    wanted = (
        select(row.__table__)
        .where(row.ward_id == ward_id, row.number > after)
        .order_by(row.number)
        .limit(most)
    )
    if subject_id:
        wanted = wanted.where(row.subject_id == subject_id)
    if month:
        wanted = wanted.where(row.month == month)
    return [Entry(**each) for each in session.execute(wanted).mappings()]
