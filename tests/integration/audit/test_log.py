"""Every service's log of changes, on both databases: kept by the database, and no tampering unseen (R-32)."""

import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis import audit
from chassis.audit import Change
from chassis.settings import SERVICES
from kpi.operations.v1 import audit_pb2 as pb
from support.service import Running, refusal, running

with warnings.catch_warnings():
    # The library under the event door says that it is old.
    warnings.simplefilter("ignore")
    import chassis.bus  # noqa: F401

AT = datetime(2026, 3, 27, 2, 30, tzinfo=UTC)
WARD = "phuc-loi"
GUARDS = ("audit_entry_no_update", "audit_entry_no_delete", "audit_entry_no_replace")


PLACES = [(each, where) for each in SERVICES for where in ("postgresql", "sqlite")]


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with a key to sign checkpoints; its operations door is what is asked."""
    name, where = request.param
    folder = tmp_path_factory.mktemp(name)
    key = folder / "audit.pem"
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIT_KEY", str(key))
        if where == "sqlite":
            with running(name, f"sqlite:///{folder}/{name}.db") as found:
                yield found
            return
        with request.getfixturevalue("postgres").fresh_database() as url, running(name, url) as found:
            yield found


@pytest.fixture
def ward(request: pytest.FixtureRequest) -> str:
    """A ward of the test's own."""
    return f"w{abs(hash(request.node.nodeid)) % 10**12}"


def write(service: Running, ward: str, *people: str, fail: bool = False) -> None:
    """Log a change of each of these people's months in one transaction."""
    with service.sessions.begin() as session:
        changes = [Change("save_plan", "plan", each, {"n": 1}, {"n": 2}, each) for each in people]
        audit.record(session, ward, "2026-03", changes, actor_id="van-thu", at=AT)
        if fail:
            session.rollback()


def entries(service: Running, ward: str, **fields: str | int) -> list[pb.AuditEntry]:
    auditor = service.operations_as("kt", "auditor", wards=(ward,))
    found: list[pb.AuditEntry] = []
    token = ""
    while True:
        reply = auditor.ListAuditEntries(
            pb.ListAuditEntriesRequest(ward_id=ward, page_token=token, **fields)  # type: ignore[arg-type]
        )
        found += reply.entries
        token = reply.next_page_token
        if not token:
            return found


def verify(
    service: Running, ward: str, checkpoint: pb.AuditCheckpoint | None = None, *, city: bool = False
) -> pb.VerifyAuditResponse:
    found: pb.VerifyAuditResponse = service.operations_as("kt", "auditor", wards=(ward,)).VerifyAudit(
        pb.VerifyAuditRequest(ward_id=ward, checkpoint=checkpoint, city=city)
    )
    return found


def tamper(service: Running, ward: str, *statements: str) -> None:
    """Change the log behind the service's back, as whoever owns the database could."""
    with service.sessions.begin() as session:
        postgresql = session.get_bind().dialect.name == "postgresql"
        if postgresql:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        kept = []
        for each in () if postgresql else GUARDS:
            found = session.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": each})
            kept += [row.sql for row in found]
            session.execute(text(f"DROP TRIGGER IF EXISTS {each}"))
        for each in statements:
            session.execute(text(f"{each} AND ward_id = :ward"), {"ward": ward})
        for each in kept:
            session.execute(text(each))
        if postgresql:
            session.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER USER"))


def test_r32_an_entry_says_who_when_on_whose_authority_and_from_what_to_what(
    service: Running, ward: str
) -> None:
    write(service, ward, "an", "binh")
    write(service, ward, "lan")

    found = entries(service, ward, page_size=2)

    assert [(each.number, each.subject_id) for each in found] == [(1, "an"), (2, "binh"), (3, "lan")]
    first = found[0]
    assert (first.actor_id, first.authority_id, first.at) == (
        "van-thu",
        "an",
        "2026-03-27T02:30:00.000000+00:00",
    )
    assert (first.action, first.subject_kind, first.month) == ("save_plan", "plan", "2026-03")
    assert (first.before, first.after) == ('{"n":1}', '{"n":2}')
    assert found[1].previous == first.digest
    assert [each.number for each in entries(service, ward, subject_id="lan")] == [3]
    assert entries(service, ward, month="2026-04") == []
    with pytest.raises(grpc.RpcError) as refused:
        entries(service, ward, month="2026-99")
    assert refusal(refused.value) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "BAD_MONTH",
        {"field": "month", "given": "2026-99"},
    )
    checked = verify(service, ward)
    assert (checked.intact, checked.count, checked.checkpoint.service) == (True, 3, checked.service)


def test_r32_what_is_not_committed_leaves_no_entry(service: Running, ward: str) -> None:
    write(service, ward, "an", fail=True)
    write(service, ward, "binh")

    assert [(each.number, each.subject_id) for each in entries(service, ward)] == [(1, "binh")]


