"""The supervisor: starts, watches and ends the processes of a Procfile."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal, Self

from chassis.audit import chain
from chassis.auth import create_key
from chassis.settings import SERVICES
from kpi_cli.stack.failure import StackFailed
from kpi_cli.stack.processes import (
    HOST,
    free_port,
    how_it_ended,
    is_alive,
    listens,
    send,
    started_at,
    tail,
    waiting_for,
)
from kpi_cli.stack.procfile import EMBEDDED, read_procfile

STOP_WITHIN_S = 10.0
"""From the first request to stop until nothing runs any more."""
READY_WITHIN_S = 120.0
MIGRATED_WITHIN_S = 180.0
EMBEDDED_METRICS = {"embedded-api": 9101, "embedded-workers": 9111}
ROLE_METRICS = {"api": 9101, "worker": 9111, "relay": 9121}


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


def embedded_environment(state: Path) -> dict[str, str]:
    """Return what the embedded stack needs, all in ``state``: SQLite files, development keys; no broker.

    Makes the keys if there are none yet; an ``AUDIT_KEY`` that is set is kept.
    """
    state = state.resolve()
    create_key(state)
    audit_key = state / "audit-key.pem"
    chain.create_key(audit_key)
    databases = {f"DATABASE_URL_{each.upper()}": f"sqlite:///{state / each}.db" for each in SERVICES}
    return {
        **databases,
        "AMQP_URL": "memory://",
        "AUTH_JWKS": str(state / "jwks.json"),
        "AUDIT_KEY": os.environ.get("AUDIT_KEY") or str(audit_key),
        "KPI_STATE": str(state),
    }


def server_environment(state: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Return what a stack on servers needs beside ``given``: a development key where no key set is named."""
    if given.get("AUTH_JWKS"):
        return {"KPI_STATE": str(state.resolve())}
    state = state.resolve()
    create_key(state)
    return {"AUTH_JWKS": str(state / "jwks.json"), "KPI_STATE": str(state)}


def addresses(state: Path) -> dict[str, str]:
    """Return where the services of the stack in ``state`` listen, as ``host:port`` by name.

    :raises StackFailed: if no stack runs there
    """
    try:
        found = json.loads((state / "stack.json").read_text("utf-8"))
    except FileNotFoundError:
        raise StackFailed(f"no stack runs in {state}: start one with `make run`") from None
    if not is_alive(found["supervisor"], found["started"]):
        raise StackFailed(f"the stack in {state} has ended: start it again with `make run`")
    return dict(found["services"])


@dataclass(slots=True)
class Stack:
    """The processes of a Procfile, kept running.

    :param state: folder of logs and ``stack.json``; made if missing, used by one stack at a time
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
        """End every process within ten seconds: asked first, killed at the end. Does nothing when stopped."""
        if self._lock is None or self._starter is None:
            return
        self._end(self.processes.values())
        (self.state / "stack.json").unlink(missing_ok=True)
        self._starter.shutdown()
        self._lock.close()
        self._starter = self._lock = None

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
                    f"{process.name} died: {how_it_ended(process.running.returncode)}", tail(process.log)
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
            send(process.running, signal.SIGKILL)
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
            while is_alive(each["pid"], each["started"]):
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
            return f"{HOST}:{free_port()}"
        return self.environment.get(variable) or os.environ.get(variable) or usual

    def _metrics_port(self, name: str) -> int:
        service, _, role = name.rpartition("-")
        if name in EMBEDDED_METRICS:
            return EMBEDDED_METRICS[name]
        if service in self.services and role in ROLE_METRICS:
            return ROLE_METRICS[role] + list(self.services).index(service)
        return free_port()

    def _environment(self, metrics: str) -> dict[str, str]:
        served = {f"GRPC_ADDRESS_{service.upper()}": address for service, address in self.grpc.items()}
        return {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            **self.environment,
            **served,
            "METRICS_ADDRESS": metrics,
        }

    def _migrate(self) -> None:
        running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}
        for service in self.services:
            log = self.state / "logs" / f"{service}-migrate.log"
            log.unlink(missing_ok=True)
            command = ("python", "-m", service, "migrate")
            running[service] = (self._popen(command, self._environment(""), log), log)
        deadline = time.monotonic() + MIGRATED_WITHIN_S
        try:
            for service, (process, log) in running.items():
                try:
                    status = process.wait(timeout=max(0.0, deadline - time.monotonic()))
                except subprocess.TimeoutExpired:
                    raise StackFailed(f"{service} was not migrated in time", tail(log)) from None
                if status:
                    raise StackFailed(f"{service} could not be migrated: {how_it_ended(status)}", tail(log))
        finally:
            for process, _ in running.values():
                if process.poll() is None:
                    send(process, signal.SIGKILL)
                    process.wait()

    def _spawn(self, process: _Process, *, fresh_log: bool) -> None:
        host, _, port = process.metrics.rpartition(":")
        if listens(host, int(port)):
            # Somebody else's /ready would pass for ours.
            raise StackFailed(f"{process.name} cannot use {process.metrics}: something listens there already")
        if fresh_log:
            process.log.unlink(missing_ok=True)
        process.running = self._popen(process.command, self._environment(process.metrics), process.log)
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
            while (answer := waiting_for(process.metrics)) is not None:
                self.check()
                if time.monotonic() > deadline:
                    raise StackFailed(
                        f"{process.name} was not ready within {READY_WITHIN_S:.0f} s: {answer}",
                        tail(process.log),
                    )
                time.sleep(0.05)
        self.check()

    def _end(self, processes: Iterable[_Process]) -> None:
        asked = [each for each in processes if each.running is not None]
        for process in asked:
            process.wanted = False
            if process.running and process.running.poll() is None:
                send(process.running, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S - 0.2
        for process in asked:
            if process.running is None:
                continue
            with suppress(subprocess.TimeoutExpired):
                process.running.wait(timeout=max(0.0, deadline - time.monotonic()))
            if process.running.poll() is None:
                send(process.running, signal.SIGKILL)
                process.running.wait()

    def _record(self) -> None:
        found = {
            "supervisor": os.getpid(),
            "started": started_at(os.getpid()),
            "services": self.grpc,
            "processes": {
                process.name: {
                    "pid": process.running.pid,
                    "started": started_at(process.running.pid),
                    "metrics": process.metrics,
                    "log": str(process.log),
                }
                for process in self.processes.values()
                if process.running is not None and process.running.poll() is None
            },
        }
        new = self.state / f"stack.json.{threading.get_ident()}"
        new.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        new.replace(self.state / "stack.json")
