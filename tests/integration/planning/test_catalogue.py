"""The catalogue: proposed, put in force by a decision, looked up (R-3)."""

import grpc
import pytest

from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb

from .ward import MONTH, Ward, message, refused

INVALID = grpc.StatusCode.INVALID_ARGUMENT


def entry(code: str, points: str, **given: str) -> pb.CatalogueEntry:
    return pb.CatalogueEntry(
        **{"code": code, "task": "Việc", "output": "Văn bản", "complexity_group": "N1", "points": points}
        | given
    )


def proposes(ward: Ward, *entries: pb.CatalogueEntry, **given: object) -> pb.Catalogue:
    request = {
        "ward_id": ward.id,
        "from_month": "2026-05",
        "standard_points": "6",
        "proposed_by": "vp",
        "entries": entries,
    }
    reply: pb.ProposeCatalogueResponse = ward.clerk.ProposeCatalogue(
        pb.ProposeCatalogueRequest(**request | given)
    )
    return reply.catalogue


def approves(ward: Ward, version: int, decision: str = "9/QĐ-UBND") -> pb.Catalogue:
    reply: pb.ApproveCatalogueResponse = ward.organizer.ApproveCatalogue(
        pb.ApproveCatalogueRequest(ward_id=ward.id, version=version, decision=decision)
    )
    return reply.catalogue


def entries(ward: Ward, **given: object) -> list[tuple[str, str]]:
    request = pb.ListCatalogueEntriesRequest(**{"ward_id": ward.id, "month": MONTH} | given)
    return [(each.code, each.coefficient) for each in ward.as_("an").ListCatalogueEntries(request).entries]


def test_a_version_is_in_force_from_its_month_once_it_is_approved(ward: Ward) -> None:
    proposed = proposes(ward, entry("DC.01", "5"), entry("DC.02", "3.5", coefficient="0.58"))
    assert (proposed.version, proposed.approved, proposed.entry_count) == (2, False, 2)
    before = [("DC.01", "1.00"), ("DC.05", "12.00"), ("DC.16", "0.60")]
    assert entries(ward) == entries(ward, month="2026-05") == before
    approved = approves(ward, 2)
    assert (approved.approved, approved.decision) == (True, "9/QĐ-UBND")
    # 5 / 6 = 0.833… and 3.5 / 6 = 0.583…, half-up
    assert entries(ward, month="2026-06") == [("DC.01", "0.83"), ("DC.02", "0.58")]
    assert entries(ward, month="2026-04") == before
    assert entries(ward, version=2) == [("DC.01", "0.83"), ("DC.02", "0.58")]
    told = ward.events(events.CatalogueApproved)
    assert [(each.catalogue.version, each.catalogue.decision) for each in told] == [
        (1, "283/QĐ-UBND"),
        (2, "9/QĐ-UBND"),
    ]


def test_a_units_leader_proposes_for_his_unit(ward: Ward) -> None:
    """R-3: head and deputies of the unit; nobody else without the office."""
    request = pb.ProposeCatalogueRequest(
        ward_id=ward.id,
        from_month="2026-05",
        standard_points="6",
        proposed_by="vp",
        entries=[entry("DC.01", "5")],
    )
    for who in ("an", "head"):
        assert refused(ward.as_(who).ProposeCatalogue, request)[:2] == (
            grpc.StatusCode.PERMISSION_DENIED,
            "NOT_PROPOSER",
        )
    assert ward.as_("boss").ProposeCatalogue(request).catalogue.version == 2
    assert ward.as_("deputy").ProposeCatalogue(request).catalogue.version == 3
    assert not ward.events(events.CatalogueApproved)[1:]


def test_approving_again_changes_nothing_another_decision_is_refused(ward: Ward) -> None:
    proposes(ward, entry("DC.01", "6"))
    first = approves(ward, 2)
    assert approves(ward, 2) == first
    assert len(ward.events(events.CatalogueApproved)) == 2
    assert refused(approves, ward, 2, "10/QĐ-UBND")[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "ALREADY_APPROVED",
    )
    assert refused(approves, ward, 2, " ")[:2] == (INVALID, "DECISION_MISSING")
    assert refused(approves, ward, 9)[:2] == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_CATALOGUE")
    request = pb.ApproveCatalogueRequest(ward_id=ward.id, version=2, decision="x")
    assert refused(ward.clerk.ApproveCatalogue, request)[0] is grpc.StatusCode.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([entry("A", "6", coefficient="1.01")], "entries[0].coefficient"),
        ([entry("A", "6"), entry("A", "12")], "entries[1].code"),
        ([entry("A", "0")], "entries[0].points"),
        ([entry("A", "0.02")], "entries[0].points"),
        ([entry("A", "1.234")], "entries[0].points"),
        ([entry("A", "x")], "entries[0].points"),
        ([entry("A", "6", task=" ")], "entries[0].task"),
        ([entry("A", "6", section="bogus")], "entries[0].section"),
        (
            [entry(f"A{each}", "6", complexity_group=f"N{each}") for each in range(6)],
            "entries[5].complexity_group",
        ),
        ([], "entries"),
    ],
)
def test_what_a_catalogue_may_not_hold(ward: Ward, given: list[pb.CatalogueEntry], field: str) -> None:
    code, _, facts = refused(proposes, ward, *given)
    assert (code, facts["field"]) == (INVALID, field)


