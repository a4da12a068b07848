"""Evidence, claims of objective causes and published catalogues from the command line (R-3, R-8)."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from integration.cli.conftest import Kpi, Services
from kpi.planning.v1 import causes_pb2, evidence_pb2, planning_pb2, publication_pb2

WHERE = ("--month", "2026-03", "--ward", "phuc-loi")
PDF = b"%PDF-1.7 content"


def test_a_file_is_attached_under_its_name(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    file = tmp_path / "báo cáo.pdf"
    file.write_bytes(PDF)
    services.answers["AttachEvidence"] = evidence_pb2.AttachEvidenceResponse(
        evidence=evidence_pb2.Evidence(evidence_id="t1/1", file_name="báo cáo.pdf", size=16, sha256="ab")
    )

    ran = kpi("evidence", "attach", "p-1", *WHERE, "--task", "t1", "--file", str(file), "--lang", "vi")

    assert ran.exit_code == 0
    [request] = services.requests("AttachEvidence")
    assert (request.ward_id, request.person_id, request.task_id) == ("phuc-loi", "p-1", "t1")
    assert (request.file_name, request.content, request.link) == ("báo cáo.pdf", PDF, "")
    assert request.request_id
    assert "t1/1" in ran.stdout
    assert "Dung lượng" in ran.stdout


def test_a_link_or_a_file_and_none_that_is_too_large(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(bytes(10 * 1024 * 1024 + 1))

    neither = kpi("evidence", "attach", "p-1", *WHERE, "--task", "t1")
    both = kpi(
        "evidence", "attach", "p-1", *WHERE, "--task", "t1", "--file", str(file), "--link", "https://a"
    )
    large = kpi("evidence", "attach", "p-1", *WHERE, "--task", "t1", "--file", str(file))

    assert [each.exit_code for each in (neither, both, large)] == [2, 2, 2]
    assert "10 MiB" in large.stderr
    assert services.requests("AttachEvidence") == []


@pytest.mark.parametrize("digest", [sha256(PDF).hexdigest(), "0" * 64])
def test_a_file_comes_back_whole_and_checked_or_not_at_all(
    services: Services, kpi: Kpi, tmp_path: Path, digest: str
) -> None:
    told = evidence_pb2.Evidence(evidence_id="t1/1", file_name="báo cáo.pdf", sha256=digest)
    services.answers["GetEvidence"] = lambda *_: iter(
        [
            evidence_pb2.GetEvidenceResponse(chunk=PDF[:5]),
            evidence_pb2.GetEvidenceResponse(chunk=PDF[5:]),
            evidence_pb2.GetEvidenceResponse(evidence=told),
        ]
    )

    ran = kpi("evidence", "get", "p-1", "t1/1", *WHERE, "--out", str(tmp_path))

    if digest == "0" * 64:
        assert (ran.exit_code, list(tmp_path.iterdir())) == (1, [])
    else:
        assert ran.exit_code == 0
        assert (tmp_path / "báo cáo.pdf").read_bytes() == PDF


def test_evidence_is_listed_and_withdrawn(services: Services, kpi: Kpi) -> None:
    kept = evidence_pb2.Evidence(evidence_id="t1/1", task_id="t1", link="https://a", withdrawn_by="p-1")
    services.answers["ListEvidence"] = evidence_pb2.ListEvidenceResponse(evidence=[kept])
    services.answers["WithdrawEvidence"] = evidence_pb2.WithdrawEvidenceResponse(evidence=kept)

    listed = kpi("evidence", "list", "p-1", *WHERE, "--task", "t1", "--json")
    withdrawn = kpi("evidence", "withdraw", "p-1", "t1/1", *WHERE, "--reason", "nhầm tệp")

    assert [each["link"] for each in json.loads(listed.stdout)] == ["https://a"]
    assert services.requests("ListEvidence")[0].task_id == "t1"
    [request] = services.requests("WithdrawEvidence")
    assert (request.evidence_id, request.reason) == ("t1/1", "nhầm tệp")
    assert "https://a" in withdrawn.stdout


def test_causes_are_claimed_listed_and_refused(services: Services, kpi: Kpi) -> None:
    cause = causes_pb2.ObjectiveCause(
        person_id="p-1", task_id="t1", fault_id="f1", number=1, state=causes_pb2.CAUSE_STATE_REQUESTED
    )
    services.answers["RequestObjectiveCause"] = causes_pb2.RequestObjectiveCauseResponse(cause=cause)
    services.answers["ListObjectiveCauses"] = causes_pb2.ListObjectiveCausesResponse(causes=[cause])
    services.answers["RefuseObjectiveCause"] = causes_pb2.RefuseObjectiveCauseResponse(cause=cause)
    fault = ("p-1", *WHERE, "--task", "t1", "--fault", "f1")

    told = ("--deadlines", "1", "--cause", "Bão số 3", "--evidence", "t1/1", "--evidence", "t1/2")
    claimed = kpi("result", "request-cause", *fault, *told, "--lang", "vi")
    listed = kpi("result", "causes", *WHERE, "--waiting", "--state", "requested")
    refused = kpi("result", "refuse-cause", *fault, "--reason", "không đúng")

    assert [each.exit_code for each in (claimed, listed, refused)] == [0, 0, 0]
    assert "chờ trả lời" in claimed.stdout
    [request] = services.requests("RequestObjectiveCause")
    assert (request.deadlines, request.reviews, list(request.evidence_ids)) == (1, 0, ["t1/1", "t1/2"])
    [question] = services.requests("ListObjectiveCauses")
    assert (question.waiting_for_me, question.state) == (True, causes_pb2.CAUSE_STATE_REQUESTED)
    assert services.requests("RefuseObjectiveCause")[0].reason == "không đúng"


def finding(**given: str) -> publication_pb2.CatalogueFinding:
    return publication_pb2.CatalogueFinding(
        severity=publication_pb2.FINDING_SEVERITY_TO_ACCEPT,
        kind="coefficient",
        sheet="PL III",
        row=6,
        cell="I6",
        value="12.5",
        expected="12.00",
        reason_vi="hệ số phải là 60 / 5 = 12.00",
        reason_en="it must be 60 / 5 = 12.00",
    )


def test_a_catalogue_is_only_checked_unless_it_is_to_be_proposed(
    services: Services, kpi: Kpi, tmp_path: Path
) -> None:
    file = tmp_path / "danh-muc.xlsx"
    file.write_bytes(b"PK")
    services.answers["ImportCatalogue"] = publication_pb2.ImportCatalogueResponse(
        entry_count=371,
        standard_points="5",
        complexity_groups=["N1", "N2"],
        findings=[finding()],
        finding_count=1,
        to_accept_count=1,
    )

    ran = kpi(
        "catalogue", "import", str(file), "--ward", "phuc-loi", "--from-month", "2026-06", "--lang", "vi"
    )

    assert ran.exit_code == 2
    [request] = services.requests("ImportCatalogue")
    assert (request.dry_run, list(request.accept), request.file_name) == (True, [], "danh-muc.xlsx")
    for words in ("I6", "12.5", "12.00", "hệ số phải là", "cần chấp nhận", "371", "N1, N2"):
        assert words in ran.stdout
    assert "Chưa lưu gì" in ran.stderr


def test_a_catalogue_is_proposed_with_what_is_accepted(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    file = tmp_path / "danh-muc.xlsx"
    file.write_bytes(b"PK")
    services.answers["ImportCatalogue"] = publication_pb2.ImportCatalogueResponse(applied=True, version=3)
    words = ("catalogue", "import", str(file), "--ward", "phuc-loi", "--from-month", "2026-06", "--propose")

    nobody = kpi(*words)
    ran = kpi(*words, "--proposed-by", "vp", "--accept-coefficient", "--accept-points-range")

    assert (nobody.exit_code, ran.exit_code) == (2, 0)
    [request] = services.requests("ImportCatalogue")
    assert (request.dry_run, request.proposed_by) == (False, "vp")
    assert list(request.accept) == ["coefficient", "points_range"]
    assert "Proposed as version 3." in ran.stdout


def test_entries_are_searched_by_words_code_group_section_and_unit(services: Services, kpi: Kpi) -> None:
    services.answers["ListCatalogueEntries"] = planning_pb2.ListCatalogueEntriesResponse(
        entries=[planning_pb2.CatalogueEntry(code="DC.HN.01", coefficient="12.00")]
    )
    filters = ("--code", "DC.HN.", "--group", "N3", "--section", "shared", "--for-unit", "Phòng Kinh tế")

    ran = kpi("catalogue", "search", "hoi nghi", *WHERE, *filters)
    bare = kpi("catalogue", "search", *WHERE, "--group", "N4")

    assert (ran.exit_code, bare.exit_code) == (0, 0)
    first, second = services.requests("ListCatalogueEntries")
    assert (first.query, first.code_prefix, first.complexity_group) == ("hoi nghi", "DC.HN.", "N3")
    assert (first.section, first.unit, second.query) == ("shared", "Phòng Kinh tế", "")
