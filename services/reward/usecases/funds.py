"""Recording funds and reading what is left of them (R-34)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from chassis import db
from reward.domain import ledger
from reward.domain.fund import Fund
from reward.storage import funds
from reward.storage import ledger as books
from reward.usecases import log


@dataclass(frozen=True, slots=True)
class FundStanding:
    """A fund, and the đồng of it that are not allocated."""

    fund: Fund
    balance: int


def create_fund(session: Session, *, fund: Fund) -> FundStanding:
    """Record a fund and enter it into the ledger; the same fund again changes nothing.

    :raises FundIdTaken: if another fund has its id
    """
    db.exclusive(session, f"fund {fund.ward_id} {fund.fund_id}")
    standing = funds.find(session, fund.ward_id, fund.fund_id)
    if standing:
        standing.check_same(fund)
        return standings(session, fund.ward_id, [standing])[0]
    funds.put(session, fund)
    entry = ledger.fund_recorded(
        fund.fund_id, fund.amount, f"Ghi nhận quỹ {fund.kind.vi.lower()} tháng {fund.month}"
    )
    books.post(session, fund.ward_id, f"fund:{fund.fund_id}", entry, fund.created_at)
    log.fund_created(session, fund)
    return FundStanding(fund, fund.amount)


def standings(session: Session, ward_id: str, found: Sequence[Fund]) -> list[FundStanding]:
    """Return funds of one ward with what the ledger says is left of them."""
    accounts = {each.fund_id: ledger.fund(each.fund_id) for each in found}
    balances = books.balances(session, ward_id, accounts.values())
    return [FundStanding(each, -balances.get(accounts[each.fund_id], 0)) for each in found]
