"""What other systems delivered, by their own references."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.deliveries import Delivery
from planning.storage import schema

_delivery = schema.delivery.c

_FEW = 500
"""References that a question names at a time."""


def deliveries_by_reference(
    session: Session, ward_id: str, references: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Delivery]:
    """Return what stands for these systems and references, as far as there is anything."""
    found: dict[tuple[str, str], Delivery] = {}
    wanted = sorted(references)
    for start in range(0, len(wanted), _FEW):
        rows = session.execute(
            select(schema.delivery).where(
                _delivery.ward_id == ward_id,
                tuple_(_delivery.system, _delivery.reference).in_(wanted[start : start + _FEW]),
            )
        )
        found |= {(row.system, row.reference): _value(row) for row in rows}
    return found


def deliveries(
    session: Session,
    ward_id: str,
    person_id: str,
    month: Month,
    *,
    task_id: str,
    after: tuple[str, str],
    limit: int,
) -> list[Delivery]:
    """Return what was delivered for a person's month by system and reference.

    :param task_id: only for this task; empty for all
    """
    wanted = [
        _delivery.ward_id == ward_id,
        _delivery.month == str(month),
        _delivery.person_id == person_id,
        tuple_(_delivery.system, _delivery.reference) > after,
    ]
    if task_id:
        wanted.append(_delivery.task_id == task_id)
    found = session.execute(
        select(schema.delivery).where(*wanted).order_by(_delivery.system, _delivery.reference).limit(limit)
    )
    return [_value(row) for row in found]


def keep_deliveries(session: Session, ward_id: str, kept: Iterable[Delivery]) -> None:
    """Keep deliveries, new or corrected."""
    rows = [
        {
            "ward_id": ward_id,
            "system": each.system,
            "reference": each.reference,
            "sequence": each.sequence,
            "person_id": each.person_id,
            "month": str(each.month),
            "task_id": each.task_id,
            "quantity": each.quantity,
            "evidence": each.evidence,
            "accepted_on": each.accepted_on,
            "delivered_by": each.delivered_by,
            "delivered_at": each.delivered_at,
        }
        for each in kept
    ]
    db.upsert(session, schema.delivery, rows, key=["ward_id", "system", "reference"])


def _value(row: Row[Any]) -> Delivery:
    return Delivery(
        system=row.system,
        reference=row.reference,
        sequence=row.sequence,
        person_id=row.person_id,
        month=Month.parse(row.month),
        task_id=row.task_id,
        quantity=row.quantity,
        evidence=row.evidence,
        accepted_on=row.accepted_on,
        delivered_by=row.delivered_by,
        delivered_at=row.delivered_at,
    )
