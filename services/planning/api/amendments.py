"""Changes of plans in force behind the door (R-5, R-7)."""

from chassis.rpc import Call, command, query
from kpi.planning.v1 import amendments_pb2 as pb
from kpi.planning.v1 import planning_pb2, planning_pb2_grpc
from kpi.types.v1 import types_pb2 as types
from planning import usecases
from planning.domain.ids import given, month
from planning.domain.plan import PersonMonth, State
from planning.wire import requests, unit_plans


class AmendmentsApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for ad-hoc work, handovers and differences."""

    @command
    def AddAdHocTask(self, request: planning_pb2.AddAdHocTaskRequest, call: Call) -> pb.AddAdHocTaskResponse:
        message = planning_pb2.Task()
        message.CopyFrom(request.task)
        message.kind = message.kind or types.TASK_KIND_EXTRA
        [task] = requests.tasks([message])
        added, task_id = usecases.add_ad_hoc_task(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month) if request.month else None,
            task=task,
            actor=call.actor,
            at=call.at,
        )
        in_force = added.in_force if _holds(added, task_id) else None
        holding = in_force or added.latest()
        return pb.AddAdHocTaskResponse(
            person_id=added.person_id,
            month=str(added.month),
            task_id=task_id,
            in_force=in_force is not None,
            submitted=holding.state is State.SUBMITTED,
            version=holding.number,
            revision=added.revision,
        )

    @command
    def HandOverTask(self, request: pb.HandOverTaskRequest, call: Call) -> pb.HandOverTaskResponse:
        done = usecases.hand_over_task(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            person_id=given(request.person_id, "person_id"),
            task_id=given(request.task_id, "task_id"),
            receiver_id=given(request.receiver_id, "receiver_id"),
            quantity=requests.decimal(request.quantity, "quantity") if request.quantity else None,
            reason=requests.text(request.reason, "reason"),
            actor=call.actor,
            at=call.at,
        )
        return pb.HandOverTaskResponse(
            giver=_side(done.giver, done.given_id),
            receiver=_side(done.receiver, done.taken_id),
            quantity=f"{done.quantity:f}",
        )

    @query
    def DiffPlanVersions(
        self, request: pb.DiffPlanVersionsRequest, call: Call
    ) -> pb.DiffPlanVersionsResponse:
        earlier, later, found = usecases.diff_plan_versions(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            from_version=request.from_version,
            to_version=request.to_version,
            actor=call.actor,
            at=call.at,
        )
        return pb.DiffPlanVersionsResponse(
            from_version=earlier, to_version=later, changes=unit_plans.line_changes(found)
        )


def _holds(of: PersonMonth, task_id: str) -> bool:
    return of.in_force is not None and any(each.task_id == task_id for each in of.in_force.tasks)


def _side(of: PersonMonth, task_id: str) -> pb.HandOverSide:
    return pb.HandOverSide(
        person_id=of.person_id,
        task_id=task_id,
        version=of.standing().number,
        revision=of.revision,
    )
