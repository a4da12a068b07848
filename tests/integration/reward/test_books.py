"""R-33, R-34: funds and the ledger. Double entry, summing to zero, and never changed, by nobody."""

import dataclasses
from typing import Any

import grpc
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from chassis import migrations
from chassis.db import Sessions
from integration.reward import happenings as h
from kpi.reward.v1 import reward_pb2 as pb
from reward.domain import ledger
from reward.domain.ledger import Posting
from reward.storage import ledger as books
from support.service import Running, refusal

BOOKS = ("fund", "run", "allocation", "acknowledgement", "entry")


def entries(service: Running, **fields: Any) -> list[pb.Entry]:
    """Every entry, page by page."""
    finance = service.as_("k-1", "auditor")
    found: list[pb.Entry] = []
    token = ""
    while not found or token:
        request = pb.ListEntriesRequest(ward_id=h.WARD, page_size=2, page_token=token, **fields)
        reply = finance.ListEntries(request)
        assert reply.imbalance == 0
        assert len(reply.entries) <= 2
        found += reply.entries
        token = reply.next_page_token
        if not reply.entries:
            break
    return found


@pytest.fixture
def kept(service: Running, sessions: Sessions) -> Running:
    """A service whose every book has a row."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    h.allocate(service)
    sha256 = h.export(service, pb.EXPORT_FORMAT_CSV)[1].sha256
    request = pb.AcknowledgeRunRequest(ward_id=h.WARD, run_id=f"{h.FUND}.1", sha256=sha256)
    service.as_("k-1", "finance").AcknowledgeRun(request)
    return service


def test_a_fund_and_a_run_are_booked_on_both_sides(kept: Running) -> None:
    amounts = {person_id: amount for person_id, amount in h.allocations(kept).items() if amount}
    distributed = sum(amounts.values())

    found = entries(kept)

    assert [(each.position, each.posting_id, each.account, each.amount) for each in found] == [
        (1, f"fund:{h.FUND}", f"source:{h.FUND}", 10_000_000),
        (2, f"fund:{h.FUND}", f"fund:{h.FUND}", -10_000_000),
        (3, f"run:{h.FUND}.1", f"fund:{h.FUND}", distributed),
        *(
            (position, f"run:{h.FUND}.1", f"payable:{person_id}", -amount)
            for position, (person_id, amount) in enumerate(amounts.items(), start=4)
        ),
    ]
    assert found[0].memo == f"Ghi nhận quỹ thu nhập tăng thêm tháng {h.MONTH}"
    assert found[2].memo == f"Phân bổ thu nhập tăng thêm tháng {h.MONTH} theo chính sách phuc-loi@1"
    assert [each.amount for each in entries(kept, account="payable:p-chi")] == [-amounts["p-chi"]]
    assert len(entries(kept, account=f"fund:{h.FUND}")) == 2
    assert entries(kept, account="payable:nobody") == []


@pytest.mark.parametrize("table", BOOKS)
def test_the_database_itself_refuses_a_change(kept: Running, table: str) -> None:
    """R-33: whoever is connected to it."""
    sqlite = kept.sessions.kw["bind"].dialect.name == "sqlite"
    statements = [f"UPDATE {table} SET ward_id = 'x'", f"DELETE FROM {table}"]
    if sqlite:
        statements.append(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    else:
        statements.append(f"TRUNCATE {table}")
        statements.append(
            f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT (ward_id, {_key(table)})"
            " DO UPDATE SET ward_id = 'x'"
        )
    for statement in statements:
        with pytest.raises(DatabaseError, match="only added to"), kept.sessions.begin() as session:
            session.execute(text(statement))
    with kept.sessions() as session:
        assert session.scalar(text(f"SELECT count(*) FROM {table} WHERE ward_id = '{h.WARD}'"))


def _key(table: str) -> str:
    keys = {"fund": "fund_id", "allocation": "run_id, person_id", "entry": "position"}
    return keys.get(table, "run_id")


def test_the_steps_lead_to_the_tables(service: Running, sessions: Sessions) -> None:
    with sessions() as session:
        assert migrations.difference("reward", session.connection()) == []


def test_a_posting_that_does_not_balance_is_never_committed(service: Running, sessions: Sessions) -> None:
    """R-33: the law cannot make one; the books check it all the same."""

    @dataclasses.dataclass(frozen=True)
    class Lopsided(ledger.Entry):
        def postings(self) -> tuple[Posting, ...]:
            return (Posting("a", 5, 0), Posting("b", 0, 4))

    with pytest.raises(ArithmeticError, match="sums to 1"), sessions.begin() as session:
        books.post(session, h.WARD, "odd", Lopsided("odd", ()), h.AT)

    assert entries(service) == []


def test_an_imbalance_is_shown(service: Running, sessions: Sessions) -> None:
    """Somebody who inserts past the service is found out."""
    h.record_fund(service)
    with sessions.begin() as session:
        session.execute(
            text(
                "INSERT INTO entry (ward_id, position, posting_id, account, amount, memo, posted_at)"
                " VALUES (:ward, 3, 'forged', 'payable:p-1', -7, '', '2026-03-27 02:00:00.000000+00:00')"
            ),
            {"ward": h.WARD},
        )

    reply = service.as_("k-1", "finance").ListEntries(pb.ListEntriesRequest(ward_id=h.WARD))

    assert reply.imbalance == -7


def test_a_fund_is_recorded_once(service: Running) -> None:
    """R-34: the same content again has one effect, another content none."""
    first = h.record_fund(service)

    assert h.record_fund(service) == first
    assert (first.amount, first.balance, first.kind) == (10_000_000, 10_000_000, 1)
    for changed in ({"amount": 9}, {"kind": 2}, {"source": "khác"}, {"month": "2026-04"}):
        with pytest.raises(grpc.RpcError) as no:
            h.record_fund(service, **changed)
        assert refusal(no.value)[:2] == (grpc.StatusCode.FAILED_PRECONDITION, "FUND_ID_TAKEN")
        assert refusal(no.value)[2]["differs"] == next(iter(changed))
    assert len(entries(service)) == 2


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("fund_id", "", "BAD_FUND_ID"),
        ("fund_id", "quỹ 1", "BAD_FUND_ID"),
        ("fund_id", "../etc", "BAD_FUND_ID"),
        ("fund_id", "f" * 65, "BAD_FUND_ID"),
        ("month", "2026-13", "BAD_MONTH"),
        ("month", "", "BAD_MONTH"),
        ("kind", 0, "KIND_NOT_STATED"),
        ("kind", 9, "KIND_NOT_STATED"),
        ("source", "  ", "TEXT_NEEDED"),
        ("source", "a\nb", "TEXT_NEEDED"),
        ("legal_basis", "", "TEXT_NEEDED"),
        ("legal_basis", "x" * 1001, "TEXT_NEEDED"),
        ("amount", 0, "BAD_AMOUNT"),
        ("amount", -5, "BAD_AMOUNT"),
        ("amount", 10**15 + 1, "BAD_AMOUNT"),
    ],
)
def test_a_bad_fund_names_its_field(shared: Running, field: str, value: object, reason: str) -> None:
    with pytest.raises(grpc.RpcError) as no:
        h.record_fund(shared, **{field: value})  # type: ignore[arg-type]

    code, found, facts = refusal(no.value)
    assert (code, found, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)


def test_the_largest_fund_is_exact(service: Running, sessions: Sessions) -> None:
    """R-33: 10^15 đồng, to the đồng."""
    h.happen(sessions, h.month())
    h.record_fund(service, 10**15)

    run = h.allocate(service).run

    assert run.distributed == 10**15
    assert sum(h.allocations(service).values()) == 10**15
    assert sum(each.amount for each in entries(service)) == 0


def test_wards_do_not_see_each_other(service: Running) -> None:
    h.record_fund(service)
    other = service.as_("k-9", "finance", wards=("ba-dinh",))

    assert not other.ListFunds(pb.ListFundsRequest(ward_id="ba-dinh")).funds
    assert not other.ListEntries(pb.ListEntriesRequest(ward_id="ba-dinh")).entries
    for request in (
        pb.GetFundRequest(ward_id="ba-dinh", fund_id=h.FUND),
        pb.GetFundRequest(ward_id=h.WARD, fund_id=h.FUND),
    ):
        with pytest.raises(grpc.RpcError):
            other.GetFund(request)
