"""The sheets ward, units and people (R-1)."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.audit import Change
from chassis.sheets import Row
from planning import storage
from planning.domain.organization import (
    Person,
    PersonnelType,
    Role,
    Unit,
    UnitKind,
    UnknownWard,
    charge_problems,
)
from planning.usecases import log
from planning.usecases.imports.draft import Draft
from planning.wire import messages

NOBODY = ("không", "khong", "none")
"""Written under "in charge of" by a leader of whom nobody's results count for d."""


def check(session: Session, draft: Draft) -> None:
    """Find what would change about units and people."""
    known = {each.unit_id: each for each in storage.units(session, draft.ward_id)}
    _units(draft, known)
    draft.posts = storage.posts(session, draft.ward_id, draft.month)
    _people(draft, set(known) | {each.unit_id for each in draft.units})


def keep(session: Session, draft: Draft) -> None:
    """Keep what changed, announce it, and say so in the log."""
    changes = _changes(session, draft)
    if draft.ward_changed and draft.ward:
        storage.keep_ward(session, draft.ward)
        outbox.add(session, messages.ward_changed(draft.ward), subject=draft.ward_id)
    storage.keep_units(session, draft.units)
    outbox.add_all(session, ((messages.unit_changed(each), each.unit_id) for each in draft.units))
    storage.keep_people(session, draft.people)
    outbox.add_all(session, ((messages.person_changed(each), each.person_id) for each in draft.people))
    audit.record(
        session, draft.ward_id, str(draft.month), changes, actor_id=draft.actor.person_id, at=draft.at
    )


def _changes(session: Session, draft: Draft) -> list[Change]:
    authority = log.by_office(draft.actor)
    changes: list[Change] = []
    if draft.ward_changed and draft.ward:
        try:
            before = storage.ward(session, draft.ward_id)
        except UnknownWard:
            before = None
        changes += log.different("import_ward", "ward", [(draft.ward_id, before, draft.ward)], authority)
    if draft.units:
        units = {each.unit_id: each for each in storage.units(session, draft.ward_id)}
        changed = [(each.unit_id, units.get(each.unit_id), each) for each in draft.units]
        changes += log.different("import_unit", "unit", changed, authority)
    if draft.people:
        posts = storage.posts(session, draft.ward_id, draft.month)
        people = [(each.person_id, posts.get(each.person_id), each) for each in draft.people]
        changes += log.different("import_person", "person", people, authority)
    return changes


def _units(draft: Draft, known: dict[str, Unit]) -> None:
    seen: set[str] = set()
    for row in draft.rows("units"):
        unit_id = draft.identified("units", row, "unit_id")
        if unit_id in seen:
            draft.wrong("units", row, "unit_id", f"mã {unit_id} lặp lại", f"the id {unit_id} is there twice")
        if not unit_id or row.bad:
            continue
        seen.add(unit_id)
        before = known.get(unit_id)
        after = Unit(
            draft.ward_id,
            unit_id,
            row.text("name"),
            UnitKind(row.text("kind")),
            before.revision if before else 0,
        )
        if after != before:
            draft.units.append(replace(after, revision=after.revision + 1))


def _people(draft: Draft, unit_ids: set[str]) -> None:
    rows: dict[str, Row] = {}
    for row in draft.rows("people"):
        person_id = draft.identified("people", row, "person_id")
        if person_id in rows:
            draft.wrong(
                "people", row, "person_id", f"mã {person_id} lặp lại", f"the id {person_id} is there twice"
            )
            continue
        unit_id = row.text("unit_id")
        if unit_id and unit_id not in unit_ids:
            draft.wrong(
                "people",
                row,
                "unit_id",
                f"phường không có đơn vị {unit_id}",
                f"the ward has no unit {unit_id}",
            )
        email = row.text("email")
        if email and (email.count("@") != 1 or " " in email or email.startswith("@") or email.endswith("@")):
            draft.wrong("people", row, "email", "không phải địa chỉ thư", "it is no e-mail address")
        if person_id:
            rows[person_id] = row
    changed = _changed(draft, rows)
    present = {each: post for each, post in draft.posts.items() if post.active}
    for person_id, problem in charge_problems(present, changed):
        draft.blame("people", rows.get(person_id), problem)
    _check_charges(draft, rows, present.values())


def _changed(draft: Draft, rows: dict[str, Row]) -> set[str]:
    """Note everybody's post as it would be, and return whose would change."""
    changed: set[str] = set()
    for person_id, row in rows.items():
        before = draft.posts.get(person_id)
        reported = _person(draft, person_id, row)
        kept = reported.holds(before, draft.month)
        draft.posts[person_id] = kept or before or reported
        if kept:
            changed.add(person_id)
            draft.people.append(kept)
    return changed


def _check_charges(draft: Draft, rows: dict[str, Row], present: Iterable[Person]) -> None:
    """Ask a leader who leads somebody to say who is in his charge: an omission would favour him (R-16)."""
    leads = {each.superior_id for each in present}
    for person_id, row in rows.items():
        if person_id in leads and not row.entries("in_charge_ids") and row.text("role") == "leader":
            draft.wrong(
                "people",
                row,
                "in_charge_ids",
                "là cấp trên trực tiếp của người khác nên phải ghi phụ trách ai, hoặc ghi “không”",
                "leads others, so it must say who is in charge, or “none”",
            )


def _person(draft: Draft, person_id: str, row: Row) -> Person:
    """Return what a row says; what is bad in it was noted and gets a stand-in that nobody keeps."""
    charge = row.entries("in_charge_ids")
    salary = row.decimal("salary_coefficient")
    return Person(
        ward_id=draft.ward_id,
        person_id=person_id,
        from_month=draft.month,
        full_name=row.text("full_name"),
        unit_id=row.text("unit_id"),
        personnel_type=PersonnelType(row.text("personnel_type") or PersonnelType.CADRE.value),
        post=row.text("post"),
        title=row.text("title"),
        role=Role(row.text("role") or Role.LEADER.value),
        salary_coefficient=Decimal(0) if salary is None else salary,
        superior_id=row.text("superior_id"),
        in_charge_ids=() if len(charge) == 1 and charge[0].casefold() in NOBODY else charge,
        duty_group=row.text("duty_group"),
        quota_scope=row.text("quota_scope"),
        email=row.text("email"),
        language=row.text("language") or "vi",
        active=row.text("active") != "no",
    )
