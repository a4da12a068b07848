"""Evidence behind the door (R-8, R-29)."""

from collections.abc import Iterator
from typing import Final

from chassis.rpc import Call, Page, command, query, stream
from kpi.planning.v1 import evidence_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc
from planning import usecases
from planning.api.keys import key, number
from planning.domain.ids import given, month
from planning.wire import requests
from planning.wire.evidence import evidence

CHUNK: Final = 256 * 1024
"""Bytes of a piece of a file."""


class EvidenceApi(planning_pb2_grpc.PlanningServiceServicer):
    """Answers for the evidence of tasks."""

    @command
    def AttachEvidence(self, request: pb.AttachEvidenceRequest, call: Call) -> pb.AttachEvidenceResponse:
        attached = usecases.attach_evidence(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=given(request.task_id, "task_id"),
            title=" ".join(requests.text(request.title, "title").split()),
            link=requests.text(request.link, "link"),
            file_name=requests.text(request.file_name, "file_name"),
            content=request.content,
            actor=call.actor,
            at=call.at,
        )
        return pb.AttachEvidenceResponse(evidence=evidence(attached))

    @query
    def ListEvidence(self, request: pb.ListEvidenceRequest, call: Call) -> pb.ListEvidenceResponse:
        page = Page.of(request, default=100, most=1000)
        last = key(page, 2)
        found = usecases.list_evidence(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            task_id=given(request.task_id, "task_id") if request.task_id else "",
            actor=call.actor,
            at=call.at,
            after=(last[0], number(last[1])) if last else None,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        more = len(found) > page.size
        return pb.ListEvidenceResponse(
            evidence=[evidence(each) for each in shown],
            next_page_token=page.token([shown[-1].task_id, str(shown[-1].number)]) if more else "",
        )

    @stream
    def GetEvidence(self, request: pb.GetEvidenceRequest, call: Call) -> Iterator[pb.GetEvidenceResponse]:
        found, content = usecases.get_evidence(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            evidence_id=request.evidence_id,
            actor=call.actor,
            at=call.at,
        )
        for start in range(0, len(content), CHUNK):
            yield pb.GetEvidenceResponse(chunk=content[start : start + CHUNK])
        yield pb.GetEvidenceResponse(evidence=evidence(found))

    @command
    def WithdrawEvidence(
        self, request: pb.WithdrawEvidenceRequest, call: Call
    ) -> pb.WithdrawEvidenceResponse:
        withdrawn = usecases.withdraw_evidence(
            call.session,
            ward_id=given(request.ward_id, "ward_id"),
            person_id=given(request.person_id, "person_id"),
            month=month(request.month),
            evidence_id=request.evidence_id,
            reason=requests.text(request.reason, "reason"),
            actor=call.actor,
            at=call.at,
        )
        return pb.WithdrawEvidenceResponse(evidence=evidence(withdrawn))
