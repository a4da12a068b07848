"""The gRPC server: who may call, what it took, and what went wrong, said once for every method."""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message_factory import GetMessageClass
from google.rpc import status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from chassis import auth, days, db, logs, metrics
from chassis.errors import Refusal
from chassis.rpc import statuses
from chassis.rpc.calls import Abandoned, Busy, Call, _response_types, current
from chassis.rpc.texts import check_texts
from kpi.access.v1 import access_pb2

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 16 * 1024 * 1024
"""Bytes of one request or response."""
LARGEST_HEADERS = 64 * 1024
OPEN = ("grpc.health.v1.Health", "grpc.reflection.v1alpha.ServerReflection")
"""Answered without a token: probes, and the public contract."""

OPTIONS = [
    ("grpc.max_receive_message_length", LARGEST_MESSAGE),
    ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ("grpc.max_metadata_size", LARGEST_HEADERS),
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
]


@dataclass(slots=True)
class Served:
    """A server that runs."""

    server: grpc.Server
    port: int
    health: health.HealthServicer

    def stop(self, grace_s: float) -> None:
        """Take no new calls, finish those under way, at most ``grace_s`` seconds."""
        self.health.enter_graceful_shutdown()
        self.server.stop(grace_s).wait()


class Denied(Exception):
    """A call that no method sees."""

    def __init__(self, status: status_pb2.Status) -> None:
        super().__init__(status.message)
        self.status = status


class Doors(grpc.ServerInterceptor):
    """Checks who calls, and answers a refusal with its code and anything unexpected with INTERNAL."""

    def __init__(self, service: str, sessions: db.Sessions, keys: auth.Keys) -> None:
        self._service, self._sessions, self._keys = service, sessions, keys
        self._methods: dict[str, access_pb2.Access | None] = {}

    def learn(self, full_names: list[str]) -> None:
        """Read the access rule of every method of these services from their contracts."""
        pool = descriptor_pool.Default()
        for full_name in full_names:
            descriptor = pool.FindServiceByName(full_name)
            for method in descriptor.methods:
                self._methods[f"/{full_name}/{method.name}"] = _access(method)
                _response_types[method.input_type.full_name] = GetMessageClass(method.output_type)

    def intercept_service(self, continuation: Callable[..., Any], details: Any) -> Any:
        handler = continuation(details)
        if handler is None or details.method[1:].rpartition("/")[0] in OPEN:
            return handler
        path, metadata = details.method, dict(details.invocation_metadata or ())
        if handler.unary_unary:

            def answer(request: Any, context: grpc.ServicerContext) -> Any:
                with self._watched(path, metadata, request, context):
                    return handler.unary_unary(request, context)

            return grpc.unary_unary_rpc_method_handler(
                answer, handler.request_deserializer, handler.response_serializer
            )
        if handler.unary_stream:

            def answers(request: Any, context: grpc.ServicerContext) -> Iterator[Any]:
                with self._watched(path, metadata, request, context):
                    yield from handler.unary_stream(request, context)

            return grpc.unary_stream_rpc_method_handler(
                answers, handler.request_deserializer, handler.response_serializer
            )
        raise TypeError(f"{path} takes a stream of requests, which this frame does not serve")

    @contextlib.contextmanager
    def _watched(
        self, path: str, metadata: dict[str, Any], request: Any, context: grpc.ServicerContext
    ) -> Iterator[None]:
        method = path.rpartition("/")[2]
        began = time.perf_counter()
        correlation = logs.correlation_id.set(_correlation(metadata))
        actor: auth.Actor | None = None
        status: status_pb2.Status | None = None
        code = grpc.StatusCode.OK
        token = None
        try:
            actor = self._admitted(path, metadata, request)
            check_texts(request)
            token = current.set(
                Call(
                    actor=actor,
                    at=days.now(),
                    language="en" if str(metadata.get("accept-language", "")).startswith("en") else "vi",
                    correlation_id=logs.correlation_id.get(),
                    sessions=self._sessions,
                    context=context,
                )
            )
            yield
        except GeneratorExit:
            code = grpc.StatusCode.CANCELLED
            raise
        except Denied as denial:
            status = denial.status
        except Refusal as refusal:
            status = statuses.refused(refusal, self._service)
        except Abandoned:
            code = grpc.StatusCode.CANCELLED
        except Busy as busy:
            status = statuses.busy(self._service, retry_after_s=busy.retry_after_s)
        except Exception as error:
            if not context.is_active():
                # The caller is gone, and its deadline may have been what stopped the database.
                code = grpc.StatusCode.DEADLINE_EXCEEDED
            elif db.unavailable(error):
                metrics.database_unavailable.labels(self._service).inc()
                status = statuses.unavailable(self._service)
                log.warning("database is away", extra={"method": method, "error": str(error)[:500]})
            else:
                log.exception("unexpected failure", extra={"method": method})
                status = statuses.denied(
                    grpc.StatusCode.INTERNAL,
                    "INTERNAL",
                    self._service,
                    en=f"Something went wrong here; the log tells it under {logs.correlation_id.get()}.",
                    vi=f"Hệ thống gặp lỗi; nhật ký ghi dưới mã {logs.correlation_id.get()}.",
                )
        finally:
            if token is not None:
                current.reset(token)
            if status is not None:
                code = next(each for each in grpc.StatusCode if each.value[0] == status.code)
            took = time.perf_counter() - began
            metrics.rpc_calls.labels(self._service, method, code.name).inc()
            metrics.rpc_seconds.labels(self._service, method).observe(took)
            log.info(
                "call",
                extra={
                    "method": method,
                    "code": code.name,
                    "actor": actor.person_id if actor else "",
                    "ward_id": str(getattr(request, "ward_id", "")),
                    "ms": round(took * 1000, 2),
                    "peer": context.peer(),
                },
            )
            logs.correlation_id.reset(correlation)
        if status is not None:
            context.abort_with_status(rpc_status.to_status(status))
        elif code is not grpc.StatusCode.OK:
            context.abort(code, code.name)

    def _admitted(self, path: str, metadata: dict[str, Any], request: Any) -> auth.Actor:
        """Return who calls.

        :raises Denied: without a valid token, the role that the method asks for, or the request's ward
        """
        scheme, _, token = str(metadata.get("authorization", "")).partition(" ")
        try:
            if scheme.lower() != "bearer" or not token:
                raise auth.Unauthenticated("the call carries no token: send authorization: Bearer …")
            actor = self._keys.actor(token.strip())
        except auth.Unauthenticated as error:
            raise Denied(
                statuses.denied(
                    grpc.StatusCode.UNAUTHENTICATED,
                    "UNAUTHENTICATED",
                    self._service,
                    en=f"Not signed in: {error}.",
                    vi="Chưa đăng nhập hoặc mã đăng nhập không hợp lệ.",
                )
            ) from error
        access = self._methods.get(path)
        if access is None or not actor.has(*access.roles):
            raise self._not_permitted("ROLE_MISSING", path, "a role this method asks for", "quyền cần thiết")
        if not access.any_ward:
            ward_id = str(getattr(request, "ward_id", ""))
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", ward_id):
                raise Denied(
                    statuses.denied(
                        grpc.StatusCode.INVALID_ARGUMENT,
                        "BAD_WARD_ID",
                        self._service,
                        en="ward_id is missing or malformed: give an id such as phuc-loi.",
                        vi="Thiếu ward_id hoặc ward_id không hợp lệ: hãy ghi mã phường, ví dụ phuc-loi.",
                    )
                )
            if not actor.covers(ward_id):
                raise self._not_permitted("WARD_MISSING", path, f"the ward {ward_id}", f"phường {ward_id}")
        return actor

    def _not_permitted(self, reason: str, path: str, en: str, vi: str) -> Denied:
        return Denied(
            statuses.denied(
                grpc.StatusCode.PERMISSION_DENIED,
                reason,
                self._service,
                en=f"The token does not grant {en} ({path.rpartition('/')[2]}).",
                vi=f"Mã đăng nhập không có {vi} ({path.rpartition('/')[2]}).",
            )
        )


