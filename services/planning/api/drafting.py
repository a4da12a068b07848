"""Drafts that need no writing, behind the door (R-5)."""

from typing import Final

from chassis.rpc import Call, command
from kpi.planning.v1 import drafting_pb2, planning_pb2_grpc
from kpi.planning.v1 import planning_pb2 as pb
from planning import usecases
from planning.domain.ids import given, month
from planning.wire import requests

MOST_PEOPLE: Final = 1_000
"""People to whom a template is applied at a time."""


class DraftingApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for copies and templates."""

    @command
    def CopyPlan(self, request: drafting_pb2.CopyPlanRequest, call: Call) -> drafting_pb2.CopyPlanResponse:
        when = month(request.month)
        drafted, left_out = usecases.copy_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=when,
            from_month=month(request.from_month, "from_month") if request.from_month else when.plus(-1),
            actor=call.actor,
            at=call.at,
        )
        return drafting_pb2.CopyPlanResponse(
            person_id=drafted.person_id,
            month=str(drafted.month),
            count=len(drafted.latest().tasks),
            left_out=left_out,
            revision=drafted.revision,
        )

    @command
    def ApplyTemplate(self, request: pb.ApplyTemplateRequest, call: Call) -> pb.ApplyTemplateResponse:
        requests.limited(len(request.person_ids), MOST_PEOPLE, "person_ids")
        count = usecases.apply_template(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            person_ids=[given(each, "person_ids") for each in request.person_ids],
            tasks=requests.tasks(request.tasks),
            actor=call.actor,
            at=call.at,
        )
        return pb.ApplyTemplateResponse(count=count)
