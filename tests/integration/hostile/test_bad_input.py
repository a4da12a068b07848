"""Whatever is sent to a service, it answers, or refuses with a reason in both languages: it never breaks."""

import json
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import MethodDescriptor
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from kpi.planning.v1 import planning_pb2 as planning
from support import hostile, quarter, tokens
from support.servers import Postgres
from support.service import Running, running

MONTH = json.loads((quarter.EXAMPLE / "quarter.json").read_text("utf-8"))["months"][0]
WARD = MONTH["ward_id"]
PEOPLE = ("BM-01", "BM-02", "BM-10", "BM-12", "BM-21")
KNOWN = {
    "ward_id": (WARD,),
    "month": (MONTH["month"], "2026-11"),
    "from_month": ("2026-11", "2027-01"),
    "person_id": PEOPLE,
    "counterpart_id": PEOPLE,
    "unit_id": ("LD", "VP", "KT"),
    "owner_id": ("KT", "BM-21"),
    "quota_scope": ("VP", "KT"),
    "task_id": ("T1", "T2", "T9"),
    "catalogue_code": ("BC.01", "VB.01"),
    "period": ("2026-Q4", "2026-10", "2026"),
    "policy": ("phuc-loi", "default@1"),
    "objective_id": ("BM-Q4", "NEW"),
    "key_result_id": ("KR1",),
    "criterion_id": ("I.1", "II.1"),
    "quantity": ("1", "2.5"),
    "due_on": ("2026-10-20", "2026-11-05"),
    "week": ("2026-W43",),
}
ROLES = ("staff", "clerk", "organizer", "finance", "auditor", "operator")
COUNT = 12
"""Requests of each method: by somebody with every role, and every third by a plain public servant."""

ENDLESS = {"kpi.operations.v1.OperationsService.TailEvents"}
"""Follow what happens for as long as the caller listens."""

BROKEN = {
    grpc.StatusCode.UNKNOWN,
    grpc.StatusCode.INTERNAL,
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.UNIMPLEMENTED,
}


@pytest.fixture(scope="module", params=["planning", "scoring", "approval", "reward", "notification"])
def service(request: pytest.FixtureRequest, postgres: Postgres) -> Iterator[tuple[str, Running]]:
    """Each service on PostgreSQL, which refuses more than SQLite; planning knows a ward's month."""
    with postgres.fresh_database() as url, running(request.param, url) as found:
        if request.param == "planning":
            answer = found.as_("to-chuc", "organizer", "clerk", wards=(WARD,)).ImportWorkbook(
                planning.ImportWorkbookRequest(
                    ward_id=WARD,
                    month=MONTH["month"],
                    file_name=MONTH["workbook"],
                    content=quarter.alone(MONTH["workbook"]),
                )
            )
            assert answer.applied, answer.errors
        yield request.param, found


def methods(found: Running, name: str) -> Iterator[tuple[Any, MethodDescriptor]]:
    """Return the service's methods and those that every service has, each with its stub."""
    for stub, package in ((found.stub, name), (found.operations, "operations")):
        file = import_module(f"kpi.{package}.v1.{package}_pb2").DESCRIPTOR
        for method in file.services_by_name[f"{package.capitalize()}Service"].methods:
            if method.full_name not in ENDLESS:
                yield getattr(stub, method.name), method


def test_every_call_answers_or_refuses_with_a_reason(service: tuple[str, Running]) -> None:
    name, found = service
    broken = [
        f"{method.name}: {why}\n{str(sent)[:1_000]}"
        for call, method in methods(found, name)
        for number, sent in enumerate(hostile.requests(method, KNOWN, seed=1, count=COUNT))
        if (why := _wrong(call, method, sent, number))
    ]
    assert not broken, "\n\n".join(broken)


def _wrong(call: Any, method: MethodDescriptor, sent: Any, number: int) -> str:
    """Return why an answer is none, or nothing."""
    roles = ROLES if number % 3 else ROLES[:1]
    metadata = tokens.bearer(PEOPLE[number % len(PEOPLE)], *roles, wards=("*",))
    try:
        reply = call(sent, metadata=metadata, timeout=60)
        if method.server_streaming:
            list(reply)
    except grpc.RpcError as error:
        return _unfit(error)
    return ""


def _unfit(error: Any) -> str:
    if error.code() in BROKEN:
        return f"{error.code()}: {error.details()}"
    status = rpc_status.from_call(error)
    info, told = error_details_pb2.ErrorInfo(), []
    for detail in status.details if status else ():
        words = error_details_pb2.LocalizedMessage()
        if detail.Unpack(words):
            told.append((words.locale, bool(words.message)))
        detail.Unpack(info)
    if not info.reason:
        return f"{error.code()} without a reason: {error.details()}"
    if sorted(told) != [("en", True), ("vi-VN", True)]:
        return f"{info.reason} is not told in both languages: {told}"
    return ""
