"""Results of other systems behind the door (R-8)."""

from chassis.rpc import Call, Page, command, query
from kpi.planning.v1 import deliveries_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc
from planning import usecases
from planning.api.keys import key
from planning.domain.ids import given, month
from planning.wire import deliveries as wire


class DeliveriesApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for what other systems deliver."""

    @command
    def DeliverResults(self, request: pb.DeliverResultsRequest, call: Call) -> pb.DeliverResultsResponse:
        standing = usecases.deliver_results(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            deliveries=wire.read_deliveries(request.deliveries),
            actor=call.actor,
            at=call.at,
        )
        return pb.DeliverResultsResponse(deliveries=[wire.delivery(each) for each in standing])

    @query
    def ListDeliveries(self, request: pb.ListDeliveriesRequest, call: Call) -> pb.ListDeliveriesResponse:
        page = Page.of(request, default=100, most=1000)
        last = key(page, 2)
        found = usecases.list_deliveries(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=given(request.task_id, "task_id") if request.task_id else "",
            actor=call.actor,
            at=call.at,
            after=(last[0], last[1]) if last else ("", ""),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return pb.ListDeliveriesResponse(
            deliveries=[wire.delivery(each) for each in shown],
            next_page_token=page.token([shown[-1].system, shown[-1].reference]) if more else "",
        )
