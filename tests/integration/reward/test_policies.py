"""R-37: policies for money are data: proposed, approved on record, compared, simulated, for some people."""

import json
from typing import Any

import grpc
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis import audit
from chassis.db import Sessions
from integration.reward import happenings as h
from kpi.operations.v1 import audit_pb2
from kpi.reward.v1 import policies_pb2 as pb
from kpi.reward.v1 import reward_pb2
from kpi.types.v1 import types_pb2 as types
from support.service import Running, refusal

ID = "phuc-loi-2026"
CHANGES: dict[str, Any] = {
    "legal_basis": "Nghị quyết 05/2026 của phường",
    "effective_from": "2026-01-01",
    "coefficients": {"A": "1.2", "B": "0.8", "C": "0.4", "D": "0"},
    "confirmed": True,
}
BARE = {
    "mode": "pool",
    "coefficients": CHANGES["coefficients"],
    "by_score": True,
    "by_salary": True,
    "by_attendance": True,
    "effective_from": "2026-01-01",
}


def propose(service: Running, by: str = "k-1", **given: Any) -> reward_pb2.Policy:
    asked = {
        "ward_id": h.WARD,
        "policy_id": ID,
        "document": json.dumps(CHANGES | given.pop("changes", {})),
        "based_on": "phuc-loi",
    } | given
    reply = service.as_(by, "finance", "organizer").ProposePolicy(pb.ProposePolicyRequest(**asked))
    found: reward_pb2.Policy = reply.policy
    return found


def approve(service: Running, policy: str = f"{ID}@1", by: str = "t-1", **given: Any) -> reward_pb2.Policy:
    asked = {"ward_id": h.WARD, "policy": policy, "decision": "12/QĐ-UBND"} | given
    found: reward_pb2.Policy = (
        service.as_(by, "organizer").ApprovePolicy(pb.ApprovePolicyRequest(**asked)).policy
    )
    return found


