"""Takes a workbook over: all of it or nothing, every bad cell told at once (docs/workbook.md).

First everything is read and checked against what is known and against the other sheets; only when nothing is
wrong is anything kept, and only what changed is announced.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from chassis import sheets
from chassis.auth import Actor
from chassis.days import Month
from chassis.sheets import CellError, Form
from planning.usecases.imports import (
    catalogue,
    objectives,
    organization,
    plans,
    results,
    unit_plans,
    working_time,
)
from planning.usecases.imports.draft import Draft
from planning.usecases.rights import turn
from planning.wire import layout

MOST_ERRORS = 1_000
"""Errors that a reply spells out."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    applied: bool
    errors: list[CellError]
    """The first `MOST_ERRORS` of them, sheet by sheet, by row."""
    error_count: int
    rows: dict[str, int]
    """How many rows each sheet gave."""


def import_workbook(
    session: Session,
    *,
    ward_id: str,
    month: Month,
    file_name: str,
    content: bytes,
    form: Form | None,
    only: Collection[str],
    dry_run: bool,
    actor: Actor,
    at: datetime,
) -> Imported:
    """Take a file over for a month.

    :param only: the sheets to take; empty for all
    :param dry_run: True to check only
    :raises Unreadable: if the file is no table at all
    """
    reading = sheets.read(
        content, layout.SHEETS, file_name=file_name, form=form, only=only, passed_over=layout.OTHERS
    )
    turn(session, ward_id)
    draft = Draft.begin(session, ward_id=ward_id, month=month, actor=actor, at=at, reading=reading)
    steps = (organization, catalogue, unit_plans, plans, results, working_time, objectives)
    if draft.known:
        for step in steps:
            step.check(session, draft)
    errors = reading.errors
    good = errors.count == 0
    if good and not dry_run:
        for step in steps:
            step.keep(session, draft)
    return Imported(
        applied=good and not dry_run,
        errors=errors.in_order()[:MOST_ERRORS],
        error_count=errors.count,
        rows={name: len(table.rows) for name, table in reading.tables.items()},
    )
