"""What scoring's commands leave in the log of changes, through the doors (R-32)."""

import json

from chassis.audit import CITY
from integration.scoring.ward import Ward
from kpi.operations.v1 import audit_pb2
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types


def entries(ward: Ward, *, city: bool = False, subject_id: str = "") -> list[audit_pb2.AuditEntry]:
    auditor = ward.service.operations_as("kt", "auditor", wards=(ward.ward_id,))
    assert auditor.VerifyAudit(audit_pb2.VerifyAuditRequest(ward_id=ward.ward_id, city=city)).intact
    request = audit_pb2.ListAuditEntriesRequest(ward_id=ward.ward_id, city=city, subject_id=subject_id)
    return list(auditor.ListAuditEntries(request).entries)


def test_r32_a_policy_is_logged_with_all_it_says_and_then_with_its_approval(ward: Ward) -> None:
    name = ward.put_in_force(
        settings={"cap": "total"}, personnel_types=[types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE]
    )
    ward.approve(name)

    proposed, approved = entries(ward)

    assert [(each.action, each.actor_id, each.authority_id) for each in (proposed, approved)] == [
        ("propose_policy", "proposer", "@organizer"),
        ("approve_policy", "approver", "@organizer"),
    ]
    assert {each.subject_id for each in (proposed, approved)} == {name}
    said = json.loads(proposed.after)
    assert (said["settings"]["cap"], said["personnel_types"]) == ("total", ["public_employee"])
    assert (said["legal_basis"], said["effective_on"]) == (["Quy chế 01-QC/ĐU"], "2026-01-01")
    assert proposed.before == "null"
    assert json.loads(approved.before) == {"approved": False, "document": ""}
    assert json.loads(approved.after) == {"approved": True, "document": "9/QĐ"}


def test_r32_the_citys_policy_is_in_the_citys_log_for_every_wards_auditor(ward: Ward) -> None:
    # Far in the future, so that no other test's months are touched.
    name = ward.put_in_force(f"city-{ward.ward_id}", city=True, from_month="2041-01", until_month="2041-02")

    found = entries(ward, city=True, subject_id=name)

    assert [(each.action, each.ward_id) for each in found] == [
        ("propose_policy", CITY),
        ("approve_policy", CITY),
    ]
    assert entries(ward) == []


def test_r32_a_units_grade_is_logged_with_the_one_it_replaces(ward: Ward) -> None:
    ward.month = "2026-12"
    ward.tell(ward.person("head", from_month="2026-12", role=types.ROLE_LEADER, unit_id="VP"))
    organizer = ward.service.as_("o", "organizer", wards=("*",))
    for grade, document in ((types.GRADE_C, "5/TB"), (types.GRADE_B, "6/TB")):
        organizer.RecordUnitGrade(
            pb.RecordUnitGradeRequest(
                ward_id=ward.ward_id,
                unit_id="VP",
                period="2026",
                grade=grade,
                document=document,
                head_id="head",
            )
        )

    first, second = entries(ward)

    assert (first.action, first.subject_id, first.actor_id) == ("record_unit_grade", "VP:2026", "o")
    assert first.before == "null"
    assert json.loads(first.after)["grade"] == "C"
    before, after = json.loads(second.before), json.loads(second.after)
    assert (before["grade"], after["grade"], after["document"]) == ("C", "B", "6/TB")
