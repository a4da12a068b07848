"""The ledger (sổ cái): whole đồng, double entry, nothing overwritten (R-33).

An entry is made of transfers, each of which debits one account and credits another with the same amount, so
none can be written that does not sum to zero. A correction is a new entry, such as a reversal.

=====================  ====================  ====================
what happened          debit                 credit
=====================  ====================  ====================
a fund is recorded     ``source:<fund>``     ``fund:<fund>``
a run is posted        ``fund:<fund>``       ``payable:<person>``
=====================  ====================  ====================

So the credit of a fund is what it has left to allocate, that of a person what he was allocated, and the
debit of a source the money that was given. That finance has taken over a run (R-40) moves no money here:
payments are entered in finance's own books.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chassis.errors import Invalid


class NothingTransferred(Invalid):
    """A transfer moves more than 0 đồng, between two accounts."""

    vi = "Bút toán phải chuyển trên 0 đồng giữa hai tài khoản khác nhau."
    en = "A transfer moves more than 0 đồng between two different accounts."


@dataclass(frozen=True, slots=True)
class Transfer:
    """So many đồng from the credited account to the debited one (định khoản)."""

    debit: str
    credit: str
    amount: int

    def __post_init__(self) -> None:
        if self.amount <= 0 or self.debit == self.credit:
            raise NothingTransferred


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: one of ``debit`` and ``credit`` is 0 đồng."""

    account: str
    debit: int
    credit: int

    @property
    def amount(self) -> int:
        """Debit above zero, credit below."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Line:
    """A posting as it stands in a ward's ledger; ``amount`` is debit above zero, credit below."""

    position: int
    posting_id: str
    """The entry it belongs to."""
    account: str
    amount: int
    memo: str
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Transfers that are booked together, and why (chứng từ)."""

    memo: str
    transfers: tuple[Transfer, ...]

    def postings(self) -> tuple[Posting, ...]:
        """Return one posting for each account and side, in order of appearance. They sum to zero."""
        sides: dict[tuple[str, bool], int] = {}
        for transfer in self.transfers:
            for side in ((transfer.debit, True), (transfer.credit, False)):
                sides[side] = sides.get(side, 0) + transfer.amount
        return tuple(
            Posting(account, amount if debit else 0, 0 if debit else amount)
            for (account, debit), amount in sides.items()
        )

    def reversed(self, memo: str) -> Self:
        """Return the entry that undoes this one."""
        return type(self)(
            memo, tuple(Transfer(each.credit, each.debit, each.amount) for each in self.transfers)
        )


def fund_recorded(fund_id: str, amount: int, memo: str) -> Entry:
    """Return the entry for a new fund (R-34)."""
    return Entry(memo, (Transfer(source(fund_id), fund(fund_id), amount),))


def run_posted(fund_id: str, amounts: Mapping[str, int], memo: str) -> Entry:
    """Return the entry for a run: what the fund owes each person. Who gets 0 đồng has no part in it."""
    return Entry(
        memo,
        tuple(Transfer(fund(fund_id), payable(each), amount) for each, amount in amounts.items() if amount),
    )


def source(fund_id: str) -> str:
    """Return the account of the money of a fund."""
    return f"source:{fund_id}"


def fund(fund_id: str) -> str:
    """Return the account of what a fund has left to allocate."""
    return f"fund:{fund_id}"


def payable(person_id: str) -> str:
    """Return the account of what a person is owed."""
    return f"payable:{person_id}"


def balances(entries: Iterable[Entry]) -> dict[str, int]:
    """Return each account's balance in đồng, debit above zero. They sum to zero."""
    found: dict[str, int] = {}
    for entry in entries:
        for posting in entry.postings():
            found[posting.account] = found.get(posting.account, 0) + posting.amount
    return found
