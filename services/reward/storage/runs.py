"""Runs and what they allocated; both are only ever added."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, Text, and_, cast, insert, or_, select
from sqlalchemy.orm import Session

from chassis import db
from reward.domain.allocate import Settled, Share
from reward.domain.fund import FundKind
from reward.domain.month import Member
from reward.domain.run import Acknowledgement, Allocated, Run, UnknownRun
from reward.domain.weight import Person
from reward.storage import rows as tables
from reward.storage.copies import grade_of

Mark = tuple[datetime, str]
"""When a run was posted, and its id."""


def put(session: Session, run: Run, allocated: Iterable[Allocated]) -> None:
    """Keep a posted run with its people."""
    session.execute(
        insert(tables.Run).values(
            ward_id=run.ward_id,
            run_id=run.run_id,
            fund_id=run.fund_id,
            month=run.month,
            kind=run.kind.value,
            ward_name=run.ward_name,
            policy_id=run.policy_id,
            policy_version=run.policy_version,
            policy_document=run.policy_document,
            value_per_weight=str(run.value_per_weight),
            people=run.people,
            paid=run.paid,
            distributed=run.distributed,
            undistributed=run.undistributed,
            by_grade=dict(run.by_grade),
            posted_at=run.posted_at,
            posted_by=run.posted_by,
        )
    )
    rows = [_row(run, each) for each in allocated]
    db.append(session, tables.Allocation, rows)


def put_acknowledgement(session: Session, run: Run, acknowledgement: Acknowledgement) -> None:
    """Keep that finance took over a run."""
    session.execute(
        insert(tables.Acknowledgement).values(
            ward_id=run.ward_id,
            run_id=run.run_id,
            sha256=acknowledgement.sha256,
            acknowledged_by=acknowledgement.by,
            acknowledged_at=acknowledgement.at,
        )
    )


def hold(session: Session, ward_id: str, run_id: str) -> None:
    """Keep others from acknowledging a run until the transaction ends."""
    row = tables.Run
    session.execute(db.locked(select(row.run_id).where(row.ward_id == ward_id, row.run_id == run_id)))


def take(session: Session, ward_id: str, run_id: str) -> Run:
    """Return a run.

    :raises UnknownRun: if there is none
    """
    found = session.execute(_runs(ward_id).where(tables.Run.run_id == run_id)).first()
    if found is None:
        raise UnknownRun(run_id=run_id[:80], field="run_id")
    return _run(found)


def of_fund(session: Session, ward_id: str, fund_id: str) -> str | None:
    """Return the id of a fund's posted run."""
    row = tables.Run
    return session.scalar(select(row.run_id).where(row.ward_id == ward_id, row.fund_id == fund_id))


def newest(session: Session, ward_id: str, *, month: str, before: Mark | None, limit: int) -> list[Run]:
    """Return a ward's runs, newest first, of one month or (empty) of all."""
    row = tables.Run
    asked = _runs(ward_id)
    if month:
        asked = asked.where(row.month == month)
    if before:
        at, run_id = before
        asked = asked.where(or_(row.posted_at < at, and_(row.posted_at == at, row.run_id < run_id)))
    found = session.execute(asked.order_by(row.posted_at.desc(), row.run_id.desc()).limit(limit))
    return [_run(each) for each in found]


def allocated(
    session: Session,
    ward_id: str,
    run_id: str,
    *,
    after: str = "",
    only: str | None = None,
    limit: int | None = None,
) -> list[Allocated]:
    """Return what people get in a run, by person.

    :param after: only people after this id
    :param only: only this person
    """
    row = tables.Allocation
    asked = select(row.__table__).where(row.ward_id == ward_id, row.run_id == run_id, row.person_id > after)
    if only is not None:
        asked = asked.where(row.person_id == only)
    return [_allocated(each) for each in session.execute(asked.order_by(row.person_id).limit(limit))]


def lines(
    session: Session, ward_id: str, run_id: str, *, after: str, limit: int
) -> Sequence[Row[str, str, str, str | None, str | None, str | None, int | None, int | None, int]]:
    """Return what finance is told of people in a run, by person, as it is stored.

    Each is person, name, unit, grade, score, salary coefficient, worked and required half-days, amount. For
    the stream, which has a whole city to tell: making values of the law out of them costs more than all else.
    The database writes the decimals, digit for digit as they would be written here.
    """
    row = tables.Allocation
    asked = (
        select(
            row.person_id, row.full_name, row.unit_id, row.grade, cast(row.score, Text),
            cast(row.salary_coefficient, Text), row.worked_half_days, row.required_half_days, row.amount,
        )
        .where(row.ward_id == ward_id, row.run_id == run_id, row.person_id > after)
        .order_by(row.person_id)
        .limit(limit)
    )  # fmt: skip
    return session.execute(asked).all()


def _runs(ward_id: str) -> Select[tables.Run, tables.Acknowledgement]:
    run, ack = tables.Run, tables.Acknowledgement
    return (
        select(run, ack)
        .outerjoin(ack, (ack.ward_id == run.ward_id) & (ack.run_id == run.run_id))
        .where(run.ward_id == ward_id)
    )


def _run(found: Row[tables.Run, tables.Acknowledgement | None]) -> Run:
    row, ack = found
    return Run(
        ward_id=row.ward_id,
        run_id=row.run_id,
        fund_id=row.fund_id,
        month=row.month,
        kind=FundKind(row.kind),
        ward_name=row.ward_name,
        policy_id=row.policy_id,
        policy_version=row.policy_version,
        policy_document=row.policy_document,
        value_per_weight=Fraction(row.value_per_weight),
        people=row.people,
        paid=row.paid,
        distributed=row.distributed,
        undistributed=row.undistributed,
        by_grade=row.by_grade,
        posted_at=row.posted_at,
        posted_by=row.posted_by,
        acknowledgement=(
            Acknowledgement(ack.sha256, ack.acknowledged_by, ack.acknowledged_at) if ack else None
        ),
    )


def _row(run: Run, each: Allocated) -> dict[str, Any]:
    person = each.member.person
    return {
        "ward_id": run.ward_id,
        "run_id": run.run_id,
        "person_id": person.id,
        "full_name": each.member.full_name,
        "unit_id": each.member.unit_id,
        "unit_name": each.member.unit_name,
        "personnel_type": person.personnel_type,
        "grade": person.grade.value if person.grade else None,
        "score": person.score,
        "salary_coefficient": person.salary_coefficient,
        "worked_half_days": person.worked_half_days,
        "required_half_days": person.required_half_days,
        "amount": each.share.amount,
        "base": each.share.base,
        "settled": each.share.settled.value,
    }


def _allocated(row: Row[Any]) -> Allocated:
    person = Person(
        id=row.person_id,
        grade=grade_of(row.grade),
        score=row.score,
        salary_coefficient=row.salary_coefficient,
        worked_half_days=row.worked_half_days,
        required_half_days=row.required_half_days,
        personnel_type=row.personnel_type,
    )
    member = Member(person, row.full_name, row.unit_id, row.unit_name)
    return Allocated(member, Share(person.id, row.amount, row.base, Settled(row.settled)))