def serve(
    register: Callable[[grpc.Server], None],
    *,
    service: str,
    sessions: db.Sessions,
    keys: auth.Keys,
    address: str = "127.0.0.1:0",
    threads: int = 16,
    tls: tuple[Path, Path] | None = None,
) -> Served:
    """Start a server with health checking and reflection beside what ``register`` adds.

    :param address: host:port; port 0 takes a free one
    :param tls: certificate chain and private key (PEM); plain text without
    :raises OSError: if the address is taken
    """
    doors = Doors(service, sessions, keys)
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=threads, thread_name_prefix="call"),
        interceptors=[doors],
        options=OPTIONS,
    )
    names = _Names(server)
    register(names)  # type: ignore[arg-type]  # a server that remembers the names of its services
    doors.learn(names.found)
    healths = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(healths, server)
    for name in ("", *names.found):
        healths.set(name, health_pb2.HealthCheckResponse.SERVING)
    reflection.enable_server_reflection((*names.found, health.SERVICE_NAME, reflection.SERVICE_NAME), server)
    try:
        if tls:
            pair = (tls[1].read_bytes(), tls[0].read_bytes())
            port = server.add_secure_port(address, grpc.ssl_server_credentials([pair]))
        else:
            port = server.add_insecure_port(address)
    except RuntimeError as error:
        raise OSError(f"cannot listen on {address}: it is taken or not ours") from error
    server.start()
    return Served(server, port, healths)


class _Names:
    """Stands before a server while services register, and remembers their full names."""

    def __init__(self, server: grpc.Server) -> None:
        self._server = server
        self.found: list[str] = []

    def add_registered_method_handlers(self, service: str, handlers: Any) -> None:
        self.found.append(service)
        self._server.add_registered_method_handlers(service, handlers)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


def _access(method: MethodDescriptor) -> access_pb2.Access | None:
    options: Any = method.GetOptions()
    if not options.HasExtension(access_pb2.access):
        return None
    found: access_pb2.Access = options.Extensions[access_pb2.access]
    return found


def _correlation(metadata: dict[str, Any]) -> str:
    given = str(metadata.get("x-correlation-id", ""))
    if re.fullmatch(r"[A-Za-z0-9._-]{1,64}", given):
        return given
    parts = str(metadata.get("traceparent", "")).split("-")
    if len(parts) == 4 and re.fullmatch(r"[0-9a-f]{32}", parts[1]):  # noqa: PLR2004
        return parts[1]
    return logs.new_correlation_id()
