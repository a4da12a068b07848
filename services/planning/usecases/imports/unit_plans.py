"""The sheet unit_plans: the whole month plan of every unit named in it, as a draft (R-4, R-5)."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from chassis.sheets import Row
from planning import storage
from planning.domain.unit_plan import MOST_ITEMS, UnitItem, UnitPlan, UnitPlanSubmitted, missing, problems
from planning.usecases import unit_plans
from planning.usecases.imports.draft import Draft
from planning.usecases.plans import unit_item_ids

SHEET = "unit_plans"


def check(session: Session, draft: Draft) -> None:
    """Find which units' plans the file holds, what is wrong with them, and which would change."""
    units = {each.unit_id for each in (*storage.units(session, draft.ward_id), *draft.units)}
    rows: dict[str, list[Row]] = {}
    for row in draft.rows(SHEET):
        unit_id = draft.identified(SHEET, row, "unit_id")
        if unit_id and unit_id not in units:
            draft.wrong(SHEET, row, "unit_id", f"không có đơn vị {unit_id}", f"there is no unit {unit_id}")
        elif unit_id:
            rows.setdefault(unit_id, []).append(row)
    draft.unit_items = unit_item_ids(session, draft.ward_id, draft.month)
    for unit_id, before in storage.unit_plans(session, draft.ward_id, draft.month, rows).items():
        items = _items(draft, rows[unit_id], units)
        # An item with an error is there all the same: nothing is said about the tasks that are linked to it.
        named = {each.text("item_id") for each in rows[unit_id]}
        draft.unit_items[unit_id] = draft.unit_items.get(unit_id, set()) | named
        if items is not None:
            _save(draft, before, items, rows[unit_id][0])


def keep(session: Session, draft: Draft) -> None:
    """Keep the drafts that changed."""
    for before, after in draft.unit_plans:
        unit_plans.keep(session, "import_unit_plan", before, after, actor=draft.actor, at=draft.at)


def _items(draft: Draft, rows: Sequence[Row], units: set[str]) -> list[UnitItem] | None:
    """Return a unit's items, None when anything is wrong with them."""
    errors = draft.reading.errors.count
    found: dict[str, UnitItem] = {}
    for row in rows:
        item_id = draft.identified(SHEET, row, "item_id")
        if item_id in found:
            draft.wrong(SHEET, row, "item_id", f"mã {item_id} lặp lại", f"{item_id} is there twice")
        elif item_id:
            found[item_id] = _item(draft, row, units)
    if len(rows) > MOST_ITEMS:
        draft.wrong(
            SHEET,
            rows[MOST_ITEMS],
            "",
            f"quá {MOST_ITEMS} việc một đơn vị",
            f"more than {MOST_ITEMS} items of one unit",
        )
    good = draft.reading.errors.count == errors and not any(each.bad for each in rows)
    return list(found.values()) if good else None


def _item(draft: Draft, row: Row, units: set[str]) -> UnitItem:
    item = UnitItem(
        item_id=row.text("item_id"),
        name=row.text("name"),
        lead_person_id=row.text("lead_person_id"),
        lead_unit_id=row.text("lead_unit_id"),
        due_on=row.day("due_on"),
        responsibility=row.text("responsibility"),
        output=row.text("output"),
        authority=row.text("authority"),
    )
    found = list(problems(item, draft.window, draft.posts, units))
    said = {each.part for each in found} | row.bad
    for each in (*found, *(one for one in missing(item) if one.part not in said)):
        draft.blame(SHEET, row, each)
    return item


def _save(draft: Draft, before: UnitPlan, items: Sequence[UnitItem], first: Row) -> None:
    if before.newest and before.newest.items == tuple(items):
        return
    try:
        draft.unit_plans.append((before, before.save(items)))
    except UnitPlanSubmitted as refusal:
        draft.wrong(SHEET, first, "unit_id", refusal.told("vi"), refusal.told("en"))
