"""Units' month plans in versions, and the people's tasks that are linked to their items."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.plan import State
from planning.domain.unit_plan import UnitItem, UnitPlan, UnitVersion
from planning.storage import schema

_plan, _version = schema.unit_plan.c, schema.unit_plan_version.c


def unit_plan(session: Session, ward_id: str, unit_id: str, month: Month) -> UnitPlan:
    """Return a unit's plan of a month, an empty one when nothing is planned yet."""
    return unit_plans(session, ward_id, month, [unit_id])[unit_id]


def unit_plans(
    session: Session, ward_id: str, month: Month, unit_ids: Collection[str]
) -> dict[str, UnitPlan]:
    """Return these units' plans of a month, an empty one for those that have nothing planned yet."""
    of = sorted(unit_ids)
    heads = {
        row.unit_id: row
        for row in session.execute(
            select(schema.unit_plan).where(
                _plan.ward_id == ward_id, _plan.month == str(month), _plan.unit_id.in_(of)
            )
        )
    }
    versions = {
        (row.unit_id, row.version): _value(row)
        for row in session.execute(
            select(schema.unit_plan_version)
            .join(
                schema.unit_plan,
                (_plan.ward_id == _version.ward_id)
                & (_plan.month == _version.month)
                & (_plan.unit_id == _version.unit_id)
                & ((_plan.newest == _version.version) | (_plan.in_force == _version.version)),
            )
            .where(_version.ward_id == ward_id, _version.month == str(month), _version.unit_id.in_(of))
        )
    }
    return {
        each: UnitPlan(
            ward_id,
            each,
            month,
            revision=head.revision if head else 0,
            newest=versions[each, head.newest] if head else None,
            in_force=versions[each, head.in_force] if head and head.in_force is not None else None,
        )
        for each in of
        for head in [heads.get(each)]
    }


def unit_versions(
    session: Session, ward_id: str, unit_id: str, month: Month, *, after: int = 0, limit: int
) -> list[UnitVersion]:
    """Return the versions of a unit's plan, the oldest first."""
    found = session.execute(
        select(schema.unit_plan_version)
        .where(
            _version.ward_id == ward_id,
            _version.month == str(month),
            _version.unit_id == unit_id,
            _version.version > after,
        )
        .order_by(_version.version)
        .limit(limit)
    )
    return [_value(row) for row in found]


def keep_unit_plan(session: Session, before: UnitPlan, after: UnitPlan) -> None:
    """Keep a changed plan, given what it was before."""
    newest = after.newest
    if after is before or newest is None:
        return
    key = {"ward_id": after.ward_id, "month": str(after.month), "unit_id": after.unit_id}
    head = {
        **key,
        "newest": newest.number,
        "state": newest.state.value,
        "in_force": after.in_force.number if after.in_force else None,
        "revision": after.revision,
    }
    db.upsert(session, schema.unit_plan, [head], key=list(key), revision="revision")
    rows = [_row(key, newest, newest.state)]
    old = before.in_force
    if old and after.in_force and old.number != after.in_force.number:
        rows.append(_row(key, old, State.SUPERSEDED))
    db.upsert(session, schema.unit_plan_version, rows, key=[*key, "version"])


def _row(key: Mapping[str, str], version: UnitVersion, state: State) -> dict[str, Any]:
    return {
        **key,
        "version": version.number,
        "state": state.value,
        "reason": version.reason,
        "decided_by": version.decided_by,
        "decided_at": version.decided_at,
        "items": [_item_row(each) for each in version.items],
    }


def _item_row(item: UnitItem) -> dict[str, Any]:
    return {
        "item_id": item.item_id,
        "name": item.name,
        "lead_person_id": item.lead_person_id,
        "lead_unit_id": item.lead_unit_id,
        "due_on": item.due_on.isoformat() if item.due_on else "",
        "responsibility": item.responsibility,
        "output": item.output,
        "authority": item.authority,
    }


def _value(row: Row[Any]) -> UnitVersion:
    items = tuple(_item(each) for each in row.items)
    return UnitVersion(row.version, State(row.state), items, row.reason, row.decided_by, row.decided_at)


def _item(kept: Mapping[str, str]) -> UnitItem:
    return UnitItem(
        item_id=kept["item_id"],
        name=kept["name"],
        lead_person_id=kept["lead_person_id"],
        lead_unit_id=kept["lead_unit_id"],
        due_on=date.fromisoformat(kept["due_on"]) if kept["due_on"] else None,
        responsibility=kept["responsibility"],
        output=kept["output"],
        authority=kept["authority"],
    )
