"""Appeals and the log from the command line (R-30, R-32)."""

import json
from pathlib import Path

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2 as approval
from kpi.types.v1 import types_pb2 as types

CHECKPOINT = approval.AuditCheckpoint(ward_id="phuc-loi", number=2, digest="ab" * 32, signature="c2k=")


def test_an_answer_is_sent_as_it_is_given(services: Services, kpi: Kpi) -> None:
    services.answers["AnswerAppeal"] = approval.AnswerAppealResponse(
        appeal=approval.Appeal(appeal_id="k-1", outcome=approval.APPEAL_OUTCOME_UPHELD)
    )

    ran = kpi(
        *("appeal", "answer", "k-1", "--ward", "phuc-loi", "--outcome", "upheld", "--grade", "B"),
        *("--answer", "hồ sơ đủ"),
    )

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("AnswerAppeal")
    assert (sent.appeal_id, sent.outcome, sent.grade) == (
        "k-1",
        approval.APPEAL_OUTCOME_UPHELD,
        types.GRADE_B,
    )
    assert sent.request_id


def test_r32_verify_says_where_the_log_is_broken_and_fails(services: Services, kpi: Kpi) -> None:
    services.answers["VerifyAudit"] = approval.VerifyAuditResponse(
        intact=False, count=1, broken_at=2, problem="mục đã bị sửa"
    )

    ran = kpi("audit", "verify", "--ward", "phuc-loi")

    assert ran.exit_code == 1
    assert "2: mục đã bị sửa" in ran.output


def test_r32_a_checkpoint_is_kept_and_given_back(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["VerifyAudit"] = approval.VerifyAuditResponse(
        intact=True, count=2, checkpoint=CHECKPOINT
    )
    kept = tmp_path / "checkpoint.json"

    assert kpi("audit", "verify", "--ward", "phuc-loi", "--keep", str(kept)).exit_code == 0
    assert kpi("audit", "verify", "--ward", "phuc-loi", "--checkpoint", str(kept)).exit_code == 0

    first, second = services.requests("VerifyAudit")
    assert not first.HasField("checkpoint")
    assert second.checkpoint == CHECKPOINT


def test_r32_an_export_holds_every_entry_and_the_checkpoint(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    services.answers["VerifyAudit"] = approval.VerifyAuditResponse(
        intact=True, count=2, checkpoint=CHECKPOINT
    )
    services.answers["ListAuditEntries"] = approval.ListAuditEntriesResponse(
        entries=[approval.AuditEntry(number=n, after='{"a":"b"}') for n in (1, 2)]
    )
    file = tmp_path / "log.jsonl"

    ran = kpi("audit", "export", str(file), "--ward", "phuc-loi")

    assert ran.exit_code == 0, ran.output
    lines = [json.loads(each) for each in file.read_text("utf-8").splitlines()]
    assert [each["number"] for each in lines] == ["1", "2"]
    beside = json.loads((tmp_path / "log.jsonl.checkpoint.json").read_text("utf-8"))
    assert beside["digest"] == "ab" * 32
