"""Policies for money from the command line (R-37)."""

from pathlib import Path

from integration.cli.conftest import Kpi, Services
from kpi.reward.v1 import policies_pb2 as pb
from kpi.reward.v1 import reward_pb2

WARD = ("--ward", "phuc-loi")
POLICY = reward_pb2.Policy(
    policy_id="phuc-loi-2026",
    version=1,
    legal_basis="Quy chế 05",
    document='{"mode": "pool"}',
    record=pb.PolicyRecord(owner="phuc-loi", state=pb.POLICY_STATE_PROPOSED, proposed_by="k-1"),
)


def test_a_proposal_is_sent_as_the_file_says(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ProposePolicy"] = reward_pb2.ProposePolicyResponse(policy=POLICY)
    file = tmp_path / "quy-che.json"
    file.write_text('{"legal_basis": "Quy chế 05"}', "utf-8")

    ran = kpi("pay-policy", "propose", "phuc-loi-2026", str(file), "--based-on", "phuc-loi", *WARD)

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("ProposePolicy")
    assert (sent.policy_id, sent.based_on, sent.city) == ("phuc-loi-2026", "phuc-loi", False)
    assert sent.document == '{"legal_basis": "Quy chế 05"}'
    assert sent.request_id
    assert "proposed" in ran.output
    assert '{"mode": "pool"}' in ran.output


def test_an_approval_names_its_document(services: Services, kpi: Kpi) -> None:
    approved = reward_pb2.Policy()
    approved.CopyFrom(POLICY)
    approved.record.decision = "12/QĐ"
    services.answers["ApprovePolicy"] = reward_pb2.ApprovePolicyResponse(policy=approved)

    ran = kpi("pay-policy", "approve", "phuc-loi-2026@1", "--document", "12/QĐ", *WARD)

    assert ran.output.strip() == "phuc-loi-2026@1 is approved by 12/QĐ."
    [sent] = services.requests("ApprovePolicy")
    assert (sent.policy, sent.decision) == ("phuc-loi-2026@1", "12/QĐ")


def test_what_is_on_record_is_listed_and_shown(services: Services, kpi: Kpi) -> None:
    services.answers["ListPolicies"] = reward_pb2.ListPoliciesResponse(policies=[POLICY])
    services.answers["GetPolicy"] = reward_pb2.GetPolicyResponse(policy=POLICY)

    assert "phuc-loi-2026@1" in kpi("pay-policy", "list", *WARD).output
    shown = kpi("pay-policy", "show", "phuc-loi-2026", *WARD)

    assert "k-1" in shown.output
    assert services.requests("GetPolicy")[0].policy == "phuc-loi-2026"


def test_differences_and_moves_are_told(services: Services, kpi: Kpi) -> None:
    services.answers["DiffPolicies"] = pb.DiffPoliciesResponse(
        differences=[pb.PolicyDifference(name="coefficients.A", left='"1.0"', right='"1.2"')]
    )
    services.answers["SimulatePolicy"] = pb.SimulatePolicyResponse(
        moves=[pb.AmountMove(person_id="p-anh", amount_before=5_000_000, amount_after=5_500_000)],
        moved=1,
        people=5,
        policy_before="phuc-loi@1",
        policy_after="phuc-loi-2026@1",
    )

    diff = kpi("pay-policy", "diff", "phuc-loi", "phuc-loi-2026@1", *WARD)
    simulated = kpi("pay-policy", "simulate", "f-1", "phuc-loi-2026@1", "--current", "phuc-loi", *WARD)

    assert "coefficients.A" in diff.output
    assert simulated.exit_code == 0, simulated.output
    assert "p-anh" in simulated.output
    assert "1 of 5 would get another amount." in simulated.output
    sent = services.requests("SimulatePolicy")[0]
    assert (sent.fund_id, sent.policy, sent.current) == ("f-1", "phuc-loi-2026@1", "phuc-loi")
