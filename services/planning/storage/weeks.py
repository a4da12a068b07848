"""Edits of people's weeks, each kept as it was saved."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from chassis.days import Month
from planning.domain.week import Edit, Item, Week
from planning.storage import schema

_edit = schema.week_edit.c

_FEW = 500
"""Ids that a question names; beyond it asks for everybody's and sorts out afterwards."""


def newest_week_edits(
    session: Session, ward_id: str, week: Week, person_ids: Collection[str]
) -> dict[str, Edit]:
    """Return the newest edit of each of these people's weeks, as far as there is one."""
    wanted = (
        select(schema.week_edit)
        .where(_edit.ward_id == ward_id, _edit.week == str(week))
        .order_by(_edit.person_id, _edit.revision)
    )
    if len(person_ids) <= _FEW:
        wanted = wanted.where(_edit.person_id.in_(sorted(person_ids)))
    return {row.person_id: _value(row) for row in session.execute(wanted) if row.person_id in person_ids}


def week_edits(
    session: Session, ward_id: str, person_id: str, week: Week, *, after: int = 0, limit: int
) -> list[Edit]:
    """Return the edits of a person's week, the oldest first."""
    found = session.execute(
        select(schema.week_edit)
        .where(
            _edit.ward_id == ward_id,
            _edit.person_id == person_id,
            _edit.week == str(week),
            _edit.revision > after,
        )
        .order_by(_edit.revision)
        .limit(limit)
    )
    return [_value(row) for row in found]


def add_week_edit(session: Session, ward_id: str, person_id: str, week: Week, edit: Edit) -> None:
    """Add an edit."""
    row = {
        "ward_id": ward_id,
        "person_id": person_id,
        "week": str(week),
        "revision": edit.revision,
        "edited_by": edit.edited_by,
        "edited_at": edit.edited_at,
        "items": [_row(each) for each in edit.items],
    }
    session.execute(insert(schema.week_edit), [row])


def _row(item: Item) -> dict[str, Any]:
    return {
        "month": str(item.month),
        "task_id": item.task_id,
        "days": [each.isoformat() for each in item.days],
        "note": item.note,
    }


def _value(row: Row[Any]) -> Edit:
    return Edit(row.revision, tuple(_item(each) for each in row.items), row.edited_by, row.edited_at)


def _item(kept: Mapping[str, Any]) -> Item:
    days = tuple(date.fromisoformat(each) for each in kept["days"])
    return Item(Month.parse(kept["month"]), kept["task_id"], days, kept["note"])
