"""A service's API in a process of its own, and the callers that load it."""

import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from pathlib import Path

import grpc

from bench import children

THREADS = 16
CALLERS = 8


def serve(service: str, database: str, keys: str) -> None:
    """Serve the product's API with all it does in production: tokens, rights, metrics, a log line a call."""
    import importlib

    from chassis import auth, db, logs, rpc

    logs.configure(service, "api", "info")
    served = rpc.serve(
        importlib.import_module(f"{service}.api").register,
        service=service,
        sessions=db.sessions(database, pool_size=THREADS),
        keys=auth.Keys(keys, issuer="luong-hoa", audience="luong-hoa"),
        threads=THREADS,
    )
    children.ready()
    children.answer(served.port)
    children.until_killed()


def echo(message: str) -> None:
    """Serve grpcio alone: the same request in, the same reply out, no database and no rights."""
    from kpi.scoring.v1 import scoring_pb2 as pb

    reply = pb.GetScoreResponse.FromString(bytes.fromhex(message))
    server = grpc.server(futures.ThreadPoolExecutor(THREADS))
    handler = grpc.unary_unary_rpc_method_handler(
        lambda *_: reply,
        request_deserializer=pb.GetScoreRequest.FromString,
        response_serializer=pb.GetScoreResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("kpi.scoring.v1.ScoringService", {"GetScore": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    children.ready()
    children.answer(port)
    children.until_killed()


def call(port: str, seconds: str, tokens: str) -> None:
    """Call ``GetScore`` from several threads for a time; everybody asks for his own score."""
    from kpi.scoring.v1 import scoring_pb2 as pb
    from kpi.scoring.v1 import scoring_pb2_grpc

    people = [line.split(" ") for line in Path(tokens).read_text().splitlines()]
    counted = [0] * CALLERS
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = scoring_pb2_grpc.ScoringServiceStub(channel)

        def ask(which: int, until: float) -> None:
            mine = people[which::CALLERS]
            while time.perf_counter() < until:
                person_id, token = mine[counted[which] % len(mine)]
                request = pb.GetScoreRequest(ward_id="ward-001", month="2026-03", person_id=person_id)
                stub.GetScore(request, metadata=(("authorization", f"Bearer {token}"),), timeout=30)
                counted[which] += 1

        def load(length: float) -> float:
            counted[:] = [0] * CALLERS
            begun = time.perf_counter()
            threads = [threading.Thread(target=ask, args=(each, begun + length)) for each in range(CALLERS)]
            for each in threads:
                each.start()
            for each in threads:
                each.join()
            return sum(counted) / (time.perf_counter() - begun)

        load(1.0)
        children.ready()
        children.answer(load(float(seconds)))
    children.until_killed()


def fetch(port: str, rows: str, token: str) -> None:
    """Read a run's allocations from reward's stream, every field of every row."""
    from kpi.reward.v1 import reward_pb2 as pb
    from kpi.reward.v1 import reward_pb2_grpc

    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = reward_pb2_grpc.RewardServiceStub(channel)
        request = pb.StreamAllocationsRequest(ward_id="ward-001", run_id="run-1")
        children.ready()
        begun, total, count = time.perf_counter(), 0, 0
        for message in stub.StreamAllocations(request, metadata=(("authorization", f"Bearer {token}"),)):
            for each in message.allocations:
                total += each.amount
                count += 1
        children.answer(count / (time.perf_counter() - begun))
    assert count == int(rows)
    children.until_killed()


if __name__ == "__main__":
    roles: dict[str, Callable[..., None]] = {"serve": serve, "echo": echo, "call": call, "fetch": fetch}
    roles[sys.argv[1]](*sys.argv[2:])
