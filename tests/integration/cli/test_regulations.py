"""Regulations of evaluation from the command line (R-2, R-18, R-21, R-26)."""

from pathlib import Path

from integration.cli.conftest import Kpi, Services
from kpi.approval.v1 import approval_pb2, policies_pb2
from kpi.types.v1 import types_pb2

WARD = ("--ward", "phuc-loi")
POLICY = policies_pb2.Policy(
    policy_id="quy-che",
    version=1,
    legal_basis=["Quy chế 05"],
    from_month="2026-04",
    document='{"quota": {}}',
    owner="phuc-loi",
    state=policies_pb2.POLICY_STATE_PROPOSED,
    proposed_by="k-1",
)


def test_a_proposal_is_sent_as_the_file_says(services: Services, kpi: Kpi, tmp_path: Path) -> None:
    services.answers["ProposePolicy"] = policies_pb2.ProposePolicyResponse(policy=POLICY)
    file = tmp_path / "quy-che.json"
    file.write_text('{"legal_basis": ["Quy chế 05"]}', "utf-8")

    ran = kpi("regulation", "propose", "quy-che", str(file), "--based-on", "phuc-loi", *WARD)

    assert ran.exit_code == 0, ran.output
    [sent] = services.requests("ProposePolicy")
    assert sent.DESCRIPTOR.full_name == "kpi.approval.v1.ProposePolicyRequest"
    assert (sent.policy_id, sent.based_on, sent.city) == ("quy-che", "phuc-loi", False)
    assert sent.document == '{"legal_basis": ["Quy chế 05"]}'
    assert sent.request_id
    assert "proposed" in ran.output


def test_a_file_that_is_not_utf8_is_refused(kpi: Kpi, tmp_path: Path) -> None:
    file = tmp_path / "quy-che.json"
    file.write_bytes('{"legal_basis": ["Quy chế"]}'.encode("utf-16"))

    ran = kpi("regulation", "propose", "quy-che", str(file), *WARD)

    assert ran.exit_code == 2
    assert "quy-che.json is no text in UTF-8" in ran.output


def test_an_approval_names_its_document_and_what_it_leaves_alone(services: Services, kpi: Kpi) -> None:
    approved = policies_pb2.Policy()
    approved.CopyFrom(POLICY)
    approved.decision = "12/QĐ"
    services.answers["ApprovePolicy"] = policies_pb2.ApprovePolicyResponse(policy=approved, open_months=2)

    ran = kpi("regulation", "approve", "quy-che@1", "--document", "12/QĐ", *WARD)

    assert ran.output.strip() == "quy-che@1 is approved by 12/QĐ; months that are open keep theirs: 2."
    [sent] = services.requests("ApprovePolicy")
    assert (sent.policy, sent.decision) == ("quy-che@1", "12/QĐ")


def test_what_is_on_record_is_listed_and_shown_by_name_or_month(services: Services, kpi: Kpi) -> None:
    services.answers["ListPolicies"] = policies_pb2.ListPoliciesResponse(policies=[POLICY])
    services.answers["GetPolicy"] = policies_pb2.GetPolicyResponse(policy=POLICY)

    assert "quy-che@1" in kpi("regulation", "list", *WARD).output
    shown = kpi("regulation", "show", "quy-che", *WARD).output
    assert "k-1" in shown
    assert '{"quota": {}}' in shown
    assert kpi("regulation", "show", "--of-month", "2026-04", *WARD).exit_code == 0
    assert kpi("regulation", "show", *WARD).exit_code == 2
    asked = services.requests("GetPolicy")
    assert [(each.policy, each.month) for each in asked] == [("quy-che", ""), ("", "2026-04")]


def test_differences_are_told(services: Services, kpi: Kpi) -> None:
    services.answers["DiffPolicies"] = policies_pb2.DiffPoliciesResponse(
        differences=[policies_pb2.PolicyDifference(name="quota.rate", left='"0.2"', right='"0.1"')]
    )

    assert "quota.rate" in kpi("regulation", "diff", "phuc-loi", "quy-che@1", *WARD).output


