"""What the log of changes says of funds and runs (R-32): figures as they were posted, by whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit
from chassis.audit import Change
from chassis.auth import Actor
from reward.domain.fund import Fund
from reward.domain.policy_version import CITY, Version
from reward.domain.run import Acknowledgement, Run

FINANCE = audit.office("finance")
ORGANIZER = audit.office("organizer")


def fund_created(session: Session, fund: Fund) -> None:
    """Log a fund."""
    _, now = audit.changed(None, fund)
    change = Change("create_fund", "fund", fund.fund_id, None, now, FINANCE)
    audit.record(session, fund.ward_id, fund.month, [change], actor_id=fund.created_by, at=fund.created_at)


def run_posted(session: Session, run: Run, *, actor_id: str, at: datetime) -> None:
    """Log a run with its sums; what each person got is in the ledger, which is only added to."""
    now = {
        "state": run.state,
        "fund_id": run.fund_id,
        "policy": run.policy,
        "people": run.people,
        "paid": run.paid,
        "distributed": run.distributed,
        "undistributed": run.undistributed,
        "by_grade": run.by_grade,
    }
    change = Change("allocate", "run", run.run_id, None, now, FINANCE)
    audit.record(session, run.ward_id, run.month, [change], actor_id=actor_id, at=at)


def run_adjusted(session: Session, run: Run, *, adjusts: str, actor_id: str, at: datetime) -> None:
    """Log a run of adjustments and which run it follows (R-39)."""
    now = {
        "state": run.state,
        "fund_id": run.fund_id,
        "adjusts": adjusts,
        "people": run.people,
        "distributed": run.distributed,
        "undistributed": run.undistributed,
    }
    change = Change("adjust_run", "run", run.run_id, None, now, FINANCE)
    audit.record(session, run.ward_id, run.month, [change], actor_id=actor_id, at=at)


def run_acknowledged(session: Session, run: Run, acknowledgement: Acknowledgement) -> None:
    """Log that finance took a run's file over."""
    now = {"state": "acknowledged", "sha256": acknowledgement.sha256}
    change = Change("acknowledge", "run", run.run_id, {"state": run.state}, now, FINANCE)
    audit.record(
        session, run.ward_id, run.month, [change], actor_id=acknowledgement.by, at=acknowledgement.at
    )


def policy_proposed(session: Session, version: Version, *, actor: Actor, at: datetime) -> None:
    """Log a proposed version of a policy with all it says."""
    now = {"owner": version.owner, "based_on": version.based_on, "document": version.document}
    authority = ORGANIZER if actor.has("organizer") else FINANCE
    _policy(
        session, Change("propose_policy", "policy", version.name, None, now, authority), version, actor, at
    )


def policy_approved(session: Session, version: Version, *, actor: Actor, at: datetime) -> None:
    """Log that a version of a policy was approved, and by which document."""
    now = {"approved": True, "decision": version.decision}
    change = Change("approve_policy", "policy", version.name, {"approved": False}, now, ORGANIZER)
    _policy(session, change, version, actor, at)


def _policy(session: Session, change: Change, version: Version, actor: Actor, at: datetime) -> None:
    ward_id = audit.CITY if version.owner == CITY else version.owner
    audit.record(session, ward_id, "", [change], actor_id=actor.person_id, at=at)
