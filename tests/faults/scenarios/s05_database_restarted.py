"""PostgreSQL is restarted fast and immediately, and one of its backends is killed.

No message becomes a dead letter, consuming pauses, gRPC says UNAVAILABLE with the time to retry after, and
everything works again within 30 seconds.
"""

import os
import signal
import threading

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage
from kpi.approval.v1 import approval_pb2 as approval

RECOVERY_S = 30.0
AWAY_S = 3.0


def run(stage: Stage) -> Verdict:
    """Restart the database, in every way."""

    def disturb(load: Load) -> None:
        ways = ["immediate", "backend"] if stage.short else ["fast", "immediate", "backend"] * 3
        for way in ways:
            stage.under_load(load, commands=20)
            stage.rig.mark(f"PostgreSQL: {way}")
            if way == "backend":
                _kill_backend(stage)
                continue
            stage.rig.postgres.stop(way)
            _refusals(stage, load)
            stage.rig.postgres.start()
            stage.rig.mark("PostgreSQL is back")
        stage.under_load(load, commands=5, within=RECOVERY_S)

    return stage.judge("s05", disturb, within=RECOVERY_S)


def _kill_backend(stage: Stage) -> None:
    """Kill one backend; PostgreSQL then restarts all of them."""
    [(pid,)] = stage.rig.rows(
        "scoring",
        "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        " ORDER BY state = 'active' DESC, pid LIMIT 1",
    )
    os.kill(pid, signal.SIGKILL)


def _refusals(stage: Stage, load: Load) -> None:
    """While the database is away, a call is refused at once, with the time to retry after."""
    answers: list[str] = []

    def ask() -> None:
        try:
            load.caller(("chief", "organizer")).approval.GetMonth(
                approval.GetMonthRequest(ward_id="phuc-loi", month="2026-03")
            )
        except grpc.RpcError as error:
            status = rpc_status.from_call(error)  # type: ignore[arg-type]
            retry = error_details_pb2.RetryInfo()
            told = status is not None and any(each.Unpack(retry) for each in status.details)
            answers.append(f"{error.code().name} {retry.retry_delay.seconds if told else 'bare'}")

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    stage.rest(AWAY_S)
    if sorted(set(answers)) != ["UNAVAILABLE 1"] or len(answers) != len(threads):
        raise AssertionError(f"while the database was away calls were answered {answers}")
