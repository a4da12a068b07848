"""Servers of the suite's own, fifteen real processes (and second relays), and what is done to them."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from chassis import auth, topology
from faults import journal, previous
from faults.plans import Plan, write
from kpi_cli.client import SERVICES
from kpi_cli.stack import Stack
from kpi_cli.stack.processes import free_port, waiting_for
from support.servers import Postgres, RabbitMQ, Servers
from support.waiting import eventually

TESTS = Path(__file__).resolve().parents[1]
VHOST = "faults"
SETTLED_QUEUES_S = 5.0
"""A quorum queue declared within a second of a broker's crash may stay down: the first fault waits."""


def _interests() -> dict[str, Any]:
    """Return what each service takes; asked of the workers in another process, which may load eventlet."""
    import json
    import subprocess

    code = (
        "import importlib, json\n"
        f"print(json.dumps({{s: list(getattr(importlib.import_module(s + '.worker'),"
        f" s.capitalize() + 'Worker').interest().takes) for s in {SERVICES!r}}}))"
    )
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(told.stdout)
    return found


@dataclass(slots=True)
class Rig:
    """The platform under test.

    :param folder: for logs, plans, journals and state
    """

    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    servers: Servers = field(default_factory=Servers)
    postgres: Postgres = field(init=False)
    rabbitmq: RabbitMQ = field(init=False)
    stack: Stack = field(init=False)
    urls: dict[str, str] = field(init=False, default_factory=dict)
    amqp: str = field(init=False, default="")
    takes: dict[str, list[str]] = field(init=False, default_factory=dict)
    marks: list[tuple[float, str]] = field(init=False, default_factory=list)
    samples: list[tuple[float, int, int]] = field(init=False, default_factory=list)
    """Time, unsent events of all services, effects so far."""
    _sampler: threading.Thread | None = field(init=False, default=None)
    _over: threading.Event = field(init=False, default_factory=threading.Event)

    def start(self) -> None:
        """Start the servers and every process."""
        self.folder = self.folder.resolve()
        for each in ("plans", "deliveries", "hits"):
            (self.folder / each).mkdir(parents=True, exist_ok=True)
        self.postgres, self.rabbitmq = Postgres(self.servers), RabbitMQ(self.servers)
        self.postgres.start()
        self.rabbitmq.start()
        self.amqp = self.rabbitmq.add_vhost(VHOST)
        auth.create_key(self.folder)
        self.urls = {each: self.postgres.create_database(f"faults_{each}") for each in SERVICES}
        environment = {
            **{f"DATABASE_URL_{service.upper()}": url for service, url in self.urls.items()},
            "AMQP_URL": self.amqp,
            "AUTH_JWKS": str(self.folder / "jwks.json"),
            "KPI_STATE": str(self.folder),
            "FAULTS": str(self.folder),
            "PYTHONPATH": os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH")))),
            "PYTHONWARNINGS": "ignore",
            **self.environment,
        }
        self.takes = _interests()
        self.stack = Stack(
            state=self.folder, environment=environment, procfile=self._procfile(), ports="free", migrate=True
        )
        # Between the migration and the first worker the journal's tables must come to stand.
        migrate = Stack._migrate

        def migrated(stack: Stack) -> None:
            migrate(stack)
            for service in SERVICES:
                with self.database(service) as connection:
                    connection.execute(journal.TABLES)
                    connection.execute(journal.TRIGGERS)

        try:
            Stack._migrate = migrated  # type: ignore[assignment, method-assign]
            self.stack.start()
        finally:
            Stack._migrate = migrate  # type: ignore[method-assign]
        self._sampler = threading.Thread(target=self._sample, daemon=True)
        self._sampler.start()
        time.sleep(SETTLED_QUEUES_S)

    def close(self) -> None:
        """End everything."""
        self._over.set()
        if self._sampler:
            self._sampler.join(10)
        try:
            self.stack.stop()
        finally:
            self.servers.close()

    def successor(self) -> "Rig":
        """Return a rig with servers of its own that goes on with this one's story."""
        result = Rig(self.folder / "next", self.environment)
        result.folder.mkdir()
        result.marks, result.samples = self.marks, self.samples
        return result

    # -- Processes ----------------------------------------------------------------------------------------

    def names(self, role: str) -> list[str]:
        """Return the processes of a role; of the relays, the second ones too."""
        return [each for each in self.stack.processes if each.split("-")[1] == role]

    def plan(self, name: str, plan: Plan | None) -> None:
        """Say what a process suffers from its next start on."""
        write(self.folder, name, plan)

    def kill(self, name: str) -> None:
        """End a process with SIGKILL."""
        self.mark(f"kill {name}")
        self.stack.kill_process(name)

    def begin(self, name: str, plan: Plan | None = None, *, wait: bool = True) -> None:
        """Start a process that ended, with a plan."""
        self.plan(name, plan)
        with suppress(ProcessLookupError):
            self.stack.kill_process(name)
        self.stack.start_process(name, wait=False)
        if wait:
            self.await_ready(name)

    def restart(self, name: str, plan: Plan | None = None, *, wait: bool = True) -> None:
        """Stop a process in order and start it with a plan."""
        if self.alive(name):
            self.stack.stop_process(name)
        self.begin(name, plan, wait=wait)

    def alive(self, name: str) -> bool:
        """True while a process runs."""
        running = self.stack.processes[name].running
        return running is not None and running.poll() is None

    def await_ready(self, *names: str, within: float = 60.0) -> None:
        """Wait until processes do their work."""
        for name in names:
            eventually(partial(self._ready, name), within=within)

    def second(self, service: str, role: str, plan: Plan | None = None) -> str:
        """Start one more process of a role, and return its name."""
        name = f"{service}-{role}-2"
        first = self.stack.processes[f"{service}-{role}"]
        self.stack.processes[name] = replace(
            first,
            name=name,
            command=(*first.command[:-1], name),
            metrics=f"127.0.0.1:{free_port()}",
            log=first.log.with_name(f"{name}.log"),
            running=None,
            wanted=False,
        )
        self.begin(name, plan)
        return name

    def retire(self, name: str) -> None:
        """Stop a second process and forget it."""
        self.plan(name, None)
        if self.alive(name):
            with suppress(ProcessLookupError):
                os.kill(self.stack.pid(name), signal.SIGCONT)
            self.stack.stop_process(name)
        del self.stack.processes[name]

    def behind(self, service: str) -> bool:
        """Put a service back to the version before this one; False where that is not at hand."""
        path = previous.tree(self.folder / "previous")
        if path:
            self.mark(f"{service} is a version behind")
            self._replace(service, ("env", f"PYTHONPATH={path}", sys.executable))
        return bool(path)

    def upgrade(self, service: str) -> None:
        """Bring a service that stayed behind to today's version, one process after the other."""
        self.mark(f"upgrade {service}")
        self._replace(service, ("python",))

    def _replace(self, service: str, python: tuple[str, ...]) -> None:
        for name in [each for each in self.stack.processes if each.startswith(f"{service}-")]:
            process = self.stack.processes[name]
            process.command = (*python, *process.command[process.command.index("-m") :])
            self.restart(name)

    def _ready(self, name: str) -> bool:
        return waiting_for(self.stack.processes[name].metrics) is None

    def heal(self, plan: Plan | None = None) -> None:
        """Bring everything up that should be, without plans; what had one gets ``plan`` instead."""
        if not self.postgres.running:
            self.postgres.start()
        if not self.rabbitmq.running:
            self.rabbitmq.start()
        for name in self.stack.processes:
            planned = (self.folder / "plans" / f"{name}.json").exists()
            if self.alive(name):
                with suppress(ProcessLookupError):
                    os.kill(self.stack.pid(name), signal.SIGCONT)
                if planned:
                    self.stack.stop_process(name)
            if not self.alive(name):
                self.begin(name, plan if planned else None, wait=False)
        self.await_ready(*self.stack.processes, within=90)
        self.mark("healed")

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one process."""
        self.mark(f"{number.name} {name}")
        os.kill(self.stack.pid(name), number)

    def hits(self) -> list[str]:
        """Return every fail-point that fired, in any process."""
        return [
            line for each in (self.folder / "hits").glob("*.log") for line in each.read_text().splitlines()
        ]

    def metric(self, name: str, metric: str) -> str:
        """Return the lines of a process's metrics that begin so."""
        import urllib.request

        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://{self.stack.processes[name].metrics}/metrics", timeout=5) as reply:
            lines = reply.read().decode().splitlines()
        return "\n".join(line for line in lines if line.startswith(metric))

    # -- Questions ----------------------------------------------------------------------------------------

    @contextmanager
    def database(self, service: str) -> Iterator[psycopg.Connection[Any]]:
        """Connect to a service's database as an onlooker."""
        url = self.urls[service].replace("+psycopg", "")
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            yield connection

    def rows(self, service: str, statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask a service's database."""
        with self.database(service) as connection:
            return list(connection.execute(statement, parameters).fetchall())

    def queues(self) -> dict[str, str]:
        """Return every subscriber's queue with the type of event it takes."""
        return {
            topology.queue(service, type_): type_ for service, types in self.takes.items() for type_ in types
        }

    def lengths(self) -> dict[str, int]:
        """Return how many messages wait in each queue, and in the dead-letter queues beside them."""
        found = {}
        with topology.connect(self.amqp) as connection:
            for queue in [each for name in self.queues() for each in (name, topology.dead(name))]:
                with connection.channel() as channel:
                    found[queue] = int(channel.queue_declare(queue=queue, passive=True).message_count)
        return found

    def moving(self) -> str:
        """Return what is not drained yet, or nothing."""
        try:
            for service in SERVICES:
                [(unsent,)] = self.rows(service, "SELECT count(*) FROM outbox WHERE sent_at IS NULL")
                if unsent:
                    return f"{service} has {unsent} unsent events"
                [(waiting,)] = self.rows(
                    service, "SELECT count(*) FROM parked WHERE next_attempt_at IS NOT NULL"
                )
                if waiting:
                    return f"{service} has {waiting} parked events"
            if full := {name: count for name, count in self.lengths().items() if count}:
                return f"queues hold {full}"
        except Exception as error:  # noqa: BLE001  # a server is away
            return f"cannot tell: {error}"
        return ""

    # -- Timeline -----------------------------------------------------------------------------------------

    def mark(self, what: str) -> None:
        """Keep when something was done."""
        self.marks.append((time.time(), what))

    def _sample(self) -> None:
        while not self._over.wait(1.0):
            with suppress(Exception):
                unsent = effects = 0
                for service in SERVICES:
                    [(waiting, done)] = self.rows(
                        service,
                        "SELECT (SELECT count(*) FROM outbox WHERE sent_at IS NULL),"
                        " (SELECT coalesce(max(position), 0) FROM fault_effect)",
                    )
                    unsent, effects = unsent + waiting, effects + done
                self.samples.append((time.time(), unsent, effects))

    def _procfile(self) -> Path:
        lines = [
            (f"{service}-{role}", service, role)
            for service in SERVICES
            for role in ("api", "worker", "relay")
        ]
        path = self.folder / "Procfile"
        path.write_text(
            "".join(
                f"{name}: python -m faults.process {service} {role} {name}\n" for name, service, role in lines
            )
        )
        return path
