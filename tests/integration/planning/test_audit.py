"""What planning's commands leave in the log of changes, through the doors (R-32)."""

import json
from decimal import Decimal
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from chassis.audit import CITY
from kpi.operations.v1 import audit_pb2, operations_pb2
from kpi.planning.v1 import planning_pb2 as pb
from support.service import Running

from .ward import MONTH, Ward, message, refused, task, workbook


def entries(ward: Ward, subject_id: str = "") -> list[audit_pb2.AuditEntry]:
    auditor = ward.service.operations_as("kt", "auditor", wards=(ward.id,))
    request = audit_pb2.ListAuditEntriesRequest(ward_id=ward.id, subject_id=subject_id, page_size=1000)
    assert auditor.VerifyAudit(audit_pb2.VerifyAuditRequest(ward_id=ward.id)).intact
    return list(auditor.ListAuditEntries(request).entries)


def said(entry: audit_pb2.AuditEntry) -> tuple[str, str, str]:
    return entry.action, entry.actor_id, entry.authority_id


def values(entry: audit_pb2.AuditEntry) -> tuple[Any, Any]:
    return json.loads(entry.before), json.loads(entry.after)


def test_r32_an_import_is_logged_object_by_object_and_again_not_at_all(ward: Ward) -> None:
    found = entries(ward)

    kinds = [(each.action, each.subject_id) for each in found]
    assert kinds[:3] == [("import_ward", ward.id), ("import_unit", "vp"), ("import_unit", "school")]
    assert [each for each in kinds if each[0] == "import_person"] == [
        ("import_person", each) for each in ("boss", "deputy", "an", "binh", "head", "lan")
    ]
    assert kinds[-1] == ("import_catalogue", "1")
    assert {(each.actor_id, each.authority_id) for each in found} == {("chief", "@clerk")}
    [an] = [each for each in found if each.subject_id == "an"]
    assert values(an)[0] is None
    assert values(an)[1]["salary_coefficient"] == "3.33"

    ward.sends(workbook(**ward.organization()))
    assert len(entries(ward)) == len(found)


def test_r32_a_changed_person_is_logged_with_what_changed(ward: Ward) -> None:
    rows = ward.organization()["people"]
    ward.imports(
        people=[{**each, "salary_coefficient": Decimal("3.66")} for each in rows if each["person_id"] == "an"]
    )

    *_, changed = entries(ward, "an")
    assert values(changed) == (
        {"revision": 1, "salary_coefficient": "3.33"},
        {"revision": 2, "salary_coefficient": "3.66"},
    )


def test_r32_a_plans_way_is_logged_with_who_and_on_whose_authority(ward: Ward) -> None:
    ward.saves("an", message("t1"))
    ward.saves("an", message("t1", quantity="3"), by=ward.clerk)
    ward.submits("an")
    ward.as_("deputy").ReturnPlan(
        pb.ReturnPlanRequest(ward_id=ward.id, month=MONTH, person_id="an", reason="thiếu việc")
    )
    ward.saves("an", message("t1", quantity="3"), message("t2"))
    ward.submits("an")
    ward.approves(ward.as_("deputy"), "an")
    ward.records("an", pb.TaskResult(task_id="t1", accepted="2"))

    _, *found = entries(ward, "an")

    assert [said(each) for each in found] == [
        ("save_plan", "an", "an"),
        ("save_plan", "clerk", "an"),
        ("submit_plan", "clerk", "an"),
        ("return_plan", "deputy", "deputy"),
        ("save_plan", "an", "an"),
        ("submit_plan", "clerk", "an"),
        ("approve_plan", "deputy", "deputy"),
        ("record_results", "an", "an"),
    ]
    assert {each.month for each in found} == {MONTH}
    before, after = values(found[1])
    assert (before["tasks"]["t1"]["quantity"], after["tasks"]["t1"]["quantity"]) == ("2", "3")
    assert values(found[3])[1]["reason"] == "thiếu việc"
    assert values(found[6]) == (
        {"version": 2, "state": "submitted"},
        {"version": 2, "state": "approved"},
    )
    assert values(found[4])[1]["tasks"].keys() == {"t2"}
    assert values(found[7])[1]["results"]["t1"]["accepted"] == "2"
    assert values(found[7])[0]["results"] == {}


def test_r32_whoever_has_no_superior_is_approved_on_the_offices_authority(ward: Ward) -> None:
    ward.in_force("boss", message("t1"))

    assert said(entries(ward, "boss")[-1]) == ("approve_plan", "organizer", "@organizer")


def test_r32_what_is_refused_or_changes_nothing_is_not_logged(ward: Ward) -> None:
    ward.saves("an", message("t1"))
    count = len(entries(ward))

    refused(ward.saves, "an", message("t1", catalogue_code="KHONG.CO"))
    refused(ward.approves, ward.as_("boss"), "an")
    ward.saves("an", message("t1"))
    ward.imports(dry_run=True, tasks=[task("an", "t9")])

    assert len(entries(ward)) == count


def test_r32_working_time_is_logged_for_each_person_with_both_figures(ward: Ward) -> None:
    def record(worked: int) -> None:
        ward.clerk.RecordWorkingTime(
            pb.RecordWorkingTimeRequest(
                ward_id=ward.id,
                month=MONTH,
                entries=[pb.WorkingTime(person_id="an", required_half_days=44, worked_half_days=worked)],
            )
        )

    record(40)
    record(38)
    record(38)

    first, second = entries(ward, "an")[1:]
    assert said(second) == ("record_working_time", "clerk", "@clerk")
    assert values(first)[0] is None
    assert (values(second)[0]["worked_half_days"], values(second)[1]["worked_half_days"]) == (40, 38)


def test_r32_a_catalogue_is_logged_when_proposed_and_when_approved(ward: Ward) -> None:
    ward.clerk.ProposeCatalogue(
        pb.ProposeCatalogueRequest(
            ward_id=ward.id,
            from_month="2026-06",
            standard_points="5",
            proposed_by="vp",
            entries=[
                pb.CatalogueEntry(
                    code="X.1", task="Việc", output="Văn bản", complexity_group="N1", points="10"
                )
            ],
        )
    )
    ward.organizer.ApproveCatalogue(pb.ApproveCatalogueRequest(ward_id=ward.id, version=2, decision="9/QĐ"))

    proposed, approved = entries(ward, "2")
    assert said(proposed) == ("propose_catalogue", "clerk", "@clerk")
    assert len(values(proposed)[1]["entries"]) == 64
    assert said(approved) == ("approve_catalogue", "organizer", "@organizer")
    assert values(approved)[1]["decision"] == "9/QĐ"


def test_r32_what_an_operator_replays_is_logged_in_no_wards_log(service: Running) -> None:
    operator = service.operations_as("vh", "operator", wards=("*",))
    since = Timestamp()
    since.FromJsonString("2026-01-01T00:00:00Z")
    operator.ReplayOutbox(operations_pb2.ReplayOutboxRequest(type="kpi.planning.v1.WardChanged", since=since))

    auditor = service.operations_as("kt", "auditor", wards=("phuc-loi",))
    found = auditor.ListAuditEntries(audit_pb2.ListAuditEntriesRequest(ward_id="phuc-loi", city=True)).entries
    assert (said(found[-1]), found[-1].ward_id) == (("replay_outbox", "vh", "@operator"), CITY)
    assert values(found[-1])[1]["type"] == "kpi.planning.v1.WardChanged"