def refused(call: Any, *given: Any, **fields: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as no:
        call(*given, **fields)
    return refusal(no.value)


@pytest.fixture
def ready(service: Running, sessions: Sessions) -> Running:
    """A published month of five and a fund."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    return service


def test_r37_a_proposal_is_complete_says_what_it_rests_on_and_pays_nothing_before_its_approval(
    ready: Running,
) -> None:
    found = propose(ready)

    assert (found.policy_id, found.version, found.record.owner, found.record.based_on) == (
        ID, 1, h.WARD, "phuc-loi@1",
    )  # fmt: skip
    assert (found.record.state, found.record.proposed_by) == (pb.POLICY_STATE_PROPOSED, "k-1")
    written = json.loads(found.document)
    assert (written["coefficients"]["A"], written["mode"], written["by_score"]) == ("1.2", "pool", True)
    preview = h.allocate(ready, policy=f"{ID}@1", preview=True)
    assert preview.run.policy == f"{ID}@1"
    assert refused(h.allocate, ready, policy=f"{ID}@1")[:2] == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "NOT_APPROVED",
    )
    assert refused(h.allocate, ready, policy=ID)[1] == "UNKNOWN_POLICY"

    approved = approve(ready)

    assert (approved.record.state, approved.record.approved_by, approved.record.decision) == (
        pb.POLICY_STATE_APPROVED, "t-1", "12/QĐ-UBND",
    )  # fmt: skip
    posted = h.allocate(ready, policy=ID)
    assert posted.run.policy == f"{ID}@1"
    assert {each.person_id: each.amount for each in preview.allocations} == h.allocations(ready)
    explained = ready.as_("k-1", "finance").ExplainAllocation(
        reward_pb2.ExplainAllocationRequest(ward_id=h.WARD, run_id=f"{h.FUND}.1", person_id="p-anh")
    )
    assert any("Nghị quyết 05/2026" in line for line in explained.lines)


def test_r37_somebody_else_approves_once_by_a_document(service: Running) -> None:
    propose(service)

    assert refused(approve, service, by="k-1")[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OWN_PROPOSAL")
    assert refused(approve, service, decision=" ")[1] == "DECISION_MISSING"
    assert refused(approve, service, policy="khong-co@1")[1] == "UNKNOWN_POLICY"
    assert approve(service) == approve(service)
    assert refused(approve, service, decision="13/QĐ")[1] == "APPROVED_OTHERWISE"
    assert refused(approve, service, policy="hcmc-2025@1")[1] == "NOT_FOR_THE_CITY"
    finance = service.as_("k-2", "finance")
    request = pb.ApprovePolicyRequest(ward_id=h.WARD, policy=f"{ID}@1", decision="1")
    assert refused(finance.ApprovePolicy, request)[0] is grpc.StatusCode.PERMISSION_DENIED


def test_r37_a_change_is_a_new_version_and_the_database_keeps_the_old_one(
    ready: Running, sessions: Sessions
) -> None:
    propose(ready)
    approve(ready)
    h.allocate(ready, policy=ID)
    again = propose(ready, based_on=ID, changes={"rounding_unit": 500})

    assert (again.version, again.record.based_on) == (2, f"{ID}@1")
    asked = ready.as_("p-anh", "staff")
    newest = asked.GetPolicy(pb.GetPolicyRequest(ward_id=h.WARD, policy=ID)).policy
    assert (newest.version, newest.record.state) == (1, pb.POLICY_STATE_APPROVED)
    for table in ("policy_version", "policy_approval"):
        for statement in (f"UPDATE {table} SET version = 9", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="never changed or deleted"), sessions.begin() as session:
                session.execute(text(statement))


def test_r37_a_ward_inherits_the_citys_and_has_its_own(service: Running) -> None:
    city = service.as_("t-9", "organizer", wards=("*",))
    document = json.dumps(CHANGES)
    asked = pb.ProposePolicyRequest(
        ward_id=h.WARD, city=True, policy_id="thanh-pho", document=document, based_on="phuc-loi"
    )
    assert refused(service.as_("t-1", "organizer").ProposePolicy, asked)[1] == "NOT_FOR_THE_CITY"
    city.ProposePolicy(asked)
    own = propose(service, based_on="thanh-pho@1", changes={"min_spread": "1.5"})
    assert own.record.based_on == "thanh-pho@1"

    def listed(ward_id: str) -> list[str]:
        reader = service.as_("x", "staff", wards=("*",))
        found, token = [], ""
        while True:
            page = reader.ListPolicies(
                reward_pb2.ListPoliciesRequest(ward_id=ward_id, page_size=2, page_token=token)
            )
            found += [f"{each.policy_id}@{each.version}" for each in page.policies]
            token = page.next_page_token
            if not token:
                return found

    shipped = ["da-nang-2026@1", "ha-noi-2026@1", "hai-phong-2025@1", "hcmc-2025@1", "phuc-loi@1"]
    assert listed(h.WARD) == [*shipped, f"{ID}@1", "thanh-pho@1"]
    assert listed("phuong-khac") == [*shipped, "thanh-pho@1"]
    taken = pb.ProposePolicyRequest(
        ward_id="phuong-khac", policy_id=ID, document=document, based_on="phuc-loi"
    )
    other = service.as_("t-2", "organizer", wards=("phuong-khac",))
    assert refused(other.ProposePolicy, taken)[1] == "POLICY_ID_TAKEN"
    assert (
        refused(other.GetPolicy, pb.GetPolicyRequest(ward_id="phuong-khac", policy=ID))[1] == "UNKNOWN_POLICY"
    )


@pytest.mark.parametrize(
    ("given", "reason", "field"),
    [
        ({"policy_id": "Phúc Lợi"}, "BAD_POLICY_ID", "policy_id"),
        ({"policy_id": "phuc-loi"}, "POLICY_ID_TAKEN", ""),
        ({"based_on": "khong-co"}, "UNKNOWN_POLICY", "based_on"),
        ({"document": "{"}, "BAD_DOCUMENT", "document"),
        ({"document": "[]"}, "BAD_DOCUMENT", "document"),
        ({"document": '{"colour": "red"}'}, "BAD_DOCUMENT", "document"),
        ({"document": '{"coefficients": {"A": "1", "A": "2"}}'}, "BAD_DOCUMENT", "document"),
        ({"document": '{"unit": ' + "9" * 5_000 + "}"}, "BAD_DOCUMENT", "document"),
        ({"document": '\ufeff{"colour": "red"}'}, "BAD_DOCUMENT", "document"),
        ({"document": '{"coefficients": {"A": "1"}}'}, "BAD_DOCUMENT", "document"),
        ({"based_on": "", "document": '{"legal_basis": "NQ 1"}'}, "BAD_DOCUMENT", "document"),
        ({"based_on": "", "document": json.dumps(BARE)}, "LACKS_BASIS", "document.legal_basis"),
        ({"changes": {"effective_from": None}}, "LACKS_BASIS", "document.effective_from"),
        (
            {"changes": {"effective_until": "2025-12-31"}},
            "ENDS_BEFORE_IT_BEGINS",
            "document.effective_until",
        ),
    ],
)
def test_r37_bad_proposals_are_refused_at_their_place(
    shared: Running, given: dict[str, Any], reason: str, field: str
) -> None:
    _, found, facts = refused(propose, shared, **given)
    assert (found, facts.get("field", "")) == (reason, field)


def test_r37_two_policies_are_compared_field_by_field(service: Running) -> None:
    propose(service)
    reader = service.as_("p-anh", "staff")

    found = reader.DiffPolicies(
        pb.DiffPoliciesRequest(ward_id=h.WARD, left="phuc-loi", right=f"{ID}@1")
    ).differences

    told = {each.name: (each.left, each.right) for each in found}
    assert told["coefficients.A"] == ('"1.0"', '"1.2"')
    assert told["confirmed"] == ("false", "true")
    assert "coefficients.B" not in told
    assert "mode" not in told
    same = pb.DiffPoliciesRequest(ward_id=h.WARD, left="phuc-loi", right="phuc-loi@1")
    assert not reader.DiffPolicies(same).differences


def test_r37_a_past_month_under_another_policy_tells_who_would_get_what_and_changes_nothing(
    ready: Running, sessions: Sessions
) -> None:
    propose(ready)
    h.allocate(ready)
    before = h.allocations(ready)
    finance = ready.as_("k-1", "finance")

    def simulate(**fields: Any) -> pb.SimulatePolicyResponse:
        asked = {"ward_id": h.WARD, "fund_id": h.FUND, "policy": f"{ID}@1"} | fields
        reply: pb.SimulatePolicyResponse = finance.SimulatePolicy(pb.SimulatePolicyRequest(**asked))
        return reply

    found = simulate()

    assert (found.policy_before, found.policy_after, found.people) == ("phuc-loi@1", f"{ID}@1", 5)
    moves = {each.person_id: (each.amount_before, each.amount_after) for each in found.moves}
    assert moves.keys() == {"p-anh", "p-binh", "p-chi"}
    assert all(was == before[each] for each, (was, _) in moves.items())
    assert moves["p-anh"][1] > moves["p-anh"][0]
    assert moves["p-chi"][1] < moves["p-chi"][0]
    assert sum(now for _, now in moves.values()) == found.distributed_after
    first = simulate(page_size=1)
    rest = simulate(page_token=first.next_page_token)
    assert [each.person_id for each in (*first.moves, *rest.moves)] == ["p-anh", "p-binh", "p-chi"]
    assert first.moved == 3
    assert simulate(policy="phuc-loi").moved == 0
    assert h.allocations(ready) == before
    assert refused(h.allocate, ready)[1] == "RUN_ALREADY_POSTED"


def test_r37_before_anything_is_posted_two_policies_are_tried_against_each_other(ready: Running) -> None:
    propose(ready)
    asked = pb.SimulatePolicyRequest(ward_id=h.WARD, fund_id=h.FUND, policy=f"{ID}@1", current="phuc-loi")
    found = ready.as_("kt", "auditor").SimulatePolicy(asked)
    assert (found.moved, found.policy_before) == (3, "phuc-loi@1")
    asked.current = ""
    assert refused(ready.as_("kt", "auditor").SimulatePolicy, asked)[2]["field"] == "current"


def test_r37_whom_a_policy_does_not_cover_has_no_part_in_its_runs(
    service: Running, sessions: Sessions
) -> None:
    h.happen(sessions, h.month())
    employee, servant = types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE, types.PERSONNEL_TYPE_CIVIL_SERVANT
    kinds = {"p-anh": employee, "p-binh": servant, "p-chi": employee, "p-dung": servant, "p-em": employee}
    h.happen(
        sessions,
        (
            h.person(
                each["id"],
                salary_coefficient=each["salary_coefficient"],
                personnel_type=kinds[each["id"]],
                revision=2,
            )
            for each in h.FIVE
        ),
    )
    h.record_fund(service)
    propose(service, changes={"personnel_types": ["public_employee"]})
    approve(service)

    run = h.allocate(service, policy=ID).run

    assert run.people == 3
    assert h.allocations(service).keys() == {"p-anh", "p-chi", "p-em"}
    proposal = reward_pb2.CheckProposalRequest(
        ward_id=h.WARD,
        month=h.MONTH,
        policy=ID,
        amounts=[
            reward_pb2.ProposedAmount(person_id="p-anh", amount=100),
            reward_pb2.ProposedAmount(person_id="p-binh", amount=90),
        ],
    )
    _, reason, facts = refused(service.as_("k-1", "finance").CheckProposal, proposal)
    assert (reason, facts["field"], facts["person_id"]) == ("NOT_COVERED", "amounts[1].person_id", "p-binh")


def test_r37_nobody_is_left_out_because_his_type_is_not_known(ready: Running, sessions: Sessions) -> None:
    unknown = types.PERSONNEL_TYPE_UNSPECIFIED
    h.happen(sessions, [h.person("p-anh", salary_coefficient="3", personnel_type=unknown, revision=2)])
    propose(ready, changes={"personnel_types": ["public_employee"]})

    _, reason, facts = refused(h.allocate, ready, policy=f"{ID}@1", preview=True)

    assert (reason, facts["missing"]) == ("INPUTS_MISSING", "personnel_type=1")


def test_r32_policies_funds_and_runs_are_logged(ready: Running) -> None:
    propose(ready)
    approve(ready)
    h.allocate(ready, policy=ID)
    _, summary = h.export(ready, reward_pb2.EXPORT_FORMAT_CSV)
    ready.as_("k-2", "finance").AcknowledgeRun(
        reward_pb2.AcknowledgeRunRequest(ward_id=h.WARD, run_id=f"{h.FUND}.1", sha256=summary.sha256)
    )

    auditor = ready.operations_as("kt", "auditor")
    found = auditor.ListAuditEntries(audit_pb2.ListAuditEntriesRequest(ward_id=h.WARD)).entries
    assert [(each.action, each.subject_id, each.actor_id, each.authority_id) for each in found] == [
        ("create_fund", h.FUND, "k-1", "@finance"),
        ("propose_policy", f"{ID}@1", "k-1", "@organizer"),
        ("approve_policy", f"{ID}@1", "t-1", "@organizer"),
        ("allocate", f"{h.FUND}.1", "k-1", "@finance"),
        ("acknowledge", f"{h.FUND}.1", "k-2", "@finance"),
    ]
    fund, proposed, approved, run, acknowledged = (json.loads(each.after) for each in found)
    assert fund["amount"] == 10_000_000
    assert json.loads(proposed["document"])["id"] == ID
    assert (json.loads(found[2].before), approved["decision"]) == ({"approved": False}, "12/QĐ-UBND")
    assert run["distributed"] == sum(h.allocations(ready).values())
    assert acknowledged["sha256"] == summary.sha256
    assert auditor.VerifyAudit(audit_pb2.VerifyAuditRequest(ward_id=h.WARD)).intact


def test_r32_the_citys_policy_is_in_the_citys_log(service: Running) -> None:
    service.as_("t-9", "organizer", wards=("*",)).ProposePolicy(
        pb.ProposePolicyRequest(
            ward_id=h.WARD, city=True, policy_id="tp", document=json.dumps(CHANGES), based_on="phuc-loi"
        )
    )
    request = audit_pb2.ListAuditEntriesRequest(ward_id=h.WARD, city=True)
    [found] = service.operations_as("kt", "auditor").ListAuditEntries(request).entries
    assert (found.action, found.subject_id, found.ward_id) == ("propose_policy", "tp@1", audit.CITY)
