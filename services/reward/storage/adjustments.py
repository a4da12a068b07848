"""What was paid since a run because of new decisions (R-39); only ever added to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import db
from reward.storage import rows as tables


@dataclass(frozen=True, slots=True)
class Posted:
    """A person's adjustment as it was posted; ``before`` and ``after`` in đồng."""

    person_id: str
    adjusts: str
    decision_id: str
    before: int
    after: int


def put(session: Session, ward_id: str, run_id: str, posted: Sequence[Posted]) -> None:
    """Keep what a run of adjustments pays for."""
    db.append(
        session,
        tables.Adjustment,
        [
            {
                "ward_id": ward_id,
                "run_id": run_id,
                "person_id": each.person_id,
                "adjusts": each.adjusts,
                "decision_id": each.decision_id,
                "before": each.before,
                "after": each.after,
            }
            for each in posted
        ],
    )


def paid(session: Session, ward_id: str, adjusts: str) -> dict[str, int]:
    """Return the đồng that adjustments of a run paid so far, by person."""
    row = tables.Adjustment
    sums = session.execute(
        select(row.person_id, func.sum(row.after - row.before))
        .where(row.ward_id == ward_id, row.adjusts == adjusts)
        .group_by(row.person_id)
    )
    return {person_id: int(total) for person_id, total in sums}


def adjusted_run(session: Session, ward_id: str, run_id: str) -> str | None:
    """Return which run a run of adjustments follows; None for any other run."""
    row = tables.Adjustment
    return session.scalar(select(row.adjusts).where(row.ward_id == ward_id, row.run_id == run_id).limit(1))


def of_person(session: Session, ward_id: str, run_id: str, person_id: str) -> Posted | None:
    """Return a person's adjustment in a run of adjustments."""
    row = session.get(tables.Adjustment, (ward_id, run_id, person_id))
    return Posted(row.person_id, row.adjusts, row.decision_id, row.before, row.after) if row else None
