"""Approval's gRPC door: read the request, call the use case, write the reply."""

import hashlib
from collections.abc import Iterator

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from approval.domain.appeal import AppealKind
from approval.domain.record.document import Format
from approval.domain.year import is_year
from approval.usecases import (
    appeals,
    assessments,
    decisions,
    imports,
    months,
    publication,
    reading,
    records,
    watching,
    year_records,
    years,
)
from approval.wire import after, replies, requests, watch
from approval.wire import records as papers
from approval.wire.letters import grade
from chassis import audit, db
from chassis.rpc import Call, Page, command, feed, one_at_a_time, query, stream
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc

MOST_CELL_ERRORS = 1_000
MOST_FINDINGS = 100


class ApprovalApi(approval_pb2_grpc.ApprovalServiceServicer):
    def __init__(self, audit_key: Ed25519PrivateKey | None = None) -> None:
        self._audit_key = audit_key

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

    @feed
    def MakeRecords(self, request: pb.MakeRecordsRequest, call: Call) -> Iterator[pb.MakeRecordsResponse]:
        month, ward_id = requests.period(request.month), request.ward_id
        of = {"person_id": request.person_id, "unit_id": request.unit_id}
        with db.reading(call.sessions) as session:
            if is_year(month):
                wanted = year_records.year_jobs(session, ward_id=ward_id, year=month, **of)
            else:
                wanted = records.jobs(session, ward_id=ward_id, month=month, **of)
        total = len(Format) * sum(len(each.subject_ids) for each in wanted)
        for job in wanted:
            with call.sessions() as session, session.begin():
                if is_year(month):
                    done = year_records.issue_years(
                        session, ward_id=ward_id, year=month, job=job, actor=call.actor, at=call.at
                    )
                else:
                    done = records.issue(
                        session, ward_id=ward_id, month=month, job=job, actor=call.actor, at=call.at
                    )
            yield pb.MakeRecordsResponse(
                records=[papers.record(each) for each in done.records], made=done.made, total=total
            )

    @query
    def ListRecords(self, request: pb.ListRecordsRequest, call: Call) -> pb.ListRecordsResponse:
        page = Page.of(request, default=100, most=1_000)
        found = records.list_records(
            call.session,
            ward_id=request.ward_id,
            month=requests.period(request.month),
            kind=papers.kind(request.kind),
            unit_id=request.unit_id,
            person_id=request.person_id,
            after=page.after[0] if page.after else None,
            most=page.size + 1,
            actor=call.actor,
            at=call.at,
        )
        more = len(found) > page.size
        return pb.ListRecordsResponse(
            records=[papers.record(each) for each in found[: page.size]],
            next_page_token=page.token([found[page.size - 1].id]) if more else "",
        )

    @stream
    def GetRecord(self, request: pb.GetRecordRequest, call: Call) -> Iterator[pb.GetRecordResponse]:
        found, content = records.get_record(
            call.session,
            ward_id=request.ward_id,
            month=requests.period(request.month),
            record_id=request.record_id,
            actor=call.actor,
            at=call.at,
        )
        for start in range(0, len(content), papers.CHUNK):
            yield pb.GetRecordResponse(chunk=content[start : start + papers.CHUNK])
        yield pb.GetRecordResponse(record=papers.record(found))

    @stream
    def GetRecordArchive(
        self, request: pb.GetRecordArchiveRequest, call: Call
    ) -> Iterator[pb.GetRecordArchiveResponse]:
        found = records.get_archive(
            call.session, ward_id=request.ward_id, month=requests.period(request.month)
        )
        digest, size = hashlib.sha256(), 0
        for piece in found.pieces:
            digest.update(piece)
            size += len(piece)
            for start in range(0, len(piece), papers.CHUNK):
                yield pb.GetRecordArchiveResponse(chunk=piece[start : start + papers.CHUNK])
        yield pb.GetRecordArchiveResponse(
            summary=pb.RecordArchiveSummary(
                file_name=found.file_name, count=found.count, sha256=digest.hexdigest(), size=size
            )
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
    def ListCriteria(self, request: pb.ListCriteriaRequest, call: Call) -> pb.ListCriteriaResponse:
        criteria = months.list_criteria()
        page = Page.of(request, default=len(criteria), most=len(criteria))
        start = int(page.after[0]) if page.after else 0
        end = start + page.size
        return pb.ListCriteriaResponse(
            criteria=replies.criteria(criteria[start:end]),
            next_page_token=page.token([str(end)]) if end < len(criteria) else "",
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
            evaluation=_evaluation(call, request.ward_id, request.month, request.person_id)
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
            evaluation=_evaluation(call, request.ward_id, request.month, request.person_id)
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
            evaluation=_evaluation(call, request.ward_id, request.month, request.person_id)
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
            evaluation=_evaluation(call, request.ward_id, request.month, request.person_id)
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
            evaluation=_evaluation(call, request.ward_id, request.month, request.person_id)
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

    @query
    def ListAuditEntries(
        self, request: pb.ListAuditEntriesRequest, call: Call
    ) -> pb.ListAuditEntriesResponse:
        page = Page.of(request, default=100, most=1_000)
        found = audit.listed(
            call.session,
            request.ward_id,
            subject_id=request.subject_id,
            month=requests.period(request.month) if request.month else "",
            after=int(page.after[0]) if page.after else 0,
            most=page.size + 1,
        )
        more = len(found) > page.size
        return pb.ListAuditEntriesResponse(
            entries=after.entries(found[: page.size]),
            next_page_token=page.token([str(found[page.size - 1].number)]) if more else "",
        )

    @query
    def VerifyAudit(self, request: pb.VerifyAuditRequest, call: Call) -> pb.VerifyAuditResponse:
        checked = audit.checked(
            call.session,
            service="",
            ward_id=request.ward_id,
            checkpoint=after.checkpoint(request),
            key=self._audit_key,
            at=call.at,
        )
        return after.verified(
            checked.found, checked.checkpoint, has_key=checked.has_key, language=call.language
        )

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
    def RecordYearResult(
        self, request: pb.RecordYearResultRequest, call: Call
    ) -> pb.RecordYearResultResponse:
        recorded = years.record_year_result(
            call.session,
            ward_id=request.ward_id,
            year=requests.year(request.year),
            person_id=requests.identifier(request.person_id, field="person_id"),
            self_grade=grade(request.self_grade),
            grade=grade(request.grade),
            proposal=request.proposal,
            document=request.document,
            actor=call.actor,
            at=call.at,
        )
        return pb.RecordYearResultResponse(result=watch.year_result(recorded))

    @query
    def GetYear(self, request: pb.GetYearRequest, call: Call) -> pb.GetYearResponse:
        found = years.get_year(
            call.session,
            ward_id=request.ward_id,
            year=requests.year(request.year),
            person_id=requests.identifier(request.person_id, field="person_id"),
            actor=call.actor,
            at=call.at,
        )
        return watch.year(found)


def register(server: grpc.Server) -> None:
    """Add approval to a server.

    :raises BadSetting: if ``AUDIT_KEY`` is set and is no key
    """
    key = audit.signing_key()
    approval_pb2_grpc.add_ApprovalServiceServicer_to_server(ApprovalApi(key), server)


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


def _evaluation(call: Call, ward_id: str, month: str, person_id: str) -> pb.Evaluation:
    """Return one evaluation as the caller may see it, with values and texts."""
    stated = requests.month(month)
    seen = reading.get_evaluation(
        call.session,
        ward_id=ward_id,
        month=stated,
        person_id=requests.identifier(person_id, field="person_id"),
        actor=call.actor,
        at=call.at,
    )
    result = replies.evaluation(ward_id, stated, seen, language=call.language, whole=True)
    if seen.view.score:
        returns = reading.list_returns(call.session, ward_id=ward_id, month=stated, person_id=person_id)
        result.returns.extend(after.returned(each) for each in returns)
    return result
