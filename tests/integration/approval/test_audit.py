"""The log of changes through the gRPC door: who did what, and every way of tampering with it (R-32)."""

import json
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kpi.approval.v1 import approval_pb2 as pb
from support.service import Running, running

from .test_appeals import answer, appeal
from .ward import LETTERS, MONTH, WARD, Ward, choose, refused, values

GUARDS = {
    "postgresql": (
        "ALTER TABLE audit_entry DISABLE TRIGGER USER",
        "ALTER TABLE audit_entry ENABLE TRIGGER USER",
    ),
    "sqlite": ("DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"),
}


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A service with a key to sign checkpoints."""
    folder = tmp_path_factory.mktemp("audit")
    key = folder / "audit.pem"
    key.write_bytes(
        Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{folder}/approval.db" if sqlite else request.getfixturevalue("module_database_url")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIT_KEY", str(key))
        with running("approval", url) as found:
            yield found


@pytest.fixture
def used(ward: Ward) -> Ward:
    """A school of two, decided and published."""
    ward.prepare({"th-1": "80.00", "th-truong": "80.00"})
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    return ward


def entries(ward: Ward, **fields: str | int) -> list[pb.AuditEntry]:
    auditor = ward.as_("kt", "auditor")
    found: list[pb.AuditEntry] = []
    token = ""
    while True:
        reply = auditor.ListAuditEntries(
            pb.ListAuditEntriesRequest(ward_id=WARD, page_token=token, **fields)  # type: ignore[arg-type]
        )
        found += reply.entries
        token = reply.next_page_token
        if not token:
            return found


def verify(ward: Ward, checkpoint: pb.AuditCheckpoint | None = None) -> pb.VerifyAuditResponse:
    found: pb.VerifyAuditResponse = ward.as_("kt", "auditor").VerifyAudit(
        pb.VerifyAuditRequest(ward_id=WARD, checkpoint=checkpoint)
    )
    return found


def tamper(ward: Ward, *statements: str) -> None:
    """Change the log behind the service's back, as whoever owns the database could."""
    with ward.service.sessions.begin() as session:
        dialect = session.get_bind().dialect.name
        if dialect == "postgresql":
            session.execute(text(GUARDS[dialect][0]))
        else:
            for each in GUARDS[dialect]:
                session.execute(text(each.replace("TRIGGER", "TRIGGER IF EXISTS")))
        for each in statements:
            session.execute(text(f"{each} AND ward_id = :ward"), {"ward": ward.id})
        if dialect == "postgresql":
            session.execute(text(GUARDS[dialect][1]))


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor_id = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.parametrize("table", ["audit_entry", "appeal", "appeal_answer", "evaluation_return"])
def test_what_is_on_record_is_never_changed_or_deleted(service: Running, table: str, statement: str) -> None:
    ward = Ward(service)
    ward.settle()
    ward.assess("th-1")
    ward.as_("th-truong").ReturnEvaluation(
        pb.ReturnEvaluationRequest(
            ward_id=WARD, month=MONTH, person_id="th-1", step=pb.STEP_SELF_ASSESSMENT, reason="thiếu"
        )
    )
    ward.prepare({"th-1": "80.00", "th-truong": "80.00"})
    ward.decide("th-truong", [choose("th-1")])
    ward.decide("ct", [choose("th-truong")])
    ward.publish("th")
    answer(ward, "ct", appeal(ward, "th-1"), pb.APPEAL_OUTCOME_UPHELD, "C")
    assert ward.evaluation("th-1").decision.grade == LETTERS["C"]
    wanted = statement.replace("audit_entry", table).replace("actor_id", "ward_id")

    with (
        pytest.raises(DBAPIError, match="never changed or deleted"),
        ward.service.sessions.begin() as session,
    ):
        session.execute(text(wanted))


def test_r32_every_change_says_who_when_on_whose_authority_and_from_what_to_what(used: Ward) -> None:
    given = appeal(used, "th-1")
    answer(used, "ct", given, pb.APPEAL_OUTCOME_UPHELD, "C")

    found = entries(used)

    assert [each.number for each in found] == list(range(1, len(found) + 1))
    actions = [each.action for each in found if each.subject_id in ("th-1", given.appeal_id)]
    assert actions == [
        "self_assess",
        "remark",
        "decide",
        "publish",
        "submit_appeal",
        "replace_decision",
        "publish",
        "answer_appeal",
    ]
    [replaced] = [each for each in found if each.action == "replace_decision"]
    assert (replaced.actor_id, replaced.authority_id, replaced.month) == ("ct", "ct", MONTH)
    before, after = json.loads(replaced.before), json.loads(replaced.after)
    assert (before["grade"], before["revision"], before["total"]) == ("B", 1, "80.00")
    assert (after["grade"], after["revision"]) == ("C", 2)
    assert replaced.at.endswith("+00:00")
    assert verify(used).intact


