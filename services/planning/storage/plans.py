"""People's months: versions of the plan with their tasks, results with their faults, decisions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, bindparam, delete, select
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.plan import PersonMonth, State, Version
from planning.domain.results import Confirmation, Fault, Result
from planning.domain.task import Kind, Task
from planning.storage import schema

_plan, _version = schema.plan.c, schema.version.c

_FEW = 500
"""Ids that a question names; beyond it asks for the whole month and sorts out afterwards."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A plan without its tasks."""

    person_id: str
    month: Month
    version: int
    state: State
    reason: str
    decided_by: str
    decided_at: datetime | None
    task_count: int
    revision: int


def person_month(session: Session, ward_id: str, person_id: str, month: Month) -> PersonMonth:
    """Return a person's month, an empty one when nothing is planned yet."""
    return person_months(session, ward_id, month, [person_id])[person_id]


def person_months(
    session: Session, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, PersonMonth]:
    """Return these people's months, an empty one for those who have nothing planned yet."""
    heads = {row.person_id: row for row in _rows(session, schema.plan, ward_id, month, person_ids)}
    closed = decided(session, ward_id, month, person_ids)
    tasks = _tasks(session, ward_id, month, heads)
    kept = {
        (row.person_id, row.version): _value(row, tasks.get((row.person_id, row.version), ()))
        for row in _rows(session, schema.version, ward_id, month, heads)
        if row.version in (heads[row.person_id].newest, heads[row.person_id].in_force)
    }
    results = _results(session, ward_id, month, heads)
    found = {}
    for person_id in person_ids:
        head = heads.get(person_id)
        found[person_id] = PersonMonth(
            ward_id=ward_id,
            person_id=person_id,
            month=month,
            revision=head.revision if head else 0,
            newest=kept[person_id, head.newest] if head else None,
            in_force=kept[person_id, head.in_force] if head and head.in_force is not None else None,
            results=results.get(person_id, {}),
            decided=person_id in closed,
        )
    return found


def decided(session: Session, ward_id: str, month: Month, person_ids: Collection[str]) -> set[str]:
    """Return for whom of these people the month is decided."""
    return {row.person_id for row in _rows(session, schema.decision, ward_id, month, person_ids)}


def in_state(session: Session, ward_id: str, month: Month, state: State) -> set[str]:
    """Return whose newest version stands in a state."""
    found = session.scalars(
        select(_plan.person_id).where(*_of(schema.plan, ward_id, month), _plan.state == state.value)
    )
    return set(found)


def summaries(
    session: Session,
    ward_id: str,
    month: Month,
    *,
    person_ids: Collection[str] | None,
    state: State | None,
    after: str = "",
    limit: int,
) -> list[Summary]:
    """Return the newest versions of a month's plans by person.

    :param person_ids: only these people's; None for everybody's
    """
    wanted = [*_of(schema.plan, ward_id, month), _plan.person_id > after]
    if state:
        wanted.append(_plan.state == state.value)
    if person_ids is not None and _named(person_ids):
        wanted.append(_plan.person_id.in_(sorted(person_ids)))
    question = select(schema.plan).where(*wanted).order_by(_plan.person_id)
    found = session.execute(question.limit(limit if _named(person_ids) else None))
    heads = [row for row in found if person_ids is None or row.person_id in person_ids][:limit]
    newest = {
        (row.person_id, row.version): row
        for row in _rows(session, schema.version, ward_id, month, {row.person_id for row in heads})
    }
    return [_summary(head, newest[head.person_id, head.newest], month) for head in heads]


def versions(
    session: Session, ward_id: str, person_id: str, month: Month, *, after: int = 0, limit: int
) -> list[Version]:
    """Return the versions of a plan, the oldest first."""
    found = session.execute(
        select(schema.version)
        .where(
            *_of(schema.version, ward_id, month), _version.person_id == person_id, _version.version > after
        )
        .order_by(_version.version)
        .limit(limit)
    ).all()
    numbers = [row.version for row in found]
    task = schema.task.c
    tasks: dict[int, list[Task]] = {}
    for row in session.execute(
        select(schema.task)
        .where(*_of(schema.task, ward_id, month), task.person_id == person_id, task.version.in_(numbers))
        .order_by(task.version, task.task_id)
    ):
        tasks.setdefault(row.version, []).append(_task(row))
    return [_value(row, tasks.get(row.version, ())) for row in found]


