"""``make run``: the stack in the foreground, embedded or on the servers that the environment names."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from e2e.conftest import production_environment
from support.servers import Postgres, RabbitMQ
from support.waiting import eventually

pytestmark = pytest.mark.timeout(300)


def _runs(state: Path, environment: dict[str, str], processes: int) -> None:
    command = [sys.executable, "-m", "kpi_cli.stack", "--state", str(state), "--ports", "free"]
    with subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        for line in running.stdout:
            if "Ready" in line:
                break
        written = json.loads((state / "stack.json").read_text())
        assert len(written["processes"]) == processes
        for address in written["services"].values():
            with grpc.insecure_channel(address) as channel:
                answer = health_pb2_grpc.HealthStub(channel).Check(
                    health_pb2.HealthCheckRequest(), timeout=10
                )
                assert answer.status == health_pb2.HealthCheckResponse.SERVING
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=15) == 0
    eventually(lambda: not any(_alive(each["pid"]) for each in written["processes"].values()))


def test_kpi_finds_the_stack_that_runs_without_any_setting(tmp_path: Path) -> None:
    """The second terminal of the README: neither command is told where the other keeps what it needs."""
    unset = {name: value for name, value in os.environ.items() if not name.startswith("KPI_")}
    command = [sys.executable, "-m", "kpi_cli.stack", "--ports", "free"]
    with subprocess.Popen(command, cwd=tmp_path, env=unset, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        assert any("Ready" in line for line in running.stdout)
        status = [sys.executable, "-m", "kpi_cli", "--as", "van-hanh:operator", "status", "--json"]
        found = subprocess.run(status, cwd=tmp_path, env=unset, capture_output=True, text=True, check=False)
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=15) == 0

    assert found.returncode == 0, found.stderr


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_without_servers_it_is_the_embedded_stack(tmp_path: Path) -> None:
    _runs(tmp_path, {}, 2)


def test_with_servers_it_is_fifteen_processes(tmp_path: Path, postgres: Postgres, rabbitmq: RabbitMQ) -> None:
    with rabbitmq.fresh_vhost() as vhost:
        environment = production_environment(tmp_path, postgres, vhost, 1, "run")
        for needless in ("AUTH_JWKS", "SMTP_URL", "MAIL_FROM"):
            del environment[needless]
        _runs(tmp_path, environment, 15)
