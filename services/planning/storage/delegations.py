"""Delegations as approval announced them: only ever added, or ended earlier (R-2)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Column, Date, Index, Table, select
from sqlalchemy.orm import Session

from chassis import db
from planning.domain.delegation import Delegation
from planning.storage.schema import tables

delegation = Table(
    "delegation",
    tables,
    Column("ward_id", db.Key, primary_key=True),
    Column("delegation_id", db.Key, primary_key=True),
    Column("from_person_id", db.Key, nullable=False),
    Column("to_person_id", db.Key, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date, nullable=False),
)
Index("ix_delegation_to", delegation.c.ward_id, delegation.c.to_person_id)


def keep_delegations(session: Session, delegations: Iterable[Delegation]) -> None:
    """Keep delegations; of one that was announced again, since it was ended, the earlier last day holds."""
    rows = [
        {
            "ward_id": each.ward_id,
            "delegation_id": each.delegation_id,
            "from_person_id": each.from_person_id,
            "to_person_id": each.to_person_id,
            "from_day": each.from_day,
            "to_day": each.to_day,
        }
        for each in delegations
    ]
    db.upsert(session, delegation, rows, key=["ward_id", "delegation_id"], revision="to_day", falling=True)


def delegators(session: Session, ward_id: str, to_person_id: str, day: date) -> set[str]:
    """Return who delegated to a person for that legal day."""
    of = delegation.c
    return set(
        session.scalars(
            select(of.from_person_id).where(
                of.ward_id == ward_id,
                of.to_person_id == to_person_id,
                of.from_day <= day,
                of.to_day >= day,
            )
        )
    )
