"""What operators ask of a service: how it is, what is parked, send that again, show what it announces.

Served beside every service's own API, on the same port, with the service's own database and nothing else: the
relay and the workers, which run elsewhere, see there what was asked.
"""

import importlib.metadata
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import grpc
from alembic.migration import MigrationContext
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import func, select

from chassis import audit, days, db, outbox, parked
from chassis.audit import Change
from chassis.db import Sessions
from chassis.db.tables import outbox as table
from chassis.errors import Invalid
from chassis.instants import timestamp
from chassis.operations import bodies
from chassis.operations.logs import LogsApi
from chassis.parked import Parked
from chassis.rpc import Call, Page, command, feed, query
from kpi.operations.v1 import operations_pb2 as pb
from kpi.operations.v1 import operations_pb2_grpc

log = logging.getLogger(__name__)

TAIL_EVERY = 0.25
"""Seconds between two looks at what was announced."""

LATE = timedelta(seconds=60)
"""How much later than its neighbours a transaction may commit and still be shown by a tail."""

TAIL_PAGE = 500

LONGEST_QUEUE = 200


class MalformedParkedId(Invalid):
    """A parked event's id is a UUID."""

    vi = "Mã sự kiện đang treo không hợp lệ: {given}."
    en = "{given} is no id of a parked event: take it from ListParkedEvents."


class NothingChosen(Invalid):
    """Neither ids nor all of them were asked for, or both were."""

    vi = "Hãy nêu parked_ids, hoặc all cho mọi sự kiện đã bị loại, không cả hai."
    en = "Give parked_ids, or all for every dead event, and not both."


class NoReason(Invalid):
    """Giving events up needs a reason."""

    vi = "Bỏ sự kiện phải nêu lý do."
    en = "Dropping events needs a reason: say why nothing will act on them."


class NoSince(Invalid):
    """Sending again needs to know from when."""

    vi = "Hãy nêu thời điểm bắt đầu (since)."
    en = "Say from when (since): events are kept for 30 days."


class NoQueueName(Invalid):
    """A queue's name is at most 200 characters."""

    vi = "Tên hàng đợi dài quá 200 ký tự."
    en = "The queue's name is longer than 200 characters: no queue is called so."


def register(server: grpc.Server, service: str) -> None:
    """Serve the operations of ``service`` on a server.

    :raises BadSetting: if ``AUDIT_KEY`` is set and is no key
    """
    api = OperationsApi(service, audit.signing_key())
    operations_pb2_grpc.add_OperationsServiceServicer_to_server(api, server)


class OperationsApi(LogsApi):
    """The gRPC side: read the request, ask the tables, write the reply."""

    def __init__(self, service: str, key: Ed25519PrivateKey | None = None) -> None:
        super().__init__(service, key)
        self._version = importlib.metadata.version("luong-hoa")
        self._started_at = days.now()

    @query
    def GetStatus(self, request: pb.GetStatusRequest, call: Call) -> pb.GetStatusResponse:
        length, oldest = outbox.waiting(call.session)
        waiting, dead = parked.counts(call.session)
        schema = MigrationContext.configure(call.session.connection()).get_current_revision()
        return pb.GetStatusResponse(
            service=self._service,
            version=self._version,
            schema_revision=schema or "",
            outbox_length=length,
            outbox_oldest_ms=oldest // timedelta(milliseconds=1),
            parked=waiting,
            dead=dead,
            started_at=timestamp(self._started_at),
        )

    @query
    def ListParkedEvents(
        self, request: pb.ListParkedEventsRequest, call: Call
    ) -> pb.ListParkedEventsResponse:
        page = Page.of(request, default=50, most=500)
        found = parked.list_(
            call.session,
            dead=_DEAD.get(request.state),
            after=UUID(page.after[0]) if page.after else None,
            limit=page.size + 1,
        )
        shown = found[: page.size]
        return pb.ListParkedEventsResponse(
            parked_events=[_parked(each) for each in shown],
            next_page_token=page.token([str(shown[-1].id)]) if len(found) > page.size else "",
        )

    @query
    def GetParkedEvent(self, request: pb.GetParkedEventRequest, call: Call) -> pb.GetParkedEventResponse:
        found = parked.get(call.session, _id(request.parked_id, "parked_id"))
        shown = _parked(found)
        shown.body = bodies.told(found.body, call.actor)
        return pb.GetParkedEventResponse(parked_event=shown)

    @command
    def ReplayParkedEvents(
        self, request: pb.ReplayParkedEventsRequest, call: Call
    ) -> pb.ReplayParkedEventsResponse:
        if request.all == bool(request.parked_ids):
            raise NothingChosen(field="parked_ids")
        ids = None if request.all else [_id(each, "parked_ids") for each in request.parked_ids]
        count = parked.replay(call.session, ids)
        log.info("parked events are tried again", extra={"actor": call.actor.person_id, "count": count})
        which = sorted(request.parked_ids) if request.parked_ids else "all"
        _record(call, "replay_parked", "parked_events", {"parked_ids": which, "count": count})
        return pb.ReplayParkedEventsResponse(count=count)

    @command
    def DropParkedEvents(
        self, request: pb.DropParkedEventsRequest, call: Call
    ) -> pb.DropParkedEventsResponse:
        if not request.reason.strip():
            raise NoReason(field="reason")
        if not request.parked_ids:
            raise NothingChosen(field="parked_ids")
        dropped = parked.drop(
            call.session,
            [_id(each, "parked_ids") for each in request.parked_ids],
            why=f"{call.actor.person_id}: {request.reason.strip()}",
        )
        for each in dropped:
            about = {"event_id": str(each.event_id), "type": each.type, "handler": each.handler}
            why = {"actor": call.actor.person_id, "why": request.reason}
            log.warning("a parked event was given up", extra=about | why)
            _record(call, "drop_parked", "parked_event", about | {"reason": request.reason.strip()})
        return pb.DropParkedEventsResponse(count=len(dropped))

    @command
    def ReplayOutbox(self, request: pb.ReplayOutboxRequest, call: Call) -> pb.ReplayOutboxResponse:
        if len(request.queue) > LONGEST_QUEUE:
            raise NoQueueName(field="queue")
        since = _since(request)
        if since is None:
            raise NoSince(field="since")
        count = outbox.replay(call.session, type_=request.type, since=since, queue=request.queue)
        about = {"actor": call.actor.person_id, "type": request.type, "queue": request.queue, "count": count}
        log.info("kept events are published again", extra=about)
        what = {"type": request.type, "queue": request.queue, "since": since, "count": count}
        _record(call, "replay_outbox", "outbox", what)
        return pb.ReplayOutboxResponse(count=count)

    @feed
    def TailEvents(self, request: pb.TailEventsRequest, call: Call) -> Iterator[pb.TailEventsResponse]:
        active = call.context.is_active
        for each in tail(call.sessions, type_=request.type, since=_since(request), active=active):
            yield pb.TailEventsResponse(
                event_id=str(each.event_id),
                type=each.type,
                subject=each.subject,
                body=bodies.told(each.body, call.actor),
                recorded_at=timestamp(each.recorded_at),
                correlation_id=each.correlation_id,
            )


