"""Approval's gRPC door: read the request, call the use case, write the reply."""

import grpc
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from approval.api.appeals import AppealsApi
from approval.api.evaluations import EvaluationsApi
from approval.api.months import MonthsApi
from approval.api.policies import PoliciesApi
from approval.api.records import RecordsApi
from approval.api.templates import TemplatesApi
from approval.wire import after, requests
from chassis import audit
from chassis.rpc import Call, Page, query
from kpi.approval.v1 import approval_pb2 as pb
from kpi.approval.v1 import approval_pb2_grpc


class ApprovalApi(AppealsApi, EvaluationsApi, MonthsApi, PoliciesApi, RecordsApi, TemplatesApi):
    """Everything that approval answers."""

    def __init__(self, audit_key: Ed25519PrivateKey | None = None) -> None:
        self._audit_key = audit_key

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


def register(server: grpc.Server) -> None:
    """Add approval to a server.

    :raises BadSetting: if ``AUDIT_KEY`` is set and is no key
    """
    key = audit.signing_key()
    approval_pb2_grpc.add_ApprovalServiceServicer_to_server(ApprovalApi(key), server)
