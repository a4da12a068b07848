"""The sheets objectives, key_results and readings (R-6)."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis.days import VIET_NAM, Month
from chassis.errors import Refusal
from chassis.sheets import Row
from planning import storage
from planning.domain.ids import valid
from planning.domain.okr import (
    MOST_LEVELS,
    BadPeriod,
    KeyResult,
    Link,
    Objective,
    ObjectiveDropped,
    Owner,
    Period,
    Reading,
    ReferenceTaken,
    UnknownKeyResult,
    UnknownObjective,
    above_problems,
    forbidden_changes,
    objective_problems,
    reading_problems,
)
from planning.domain.plan import PersonMonth
from planning.domain.problem import Problem
from planning.usecases import okr
from planning.usecases.imports.draft import Draft

SOURCE = "workbook"
"""Where a reading is from that names no source."""

_KEY_RESULT = re.compile(r"objective\.key_results\[(\d+)\]")


def check(session: Session, draft: Draft) -> None:
    """Find what the file says about objectives and readings, and what of it is new."""
    rows = _by_id(draft)
    parts, spoiled = _key_results(draft, rows)
    known = storage.objectives(session, draft.ward_id, rows)
    stated: dict[str, Objective] = {}
    for objective_id, row in rows.items():
        measured = [each for _, each in parts[objective_id]]
        found = _objective(draft, row, objective_id, known.get(objective_id), measured)
        if found and objective_id not in spoiled:
            stated[objective_id] = found
    for objective_id, found in stated.items():
        row, of = rows[objective_id], [row for row, _ in parts[objective_id]]
        before = known.get(objective_id)
        problems = _problems(session, draft, found, before, stated)
        for place, problem in problems:
            key = _KEY_RESULT.match(place)
            if key and int(key[1]) < len(of):
                draft.blame("key_results", of[int(key[1])], _at_column(problem))
            else:
                draft.blame("objectives", row, problem)
        if not problems and (after := found.replaces(before)) is not before:
            draft.objectives.append((before, after))
    _readings(session, draft, stated, rows.keys() - stated.keys())


def keep(session: Session, draft: Draft) -> None:
    """Keep what changed."""
    for _, after in draft.objectives:
        storage.keep_objective(session, after)
    okr.logged(session, "import_workbook", draft.objectives, actor=draft.actor, at=draft.at)
    if draft.readings:
        okr.record_readings(
            session, ward_id=draft.ward_id, readings=draft.readings, actor=draft.actor, at=draft.at
        )


def _by_id(draft: Draft) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for row in draft.rows("objectives"):
        objective_id = draft.identified("objectives", row, "objective_id")
        if objective_id in rows:
            draft.wrong(
                "objectives",
                row,
                "objective_id",
                f"mã {objective_id} lặp lại",
                f"the id {objective_id} is there twice",
            )
        elif objective_id:
            rows[objective_id] = row
    return rows


def _key_results(
    draft: Draft, rows: Mapping[str, Row]
) -> tuple[dict[str, list[tuple[Row, KeyResult]]], set[str]]:
    """Return each objective's key results in the order of the file, and the objectives that have bad ones."""
    spoiled: set[str] = set()
    found: dict[str, list[tuple[Row, KeyResult]]] = {each: [] for each in rows}
    for row in draft.rows("key_results"):
        objective_id = row.text("objective_id")
        if objective_id and objective_id not in rows:
            draft.wrong(
                "key_results",
                row,
                "objective_id",
                f"trang objectives không có mục tiêu {objective_id}",
                f"the sheet objectives has no objective {objective_id}",
            )
        elif objective_id and row.bad:
            spoiled.add(objective_id)
        elif objective_id:
            found[objective_id].append((row, _key_result(draft, row)))
    return found, spoiled


def _key_result(draft: Draft, row: Row) -> KeyResult:
    weight = row.decimal("weight")
    return KeyResult(
        key_result_id=row.text("key_result_id"),
        name=row.text("name"),
        measure=row.text("unit_of_measure"),
        start=row.decimal("start") or Decimal(0),
        target=row.decimal("target") or Decimal(0),
        weight=Decimal(1) if weight is None else weight,
        links=tuple(link for each in row.entries("tasks") if (link := _link(draft, row, each))),
    )


