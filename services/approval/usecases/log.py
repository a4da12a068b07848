"""What the log of changes says of evaluations and of policies (R-32)."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from approval.domain.evaluation import Evaluation
from approval.domain.policy_version import CITY, Version
from chassis import audit
from chassis.audit import Change, record

__all__ = ["Change", "evaluated", "policy_approved", "policy_proposed", "record"]

ORGANIZER: Final = audit.office("organizer")


def evaluated(action: str, before: Evaluation, after: Evaluation, authority_id: str) -> Change:
    """Return the change of an evaluation: of its parts, those that differ."""
    was, now = audit.changed(before, after)
    return Change(action, "evaluation", after.person_id, was, now, authority_id)


def policy_proposed(session: Session, version: Version, *, actor_id: str, at: datetime) -> None:
    """Log a proposed version of a policy with all it says, the city's in the city's log."""
    now = {"owner": version.owner, "based_on": version.based_on, "document": version.document}
    _policy(
        session, version, Change("propose_policy", "policy", version.name, None, now, ORGANIZER), actor_id, at
    )


def policy_approved(session: Session, version: Version, *, actor_id: str, at: datetime) -> None:
    """Log that a version of a policy was approved, and by which document."""
    now = {"approved": True, "decision": version.decision}
    change = Change("approve_policy", "policy", version.name, {"approved": False}, now, ORGANIZER)
    _policy(session, version, change, actor_id, at)


def _policy(session: Session, version: Version, change: Change, actor_id: str, at: datetime) -> None:
    ward_id = audit.CITY if version.owner == CITY else version.owner
    record(session, ward_id, version.policy.from_month, [change], actor_id=actor_id, at=at)
