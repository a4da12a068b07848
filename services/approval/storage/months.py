"""Months, extensions, delegations and quota rates."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, insert, select, update
from sqlalchemy.orm import Session

from approval.domain.access import Delegation
from approval.domain.deadlines import Extension, Step
from approval.domain.month import OpenedMonth
from approval.domain.quota import Rate
from approval.domain.watch import Ended
from approval.storage import schema
from chassis import db


def opened(session: Session, ward_id: str, month: str, *, hold: bool = False) -> OpenedMonth | None:
    """Return a month, or ``None`` while it is not open.

    :param hold: True to keep others from changing it until the transaction ends
    """
    row = schema.MonthRow
    wanted = select(row.__table__).where(row.ward_id == ward_id, row.month == month)
    found = session.execute(db.locked(wanted) if hold else wanted).mappings().first()
    if found is None:
        return None
    return OpenedMonth(**found, extensions=_extensions(session, ward_id, [month]).get(month, ()))


def listed(session: Session, ward_id: str, *, before: str | None, most: int) -> list[OpenedMonth]:
    """Return opened months, newest first, those before ``before`` (``YYYY-MM``) if it is given."""
    row = schema.MonthRow
    wanted = select(row.__table__).where(row.ward_id == ward_id).order_by(row.month.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(row.month < before)
    found = session.execute(wanted).mappings().all()
    extensions = _extensions(session, ward_id, [each["month"] for each in found])
    return [OpenedMonth(**each, extensions=extensions.get(each["month"], ())) for each in found]


def open_month(session: Session, given: OpenedMonth) -> bool:
    """Keep a month unless it is open already; True if it is new."""
    row = {
        "ward_id": given.ward_id,
        "month": given.month,
        "policy": given.policy,
        "opened_by": given.opened_by,
        "opened_at": given.opened_at,
    }
    db.exclusive(session, f"month {given.ward_id} {given.month}")
    if opened(session, given.ward_id, given.month):
        return False
    session.execute(insert(schema.MonthRow).values(**row))
    return True


def publish_month(session: Session, ward_id: str, month: str, *, revision: int, at: datetime) -> None:
    """Keep that every grade of a month is published, for the first time or again."""
    row = schema.MonthRow
    session.execute(
        update(row)
        .where(row.ward_id == ward_id, row.month == month)
        .values(publication_revision=revision, published_at=at)
    )


def extend(session: Session, ward_id: str, month: str, given: Extension) -> None:
    """Keep an extension."""
    session.execute(
        insert(schema.ExtensionRow).values(
            ward_id=ward_id,
            month=month,
            step=given.step.value,
            number=given.number,
            last_day=given.last_day.isoformat(),
            reason=given.reason,
            extended_by=given.extended_by,
            extended_at=given.extended_at,
        )
    )


def delegations(session: Session, ward_id: str, *, to: str, day: date) -> list[Delegation]:
    """Return the delegations to a person that are in force on a legal day, oldest first."""
    row, end = schema.DelegationRow, schema.DelegationEndRow
    ended = exists().where(
        end.ward_id == ward_id, end.delegation_id == row.delegation_id, end.to_day < day.isoformat()
    )
    found = session.execute(
        select(row.__table__)
        .where(
            row.ward_id == ward_id,
            row.to_person_id == to,
            row.from_day <= day.isoformat(),
            row.to_day >= day.isoformat(),
            ~ended,
        )
        .order_by(row.recorded_at, row.delegation_id)
    )
    return [
        Delegation(
            id=str(each.delegation_id),
            from_person_id=each.from_person_id,
            to_person_id=each.to_person_id,
            from_day=date.fromisoformat(each.from_day),
            to_day=date.fromisoformat(each.to_day),
            document=each.document,
        )
        for each in found
    ]


def delegate(session: Session, ward_id: str, given: Delegation, *, by: str, at: datetime) -> None:
    """Keep a delegation."""
    session.execute(
        insert(schema.DelegationRow).values(
            ward_id=ward_id,
            delegation_id=UUID(given.id),
            from_person_id=given.from_person_id,
            to_person_id=given.to_person_id,
            from_day=given.from_day.isoformat(),
            to_day=given.to_day.isoformat(),
            document=given.document,
            recorded_by=by,
            recorded_at=at,
        )
    )


def end_delegation(session: Session, ward_id: str, delegation_id: str, given: Ended) -> None:
    """Keep that a delegation ends earlier."""
    session.execute(
        insert(schema.DelegationEndRow).values(
            ward_id=ward_id,
            delegation_id=UUID(delegation_id),
            to_day=given.to_day.isoformat(),
            document=given.document,
            ended_by=given.ended_by,
            ended_at=given.ended_at,
        )
    )


def rates(session: Session, ward_id: str, month: str) -> dict[str, tuple[Rate, int]]:
    """Return the rates on record in a month, by scope, each with its revision."""
    row = schema.QuotaRate
    found = session.execute(
        select(row.__table__).where(row.ward_id == ward_id, row.month == month).order_by(row.revision)
    )
    return {
        each.quota_scope: (
            Rate(each.quota_scope, each.rate, each.decision, each.decided_on, each.signer, each.reason),
            each.revision,
        )
        for each in found
    }


def keep_rate(
    session: Session, ward_id: str, month: str, given: Rate, *, revision: int, by: str, at: datetime
) -> None:
    """Keep a rate with the decision that allows it."""
    session.execute(
        insert(schema.QuotaRate).values(
            ward_id=ward_id,
            month=month,
            quota_scope=given.scope,
            revision=revision,
            rate=given.rate,
            decision=given.decision,
            decided_on=given.decided_on,
            signer=given.signer,
            reason=given.reason,
            recorded_by=by,
            recorded_at=at,
        )
    )


def _extensions(session: Session, ward_id: str, months: list[str]) -> dict[str, tuple[Extension, ...]]:
    row = schema.ExtensionRow
    found = session.execute(
        select(row.__table__)
        .where(row.ward_id == ward_id, row.month.in_(months))
        .order_by(row.month, row.step, row.number)
    )
    result: dict[str, tuple[Extension, ...]] = {}
    for each in found:
        extension = Extension(
            Step(each.step),
            each.number,
            date.fromisoformat(each.last_day),
            each.reason,
            each.extended_by,
            each.extended_at,
        )
        result[each.month] = (*result.get(each.month, ()), extension)
    return result
