"""Calls the services: where they are, as whom, with a deadline and, where it is safe, again."""

import importlib
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

SERVICES = ("planning", "scoring", "approval", "reward", "notification")
LARGEST_MESSAGE = 16 * 1024 * 1024
DEADLINE_S = 60.0
TRIES = 7
LONGEST_PAUSE_S = 30.0
"""Between two tries, whatever a service asks for."""
OPTIONS = [
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_metadata_size", 64 * 1024),
]


class NoAddress(Exception):
    """Nothing says where a service is; the message names the remedies."""

    def __init__(self, service: str) -> None:
        self.service = service
        self.setting = f"KPI_{service.upper()}_ADDRESS"
        super().__init__(f"no address of {service}: start the services (make run), or set {self.setting}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that was not answered with a reply, in words."""

    code: grpc.StatusCode
    reason: str
    """Machine-readable, such as ``QUOTA_EXCEEDED``; the code's name when the server gave none."""
    told: str
    """The sentence for a person."""
    facts: Mapping[str, str]


def failure(error: Any, language: str) -> Failure:
    """Return what a failed call says, in ``vi`` or ``en`` where the server speaks both."""
    code: grpc.StatusCode = error.code()
    told, reason, facts = error.details() or code.name, code.name, {}
    status: status_pb2.Status | None = rpc_status.from_call(error)
    for detail in status.details if status else ():
        info, message = error_details_pb2.ErrorInfo(), error_details_pb2.LocalizedMessage()
        if detail.Unpack(info):
            reason, facts = info.reason, dict(info.metadata)
        elif detail.Unpack(message) and message.message and message.locale.startswith(language):
            told = message.message
    return Failure(code, reason, told, facts)


@dataclass(slots=True)
class Platform:
    """The running services.

    :param addresses: host:port by service
    :param certificate: PEM of the authority that signed the servers' certificates; plain text without
    """

    addresses: Mapping[str, str]
    certificate: Path | None = None
    _channels: dict[str, grpc.Channel] = field(default_factory=dict)

    def channel(self, service: str) -> grpc.Channel:
        """Return the channel to a service, opened at the first use.

        :raises NoAddress: if nothing says where it is
        """
        if service not in self._channels:
            if service not in self.addresses:
                raise NoAddress(service)
            address = self.addresses[service]
            if self.certificate:
                credentials = grpc.ssl_channel_credentials(self.certificate.read_bytes())
                self._channels[service] = grpc.secure_channel(address, credentials, OPTIONS)
            else:
                self._channels[service] = grpc.insecure_channel(address, OPTIONS)
        return self._channels[service]

    def as_(
        self, token: str, *, language: str = "vi", deadline_s: float = DEADLINE_S, tries: int = TRIES
    ) -> "Caller":
        """Return the services as they answer to the bearer of a token.

        :param tries: how often a call is tried while its service is away
        """
        return Caller(self, token, language, deadline_s, tries)

    def close(self) -> None:
        """Close every channel."""
        for channel in self._channels.values():
            channel.close()
        self._channels.clear()


@dataclass(frozen=True, slots=True)
class Caller:
    """Every service, called as one person: ``caller.planning.GetWard(request)``."""

    platform: Platform
    token: str
    language: str
    deadline_s: float
    tries: int = TRIES

    def __getattr__(self, service: str) -> "Service":
        if service not in SERVICES:
            raise AttributeError(service)
        module = importlib.import_module(f"kpi.{service}.v1.{service}_pb2_grpc")
        stub = getattr(module, f"{service.capitalize()}ServiceStub")(self.platform.channel(service))
        return Service(stub, self)

    def operations(self, service: str) -> "Service":
        """Return the operations door of a service."""
        from kpi.operations.v1 import operations_pb2_grpc

        return Service(operations_pb2_grpc.OperationsServiceStub(self.platform.channel(service)), self)


class Service:
    """One service, called as one person."""

    def __init__(self, stub: Any, caller: Caller) -> None:
        self._stub, self._caller = stub, caller

    def __getattr__(self, method: str) -> Callable[..., Any]:
        call = getattr(self._stub, method)

        def send(request: Any, *, deadline_s: float | None = None) -> Any:
            if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:
                # One id for all tries of this one command (AIP-155).
                request.request_id = uuid.uuid4().hex
            metadata = (
                ("authorization", f"Bearer {self._caller.token}"),
                ("accept-language", self._caller.language),
            )
            timeout = deadline_s or self._caller.deadline_s
            if isinstance(call, grpc.UnaryStreamMultiCallable):
                return call(request, metadata=metadata, timeout=timeout)
            return _again(lambda: call(request, metadata=metadata, timeout=timeout), self._caller.tries)

        return send

    def pages(self, method: str, request: Any, entries: str) -> Iterator[Any]:
        """Give every entry of a list, page by page, from the start."""
        while True:
            page = getattr(self, method)(request)
            yield from getattr(page, entries)
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token


def addresses(state: Path, environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return where the services are: ``KPI_<SERVICE>_ADDRESS``, else ``stack.json`` of the running stack.

    :param state: the folder of ``stack.json``
    """
    env = os.environ if environ is None else environ
    found: dict[str, str] = {}
    written = state / "stack.json"
    if written.exists():
        found = dict(json.loads(written.read_text("utf-8"))["services"])
    for service in SERVICES:
        if address := env.get(f"KPI_{service.upper()}_ADDRESS"):
            found[service] = address
    return found


def _retry_after(error: Any) -> float:
    """Return after how many seconds a service wants to be asked again, 0 if it does not say."""
    status: status_pb2.Status | None = rpc_status.from_call(error)
    info = error_details_pb2.RetryInfo()
    if status and any(detail.Unpack(info) for detail in status.details):
        return float(info.retry_delay.seconds)
    return 0.0


def _again(call: Callable[[], Any], tries: int) -> Any:
    """Call, and call again while the service is away, not sooner than it says."""
    pause = 0.2
    for attempt in range(1, tries + 1):
        try:
            return call()
        except grpc.RpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE or attempt == tries:
                raise
            told = min(_retry_after(error), LONGEST_PAUSE_S)
        time.sleep(max(pause, told))
        pause *= 2
    raise AssertionError("unreachable")