def test_a_simulation_tells_whom_and_how(services: Services, kpi: Kpi) -> None:
    services.answers["SimulatePolicy"] = approval_pb2.SimulatePolicyResponse(
        effects=[
            approval_pb2.PolicyEffect(
                person_id="p-anh",
                decider_before=policies_pb2.SimulatedDecider(decider_id="truong"),
                decider_after=policies_pb2.SimulatedDecider(nobody_competent="no chair"),
                late_steps=[approval_pb2.LateStepMove(step=approval_pb2.STEP_DECISION, late_after=True)],
                room_before=policies_pb2.ROOM_FOR_A_WITHIN,
                room_after=policies_pb2.ROOM_FOR_A_BEYOND,
                misfits=[
                    policies_pb2.CriterionMisfit(stage="self", criterion_id="I.1", points="5", maximum="4"),
                    policies_pb2.CriterionMisfit(stage="self", criterion_id="I.2", points="5"),
                ],
            )
        ],
        deadlines=[
            approval_pb2.DeadlineMove(
                step=approval_pb2.STEP_DECISION,
                last_day_before="2026-03-27",
                last_day_after="2026-03-26",
            )
        ],
        groups=[policies_pb2.GroupMove(quota_scope="vp", duty_group="cm", limit_before=2, limit_after=1)],
        affected=1,
        people=5,
        policy_before="phuc-loi@1",
        policy_after="quy-che@1",
        decided_by_others=1,
        late_appearing=1,
        beyond_quota=1,
        misfitting=1,
    )

    ran = kpi("regulation", "simulate", "quy-che@1", "--month", "2026-03", *WARD, COLUMNS="250")

    assert ran.exit_code == 0, ran.output
    for told in ("nobody: no chair", "decision: late", "beyond", "I.1: 5 over 4", "I.2: not there"):
        assert told in ran.output, ran.output
    assert "26/03/2026" in ran.output
    assert "phuc-loi@1 → quy-che@1: something would be another for 1 of 5." in ran.output
    sent = services.requests("SimulatePolicy")[0]
    assert (sent.policy, sent.month) == ("quy-che@1", "2026-03")


def test_criteria_are_a_months(services: Services, kpi: Kpi) -> None:
    services.answers["ListCriteria"] = approval_pb2.ListCriteriaResponse(
        criteria=[approval_pb2.Criterion(criterion_id="I.1", maximum="5")]
    )

    assert "I.1" in kpi("criteria", "--month", "2026-03", *WARD).output
    assert services.requests("ListCriteria")[0].month == "2026-03"


def test_r18_criteria_are_those_of_a_person_or_of_a_personnel_type(services: Services, kpi: Kpi) -> None:
    services.answers["ListCriteria"] = approval_pb2.ListCriteriaResponse(
        criteria=[approval_pb2.Criterion(criterion_id="I.1", name="Đạo đức nhà giáo", maximum="10")],
        criteria_set="nha-giao",
    )

    assert "Đạo đức nhà giáo" in kpi("criteria", "--month", "2026-03", "--person", "gv-1", *WARD).output
    assert kpi("criteria", "--type", "public_employee", *WARD).exit_code == 0
    asked = [(each.person_id, each.personnel_type) for each in services.requests("ListCriteria")]
    assert asked == [
        ("gv-1", types_pb2.PERSONNEL_TYPE_UNSPECIFIED),
        ("", types_pb2.PERSONNEL_TYPE_PUBLIC_EMPLOYEE),
    ]


def test_r18_a_simulation_tells_who_would_have_another_set_of_criteria(services: Services, kpi: Kpi) -> None:
    services.answers["SimulatePolicy"] = approval_pb2.SimulatePolicyResponse(
        effects=[
            approval_pb2.PolicyEffect(
                person_id="gv-1",
                criteria_set_after="nha-giao",
                misfits=[policies_pb2.CriterionMisfit(stage="self", criterion_id="II.5", maximum="4")],
            )
        ],
        affected=1,
        people=5,
        other_criteria=1,
    )

    ran = kpi("regulation", "simulate", "quy-che@1", "--month", "2026-03", *WARD, COLUMNS="250")

    assert "default set → nha-giao; II.5: without points" in ran.output
    assert "Another set of criteria" in ran.output
