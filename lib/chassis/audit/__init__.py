"""The tamper-evident log: who did what, when, on whose authority, from which value to which (R-32).

A use case that changes something people depend on says so in the session it did it in::

    audit.record(session, ward_id, month, [Change("save_plan", "plan", person_id, before, after, person_id)],
                 actor_id=actor.person_id, at=at)

If that transaction commits, the entry stands in the ward's chain of this service's database; if not, there is
none. Every service has such a log, and answers for it at its operations door.
"""

from chassis.audit.chain import (
    START,
    Checkpoint,
    Entry,
    Fault,
    Problem,
    Verified,
    canonical,
    chained,
    digest,
    instant,
    sign,
    signed_by,
    signing_key,
    verify,
)
from chassis.audit.log import (
    CITY,
    Change,
    Checked,
    CheckpointOfOther,
    CheckpointUnsigned,
    NoAuditKey,
    changed,
    checked,
    every,
    listed,
    office,
    record,
)

__all__ = [
    "CITY",
    "START",
    "Change",
    "Checked",
    "Checkpoint",
    "CheckpointOfOther",
    "CheckpointUnsigned",
    "Entry",
    "Fault",
    "NoAuditKey",
    "Problem",
    "Verified",
    "canonical",
    "chained",
    "changed",
    "checked",
    "digest",
    "every",
    "instant",
    "listed",
    "office",
    "record",
    "sign",
    "signed_by",
    "signing_key",
    "verify",
]
