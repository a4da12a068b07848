"""The log of changes behind the operations door of every service (R-32)."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis import audit
from chassis.audit import Checkpoint, Entry
from chassis.audit.words import NO_KEY, NOT_INTACT, PROBLEMS
from chassis.days import Month
from chassis.errors import Invalid
from chassis.rpc import Call, Page, query
from chassis.rpc.paging import BadPageToken
from kpi.operations.v1 import audit_pb2 as pb
from kpi.operations.v1 import operations_pb2_grpc

LONGEST_SUBJECT: Final = 200


class BadFilter(Invalid):
    """What a list of the log is narrowed by is as long as such things are."""

    vi = "{field}: dài quá {longest} ký tự."
    en = "{field} has more than {longest} characters."


class BadMonth(Invalid):
    """A list of the log is narrowed by a month."""

    vi = "{field}: {given} không phải là tháng: hãy ghi dạng 2026-03, hoặc để trống để xem mọi tháng."
    en = "{field}: {given} is no month: write it as 2026-03, or leave it out for every month."


class LogsApi(operations_pb2_grpc.OperationsServiceServicer):
    """Lists and verifies the logs of one service.

    :param key: what signs checkpoints; None for none
    """

    def __init__(self, service: str, key: Ed25519PrivateKey | None) -> None:
        self._service, self._key = service, key

    @query
    def ListAuditEntries(
        self, request: pb.ListAuditEntriesRequest, call: Call
    ) -> pb.ListAuditEntriesResponse:
        page = Page.of(request, default=100, most=1_000)
        if len(request.subject_id) > LONGEST_SUBJECT:
            raise BadFilter(field="subject_id", longest=LONGEST_SUBJECT)
        if request.month:
            _check_month(request.month)
        found = audit.listed(
            call.session,
            _log_of(request),
            subject_id=request.subject_id,
            month=request.month,
            after=_number(page),
            most=page.size + 1,
        )
        more = len(found) > page.size
        return pb.ListAuditEntriesResponse(
            entries=[_entry(self._service, each) for each in found[: page.size]],
            next_page_token=page.token([str(found[page.size - 1].number)]) if more else "",
        )

    @query
    def VerifyAudit(self, request: pb.VerifyAuditRequest, call: Call) -> pb.VerifyAuditResponse:
        checked = audit.checked(
            call.session,
            service=self._service,
            ward_id=_log_of(request),
            checkpoint=_checkpoint(request.checkpoint) if request.HasField("checkpoint") else None,
            key=self._key,
            at=call.at,
        )
        found, signed = checked.found, checked.checkpoint
        result = pb.VerifyAuditResponse(
            service=self._service,
            ward_id=_log_of(request),
            intact=found.fault is None,
            count=found.number,
        )
        if found.fault:
            result.broken_at = found.fault.number
            result.problem = PROBLEMS[found.fault.problem][call.language]
        if signed:
            result.checkpoint.CopyFrom(
                pb.AuditCheckpoint(
                    service=signed.service,
                    ward_id=signed.ward_id,
                    number=signed.number,
                    digest=signed.digest,
                    at=signed.at,
                    signature=signed.signature,
                    public_key=signed.public_key,
                )
            )
        else:
            result.no_checkpoint = (NOT_INTACT if checked.has_key else NO_KEY)[call.language]
        return result


def _check_month(given: str) -> None:
    try:
        Month.parse(given)
    except ValueError as error:
        raise BadMonth(field="month", given=given[:20]) from error


def _log_of(request: pb.ListAuditEntriesRequest | pb.VerifyAuditRequest) -> str:
    return audit.CITY if request.city else request.ward_id


def _number(page: Page) -> int:
    if not page.after:
        return 0
    try:
        [number] = page.after
        return int(number)
    except ValueError as error:
        raise BadPageToken(field="page_token") from error


def _checkpoint(given: pb.AuditCheckpoint) -> Checkpoint:
    return Checkpoint(
        given.ward_id,
        given.number,
        given.digest,
        given.at,
        given.signature,
        given.public_key,
        given.service,
    )


def _entry(service: str, each: Entry) -> pb.AuditEntry:
    return pb.AuditEntry(
        service=service,
        ward_id=each.ward_id,
        number=each.number,
        at=each.at,
        actor_id=each.actor_id,
        authority_id=each.authority_id,
        action=each.action,
        subject_kind=each.subject_kind,
        subject_id=each.subject_id,
        month=each.month,
        before=each.before,
        after=each.after,
        previous=each.previous,
        digest=each.digest,
    )
