"""Policies of evaluation: shown, proposed, approved, compared, simulated (R-2, R-18, R-21, R-26)."""

from approval.storage import policies as versions
from approval.usecases import policies
from approval.usecases.simulating import simulate_policy
from approval.wire import policies as wire
from approval.wire import requests
from chassis.rpc import Call, Page, command, query
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc, policies_pb2


class PoliciesApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers for policies."""

    @query
    def ListPolicies(
        self, request: policies_pb2.ListPoliciesRequest, call: Call
    ) -> policies_pb2.ListPoliciesResponse:
        page = Page.of(request, default=20, most=50)
        after = (page.after[0], int(page.after[1])) if page.after else ("", 0)
        found = [
            each
            for each in versions.of_ward(call.session, request.ward_id)
            if (each.policy.id, each.policy.version) > after
        ]
        shown = found[: page.size]
        last = shown[-1].policy if len(found) > page.size else None
        return policies_pb2.ListPoliciesResponse(
            policies=[wire.policy(each) for each in shown],
            next_page_token=page.token([last.id, str(last.version)]) if last else "",
        )

    @query
    def GetPolicy(self, request: policies_pb2.GetPolicyRequest, call: Call) -> policies_pb2.GetPolicyResponse:
        if request.month and not request.policy:
            found = policies.policy_of_month(
                call.session, ward_id=request.ward_id, month=requests.month(request.month)
            )
        else:
            found = policies.named(call.session, request.ward_id, request.policy, "policy")
        return policies_pb2.GetPolicyResponse(policy=wire.policy(found))

    @command
    def ProposePolicy(
        self, request: policies_pb2.ProposePolicyRequest, call: Call
    ) -> policies_pb2.ProposePolicyResponse:
        version = policies.propose_policy(
            call.session,
            ward_id=requests.identifier(request.ward_id, field="ward_id"),
            city=request.city,
            policy_id=request.policy_id,
            document=request.document,
            based_on=request.based_on,
            actor=call.actor,
            at=call.at,
        )
        return policies_pb2.ProposePolicyResponse(policy=wire.policy(version))

    @command
    def ApprovePolicy(
        self, request: policies_pb2.ApprovePolicyRequest, call: Call
    ) -> policies_pb2.ApprovePolicyResponse:
        version, open_months = policies.approve_policy(
            call.session,
            ward_id=request.ward_id,
            policy=request.policy,
            decision=request.decision,
            actor=call.actor,
            at=call.at,
        )
        return policies_pb2.ApprovePolicyResponse(policy=wire.policy(version), open_months=open_months)

    @query
    def DiffPolicies(
        self, request: policies_pb2.DiffPoliciesRequest, call: Call
    ) -> policies_pb2.DiffPoliciesResponse:
        found = policies.diff_policies(
            call.session, ward_id=request.ward_id, left=request.left, right=request.right
        )
        return policies_pb2.DiffPoliciesResponse(
            differences=[
                policies_pb2.PolicyDifference(name=name, left=left, right=right)
                for name, (left, right) in sorted(found.items())
            ]
        )

    @query
    def SimulatePolicy(
        self, request: policies_pb2.SimulatePolicyRequest, call: Call
    ) -> pb.SimulatePolicyResponse:
        page = Page.of(request, default=100, most=1_000)
        found = simulate_policy(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            policy=request.policy,
            at=call.at,
        )
        after = page.after[0] if page.after else ""
        effects = [each for each in found.effects if each.person.id > after]
        shown = effects[: page.size]
        token = page.token([shown[-1].person.id]) if len(effects) > page.size else ""
        return wire.simulation(found, shown, token=token, language=call.language)
