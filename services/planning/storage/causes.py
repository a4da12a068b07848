"""Claims of objective causes."""

from collections.abc import Collection
from itertools import islice
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, Text, select
from sqlalchemy import tuple_ as group
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.causes import Claim, ClaimState
from planning.storage.schema import tables

claim_table = Table(
    "objective_cause",
    tables,
    Column("ward_id", db.Key, primary_key=True),
    Column("month", db.Key, primary_key=True),
    Column("person_id", db.Key, primary_key=True),
    Column("task_id", db.Key, primary_key=True),
    Column("fault_id", db.Key, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(20), nullable=False),
    Column("reviews", Integer, nullable=False),
    Column("deadlines", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("evidence_ids", db.JSON, nullable=False),
    Column("requested_by", db.Key, nullable=False),
    Column("requested_at", db.Instant, nullable=False),
    Column("answered_by", db.Key, nullable=False),
    Column("answered_at", db.Instant),
    Column("reason", Text, nullable=False),
    Column("excused_reviews", Integer, nullable=False),
    Column("excused_deadlines", Integer, nullable=False),
)
"""Claims, only ever added to, each answered once."""

_claim = claim_table.c

Key = tuple[str, str, str, int]
"""Person, task, fault and number: a claim of a month."""


def claims_about(
    session: Session, ward_id: str, person_id: str, month: Month, task_id: str, fault_id: str
) -> list[Claim]:
    """Return the claims about one fault by number."""
    found = session.execute(
        select(claim_table)
        .where(
            *_of(ward_id, month),
            _claim.person_id == person_id,
            _claim.task_id == task_id,
            _claim.fault_id == fault_id,
        )
        .order_by(_claim.number)
    )
    return [_value(row) for row in found]


def claims_of_task(session: Session, ward_id: str, person_id: str, month: Month, task_id: str) -> list[Claim]:
    """Return the claims about the faults of a task by fault and number."""
    found = session.execute(
        select(claim_table)
        .where(*_of(ward_id, month), _claim.person_id == person_id, _claim.task_id == task_id)
        .order_by(_claim.fault_id, _claim.number)
    )
    return [_value(row) for row in found]


def claims(
    session: Session,
    ward_id: str,
    month: Month,
    *,
    person_ids: Collection[str] | None,
    state: ClaimState | None,
    not_by: str = "",
    after: Key | None = None,
    limit: int | None = None,
) -> list[Claim]:
    """Return claims of a month by person, task, fault and number.

    :param person_ids: only these people's; None for everybody's
    :param not_by: only those that this person did not hand in
    """
    wanted = _of(ward_id, month)
    if not_by:
        wanted.append(_claim.requested_by != not_by)
    if state:
        wanted.append(_claim.state == state.value)
    if after:
        wanted.append(group(_claim.person_id, _claim.task_id, _claim.fault_id, _claim.number) > after)
    question = (
        select(claim_table)
        .where(*wanted)
        .order_by(_claim.person_id, _claim.task_id, _claim.fault_id, _claim.number)
    )
    if person_ids is None:
        return [_value(row) for row in session.execute(question.limit(limit))]
    # A leader of many may lead more people than a question can name; a month's claims are few.
    found = (row for row in session.execute(question) if row.person_id in person_ids)
    return [_value(row) for row in islice(found, limit)]


def keep_claim(session: Session, ward_id: str, kept: Claim) -> None:
    """Keep a claim, new or answered."""
    row = {
        "ward_id": ward_id,
        "month": str(kept.month),
        "person_id": kept.person_id,
        "task_id": kept.task_id,
        "fault_id": kept.fault_id,
        "number": kept.number,
        "state": kept.state.value,
        "reviews": kept.reviews,
        "deadlines": kept.deadlines,
        "cause": kept.cause,
        "evidence_ids": list(kept.evidence_ids),
        "requested_by": kept.requested_by,
        "requested_at": kept.requested_at,
        "answered_by": kept.answered_by,
        "answered_at": kept.answered_at,
        "reason": kept.reason,
        "excused_reviews": kept.excused_reviews,
        "excused_deadlines": kept.excused_deadlines,
    }
    key = ["ward_id", "month", "person_id", "task_id", "fault_id", "number"]
    db.upsert(session, claim_table, [row], key=key)


def _of(ward_id: str, month: Month) -> list[Any]:
    return [_claim.ward_id == ward_id, _claim.month == str(month)]


def _value(row: Row[Any]) -> Claim:
    return Claim(
        person_id=row.person_id,
        month=Month.parse(row.month),
        task_id=row.task_id,
        fault_id=row.fault_id,
        number=row.number,
        reviews=row.reviews,
        deadlines=row.deadlines,
        cause=row.cause,
        evidence_ids=tuple(row.evidence_ids),
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        state=ClaimState(row.state),
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        reason=row.reason,
        excused_reviews=row.excused_reviews,
        excused_deadlines=row.excused_deadlines,
    )
