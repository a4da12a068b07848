"""Evidence of tasks: attached, served to the entitled only, withdrawn and never erased (R-8, R-29)."""

from hashlib import sha256
from typing import Any

import grpc
import pytest
from sqlalchemy import text

from kpi.planning.v1 import evidence_pb2 as pb
from kpi.planning.v1 import planning_pb2
from support.service import Caller, refusal

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
BLOCKED = grpc.StatusCode.FAILED_PRECONDITION
DENIED = grpc.StatusCode.PERMISSION_DENIED
MISSING = grpc.StatusCode.NOT_FOUND

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 4000
"""About a megabyte: several pieces of a stream."""
LINK = "https://vanban.phucloi.gov.vn/1234"


@pytest.fixture
def planned(ward: Ward) -> Ward:
    """An's plan is in force."""
    ward.in_force("an", message("T1"), message("T2"))
    return ward


def attaches(ward: Ward, by: Caller | None = None, **given: Any) -> pb.Evidence:
    """Attach a PDF to An's T1, as An unless said otherwise."""
    words = {"ward_id": ward.id, "person_id": "an", "month": MONTH, "task_id": "T1"} | given
    if "link" not in words:
        words = {"file_name": "báo cáo.pdf", "content": PDF} | words
    reply: pb.AttachEvidenceResponse = (by or ward.as_("an")).AttachEvidence(
        pb.AttachEvidenceRequest(**words)
    )
    return reply.evidence


def lists(ward: Ward, by: Caller | None = None, **given: Any) -> list[pb.Evidence]:
    """All pages of An's evidence, as An unless said otherwise."""
    found: list[pb.Evidence] = []
    token = ""
    while True:
        words = {"ward_id": ward.id, "person_id": "an", "month": MONTH, "page_token": token} | given
        reply: pb.ListEvidenceResponse = (by or ward.as_("an")).ListEvidence(pb.ListEvidenceRequest(**words))
        found += reply.evidence
        token = reply.next_page_token
        if not token:
            return found


def fetches(
    ward: Ward, by: Caller | None = None, evidence_id: str = "T1/1", **given: Any
) -> tuple[bytes, pb.Evidence]:
    """A file with what the last piece says, as An unless said otherwise."""
    words = {"ward_id": ward.id, "person_id": "an", "month": MONTH, "evidence_id": evidence_id} | given
    pieces = list((by or ward.as_("an")).GetEvidence(pb.GetEvidenceRequest(**words)))
    return b"".join(each.chunk for each in pieces), pieces[-1].evidence


def withdraws(ward: Ward, by: Caller | None = None, reason: str = "nhầm tệp", **given: Any) -> pb.Evidence:
    words = {"ward_id": ward.id, "person_id": "an", "month": MONTH, "evidence_id": "T1/1"} | given
    request = pb.WithdrawEvidenceRequest(reason=reason, **words)
    reply: pb.WithdrawEvidenceResponse = (by or ward.as_("an")).WithdrawEvidence(request)
    return reply.evidence


def test_a_file_is_kept_with_its_digest_and_comes_back_whole(planned: Ward) -> None:
    """R-8."""
    kept = attaches(planned, title="Báo cáo quý I")

    assert (kept.evidence_id, kept.title, kept.file_name) == ("T1/1", "Báo cáo quý I", "báo cáo.pdf")
    assert (kept.media_type, kept.size, kept.sha256) == (
        "application/pdf",
        len(PDF),
        sha256(PDF).hexdigest(),
    )
    assert (kept.added_by, kept.HasField("added_at"), kept.HasField("withdrawn_at")) == ("an", True, False)
    assert fetches(planned) == (PDF, kept)
    assert lists(planned) == [kept]


def test_a_link_is_kept_and_has_no_file(planned: Ward) -> None:
    kept = attaches(planned, link=LINK, by=planned.clerk)

    assert (kept.title, kept.link, kept.sha256, kept.added_by) == (LINK, LINK, "", "clerk")
    code, reason, _ = refused(fetches, planned)
    assert (code, reason) == (BLOCKED, "NO_FILE")


