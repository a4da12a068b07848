"""Facts: what the other services announced, newest revision of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from chassis import db
from scoring.domain.facts import Assessment, MonthFacts, Post, QuotaRate, Work, WorkingTime
from scoring.domain.person import Role
from scoring.domain.quota import Scope
from scoring.storage import lines as stored_lines
from scoring.storage.rows import (
    AssessmentRow,
    Lines,
    PostRow,
    QuotaRateRow,
    Row,
    WorkingTimeRow,
    WorkRow,
)

_PERSON_MONTH = ("ward_id", "month", "person_id")


def put_posts(session: Session, posts: Iterable[Post]) -> int:
    """Keep posts, and return how many were news; an older revision changes nothing. So do the others here."""
    rows = [
        {
            "ward_id": post.ward_id,
            "person_id": post.person_id,
            "from_month": post.from_month,
            "unit_id": post.unit,
            "duty_group": post.group,
            "quota_scope": post.quota_scope,
            "leads": post.role is Role.LEADER,
            "superior_id": post.superior_id,
            "manages": list(post.manages),
            "active": post.active,
            "personnel_type": post.personnel_type,
            "revision": post.revision,
        }
        for post in posts
    ]
    return _put(session, PostRow, rows, ("ward_id", "person_id", "from_month"))


def put_work(session: Session, months: Iterable[Work]) -> int:
    """Keep the work of people's months."""
    rows = [
        _of(work) | {"lines": stored_lines.stored(work.lines), "revision": work.revision} for work in months
    ]
    return _put(session, WorkRow, rows, _PERSON_MONTH)


def put_working_times(session: Session, times: Iterable[WorkingTime]) -> int:
    """Keep working times."""
    rows = [
        _of(time) | {"required": time.required, "worked": time.worked, "revision": time.revision}
        for time in times
    ]
    return _put(session, WorkingTimeRow, rows, _PERSON_MONTH)


def put_assessments(session: Session, assessments: Iterable[Assessment]) -> int:
    """Keep assessments."""
    rows = [
        _of(each)
        | {
            "common_score": each.common_score,
            "organising": each.organising,
            "unity": each.unity,
            "blocker": each.blocker,
            "set_aside": each.set_aside,
            "revision": each.revision,
        }
        for each in assessments
    ]
    return _put(session, AssessmentRow, rows, _PERSON_MONTH)


def put_quota_rates(session: Session, rates: Iterable[QuotaRate]) -> int:
    """Keep quota rates."""
    rows = [
        {
            "ward_id": each.ward_id,
            "month": each.month,
            "quota_scope": each.scope.id,
            "rate": each.scope.quota_rate,
            "decision": each.scope.quota_decision or "",
            "revision": each.revision,
        }
        for each in rates
    ]
    return _put(session, QuotaRateRow, rows, ("ward_id", "month", "quota_scope"))


@dataclass(frozen=True, slots=True)
class FactsOfMonth:
    """A month's facts, and the lines of each person's work as they are stored."""

    facts: MonthFacts
    lines: Mapping[str, Lines]


def facts_of(session: Session, ward_id: str, month: str) -> FactsOfMonth:
    """Return everything known of a ward's month, in one statement for each kind of fact."""
    work = session.execute(_in_month(WorkRow, ward_id, month)).all()
    times = session.execute(_in_month(WorkingTimeRow, ward_id, month))
    assessments = session.execute(_in_month(AssessmentRow, ward_id, month))
    rates = session.execute(_in_month(QuotaRateRow, ward_id, month).order_by(QuotaRateRow.quota_scope))
    facts = MonthFacts(
        posts=posts_of(session, ward_id, month),
        tasks={row.person_id: (row.revision, stored_lines.tasks(row.lines)) for row in work},
        times={
            row.person_id: WorkingTime(ward_id, month, row.person_id, row.revision, row.required, row.worked)
            for row in times
        },
        assessments={
            row.person_id: Assessment(
                ward_id,
                month,
                row.person_id,
                row.revision,
                row.common_score,
                row.organising,
                row.unity,
                row.blocker,
                row.set_aside,
            )
            for row in assessments
        },
        scopes=[Scope(row.quota_scope, row.rate, row.decision or None) for row in rates],
    )
    return FactsOfMonth(facts, {row.person_id: row.lines for row in work})


def posts_of(session: Session, ward_id: str, month: str) -> list[Post]:
    """Return of each person the newest post that has begun by a month, by person."""
    rows = session.execute(
        select(PostRow.__table__)
        .where(PostRow.ward_id == ward_id, PostRow.from_month <= month)
        .order_by(PostRow.person_id, PostRow.from_month)
    )
    newest = {row.person_id: row for row in rows}
    return [
        Post(
            ward_id=row.ward_id,
            person_id=row.person_id,
            from_month=row.from_month,
            revision=row.revision,
            unit=row.unit_id,
            group=row.duty_group,
            role=Role.LEADER if row.leads else Role.STAFF,
            quota_scope=row.quota_scope,
            superior_id=row.superior_id,
            manages=tuple(row.manages),
            active=row.active,
            personnel_type=row.personnel_type,
        )
        for row in newest.values()
    ]


def _of(fact: Work | WorkingTime | Assessment) -> Row:
    return {"ward_id": fact.ward_id, "month": fact.month, "person_id": fact.person_id}


def _put(session: Session, table: type[Any], rows: Sequence[Row], key: Sequence[str]) -> int:
    return db.upsert(session, table, rows, key=key, revision="revision")


def _in_month(table: type[Any], ward_id: str, month: str) -> Select[Any]:
    return select(table.__table__).where(table.ward_id == ward_id, table.month == month)
