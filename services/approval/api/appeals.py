"""After a decision: opinions, appeals, replacing decisions (R-30)."""

from approval.api import seen
from approval.domain.appeal import AppealKind
from approval.usecases import (
    appeals,
)
from approval.wire import after, requests
from approval.wire.letters import grade
from chassis.rpc import Call, Page, command, query
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc


class AppealsApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers for what comes after a decision."""

    @command
    def ReserveOpinion(self, request: pb.ReserveOpinionRequest, call: Call) -> pb.ReserveOpinionResponse:
        return pb.ReserveOpinionResponse(appeal=_submit(request, call, AppealKind.OPINION))

    @command
    def SubmitAppeal(self, request: pb.SubmitAppealRequest, call: Call) -> pb.SubmitAppealResponse:
        return pb.SubmitAppealResponse(appeal=_submit(request, call, AppealKind.APPEAL))

    @command
    def AnswerAppeal(self, request: pb.AnswerAppealRequest, call: Call) -> pb.AnswerAppealResponse:
        standing = appeals.answer(
            call.session,
            ward_id=request.ward_id,
            appeal_id=requests.identifier(request.appeal_id, field="appeal_id"),
            outcome=after.outcome(request.outcome),
            grade=grade(request.grade),
            text=request.answer,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.AnswerAppealResponse(appeal=_appeal(request.ward_id, standing, call))

    @query
    def ListAppeals(self, request: pb.ListAppealsRequest, call: Call) -> pb.ListAppealsResponse:
        page = Page.of(request, default=100, most=1_000)
        found = appeals.list_appeals(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month) if request.month else "",
            kind=after.kind(request.kind),
            open_only=request.open,
            awaiting_me=request.awaiting_me,
            after=page.after[0] if page.after else None,
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListAppealsResponse(
            appeals=[_appeal(request.ward_id, each, call) for each in found[: page.size]],
            next_page_token=page.token([found[page.size - 1].appeal.id]) if more else "",
        )

    @query
    def GetAppeal(self, request: pb.GetAppealRequest, call: Call) -> pb.GetAppealResponse:
        standing = appeals.get_appeal(
            call.session,
            ward_id=request.ward_id,
            appeal_id=requests.identifier(request.appeal_id, field="appeal_id"),
            actor=call.actor,
            at=call.at,
        )
        return pb.GetAppealResponse(appeal=_appeal(request.ward_id, standing, call))

    @command
    def ReplaceDecision(self, request: pb.ReplaceDecisionRequest, call: Call) -> pb.ReplaceDecisionResponse:
        appeals.replace_decision(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            person_id=requests.identifier(request.person_id, field="person_id"),
            grade=grade(request.grade),
            reason=request.reason,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.ReplaceDecisionResponse(
            evaluation=seen.evaluation(call, request.ward_id, request.month, request.person_id)
        )


def _submit(
    request: pb.ReserveOpinionRequest | pb.SubmitAppealRequest, call: Call, kind: AppealKind
) -> pb.Appeal:
    standing = appeals.submit(
        call.session,
        ward_id=request.ward_id,
        month=requests.month(request.month),
        person_id=request.person_id,
        kind=kind,
        text=request.text,
        document=request.document,
        actor=call.actor,
        at=call.at,
    )
    return _appeal(request.ward_id, standing, call)


def _appeal(ward_id: str, standing: appeals.Standing, call: Call) -> pb.Appeal:
    return after.appeal(
        ward_id, standing.appeal, standing.answerer, late=standing.late, language=call.language
    )