def test_the_same_again_has_one_effect(planned: Ward) -> None:
    first = attaches(planned, request_id="r-1")

    assert attaches(planned, request_id="r-1") == first
    assert attaches(planned, title="khác") == first
    assert attaches(planned, task_id="T2").evidence_id == "T2/1"
    assert attaches(planned, link=LINK) == attaches(planned, link=LINK)
    assert [each.evidence_id for each in lists(planned)] == ["T1/1", "T1/2", "T2/1"]
    assert [each.evidence_id for each in lists(planned, task_id="T2")] == ["T2/1"]
    assert [each.evidence_id for each in lists(planned, page_size=1)] == ["T1/1", "T1/2", "T2/1"]


def test_the_bytes_are_kept_once_in_a_ward(planned: Ward) -> None:
    attaches(planned)
    attaches(planned, task_id="T2", file_name="bản sao.pdf")

    with planned.service.sessions() as session:
        counted = session.execute(
            text("SELECT count(*) FROM evidence_content WHERE ward_id = :ward"), {"ward": planned.id}
        ).scalar_one()
    assert counted == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": b"MZ\x90\x00"}, "content"),
        ({"file_name": "báo cáo.exe"}, "file_name"),
        ({"file_name": "a/b.pdf"}, "file_name"),
        ({"content": b"%PDF-" + bytes(10 * 1024 * 1024)}, "content"),
        ({"content": b""}, "content"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": LINK, "content": PDF}, "link"),
        ({"link": ""}, "link"),
        ({"title": "x" * 501}, "title"),
    ],
)
def test_bad_evidence_is_refused_and_named(planned: Ward, given: dict[str, Any], field: str) -> None:
    """R-8: type and size limits, told by content and not by name."""
    code, reason, facts = refused(attaches, planned, **given)

    assert (code, reason, facts["field"]) == (INVALID, "BAD_EVIDENCE", field)
    assert lists(planned) == []


def test_a_file_beyond_what_a_message_holds_never_arrives(planned: Ward) -> None:
    code, _, _ = refused(attaches, planned, content=b"%PDF-" + bytes(17 * 1024 * 1024))

    assert code == grpc.StatusCode.RESOURCE_EXHAUSTED


def test_evidence_belongs_to_a_task_of_a_plan_in_force(planned: Ward) -> None:
    assert refused(attaches, planned, task_id="T9")[:2] == (MISSING, "UNKNOWN_TASK")
    planned.saves("binh", message("T1"))
    by = planned.as_("binh")
    assert refused(attaches, planned, by, person_id="binh")[:2] == (BLOCKED, "NOT_APPROVED")


def test_a_task_has_at_most_twenty(planned: Ward) -> None:
    for number in range(20):
        attaches(planned, link=f"{LINK}/{number}")

    assert refused(attaches, planned)[:2] == (BLOCKED, "TOO_MUCH_EVIDENCE")
    withdraws(planned)
    assert attaches(planned).evidence_id == "T1/21"


@pytest.mark.parametrize(
    ("who", "roles", "seen"),
    [
        ("an", (), True),
        ("deputy", (), True),
        ("boss", (), True),
        ("auditor", ("auditor",), True),
        ("clerk", ("clerk",), True),
        ("organizer", ("organizer",), True),
        ("binh", (), False),
        ("head", (), False),
        ("finance", ("finance",), False),
        ("operator", ("operator",), False),
    ],
)
def test_evidence_is_served_to_the_entitled_only(
    planned: Ward,
    who: str,
    roles: tuple[str, ...],
    seen: bool,  # noqa: FBT001
) -> None:
    """R-29: the person, those above up the line, the offices that need it; nobody else."""
    attaches(planned)
    by = planned.as_(who, *roles)

    if seen:
        assert fetches(planned, by)[0] == PDF
        assert len(lists(planned, by)) == 1
    else:
        assert refused(fetches, planned, by)[0] == DENIED
        assert refused(lists, planned, by)[0] == DENIED


def test_another_ward_sees_nothing(planned: Ward, empty: Ward) -> None:
    attaches(planned)
    stranger = planned.service.as_("an", "staff", "auditor", "clerk", wards=("other",))

    assert refused(fetches, planned, stranger)[0] == DENIED
    assert refused(fetches, planned, stranger, ward_id="other")[0] == MISSING