def _link(draft: Draft, row: Row, words: str) -> Link | None:
    """Return the task that ``person/task`` or ``person/month/task`` names; None, and noted, if none."""
    person_id, *middle, task_id = words.split("/") if "/" in words else ("", "")
    try:
        month = Month.parse(middle[0]) if middle else draft.month
    except ValueError:
        month = None
    if month is None or len(middle) > 1 or not (valid(person_id) and valid(task_id)):
        draft.wrong(
            "key_results",
            row,
            "tasks",
            f"“{words[:80]}” không phải nhiệm vụ: viết như PL-031/T01 hoặc PL-031/2026-03/T01",
            f"“{words[:80]}” is no task: write it as PL-031/T01 or PL-031/2026-03/T01",
        )
        return None
    return Link(person_id, month, task_id)


def _objective(
    draft: Draft, row: Row, objective_id: str, before: Objective | None, parts: Sequence[KeyResult]
) -> Objective | None:
    """Return the objective that a row states; None if a cell of it is bad."""
    if row.bad:
        return None
    try:
        period = Period.parse(row.text("period"))
    except BadPeriod as refusal:
        _refused(draft, "objectives", row, "period", refusal)
        return None
    weight = row.decimal("weight")
    # Without the sheet of key results those known stay; with it they are what the sheet says.
    measured = parts if draft.table("key_results") else before.key_results if before else ()
    return Objective(
        ward_id=draft.ward_id,
        objective_id=objective_id,
        title=row.text("title"),
        owner=Owner(row.text("owner")),
        owner_id=row.text("owner_id"),
        period=period,
        above_id=row.text("above_id"),
        weight=Decimal(1) if weight is None else weight,
        dropped=row.text("dropped") == "yes",
        key_results=tuple(measured),
    )


def _problems(
    session: Session,
    draft: Draft,
    found: Objective,
    before: Objective | None,
    stated: Mapping[str, Objective],
) -> list[tuple[str, Problem]]:
    """Return what is wrong with an objective beside the others of the file and those known."""
    problems = objective_problems(found)
    at = "objective"
    problems += ((at, each) for each in _owner_problems(session, draft, found))
    try:
        over = list(_above(session, found, stated))
    except UnknownObjective as refusal:
        problems.append((at, Problem("above_id", refusal.told("vi"), refusal.told("en"))))
    else:
        problems += above_problems(found, over)
    try:
        for each in filter(None, (before, found)):
            okr.check_writes(session, each, draft.actor)
    except Refusal as refusal:
        problems.append((at, Problem("objective_id", refusal.told("vi"), refusal.told("en"))))
    problems += forbidden_changes(before, found) if before else ()
    return problems + _link_problems(session, draft, found, before)


def _owner_problems(session: Session, draft: Draft, found: Objective) -> Iterable[Problem]:
    owner_id = found.owner_id
    if found.owner is Owner.UNIT and owner_id:
        units = {each.unit_id for each in draft.units}
        if owner_id not in units and storage.unit(session, draft.ward_id, owner_id) is None:
            yield Problem("owner_id", f"không có đơn vị {owner_id}", f"there is no unit {owner_id}")
    if found.owner is Owner.PERSON and owner_id:
        post = draft.posts.get(owner_id)
        present = post is not None and post.active
        if not present and owner_id not in storage.lines(session, draft.ward_id, found.period.month):
            yield Problem(
                "owner_id",
                f"không có người mã {owner_id} đang công tác",
                f"nobody with the id {owner_id} holds a post",
            )


def _above(session: Session, found: Objective, stated: Mapping[str, Objective]) -> Iterable[Objective]:
    """Return the objective above, the one above that, and so on; the file's go before those known.

    :raises UnknownObjective: if there is none of an id
    """
    seen = {found.objective_id}
    wanted, levels = found.above_id, 0
    while wanted and levels <= MOST_LEVELS:
        above = stated.get(wanted) or storage.objective(session, found.ward_id, wanted)
        yield above
        if wanted in seen:
            return
        seen.add(wanted)
        wanted, levels = above.above_id, levels + 1


