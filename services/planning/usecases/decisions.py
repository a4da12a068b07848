"""A decided month stays what it was decided on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from planning import storage


@dataclass(frozen=True, slots=True)
class Decided:
    """That a person's month was decided."""

    ward_id: str
    month: str
    person_id: str
    revision: int
    decided_at: datetime | None


def lock_months(session: Session, decisions: Iterable[Decided]) -> None:
    """Keep that these months are decided: their plans, results and working time change no more."""
    rows = [
        {
            "ward_id": each.ward_id,
            "month": each.month,
            "person_id": each.person_id,
            "revision": each.revision,
            "decided_at": each.decided_at,
        }
        for each in decisions
    ]
    storage.keep_decisions(session, rows)
