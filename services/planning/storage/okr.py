"""Objectives with their key results, and readings, which are only ever added."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, tuple_
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from planning.domain.okr import KeyResult, Link, Measured, Objective, Owner, Period, Reading, UnknownObjective
from planning.storage import schema

_objective, _key_result, _reading = schema.objective.c, schema.key_result.c, schema.reading.c

_FEW = 500
"""Ids that a question names at a time."""


def objective(session: Session, ward_id: str, objective_id: str) -> Objective:
    """Return an objective.

    :raises UnknownObjective: if there is none of that id
    """
    if found := objectives(session, ward_id, [objective_id]):
        return found[objective_id]
    raise UnknownObjective(objective_id=objective_id)


def objectives(session: Session, ward_id: str, ids: Collection[str]) -> dict[str, Objective]:
    """Return those of these objectives that there are."""
    found: list[Row[Any]] = []
    for some in _parts(sorted(ids)):
        wanted = select(schema.objective).where(
            _objective.ward_id == ward_id, _objective.objective_id.in_(some)
        )
        found += session.execute(wanted)
    return _whole(session, ward_id, found)


def above(session: Session, given: Objective, most: int) -> list[Objective]:
    """Return the objective above, the one above that, and so on: at most ``most`` and one more.

    Ends where it meets the given one again.

    :raises UnknownObjective: if there is none of an id
    """
    found: list[Objective] = []
    wanted = given.above_id
    while wanted and len(found) <= most and given.objective_id not in {each.objective_id for each in found}:
        found.append(objective(session, given.ward_id, wanted))
        wanted = found[-1].above_id
    return found


def with_aligned(session: Session, ward_id: str, top: Iterable[Objective]) -> dict[str, Objective]:
    """Return these objectives and everything that is aligned to them, directly or through others."""
    found = {each.objective_id: each for each in top}
    level: Sequence[str] = sorted(found)
    while level:
        rows: list[Row[Any]] = []
        for some in _parts(level):
            wanted = select(schema.objective).where(
                _objective.ward_id == ward_id, _objective.above_id.in_(some)
            )
            rows += session.execute(wanted)
        below = _whole(session, ward_id, [row for row in rows if row.objective_id not in found])
        found |= below
        level = sorted(below)
    return found


def heads(
    session: Session,
    ward_id: str,
    period: Period,
    *,
    owner: Owner | None,
    owner_id: str,
    above_id: str,
    after: str,
    limit: int,
) -> list[tuple[str, Owner, str]]:
    """Return id, kind of owner and owner of a period's objectives by id; a quarter's with its months'."""
    wanted = [_objective.ward_id == ward_id, _objective.objective_id > after]
    wanted.append(
        _objective.quarter == period.quarter if period.whole_quarter else _objective.period == str(period)
    )
    if owner:
        wanted.append(_objective.owner == owner.value)
    if owner_id:
        wanted.append(_objective.owner_id == owner_id)
    if above_id:
        wanted.append(_objective.above_id == above_id)
    found = session.execute(
        select(_objective.objective_id, _objective.owner, _objective.owner_id)
        .where(*wanted)
        .order_by(_objective.objective_id)
        .limit(limit)
    )
    return [(row.objective_id, Owner(row.owner), row.owner_id) for row in found]


def keep_objective(session: Session, kept: Objective) -> None:
    """Keep an objective, new or changed, with all its key results."""
    key = {"ward_id": kept.ward_id, "objective_id": kept.objective_id}
    row = {
        **key,
        "title": kept.title,
        "owner": kept.owner.value,
        "owner_id": kept.owner_id,
        "period": str(kept.period),
        "quarter": kept.period.quarter,
        "above_id": kept.above_id,
        "weight": kept.weight,
        "dropped": kept.dropped,
        "revision": kept.revision,
    }
    db.upsert(session, schema.objective, [row], key=list(key))
    session.execute(
        delete(schema.key_result).where(
            _key_result.ward_id == kept.ward_id, _key_result.objective_id == kept.objective_id
        )
    )
    keep_key_results(session, kept)


