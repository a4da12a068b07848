"""Quarters, half-years and years (R-24)."""
# methods are called and described as the contract does

from chassis.rpc import Call, Page, command, query
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.scoring.v1 import scoring_pb2_grpc as pb_grpc
from scoring import usecases, wire
from scoring.api.pages import DEFAULT_PAGE, LARGEST_PAGE
from scoring.domain.period import Period


class Periods(pb_grpc.ScoringServiceServicer):
    """Means over months."""

    @query
    def GetPeriod(self, request: pb.GetPeriodRequest, call: Call) -> pb.GetPeriodResponse:
        period = Period.parse(request.period)
        found = usecases.get_period(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            person_id=request.person_id,
            period=period,
        )
        return wire.explained_period(request.ward_id, period, found)

    @query
    def ListPeriods(self, request: pb.ListPeriodsRequest, call: Call) -> pb.ListPeriodsResponse:
        period = Period.parse(request.period)
        page = Page.of(request, default=DEFAULT_PAGE, most=LARGEST_PAGE)
        found = usecases.list_periods(
            call.session,
            call.actor,
            at=call.at,
            ward_id=request.ward_id,
            period=period,
            unit_id=request.unit_id,
            after=page.after[0] if page.after else "",
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return pb.ListPeriodsResponse(
            periods=[wire.period_score(request.ward_id, period, each) for each in shown],
            next_page_token=page.token([shown[-1].member.person_id]) if more else "",
        )

    @command
    def RecordUnitGrade(self, request: pb.RecordUnitGradeRequest, call: Call) -> pb.RecordUnitGradeResponse:
        recorded = usecases.record_unit_grade(
            call.session,
            call.actor,
            ward_id=request.ward_id,
            unit_id=request.unit_id,
            period=Period.parse(request.period),
            grade=wire.grade(request.grade),
            document=request.document,
            head_id=request.head_id,
            at=call.at,
        )
        return pb.RecordUnitGradeResponse(unit_grade=wire.unit_grade(recorded))