_DEAD = {pb.PARKED_STATE_WAITING: False, pb.PARKED_STATE_DEAD: True}


def _record(call: Call, action: str, kind: str, what: dict[str, Any]) -> None:
    """Log what an operator did, in the log of no ward: an event may be of any."""
    subject = str(what.get("event_id", ""))
    change = Change(action, kind, subject, None, what, audit.office("operator"))
    audit.record(call.session, audit.CITY, "", [change], actor_id=call.actor.person_id, at=call.at)


def _parked(found: Parked) -> pb.ParkedEvent:
    return pb.ParkedEvent(
        parked_id=str(found.id),
        event_id=str(found.event_id),
        type=found.type,
        handler=found.handler,
        state=pb.PARKED_STATE_DEAD if found.dead_at else pb.PARKED_STATE_WAITING,
        attempts=found.attempts,
        reason=found.reason,
        detail=found.detail,
        parked_at=timestamp(found.parked_at),
        next_attempt_at=timestamp(found.next_attempt_at),
    )


def _since(request: pb.ReplayOutboxRequest | pb.TailEventsRequest) -> datetime | None:
    if not request.HasField("since"):
        return None
    try:
        return request.since.ToDatetime(UTC)
    except (ValueError, OverflowError) as error:
        raise NoSince(field="since") from error


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise MalformedParkedId(given=text, field=field) from error


@dataclass(frozen=True, slots=True)
class Announced:
    """An event as the outbox keeps it."""

    position: int
    event_id: UUID
    type: str
    subject: str
    body: bytes
    recorded_at: datetime
    correlation_id: str


def tail(
    sessions: Sessions, *, type_: str = "", since: datetime | None = None, active: Callable[[], bool]
) -> Iterator[Announced]:
    """Give what a service announces as it commits, until ``active`` says no.

    Positions are not commit order, so the latest minute is looked at again and again, and what was given is
    remembered for as long.

    :param since: from when; None for from now
    """
    given: set[int] = set()
    with db.reading(sessions) as session:
        floor = _floor(session, since or db.clock(session) - LATE)
        if since is None:
            later = select(table.c.position).where(table.c.position > floor)
            given.update(session.execute(later).scalars())
    while active():
        cursor = floor
        while page := _page(sessions, cursor, type_):
            cursor = page[-1].position
            for each in page:
                if each.position not in given and (since is None or each.recorded_at >= since):
                    given.add(each.position)
                    yield each
            if not active():
                return
        with db.reading(sessions) as session:
            floor = max(floor, _floor(session, db.clock(session) - LATE))
        given = {each for each in given if each > floor}
        time.sleep(TAIL_EVERY)


def _floor(session: Any, before: datetime) -> int:
    """Return the last position of what was recorded before that time."""
    found = session.execute(select(func.max(table.c.position)).where(table.c.recorded_at < before)).scalar()
    return found or 0


def _page(sessions: Sessions, after: int, type_: str) -> list[Announced]:
    columns = (table.c.position, table.c.event_id, table.c.type, table.c.subject, table.c.body,
               table.c.recorded_at, table.c.correlation_id)  # fmt: skip
    found = select(*columns).where(table.c.position > after).order_by(table.c.position).limit(TAIL_PAGE)
    if type_:
        found = found.where(table.c.type == type_)
    with db.reading(sessions) as session:
        return [Announced(*row) for row in session.execute(found)]
