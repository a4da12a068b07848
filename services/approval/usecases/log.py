"""The log of who changed what (R-32).

Recorded last in a transaction: a ward's writers take turns from there on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from approval.domain.evaluation import Evaluation
from approval.storage import audit as entries
from chassis import audit
from chassis.audit import Checkpoint, Entry, Verified
from chassis.errors import Blocked, Invalid


class NoAuditKey(Blocked):
    """A checkpoint is checked with the key it was signed with."""

    vi = "Dịch vụ chưa có khóa AUDIT_KEY nên không kiểm tra được điểm đối chiếu."
    en = "The service has no AUDIT_KEY, so no checkpoint can be checked: set the key that signed it."


class CheckpointUnsigned(Invalid):
    """Only a checkpoint with this service's signature proves anything."""

    vi = "Điểm đối chiếu không có chữ ký hợp lệ của dịch vụ này."
    en = "The checkpoint does not carry this service's valid signature."


class CheckpointOfOther(Invalid):
    """A checkpoint is of one ward's log."""

    vi = "Điểm đối chiếu là của phường {ward}."
    en = "The checkpoint is of the ward {ward}."


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be logged; ``before`` and ``after`` are values with canonical JSON, ``None`` for nothing.

    :param authority_id: on whose authority; empty for the actor's own
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


def record(
    session: Session, ward_id: str, month: str, changes: Iterable[Change], *, actor_id: str, at: datetime
) -> None:
    """Append changes to the ward's log."""
    when = audit.instant(at)
    entries.append(
        session,
        ward_id,
        [
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
                before=audit.canonical(each.before),
                after=audit.canonical(each.after),
            )
            for each in changes
        ],
    )


def evaluated(action: str, before: Evaluation, after: Evaluation, authority_id: str) -> Change:
    """Return the change of an evaluation: of its parts, those that differ."""
    names = [each.name for each in fields(after) if getattr(before, each.name) != getattr(after, each.name)]
    return Change(
        action,
        "evaluation",
        after.person_id,
        {each: getattr(before, each) for each in names},
        {each: getattr(after, each) for each in names},
        authority_id,
    )


def list_entries(
    session: Session, *, ward_id: str, subject_id: str, month: str, after: int, most: int
) -> list[Entry]:
    """Return entries of a ward's log, oldest first."""
    return entries.listed(session, ward_id, subject_id=subject_id, month=month, after=after, most=most)


def verify(
    session: Session,
    *,
    ward_id: str,
    checkpoint: Checkpoint | None,
    key: Ed25519PrivateKey | None,
    at: datetime,
) -> Checked:
    """Verify a ward's whole log, and sign where it stands.

    :raises NoAuditKey: if a checkpoint is given and there is no key to check it with
    :raises Invalid: if the checkpoint is another ward's, unsigned, or signed by another key
    """
    if checkpoint is not None:
        if key is None:
            raise NoAuditKey
        if checkpoint.ward_id != ward_id:
            raise CheckpointOfOther(ward=checkpoint.ward_id, field="checkpoint.ward_id")
        if not audit.signed_by(key.public_key(), checkpoint):
            raise CheckpointUnsigned(field="checkpoint.signature")
    found = audit.verify(entries.every(session, ward_id), checkpoint)
    signed = None
    if key is not None and found.fault is None and found.number:
        signed = audit.sign(key, ward_id=ward_id, number=found.number, digest=found.digest, at=at)
    return Checked(found, signed, key is not None)
