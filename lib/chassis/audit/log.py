"""A ward's log in a service's database: appended to in the transaction of the change, read in its order."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import db
from chassis.audit import chain
from chassis.audit.chain import Checkpoint, Entry, Verified
from chassis.db.tables import audit_entry as table
from chassis.errors import Blocked, Invalid

CITY: Final = "*"
"""The log of what holds for every ward, such as the city's policies."""

CHUNK: Final = 1_000


class NoAuditKey(Blocked):
    """A checkpoint is checked with the key it was signed with."""

    vi = "Dịch vụ chưa có khóa AUDIT_KEY nên không kiểm tra được điểm đối chiếu."
    en = "The service has no AUDIT_KEY, so no checkpoint can be checked: set the key that signed it."


class CheckpointUnsigned(Invalid):
    """Only a checkpoint with this service's signature proves anything."""

    vi = "Điểm đối chiếu không có chữ ký hợp lệ của dịch vụ này."
    en = "The checkpoint does not carry this service's valid signature."


class CheckpointOfOther(Invalid):
    """A checkpoint is of one ward's log in one service."""

    vi = "Điểm đối chiếu là của phường {ward}, dịch vụ {service}."
    en = "The checkpoint is of the ward {ward}, service {service}."


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be logged; ``before`` and ``after`` are values with canonical JSON, ``None`` for nothing.

    :param authority_id: on whose authority: a person's id, or an office's (:func:`office`); empty for the
        actor's own
    """

    action: str
    subject_kind: str
    subject_id: str
    before: object
    after: object
    authority_id: str = ""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a verification found, and where the log stands, signed: ``None`` without a key or intact log."""

    found: Verified
    checkpoint: Checkpoint | None
    has_key: bool


def office(role: str) -> str:
    """Return whose authority it is when somebody acts by a role: ``@organizer``. No person's id looks so."""
    return f"@{role}"


def changed(before: Any, after: Any) -> tuple[dict[str, object], dict[str, object]]:
    """Return of two values of one dataclass the fields that differ, as they were and as they are.

    :param before: ``None`` for nothing: then every field is new
    """
    if before is None:
        return {}, {each.name: getattr(after, each.name) for each in fields(after)}
    names = [each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)]
    return {each: getattr(before, each) for each in names}, {each: getattr(after, each) for each in names}


def record(
    session: Session, ward_id: str, month: str, changes: Iterable[Change], *, actor_id: str, at: datetime
) -> None:
    """Append changes to the ward's chain.

    Last in a transaction: whoever else changes something in that ward waits from here to the commit.

    :param month: ``YYYY-MM``, or empty where the change is about none
    """
    when = chain.instant(at)
    entries = [
        Entry(
            ward_id=ward_id,
            number=0,
            at=when,
            actor_id=actor_id,
            authority_id=each.authority_id or actor_id,
            action=each.action,
            subject_kind=each.subject_kind,
            subject_id=each.subject_id,
            month=month,
            before=chain.canonical(each.before),
            after=chain.canonical(each.after),
        )
        for each in changes
    ]
    if not entries:
        return
    db.exclusive(session, f"audit {ward_id}")
    last = session.execute(
        select(table.c.number, table.c.digest)
        .where(table.c.ward_id == ward_id)
        .order_by(table.c.number.desc())
        .limit(1)
    ).first()
    number, previous = (last.number, last.digest) if last else (0, chain.START)
    rows = []
    for each in entries:
        number += 1
        placed = chain.chained(each, number=number, previous=previous)
        previous = placed.digest
        rows.append(asdict(placed))
    db.append(session, table, rows)


def every(session: Session, ward_id: str) -> Iterator[Entry]:
    """Give a ward's whole log in order."""
    wanted = select(table).where(table.c.ward_id == ward_id).order_by(table.c.number)
    for each in session.execute(wanted.execution_options(yield_per=CHUNK)).mappings():
        yield Entry(**each)


def listed(
    session: Session, ward_id: str, *, subject_id: str, month: str, after: int, most: int
) -> list[Entry]:
    """Return entries of a ward's log, oldest first.

    :param after: only those with a higher number
    """
    wanted = (
        select(table)
        .where(table.c.ward_id == ward_id, table.c.number > after)
        .order_by(table.c.number)
        .limit(most)
    )
    if subject_id:
        wanted = wanted.where(table.c.subject_id == subject_id)
    if month:
        wanted = wanted.where(table.c.month == month)
    return [Entry(**each) for each in session.execute(wanted).mappings()]


def checked(
    session: Session,
    *,
    service: str,
    ward_id: str,
    checkpoint: Checkpoint | None,
    key: Ed25519PrivateKey | None,
    at: datetime,
) -> Checked:
    """Verify a ward's whole log, and sign where it stands.

    :param service: whose log this is, which the checkpoint will name; empty for one that names none
    :raises NoAuditKey: if a checkpoint is given and there is no key to check it with
    :raises Invalid: if the checkpoint is another ward's or service's, unsigned, or signed by another key
    """
    if checkpoint is not None:
        if key is None:
            raise NoAuditKey
        if checkpoint.ward_id != ward_id or checkpoint.service not in ("", service):
            raise CheckpointOfOther(
                ward=checkpoint.ward_id, service=checkpoint.service or "?", field="checkpoint.ward_id"
            )
        if not chain.signed_by(key.public_key(), checkpoint):
            raise CheckpointUnsigned(field="checkpoint.signature")
    found = chain.verify(every(session, ward_id), checkpoint)
    signed = None
    if key is not None and found.fault is None and found.number:
        signed = chain.sign(
            key, ward_id=ward_id, number=found.number, digest=found.digest, at=at, service=service
        )
    return Checked(found, signed, key is not None)
