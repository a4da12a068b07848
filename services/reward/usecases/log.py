"""What the log of changes says of funds and runs (R-32): figures as they were posted, by whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from chassis import audit
from chassis.audit import Change
from reward.domain.fund import Fund
from reward.domain.run import Acknowledgement, Run

FINANCE = audit.office("finance")


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


def run_acknowledged(session: Session, run: Run, acknowledgement: Acknowledgement) -> None:
    """Log that finance took a run's file over."""
    now = {"state": "acknowledged", "sha256": acknowledgement.sha256}
    change = Change("acknowledge", "run", run.run_id, {"state": run.state}, now, FINANCE)
    audit.record(
        session, run.ward_id, run.month, [change], actor_id=acknowledgement.by, at=acknowledgement.at
    )