def _link_problems(
    session: Session, draft: Draft, found: Objective, before: Objective | None
) -> list[tuple[str, Problem]]:
    linked = {link for each in before.key_results for link in each.links} if before else set()
    problems = []
    for place, key_result in enumerate(found.key_results):
        for link in key_result.links:
            if link not in linked and not _has_task(_month(session, draft, link), link.task_id):
                words = f"kế hoạch tháng {link.month} của {link.person_id} không có nhiệm vụ {link.task_id}"
                said = f"the plan of {link.person_id} for {link.month} has no task {link.task_id}"
                problems.append((f"objective.key_results[{place}]", Problem("tasks", words, said)))
    return problems


def _month(session: Session, draft: Draft, link: Link) -> PersonMonth:
    if link.month == draft.month and link.person_id in draft.months:
        return draft.months[link.person_id][1]
    return storage.person_months(session, draft.ward_id, link.month, {link.person_id})[link.person_id]


def _has_task(month: PersonMonth, task_id: str) -> bool:
    versions = [each for each in (month.in_force, month.newest) if each]
    return any(task.task_id == task_id for version in versions for task in version.tasks)


def _readings(
    session: Session, draft: Draft, stated: Mapping[str, Objective], doubtful: Collection[str]
) -> None:
    """Find which readings are new.

    :param doubtful: objectives of the file that are bad: nothing is said about their readings
    """
    rows = [row for row in draft.rows("readings") if not row.bad and row.text("objective_id") not in doubtful]
    others = {row.text("objective_id") for row in rows} - stated.keys()
    objectives = {**storage.objectives(session, draft.ward_id, others), **stated}
    given = [(row, _reading(row)) for row in rows]
    known = storage.readings_by_reference(
        session, draft.ward_id, {(each.source, each.reference) for _, each in given}
    )
    for row, reading in given:
        problems = list(reading_problems(reading, draft.at))
        for problem in problems:
            column = "measured_on" if problem.part == "measured_at" else problem.part
            draft.blame("readings", row, replace(problem, part=column))
        key = (reading.source, reading.reference)
        column, refusal = _refusal(reading, objectives, known.get(key))
        if refusal:
            _refused(draft, "readings", row, column, refusal)
        elif not problems:
            if key not in known:
                draft.readings.append(reading)
            known[key] = reading


def _refusal(
    reading: Reading, objectives: Mapping[str, Objective], known: Reading | None
) -> tuple[str, Refusal | None]:
    """Return why a reading is not taken, and the column that it is about."""
    objective = objectives.get(reading.objective_id)
    if objective is None:
        return "objective_id", UnknownObjective(objective_id=reading.objective_id)
    if all(each.key_result_id != reading.key_result_id for each in objective.key_results):
        unknown = UnknownKeyResult(objective_id=reading.objective_id, key_result_id=reading.key_result_id)
        return "key_result_id", unknown
    if known and known != reading:
        taken = ReferenceTaken(field="reference", source=reading.source, reference=reading.reference)
        return "reference", taken
    if known is None and objective.dropped:
        return "objective_id", ObjectiveDropped(objective_id=reading.objective_id)
    return "", None


def _reading(row: Row) -> Reading:
    """Return what a row says; a day stands for its beginning, and names the reading if nothing else does."""
    day = row.day("measured_on")
    objective_id, key_result_id = row.text("objective_id"), row.text("key_result_id")
    at = datetime(day.year, day.month, day.day, tzinfo=VIET_NAM) if day else datetime.min.replace(tzinfo=UTC)
    return Reading(
        objective_id=objective_id,
        key_result_id=key_result_id,
        value=row.decimal("value") or Decimal(0),
        measured_at=at.astimezone(UTC),
        source=row.text("source") or SOURCE,
        reference=row.text("reference") or f"{objective_id}.{key_result_id}.{day}",
        note=row.text("note"),
    )


def _at_column(problem: Problem) -> Problem:
    return replace(problem, part=problem.part.partition("[")[0])


def _refused(draft: Draft, sheet: str, row: Row, column: str, refusal: Refusal) -> None:
    draft.wrong(sheet, row, column, refusal.told("vi"), refusal.told("en"))
