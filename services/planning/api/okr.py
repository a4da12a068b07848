"""Objectives and key results behind the door (R-6)."""

from chassis.rpc import Call, Page, command, query
from kpi.planning.v1 import okr_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc
from planning import usecases
from planning.api.keys import after, key, number
from planning.domain.ids import given
from planning.domain.okr import Period
from planning.wire import okr as wire


class OkrApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for objectives, key results and readings."""

    @command
    def SaveObjective(self, request: pb.SaveObjectiveRequest, call: Call) -> pb.SaveObjectiveResponse:
        saved = usecases.save_objective(
            call.session,
            objective=wire.read_objective(given(request.ward_id, "ward_id"), request.objective),
            expected_revision=request.expected_revision,
            actor=call.actor,
            at=call.at,
        )
        return pb.SaveObjectiveResponse(objective=wire.objective(saved))

    @query
    def GetObjective(self, request: pb.GetObjectiveRequest, call: Call) -> pb.GetObjectiveResponse:
        found = usecases.get_objective(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            objective_id=given(request.objective_id, "objective_id"),
            actor=call.actor,
            at=call.at,
        )
        return pb.GetObjectiveResponse(objective=wire.objective(found))

    @query
    def ListObjectives(self, request: pb.ListObjectivesRequest, call: Call) -> pb.ListObjectivesResponse:
        page = Page.of(request, default=100, most=1000)
        found = usecases.list_objectives(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            period=Period.parse(request.period),
            owner=wire.owner(request.owner_kind),
            owner_id=given(request.owner_id, "owner_id") if request.owner_id else "",
            above_id=given(request.above_id, "above_id") if request.above_id else "",
            actor=call.actor,
            at=call.at,
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return pb.ListObjectivesResponse(
            objectives=[wire.objective(each) for each in shown],
            next_page_token=page.token([shown[-1].objective.objective_id]) if more else "",
        )

    @command
    def RecordReadings(self, request: pb.RecordReadingsRequest, call: Call) -> pb.RecordReadingsResponse:
        kept = usecases.record_readings(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            readings=wire.read_readings(request.readings),
            actor=call.actor,
            at=call.at,
        )
        return pb.RecordReadingsResponse(readings=[wire.reading(each) for each in kept])

    @query
    def ListReadings(self, request: pb.ListReadingsRequest, call: Call) -> pb.ListReadingsResponse:
        page = Page.of(request, default=100, most=1000)
        found = usecases.list_readings(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            objective_id=given(request.objective_id, "objective_id"),
            key_result_id=given(request.key_result_id, "key_result_id"),
            actor=call.actor,
            at=call.at,
            after=number(key(page, 1)[0]) if page.after else 0,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListReadingsResponse(
            readings=[wire.reading(each) for _, each in shown],
            next_page_token=page.token([str(shown[-1][0])]) if len(found) > page.size else "",
        )