def keep_months(session: Session, changes: Iterable[tuple[PersonMonth, PersonMonth]]) -> None:
    """Keep changed months, each with what it was before, in a few statements for all of them."""
    pairs = [(before, after) for before, after in changes if after is not before]
    heads = [
        {
            **_key(after),
            "newest": after.newest.number,
            "state": after.newest.state.value,
            "in_force": after.in_force.number if after.in_force else None,
            "revision": after.revision,
        }
        for _, after in pairs
        if after.newest
    ]
    db.upsert(session, schema.plan, heads, key=["ward_id", "month", "person_id"], revision="revision")
    _keep_versions(session, pairs)
    _keep_results(session, pairs)


def keep_decisions(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep that months are decided: rows of ward_id, month, person_id, revision, decided_at."""
    key = ["ward_id", "month", "person_id"]
    db.upsert(session, schema.decision, rows, key=key, revision="revision")


def _keep_versions(session: Session, pairs: Sequence[tuple[PersonMonth, PersonMonth]]) -> None:
    rows: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    added: list[dict[str, Any]] = []
    for before, after in pairs:
        earlier = _of_interest(before)
        for version in _of_interest(after).values():
            was = earlier.get(version.number)
            if version == was:
                continue
            rows.append(_version_row(after, version, version.state))
            if was is None or was.tasks != version.tasks:
                at = {**_key(after), "version": version.number}
                if was:
                    dropped.append({f"of_{name}": value for name, value in at.items()})
                added += ({**at, **_task_row(each)} for each in version.tasks)
        old = before.in_force
        if old and after.in_force and after.in_force.number != old.number:
            rows.append(_version_row(after, old, State.SUPERSEDED))
    key = ["ward_id", "month", "person_id", "version"]
    db.upsert(session, schema.version, rows, key=key)
    if dropped:
        _connection_execute(session, delete(schema.task).where(*_bound(schema.task, key)), dropped)
    db.append(session, schema.task, added)


def _of_interest(month: PersonMonth) -> dict[int, Version]:
    return {each.number: each for each in (month.in_force, month.newest) if each}


def _keep_results(session: Session, pairs: Sequence[tuple[PersonMonth, PersonMonth]]) -> None:
    rows: list[dict[str, Any]] = []
    dropped: list[dict[str, Any]] = []
    added: list[dict[str, Any]] = []
    for before, after in pairs:
        for task_id, result in after.results.items():
            earlier = before.results.get(task_id)
            if result == earlier:
                continue
            at = {**_key(after), "task_id": task_id}
            rows.append({**at, **_result_row(result)})
            if earlier and earlier.faults:
                dropped.append({f"of_{name}": value for name, value in at.items()})
            added += ({**at, "place": place, **_fault_row(each)} for place, each in enumerate(result.faults))
    key = ["ward_id", "month", "person_id", "task_id"]
    db.upsert(session, schema.result, rows, key=key)
    if dropped:
        _connection_execute(session, delete(schema.fault).where(*_bound(schema.fault, key)), dropped)
    db.append(session, schema.fault, added)


def _connection_execute(session: Session, statement: Any, rows: list[dict[str, Any]]) -> None:
    # The session would treat many sets of parameters as a change of mapped objects.
    session.connection().execute(statement, rows)


def _bound(table: Table, names: Sequence[str]) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(f"of_{name}") for name in names]


def _key(month: PersonMonth) -> dict[str, str]:
    return {"ward_id": month.ward_id, "month": str(month.month), "person_id": month.person_id}


def _of(table: Table, ward_id: str, month: Month) -> list[ColumnElement[bool]]:
    return [table.c.ward_id == ward_id, table.c.month == str(month)]


def _named(person_ids: Collection[str] | None) -> bool:
    return person_ids is None or len(person_ids) <= _FEW


def _rows(
    session: Session, table: Table, ward_id: str, month: Month, person_ids: Collection[str]
) -> list[Row[Any]]:
    if not person_ids:
        return []
    wanted = select(table).where(*_of(table, ward_id, month))
    if _named(person_ids):
        wanted = wanted.where(table.c.person_id.in_(sorted(person_ids)))
    names = set(person_ids)
    return [row for row in session.execute(wanted) if row.person_id in names]


def _tasks(
    session: Session, ward_id: str, month: Month, heads: Mapping[str, Row[Any]]
) -> dict[tuple[str, int], list[Task]]:
    found: dict[tuple[str, int], list[Task]] = {}
    for row in _rows(session, schema.task, ward_id, month, heads):
        head = heads[row.person_id]
        # Of the few versions only two are looked at; a join that says so is planned badly on fresh tables.
        if row.version in (head.newest, head.in_force):
            found.setdefault((row.person_id, row.version), []).append(_task(row))
    for each in found.values():
        each.sort(key=lambda task: task.task_id)
    return found


def _results(
    session: Session, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, dict[str, Result]]:
    faults: dict[tuple[str, str], list[Row[Any]]] = {}
    for row in _rows(session, schema.fault, ward_id, month, person_ids):
        faults.setdefault((row.person_id, row.task_id), []).append(row)
    found: dict[str, dict[str, Result]] = {}
    for row in _rows(session, schema.result, ward_id, month, person_ids):
        of = sorted(faults.get((row.person_id, row.task_id), ()), key=lambda each: int(each.place))
        found.setdefault(row.person_id, {})[row.task_id] = Result(
            task_id=row.task_id,
            accepted=row.accepted,
            evidence=row.evidence,
            faults=tuple(_fault(each) for each in of),
            accepted_on=row.accepted_on,
            vouched_on=row.vouched_on,
            stated=row.stated,
            stated_by=row.stated_by,
        )
    return found


def _summary(head: Row[Any], newest: Row[Any], month: Month) -> Summary:
    return Summary(
        person_id=head.person_id,
        month=month,
        version=newest.version,
        state=State(newest.state),
        reason=newest.reason,
        decided_by=newest.decided_by,
        decided_at=newest.decided_at,
        task_count=newest.task_count,
        revision=head.revision,
    )


def _value(row: Row[Any], tasks: Iterable[Task]) -> Version:
    return Version(row.version, State(row.state), tuple(tasks), row.reason, row.decided_by, row.decided_at)


def _version_row(month: PersonMonth, version: Version, state: State) -> dict[str, Any]:
    return {
        **_key(month),
        "version": version.number,
        "state": state.value,
        "reason": version.reason,
        "decided_by": version.decided_by,
        "decided_at": version.decided_at,
        "task_count": len(version.tasks),
    }


def _task(row: Row[Any]) -> Task:
    return Task(
        task_id=row.task_id,
        kind=Kind(row.kind),
        catalogue_code=row.catalogue_code,
        name=row.name,
        output=row.output,
        due_on=row.due_on,
        responsibility=row.responsibility,
        authority=row.authority,
        quantity=row.quantity,
        coefficient=row.coefficient,
        counterpart_id=row.counterpart_id,
        reason=row.reason,
        unit_item_id=row.unit_item_id,
        counterpart_task_id=row.counterpart_task_id,
    )


def _task_row(task: Task) -> dict[str, Any]:
    return {
        "task_id": task.task_id,
        "kind": task.kind.value,
        "catalogue_code": task.catalogue_code,
        "name": task.name,
        "output": task.output,
        "due_on": task.due_on,
        "responsibility": task.responsibility,
        "authority": task.authority,
        "quantity": task.quantity,
        "coefficient": task.coefficient,
        "counterpart_id": task.counterpart_id,
        "reason": task.reason,
        "unit_item_id": task.unit_item_id,
        "counterpart_task_id": task.counterpart_task_id,
    }


def _fault(row: Row[Any]) -> Fault:
    confirmation = None
    if row.confirmed_at is not None:
        confirmation = Confirmation(
            row.excused_reviews, row.excused_deadlines, row.confirmed_by, row.cause, row.confirmed_at
        )
    return Fault(
        fault_id=row.fault_id,
        outputs=row.outputs,
        failed_reviews=row.failed_reviews,
        missed_deadlines=row.missed_deadlines,
        note=row.note,
        confirmation=confirmation,
        recorded_by=row.recorded_by,
    )


def _result_row(result: Result) -> dict[str, Any]:
    return {
        "accepted": result.accepted,
        "evidence": result.evidence,
        "accepted_on": result.accepted_on,
        "vouched_on": result.vouched_on,
        "stated": result.stated,
        "stated_by": result.stated_by,
    }


def _fault_row(fault: Fault) -> dict[str, Any]:
    confirmed = fault.confirmation
    return {
        "fault_id": fault.fault_id,
        "outputs": fault.outputs,
        "failed_reviews": fault.failed_reviews,
        "missed_deadlines": fault.missed_deadlines,
        "note": fault.note,
        "recorded_by": fault.recorded_by,
        "excused_reviews": confirmed.excused_reviews if confirmed else 0,
        "excused_deadlines": confirmed.excused_deadlines if confirmed else 0,
        "confirmed_by": confirmed.confirmed_by if confirmed else "",
        "cause": confirmed.cause if confirmed else "",
        "confirmed_at": confirmed.confirmed_at if confirmed else None,
    }
