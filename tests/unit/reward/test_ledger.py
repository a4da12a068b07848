"""Double entry: R-33, R-34."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reward.domain.ledger import (
    Entry,
    NothingTransferred,
    Transfer,
    balances,
    fund_recorded,
    run_posted,
)

AMOUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**12))


def test_a_fund_is_allocated_and_then_gone() -> None:
    amounts = {"p": 300, "q": 700, "r": 0}
    recorded = fund_recorded("f", 1_000, "Quỹ tháng 3")
    posted = run_posted("f", amounts, "Chi tháng 3")

    assert balances([recorded]) == {"source:f": 1000, "fund:f": -1000}
    assert balances([recorded, posted]) == {
        "source:f": 1000,
        "fund:f": 0,
        "payable:p": -300,
        "payable:q": -700,
    }


def test_a_side_of_an_account_is_one_posting() -> None:
    postings = run_posted("f", {"p": 300, "q": 700}, "Chi").postings()

    assert [(each.account, each.debit, each.credit, each.amount) for each in postings] == [
        ("fund:f", 1000, 0, 1000),
        ("payable:p", 0, 300, -300),
        ("payable:q", 0, 700, -700),
    ]


@pytest.mark.parametrize(("debit", "credit", "amount"), [("a", "b", 0), ("a", "b", -1), ("a", "a", 1)])
def test_a_transfer_moves_something(debit: str, credit: str, amount: int) -> None:
    with pytest.raises(NothingTransferred):
        Transfer(debit, credit, amount)


@given(AMOUNTS)
def test_every_entry_sums_to_zero_and_is_undone_by_its_reversal(amounts: dict[str, int]) -> None:
    entry: Entry = run_posted("f", amounts, "Chi")

    assert sum(posting.amount for posting in entry.postings()) == 0
    assert set(balances([entry, entry.reversed("Hủy")]).values()) <= {0}