def test_r32_what_the_clerk_enters_is_on_the_persons_authority(ward: Ward) -> None:
    ward.clerk.SubmitSelfAssessments(
        pb.SubmitSelfAssessmentsRequest(
            ward_id=WARD,
            month=MONTH,
            self_assessments=[pb.SelfAssessment(person_id="vp-1", values=values(), document="phiếu 1")],
        )
    )

    [found] = entries(ward, subject_id="vp-1")
    assert (found.actor_id, found.authority_id, found.action) == ("van-thu", "vp-1", "self_assess")
    assert json.loads(found.before)["self_assessment"] is None
    assert json.loads(found.after)["self_assessment"]["document"] == "phiếu 1"


def test_r32_what_is_refused_leaves_no_entry(used: Ward) -> None:
    before = len(entries(used))
    refused(used.decide, "th-truong", [choose("th-1", "C", "vì")])
    assert len(entries(used)) == before


def test_r32_the_list_is_paged_and_filtered(used: Ward) -> None:
    assert entries(used, page_size=2) == entries(used)
    assert {each.subject_id for each in entries(used, subject_id="th-1")} == {"th-1"}
    assert entries(used, month="2090-11") == []


def test_r32_the_log_is_for_auditor_and_organizer(used: Ward) -> None:
    for method, request in (
        ("ListAuditEntries", pb.ListAuditEntriesRequest(ward_id=WARD)),
        ("VerifyAudit", pb.VerifyAuditRequest(ward_id=WARD)),
    ):
        assert refused(getattr(used.as_("ct"), method), request)[0] is grpc.StatusCode.PERMISSION_DENIED
        getattr(used.organizer, method)(request)


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_entry SET actor_id = 'ai-do' WHERE number = 3", 3),
        ("UPDATE audit_entry SET after = '{}' WHERE number = 4", 4),
        ("DELETE FROM audit_entry WHERE number = 2", 2),
        ("DELETE FROM audit_entry WHERE number = 1", 1),
    ],
)
def test_r32_an_altered_or_removed_entry_is_found_where_it_is(used: Ward, statement: str, place: int) -> None:
    tamper(used, statement)

    found = verify(used)

    assert (found.intact, found.broken_at) == (False, place)
    assert found.problem
    assert not found.HasField("checkpoint")
    assert found.no_checkpoint


def test_r32_reordered_entries_are_found(used: Ward) -> None:
    tamper(
        used,
        "UPDATE audit_entry SET number = -2 WHERE number = 2",
        "UPDATE audit_entry SET number = 2 WHERE number = 3",
        "UPDATE audit_entry SET number = 3 WHERE number = -2",
    )

    assert verify(used).broken_at == 2


def test_r32_a_cut_off_end_is_found_by_a_checkpoint_kept_outside(used: Ward) -> None:
    first = verify(used)
    kept = first.checkpoint
    assert (kept.number, first.count) == (len(entries(used)), len(entries(used)))
    assert verify(used, kept).intact

    tamper(used, f"DELETE FROM audit_entry WHERE number > {kept.number - 2}")

    assert verify(used).intact
    found = verify(used, kept)
    assert (found.intact, found.broken_at) == (False, kept.number - 1)


def test_r32_a_checkpoint_without_the_services_signature_is_refused(used: Ward) -> None:
    kept = verify(used).checkpoint
    for change in ({"signature": ""}, {"number": 1}, {"digest": "00" * 32}, {"at": "2026-01-01"}):
        forged = pb.AuditCheckpoint()
        forged.CopyFrom(kept)
        for name, value in change.items():
            setattr(forged, name, value)
        assert refused(verify, used, forged)[1] == "CHECKPOINT_UNSIGNED"
    kept.ward_id = "phuong-khac"
    assert refused(verify, used, kept)[1] == "CHECKPOINT_OF_OTHER"


def test_r32_without_a_key_there_are_no_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUDIT_KEY", raising=False)
    with running("approval", f"sqlite:///{tmp_path}/approval.db") as found:
        ward = Ward(found)
        ward.settle()

        reply = verify(ward)

        assert (reply.intact, reply.count, reply.HasField("checkpoint")) == (True, 1, False)
        assert "AUDIT_KEY" in reply.no_checkpoint
        given = pb.AuditCheckpoint(ward_id=ward.id, number=1)
        assert refused(verify, ward, given)[1] == "NO_AUDIT_KEY"
