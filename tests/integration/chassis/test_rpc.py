"""The gRPC door: tokens, rights, refusals, idempotence, deadlines, health and reflection."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_status import rpc_status
from sqlalchemy import text

from chassis import db, rpc
from chassis.errors import Blocked
from chassis.rpc import Call, Page, command, lookup, query
from chassis.rpc.calls import Busy
from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1 import planning_pb2_grpc as pb_grpc
from support import tokens
from support.servers import Postgres
from support.service import refusal
from support.waiting import eventually


class NotNow(Blocked):
    vi = "Chưa được: {why}."
    en = "Not now: {why}."


class Api(pb_grpc.PlanningServiceServicer):
    """Answers as planning does, with what a test wants to see of the frame."""

    def __init__(self) -> None:
        self.ran = 0

    @query
    def GetWard(self, request: pb.GetWardRequest, call: Call) -> pb.GetWardResponse:
        name = f"{call.actor.person_id} {call.language} {call.correlation_id}"
        return pb.GetWardResponse(ward=pb.Ward(ward_id=request.ward_id, name=name))

    @command
    def SavePlan(self, request: pb.SavePlanRequest, call: Call) -> pb.SavePlanResponse:
        self.ran += 1
        call.session.execute(text("INSERT INTO done VALUES (:id)"), {"id": request.person_id})
        if request.person_id == "refused":
            raise NotNow(why="vì thử", field="person_id")
        if request.person_id == "broken":
            raise ZeroDivisionError
        if request.person_id == "busy":
            raise Busy(7)
        return pb.SavePlanResponse(plan=pb.Plan(person_id=request.person_id, revision=self.ran))

    @command
    def ReturnPlan(self, request: pb.ReturnPlanRequest, call: Call) -> pb.ReturnPlanResponse:
        call.session.execute(text("SELECT pg_sleep(30)"))
        return pb.ReturnPlanResponse()

    @lookup
    def GetPlan(self, request: pb.GetPlanRequest, call: Call) -> pb.GetPlanResponse:
        self.ran += 1
        asked = {"asleep": "SELECT pg_sleep(30)", "writes": "INSERT INTO done VALUES ('x')"}
        if statement := asked.get(request.person_id):
            call.session.execute(text(statement))
        found = call.session.scalars(text("SELECT id FROM done ORDER BY id")).all()
        return pb.GetPlanResponse(plan=pb.Plan(person_id=" ".join(found)))

    @query
    def ListUnits(self, request: pb.ListUnitsRequest, call: Call) -> pb.ListUnitsResponse:
        page = Page.of(request, default=2, most=3)
        ids = [f"u{number}" for number in range(7)]
        after = page.after[0] if page.after else ""
        found = [each for each in ids if each > after][: page.size + 1]
        token = page.token([found[page.size - 1]]) if len(found) > page.size else ""
        return pb.ListUnitsResponse(
            units=[pb.Unit(unit_id=each) for each in found[: page.size]], next_page_token=token
        )


class Door:
    def __init__(self, api: Api, stub: Any, channel: grpc.Channel, sessions: db.Sessions) -> None:
        self.api, self.stub, self.channel, self.sessions = api, stub, channel, sessions

    def done(self) -> list[str]:
        with self.sessions() as session:
            return list(session.scalars(text("SELECT id FROM done ORDER BY id")))


@pytest.fixture(params=["postgresql", "sqlite"])
def door(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Door]:
    url = (
        request.getfixturevalue("database_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path / 'door.db'}"
    )
    sessions = db.sessions(url)
    metadata = db.metadata()
    metadata.create_all(db.engine(sessions))
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE done (id TEXT)"))
    api = Api()
    served = rpc.serve(
        lambda server: pb_grpc.add_PlanningServiceServicer_to_server(api, server),
        service="planning",
        sessions=sessions,
        keys=tokens.keys(),
    )
    with grpc.insecure_channel(f"127.0.0.1:{served.port}") as channel:
        yield Door(api, pb_grpc.PlanningServiceStub(channel), channel, sessions)
    served.stop(1)
    db.engine(sessions).dispose()


WARD = pb.GetWardRequest(ward_id="phuc-loi")


def call_status(door: Door, metadata: Any, request: Any = WARD) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.RpcError) as no:
        door.stub.GetWard(request, metadata=metadata, timeout=10)
    code, reason, _ = refusal(no.value)
    return code, reason


def test_a_call_without_a_valid_token_is_refused(door: Door) -> None:
    good = tokens.token("p1")
    expired = tokens.token("p1", lifetime=timedelta(hours=-1))
    forged = good[:-8] + ("A" * 8 if not good.endswith("A" * 8) else "B" * 8)
    for header in (None, "", "Basic x", "Bearer", "Bearer x.y.z", f"Bearer {expired}", f"Bearer {forged}"):
        metadata = [("authorization", header)] if header is not None else []
        assert call_status(door, metadata) == (grpc.StatusCode.UNAUTHENTICATED, "UNAUTHENTICATED")


def test_a_token_without_the_role_or_the_ward_is_refused(door: Door) -> None:
    assert call_status(door, tokens.bearer("p1", "operator")) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "ROLE_MISSING",
    )
    assert call_status(door, tokens.bearer("p1", "staff", wards=("ba-dinh",))) == (
        grpc.StatusCode.PERMISSION_DENIED,
        "WARD_MISSING",
    )
    assert call_status(door, tokens.bearer("p1"), pb.GetWardRequest()) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "BAD_WARD_ID",
    )


def test_a_call_knows_its_caller_language_and_correlation(door: Door) -> None:
    metadata = (*tokens.bearer("p1"), ("accept-language", "en-GB"), ("x-correlation-id", "abc-1"))

    assert door.stub.GetWard(WARD, metadata=metadata).ward.name == "p1 en abc-1"


def test_a_refusal_says_why_in_both_languages_and_leaves_nothing(door: Door) -> None:
    request = pb.SavePlanRequest(ward_id="phuc-loi", person_id="refused")

    with pytest.raises(grpc.RpcError) as no:
        door.stub.SavePlan(request, metadata=tokens.bearer("p1"))

    assert refusal(no.value) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "NOT_NOW",
        {"why": "vì thử", "field": "person_id"},
    )
    told = {}
    for detail in rpc_status.from_call(no.value).details:
        message = error_details_pb2.LocalizedMessage()
        if detail.Unpack(message):
            told[message.locale] = message.message
    assert told == {"vi-VN": "Chưa được: vì thử.", "en": "Not now: vì thử."}
    assert door.done() == []


def test_a_bug_is_internal_and_hides_its_cause(door: Door) -> None:
    request = pb.SavePlanRequest(ward_id="phuc-loi", person_id="broken")

    with pytest.raises(grpc.RpcError) as no:
        door.stub.SavePlan(request, metadata=tokens.bearer("p1"))

    assert no.value.code() is grpc.StatusCode.INTERNAL
    assert "ZeroDivision" not in no.value.details()
    assert door.done() == []


def test_who_comes_too_many_is_told_when_to_come_again(door: Door) -> None:
    with pytest.raises(grpc.RpcError) as later:
        door.stub.SavePlan(
            pb.SavePlanRequest(ward_id="phuc-loi", person_id="busy"), metadata=tokens.bearer("p1")
        )

    retry = error_details_pb2.RetryInfo()
    assert refusal(later.value)[:2] == (grpc.StatusCode.UNAVAILABLE, "BUSY")
    assert any(each.Unpack(retry) for each in rpc_status.from_call(later.value).details)
    assert retry.retry_delay.seconds == 7
    assert door.done() == []


def test_one_request_id_has_one_effect_and_one_answer(door: Door) -> None:
    """AIP-155, fifty callers at once among them."""
    request = pb.SavePlanRequest(ward_id="phuc-loi", person_id="p2", request_id="r-1")
    answers: list[bytes] = []

    def send() -> None:
        answers.append(door.stub.SavePlan(request, metadata=tokens.bearer("p1")).SerializeToString())

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 50
    assert len(set(answers)) == 1
    assert door.done() == ["p2"]
    request.month = "2026-03"
    with pytest.raises(grpc.RpcError) as no:
        door.stub.SavePlan(request, metadata=tokens.bearer("p1"))
    assert refusal(no.value)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED")


def test_a_deadline_stops_the_database_too(door: Door) -> None:
    if "sqlite" in str(db.engine(door.sessions).url):
        return  # it has no sleeping statement that could be stopped
    with pytest.raises(grpc.RpcError) as no:
        door.stub.ReturnPlan(
            pb.ReturnPlanRequest(ward_id="phuc-loi"), metadata=tokens.bearer("p1"), timeout=0.3
        )

    assert no.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    # Another connection sees the sleeping statement go.
    eventually(lambda: _asleep(door) == 0, within=5)


def _asleep(door: Door) -> int:
    with door.sessions() as session:
        return session.scalar(
            text(
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'"
                " AND state = 'active' AND pid <> pg_backend_pid()"
            )
        )


def _plan(door: Door, person_id: str, timeout: float = 10) -> str:
    request = pb.GetPlanRequest(ward_id="phuc-loi", month="2026-03", person_id=person_id)
    return door.stub.GetPlan(request, metadata=tokens.bearer("p1"), timeout=timeout).plan.person_id


def test_a_lookup_sees_what_is_committed_and_cannot_write(door: Door) -> None:
    door.stub.SavePlan(pb.SavePlanRequest(ward_id="phuc-loi", person_id="p1"), metadata=tokens.bearer("p1"))

    assert _plan(door, "p1") == "p1"
    with pytest.raises(grpc.RpcError):
        _plan(door, "writes")
    assert door.done() == ["p1"]


def test_a_lookup_whose_connection_was_cut_is_asked_again(door: Door) -> None:
    if db.engine(door.sessions).dialect.name != "postgresql":
        pytest.skip("no server that could cut a connection")
    assert _plan(door, "p1") == ""
    with door.sessions() as session:
        cut = session.scalars(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).all()
    assert cut == [True]

    assert _plan(door, "p1") == ""


def test_a_lookups_deadline_stops_the_database_soon_after(door: Door) -> None:
    if db.engine(door.sessions).dialect.name != "postgresql":
        pytest.skip("SQLite does not sleep")
    # The connection's limit follows its callers down and up again.
    assert _plan(door, "p1", timeout=3600 * 24 * 365) == ""
    with pytest.raises(grpc.RpcError) as late:
        _plan(door, "asleep", timeout=0.5)
    assert late.value.code() is grpc.StatusCode.DEADLINE_EXCEEDED
    eventually(lambda: _asleep(door) == 0, within=5)
    assert _plan(door, "p1") == ""


def test_a_lookup_while_the_database_is_away_says_when_to_retry(door: Door, postgres: Postgres) -> None:
    if db.engine(door.sessions).dialect.name != "postgresql":
        pytest.skip("no server that could go away")
    assert _plan(door, "p1") == ""
    postgres.stop("immediate")
    try:
        with pytest.raises(grpc.RpcError) as away:
            _plan(door, "p1")
    finally:
        postgres.start()

    assert away.value.code() is grpc.StatusCode.UNAVAILABLE
    details = rpc_status.from_call(away.value).details
    assert any(each.Is(error_details_pb2.RetryInfo.DESCRIPTOR) for each in details)
    assert _plan(door, "p1") == ""


def test_lookups_at_once_keep_their_own_deadlines(door: Door) -> None:
    door.stub.SavePlan(pb.SavePlanRequest(ward_id="phuc-loi", person_id="p1"), metadata=tokens.bearer("p1"))
    deadlines = [8, 25, 60, 500] * 16

    with ThreadPoolExecutor(8) as callers:
        answers = list(callers.map(lambda seconds: _plan(door, "p1", seconds), deadlines))

    assert answers == ["p1"] * len(deadlines)


def test_pages_go_through_a_list_once(door: Door) -> None:
    request, seen = pb.ListUnitsRequest(ward_id="phuc-loi"), []
    while True:
        page = door.stub.ListUnits(request, metadata=tokens.bearer("p1"))
        seen += [each.unit_id for each in page.units]
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token

    assert seen == [f"u{number}" for number in range(7)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"page_size": -1}, "BAD_PAGE_SIZE"),
        ({"page_token": "xx"}, "BAD_PAGE_TOKEN"),
        ({"ward_id": "ba-dinh"}, "BAD_PAGE_TOKEN"),
    ],
)
def test_a_page_of_another_question_is_refused(door: Door, change: dict[str, Any], reason: str) -> None:
    metadata = tokens.bearer("p1", "staff", wards=("*",))
    first = door.stub.ListUnits(pb.ListUnitsRequest(ward_id="phuc-loi"), metadata=metadata)
    asked = {"ward_id": "phuc-loi", "page_token": first.next_page_token} | change

    with pytest.raises(grpc.RpcError) as no:
        door.stub.ListUnits(pb.ListUnitsRequest(**asked), metadata=metadata)

    assert refusal(no.value)[:2] == (grpc.StatusCode.INVALID_ARGUMENT, reason)


def test_health_and_reflection_need_no_token(door: Door) -> None:
    health = health_pb2_grpc.HealthStub(door.channel)
    for name in ("", "kpi.planning.v1.PlanningService"):
        answer = health.Check(health_pb2.HealthCheckRequest(service=name))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING

    reflection = reflection_pb2_grpc.ServerReflectionStub(door.channel)
    [answer] = reflection.ServerReflectionInfo(
        iter([reflection_pb2.ServerReflectionRequest(list_services="")])
    )
    assert "kpi.planning.v1.PlanningService" in [each.name for each in answer.list_services_response.service]
