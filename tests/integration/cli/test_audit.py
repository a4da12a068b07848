"""The logs of all services from the command line (R-32)."""

import json
from pathlib import Path
from typing import Any

from integration.cli.conftest import Kpi, Services
from kpi.operations.v1 import audit_pb2 as pb
from kpi_cli.client import SERVICES

AUDIT = ("audit", "verify", "--ward", "phuc-loi")


def checkpoint(service: str, ward_id: str = "phuc-loi") -> pb.AuditCheckpoint:
    return pb.AuditCheckpoint(service=service, ward_id=ward_id, number=2, digest="ab" * 32, signature="c2k=")


def intact(services: Services) -> None:
    count = 0

    def answer(request: pb.VerifyAuditRequest, context: Any) -> pb.VerifyAuditResponse:
        nonlocal count
        service = SERVICES[count // 2]
        count += 1
        ward_id = "*" if request.city else request.ward_id
        if request.city:
            return pb.VerifyAuditResponse(service=service, ward_id=ward_id, intact=True)
        return pb.VerifyAuditResponse(
            service=service, ward_id=ward_id, intact=True, count=2, checkpoint=checkpoint(service)
        )

    services.answers["VerifyAudit"] = answer


def test_r32_verify_asks_every_service_for_the_wards_and_the_citys_log(services: Services, kpi: Kpi) -> None:
    intact(services)

    ran = kpi(*AUDIT)

    assert ran.exit_code == 0, ran.output
    assert "10 entries" in ran.output
    assert [each.city for each in services.requests("VerifyAudit")] == [False, True] * 5


def test_r32_verify_names_every_broken_log_with_its_place_and_fails(services: Services, kpi: Kpi) -> None:
    count = 0

    def answer(request: pb.VerifyAuditRequest, context: Any) -> pb.VerifyAuditResponse:
        nonlocal count
        count += 1
        # The second service's log of the ward, and the fourth's of the city.
        broken = count in (3, 8)
        return pb.VerifyAuditResponse(intact=not broken, broken_at=count * broken, problem="altered")

    services.answers["VerifyAudit"] = answer

    ran = kpi(*AUDIT)

    assert ran.exit_code == 1
    assert "scoring: the ward log is not intact at entry 3: altered." in ran.output
    assert "reward: the city log is not intact at entry 8: altered." in ran.output
    assert "planning" not in ran.output


def test_r32_checkpoints_are_kept_and_given_back_each_to_its_log(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    intact(services)
    kept = tmp_path / "checkpoint.json"
    assert kpi(*AUDIT, "--keep", str(kept)).exit_code == 0
    assert [each["service"] for each in json.loads(kept.read_text("utf-8"))] == list(SERVICES)
    services.calls.clear()

    intact(services)
    assert kpi(*AUDIT, "--checkpoint", str(kept)).exit_code == 0

    sent = services.requests("VerifyAudit")
    assert [each.checkpoint for each in sent if not each.city] == [checkpoint(each) for each in SERVICES]
    assert not any(each.HasField("checkpoint") for each in sent if each.city)


def test_r32_a_checkpoint_that_names_no_service_is_approvals(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    intact(services)
    kept = tmp_path / "old.json"
    kept.write_text(json.dumps({"ward_id": "phuc-loi", "number": "2", "digest": "ab", "signature": "c2k="}))

    assert kpi(*AUDIT, "--checkpoint", str(kept)).exit_code == 0

    given = [each.HasField("checkpoint") for each in services.requests("VerifyAudit") if not each.city]
    assert given == [each == "approval" for each in SERVICES]


def test_r32_where_nothing_is_signed_no_file_pretends_to_keep_it(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    services.answers["VerifyAudit"] = pb.VerifyAuditResponse(
        intact=True, count=2, no_checkpoint="No AUDIT_KEY."
    )
    kept = tmp_path / "checkpoint.json"

    ran = kpi(*AUDIT, "--keep", str(kept))

    assert ran.exit_code == 1
    assert "is not written: there is no checkpoint to keep. No AUDIT_KEY." in ran.output
    assert not kept.exists()


def test_r32_a_file_without_a_checkpoint_of_those_asked_is_refused(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    intact(services)
    kept = tmp_path / "empty.json"
    kept.write_text("[]")

    ran = kpi(*AUDIT, "--service", "reward", "--checkpoint", str(kept))

    assert ran.exit_code == 2
    assert "empty.json holds no checkpoint of reward." in ran.output
    assert services.requests("VerifyAudit") == []


def test_r32_an_export_holds_every_entry_of_every_log_and_the_checkpoints(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    intact(services)
    services.answers["ListAuditEntries"] = lambda request, _: pb.ListAuditEntriesResponse(
        entries=[pb.AuditEntry(number=n, after='{"a":"b"}') for n in ((1,) if request.city else (1, 2))]
    )
    file = tmp_path / "log.jsonl"

    ran = kpi("audit", "export", str(file), "--ward", "phuc-loi")

    assert ran.exit_code == 0, ran.output
    lines = [json.loads(each) for each in file.read_text("utf-8").splitlines()]
    assert [each["number"] for each in lines] == ["1", "2"] * 5 + ["1"] * 5
    beside = json.loads((tmp_path / "log.jsonl.checkpoint.json").read_text("utf-8"))
    assert [each["service"] for each in beside] == list(SERVICES)


def test_r32_the_list_is_narrowed(services: Services, kpi: Kpi) -> None:
    services.answers["ListAuditEntries"] = pb.ListAuditEntriesResponse(
        entries=[
            pb.AuditEntry(
                service="planning",
                number=7,
                at="2026-03-24T17:30:00.000000+00:00",
                actor_id="an",
                action="save_plan",
            )
        ]
    )

    ran = kpi(
        *("audit", "list", "--ward", "phuc-loi", "--service", "planning", "--about", "an"),
        *("--of-month", "2026-03", "--city"),
    )

    assert ran.exit_code == 0, ran.output
    assert "save_plan" in ran.output
    assert "25/03/2026" in ran.output
    [sent] = services.requests("ListAuditEntries")
    assert (sent.subject_id, sent.month, sent.city) == ("an", "2026-03", True)
