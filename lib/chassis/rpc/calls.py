"""What a method is handed, and the transaction around it."""

import functools
import hashlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

import grpc
from google.protobuf.message import Message
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from chassis import db
from chassis.auth import Actor
from chassis.db.tables import request as requests
from chassis.errors import Invalid

Request = TypeVar("Request", bound=Message)
Response = TypeVar("Response", bound=Message)

LONGEST_REQUEST_ID = 64
TRIES = 4
"""How often a command is tried when transactions get into each other's way."""


class RequestIdReused(Invalid):
    """A request id names one command with one content (AIP-155)."""

    vi = "Mã yêu cầu {request_id} đã dùng cho một yêu cầu khác: hãy dùng mã mới."
    en = "Request id {request_id} was used for another request: send a new id."


class BadRequestId(Invalid):
    """A request id is at most 64 characters."""

    vi = "Mã yêu cầu dài quá 64 ký tự."
    en = "The request id is longer than 64 characters: send a UUID."


class Abandoned(Exception):
    """The caller hung up or its deadline passed before the commit, so nothing was done."""


class Busy(Exception):
    """The process has as much in hand as it bears, so nothing was done."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"try again in {retry_after_s} s")
        self.retry_after_s = retry_after_s


_LIMIT = text("SELECT set_config('statement_timeout', :limit, true)")
_STANDING_LIMIT = text("SELECT set_config('statement_timeout', :limit, false)")

STEPS = (1.5, 3.0, 7.0, 15.0, 45.0, 90.0, 180.0, 450.0, 900.0, 3_600.0)
"""Seconds that a lookup's statement may take: the first of these that is not before the caller's deadline.
The deadlines that callers like to set lie well between two, so who asks again finds the same limit."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, when, and the transaction to work in."""

    actor: Actor
    at: datetime
    """The instant of the call in UTC: the only clock a use case knows."""
    language: str
    """``vi`` or ``en``: in which texts for people are answered."""
    correlation_id: str
    sessions: db.Sessions
    """For a feed, which opens short transactions of its own."""
    context: grpc.ServicerContext = field(repr=False)
    _session: Session | None = None

    @property
    def session(self) -> Session:
        """The transaction of this call.

        :raises RuntimeError: in a feed, which has none
        """
        if self._session is None:
            raise RuntimeError("a feed opens its own transactions: use call.sessions")
        return self._session


current: ContextVar[Call] = ContextVar("call")
"""Set by the server before a method runs, in the thread that runs it."""


def command(
    method: Callable[[Any, Request, Call], Response],
) -> Callable[[Any, Request, grpc.ServicerContext], Response]:
    """Run a method that changes something: one transaction, committed before the reply leaves.

    A request that carries a ``request_id`` is answered once: sent again with the same content it gets the
    same answer, with another content :class:`RequestIdReused`.
    """

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Response:
        call = current.get()
        for attempt in range(1, TRIES + 1):
            try:
                with call.sessions() as session, session.begin():
                    _bound(session, context)
                    response = _once(method, api, request, replace(call, _session=session))
                    session.flush()
                    if not context.is_active():
                        raise Abandoned
                return response
            except Exception as error:
                if attempt == TRIES or not db.conflicted(error):
                    raise
        raise AssertionError("unreachable")

    return run


def query(
    method: Callable[[Any, Request, Call], Response],
) -> Callable[[Any, Request, grpc.ServicerContext], Response]:
    """Run a method that only reads, in one read-only transaction."""

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Response:
        call = current.get()
        with db.reading(call.sessions) as session:
            _bound(session, context)
            return method(api, request, replace(call, _session=session))

    return run


def lookup(
    method: Callable[[Any, Request, Call], Response],
) -> Callable[[Any, Request, grpc.ServicerContext], Response]:
    """Run a method that reads little and is called often: each of its statements sees what is committed then.

    The caller's deadline, rounded up to one of :data:`STEPS`, is the connection's limit, which is told to the
    database only where it changes.
    """

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Response:
        call = current.get()
        again = True
        while True:
            try:
                with db.looking(call.sessions) as session:
                    _stepped(session, context)
                    return method(api, request, replace(call, _session=session))
            except Exception as error:
                if not (again and db.cut(error) and context.is_active()):
                    raise
                again = False

    return run


def stream(
    method: Callable[[Any, Request, Call], Iterator[Response]],
) -> Callable[[Any, Request, grpc.ServicerContext], Iterator[Response]]:
    """Run a method that answers with a stream, in one read-only transaction: what it reads stands still."""

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Iterator[Response]:
        call = current.get()
        with db.reading(call.sessions) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            yield from method(api, request, replace(call, _session=session))

    return run


def feed(
    method: Callable[[Any, Request, Call], Iterator[Response]],
) -> Callable[[Any, Request, grpc.ServicerContext], Iterator[Response]]:
    """Run a method that answers with an endless stream; it opens short transactions itself."""

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Iterator[Response]:
        yield from method(api, request, current.get())

    return run


def _bound(session: Session, context: grpc.ServicerContext) -> None:
    """Let the database give up when the caller's deadline passes."""
    remaining = context.time_remaining()
    if remaining is None or session.get_bind().dialect.name != "postgresql":
        return
    # A deadline in the far future would overflow the setting.
    milliseconds = min(max(int(remaining * 1000), 1), 3_600_000)
    session.execute(_LIMIT, {"limit": str(milliseconds)})


def _stepped(session: Session, context: grpc.ServicerContext) -> None:
    """Let the database give up soon after the caller's deadline has passed."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    remaining = context.time_remaining()
    limit = STEPS[-1]
    if remaining is not None:
        limit = next((each for each in STEPS if each >= remaining), limit)
    if connection.info.get("limit") != limit:
        connection.execute(_STANDING_LIMIT, {"limit": str(int(limit * 1000))})
        connection.info["limit"] = limit


def _once(
    method: Callable[[Any, Request, Call], Response], api: Any, request: Request, call: Call
) -> Response:
    request_id = str(getattr(request, "request_id", ""))
    if not request_id:
        return method(api, request, call)
    if len(request_id) > LONGEST_REQUEST_ID:
        raise BadRequestId(field="request_id")
    actor, name = call.actor.person_id, method.__qualname__
    db.exclusive(call.session, f"request {actor} {name} {request_id}")
    digest = hashlib.sha256(request.SerializeToString(deterministic=True)).digest()
    key = (requests.c.actor == actor, requests.c.method == name, requests.c.request_id == request_id)
    found = call.session.execute(select(requests.c.digest, requests.c.reply).where(*key)).first()
    if found:
        if found.digest != digest:
            raise RequestIdReused(request_id=request_id, field="request_id")
        response_type = _response_types[type(request).DESCRIPTOR.full_name]
        again: Response = response_type.FromString(found.reply)
        return again
    response = method(api, request, call)
    call.session.execute(
        insert(requests).values(
            actor=actor,
            method=name,
            request_id=request_id,
            digest=digest,
            reply=response.SerializeToString(deterministic=True),
            answered_at=call.at,
        )
    )
    return response


_response_types: dict[str, Any] = {}
"""Response class by the request's full name; filled by the server when it learns its methods."""
