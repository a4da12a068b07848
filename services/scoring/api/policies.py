"""Policies, what a month would be under another one, and plans of quotas."""
# methods are called and described as the contract does

from chassis.errors import Invalid
from chassis.rpc import Call, Page, command, query
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.scoring.v1 import scoring_pb2_grpc as pb_grpc
from scoring import usecases, wire
from scoring.api.pages import DEFAULT_PAGE, LARGEST_PAGE

MOST_WANTED = 1000

_STATES = {pb.POLICY_STATE_PROPOSED: False, pb.POLICY_STATE_APPROVED: True}


class TooManyWanted(Invalid):
    """A plan starts from the grades of no more than 1,000 people."""

    vi = "{field}: nhiều nhất 1.000 người trong một lần."
    en = "{field}: 1,000 people at most."


class PolicyMethods(pb_grpc.ScoringServiceServicer):
    """Policies as data."""

    @query
    def GetPolicy(self, request: pb.GetPolicyRequest, call: Call) -> pb.GetPolicyResponse:
        if request.policy:
            found = usecases.get_policy(call.session, ward_id=request.ward_id, policy=request.policy)
            return wire.shown_policy(found)
        of_month = usecases.policies_of_month(
            call.session, ward_id=request.ward_id, month=wire.month(request.month)
        )
        return wire.shown_policy(of_month.usual, of_month.versions, closed=of_month.closed)

    @command
    def ProposePolicy(self, request: pb.ProposePolicyRequest, call: Call) -> pb.ProposePolicyResponse:
        version = usecases.propose_policy(
            call.session,
            call.actor,
            ward_id=request.ward_id,
            city=request.city,
            policy_id=request.policy_id,
            legal_basis=request.legal_basis,
            from_month=wire.month(request.from_month, "from_month"),
            until_month=wire.month(request.until_month, "until_month") if request.until_month else "",
            personnel_types=wire.personnel_types(request.personnel_types),
            changes=dict(request.settings),
            based_on=request.based_on,
            at=call.at,
        )
        return pb.ProposePolicyResponse(policy=wire.policy(version))

    @command
    def ApprovePolicy(self, request: pb.ApprovePolicyRequest, call: Call) -> pb.ApprovePolicyResponse:
        version, months = usecases.approve_policy(
            call.session,
            call.actor,
            ward_id=request.ward_id,
            policy=request.policy,
            document=request.document,
            at=call.at,
        )
        return pb.ApprovePolicyResponse(policy=wire.policy(version), months=months)

    @query
    def ListPolicies(self, request: pb.ListPoliciesRequest, call: Call) -> pb.ListPoliciesResponse:
        page = Page.of(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
        found = usecases.list_policies(
            call.session,
            ward_id=request.ward_id,
            approved=_STATES.get(request.state),
            after=(page.after[0], int(page.after[1])) if page.after else ("", 0),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        last = shown[-1].policy if len(found) > page.size else None
        return pb.ListPoliciesResponse(
            policies=[wire.policy(each) for each in shown],
            next_page_token=page.token([last.id, str(last.version)]) if last else "",
        )

    @query
    def DiffPolicies(self, request: pb.DiffPoliciesRequest, call: Call) -> pb.DiffPoliciesResponse:
        return wire.differences(
            usecases.diff_policies(
                call.session, ward_id=request.ward_id, left=request.left, right=request.right
            )
        )

    @query
    def SimulatePolicy(self, request: pb.SimulatePolicyRequest, call: Call) -> pb.SimulatePolicyResponse:
        page = Page.of(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
        found = usecases.simulate_policy(
            call.session, ward_id=request.ward_id, month=wire.month(request.month), policy=request.policy
        )
        after = page.after[0] if page.after else ""
        moves = [move for move in found.simulation.moves if move.before.person_id > after]
        shown = moves[: page.size]
        return wire.simulation(
            found.simulation,
            shown,
            policies=found.current.names,
            next_page_token=page.token([shown[-1].before.person_id]) if len(moves) > page.size else "",
        )

    @query
    def PlanQuota(self, request: pb.PlanQuotaRequest, call: Call) -> pb.PlanQuotaResponse:
        if len(request.wanted) > MOST_WANTED:
            raise TooManyWanted(field="wanted")
        planned = usecases.plan_quota(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            month=wire.month(request.month),
            quota_scope=request.quota_scope,
            wanted=wire.wanted(request.wanted),
        )
        return wire.plans(planned.scopes, planned.totals)
