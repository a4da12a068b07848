"""The sheets results and faults (R-8); plans and results are kept together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from chassis import outbox
from chassis.days import VIET_NAM, legal_day
from chassis.sheets import Row
from planning import storage
from planning.domain.acceptance import Recording
from planning.domain.organization import superiors
from planning.domain.plan import FaultOfAnother, MonthDecided, PersonMonth
from planning.domain.problem import Problem
from planning.domain.results import Confirmation, Fault, Result, fault_problems, hidden, problems
from planning.domain.task import Task
from planning.usecases.causes import answer_by_workbook
from planning.usecases.imports.draft import Draft
from planning.usecases.plans import logged
from planning.wire import messages


@dataclass(slots=True)
class _Given:
    """What the file says about one task."""

    row: Row | None = None
    faults: list[tuple[Row, Fault]] = field(default_factory=list)
    bad: bool = False


def check(session: Session, draft: Draft) -> None:  # noqa: ARG001
    """Find what the file says came of the tasks, what is wrong with it, and what would change."""
    lines = {
        each.person_id: each.superior_id if _active(draft, each.superior_id) else ""
        for each in draft.posts.values()
        if each.active
    }
    given: dict[str, dict[str, _Given]] = {}
    for row in draft.rows("results"):
        if person_id := draft.present("results", row):
            of = given.setdefault(person_id, {}).setdefault(row.text("task_id"), _Given())
            if of.row:
                draft.wrong("results", row, "task_id", "nhiệm vụ lặp lại", "the task is there twice")
            of.row = of.row or row
            of.bad |= bool(row.bad)
    for row in draft.rows("faults"):
        if person_id := draft.present("faults", row):
            of = given.setdefault(person_id, {}).setdefault(row.text("task_id"), _Given())
            fault = _fault(draft, row, superiors(lines, person_id), draft.months[person_id][0])
            if fault:
                of.faults.append((row, fault))
    for person_id, tasks in given.items():
        before, planned = draft.months[person_id]
        draft.months[person_id] = (before, _recorded(draft, planned, tasks))


def keep(session: Session, draft: Draft) -> None:
    """Keep plans and results in one go, and announce the work of those whose plan is in force."""
    changes = [pair for _, pair in sorted(draft.months.items()) if pair[0] is not pair[1]]
    storage.keep_months(session, changes)
    outbox.add_all(
        session,
        (
            (messages.results_recorded(after, draft.posts[after.person_id].unit_id), after.plan_id)
            for before, after in changes
            if after.in_force and after.results != before.results
        ),
    )
    answer_by_workbook(session, changes, actor=draft.actor, at=draft.at)
    logged(session, "import_plan", changes, actor=draft.actor, at=draft.at)


def _active(draft: Draft, person_id: str) -> bool:
    post = draft.posts.get(person_id)
    return post is not None and post.active


def _recorded(draft: Draft, planned: PersonMonth, given: Mapping[str, _Given]) -> PersonMonth:
    tasks = _owed(draft, planned)
    after = dict(planned.results)
    for task_id, of in given.items():
        task = tasks.get(task_id)
        if task_id not in tasks:
            _unknown(draft, of, planned, task_id)
        elif task is None:
            continue
        elif not of.bad and (result := _result(draft, of, task, planned)):
            after[task_id] = result
    if after == planned.results:
        return planned
    first = next(iter(given.values()))
    if planned.decided:
        refusal = MonthDecided(person_id=planned.person_id, month=planned.month)
        sheet, row = ("results", first.row) if first.row else ("faults", first.faults[0][0])
        draft.wrong(sheet, row, "person_id", refusal.told("vi"), refusal.told("en"))
        return planned
    return replace(planned, results=after, revision=planned.revision + 1)


def _owed(draft: Draft, planned: PersonMonth) -> dict[str, Task | None]:
    """Return the tasks that results may be about, None for those too bad to be looked at."""
    spoiled = draft.spoiled.get(planned.person_id)
    if spoiled is not None:
        return spoiled
    found: dict[str, Task | None] = {}
    for version in (planned.newest, planned.in_force):
        found |= {each.task_id: each for each in version.tasks} if version else {}
    return found


def _unknown(draft: Draft, of: _Given, planned: PersonMonth, task_id: str) -> None:
    if not task_id:
        return
    vi = f"kế hoạch của {planned.person_id} không có nhiệm vụ {task_id}"
    en = f"the plan of {planned.person_id} has no task {task_id}"
    places = [("results", of.row)] if of.row else [("faults", row) for row, _ in of.faults]
    for sheet, row in places:
        draft.wrong(sheet, row, "task_id", vi, en)


def _result(draft: Draft, of: _Given, task: Task, planned: PersonMonth) -> Result | None:
    before = planned.results.get(task.task_id)
    accepted_on = of.row.day("accepted_on") if of.row else None
    if of.row:
        accepted, evidence = of.row.decimal("accepted") or Decimal(0), of.row.text("evidence")
    elif before:
        accepted, evidence = before.accepted, before.evidence
    else:
        for row, _ in of.faults:
            draft.wrong(
                "faults", row, "task_id", "nhiệm vụ chưa có kết quả", "the task has no result recorded"
            )
        return None
    faults = tuple(fault for _, fault in of.faults)
    if draft.table("faults") is None and before:
        faults = before.faults
    given = Result(task.task_id, accepted, evidence, faults, accepted_on)
    recording = Recording.of(
        draft.settings, planned.person_id, planned.month, by=draft.actor.person_id, at=draft.at
    )
    found = [*recording.problems(given, before), *_of_others(recording, given, before)]
    # Faults without their result say nothing of what was accepted.
    kept = recording.recorded(given, before) if of.row or before is None else replace(before, faults=faults)
    result = kept.after(before, planned.person_id)
    found += problems(result, task)
    for problem in found:
        _blame(draft, of, problem)
    return None if found else result


def _of_others(recording: Recording, given: Result, before: Result | None) -> Iterator[Problem]:
    """Return what somebody with an office alters in his own favour of what others stated (R-8)."""
    if before is None or not recording.by_himself:
        return
    if refusal := recording.overstated(given, before, "accepted"):
        yield Problem("accepted", refusal.told("vi"), refusal.told("en"))
    if fault_id := hidden(before, given, recording.person_id):
        of_another = FaultOfAnother(task_id=given.task_id, fault_id=fault_id, field="faults")
        places = [place for place, each in enumerate(given.faults) if each.fault_id == fault_id]
        part = f"faults[{places[0]}].fault_id" if places else "task_id"
        yield Problem(part, of_another.told("vi"), of_another.told("en"))
    earlier = {each.fault_id: each.confirmation for each in before.faults}
    for place, fault in enumerate(given.faults):
        if fault.confirmation and fault.confirmation != earlier.get(fault.fault_id):
            yield Problem(
                f"faults[{place}].confirmed_by",
                "không tự nhập xác nhận cho sai sót của chính mình: người xác nhận hoặc văn thư khác nhập",
                "nobody enters the confirmation of his own faults: who confirmed it does, or another clerk",
            )


def _blame(draft: Draft, of: _Given, problem: Problem) -> None:
    if problem.part.startswith("faults[") and of.faults:
        place, _, part = problem.part.removeprefix("faults[").partition("].")
        row = of.faults[min(int(place), len(of.faults) - 1)][0]
        draft.blame("faults", row, Problem(part, problem.vi, problem.en))
    elif of.row:
        draft.blame("results", of.row, problem)
    else:
        draft.blame("faults", of.faults[0][0], Problem("task_id", problem.vi, problem.en))


def _fault(draft: Draft, row: Row, above: tuple[str, ...], before: PersonMonth) -> Fault | None:
    fault_id = draft.identified("faults", row, "fault_id")
    if not fault_id or row.bad:
        return None
    earlier = next(
        (
            each
            for result in before.results.values()
            if result.task_id == row.text("task_id")
            for each in result.faults
            if each.fault_id == fault_id
        ),
        None,
    )
    fault = Fault(
        fault_id=fault_id,
        outputs=row.integer("outputs") or 0,
        failed_reviews=row.integer("failed_reviews") or 0,
        missed_deadlines=row.integer("missed_deadlines") or 0,
        note=row.text("note"),
        confirmation=_confirmation(draft, row, earlier),
        recorded_by=draft.actor.person_id,
    )
    found = list(fault_problems(fault))
    if given := fault.confirmation:
        # What stands may be an office's word; it is not given anew.
        if earlier is None or given != earlier.confirmation:
            found += _confirmation_problems(draft, given, row.text("person_id"), above)
    elif row.text("confirmed_by") or row.text("cause") or row.has("confirmed_on"):
        vi, en = "chưa ghi miễn bao nhiêu lần", "it does not say how many are excused"
        found.append(Problem("excused_reviews", vi, en))
    for problem in found:
        draft.blame("faults", row, problem)
    return None if found else fault


def _confirmation(draft: Draft, row: Row, earlier: Fault | None) -> Confirmation | None:
    reviews, deadlines = row.integer("excused_reviews") or 0, row.integer("excused_deadlines") or 0
    if not reviews and not deadlines:
        return None
    found = Confirmation(reviews, deadlines, row.text("confirmed_by"), row.text("cause"), draft.at)
    day = row.day("confirmed_on")
    if day:
        return replace(found, confirmed_at=datetime(day.year, day.month, day.day, tzinfo=VIET_NAM))
    if earlier and earlier.confirmation:
        # The same file again is the same word, not a new one.
        kept = replace(found, confirmed_at=earlier.confirmation.confirmed_at)
        return kept if kept == earlier.confirmation else found
    return found


def _confirmation_problems(
    draft: Draft, given: Confirmation, person_id: str, above: tuple[str, ...]
) -> Iterator[Problem]:
    by = given.confirmed_by
    if not by:
        yield Problem("confirmed_by", "thiếu người xác nhận", "lacks who confirmed it")
    elif by == person_id:
        yield Problem("confirmed_by", "không thể tự xác nhận cho mình", "nobody confirms his own")
    elif by not in above and not (by == draft.actor.person_id and draft.actor.has("organizer")):
        yield Problem(
            "confirmed_by",
            f"không phải cấp trên của {person_id}; bộ phận tổ chức xác nhận thì tự nhập",
            f"is not above {person_id}; an organizer who confirms it enters it himself",
        )
    if given.confirmed_at > draft.at:
        yield Problem(
            "confirmed_on",
            f"sau ngày hôm nay, {legal_day(draft.at):%d/%m/%Y}",
            f"is after today, {legal_day(draft.at)}",
        )
