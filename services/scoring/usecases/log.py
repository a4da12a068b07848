"""What the log of changes says of policies and of units' grades (R-32)."""

from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit
from chassis.audit import Change
from scoring.domain import settings
from scoring.domain.in_force import CITY, Version
from scoring.domain.period import UnitGrade

ORGANIZER = audit.office("organizer")


def policy(
    session: Session, action: str, before: Version | None, after: Version, *, actor_id: str, at: datetime
) -> None:
    """Log a version of a policy, the city's in the city's log: proposed with all it says, then approved."""
    was = _approval(before) if before else None
    now = _approval(after) if before else _said(after)
    change = Change(action, "policy", after.policy.name, was, now, ORGANIZER)
    ward_id = audit.CITY if after.owner == CITY else after.owner
    month = f"{after.policy.effective_on:%Y-%m}"
    audit.record(session, ward_id, month, [change], actor_id=actor_id, at=at)


def unit_grade(session: Session, before: UnitGrade | None, after: UnitGrade) -> None:
    """Log a unit's grade of a year."""
    was, now = audit.changed(before, after)
    subject = f"{after.unit_id}:{after.period}"
    change = Change("record_unit_grade", "unit_grade", subject, was if before else None, now, ORGANIZER)
    audit.record(session, after.ward_id, "", [change], actor_id=after.recorded_by, at=after.recorded_at)


def _said(version: Version) -> dict[str, object]:
    policy = version.policy
    return {
        "owner": version.owner,
        "legal_basis": policy.legal_basis,
        "effective_on": policy.effective_on,
        "effective_until": policy.effective_until,
        "personnel_types": policy.personnel_types,
        "settings": settings.shown(policy),
        "based_on": version.based_on,
    }


def _approval(version: Version) -> dict[str, object]:
    return {"approved": version.approved, "document": version.document}
