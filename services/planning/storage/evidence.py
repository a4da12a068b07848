"""Evidence of people's months, and the bytes of its files by their digest."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Integer, LargeBinary, Row, String, Table, Text, func, insert, select
from sqlalchemy import tuple_ as pair
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.evidence import Evidence, EvidenceDamaged, File, UnknownEvidence, number_of
from planning.storage.schema import tables

evidence_table = Table(
    "evidence",
    tables,
    Column("ward_id", db.Key, primary_key=True),
    Column("month", db.Key, primary_key=True),
    Column("person_id", db.Key, primary_key=True),
    Column("task_id", db.Key, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("link", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", db.Position, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("added_by", db.Key, nullable=False),
    Column("added_at", db.Instant, nullable=False),
    Column("withdrawn_by", db.Key, nullable=False),
    Column("withdrawn_at", db.Instant),
    Column("withdrawn_reason", Text, nullable=False),
)
"""Evidence, only ever added to, and marked once when it is withdrawn."""

content_table = Table(
    "evidence_content",
    tables,
    Column("ward_id", db.Key, primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""The bytes of files by their SHA-256, each once in a ward. Never changed, never deleted."""

_evidence, _content = evidence_table.c, content_table.c


def evidence_of(
    session: Session,
    ward_id: str,
    person_id: str,
    month: Month,
    *,
    task_id: str = "",
    after: tuple[str, int] | None = None,
    limit: int | None = None,
) -> list[Evidence]:
    """Return the evidence of a person's month by task and number, withdrawn ones too.

    :param task_id: only of this task; empty for all
    """
    wanted = _of(ward_id, person_id, month)
    if task_id:
        wanted.append(_evidence.task_id == task_id)
    if after:
        wanted.append(pair(_evidence.task_id, _evidence.number) > after)
    found = session.execute(
        select(evidence_table).where(*wanted).order_by(_evidence.task_id, _evidence.number).limit(limit)
    )
    return [_value(row) for row in found]


def one_evidence(session: Session, ward_id: str, person_id: str, month: Month, evidence_id: str) -> Evidence:
    """Return one piece of evidence.

    :raises UnknownEvidence: if the person's month has none of that id
    """
    task_id, number = number_of(evidence_id)
    wanted = [*_of(ward_id, person_id, month), _evidence.task_id == task_id, _evidence.number == number]
    if row := session.execute(select(evidence_table).where(*wanted)).first():
        return _value(row)
    raise UnknownEvidence(evidence_id=evidence_id[:80])


def evidence_bytes(session: Session, ward_id: str, person_id: str, month: Month) -> int:
    """Return how many bytes the files of a person's month have together."""
    found = session.scalar(select(func.sum(_evidence.size)).where(*_of(ward_id, person_id, month)))
    return int(found or 0)


def keep_evidence(session: Session, ward_id: str, kept: Evidence) -> None:
    """Keep evidence, new or marked as withdrawn."""
    row = {
        "ward_id": ward_id,
        "month": str(kept.month),
        "person_id": kept.person_id,
        "task_id": kept.task_id,
        "number": kept.number,
        "title": kept.title,
        "link": kept.link,
        "file_name": kept.file.name if kept.file else "",
        "media_type": kept.file.media_type if kept.file else "",
        "size": kept.file.size if kept.file else 0,
        "sha256": kept.file.sha256 if kept.file else "",
        "added_by": kept.added_by,
        "added_at": kept.added_at,
        "withdrawn_by": kept.withdrawn_by,
        "withdrawn_at": kept.withdrawn_at,
        "withdrawn_reason": kept.withdrawn_reason,
    }
    db.upsert(session, evidence_table, [row], key=["ward_id", "month", "person_id", "task_id", "number"])


def keep_content(session: Session, ward_id: str, digest: str, content: bytes) -> None:
    """Keep a file's bytes, once for all evidence of the ward that has them."""
    known = select(_content.sha256).where(_content.ward_id == ward_id, _content.sha256 == digest)
    if session.execute(known).first() is None:
        session.execute(insert(content_table).values(ward_id=ward_id, sha256=digest, content=content))


def evidence_content(session: Session, ward_id: str, file: File) -> bytes:
    """Return the bytes of a file.

    :raises EvidenceDamaged: if they no longer have their digest
    """
    found = session.scalar(
        select(_content.content).where(_content.ward_id == ward_id, _content.sha256 == file.sha256)
    )
    content = bytes(found or b"")
    if sha256(content).hexdigest() != file.sha256:
        raise EvidenceDamaged(f"the kept bytes of {file.sha256} in {ward_id} do not have that digest")
    return content


def _of(ward_id: str, person_id: str, month: Month) -> list[Any]:
    return [
        _evidence.ward_id == ward_id,
        _evidence.month == str(month),
        _evidence.person_id == person_id,
    ]


def _value(row: Row[Any]) -> Evidence:
    return Evidence(
        person_id=row.person_id,
        month=Month.parse(row.month),
        task_id=row.task_id,
        number=row.number,
        title=row.title,
        link=row.link,
        file=File(row.file_name, row.media_type, row.size, row.sha256) if row.sha256 else None,
        added_by=row.added_by,
        added_at=row.added_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        withdrawn_reason=row.withdrawn_reason,
    )
