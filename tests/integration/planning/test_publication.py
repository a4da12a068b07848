"""Catalogues in the layout in which they are published, and the search of entries (R-3)."""

from collections.abc import Mapping
from typing import Any

import grpc
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kpi.planning.v1 import planning_pb2
from kpi.planning.v1 import publication_pb2 as pb
from support import published
from support.service import Caller

from .ward import Ward, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT
DENIED = grpc.StatusCode.PERMISSION_DENIED


def sends(
    ward: Ward, content: bytes, *, by: Caller | None = None, **given: Any
) -> pb.ImportCatalogueResponse:
    """Hand a catalogue's file in, as a clerk unless said otherwise."""
    request = pb.ImportCatalogueRequest(
        **{
            "ward_id": ward.id,
            "from_month": "2026-06",
            "file_name": "danh-muc.xlsx",
            "content": content,
            "proposed_by": "vp",
        }
        | given
    )
    reply: pb.ImportCatalogueResponse = (by or ward.clerk).ImportCatalogue(request)
    return reply


def found(ward: Ward, **given: Any) -> list[str]:
    """The codes that a search finds."""
    request = planning_pb2.ListCatalogueEntriesRequest(
        **{"ward_id": ward.id, "month": "2026-06", "page_size": 1000} | given
    )
    return [each.code for each in ward.as_("an").ListCatalogueEntries(request).entries]


def wrong(sheets: Mapping[str, Worksheet]) -> None:
    sheets["shared"]["I6"] = 12.5
    sheets["unit"]["I6"] = 12


@pytest.fixture
def imported(ward: Ward) -> Ward:
    """A ward with the real catalogue of 371 entries in force from June."""
    done = sends(ward, published.book(published.real()))
    assert (done.applied, done.version, done.entry_count) == (True, 2, 371)
    ward.organizer.ApproveCatalogue(
        planning_pb2.ApproveCatalogueRequest(ward_id=ward.id, version=2, decision="283/QĐ-UBND")
    )
    return ward


def test_the_real_catalogue_is_proposed_and_put_in_force(imported: Ward) -> None:
    """R-3: 371 entries by month; what was in force before stays so until June."""
    rows = published.real()
    request = planning_pb2.ListCatalogueEntriesRequest(ward_id=imported.id, month="2026-06", page_size=1000)
    entries = {each.code: each for each in imported.clerk.ListCatalogueEntries(request).entries}

    assert {
        code: (each.section, each.unit, each.task, each.output, each.points, each.coefficient)
        for code, each in entries.items()
    } == {
        row["code"]: tuple(row[n] for n in ("section", "unit", "task", "output", "points", "coefficient"))
        for row in rows
    }
    assert found(imported, month="2026-05") == ["DC.01", "DC.05", "DC.16"]


def test_a_dry_run_tells_everything_and_keeps_nothing(ward: Ward) -> None:
    done = sends(ward, published.book(published.real()), dry_run=True, proposed_by="")

    assert (done.applied, done.version, done.entry_count, done.standard_points) == (False, 0, 371, "5")
    assert list(done.complexity_groups) == ["N3", "N2", "N1", "N4"]
    assert [(each.section, each.entry_count) for each in done.sheets] == [
        ("leadership", 18),
        ("shared", 62),
        ("unit", 291),
    ]
    assert [(each.kind, each.severity) for each in done.findings] == [
        ("passed_over", pb.FINDING_SEVERITY_NOTE)
    ]
    versions = ward.clerk.ListCatalogues(planning_pb2.ListCataloguesRequest(ward_id=ward.id))
    assert [each.version for each in versions.catalogues] == [1]


def test_inconsistent_rows_are_named_and_forbid_it_until_they_are_accepted(ward: Ward) -> None:
    """R-3: what stands and what is expected; what is kept is computed from the points."""
    content = published.book(published.few(), cached=False, edit=wrong)

    done = sends(ward, content)
    assert (done.applied, done.refused_count, done.to_accept_count) == (False, 0, 2)
    told = [
        (each.kind, each.sheet, each.row, each.cell, each.column, each.code, each.value, each.expected)
        for each in done.findings
        if each.severity == pb.FINDING_SEVERITY_TO_ACCEPT
    ]
    assert told == [
        ("coefficient", "PL III - Dung chung", 6, "I6", "Hệ số quy đổi", "DC.02", "12.5", "12.00"),
        ("points_range", "PL IV - Rieng phong", 6, "I6", "Điểm chấm", "VP.01", "12", "1-10"),
    ]
    assert not sends(ward, content, accept=["coefficient"]).applied
    done = sends(ward, content, accept=["coefficient", "points_range"])
    assert (done.applied, done.to_accept_count) == (True, 0)
    request = planning_pb2.ListCatalogueEntriesRequest(ward_id=ward.id, version=done.version)
    kept = {each.code: each.coefficient for each in ward.clerk.ListCatalogueEntries(request).entries}
    assert (kept["DC.02"], kept["VP.01"]) == ("12.00", "2.40")


