"""Reward's gRPC side: read the request, call the use case, write the reply."""

from collections.abc import Iterator

import grpc

from chassis import db
from chassis.rpc import Call, Page, command, feed, query
from kpi.reward.v1 import adjustments_pb2 as pb_adjustments
from kpi.reward.v1 import policies_pb2 as pb_policies
from kpi.reward.v1 import reward_pb2 as pb
from kpi.reward.v1 import reward_pb2_grpc
from reward import wire
from reward.domain.fund import valid_month
from reward.storage import funds, ledger, runs
from reward.storage import policies as versions
from reward.usecases import policies
from reward.usecases.adjusting import adjust_run
from reward.usecases.allocation import allocate
from reward.usecases.explanation import BOOKKEEPERS, explain_allocation
from reward.usecases.finance_file import FileFormat, UnknownFormat, acknowledge_run, export_run
from reward.usecases.funds import create_fund, standings
from reward.usecases.proposal import check_proposal
from reward.usecases.simulation import simulate_policy

MOST_PREVIEWED = 5_000
MOST_VIOLATIONS = 100
BATCH = 500
"""Allocations in one message of a stream."""
READ = 4 * BATCH
"""Allocations that one look into the database brings."""

FORMATS: dict[int, FileFormat] = {
    pb.EXPORT_FORMAT_UNSPECIFIED: FileFormat.CSV,
    pb.EXPORT_FORMAT_CSV: FileFormat.CSV,
    pb.EXPORT_FORMAT_XLSX: FileFormat.XLSX,
}