def keep_key_results(session: Session, kept: Objective) -> None:
    """Keep the key results of an objective with what their readings say."""
    rows = [
        {
            "ward_id": kept.ward_id,
            "objective_id": kept.objective_id,
            "key_result_id": each.key_result_id,
            "place": place,
            "name": each.name,
            "measure": each.measure,
            "start": each.start,
            "target": each.target,
            "weight": each.weight,
            "links": [[link.person_id, str(link.month), link.task_id] for link in each.links],
            "current": each.measured.current if each.measured else None,
            "measured_at": each.measured.at if each.measured else None,
            "reading_count": each.measured.count if each.measured else 0,
        }
        for place, each in enumerate(kept.key_results)
    ]
    db.upsert(session, schema.key_result, rows, key=["ward_id", "objective_id", "key_result_id"])


def readings_by_reference(
    session: Session, ward_id: str, references: Collection[tuple[str, str]]
) -> dict[tuple[str, str], Reading]:
    """Return the readings of these sources and references, as far as there are any."""
    found: dict[tuple[str, str], Reading] = {}
    for some in _parts(sorted(references)):
        rows = session.execute(
            select(schema.reading).where(
                _reading.ward_id == ward_id, tuple_(_reading.source, _reading.reference).in_(some)
            )
        )
        found |= {(row.source, row.reference): _read(row) for row in rows}
    return found


def add_readings(session: Session, ward_id: str, added: Sequence[tuple[Reading, int]]) -> None:
    """Add readings, each with its place among those of its key result."""
    rows = [
        {
            "ward_id": ward_id,
            "source": each.source,
            "reference": each.reference,
            "objective_id": each.objective_id,
            "key_result_id": each.key_result_id,
            "place": place,
            "value": each.value,
            "measured_at": each.measured_at,
            "note": each.note,
            "recorded_by": each.recorded_by,
            "recorded_at": each.recorded_at,
        }
        for each, place in added
    ]
    if rows:
        session.execute(insert(schema.reading), rows)


def readings(
    session: Session, ward_id: str, objective_id: str, key_result_id: str, *, after: int, limit: int
) -> list[tuple[int, Reading]]:
    """Return a key result's readings with their places, in the order of recording."""
    found = session.execute(
        select(schema.reading)
        .where(
            _reading.ward_id == ward_id,
            _reading.objective_id == objective_id,
            _reading.key_result_id == key_result_id,
            _reading.place > after,
        )
        .order_by(_reading.place)
        .limit(limit)
    )
    return [(row.place, _read(row)) for row in found]


def _whole(session: Session, ward_id: str, rows: Sequence[Row[Any]]) -> dict[str, Objective]:
    measured: dict[str, list[KeyResult]] = {}
    for some in _parts(sorted(row.objective_id for row in rows)):
        for row in session.execute(
            select(schema.key_result)
            .where(_key_result.ward_id == ward_id, _key_result.objective_id.in_(some))
            .order_by(_key_result.objective_id, _key_result.place)
        ):
            measured.setdefault(row.objective_id, []).append(_key_result_of(row))
    return {
        row.objective_id: Objective(
            ward_id=row.ward_id,
            objective_id=row.objective_id,
            title=row.title,
            owner=Owner(row.owner),
            owner_id=row.owner_id,
            period=Period.parse(row.period),
            above_id=row.above_id,
            weight=row.weight,
            dropped=row.dropped,
            key_results=tuple(measured.get(row.objective_id, ())),
            revision=row.revision,
        )
        for row in rows
    }


def _key_result_of(row: Row[Any]) -> KeyResult:
    said = Measured(row.current, row.measured_at, row.reading_count) if row.reading_count else None
    return KeyResult(
        key_result_id=row.key_result_id,
        name=row.name,
        measure=row.measure,
        start=row.start,
        target=row.target,
        weight=row.weight,
        links=tuple(Link(person_id, Month.parse(month), task_id) for person_id, month, task_id in row.links),
        measured=said,
    )


def _read(row: Row[Any]) -> Reading:
    return Reading(
        objective_id=row.objective_id,
        key_result_id=row.key_result_id,
        value=row.value,
        measured_at=row.measured_at,
        source=row.source,
        reference=row.reference,
        note=row.note,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
    )


def _parts(ids: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (ids[start : start + _FEW] for start in range(0, len(ids), _FEW))
