"""Months: opening, deadlines, who is waited for, publication (R-2, R-26, R-29)."""

from approval.usecases import (
    decisions,
    months,
    publication,
    watching,
)
from approval.wire import replies, requests, watch
from chassis.rpc import Call, Page, command, query
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc

MOST_FINDINGS = 100


class MonthsApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers for months and for who decides whom in them."""

    @command
    def OpenMonth(self, request: pb.OpenMonthRequest, call: Call) -> pb.OpenMonthResponse:
        found, checked = months.open_month(
            call.session,
            ward_id=requests.identifier(request.ward_id, field="ward_id"),
            month=requests.month(request.month),
            strict=request.strict,
            actor=call.actor,
            at=call.at,
        )
        return pb.OpenMonthResponse(
            month=replies.month(found),
            findings=watch.findings(checked.blocking[:MOST_FINDINGS], language=call.language),
            finding_count=len(checked.blocking),
        )

    @query
    def GetMonth(self, request: pb.GetMonthRequest, call: Call) -> pb.GetMonthResponse:
        found = months.get_month(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            actor=call.actor,
            at=call.at,
        )
        return pb.GetMonthResponse(month=replies.month(found), awaited=replies.awaited(found.awaited))

    @query
    def ListMonths(self, request: pb.ListMonthsRequest, call: Call) -> pb.ListMonthsResponse:
        page = Page.of(request, default=50, most=500)
        found = months.list_months(
            call.session,
            ward_id=request.ward_id,
            before=page.after[0] if page.after else None,
            most=page.size + 1,
        )
        more = len(found) > page.size
        return pb.ListMonthsResponse(
            months=[replies.month(each) for each in found[: page.size]],
            next_page_token=page.token([found[page.size - 1].opened.month]) if more else "",
        )

    @command
    def ExtendDeadline(self, request: pb.ExtendDeadlineRequest, call: Call) -> pb.ExtendDeadlineResponse:
        found = months.extend_deadline(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            step=requests.step(request.step),
            last_day=requests.day(request.last_day, field="last_day"),
            reason=request.reason,
            actor=call.actor,
            at=call.at,
        )
        return pb.ExtendDeadlineResponse(month=replies.month(found))

    @query
    def CheckMonth(self, request: pb.CheckMonthRequest, call: Call) -> pb.CheckMonthResponse:
        page = Page.of(request, default=100, most=1_000)
        checked = watching.check_month(
            call.session, ward_id=request.ward_id, month=requests.month(request.month)
        )
        wanted = watch.severity(request.severity)
        found = [
            each
            for each in checked.findings
            if (wanted is None or each.severity is wanted)
            and (not page.after or each.key > tuple(page.after))
        ]
        more = len(found) > page.size
        return pb.CheckMonthResponse(
            findings=watch.findings(found[: page.size], language=call.language),
            next_page_token=page.token(found[page.size - 1].key) if more else "",
            people=checked.people,
            blocking=len(checked.blocking),
            policy=checked.policy,
        )

    @query
    def ListCompetence(self, request: pb.ListCompetenceRequest, call: Call) -> pb.ListCompetenceResponse:
        page = Page.of(request, default=100, most=1_000)
        found = watching.list_competence(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            unit_id=request.unit_id,
            after=page.after[0] if page.after else "",
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListCompetenceResponse(
            competences=[watch.competence(each, language=call.language) for each in found[: page.size]],
            next_page_token=page.token([found[page.size - 1].person.id]) if more else "",
        )

    @command
    def Delegate(self, request: pb.DelegateRequest, call: Call) -> pb.DelegateResponse:
        delegation_id = decisions.delegate(
            call.session,
            ward_id=request.ward_id,
            given=requests.delegation(request),
            actor=call.actor,
            at=call.at,
        )
        return pb.DelegateResponse(delegation_id=delegation_id)

    @command
    def EndDelegation(self, request: pb.EndDelegationRequest, call: Call) -> pb.EndDelegationResponse:
        ended = decisions.end_delegation(
            call.session,
            ward_id=request.ward_id,
            delegation_id=requests.identifier(request.delegation_id, field="delegation_id"),
            last_day=requests.day(request.last_day, field="last_day") if request.last_day else None,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.EndDelegationResponse(delegation=watch.delegation(ended))

    @query
    def ListDelegations(self, request: pb.ListDelegationsRequest, call: Call) -> pb.ListDelegationsResponse:
        page = Page.of(request, default=100, most=1_000)
        start = int(page.after[0]) if page.after else 0
        found = watching.list_delegations(
            call.session,
            ward_id=request.ward_id,
            day=requests.day(request.day, field="day") if request.day else None,
            actor=call.actor,
            after=start,
            most=page.size + 1,
        )
        more = len(found) > page.size
        return pb.ListDelegationsResponse(
            delegations=[watch.delegation(each) for each in found[: page.size]],
            next_page_token=page.token([str(start + page.size)]) if more else "",
        )

    @query
    def ListWaiting(self, request: pb.ListWaitingRequest, call: Call) -> pb.ListWaitingResponse:
        page = Page.of(request, default=100, most=1_000)
        found = watching.list_waiting(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            late=request.late,
            step=watch.awaited_step(request.step),
            after=(page.after[0], page.after[1]) if page.after else None,
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListWaitingResponse(
            waiting=[watch.waiting(each, call.at) for each in found[: page.size]],
            next_page_token=page.token(found[page.size - 1].waiting.key) if more else "",
        )

    @command
    def Publish(self, request: pb.PublishRequest, call: Call) -> pb.PublishResponse:
        done = publication.publish(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            unit_id=request.unit_id,
            actor=call.actor,
            at=call.at,
        )
        return pb.PublishResponse(count=done.count, month_published=done.month_published, late=done.late)

    @query
    def ListGrades(self, request: pb.ListGradesRequest, call: Call) -> pb.ListGradesResponse:
        page = Page.of(request, default=100, most=1_000)
        found = publication.list_grades(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            unit_id=request.unit_id,
            after=page.after[0] if page.after else None,
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListGradesResponse(
            grades=replies.grades(found[: page.size]),
            next_page_token=page.token([found[page.size - 1].person_id]) if more else "",
        )
