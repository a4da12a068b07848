"""Evaluations: assessing, remarking, deciding (R-17, R-18, R-27, R-28)."""

from approval.api import seen
from approval.usecases import (
    assessments,
    decision_sheets,
    decisions,
    imports,
    months,
    reading,
)
from approval.wire import after, replies, requests
from approval.wire.letters import grade
from chassis.rpc import Call, Page, command, one_at_a_time, query
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc

MOST_CELL_ERRORS = 1_000


class EvaluationsApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers for what is stated and decided about people."""

    @query
    def ListCriteria(self, request: pb.ListCriteriaRequest, call: Call) -> pb.ListCriteriaResponse:
        found = months.list_criteria(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month) if request.month else "",
            person_id=requests.identifier(request.person_id, field="person_id") if request.person_id else "",
            personnel_type=requests.personnel_type(request.personnel_type),
            actor=call.actor,
            at=call.at,
        )
        criteria = found.criteria
        page = Page.of(request, default=len(criteria), most=len(criteria))
        start = int(page.after[0]) if page.after else 0
        end = start + page.size
        return pb.ListCriteriaResponse(
            criteria=replies.criteria(criteria[start:end]),
            next_page_token=page.token([str(end)]) if end < len(criteria) else "",
            criteria_set=found.id,
            personnel_types=replies.personnel_types(found.personnel_types),
            basis=found.basis,
        )

    @query
    def ListEvaluations(self, request: pb.ListEvaluationsRequest, call: Call) -> pb.ListEvaluationsResponse:
        page = Page.of(request, default=100, most=1_000)
        month = requests.month(request.month)
        found = reading.list_evaluations(
            call.session,
            ward_id=request.ward_id,
            month=month,
            unit_id=request.unit_id,
            state=requests.state(request.state),
            awaiting_me=request.awaiting_me,
            after=page.after[0] if page.after else None,
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListEvaluationsResponse(
            evaluations=[
                replies.evaluation(request.ward_id, month, each, language=call.language, whole=False)
                for each in found[: page.size]
            ],
            next_page_token=page.token([found[page.size - 1].case.person.id]) if more else "",
        )

    @query
    def GetEvaluation(self, request: pb.GetEvaluationRequest, call: Call) -> pb.GetEvaluationResponse:
        return pb.GetEvaluationResponse(
            evaluation=seen.evaluation(call, request.ward_id, request.month, request.person_id)
        )

    @command
    def SubmitSelfAssessments(
        self, request: pb.SubmitSelfAssessmentsRequest, call: Call
    ) -> pb.SubmitSelfAssessmentsResponse:
        done = assessments.submit_self_assessments(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            given=requests.self_assessments(request.self_assessments),
            actor=call.actor,
            at=call.at,
        )
        return pb.SubmitSelfAssessmentsResponse(count=done.count, late=done.late)

    @command
    def SubmitRemarks(self, request: pb.SubmitRemarksRequest, call: Call) -> pb.SubmitRemarksResponse:
        done = assessments.submit_remarks(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            given=requests.remarks(request.remarks),
            actor=call.actor,
            at=call.at,
        )
        return pb.SubmitRemarksResponse(count=done.count, late=done.late)

    @command
    def SetDecisionValues(
        self, request: pb.SetDecisionValuesRequest, call: Call
    ) -> pb.SetDecisionValuesResponse:
        assessments.set_decision_values(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            person_id=requests.identifier(request.person_id, field="person_id"),
            values=requests.values(request.values),
            actor=call.actor,
            at=call.at,
        )
        return pb.SetDecisionValuesResponse(
            evaluation=seen.evaluation(call, request.ward_id, request.month, request.person_id)
        )

    @one_at_a_time
    @command
    def ImportAssessments(
        self, request: pb.ImportAssessmentsRequest, call: Call
    ) -> pb.ImportAssessmentsResponse:
        done = imports.import_assessments(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            file_name=request.file_name,
            content=request.content,
            self_assessments=request.self_assessments,
            remarks=request.remarks,
            dry_run=request.dry_run,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.ImportAssessmentsResponse(
            applied=done.applied,
            errors=replies.cell_errors(done.errors[:MOST_CELL_ERRORS]),
            error_count=done.error_count,
            self_assessments=done.self_assessments,
            remarks=done.remarks,
        )

    @one_at_a_time
    @command
    def ImportDecisions(self, request: pb.ImportDecisionsRequest, call: Call) -> pb.ImportDecisionsResponse:
        done = decision_sheets.import_decisions(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            file_name=request.file_name,
            content=request.content,
            sheets=request.sheets,
            dry_run=request.dry_run,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.ImportDecisionsResponse(
            applied=done.applied,
            errors=replies.cell_errors(done.errors[:MOST_CELL_ERRORS]),
            error_count=done.error_count,
            rows=done.rows,
            changed=done.changed,
        )

    @command
    def SetNotEvaluated(self, request: pb.SetNotEvaluatedRequest, call: Call) -> pb.SetNotEvaluatedResponse:
        assessments.set_not_evaluated(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            person_id=requests.identifier(request.person_id, field="person_id"),
            reason=request.reason,
            clear=request.clear,
            actor=call.actor,
            at=call.at,
        )
        return pb.SetNotEvaluatedResponse(
            evaluation=seen.evaluation(call, request.ward_id, request.month, request.person_id)
        )

    @command
    def DecideQuotaRate(self, request: pb.DecideQuotaRateRequest, call: Call) -> pb.DecideQuotaRateResponse:
        revision = decisions.decide_quota_rate(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            given=requests.rate(request),
            actor=call.actor,
            at=call.at,
        )
        return pb.DecideQuotaRateResponse(revision=revision)

    @command
    def Decide(self, request: pb.DecideRequest, call: Call) -> pb.DecideResponse:
        done = decisions.decide(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            choices=requests.choices(request.decisions),
            unit_id=request.unit_id,
            everybody=request.all,
            actor=call.actor,
            at=call.at,
        )
        return pb.DecideResponse(person_ids=done.person_ids, late=done.late)

    @command
    def RecordExternalResult(
        self, request: pb.RecordExternalResultRequest, call: Call
    ) -> pb.RecordExternalResultResponse:
        decisions.record_external_result(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            person_id=requests.identifier(request.person_id, field="person_id"),
            grade=grade(request.grade),
            document=request.document,
            total=requests.total(request.total),
            actor=call.actor,
            at=call.at,
        )
        return pb.RecordExternalResultResponse(
            evaluation=seen.evaluation(call, request.ward_id, request.month, request.person_id)
        )

    @command
    def ReturnEvaluation(
        self, request: pb.ReturnEvaluationRequest, call: Call
    ) -> pb.ReturnEvaluationResponse:
        case, returned = assessments.return_evaluation(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            person_id=requests.identifier(request.person_id, field="person_id"),
            step=requests.step(request.step),
            reason=request.reason,
            actor=call.actor,
            at=call.at,
        )
        return pb.ReturnEvaluationResponse(state=replies.state(case), returned=after.returned(returned))