def test_what_is_refused_cannot_be_accepted(ward: Ward) -> None:
    def edit(sheets: Mapping[str, Worksheet]) -> None:
        sheets["shared"]["H6"] = None

    done = sends(ward, published.book(published.few(), edit=edit), accept=["coefficient", "points_range"])

    assert (done.applied, done.refused_count) == (False, 1)
    code, reason, facts = refused(sends, ward, published.book(published.few()), accept=["missing"])
    assert (code, reason, facts["field"]) == (INVALID, "UNKNOWN_KIND", "accept[0]")


def test_a_thousand_findings_are_spelled_out_the_grave_ones_first(ward: Ward) -> None:
    rows = [
        published.few()[2] | {"code": f"DC.{number:04}", "points_range": "1-10"} for number in range(1100)
    ]

    def edit(sheets: Mapping[str, Worksheet]) -> None:
        sheets["shared"]["H1104"] = None

    done = sends(ward, published.book(rows, edit=edit))

    assert (len(done.findings), done.finding_count) == (1000, 1101)
    assert [each.cell for each in done.findings if each.severity == pb.FINDING_SEVERITY_REFUSED] == ["H1104"]


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        ({"proposed_by": "none"}, "UNKNOWN_UNIT", "proposed_by"),
        ({"proposed_by": ""}, "BAD_ID", "proposed_by"),
        ({"from_month": "6/2026"}, "BAD_MONTH", "from_month"),
        ({"standard_points": "năm"}, "BAD_NUMBER", "standard_points"),
        ({"content": b"PK\x03\x04"}, "UNREADABLE", ""),
        ({"file_name": "danh-muc.pdf"}, "UNREADABLE", ""),
    ],
)
def test_bad_requests_are_refused(ward: Ward, given: dict[str, Any], reason: str, field: str) -> None:
    words = {"content": published.book(published.few())} | given

    code, told, facts = refused(sends, ward, **words)

    assert (code, told, facts.get("field", "")) == (INVALID, reason, field)


def test_the_same_request_again_proposes_once(ward: Ward) -> None:
    content = published.book(published.few())

    first = sends(ward, content, request_id="r-1")

    assert sends(ward, content, request_id="r-1") == first
    assert first.version == 2
    versions = ward.clerk.ListCatalogues(planning_pb2.ListCataloguesRequest(ward_id=ward.id))
    assert [each.version for each in versions.catalogues] == [2, 1]


def test_a_units_leaders_propose_for_their_unit_alone(ward: Ward) -> None:
    """R-3: a unit proposes; the authority's approval stays the organizer's."""
    content = published.book(published.few())
    for who in ("an", "head"):
        assert refused(sends, ward, content, by=ward.as_(who))[:2] == (DENIED, "NOT_PROPOSER")
    # A check says what a catalogue holds, and is no more for everybody than the proposal.
    unnamed = refused(sends, ward, content, by=ward.as_("boss"), proposed_by="", dry_run=True)
    assert unnamed[:2] == (DENIED, "NO_PROPOSING_UNIT")

    done = sends(ward, content, by=ward.as_("deputy"), dry_run=True)
    assert not done.applied
    approve = planning_pb2.ApproveCatalogueRequest(ward_id=ward.id, version=2, decision="9/QĐ-UBND")
    assert refused(ward.as_("boss").ApproveCatalogue, approve)[0] == DENIED


def test_entries_are_found_without_accents_too(imported: Ward) -> None:
    """R-3: people at a keyboard leave the accents out; those who type them mean them."""
    assert found(imported, query="soan thao van ban hanh chinh") == ["DC.01"]
    assert found(imported, query="Soạn thảo VĂN BẢN hành chính") == ["DC.01"]
    assert found(imported, query="don gian soan") == ["DC.01"]
    with_accents, without = found(imported, query="đơn thư"), found(imported, query="don thu")
    assert set(with_accents) < set(without)
    assert found(imported, query="đon thư") == []
    assert found(imported, query="100%") == found(imported, query="khong co gi nhu the") == []


def test_entries_are_found_by_code_group_section_and_unit(imported: Ward) -> None:
    assert found(imported, code_prefix="dc.hn.") == [f"DC.HN.0{number}" for number in range(1, 7)]
    assert found(imported, code_prefix="_C.HN.") == []
    assert len(found(imported, complexity_group="N4")) == 18
    assert len(found(imported, section="leadership")) == 18
    assert len(found(imported, unit="Phòng Kinh tế")) == 136
    assert found(imported, code_prefix="QL", complexity_group="N3", query="giai quyet") == ["QL.07", "QL.13"]
    code, reason, facts = refused(found, imported, section="khac")
    assert (code, reason, facts["field"]) == (INVALID, "BAD_SECTION", "section")
