"""One service behind a real gRPC server in this process, on a real database, called as somebody."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from chassis import db, migrations, operations, rpc
from kpi.operations.v1 import operations_pb2_grpc
from support import tokens


class Caller:
    """Calls a service as one person: ``caller.SavePlan(request)``."""

    def __init__(self, stub: Any, metadata: tuple[tuple[str, str], ...]) -> None:
        self._stub, self._metadata = stub, metadata

    def __getattr__(self, method: str) -> Callable[[Any], Any]:
        call = getattr(self._stub, method)
        return lambda request: call(request, metadata=self._metadata, timeout=30)


class Running:
    """A service that runs: call it by ``as_``, look into its database by ``sessions``."""

    def __init__(self, name: str, channel: grpc.Channel, sessions: db.Sessions, address: str) -> None:
        grpc_module = importlib.import_module(f"kpi.{name}.v1.{name}_pb2_grpc")
        self.stub = getattr(grpc_module, f"{name.capitalize()}ServiceStub")(channel)
        self.operations = operations_pb2_grpc.OperationsServiceStub(channel)
        self.channel, self.sessions, self.address = channel, sessions, address

    def as_(self, person_id: str, *roles: str, wards: tuple[str, ...] = ("phuc-loi",)) -> Caller:
        """Return a caller with a token of that person; without roles a plain public servant."""
        return Caller(self.stub, tokens.bearer(person_id, *roles, wards=wards))

    def operations_as(self, person_id: str, *roles: str, wards: tuple[str, ...] = ("phuc-loi",)) -> Caller:
        """Return a caller of the operations that every service has."""
        return Caller(self.operations, tokens.bearer(person_id, *roles, wards=wards))


@contextmanager
def running(name: str, database_url: str) -> Iterator[Running]:
    """Migrate the database, serve the service on a free port, and stop it afterwards."""
    migrations.migrate(name, database_url)
    sessions = db.sessions(database_url)
    register = importlib.import_module(f"{name}.api").register

    def both(server: grpc.Server) -> None:
        register(server)
        operations.register(server, name)

    served = rpc.serve(both, service=name, sessions=sessions, keys=tokens.keys())
    address = f"127.0.0.1:{served.port}"
    with grpc.insecure_channel(address) as channel:
        yield Running(name, channel, sessions, address)
    served.stop(1)
    db.engine(sessions).dispose()


def refusal(error: Any) -> tuple[grpc.StatusCode, str, dict[str, str]]:
    """Return a refused call's code, reason and facts."""
    status: status_pb2.Status | None = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    for detail in status.details if status else ():
        if detail.Unpack(info):
            break
    return error.code(), info.reason, dict(info.metadata)
