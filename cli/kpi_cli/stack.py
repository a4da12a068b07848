"""Runs the platform's processes on one machine, and ends them.

::

    python -m kpi_cli.stack [--state FOLDER] [--procfile FILE] [--ports usual|free]

Without a Procfile it is the embedded stack: two processes, SQLite, a broker in memory. With one
(``deploy/Procfile``) the broker and the databases come from the environment. Each service is migrated first;
then every process starts in a process group of its own with a log of its own, and the stack is up when each
answers 200 to ``/ready``. ``FOLDER/stack.json`` then says where everything is::

    {"supervisor": 41, "services": {"planning": "127.0.0.1:50051", …},
     "processes": {"planning-api": {"pid": 42, "started": "1234", "metrics": "127.0.0.1:9101", "log": "…"}, …}}

A process that ends unasked ends the stack, with the last lines of its log. SIGTERM and SIGINT end it within ten
seconds; should the supervisor itself be killed, the kernel tells its processes to stop.
"""

import argparse
import fcntl
import http.client
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Any, Literal, Self

from chassis.auth import create_key
from chassis.settings import SERVICES

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
EMBEDDED = DEPLOY / "Procfile.embedded"
HOST = "127.0.0.1"
STOP_WITHIN_S = 10.0
"""From the first request to stop until nothing runs any more."""
READY_WITHIN_S = 90.0
MIGRATED_WITHIN_S = 180.0
TAIL_LINES = 20
EMBEDDED_METRICS = {"embedded-api": 9101, "embedded-workers": 9111}
ROLE_METRICS = {"api": 9101, "worker": 9111, "relay": 9121}


