"""Funds (R-34)."""

from datetime import datetime

from sqlalchemy import and_, insert, or_, select
from sqlalchemy.orm import Session

from chassis import db
from reward.domain.fund import Fund, FundKind, UnknownFund
from reward.storage import rows as tables

Mark = tuple[datetime, str]
"""When an entry of a list was made, and its id."""


def put(session: Session, fund: Fund) -> None:
    """Keep a new fund."""
    session.execute(
        insert(tables.Fund).values(
            ward_id=fund.ward_id,
            fund_id=fund.fund_id,
            month=fund.month,
            kind=fund.kind.value,
            source=fund.source,
            legal_basis=fund.legal_basis,
            amount=fund.amount,
            created_at=fund.created_at,
            created_by=fund.created_by,
        )
    )


def find(session: Session, ward_id: str, fund_id: str, *, hold: bool = False) -> Fund | None:
    """Return a fund, or None; ``hold`` keeps others from allocating it until the transaction ends."""
    asked = select(tables.Fund).where(tables.Fund.ward_id == ward_id, tables.Fund.fund_id == fund_id)
    row = session.scalar(db.locked(asked) if hold else asked)
    return _fund(row) if row else None


def take(session: Session, ward_id: str, fund_id: str, *, hold: bool = False) -> Fund:
    """Return a fund, as `find`.

    :raises UnknownFund: if there is none
    """
    found = find(session, ward_id, fund_id, hold=hold)
    if found is None:
        raise UnknownFund(fund_id=fund_id[:80], field="fund_id")
    return found


def newest(session: Session, ward_id: str, *, month: str, before: Mark | None, limit: int) -> list[Fund]:
    """Return a ward's funds, newest first, of one month or (empty) of all."""
    row = tables.Fund
    asked = [row.ward_id == ward_id]
    if month:
        asked.append(row.month == month)
    if before:
        at, fund_id = before
        asked.append(or_(row.created_at < at, and_(row.created_at == at, row.fund_id < fund_id)))
    rows = session.scalars(
        select(row).where(*asked).order_by(row.created_at.desc(), row.fund_id.desc()).limit(limit)
    )
    return [_fund(each) for each in rows]


def _fund(row: tables.Fund) -> Fund:
    return Fund(
        ward_id=row.ward_id,
        fund_id=row.fund_id,
        month=row.month,
        kind=FundKind(row.kind),
        source=row.source,
        legal_basis=row.legal_basis,
        amount=row.amount,
        created_at=row.created_at,
        created_by=row.created_by,
    )
