"""The record of months and years (R-24, R-31)."""

import hashlib
from collections.abc import Iterator

from approval.domain.record.document import Format
from approval.domain.year import is_year
from approval.usecases import (
    commending,
    records,
    year_records,
    years,
)
from approval.wire import commendations, requests, watch
from approval.wire import records as papers
from approval.wire.letters import grade
from chassis import db
from chassis.rpc import Call, Page, command, feed, query, stream
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc, commendations_pb2


class RecordsApi(approval_pb2_grpc.ApprovalServiceServicer):
    """Answers for documents, and for the year that they sum up."""

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
    def SetCommendations(
        self, request: commendations_pb2.SetCommendationsRequest, call: Call
    ) -> commendations_pb2.SetCommendationsResponse:
        stated = commending.set_commendations(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            given=commendations.given(request.commendations),
            actor=call.actor,
            at=call.at,
        )
        return commendations_pb2.SetCommendationsResponse(
            commendations=[commendations.commendation(each) for each in stated]
        )

    @query
    def ListCommendations(
        self, request: commendations_pb2.ListCommendationsRequest, call: Call
    ) -> commendations_pb2.ListCommendationsResponse:
        page = Page.of(request, default=100, most=1_000)
        found = commending.list_commendations(
            call.session,
            ward_id=request.ward_id,
            month=requests.month(request.month),
            after=page.after[0] if page.after else None,
            most=page.size + 1,
        )
        shown = found[: page.size]
        return commendations_pb2.ListCommendationsResponse(
            commendations=[commendations.commendation(each) for each in shown],
            next_page_token=page.token([shown[-1].person_id]) if len(found) > page.size else "",
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