class StackFailed(Exception):
    """The stack, or one process of it, could not start or did not last; the message says which and why.

    ``tail`` holds the last lines of the process's log, or nothing.
    """

    def __init__(self, message: str, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail


@dataclass(slots=True)
class _Process:
    """One line of the Procfile, and what runs of it now."""

    name: str
    command: tuple[str, ...]
    metrics: str
    log: Path
    running: subprocess.Popen[bytes] | None = None
    wanted: bool = False
    """True from start to stop: when it ends meanwhile, it died."""


def read_procfile(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the commands of a Procfile by name; its lines are ``name: command``, ``#`` begins a comment.

    :raises StackFailed: if a line is neither, naming file and line
    """
    commands: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, command = line.partition(":")
        words = tuple(shlex.split(command))
        if not colon or not words or not name.strip() or name.strip() in commands:
            raise StackFailed(f"{path}:{number}: a line is `name: command`, each name once, not {line!r}")
        commands[name.strip()] = words
    return commands


def embedded_environment(state: Path) -> dict[str, str]:
    """Return what the embedded stack needs: SQLite files, a broker in memory, a development key, all in ``state``.

    Makes the key if there is none yet.
    """
    state = state.resolve()
    create_key(state)
    databases = {f"DATABASE_URL_{each.upper()}": f"sqlite:///{state / each}.db" for each in SERVICES}
    return {
        **databases,
        "AMQP_URL": "memory://",
        "AUTH_JWKS": str(state / "jwks.json"),
        "KPI_STATE": str(state),
    }


def addresses(state: Path) -> dict[str, str]:
    """Return where the services of the stack that keeps its files in ``state`` listen, as ``host:port`` by name.

    :raises StackFailed: if no stack runs there
    """
    try:
        found = json.loads((state / "stack.json").read_text("utf-8"))
    except FileNotFoundError:
        raise StackFailed(f"no stack runs in {state}: start one with `make run`") from None
    if not _alive(found["supervisor"], found["started"]):
        raise StackFailed(f"the stack in {state} has ended: start it again with `make run`")
    return dict(found["services"])


@dataclass(slots=True)
class Stack:
    """The processes of a Procfile, kept running.

    :param state: folder of the databases, logs and ``stack.json``; made if missing, used by one stack at a time
    :param environment: what the processes get beside this process's own environment
    :param procfile: default: the embedded stack
    :param ports: ``usual``: those that docs/deploy.md lists; ``free``: any that are free
    :param services: those to migrate and to give an address
    """

    state: Path
    environment: Mapping[str, str]
    procfile: Path = EMBEDDED
    ports: Literal["usual", "free"] = "usual"
    services: Sequence[str] = SERVICES
    migrate: bool = True
    processes: dict[str, _Process] = field(default_factory=dict, init=False)
    grpc: dict[str, str] = field(default_factory=dict, init=False)
    """Where each service's API listens."""
    _lock: IO[str] | None = field(default=None, init=False)
    # The kernel ties a child to the *thread* that started it; this one lives as long as the stack.
    _starter: ThreadPoolExecutor | None = field(default=None, init=False)

    # -- The whole ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Migrate every service, start every process, and return when all are ready.

        :raises StackFailed: if something of it cannot be; nothing runs then
        """
        self.state = self.state.resolve()
        (self.state / "logs").mkdir(parents=True, exist_ok=True)
        self._claim()
        try:
            self._end_orphans()
            self._assign_ports()
            if self.migrate:
                self._migrate()
            for name in self.processes:
                self._spawn(self.processes[name], fresh_log=True)
            self._record()
            self._await_ready(self.processes.values())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every process within ten seconds: asked first, killed at the end."""
        self._end(self.processes.values())
        (self.state / "stack.json").unlink(missing_ok=True)
        if self._starter:
            self._starter.shutdown()
            self._starter = None
        if self._lock:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def check(self) -> None:
        """Do nothing while all processes that should run do.

        :raises StackFailed: if one has ended unasked; it names the process and how it ended
        """
        for process in self.processes.values():
            if process.wanted and process.running is not None and process.running.poll() is not None:
                raise StackFailed(
                    f"{process.name} died: {_how(process.running.returncode)}", _tail(process.log)
                )

    # -- One process --------------------------------------------------------------------------------------

    def start_process(self, name: str, *, wait: bool = True) -> None:
        """Start a process that was stopped or killed; return when it is ready, or at once if not ``wait``."""
        process = self.processes[name]
        if process.running is not None and process.running.poll() is None:
            raise StackFailed(f"{name} runs already")
        self._spawn(process, fresh_log=False)
        self._record()
        if wait:
            self._await_ready([process])

    def stop_process(self, name: str) -> None:
        """Ask a process to stop, and return when it has; it is killed after ten seconds."""
        self._end([self.processes[name]])
        self._record()

    def kill_process(self, name: str) -> None:
        """End a process at once, as a power cut would."""
        process = self.processes[name]
        process.wanted = False
        if process.running is not None:
            _signal(process.running, signal.SIGKILL)
            process.running.wait()
        self._record()

    def restart_process(self, name: str) -> None:
        """Stop a process and start it again on the same ports."""
        self.stop_process(name)
        self.start_process(name)

    def pid(self, name: str) -> int:
        """Return the process id of a process that runs.

        :raises StackFailed: if it does not
        """
        process = self.processes[name]
        if process.running is None or process.running.poll() is not None:
            raise StackFailed(f"{name} does not run")
        return process.running.pid

    def log(self, name: str) -> str:
        """Return all that a process wrote."""
        return self.processes[name].log.read_text("utf-8", errors="replace")

    # -- Inside -------------------------------------------------------------------------------------------

    def _claim(self) -> None:
        self._lock = (self.state / "stack.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            self._lock = None
            raise StackFailed(
                f"another stack runs in {self.state}: stop it, or choose another folder"
            ) from None
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stack")

    def _end_orphans(self) -> None:
        """End what a supervisor that was killed has left: it writes into the databases of this folder."""
        try:
            left = json.loads((self.state / "stack.json").read_text("utf-8"))["processes"].values()
        except (FileNotFoundError, ValueError, KeyError):
            return
        deadline = time.monotonic() + STOP_WITHIN_S
        for each in left:
            number = signal.SIGTERM
            while _alive(each["pid"], each["started"]):
                with suppress(ProcessLookupError):
                    os.killpg(each["pid"], number)
                number = signal.SIGKILL if time.monotonic() > deadline else signal.SIGTERM
                time.sleep(0.05)

    def _assign_ports(self) -> None:
        for index, service in enumerate(self.services):
            usual = f"{HOST}:{50051 + index}"
            self.grpc[service] = self._address(f"GRPC_ADDRESS_{service.upper()}", usual)
        for name, command in read_procfile(self.procfile).items():
            address = self._address("", f"{HOST}:{self._metrics_port(name)}")
            self.processes[name] = _Process(name, command, address, self.state / "logs" / f"{name}.log")

    def _address(self, variable: str, usual: str) -> str:
        if self.ports == "free":
            return f"{HOST}:{_free_port()}"
        return self.environment.get(variable) or os.environ.get(variable) or usual

    def _metrics_port(self, name: str) -> int:
        service, _, role = name.rpartition("-")
        if name in EMBEDDED_METRICS:
            return EMBEDDED_METRICS[name]
        if service in self.services and role in ROLE_METRICS:
            return ROLE_METRICS[role] + list(self.services).index(service)
        return _free_port()

    def _environment(self, process: str, metrics: str) -> dict[str, str]:
        served = {f"GRPC_ADDRESS_{service.upper()}": address for service, address in self.grpc.items()}
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            **self.environment,
            **served,
            "METRICS_ADDRESS": metrics,
            "KPI_PROCESS": process,
        }

    def _migrate(self) -> None:
        running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}
        for service in self.services:
            log = self.state / "logs" / f"{service}-migrate.log"
            log.unlink(missing_ok=True)
            command = ("python", "-m", service, "migrate")
            running[service] = (self._popen(command, self._environment(f"{service}-migrate", ""), log), log)
        deadline = time.monotonic() + MIGRATED_WITHIN_S
        try:
            for service, (process, log) in running.items():
                try:
                    status = process.wait(timeout=max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    raise StackFailed(f"{service} was not migrated in time", _tail(log)) from None
                if status:
                    raise StackFailed(f"{service} could not be migrated: {_how(status)}", _tail(log))
        finally:
            for process, _ in running.values():
                if process.poll() is None:
                    _signal(process, signal.SIGKILL)
                    process.wait()

    def _spawn(self, process: _Process, *, fresh_log: bool) -> None:
        host, _, port = process.metrics.rpartition(":")
        if _listens(host, int(port)):
            # Somebody else's /ready would pass for ours.
            raise StackFailed(f"{process.name} cannot use {process.metrics}: something listens there already")
        if fresh_log:
            process.log.unlink(missing_ok=True)
        process.running = self._popen(
            process.command, self._environment(process.name, process.metrics), process.log
        )
        process.wanted = True

    def _popen(
        self, command: Sequence[str], environment: Mapping[str, str], log: Path
    ) -> subprocess.Popen[bytes]:
        words = list(command)
        if words[0] == "python":
            words[0] = sys.executable
        if setpriv := shutil.which("setpriv"):
            words = [setpriv, "--pdeathsig", "TERM", *words]
        if self._starter is None:
            raise StackFailed("the stack is not started")

        def popen() -> subprocess.Popen[bytes]:
            with log.open("ab") as output:
                return subprocess.Popen(
                    words,
                    env=dict(environment),
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )

        return self._starter.submit(popen).result()

    def _await_ready(self, processes: Iterable[_Process]) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        for process in processes:
            while (answer := _ready(process.metrics)) is not None:
                self.check()
                if time.monotonic() > deadline:
                    raise StackFailed(
                        f"{process.name} was not ready within {READY_WITHIN_S:.0f} s: {answer}",
                        _tail(process.log),
                    )
                time.sleep(0.05)
        self.check()

    def _end(self, processes: Iterable[_Process]) -> None:
        asked = [each for each in processes if each.running is not None]
        for process in asked:
            process.wanted = False
            if process.running and process.running.poll() is None:
                _signal(process.running, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S - 0.2
        for process in asked:
            if process.running is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                process.running.wait(timeout=max(0.0, deadline - time.monotonic()))
            if process.running.poll() is None:
                _signal(process.running, signal.SIGKILL)
                process.running.wait()

    def _record(self) -> None:
        found = {
            "supervisor": os.getpid(),
            "started": _started(os.getpid()),
            "services": self.grpc,
            "processes": {
                process.name: {
                    "pid": process.running.pid,
                    "started": _started(process.running.pid),
                    "metrics": process.metrics,
                    "log": str(process.log),
                }
                for process in self.processes.values()
                if process.running is not None and process.running.poll() is None
            },
        }
        new = self.state / "stack.json.new"
        new.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        new.replace(self.state / "stack.json")


def _ready(address: str) -> str | None:
    """Return None if the process is ready, else what it waits for."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=2)
    try:
        connection.request("GET", "/ready")
        reply = connection.getresponse()
        body = reply.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    return None if reply.status == http.HTTPStatus.OK else body


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def _started(pid: int) -> str:
    """Return when a process started, in the kernel's ticks: with it, a process id means one process only."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _alive(pid: int, started: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return _started(pid) == started and state != "Z"


def _how(status: int) -> str:
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-TAIL_LINES:])
    except FileNotFoundError:
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _listens(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """Give a list that holds the signal's number once SIGTERM or SIGINT has come."""
    asked: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        asked.append(number)
        if len(asked) == 1:
            raise KeyboardInterrupt  # also out of a start that still waits

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a stack until a signal comes (status 0) or a process dies (status 1)."""
    parser = argparse.ArgumentParser(
        prog="python -m kpi_cli.stack", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--state", type=Path, default=Path("var/stack"), help="folder of databases and logs")
    parser.add_argument("--procfile", type=Path, default=EMBEDDED, help="default: the embedded stack")
    parser.add_argument("--ports", choices=("usual", "free"), default="usual")
    given = parser.parse_args(arguments)
    ports: Any = given.ports
    embedded = given.procfile.resolve() == EMBEDDED
    environment = embedded_environment(given.state) if embedded else {}
    stack = Stack(given.state, environment, given.procfile, ports)
    with _asked_to_stop():
        try:
            try:
                print("Đang khởi động… / Starting…", flush=True)
                stack.start()
                for service, address in stack.grpc.items():
                    print(f"  {service:<14}{address}", flush=True)
                print(f"Sẵn sàng. Nhật ký / Ready. Logs: {stack.state / 'logs'}  (Ctrl-C)", flush=True)
                while True:
                    stack.check()
                    time.sleep(0.2)
            finally:
                stack.stop()
        except KeyboardInterrupt:
            print("Đã dừng. / Stopped.", flush=True)
            return 0
        except StackFailed as failure:
            print(failure.tail, file=sys.stderr)
            print(f"error: {failure}", file=sys.stderr)
            return 1


if __name__ == "__main__":
    sys.exit(main())
