"""Rounds of reminders, months that are not published yet, delegations on record, and years' results."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from approval.domain.access import Delegation
from approval.domain.deadlines import Step
from approval.domain.grade import Grade
from approval.domain.reminders import Held, Kind, Round
from approval.domain.watch import Ended, Recorded
from approval.domain.year import UnitGrade, YearResult
from approval.storage import schema
from approval.storage.watch_tables import RoundRow, UnitGradeRow, YearResultRow
from chassis import db


def unpublished(session: Session) -> list[tuple[str, str]]:
    """Return every ward's open months of which not all is published: ward and month."""
    row = schema.MonthRow
    found = session.execute(
        select(row.ward_id, row.month).where(row.publication_revision == 0).order_by(row.ward_id, row.month)
    )
    return [(each.ward_id, each.month) for each in found]


def held(session: Session, ward_id: str, month: str, *, alone: bool = False) -> list[Held]:
    """Return the rounds that were held of a month, oldest first.

    :param alone: True to keep others from holding one until the transaction ends
    """
    if alone:
        db.exclusive(session, f"reminders {ward_id} {month}")
    row = RoundRow
    found = session.execute(
        select(row.__table__)
        .where(row.ward_id == ward_id, row.month == month)
        .order_by(row.told_at, row.step, row.kind, row.days)
    )
    return [
        Held(
            Round(Step(each.step), date.fromisoformat(each.last_day), Kind(each.kind), each.days),
            {told: tuple(late) for told, late in each.told.items()},
            each.told_at,
        )
        for each in found
    ]


def hold_rounds(session: Session, ward_id: str, month: str, rounds: Collection[Held]) -> None:
    """Keep rounds."""
    if not rounds:
        return
    session.execute(
        insert(RoundRow),
        [
            {
                "ward_id": ward_id,
                "month": month,
                "step": each.round.step.value,
                "last_day": each.round.last_day.isoformat(),
                "kind": each.round.kind.value,
                "days": each.round.days,
                "told": {told: list(late) for told, late in each.told.items()},
                "told_at": each.at,
            }
            for each in rounds
        ],
    )


def delegations(session: Session, ward_id: str) -> list[Recorded]:
    """Return a ward's delegations on record, newest first."""
    row, end = schema.DelegationRow, schema.DelegationEndRow
    ends = session.execute(
        select(end.__table__).where(end.ward_id == ward_id).order_by(end.delegation_id, end.to_day.desc())
    )
    # Of each the earliest day comes last, and stays.
    ended = {
        each.delegation_id: Ended(
            date.fromisoformat(each.to_day), each.document, each.ended_by, each.ended_at
        )
        for each in ends
    }
    found = session.execute(
        select(row.__table__)
        .where(row.ward_id == ward_id)
        .order_by(row.recorded_at.desc(), row.delegation_id.desc())
    )
    return [
        Recorded(
            Delegation(
                id=str(each.delegation_id),
                from_person_id=each.from_person_id,
                to_person_id=each.to_person_id,
                from_day=date.fromisoformat(each.from_day),
                to_day=date.fromisoformat(each.to_day),
                document=each.document,
            ),
            each.recorded_by,
            each.recorded_at,
            ended.get(each.delegation_id),
        )
        for each in found
    ]


def with_result(session: Session, ward_id: str, month: str) -> set[str]:
    """Return who is decided about in a month, the city's results among them."""
    row = schema.EvaluationRow
    found = session.execute(
        select(row.person_id).where(row.ward_id == ward_id, row.month == month, row.decided_revision > 0)
    )
    return set(found.scalars())


def year_results(
    session: Session, ward_id: str, year: str, person_ids: Collection[str] | None = None
) -> dict[str, YearResult]:
    """Return what is recorded of a year, the newest by person."""
    row = YearResultRow
    wanted = (
        select(row.__table__)
        .where(row.ward_id == ward_id, row.year == year)
        .order_by(row.person_id, row.revision)
    )
    if person_ids is not None:
        wanted = wanted.where(row.person_id.in_(person_ids))
    return {each.person_id: _result(each) for each in session.execute(wanted)}


def keep_year_result(session: Session, ward_id: str, year: str, person_id: str, given: YearResult) -> None:
    """Keep a year's result."""
    session.execute(
        insert(YearResultRow).values(
            ward_id=ward_id,
            year=year,
            person_id=person_id,
            revision=given.revision,
            self_grade=given.self_grade.value if given.self_grade else None,
            grade=given.grade.value if given.grade else None,
            proposal=given.proposal,
            document=given.document,
            recorded_by=given.recorded_by,
            authority_id=given.authority_id,
            recorded_at=given.recorded_at,
        )
    )


def keep_unit_grades(session: Session, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep units' grades of years, each with every column of the table."""
    db.upsert(session, UnitGradeRow, rows, key=["ward_id", "year", "unit_id"], revision="revision")


def headed(session: Session, ward_id: str, year: str, person_id: str) -> list[UnitGrade]:
    """Return the grades of a year of the units that a person heads, by unit."""
    row = UnitGradeRow
    found = session.execute(
        select(row.unit_id, row.grade, row.document)
        .where(row.ward_id == ward_id, row.year == year, row.head_id == person_id, row.grade.is_not(None))
        .order_by(row.unit_id)
    )
    return [UnitGrade(each.unit_id, Grade(each.grade), each.document) for each in found]


def _result(row: Any) -> YearResult:
    return YearResult(
        revision=row.revision,
        self_grade=Grade(row.self_grade) if row.self_grade else None,
        grade=Grade(row.grade) if row.grade else None,
        proposal=row.proposal,
        document=row.document,
        recorded_by=row.recorded_by,
        authority_id=row.authority_id,
        recorded_at=row.recorded_at,
    )
