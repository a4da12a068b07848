"""Units' grades of a year, every record of them."""

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scoring.domain.grade import Grade
from scoring.domain.period import UnitGrade
from scoring.storage.rows import UnitGradeRow


def unit_grades_of(session: Session, ward_id: str, period: str) -> dict[str, UnitGrade]:
    """Return the newest record of each unit."""
    rows = session.scalars(
        select(UnitGradeRow)
        .where(UnitGradeRow.ward_id == ward_id, UnitGradeRow.period == period)
        .order_by(UnitGradeRow.unit_id, UnitGradeRow.revision)
    )
    return {
        row.unit_id: UnitGrade(
            row.ward_id,
            row.period,
            row.unit_id,
            Grade(row.grade),
            row.document,
            row.head_id,
            row.recorded_by,
            row.recorded_at,
            row.revision,
        )
        for row in rows
    }


def put_unit_grade(session: Session, recorded: UnitGrade) -> None:
    """Add a record; those before it stay."""
    session.execute(
        insert(UnitGradeRow).values(
            ward_id=recorded.ward_id,
            period=recorded.period,
            unit_id=recorded.unit_id,
            revision=recorded.revision,
            grade=recorded.grade.value,
            document=recorded.document,
            head_id=recorded.head_id,
            recorded_by=recorded.recorded_by,
            recorded_at=recorded.recorded_at,
        )
    )