def test_a_catalogue_is_proposed_by_a_unit(ward: Ward) -> None:
    assert refused(proposes, ward, entry("A", "6"), proposed_by="nowhere")[1] == "UNKNOWN_UNIT"


def test_entries_are_found_by_words_in_any_case(ward: Ward) -> None:
    assert entries(ward, query="BÁO CÁO") == [("DC.05", "12.00")]
    assert entries(ward, query="dc.1") == [("DC.16", "0.60")]
    assert entries(ward, query="%") == []
    assert refused(entries, ward, month="2025-01")[1] == "NO_CATALOGUE"


def test_versions_and_entries_go_by_pages(ward: Ward) -> None:
    proposes(ward, entry("A", "6"), from_month="2026-01")
    proposes(ward, entry("A", "6"), from_month="2026-09")
    found, token = [], ""
    while True:
        request = pb.ListCataloguesRequest(ward_id=ward.id, page_size=1, page_token=token)
        reply = ward.as_("an").ListCatalogues(request)
        found += [(each.from_month, each.version) for each in reply.catalogues]
        token = reply.next_page_token
        if not token:
            break
    assert found == [("2026-09", 3), ("2026-03", 1), ("2026-01", 2)]
    first = ward.as_("an").ListCatalogueEntries(
        pb.ListCatalogueEntriesRequest(ward_id=ward.id, month=MONTH, page_size=2)
    )
    assert [each.code for each in first.entries] == ["DC.01", "DC.05"]
    other = pb.ListCatalogueEntriesRequest(
        ward_id=ward.id, month=MONTH, query="x", page_token=first.next_page_token
    )
    assert refused(ward.as_("an").ListCatalogueEntries, other)[1] == "BAD_PAGE_TOKEN"


def test_a_proposed_version_assigns_nothing(ward: Ward) -> None:
    proposes(ward, entry("NEW", "6"), from_month=MONTH)
    assert refused(ward.saves, "an", message("T1", catalogue_code="NEW"))[2]["field"] == (
        "tasks[0].catalogue_code"
    )


def test_a_plan_written_under_the_catalogue_before_is_saved_again(ward: Ward) -> None:
    """R-3: what is assigned takes the coefficient in force when it is assigned, and keeps it from then on."""
    deputy = ward.as_("deputy")
    ward.in_force("binh", message("T1"))
    ward.saves("an", message("T1"), message("T2", catalogue_code="DC.16"))
    approves(ward, proposes(ward, entry("DC.05", "66"), from_month=MONTH).version)

    code, reason, facts = refused(ward.submits, "an")

    assert (code, reason, facts["field"], facts["count"]) == (
        INVALID, "BAD_PLAN", "an.tasks[0].coefficient", "2",
    )  # fmt: skip
    assert "11.00" in facts["problems_vi"]
    assert "DC.16" in facts["problems_en"]
    ward.saves("an", message("T1"))
    ward.submits("an")
    approves(ward, proposes(ward, entry("DC.05", "72"), from_month=MONTH).version, "10/QĐ-UBND")
    assert refused(ward.approves, deputy)[2]["field"] == "an.tasks[0].coefficient"
    deputy.ReturnPlan(pb.ReturnPlanRequest(ward_id=ward.id, month=MONTH, person_id="an", reason="hệ số mới"))
    ward.saves("an", message("T1"))
    ward.submits("an")
    assert ward.approves(deputy) == 1
    assert [each.coefficient for each in ward.plan("an").tasks] == ["12.00"]

    # What was assigned under the first one keeps its coefficient through an amendment.
    approves(ward, proposes(ward, entry("DC.05", "60"), from_month=MONTH).version, "11/QĐ-UBND")
    ward.saves("binh", message("T1", quantity="4"))
    ward.submits("binh")
    assert ward.approves(deputy) == 1
    assert [each.coefficient for each in ward.plan("binh").tasks] == ["12.00"]
