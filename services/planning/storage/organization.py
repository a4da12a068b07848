"""Wards, units and people as they stand in a month."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.organization import (
    Counting,
    Person,
    PersonnelType,
    Role,
    Unit,
    UnitKind,
    UnknownPerson,
    UnknownWard,
    Ward,
)
from planning.domain.window import WindowRule
from planning.storage import schema

FIRST_MONTH = Month(2000, 1)
"""Before every month that a ward may have here."""

_COUNTED = ("window_rule", "december_cut_off", "annual_leave_counts", "acceptance_date_required")
_post = schema.post.c


def ward(session: Session, ward_id: str) -> Ward:
    """Return a ward.

    :raises UnknownWard: if it is not registered
    """
    ward, counting = schema.ward.c, schema.ward_counting.c
    # A process of the version before keeps a new ward without how it counts by month.
    counted = (func.coalesce(counting[name], ward[name]).label(name) for name in _COUNTED)
    rows = session.execute(
        select(
            ward.name,
            ward.city,
            ward.revision,
            func.coalesce(counting.from_month, str(FIRST_MONTH)).label("from_month"),
            *counted,
        )
        .join_from(schema.ward, schema.ward_counting, ward.ward_id == counting.ward_id, isouter=True)
        .where(ward.ward_id == ward_id)
        .order_by(counting.from_month)
    ).all()
    if not rows:
        raise UnknownWard(ward_id=ward_id)
    return Ward(
        ward_id=ward_id,
        name=rows[0].name,
        city=rows[0].city,
        counting=tuple(
            Counting(
                Month.parse(row.from_month),
                WindowRule(row.window_rule),
                row.december_cut_off,
                row.annual_leave_counts,
                row.acceptance_date_required,
            )
            for row in rows
        ),
        revision=rows[0].revision,
    )


def keep_ward(session: Session, kept: Ward) -> None:
    """Keep a ward, new or changed."""
    rows = [
        {
            "ward_id": kept.ward_id,
            "from_month": str(each.from_month),
            "window_rule": each.window_rule.value,
            "december_cut_off": each.december_cut_off,
            "annual_leave_counts": each.annual_leave_counts,
            "acceptance_date_required": each.acceptance_date_required,
        }
        for each in kept.counting
    ]
    # For processes of the version before, which know one way to count for all months.
    newest = {name: value for name, value in rows[-1].items() if name != "from_month"}
    ward = {"name": kept.name, "city": kept.city, "revision": kept.revision}
    db.upsert(session, schema.ward, [newest | ward], key=["ward_id"])
    db.upsert(session, schema.ward_counting, rows, key=["ward_id", "from_month"])


def units(session: Session, ward_id: str, *, after: str = "", limit: int | None = None) -> list[Unit]:
    """Return a ward's units by id."""
    table = schema.unit.c
    found = session.execute(
        select(schema.unit)
        .where(table.ward_id == ward_id, table.unit_id > after)
        .order_by(table.unit_id)
        .limit(limit)
    )
    return [Unit(row.ward_id, row.unit_id, row.name, UnitKind(row.kind), row.revision) for row in found]


def unit(session: Session, ward_id: str, unit_id: str) -> Unit | None:
    """Return a unit, or None."""
    table = schema.unit.c
    row = session.execute(
        select(schema.unit).where(table.ward_id == ward_id, table.unit_id == unit_id)
    ).first()
    return Unit(row.ward_id, row.unit_id, row.name, UnitKind(row.kind), row.revision) if row else None


def keep_units(session: Session, kept: Iterable[Unit]) -> None:
    """Keep units, new or changed."""
    rows = [
        {
            "ward_id": each.ward_id,
            "unit_id": each.unit_id,
            "name": each.name,
            "kind": each.kind.value,
            "revision": each.revision,
        }
        for each in kept
    ]
    db.upsert(session, schema.unit, rows, key=["ward_id", "unit_id"])