REPLACED = """
    INSERT OR REPLACE INTO audit_entry
    SELECT ward_id, number, at, 'x', authority_id, action, subject_kind, subject_id, month, before, after,
        previous, digest
    FROM audit_entry
"""


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor_id = 'x'", "DELETE FROM audit_entry", REPLACED]
)
def test_r32_the_database_itself_keeps_entries(service: Running, ward: str, statement: str) -> None:
    write(service, ward, "an")
    before = entries(service, ward)

    with pytest.raises(DBAPIError), service.sessions.begin() as session:
        session.execute(text(statement))

    assert entries(service, ward) == before


@pytest.mark.parametrize(
    ("statements", "place"),
    [
        (("UPDATE audit_entry SET actor_id = 'ai-do' WHERE number = 3",), 3),
        (("UPDATE audit_entry SET after = '{}' WHERE number = 4",), 4),
        (("DELETE FROM audit_entry WHERE number = 2",), 2),
        (("DELETE FROM audit_entry WHERE number = 1",), 1),
        (
            (
                "UPDATE audit_entry SET number = -2 WHERE number = 2",
                "UPDATE audit_entry SET number = 2 WHERE number = 3",
                "UPDATE audit_entry SET number = 3 WHERE number = -2",
            ),
            2,
        ),
    ],
    ids=["who altered", "value altered", "removed", "first removed", "reordered"],
)
def test_r32_what_was_tampered_with_is_found_where_it_is(
    service: Running, ward: str, statements: tuple[str, ...], place: int
) -> None:
    write(service, ward, "an", "binh", "lan", "minh", "hoa")

    tamper(service, ward, *statements)

    found = verify(service, ward)
    assert (found.intact, found.broken_at) == (False, place)
    assert found.service
    assert found.problem
    assert not found.HasField("checkpoint")


def test_r32_a_cut_off_end_and_a_chain_written_anew_show_against_a_checkpoint(
    service: Running, ward: str
) -> None:
    write(service, ward, "an", "binh", "lan")
    kept = verify(service, ward).checkpoint
    assert verify(service, ward, kept).intact

    tamper(service, ward, "DELETE FROM audit_entry WHERE number >= 2")
    assert verify(service, ward).intact
    cut = verify(service, ward, kept)
    assert (cut.intact, cut.broken_at) == (False, 2)

    write(service, ward, "minh", "hoa")
    assert verify(service, ward).intact
    anew = verify(service, ward, kept)
    assert (anew.intact, anew.broken_at) == (False, 3)


@pytest.mark.parametrize("change", [{"service": "other"}, {"ward_id": "phuong-khac"}, {"signature": ""},
                                    {"number": 7}, {"digest": "00" * 32}])  # fmt: skip
def test_r32_only_this_logs_signed_checkpoint_is_taken(
    service: Running, ward: str, change: dict[str, str | int]
) -> None:
    write(service, ward, "an")
    forged = verify(service, ward).checkpoint
    for name, value in change.items():
        setattr(forged, name, value)

    with pytest.raises(grpc.RpcError) as no:
        verify(service, ward, forged)

    of_other = bool({"service", "ward_id"} & change.keys())
    assert refusal(no.value)[1] == ("CHECKPOINT_OF_OTHER" if of_other else "CHECKPOINT_UNSIGNED")


def test_r32_commands_at_once_in_a_ward_keep_one_chain(service: Running, ward: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(write, service, ward, f"a{each}", f"b{each}") for each in range(40)]:
            done.result()

    found = entries(service, ward)
    assert [each.number for each in found] == list(range(1, 81))
    # Each transaction's entries stand together.
    assert all(
        one.subject_id[1:] == other.subject_id[1:] for one, other in zip(found[::2], found[1::2], strict=True)
    )
    assert verify(service, ward).intact


def test_r32_every_ward_and_the_city_have_their_own_chain(service: Running, ward: str) -> None:
    write(service, ward, "an")
    write(service, f"{ward}-2", "binh")
    write(service, audit.CITY, "lan")

    assert [each.number for each in entries(service, ward)] == [1]
    assert [each.number for each in entries(service, f"{ward}-2")] == [1]
    assert verify(service, ward, city=True).intact
    assert entries(service, ward, city=True)[-1].subject_id == "lan"
    tamper(service, f"{ward}-2", "UPDATE audit_entry SET actor_id = 'ai-do' WHERE number = 1")
    assert not verify(service, f"{ward}-2").intact
    assert verify(service, ward).intact


def test_r32_the_log_is_for_the_wards_auditor_and_organizer(service: Running, ward: str) -> None:
    for roles, wards in ((("staff", "clerk", "finance"), (ward,)), (("auditor",), ("phuong-khac",))):
        caller = service.operations_as("ai-do", *roles, wards=wards)
        for method, request in (
            ("ListAuditEntries", pb.ListAuditEntriesRequest(ward_id=ward)),
            ("VerifyAudit", pb.VerifyAuditRequest(ward_id=ward)),
        ):
            with pytest.raises(grpc.RpcError) as no:
                getattr(caller, method)(request)
            assert refusal(no.value)[0] is grpc.StatusCode.PERMISSION_DENIED
    assert (
        service.operations_as("tc", "organizer", wards=(ward,))
        .VerifyAudit(pb.VerifyAuditRequest(ward_id=ward))
        .intact
    )
