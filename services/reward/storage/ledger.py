"""The ledger's rows (R-33). A posting is entered whole or not at all, and nothing is ever changed."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis import db
from reward.domain.ledger import Entry, Line
from reward.storage import rows as tables


def post(session: Session, ward_id: str, posting_id: str, entry: Entry, at: datetime) -> None:
    """Enter an entry into a ward's ledger.

    :raises ArithmeticError: if what the database then holds does not sum to zero
    """
    row = tables.Entry
    db.exclusive(session, f"ledger {ward_id}")
    last = session.scalar(select(func.max(row.position)).where(row.ward_id == ward_id)) or 0
    rows = [
        {
            "ward_id": ward_id,
            "position": position,
            "posting_id": posting_id,
            "account": side.account,
            "amount": side.amount,
            "memo": entry.memo,
            "posted_at": at,
        }
        for position, side in enumerate(entry.postings(), start=last + 1)
    ]
    if rows:
        db.append(session, row, rows)
    held = session.scalar(
        select(func.sum(row.amount)).where(row.ward_id == ward_id, row.posting_id == posting_id)
    )
    if held:
        raise ArithmeticError(f"posting {posting_id} of {ward_id} sums to {held} đồng, not to 0")


def balances(session: Session, ward_id: str, accounts: Iterable[str]) -> dict[str, int]:
    """Return the balances of accounts in đồng, debit above zero; an account without an entry is left out."""
    row = tables.Entry
    sums = session.execute(
        select(row.account, func.sum(row.amount))
        .where(row.ward_id == ward_id, row.account.in_(list(accounts)))
        .group_by(row.account)
    )
    return {account: int(total) for account, total in sums}


def imbalance(session: Session, ward_id: str) -> int:
    """Return the sum of all entries of a ward: anything but 0 is a fault."""
    row = tables.Entry
    return int(session.scalar(select(func.sum(row.amount)).where(row.ward_id == ward_id)) or 0)


def lines(session: Session, ward_id: str, *, account: str, after: int, limit: int) -> list[Line]:
    """Return a ward's entries in the order they were entered, of one account or (empty) of all."""
    row = tables.Entry
    asked = [row.ward_id == ward_id, row.position > after]
    if account:
        asked.append(row.account == account)
    rows = session.execute(
        select(row.position, row.posting_id, row.account, row.amount, row.memo, row.posted_at)
        .where(*asked)
        .order_by(row.position)
        .limit(limit)
    )
    return [Line(*each) for each in rows]
