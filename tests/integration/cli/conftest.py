"""A real gRPC server that answers as a test says, and the command run against it."""

from collections.abc import Callable, Iterator, Mapping
from concurrent import futures
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from click.testing import CliRunner, Result
from google.protobuf import descriptor_pool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from kpi.approval.v1 import approval_pb2
from kpi.notification.v1 import notification_pb2
from kpi.operations.v1 import operations_pb2
from kpi.planning.v1 import planning_pb2
from kpi.reward.v1 import reward_pb2
from kpi.scoring.v1 import scoring_pb2
from kpi_cli.client import SERVICES
from kpi_cli.program import cli
from support import tokens

CONTRACTS = (approval_pb2, notification_pb2, operations_pb2, planning_pb2, reward_pb2, scoring_pb2)
"""Imported so that the server below knows every method."""

Answer = Callable[[Any, grpc.ServicerContext], Any]


@dataclass
class Services(grpc.GenericRpcHandler):
    """All services in one server: a method answers as ``answers`` says; ``calls`` holds what came."""

    answers: dict[str, Answer | Message] = field(default_factory=dict)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    metadata: list[Mapping[str, Any]] = field(default_factory=list)
    address: str = ""

    def service(self, handler_call_details: Any) -> Any:
        service, _, method = handler_call_details.method[1:].rpartition("/")
        descriptor = descriptor_pool.Default().FindServiceByName(service).methods_by_name[method]
        answer = self.answers.get(method)
        if answer is None:
            return None
        self.metadata.append(dict(handler_call_details.invocation_metadata))

        def run(request: Any, context: grpc.ServicerContext) -> Any:
            self.calls.append((method, request))
            return answer if isinstance(answer, Message) else answer(request, context)

        reading = GetMessageClass(descriptor.input_type).FromString
        writing: Any = lambda message: message.SerializeToString()  # noqa: E731
        if descriptor.server_streaming:
            return grpc.unary_stream_rpc_method_handler(run, reading, writing)
        return grpc.unary_unary_rpc_method_handler(run, reading, writing)

    def requests(self, method: str) -> list[Any]:
        return [request for name, request in self.calls if name == method]


@pytest.fixture
def services() -> Iterator[Services]:
    found = Services()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8), handlers=[found])
    found.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield found
    server.stop(None).wait()


@dataclass
class Kpi:
    """The command with its environment: ``kpi("plan", "list")``."""

    environment: dict[str, str | None]

    def __call__(self, *arguments: str, input: str | None = None, **environment: str) -> Result:  # noqa: A002
        return CliRunner().invoke(cli, arguments, input=input, env=self.environment | environment)


@pytest.fixture
def kpi(services: Services, tmp_path: Path) -> Kpi:
    cleared = (
        "KPI_TOKEN_FILE",
        "KPI_TLS_CA",
        "KPI_MONTH",
        "KPI_WARD",
        "LC_ALL",
        "LC_MESSAGES",
        "LANG",
        "COLUMNS",
    )
    return Kpi(
        dict.fromkeys(cleared)
        | {f"KPI_{name.upper()}_ADDRESS": services.address for name in SERVICES}
        | {"KPI_TOKEN": tokens.token("p-1"), "KPI_LANG": "en", "KPI_STATE": str(tmp_path)}
    )
