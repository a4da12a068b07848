"""Local copies of what planning and approval announced: older news changes nothing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import db
from reward.domain.month import (
    Decision,
    MonthLock,
    Post,
    PublishedGrade,
    PublishedMonth,
    WorkingTime,
)
from reward.domain.policy import Grade
from reward.storage import rows as tables

Rows = Iterable[Mapping[str, Any]]
"""Rows with every column of their table."""


def keep_wards(session: Session, rows: Rows) -> None:
    """Keep wards."""
    db.upsert(session, tables.Ward, rows, key=["ward_id"], revision="revision")


def keep_units(session: Session, rows: Rows) -> None:
    """Keep units."""
    db.upsert(session, tables.Unit, rows, key=["ward_id", "unit_id"], revision="revision")


def keep_posts(session: Session, rows: Rows) -> None:
    """Keep people's posts."""
    db.upsert(session, tables.Post, rows, key=["ward_id", "person_id", "from_month"], revision="revision")


def keep_working_times(session: Session, rows: Rows) -> None:
    """Keep working times."""
    db.upsert(session, tables.WorkingTime, rows, key=["ward_id", "month", "person_id"], revision="revision")


def keep_month_locks(session: Session, rows: Rows) -> None:
    """Keep which facts of decided months are the last."""
    db.upsert(session, tables.MonthLock, rows, key=["ward_id", "month", "person_id"], revision="revision")


def keep_decisions(session: Session, rows: Rows) -> None:
    """Keep decisions."""
    db.upsert(session, tables.Decision, rows, key=["ward_id", "month", "person_id"], revision="revision")


def keep_published_grades(session: Session, rows: Rows) -> None:
    """Keep published grades."""
    db.upsert(
        session, tables.PublishedGrade, rows, key=["ward_id", "month", "person_id"], revision="revision"
    )


def keep_published_months(session: Session, rows: Rows) -> None:
    """Keep how many grades were published in a month."""
    db.upsert(session, tables.PublishedMonth, rows, key=["ward_id", "month"], revision="revision")


def published_month(session: Session, ward_id: str, month: str) -> PublishedMonth:
    """Return everything that is known of a ward's month."""
    ward, whole = tables.Ward, tables.PublishedMonth
    return PublishedMonth(
        ward_id=ward_id,
        month=month,
        ward_name=session.scalar(select(ward.name).where(ward.ward_id == ward_id)),
        count=session.scalar(select(whole.count).where(whole.ward_id == ward_id, whole.month == month)),
        grades=_grades(session, ward_id, month),
        decisions=_decisions(session, ward_id, month),
        posts=posts(session, ward_id, month),
        times=_times(session, ward_id, month),
        locks=_locks(session, ward_id, month),
        units=_units(session, ward_id),
    )


def posts(
    session: Session, ward_id: str, month: str, person_ids: Sequence[str] | None = None
) -> dict[str, Post]:
    """Return the newest post of each that began by the month, of everybody or of a few.

    Whoever left in the month was still graded for it, so whether a post is active does not matter here.
    """
    post = tables.Post
    begun = [post.ward_id == ward_id, post.from_month <= month]
    if person_ids is not None:
        begun.append(post.person_id.in_(person_ids))
    rows = session.execute(
        select(
            post.person_id,
            post.full_name,
            post.unit_id,
            post.personnel_type,
            post.leads,
            post.salary_coefficient,
            post.from_month,
            post.revision,
        )
        .where(*begun)
        .order_by(post.person_id, post.from_month)
    )
    # Of each person the newest comes last.
    return {
        row.person_id: Post(
            full_name=row.full_name,
            unit_id=row.unit_id,
            personnel_type=row.personnel_type,
            leads=row.leads,
            salary_coefficient=row.salary_coefficient,
            version=(row.from_month, row.revision),
        )
        for row in rows
    }


def _grades(session: Session, ward_id: str, month: str) -> dict[str, PublishedGrade]:
    table = tables.PublishedGrade
    rows = session.execute(
        select(table.person_id, table.unit_id, table.grade, table.decision_id).where(
            table.ward_id == ward_id, table.month == month
        )
    )
    return {
        person_id: PublishedGrade(unit_id, grade_of(letter), decision_id)
        for person_id, unit_id, letter, decision_id in rows
    }


def _decisions(session: Session, ward_id: str, month: str) -> dict[str, Decision]:
    table = tables.Decision
    rows = session.execute(
        select(table.person_id, table.decision_id, table.grade, table.total).where(
            table.ward_id == ward_id, table.month == month
        )
    )
    return {
        person_id: Decision(decision_id, grade_of(letter), total)
        for person_id, decision_id, letter, total in rows
    }


def _times(session: Session, ward_id: str, month: str) -> dict[str, WorkingTime]:
    table = tables.WorkingTime
    rows = session.execute(
        select(
            table.person_id,
            table.worked_half_days,
            table.required_half_days,
            table.revision,
            table.lock_follows,
        ).where(table.ward_id == ward_id, table.month == month)
    )
    return {
        row.person_id: WorkingTime(
            worked=row.worked_half_days,
            required=row.required_half_days,
            revision=row.revision,
            lock_follows=row.lock_follows,
        )
        for row in rows
    }


def _locks(session: Session, ward_id: str, month: str) -> dict[str, MonthLock]:
    table = tables.MonthLock
    rows = session.execute(
        select(
            table.person_id, table.working_time_revision, table.post_from_month, table.post_revision
        ).where(table.ward_id == ward_id, table.month == month)
    )
    return {
        row.person_id: MonthLock(row.working_time_revision, (row.post_from_month, row.post_revision))
        for row in rows
    }


def _units(session: Session, ward_id: str) -> dict[str, str]:
    unit = tables.Unit
    rows = session.execute(select(unit.unit_id, unit.name).where(unit.ward_id == ward_id))
    return {row.unit_id: row.name for row in rows}


def grade_of(letter: str | None) -> Grade | None:
    """Return the grade that a column holds."""
    return Grade(letter) if letter else None