class RewardApi(reward_pb2_grpc.RewardServiceServicer):
    @command
    def CreateFund(self, request: pb.CreateFundRequest, call: Call) -> pb.CreateFundResponse:
        fund = wire.asked_fund(request, created_by=call.actor.person_id, created_at=call.at)
        standing = create_fund(call.session, fund=fund)
        return pb.CreateFundResponse(fund=wire.fund(standing.fund, standing.balance))

    @query
    def GetFund(self, request: pb.GetFundRequest, call: Call) -> pb.GetFundResponse:
        fund = funds.take(call.session, request.ward_id, request.fund_id)
        [standing] = standings(call.session, request.ward_id, [fund])
        return pb.GetFundResponse(fund=wire.fund(standing.fund, standing.balance))

    @query
    def ListFunds(self, request: pb.ListFundsRequest, call: Call) -> pb.ListFundsResponse:
        page = Page.of(request, default=50, most=500)
        found = funds.newest(
            call.session,
            request.ward_id,
            month=_month(request.month),
            before=page.after_instant(),
            limit=page.size + 1,
        )
        shown = standings(call.session, request.ward_id, found[: page.size])
        token = ""
        if len(found) > page.size:
            last = shown[-1].fund
            token = page.token((last.created_at.isoformat(), last.fund_id))
        return pb.ListFundsResponse(
            funds=[wire.fund(each.fund, each.balance) for each in shown], next_page_token=token
        )

    @query
    def ListPolicies(self, request: pb.ListPoliciesRequest, call: Call) -> pb.ListPoliciesResponse:
        page = Page.of(request, default=50, most=500)
        after = (page.after[0], int(page.after[1])) if page.after else ("", 0)
        found = [
            each
            for each in versions.of_ward(call.session, request.ward_id)
            if (each.policy.id, each.policy.version) > after
        ]
        shown = found[: page.size]
        last = shown[-1].policy if len(found) > page.size else None
        return pb.ListPoliciesResponse(
            policies=[wire.policy(each, call.language) for each in shown],
            next_page_token=page.token([last.id, str(last.version)]) if last else "",
        )

    @query
    def GetPolicy(self, request: pb_policies.GetPolicyRequest, call: Call) -> pb.GetPolicyResponse:
        found = policies.named(call.session, request.ward_id, request.policy, "policy")
        return pb.GetPolicyResponse(policy=wire.policy(found, call.language))

    @command
    def ProposePolicy(
        self, request: pb_policies.ProposePolicyRequest, call: Call
    ) -> pb.ProposePolicyResponse:
        version = policies.propose_policy(
            call.session,
            ward_id=request.ward_id,
            city=request.city,
            policy_id=request.policy_id,
            document=request.document,
            based_on=request.based_on,
            actor=call.actor,
            at=call.at,
        )
        return pb.ProposePolicyResponse(policy=wire.policy(version, call.language))

    @command
    def ApprovePolicy(
        self, request: pb_policies.ApprovePolicyRequest, call: Call
    ) -> pb.ApprovePolicyResponse:
        version = policies.approve_policy(
            call.session,
            ward_id=request.ward_id,
            policy=request.policy,
            decision=request.decision,
            actor=call.actor,
            at=call.at,
        )
        return pb.ApprovePolicyResponse(policy=wire.policy(version, call.language))

    @query
    def DiffPolicies(
        self, request: pb_policies.DiffPoliciesRequest, call: Call
    ) -> pb_policies.DiffPoliciesResponse:
        found = policies.diff_policies(
            call.session, ward_id=request.ward_id, left=request.left, right=request.right
        )
        return pb_policies.DiffPoliciesResponse(
            differences=[
                pb_policies.PolicyDifference(name=name, left=left, right=right)
                for name, (left, right) in found.items()
            ]
        )

    @query
    def SimulatePolicy(
        self, request: pb_policies.SimulatePolicyRequest, call: Call
    ) -> pb_policies.SimulatePolicyResponse:
        page = Page.of(request, default=100, most=1_000)
        found = simulate_policy(
            call.session,
            ward_id=request.ward_id,
            fund_id=request.fund_id,
            policy=request.policy,
            current=request.current,
        )
        moves = [each for each in found.moves if each.of.person_id > _after(page)]
        shown = moves[: page.size]
        token = page.token([shown[-1].of.person_id]) if len(moves) > page.size else ""
        return wire.simulation(found, shown, token)

    @command
    def Allocate(self, request: pb.AllocateRequest, call: Call) -> pb.AllocateResponse:
        run, allocated = allocate(
            call.session,
            ward_id=request.ward_id,
            fund_id=request.fund_id,
            policy=request.policy,
            preview=request.preview,
            actor=call.actor,
            at=call.at,
        )
        shown = allocated[:MOST_PREVIEWED] if request.preview else []
        return pb.AllocateResponse(run=wire.run(run), allocations=[wire.allocation(each) for each in shown])

    @command
    def AdjustRun(
        self, request: pb_adjustments.AdjustRunRequest, call: Call
    ) -> pb_adjustments.AdjustRunResponse:
        run_id, changed = adjust_run(
            call.session,
            ward_id=request.ward_id,
            run_id=request.run_id,
            fund_id=request.fund_id,
            preview=request.preview,
            actor=call.actor,
            at=call.at,
        )
        return pb_adjustments.AdjustRunResponse(
            run_id=run_id,
            adjustments=[
                wire.adjustment(each.was, each.now, each.decision_id, each.adjustment)
                for each in changed[:MOST_PREVIEWED]
            ],
            payable=sum(each.adjustment.payable for each in changed),
        )

    @query
    def CheckProposal(self, request: pb.CheckProposalRequest, call: Call) -> pb.CheckProposalResponse:
        verdict = check_proposal(
            call.session,
            ward_id=request.ward_id,
            month=request.month,
            policy=request.policy,
            amounts=[(each.person_id, each.amount) for each in request.amounts],
            actor=call.actor,
        )
        return wire.verdict(verdict, MOST_VIOLATIONS)

    @query
    def GetRun(self, request: pb.GetRunRequest, call: Call) -> pb.GetRunResponse:
        return pb.GetRunResponse(run=wire.run(runs.take(call.session, request.ward_id, request.run_id)))

    @query
    def ListRuns(self, request: pb.ListRunsRequest, call: Call) -> pb.ListRunsResponse:
        page = Page.of(request, default=50, most=500)
        found = runs.newest(
            call.session,
            request.ward_id,
            month=_month(request.month),
            before=page.after_instant(),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        token = ""
        if len(found) > page.size and (posted_at := shown[-1].posted_at):
            token = page.token((posted_at.isoformat(), shown[-1].run_id))
        return pb.ListRunsResponse(runs=[wire.run(each) for each in shown], next_page_token=token)

    @query
    def ListAllocations(self, request: pb.ListAllocationsRequest, call: Call) -> pb.ListAllocationsResponse:
        page = Page.of(request, default=100, most=1_000)
        runs.take(call.session, request.ward_id, request.run_id)
        found = runs.allocated(
            call.session,
            request.ward_id,
            request.run_id,
            after=_after(page),
            only=None if call.actor.has(*BOOKKEEPERS) else call.actor.person_id,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListAllocationsResponse(
            allocations=[wire.allocation(each) for each in shown],
            next_page_token=page.token([shown[-1].person_id]) if len(found) > page.size else "",
        )

    @feed
    def StreamAllocations(
        self, request: pb.StreamAllocationsRequest, call: Call
    ) -> Iterator[pb.StreamAllocationsResponse]:
        # A run never changes, so a caller who reads slowly need not hold a transaction open.
        with db.reading(call.sessions) as session:
            runs.take(session, request.ward_id, request.run_id)
        after, full = request.after_person_id, True
        while full:
            with db.reading(call.sessions) as session:
                found = runs.lines(session, request.ward_id, request.run_id, after=after, limit=READ)
            for start in range(0, len(found), BATCH):
                shown = [wire.allocation_line(each) for each in found[start : start + BATCH]]
                yield pb.StreamAllocationsResponse(allocations=shown)
            after = found[-1].person_id if found else after
            full = len(found) == READ

    @feed
    def ExportRun(self, request: pb.ExportRunRequest, call: Call) -> Iterator[pb.ExportRunResponse]:
        form = FORMATS.get(request.format)
        if form is None:
            raise UnknownFormat(field="format", format=request.format)
        with db.reading(call.sessions) as session:
            file = export_run(session, ward_id=request.ward_id, run_id=request.run_id, form=form)
        *pieces, last = file.pieces()
        for piece in pieces:
            yield pb.ExportRunResponse(chunk=piece)
        yield pb.ExportRunResponse(
            chunk=last,
            summary=pb.ExportSummary(
                file_name=file.name, count=file.count, sum=file.total, sha256=file.sha256
            ),
        )

    @command
    def AcknowledgeRun(self, request: pb.AcknowledgeRunRequest, call: Call) -> pb.AcknowledgeRunResponse:
        run = acknowledge_run(
            call.session,
            ward_id=request.ward_id,
            run_id=request.run_id,
            sha256=request.sha256,
            actor=call.actor,
            at=call.at,
        )
        return pb.AcknowledgeRunResponse(run=wire.run(run))

    @query
    def ListEntries(self, request: pb.ListEntriesRequest, call: Call) -> pb.ListEntriesResponse:
        page = Page.of(request, default=100, most=1_000)
        found = ledger.lines(
            call.session,
            request.ward_id,
            account=request.account,
            after=int(_after(page) or 0),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListEntriesResponse(
            entries=[wire.entry(each) for each in shown],
            next_page_token=page.token([str(shown[-1].position)]) if len(found) > page.size else "",
            imbalance=ledger.imbalance(call.session, request.ward_id),
        )

    @query
    def ExplainAllocation(
        self, request: pb.ExplainAllocationRequest, call: Call
    ) -> pb.ExplainAllocationResponse:
        allocated, lines = explain_allocation(
            call.session,
            ward_id=request.ward_id,
            run_id=request.run_id,
            person_id=request.person_id,
            actor=call.actor,
            language=call.language,
        )
        return pb.ExplainAllocationResponse(allocation=wire.allocation(allocated), lines=lines)


def register(server: grpc.Server) -> None:
    """Add reward to a server."""
    reward_pb2_grpc.add_RewardServiceServicer_to_server(RewardApi(), server)


def _month(given: str) -> str:
    """Return the month that a filter names; empty for all."""
    return valid_month(given) if given else ""


def _after(page: Page) -> str:
    """Return the id after which a page begins; empty for the first."""
    return page.after[0] if page.after else ""
