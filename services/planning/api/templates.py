"""Empty workbooks behind the door."""

from chassis.rpc import Call, query
from chassis.sheets import template
from kpi.planning.v1 import planning_pb2_grpc
from kpi.planning.v1 import templates_pb2 as pb
from planning.domain.ids import given
from planning.wire import layout


class TemplatesApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers with workbooks to fill in."""

    @query
    def GetTemplate(self, request: pb.GetTemplateRequest, call: Call) -> pb.GetTemplateResponse:
        # The ward itself may be what is filled in first, so it need not be known.
        ward_id = given(request.ward_id, "ward_id")
        made = template(layout.SHEETS, request.sheets, vietnamese=call.language == "vi")
        return pb.GetTemplateResponse(file_name=f"{ward_id}.xlsx", content=made.content, sha256=made.sha256)
