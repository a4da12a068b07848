"""Weekly schedules behind the door (R-5)."""

from chassis.rpc import Call, Page, command, query
from kpi.planning.v1 import planning_pb2_grpc
from kpi.planning.v1 import weeks_pb2 as pb
from planning import usecases
from planning.api.keys import after, key, number
from planning.domain.ids import given
from planning.domain.week import Week
from planning.wire import weeks as wire


class WeeksApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for weeks."""

    @query
    def GetWeek(self, request: pb.GetWeekRequest, call: Call) -> pb.GetWeekResponse:
        found = usecases.get_week(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            week=Week.parse(request.week),
            revision=request.revision,
            actor=call.actor,
            at=call.at,
        )
        return pb.GetWeekResponse(week=wire.week(found))

    @command
    def SaveWeek(self, request: pb.SaveWeekRequest, call: Call) -> pb.SaveWeekResponse:
        saved = usecases.save_week(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            week=Week.parse(request.week),
            items=wire.items(request.entries),
            expected_revision=request.expected_revision,
            actor=call.actor,
            at=call.at,
        )
        return pb.SaveWeekResponse(week=wire.week(saved))

    @query
    def ListWeeks(self, request: pb.ListWeeksRequest, call: Call) -> pb.ListWeeksResponse:
        page = Page.of(request, default=50, most=500)
        found = usecases.list_weeks(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            week=Week.parse(request.week),
            unit_id=given(request.unit_id, "unit_id") if request.unit_id else "",
            actor=call.actor,
            at=call.at,
            after=after(page),
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListWeeksResponse(
            weeks=[wire.week(each) for each in shown],
            next_page_token=page.token([shown[-1].person_id]) if len(found) > page.size else "",
        )

    @query
    def ListWeekEdits(self, request: pb.ListWeekEditsRequest, call: Call) -> pb.ListWeekEditsResponse:
        page = Page.of(request, default=50, most=500)
        found = usecases.list_week_edits(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            week=Week.parse(request.week),
            actor=call.actor,
            at=call.at,
            after=number(key(page, 1)[0]) if page.after else 0,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListWeekEditsResponse(
            edits=[wire.edit(each) for each in shown],
            next_page_token=page.token([str(shown[-1].revision)]) if len(found) > page.size else "",
        )