@pytest.mark.parametrize("who", ["binh", "deputy", "boss"])
def test_only_the_person_or_the_clerk_attaches_and_withdraws(planned: Ward, who: str) -> None:
    attaches(planned)

    assert refused(attaches, planned, planned.as_(who), link=LINK)[:2] == (DENIED, "NOT_OWN_PLAN")
    assert refused(withdraws, planned, planned.as_(who))[:2] == (DENIED, "NOT_OWN_PLAN")


def test_what_is_withdrawn_is_marked_and_stays(planned: Ward) -> None:
    """R-8: never erased."""
    attaches(planned)

    gone = withdraws(planned)

    assert (gone.withdrawn_by, gone.withdrawn_reason, gone.HasField("withdrawn_at")) == (
        "an",
        "nhầm tệp",
        True,
    )
    assert lists(planned) == [gone]
    assert fetches(planned, planned.as_("boss")) == (PDF, gone)
    assert withdraws(planned, planned.clerk, reason="khác") == gone
    assert refused(withdraws, planned, reason=" ")[1] == "WITHDRAWAL_REASON_MISSING"
    assert refused(withdraws, planned, evidence_id="T1/9")[:2] == (MISSING, "UNKNOWN_EVIDENCE")


def test_after_the_decision_nothing_changes_and_everything_is_still_there(planned: Ward) -> None:
    kept = attaches(planned)
    planned.decided("an")

    assert refused(attaches, planned, link=LINK)[:2] == (BLOCKED, "MONTH_DECIDED")
    assert refused(withdraws, planned)[:2] == (BLOCKED, "MONTH_DECIDED")
    assert fetches(planned) == (PDF, kept)


def test_bytes_that_were_touched_are_never_served(planned: Ward) -> None:
    """The digest is checked at every reading; the database itself refuses to change or delete the bytes."""
    attaches(planned)
    of_ward = {"ward": planned.id, "other": b"%PDF-1.7 other"}
    change = text("UPDATE evidence_content SET content = :other WHERE ward_id = :ward")
    with (
        pytest.raises(Exception, match="never changed or deleted"),
        planned.service.sessions.begin() as session,
    ):
        session.execute(change, of_ward)

    with planned.service.sessions.begin() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER TABLE evidence_content DISABLE TRIGGER USER"))
            session.execute(change, of_ward)
            session.execute(text("ALTER TABLE evidence_content ENABLE TRIGGER USER"))
        else:
            made = session.execute(
                text("SELECT sql FROM sqlite_master WHERE name = 'evidence_content_no_update'")
            ).scalar_one()
            session.execute(text("DROP TRIGGER evidence_content_no_update"))
            session.execute(change, of_ward)
            session.execute(text(made))
    with pytest.raises(grpc.RpcError) as error:
        fetches(planned)
    assert refusal(error.value)[0] == grpc.StatusCode.INTERNAL


def test_what_was_done_stands_in_the_log(planned: Ward) -> None:
    """R-32."""
    attaches(planned, by=planned.clerk)
    withdraws(planned)

    with planned.service.sessions() as session:
        rows = session.execute(
            text(
                "SELECT action, actor_id, authority_id, subject_id, after FROM audit_entry"
                " WHERE ward_id = :ward AND subject_kind = 'evidence' ORDER BY number"
            ),
            {"ward": planned.id},
        ).all()
    assert [row[:4] for row in rows] == [
        ("attach_evidence", "clerk", "an", "an"),
        ("withdraw_evidence", "an", "an", "an"),
    ]
    assert sha256(PDF).hexdigest() in rows[0].after
    assert "nhầm tệp" in rows[1].after


def test_results_are_recorded_as_before(planned: Ward) -> None:
    """Evidence stands beside the result; the words in it stay the person's."""
    attaches(planned)
    plan = planned.records("an", planning_pb2.TaskResult(task_id="T1", accepted="2", evidence="CV 12"))

    assert [each.evidence for each in plan.tasks] == ["CV 12", ""]
