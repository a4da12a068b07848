"""From a refusal to a gRPC status (AIP-193), and nowhere else."""

from urllib.parse import quote

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from chassis import errors

CODES: dict[type[errors.Refusal], grpc.StatusCode] = {
    errors.Invalid: grpc.StatusCode.INVALID_ARGUMENT,
    errors.Forbidden: grpc.StatusCode.PERMISSION_DENIED,
    errors.NotFound: grpc.StatusCode.NOT_FOUND,
    errors.Blocked: grpc.StatusCode.FAILED_PRECONDITION,
    errors.Stale: grpc.StatusCode.ABORTED,
}

LENGTHS = (1_500, 600, 250, 100, 40)
"""Characters of one fact or sentence, tried in turn until the status fits."""

MOST_HEADER = 7_000
"""Bytes that a status may take in the trailers; clients drop a call with more than 8 KiB of them."""


def code_of(refusal: errors.Refusal) -> grpc.StatusCode:
    """Return the code of a refusal's kind."""
    return next(CODES[kind] for kind in type(refusal).__mro__ if kind in CODES)


def refused(refusal: errors.Refusal, service: str) -> status_pb2.Status:
    """Return the status of a refusal: the reason, the sentence in both languages, the field if named."""
    found = status_pb2.Status()
    for longest in LENGTHS:
        found = _refused(refusal, service, longest)
        if _header(found) <= MOST_HEADER:
            break
    return found


def _refused(refusal: errors.Refusal, service: str, longest: int) -> status_pb2.Status:
    facts = {name: _cut(value, longest) for name, value in refusal.facts.items()}
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=refusal.reason, domain=f"{service}.luong-hoa", metadata=facts),
        error_details_pb2.LocalizedMessage(locale="vi-VN", message=_cut(refusal.told("vi"), longest)),
        error_details_pb2.LocalizedMessage(locale="en", message=_cut(refusal.told("en"), longest)),
    ]
    if "field" in facts:
        violation = error_details_pb2.BadRequest.FieldViolation(
            field=facts["field"], description=_cut(refusal.told("en"), longest)
        )
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    return _status(code_of(refusal), _cut(refusal.told("en") or refusal.reason, longest), details)


def denied(code: grpc.StatusCode, reason: str, service: str, *, en: str, vi: str) -> status_pb2.Status:
    """Return the status of a call that no method saw: no token, no right."""
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain=f"{service}.luong-hoa"),
        error_details_pb2.LocalizedMessage(locale="vi-VN", message=vi),
        error_details_pb2.LocalizedMessage(locale="en", message=en),
    ]
    return _status(code, en, details)


def unavailable(service: str) -> status_pb2.Status:
    """Return the status while the database is away: nothing was done, try the same again."""
    return _later(
        service,
        "DATABASE_UNAVAILABLE",
        retry_after_s=1,
        en="The database is away: try the same again.",
        vi="Cơ sở dữ liệu tạm thời không truy cập được, hãy thử lại.",
    )


def busy(service: str, *, retry_after_s: int) -> status_pb2.Status:
    """Return the status of a call that would be one too many: nothing was done, try the same again."""
    return _later(
        service,
        "BUSY",
        retry_after_s=retry_after_s,
        en=f"Many large files are being read here: send yours again in {retry_after_s} seconds.",
        vi=f"Hệ thống đang đọc nhiều tệp lớn: hãy gửi lại sau {retry_after_s} giây.",
    )


def _later(service: str, reason: str, *, retry_after_s: int, en: str, vi: str) -> status_pb2.Status:
    details: list[Message] = [
        error_details_pb2.ErrorInfo(reason=reason, domain=f"{service}.luong-hoa"),
        error_details_pb2.RetryInfo(retry_delay=Duration(seconds=retry_after_s)),
        error_details_pb2.LocalizedMessage(locale="vi-VN", message=vi),
    ]
    return _status(grpc.StatusCode.UNAVAILABLE, en, details)


def _status(code: grpc.StatusCode, message: str, details: list[Message]) -> status_pb2.Status:
    packed = []
    for detail in details:
        each = AnyMessage()
        each.Pack(detail)
        packed.append(each)
    return status_pb2.Status(code=code.value[0], message=message, details=packed)


def _header(status: status_pb2.Status) -> int:
    """Return how many bytes a status takes: the message percent-encoded, the whole in base64."""
    return len(quote(status.message, safe=" ")) + -(-len(status.SerializeToString()) // 3) * 4


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
