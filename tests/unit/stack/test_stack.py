"""The supervisor, with made-up processes: what it starts, watches and ends."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from kpi_cli.stack import Stack, StackFailed, addresses, supervisor
from support.waiting import eventually

pytestmark = pytest.mark.enable_socket

BOTH = ("alpha-api: python -m alpha api", "beta-api: python -m beta api")
Make = Callable[..., Stack]


def _gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # A process that nobody waits for any more is as good as gone.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_stack_migrates_every_service_and_starts_every_process(stack: Make, tmp_path: Path) -> None:
    running = stack(*BOTH)
    running.start()

    assert sorted((tmp_path / "migrated").read_text().split()) == ["alpha", "beta"]
    for name, process in running.processes.items():
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://{process.metrics}/ready", timeout=5
        ) as reply:
            assert reply.status == 200, name
    assert len({running.pid(name) for name in running.processes}) == 2


def test_a_process_learns_its_address(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()
    assert running.log("beta-api") == f"beta api starts {running.grpc['beta']}\n"
    assert running.grpc["alpha"] != running.grpc["beta"]


def test_the_state_file_says_where_everything_is(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()

    found = json.loads((running.state / "stack.json").read_text())
    assert found["supervisor"] == os.getpid()
    assert found["services"] == running.grpc == addresses(running.state)
    assert {name: each["pid"] for name, each in found["processes"].items()} == {
        name: running.pid(name) for name in running.processes
    }
    running.stop()
    with pytest.raises(StackFailed, match=r"no stack runs in .*make run"):
        addresses(running.state)


def test_stopping_asks_every_process_and_waits_for_it(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()
    pids = [running.pid(name) for name in running.processes]
    running.stop()
    assert all(_gone(pid) for pid in pids)
    assert running.log("alpha-api").splitlines()[-1] == "alpha api stops"


def test_what_does_not_stop_is_killed_in_time(stack: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STOP_WITHIN_S", 1.0)
    running = stack(*BOTH, "alpha-relay: python -m alpha relay deaf", "beta-relay: python -m beta relay deaf")
    running.start()
    pids = [running.pid(name) for name in running.processes]
    began = time.monotonic()
    running.stop()
    assert time.monotonic() - began < 3
    assert all(_gone(pid) for pid in pids)
    assert running.log("alpha-relay").splitlines()[-1] == "alpha relay is asked to stop"


def test_a_process_that_dies_while_starting_ends_the_start_with_its_last_words(stack: Make) -> None:
    running = stack(*BOTH, "beta-worker: python -m beta worker dies")
    with pytest.raises(StackFailed, match="beta-worker died: exit status 1") as failure:
        running.start()
    assert failure.value.tail.splitlines()[-1] == "this is why I die"
    assert not (running.state / "stack.json").exists()
    with pytest.raises(StackFailed, match="alpha-api does not run"):
        running.pid("alpha-api")


def test_a_process_that_dies_later_is_told(stack: Make, tmp_path: Path) -> None:
    running = stack(*BOTH, "beta-worker: python -m beta worker dies-later")
    running.start()
    running.check()
    (tmp_path / "die").touch()

    def told() -> bool:
        try:
            running.check()
        except StackFailed as failure:
            return failure.message == "beta-worker died: exit status 7"
        return False

    assert eventually(told)


def test_a_process_that_is_never_ready_is_told_with_what_it_waits_for(
    stack: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "READY_WITHIN_S", 1.0)
    with pytest.raises(StackFailed, match=r"beta-worker was not ready .*broker.*is away"):
        stack(*BOTH, "beta-worker: python -m beta worker never-ready").start()


def test_a_service_that_cannot_be_migrated_starts_nothing(stack: Make, tmp_path: Path) -> None:
    (tmp_path / "beta-cannot-migrate").touch()
    running = stack(*BOTH)
    with pytest.raises(StackFailed, match="beta could not be migrated: exit status 3"):
        running.start()
    assert not running.processes["alpha-api"].log.exists()


def test_a_killed_process_starts_again_on_the_same_ports(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()
    before, metrics = running.pid("beta-api"), running.processes["beta-api"].metrics

    running.kill_process("beta-api")
    assert _gone(before)
    running.check()  # killed on request: not a death
    assert "beta-api" not in json.loads((running.state / "stack.json").read_text())["processes"]

    running.start_process("beta-api")
    assert running.pid("beta-api") != before
    assert running.processes["beta-api"].metrics == metrics
    assert running.log("beta-api").count("starts") == 2


def test_a_restart_stops_in_order_and_leaves_the_others_alone(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()
    other, before = running.pid("alpha-api"), running.pid("beta-api")
    running.restart_process("beta-api")
    assert running.pid("alpha-api") == other
    assert running.pid("beta-api") != before
    assert running.log("beta-api").splitlines()[1:3] == ["beta api is asked to stop", "beta api stops"]


def test_a_second_start_of_a_running_process_is_refused(stack: Make) -> None:
    running = stack(*BOTH)
    running.start()
    with pytest.raises(StackFailed, match="beta-api runs already"):
        running.start_process("beta-api")


def test_two_stacks_do_not_share_a_folder(stack: Make) -> None:
    first, second = stack(*BOTH), stack(*BOTH)
    first.start()
    with pytest.raises(StackFailed, match="another stack runs in"):
        second.start()
    second.stop()
    first.check()
    assert addresses(first.state) == first.grpc


def test_a_port_that_somebody_uses_is_not_mistaken_for_ready(stack: Make) -> None:
    first = stack(*BOTH)
    first.start()
    first.processes["beta-api"].metrics = first.processes["alpha-api"].metrics
    first.kill_process("beta-api")
    with pytest.raises(StackFailed, match=r"beta-api cannot use .*: something listens there already"):
        first.start_process("beta-api")


@pytest.mark.parametrize(
    ("line", "why"),
    [("alpha-api python -m alpha api", "is not"), ("alpha-api:", "is not"), (BOTH[0], "twice")],
)
def test_a_bad_procfile_names_the_line(stack: Make, line: str, why: str) -> None:
    with pytest.raises(StackFailed, match=rf"Procfile:3: .*{why}"):
        stack("# a comment", BOTH[0], line).start()


FOREGROUND = """
import sys
from pathlib import Path
from kpi_cli.stack import __main__ as command, supervisor
class Small(supervisor.Stack):
    def __init__(self, state, environment, procfile, ports):
        super().__init__(state, environment, procfile, ports, ("alpha", "beta"))
