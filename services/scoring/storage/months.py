"""Which ward's months are stale, and the compare-and-set by which one is computed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from chassis import db
from scoring.storage.rows import MonthRow

WardMonth = tuple[str, str]
"""Ward and month."""

CHUNK = 400
"""Keys in one statement."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a ward's month is.

    :param marked: counts the batches of facts; ``computed`` is the mark that was computed last
    :param revision: how often it was computed
    :param stale_since: when the first fact came that is not computed yet, ``marked_at`` the last
    :param policies: ids and versions it was computed with last
    :param closed_at: when every grade was published; from then on it keeps its policies
    """

    ward_id: str
    month: str
    marked: int
    computed: int
    revision: int
    marked_at: datetime
    stale_since: datetime
    policies: tuple[str, ...] = ()
    closed_at: datetime | None = None

    @property
    def stale(self) -> bool:
        """True while facts are not computed."""
        return self.marked != self.computed


def mark(session: Session, months: Iterable[WardMonth], at: datetime) -> None:
    """Note that facts of these months have changed in this transaction.

    A month that is not known yet is made known under its ward's lock, so that :func:`months_from` either
    sees it or has committed before it, and so does :func:`open_months`.
    """
    ordered = sorted(set(months))
    known: set[WardMonth] = set()
    for start in range(0, len(ordered), CHUNK):
        key = tuple_(MonthRow.ward_id, MonthRow.month)
        found = session.execute(
            select(MonthRow.ward_id, MonthRow.month).where(key.in_(ordered[start : start + CHUNK]))
        )
        known |= {(row.ward_id, row.month) for row in found}
    unknown = {ward_id for ward_id, month in ordered if (ward_id, month) not in known}
    _lock(session, unknown)
    if unknown:
        hold_policies(session)
    if not ordered:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(MonthRow)
    fresh = MonthRow.marked == MonthRow.computed
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["ward_id", "month"],
            set_={
                "marked": MonthRow.marked + 1,
                "marked_at": statement.excluded.marked_at,
                "stale_since": case((fresh, statement.excluded.stale_since), else_=MonthRow.stale_since),
            },
        ),
        [
            {
                "ward_id": ward_id,
                "month": month,
                "marked": 1,
                "computed": 0,
                "revision": 0,
                "marked_at": at,
                "stale_since": at,
                "retry_at": None,
                "policies": [],
                "closed_at": None,
            }
            for ward_id, month in ordered
        ],
    )


def months_from(session: Session, first: Mapping[str, str]) -> list[WardMonth]:
    """Return the known months of wards from a month on, and let no other become known meanwhile.

    :param first: the month for each ward
    """
    _lock(session, first)
    rows = session.execute(
        select(MonthRow.ward_id, MonthRow.month)
        .where(MonthRow.ward_id.in_(sorted(first)))
        .order_by(MonthRow.ward_id, MonthRow.month)
    )
    return [(ward_id, month) for ward_id, month in rows if month >= first[ward_id]]


def hold_policies(session: Session) -> None:
    """Let nobody else propose or approve a policy, or make a month known, until the transaction ends."""
    db.exclusive(session, "policies")


def open_months(session: Session, ward_id: str | None, first: str, last: str) -> list[WardMonth]:
    """Return the known months that are not closed. Call it under :func:`hold_policies`.

    :param ward_id: only this ward's; ``None`` for all
    :param last: empty for no end
    """
    asked = [MonthRow.month >= first, MonthRow.closed_at.is_(None)]
    if ward_id is not None:
        asked.append(MonthRow.ward_id == ward_id)
    if last:
        asked.append(MonthRow.month <= last)
    rows = session.execute(
        select(MonthRow.ward_id, MonthRow.month).where(*asked).order_by(MonthRow.ward_id, MonthRow.month)
    )
    return [(found, month) for found, month in rows]


def held_month(session: Session, ward_id: str, month: str) -> Standing:
    """Return how far a month is, known or not until now, and hold it until the transaction ends."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    at = db.clock(session)
    session.execute(
        insert(MonthRow)
        .values(
            ward_id=ward_id,
            month=month,
            marked=0,
            computed=0,
            revision=0,
            marked_at=at,
            stale_since=at,
            retry_at=None,
            policies=[],
            closed_at=None,
        )
        .on_conflict_do_nothing(index_elements=["ward_id", "month"])
    )
    row = session.get_one(MonthRow, (ward_id, month), with_for_update=True, populate_existing=True)
    return _standing(row)


def put_closed(session: Session, ward_id: str, month: str, policies: Iterable[str], at: datetime) -> None:
    """Note that a month keeps these policies from that instant on."""
    session.execute(
        update(MonthRow)
        .where(MonthRow.ward_id == ward_id, MonthRow.month == month)
        .values(policies=list(policies), closed_at=at)
        .execution_options(synchronize_session=False)
    )


def stale_months(session: Session, at: datetime, limit: int) -> list[Standing]:
    """Return months that are stale and not postponed, the longest stale first."""
    rows = session.scalars(
        select(MonthRow)
        .where(
            MonthRow.marked != MonthRow.computed,
            or_(MonthRow.retry_at.is_(None), MonthRow.retry_at <= at),
        )
        .order_by(MonthRow.stale_since, MonthRow.ward_id, MonthRow.month)
        .limit(limit)
    )
    return [_standing(row) for row in rows]


def month_of(session: Session, ward_id: str, month: str) -> Standing | None:
    """Return how far a month is; ``None`` if no fact of it is known."""
    row = session.get(MonthRow, (ward_id, month))
    return None if row is None else _standing(row)


def put_computed(session: Session, standing: Standing, policies: Iterable[str], at: datetime) -> bool:
    """Note that a month is computed as it stood, and hold it until the transaction ends.

    What was marked meanwhile stays marked.

    :param policies: ids and versions it was computed with
    :return: False if somebody else has computed or closed it meanwhile: then nothing is noted
    """
    later = MonthRow.marked > standing.marked
    changed = session.execute(
        update(MonthRow)
        .where(
            MonthRow.ward_id == standing.ward_id,
            MonthRow.month == standing.month,
            MonthRow.revision == standing.revision,
            MonthRow.closed_at.is_not_distinct_from(standing.closed_at),
        )
        .values(
            computed=standing.marked,
            revision=MonthRow.revision + 1,
            stale_since=case((later, at), else_=MonthRow.stale_since),
            retry_at=None,
            policies=list(policies),
        )
        .returning(MonthRow.revision)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def put_postponed(session: Session, ward_id: str, month: str, until: datetime) -> None:
    """Leave a month alone for a while, so that the others get their turn."""
    session.execute(
        update(MonthRow)
        .where(MonthRow.ward_id == ward_id, MonthRow.month == month)
        .values(retry_at=until)
        .execution_options(synchronize_session=False)
    )


def _lock(session: Session, ward_ids: Iterable[str]) -> None:
    for ward_id in sorted(ward_ids):
        db.exclusive(session, f"months of {ward_id}")


def _standing(row: MonthRow) -> Standing:
    return Standing(
        row.ward_id,
        row.month,
        row.marked,
        row.computed,
        row.revision,
        row.marked_at,
        row.stale_since,
        tuple(row.policies),
        row.closed_at,
    )
