"""The operators' door: what is parked, sent again, and announced, over real gRPC on either database."""

import json
import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import grpc
import pytest
from sqlalchemy import update

from chassis import days, db, operations, outbox, parked, rpc
from chassis.db import Sessions
from chassis.db.tables import outbox as outbox_table
from chassis.db.tables import parked as parked_table
from chassis.instants import timestamp
from integration.chassis.happenings import QUEUE, TYPE, Happened
from integration.chassis.test_tables import letter
from kpi.operations.v1 import operations_pb2 as pb
from kpi.operations.v1 import operations_pb2_grpc
from support import tokens
from support.service import Caller, refusal


class Door:
    def __init__(self, stub: Any, sessions: Sessions) -> None:
        self.stub, self.sessions = stub, sessions
        self.operator = Caller(stub, tokens.bearer("op", "operator"))

    def park(self, **changes: Any) -> parked.Parked:
        with self.sessions.begin() as session:
            parked.park(session, [letter(outbox.new_id(), **changes)])
            return parked.list_(session, limit=1000)[-1]

    def announce(self, *things: str) -> list[str]:
        with self.sessions.begin() as session:
            return outbox.add_all(session, [(Happened(thing_id=each), each) for each in things])


@pytest.fixture
def door(sessions: Sessions) -> Iterator[Door]:
    served = rpc.serve(
        lambda server: operations.register(server, "testing"),
        service="testing",
        sessions=sessions,
        keys=tokens.keys(),
    )
    with grpc.insecure_channel(f"127.0.0.1:{served.port}") as channel:
        yield Door(operations_pb2_grpc.OperationsServiceStub(channel), sessions)
    served.stop(1)


def since(hours: float) -> Any:
    return timestamp(days.now() - timedelta(hours=hours))


def test_the_status_of_a_service(door: Door) -> None:
    door.announce("a", "b")
    door.park(wait=60.0)
    door.park(wait=None)

    status = door.operator.GetStatus(pb.GetStatusRequest())

    assert (status.service, status.outbox_length, status.parked, status.dead) == ("testing", 2, 1, 1)
    assert status.version
    assert 0 <= status.outbox_oldest_ms < 30_000
    assert status.started_at.ToDatetime(days.VIET_NAM) <= days.now()


def test_only_an_operator_may(door: Door) -> None:
    for role in ("staff", "finance"):
        with pytest.raises(grpc.RpcError) as no:
            Caller(door.stub, tokens.bearer("x", role)).ListParkedEvents(pb.ListParkedEventsRequest())
        assert refusal(no.value)[0] == grpc.StatusCode.PERMISSION_DENIED


def test_parked_events_are_listed_by_state_and_page(door: Door) -> None:
    for number in range(5):
        door.park(wait=None if number == 2 else 60.0)

    first = door.operator.ListParkedEvents(pb.ListParkedEventsRequest(page_size=3))
    request = pb.ListParkedEventsRequest(page_size=3, page_token=first.next_page_token)
    second = door.operator.ListParkedEvents(request)
    dead = door.operator.ListParkedEvents(pb.ListParkedEventsRequest(state=pb.PARKED_STATE_DEAD))

    assert [len(first.parked_events), len(second.parked_events)] == [3, 2]
    assert second.next_page_token == ""
    shown = {each.parked_id for each in (*first.parked_events, *second.parked_events)}
    assert len(shown) == 5
    (one,) = dead.parked_events
    assert (one.handler, one.type, one.reason, one.body) == (QUEUE, TYPE, "NO", "")
    assert one.state == pb.PARKED_STATE_DEAD
    assert not one.HasField("next_attempt_at")


def test_one_parked_event_is_shown_with_its_body(door: Door) -> None:
    about = {"ward_id": "phuc-loi", "person_id": "an"}
    said = json.dumps(about | {"total": "91.50", "lines": [{"task_id": "T1", "tên": 1}]}, ensure_ascii=False)
    found = door.park(body=said.encode(), wait=60.0)
    request = pb.GetParkedEventRequest(parked_id=str(found.id))

    shown = door.operator.GetParkedEvent(request).parked_event
    roles = ("operator", "auditor")
    whole = door.stub.GetParkedEvent(request, metadata=tokens.bearer("op", *roles)).parked_event
    other = door.stub.GetParkedEvent(
        request, metadata=tokens.bearer("op", *roles, wards=("long-bien",))
    ).parked_event

    # what an event says of people is for the ward's auditor only.
    masked = {"total": "…", "lines": [{"task_id": "T1", "tên": "…"}]}
    assert json.loads(shown.body) == about | masked
    assert whole.body == said
    assert other.body == shown.body
    assert shown.event_id == str(found.event_id)
    assert shown.HasField("next_attempt_at")


