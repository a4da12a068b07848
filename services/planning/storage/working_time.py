"""Working time of people's months."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.working_time import WorkingTime
from planning.storage import schema


def working_times(
    session: Session, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, WorkingTime]:
    """Return what is recorded for these people."""
    table = schema.working_time.c
    found = session.execute(
        select(schema.working_time).where(table.ward_id == ward_id, table.month == str(month))
    )
    return {
        row.person_id: WorkingTime(row.person_id, row.required_half_days, row.worked_half_days, row.revision)
        for row in found
        if row.person_id in person_ids
    }


def keep_working_time(session: Session, ward_id: str, month: Month, kept: Iterable[WorkingTime]) -> None:
    """Keep working time, new or changed."""
    rows = [
        {
            "ward_id": ward_id,
            "month": str(month),
            "person_id": each.person_id,
            "required_half_days": each.required_half_days,
            "worked_half_days": each.worked_half_days,
            "revision": each.revision,
        }
        for each in kept
    ]
    db.upsert(session, schema.working_time, rows, key=["ward_id", "month", "person_id"])
