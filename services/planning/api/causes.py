"""Claims of objective causes behind the door (R-8)."""

from chassis.rpc import Call, Page, command, query
from kpi.planning.v1 import causes_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc
from planning import usecases
from planning.api.keys import key, number
from planning.domain.ids import given, month
from planning.wire import requests
from planning.wire.evidence import CLAIM_STATES, cause


class CausesApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for claims of objective causes."""

    @command
    def RequestObjectiveCause(
        self, request: pb.RequestObjectiveCauseRequest, call: Call
    ) -> pb.RequestObjectiveCauseResponse:
        claimed = usecases.request_objective_cause(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=given(request.task_id, "task_id"),
            fault_id=given(request.fault_id, "fault_id"),
            reviews=request.reviews,
            deadlines=request.deadlines,
            cause=requests.text(request.cause, "cause"),
            evidence_ids=tuple(request.evidence_ids),
            actor=call.actor,
            at=call.at,
        )
        return pb.RequestObjectiveCauseResponse(cause=cause(claimed))

    @query
    def ListObjectiveCauses(
        self, request: pb.ListObjectiveCausesRequest, call: Call
    ) -> pb.ListObjectiveCausesResponse:
        page = Page.of(request, default=100, most=1000)
        last = key(page, 4)
        found = usecases.list_objective_causes(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            person_id=given(request.person_id, "person_id") if request.person_id else "",
            state=CLAIM_STATES.read(request.state, "state") if request.state else None,
            waiting=request.waiting_for_me,
            actor=call.actor,
            at=call.at,
            after=(last[0], last[1], last[2], number(last[3])) if last else None,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        end = shown[-1] if more else None
        return pb.ListObjectiveCausesResponse(
            causes=[cause(each) for each in shown],
            next_page_token=(
                page.token([end.person_id, end.task_id, end.fault_id, str(end.number)]) if end else ""
            ),
        )

    @command
    def RefuseObjectiveCause(
        self, request: pb.RefuseObjectiveCauseRequest, call: Call
    ) -> pb.RefuseObjectiveCauseResponse:
        refused = usecases.refuse_objective_cause(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=given(request.task_id, "task_id"),
            fault_id=given(request.fault_id, "fault_id"),
            reason=requests.text(request.reason, "reason"),
            actor=call.actor,
            at=call.at,
        )
        return pb.RefuseObjectiveCauseResponse(cause=cause(refused))