def test_an_unknown_and_a_malformed_id(door: Door) -> None:
    for given, expected in ((str(uuid.uuid4()), "UNKNOWN_PARKED_EVENT"), ("5", "MALFORMED_PARKED_ID")):
        with pytest.raises(grpc.RpcError) as no:
            door.operator.GetParkedEvent(pb.GetParkedEventRequest(parked_id=given))
        assert refusal(no.value)[1] == expected


def test_dead_events_are_put_up_again(door: Door) -> None:
    dead, waiting = door.park(wait=None), door.park(wait=3600.0)

    assert door.operator.ReplayParkedEvents(pb.ReplayParkedEventsRequest(all=True)).count == 1
    chosen = pb.ReplayParkedEventsRequest(parked_ids=[str(waiting.id), str(uuid.uuid4())])
    assert door.operator.ReplayParkedEvents(chosen).count == 1

    with door.sessions() as session:
        for each in (dead, waiting):
            now = parked.get(session, each.id)
            assert (now.attempts, now.dead_at, now.replays) == (0, None, 1)
        assert parked.due(session, [QUEUE])


@pytest.mark.parametrize(
    "request_", [pb.ReplayParkedEventsRequest(), pb.ReplayParkedEventsRequest(all=True, parked_ids=["x"])]
)
def test_a_replay_says_what_it_replays(door: Door, request_: pb.ReplayParkedEventsRequest) -> None:
    with pytest.raises(grpc.RpcError) as no:
        door.operator.ReplayParkedEvents(request_)
    assert refusal(no.value)[1] == "NOTHING_CHOSEN"


def test_dropping_needs_a_reason_and_keeps_it(door: Door) -> None:
    found = door.park(wait=None)
    ids = [str(found.id)]
    for request in (pb.DropParkedEventsRequest(parked_ids=ids), pb.DropParkedEventsRequest(reason="x")):
        with pytest.raises(grpc.RpcError):
            door.operator.DropParkedEvents(request)

    request = pb.DropParkedEventsRequest(parked_ids=ids, reason="gửi nhầm")
    assert door.operator.DropParkedEvents(request).count == 1
    assert door.operator.DropParkedEvents(request).count == 0

    with door.sessions() as session:
        assert parked.counts(session) == (0, 0)
        kept = session.execute(parked_table.select()).one()
    assert kept.reason == parked.DROPPED
    assert "op: gửi nhầm" in kept.detail


def test_kept_events_are_sent_again(door: Door) -> None:
    door.announce("a", "b")
    with door.sessions.begin() as session:
        session.execute(update(outbox_table).values(sent_at=db.clock(session)))

    with pytest.raises(grpc.RpcError) as no:
        door.operator.ReplayOutbox(pb.ReplayOutboxRequest(type=TYPE))
    assert refusal(no.value)[1] == "NO_SINCE"
    request = pb.ReplayOutboxRequest(type=TYPE, since=since(1), queue="newcomer")
    assert door.operator.ReplayOutbox(request).count == 2
    assert door.operator.GetStatus(pb.GetStatusRequest()).outbox_length == 2


def tail(door: Door, request: pb.TailEventsRequest) -> Any:
    return door.stub.TailEvents(request, metadata=tokens.bearer("op", "operator"), timeout=60)


def test_a_tail_shows_what_is_announced_from_now_on(door: Door) -> None:
    door.announce("before")
    stream = tail(door, pb.TailEventsRequest())
    seen: list[str] = []

    def announce() -> None:
        number = 0
        while not seen:
            number += 1
            door.announce(f"after-{number}")
            threading.Event().wait(0.1)

    writer = threading.Thread(target=announce)
    writer.start()
    found = next(stream)
    seen.append(found.event_id)
    writer.join()
    stream.cancel()

    assert found.subject.startswith("after-")
    assert (found.type, found.correlation_id != "") == (TYPE, True)
    assert "thing_id" in found.body


def test_a_tail_from_a_time_shows_each_event_once_even_a_late_commit(door: Door) -> None:
    late = None
    if db.engine(door.sessions).dialect.name == "postgresql":
        late = door.sessions()
        outbox.add(late, Happened(thing_id="late"), subject="late")
    door.announce(*map(str, range(5)))
    stream = tail(door, pb.TailEventsRequest(since=since(1), type=TYPE))

    found = [next(stream).subject for _ in range(5)]
    if late:
        late.commit()
        late.close()
        assert next(stream).subject == "late"
    door.announce("last")
    assert next(stream).subject == "last"
    stream.cancel()

    assert found == list(map(str, range(5)))
