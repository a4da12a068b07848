"""A decided month stays what it was decided on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.days import Month
from planning import storage
from planning.usecases.rights import turn
from planning.wire import messages


@dataclass(frozen=True, slots=True)
class Decided:
    """That a person's month was decided."""

    ward_id: str
    month: str
    person_id: str
    revision: int
    decided_at: datetime | None


def lock_months(session: Session, decisions: Iterable[Decided]) -> None:
    """Keep that these months are decided, and announce the newest facts that were acknowledged before.

    Plans, results and working time of such a month change no more. It takes its turn among the writers of the
    ward, so that no change is acknowledged beside the announcement.
    """
    found: defaultdict[tuple[str, str], list[Decided]] = defaultdict(list)
    for each in decisions:
        found[each.ward_id, each.month].append(each)
    for ward_id in sorted({ward_id for ward_id, _ in found}):
        turn(session, ward_id)
    for (ward_id, month), told in sorted(found.items()):
        _lock(session, ward_id, Month.parse(month), told)


def _lock(session: Session, ward_id: str, month: Month, told: Iterable[Decided]) -> None:
    newest: dict[str, Decided] = {}
    for each in sorted(told, key=lambda each: each.revision):
        newest[each.person_id] = each
    kept = storage.decision_revisions(session, ward_id, month, newest)
    new = [each for each in newest.values() if each.revision > kept.get(each.person_id, 0)]
    if not new:
        return
    storage.keep_decisions(
        session,
        [
            {
                "ward_id": ward_id,
                "month": str(month),
                "person_id": each.person_id,
                "revision": each.revision,
                "decided_at": each.decided_at,
            }
            for each in new
        ],
    )
    locks = storage.month_locks(session, ward_id, month, {each.person_id: each.revision for each in new})
    outbox.add_all(session, [(messages.month_locked(each), each.person_id) for each in locks])