def posts(session: Session, ward_id: str, month: Month) -> dict[str, Person]:
    """Return everybody as he stands in a month, those who have left too, by id."""
    found = session.execute(_as_of(ward_id, month))
    return {row.person_id: _person(row) for row in found}


def people(
    session: Session,
    ward_id: str,
    month: Month,
    *,
    unit_id: str = "",
    after: str = "",
    limit: int | None = None,
) -> list[Person]:
    """Return the people who hold a post in a month, by id."""
    wanted = [_post.active, _post.person_id > after]
    if unit_id:
        wanted.append(_post.unit_id == unit_id)
    found = session.execute(_as_of(ward_id, month).where(*wanted).limit(limit))
    return [_person(row) for row in found]


def person(session: Session, ward_id: str, person_id: str, month: Month) -> Person:
    """Return a person who holds a post in a month.

    :raises UnknownPerson: if nobody of that id does
    """
    found = select(schema.post).where(
        _post.ward_id == ward_id, _post.person_id == person_id, _post.from_month <= str(month)
    )
    row = session.execute(found.order_by(_post.from_month.desc()).limit(1)).first()
    if row is None or not row.active:
        raise UnknownPerson(person_id=person_id, month=month)
    return _person(row)


def lines(session: Session, ward_id: str, month: Month, *, leaver: str = "") -> dict[str, tuple[str, str]]:
    """Return from everybody who holds a post in a month to the direct superior's id and the unit's id.

    :param leaver: somebody who is among them even if he has left, by the post that he held last
    """
    there = or_(_post.active, _post.person_id == leaver) if leaver else _post.active
    found = session.execute(
        select(_post.person_id, _post.superior_id, _post.unit_id).where(
            _post.ward_id == ward_id, _newest(month), there
        )
    )
    return {row.person_id: (row.superior_id, row.unit_id) for row in found}


def keep_people(session: Session, kept: Iterable[Person]) -> None:
    """Keep posts, new or changed."""
    rows = [
        {
            "ward_id": each.ward_id,
            "person_id": each.person_id,
            "from_month": str(each.from_month),
            "full_name": each.full_name,
            "unit_id": each.unit_id,
            "personnel_type": each.personnel_type.value,
            "post": each.post,
            "title": each.title,
            "role": each.role.value,
            "salary_coefficient": each.salary_coefficient,
            "superior_id": each.superior_id,
            "in_charge_ids": list(each.in_charge_ids),
            "duty_group": each.duty_group,
            "quota_scope": each.quota_scope,
            "email": each.email,
            "language": each.language,
            "active": each.active,
            "revision": each.revision,
        }
        for each in kept
    ]
    db.upsert(session, schema.post, rows, key=["ward_id", "person_id", "from_month"])


def _newest(month: Month) -> ColumnElement[bool]:
    """True of the post that a person holds in a month: one look into the key's index for each."""
    earlier = schema.post.alias()
    begun = (
        select(func.max(earlier.c.from_month))
        .where(
            earlier.c.ward_id == _post.ward_id,
            earlier.c.person_id == _post.person_id,
            earlier.c.from_month <= str(month),
        )
        .scalar_subquery()
    )
    return _post.from_month == begun


def _as_of(ward_id: str, month: Month) -> Select[Any]:
    return select(schema.post).where(_post.ward_id == ward_id, _newest(month)).order_by(_post.person_id)


def _person(row: Row[Any]) -> Person:
    return Person(
        ward_id=row.ward_id,
        person_id=row.person_id,
        from_month=Month.parse(row.from_month),
        full_name=row.full_name,
        unit_id=row.unit_id,
        personnel_type=PersonnelType(row.personnel_type),
        post=row.post,
        title=row.title,
        role=Role(row.role),
        salary_coefficient=row.salary_coefficient,
        superior_id=row.superior_id,
        in_charge_ids=tuple(row.in_charge_ids),
        duty_group=row.duty_group,
        quota_scope=row.quota_scope,
        email=row.email,
        language=row.language,
        active=row.active,
        revision=row.revision,
    )
