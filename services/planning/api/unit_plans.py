"""Units' month plans behind the door (R-5)."""

from chassis.rpc import Call, Page, command, query
from kpi.planning.v1 import planning_pb2_grpc
from kpi.planning.v1 import unit_plans_pb2 as pb
from planning import usecases
from planning.api.keys import after, key, number
from planning.domain.ids import given, month
from planning.domain.unit_plan import UnitPlan
from planning.usecases import UnitWork
from planning.wire import requests
from planning.wire import unit_plans as wire


class UnitPlansApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for units' plans."""

    @command
    def SaveUnitPlan(self, request: pb.SaveUnitPlanRequest, call: Call) -> pb.SaveUnitPlanResponse:
        saved = usecases.save_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            items=wire.items(request.items),
            expected_revision=request.expected_revision,
            actor=call.actor,
            at=call.at,
        )
        return pb.SaveUnitPlanResponse(plan=_plan(saved))

    @command
    def CopyUnitPlan(self, request: pb.CopyUnitPlanRequest, call: Call) -> pb.CopyUnitPlanResponse:
        when = month(request.month)
        drafted = usecases.copy_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=when,
            from_month=month(request.from_month, "from_month") if request.from_month else when.plus(-1),
            actor=call.actor,
            at=call.at,
        )
        return pb.CopyUnitPlanResponse(plan=_plan(drafted))

    @command
    def SubmitUnitPlan(self, request: pb.SubmitUnitPlanRequest, call: Call) -> pb.SubmitUnitPlanResponse:
        submitted = usecases.submit_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            actor=call.actor,
            at=call.at,
        )
        return pb.SubmitUnitPlanResponse(plan=_plan(submitted))

    @command
    def ApproveUnitPlan(self, request: pb.ApproveUnitPlanRequest, call: Call) -> pb.ApproveUnitPlanResponse:
        approved = usecases.approve_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            actor=call.actor,
            at=call.at,
        )
        return pb.ApproveUnitPlanResponse(plan=_plan(approved))

    @command
    def ReturnUnitPlan(self, request: pb.ReturnUnitPlanRequest, call: Call) -> pb.ReturnUnitPlanResponse:
        returned = usecases.return_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            reason=requests.text(request.reason, "reason"),
            actor=call.actor,
            at=call.at,
        )
        return pb.ReturnUnitPlanResponse(plan=_plan(returned))

    @query
    def GetUnitPlan(self, request: pb.GetUnitPlanRequest, call: Call) -> pb.GetUnitPlanResponse:
        found = usecases.get_unit_plan(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            actor=call.actor,
            at=call.at,
        )
        return pb.GetUnitPlanResponse(plan=_plan(found))

    @query
    def ListUnitPlans(self, request: pb.ListUnitPlansRequest, call: Call) -> pb.ListUnitPlansResponse:
        page = Page.of(request, default=100, most=1000)
        found = usecases.list_unit_plans(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            month=month(request.month),
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListUnitPlansResponse(
            plans=[wire.unit_head(each) for each in shown],
            next_page_token=page.token([shown[-1].unit_id]) if len(found) > page.size else "",
        )

    @query
    def ListUnitPlanVersions(
        self, request: pb.ListUnitPlanVersionsRequest, call: Call
    ) -> pb.ListUnitPlanVersionsResponse:
        page = Page.of(request, default=50, most=500)
        of = UnitPlan(
            given(request.ward_id, "ward_id"), given(request.unit_id, "unit_id"), month(request.month)
        )
        found = usecases.list_unit_plan_versions(
            call.session,
            ward_id=of.ward_id,
            unit_id=of.unit_id,
            month=of.month,
            after=number(key(page, 1)[0]) if page.after else 0,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListUnitPlanVersionsResponse(
            plans=[wire.unit_version(of, each) for each in shown],
            next_page_token=page.token([str(shown[-1].number)]) if len(found) > page.size else "",
        )

    @query
    def DiffUnitPlanVersions(
        self, request: pb.DiffUnitPlanVersionsRequest, call: Call
    ) -> pb.DiffUnitPlanVersionsResponse:
        earlier, later, found = usecases.diff_unit_plan_versions(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            unit_id=given(request.unit_id, "unit_id"),
            month=month(request.month),
            from_version=request.from_version,
            to_version=request.to_version,
        )
        return pb.DiffUnitPlanVersionsResponse(
            from_version=earlier, to_version=later, changes=wire.line_changes(found)
        )


def _plan(work: UnitWork) -> pb.UnitPlan:
    return wire.unit_plan(work.plan, work.progress, work.seen)