command.Stack = Small
sys.exit(command.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_runs_until_a_signal(stack: Make, tmp_path: Path, number: signal.Signals) -> None:
    command = _foreground(stack, tmp_path)
    try:
        pids = _pids(tmp_path)
        command.send_signal(number)
        assert command.wait(timeout=15) == 0
    finally:
        command.kill()
    assert all(_gone(pid) for pid in pids)


def test_the_command_ends_when_a_process_dies(stack: Make, tmp_path: Path) -> None:
    command = _foreground(stack, tmp_path)
    pids = _pids(tmp_path)
    os.kill(pids[0], signal.SIGKILL)
    _, errors = command.communicate(timeout=15)
    assert command.returncode == 1
    assert errors.startswith("error: alpha-api died: killed by SIGKILL\n  alpha api starts")
    assert all(_gone(pid) for pid in pids)


def test_nothing_outlives_a_killed_supervisor(stack: Make, tmp_path: Path) -> None:
    command = _foreground(stack, tmp_path)
    pids = _pids(tmp_path)
    command.kill()
    command.wait(timeout=5)
    assert eventually(lambda: all(_gone(pid) for pid in pids))
    with pytest.raises(StackFailed, match="has ended: start it again"):
        addresses(tmp_path / "state")


def _foreground(stack: Make, tmp_path: Path) -> subprocess.Popen[str]:
    stack(*BOTH)  # writes the files
    state, procfile = str(tmp_path / "state"), str(tmp_path / "Procfile")
    options = ["--state", state, "--procfile", procfile, "--ports", "free"]
    command = subprocess.Popen(
        [sys.executable, "-c", FOREGROUND, *options],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "FAKE_STATE": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert command.stdout is not None
    for line in command.stdout:
        if "Ready" in line:
            return command
    raise AssertionError(command.communicate()[1])


def _pids(tmp_path: Path) -> list[int]:
    found = json.loads((tmp_path / "state" / "stack.json").read_text())["processes"]
    return [each["pid"] for each in found.values()]
