"""The sheet tasks: the whole plan of everybody named in it, as a draft (R-4, R-5, R-7)."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from chassis.sheets import Row
from planning import storage
from planning.domain.plan import MonthDecided, PersonMonth, PlanSubmitted
from planning.domain.results import conflicts
from planning.domain.task import MOST_TASKS, Kind, Task, assigned, missing, problems
from planning.usecases.imports.draft import Draft
from planning.usecases.plans import counterpart_problems, link_problems


def check(session: Session, draft: Draft) -> None:
    """Find whose plans the file holds, what is wrong with them, and which would change."""
    named = {
        row.text("person_id")
        for sheet in ("tasks", "results", "faults")
        for row in draft.rows(sheet)
        if row.has("person_id")
    }
    months = storage.person_months(session, draft.ward_id, draft.month, named & draft.posts.keys())
    draft.months = {each: (month, month) for each, month in months.items()}
    for row in draft.rows("results"):
        draft.replaced.setdefault(row.text("person_id"), set()).add(row.text("task_id"))
    rows: dict[str, list[Row]] = {}
    for row in draft.rows("tasks"):
        if person_id := draft.present("tasks", row):
            rows.setdefault(person_id, []).append(row)
    for person_id, of in rows.items():
        before, _ = draft.months[person_id]
        draft.months[person_id] = (before, _planned(draft, before, of))


def keep(session: Session, draft: Draft) -> None:
    """Leave it to the results, which are kept together with the plans."""


def _planned(draft: Draft, before: PersonMonth, rows: Sequence[Row]) -> PersonMonth:
    earlier = {each.task_id: each for each in before.in_force.tasks} if before.in_force else {}
    tasks: dict[str, Task | None] = {}
    places: dict[str, Row] = {}
    errors = draft.reading.errors.count
    for row in rows:
        task_id = draft.identified("tasks", row, "task_id")
        if task_id in tasks:
            draft.wrong("tasks", row, "task_id", f"mã {task_id} lặp lại", f"{task_id} is there twice")
        elif task_id:
            tasks[task_id], places[task_id] = _task(draft, row, before, earlier), row
    if len(rows) > MOST_TASKS:
        draft.wrong(
            "tasks",
            rows[MOST_TASKS],
            "",
            f"quá {MOST_TASKS} nhiệm vụ một người",
            f"more than {MOST_TASKS} tasks of one person",
        )
    good = [task for task in tasks.values() if task]
    if draft.reading.errors.count == errors and len(good) == len(rows):
        after = _saved(draft, before, good, places, rows[0])
        if draft.reading.errors.count == errors:
            return after
    draft.spoiled[before.person_id] = tasks
    return before


def _saved(
    draft: Draft,
    before: PersonMonth,
    tasks: Sequence[Task],
    places: Mapping[str, Row],
    first: Row,
) -> PersonMonth:
    kept = tuple(sorted(tasks, key=lambda each: each.task_id))
    if before.newest and before.newest.tasks == kept:
        return before
    # Results of the file replace the recorded ones, so only what they leave alone can contradict the plan.
    replaced = draft.replaced.get(before.person_id, set())
    standing = {each: result for each, result in before.results.items() if each not in replaced}
    found = [*conflicts(kept, standing), *before.two_sided(kept)]
    for task_id, problem in found:
        row = places.get(task_id, first)
        draft.wrong("tasks", row, "task_id", f"{task_id}: {problem.vi}", f"{task_id}: {problem.en}")
    if found:
        return before
    try:
        return before.save(kept, replaced=replaced)
    except (MonthDecided, PlanSubmitted) as refusal:
        draft.wrong("tasks", first, "person_id", refusal.told("vi"), refusal.told("en"))
        return before


def _task(draft: Draft, row: Row, month: PersonMonth, earlier: Mapping[str, Task]) -> Task | None:
    if "kind" in row.bad:
        return None
    standing = {each.task_id: each for each in month.newest.tasks} if month.newest else {}
    linked = standing.get(row.text("task_id"))
    given = Task(
        task_id=row.text("task_id"),
        kind=Kind(row.text("kind")),
        catalogue_code=row.text("catalogue_code"),
        name=row.text("name"),
        output=row.text("output"),
        due_on=row.day("due_on"),
        responsibility=row.text("responsibility"),
        authority=row.text("authority"),
        quantity=row.decimal("quantity"),
        coefficient=row.decimal("coefficient"),
        counterpart_id=row.text("counterpart_id"),
        reason=row.text("reason"),
        unit_item_id=row.text("unit_item_id") or (linked.unit_item_id if linked else ""),
        counterpart_task_id=linked.counterpart_task_id if linked else "",
    )
    task, disagreements = assigned(given, draft.entries, earlier.get(given.task_id))
    if given.catalogue_code in draft.doubtful:
        disagreements = []
    found = [
        *problems(task, draft.window),
        *disagreements,
        *counterpart_problems(task, month.person_id, draft.posts),
        *link_problems(task, linked, draft.unit_items.get(draft.posts[month.person_id].unit_id, ())),
    ]
    said = {problem.part for problem in found} | row.bad
    if task.catalogue_code and task.coefficient is None:
        # The code is unknown: what the catalogue would have said is not missing on top of that.
        said |= {"name", "output", "coefficient"}
    found += (problem for problem in missing(task) if problem.part not in said)
    for problem in found:
        draft.blame("tasks", row, problem)
    return None if found or row.bad else task
