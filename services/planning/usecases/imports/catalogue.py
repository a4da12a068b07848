"""The sheet catalogue: a new version, put in force when the ward's row names its decision (R-3)."""

import re
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import audit, outbox
from chassis.sheets import Row
from planning import storage
from planning.domain.catalogue import Catalogue, Entry, NoCatalogue, Section, coefficient, entry_problems
from planning.usecases import log
from planning.usecases.imports.draft import Draft
from planning.wire import messages

_RANGE = re.compile(r"([0-9]+)\s*[-–]\s*([0-9]+)")


def check(session: Session, draft: Draft) -> None:
    """Find whether the file holds another catalogue than the one in force, and what is wrong with it."""
    draft.entries = storage.entries_by_code(session, draft.ward_id, draft.month)
    table = draft.table("catalogue")
    ward = next(draft.rows("ward"), None)
    decision = ward.text("decision") if ward else ""
    if table is None or not table.rows:
        return
    standard = ward.decimal("standard_points") if ward else None
    standard = standard or storage.standard_points(session, draft.ward_id)
    if standard is None:
        vi = "cần “Điểm đơn vị chuẩn” trong trang ward"
        draft.wrong("catalogue", None, "", vi, "the ward sheet must give the standard points")
        return
    draft.doubtful = {row.text("code") for row in table.rows if row.bad}
    rows = [row for row in table.rows if not row.bad]
    for row in rows:
        _check_range(draft, row)
    found = [_entry(row) for row in rows]
    given = [row.decimal("coefficient") for row in rows]
    for place, problem in entry_problems(found, given, standard):
        draft.blame("catalogue", rows[place], problem)
    weighed = [
        replace(each, coefficient=coefficient(each.points, standard)) for each in found if each.points > 0
    ]
    _propose(session, draft, ward, decision, standard, weighed)


def keep(session: Session, draft: Draft) -> None:
    """Keep the new version and, when it is put in force, announce it."""
    if draft.catalogue:
        version, entries = draft.catalogue
        storage.add_catalogue(session, version, entries)
        if version.approved:
            outbox.add(session, messages.catalogue_approved(version), subject=str(version.version))
        changes = log.catalogue("import_catalogue", None, version, entries, log.by_office(draft.actor))
        audit.record(
            session,
            draft.ward_id,
            str(version.from_month),
            changes,
            actor_id=draft.actor.person_id,
            at=draft.at,
        )


def _propose(
    session: Session,
    draft: Draft,
    ward: Row | None,
    decision: str,
    standard: Decimal,
    entries: list[Entry],
) -> None:
    by_code = {each.code: each for each in entries}
    try:
        current = storage.catalogue_in_force(session, draft.ward_id, draft.month)
    except NoCatalogue:
        current = None
    if current and current.standard_points == standard and draft.entries == by_code:
        return
    proposed_by = ward.text("proposed_by") if ward else ""
    units = {each.unit_id for each in draft.units} | {
        each.unit_id for each in storage.units(session, draft.ward_id)
    }
    if proposed_by and proposed_by not in units:
        draft.wrong(
            "ward",
            ward,
            "proposed_by",
            f"phường không có đơn vị {proposed_by}",
            f"the ward has no unit {proposed_by}",
        )
    version = Catalogue(
        ward_id=draft.ward_id,
        version=storage.next_catalogue_version(session, draft.ward_id),
        from_month=draft.month,
        standard_points=standard,
        proposed_by=proposed_by or draft.actor.person_id,
        entry_count=len(entries),
    )
    if decision and not draft.actor.has("organizer"):
        draft.wrong(
            "ward",
            ward,
            "decision",
            "chỉ bộ phận tổ chức được ghi quyết định phê duyệt danh mục",
            "only an organizer enters the decision that approves a catalogue",
        )
    elif decision:
        version = version.approve(decision=decision, at=draft.at)
    if decision:
        draft.entries = by_code
    draft.catalogue = (version, entries)


def _entry(row: Row) -> Entry:
    return Entry(
        code=row.text("code"),
        task=row.text("task"),
        output=row.text("output"),
        complexity_group=row.text("complexity_group"),
        points=row.decimal("points") or Decimal(0),
        coefficient=Decimal(0),
        section=Section(row.text("section") or Section.SHARED.value),
        unit=row.text("unit"),
    )


def _check_range(draft: Draft, row: Row) -> None:
    words, points = row.text("points_range"), row.decimal("points")
    if not words or points is None:
        return
    bounds = _RANGE.fullmatch(words)
    if bounds is None:
        draft.wrong(
            "catalogue", row, "points_range", "viết như 51-100", "write it as two numbers, such as 51-100"
        )
    elif not Decimal(bounds[1]) <= points <= Decimal(bounds[2]):
        draft.wrong(
            "catalogue",
            row,
            "points",
            f"ngoài khung điểm {words}",
            f"outside the range {words} that the row gives",
        )
