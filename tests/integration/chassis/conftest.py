"""A service of the tests' own, in real processes, on the two pairs of infrastructure that are supported."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import amqp
import pytest
from sqlalchemy import func, select, text

from chassis import db, outbox, topology
from integration.chassis import happenings, storage
from integration.chassis.storage import Effect, Thing
from support.waiting import eventually

TESTS = Path(__file__).parents[2]


T = TypeVar("T")


def at_once(*calls: Callable[[], T]) -> list[T]:
    """Make calls at the same time, and return what they returned; the first failure is raised."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return [each.result() for each in [threads.submit(call) for call in calls]]


class Process:
    """A role of the testing service, in a process of its own."""

    def __init__(self, role: str, database_url: str, amqp_url: str, log: Path, **settings: str) -> None:
        paths = [str(TESTS), str(TESTS.parent / "lib")]
        self.role, self.log = role, log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-m",
                    "integration.chassis.service",
                    role,
                    database_url,
                    amqp_url,
                ],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **settings},
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def await_ready(self) -> None:
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line == "ready\n", f"{line!r}: {self.log.read_text()[-3000:]}"

    def running(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def terminate(self, within: float = 10.0) -> int:
        """Ask it to stop, as an orchestrator does, and return its exit code."""
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(timeout=within + 1)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGABRT)
            raise AssertionError(
                f"still running {within} s after SIGTERM: {self.log.read_text()[-3000:]}"
            ) from None
        assert time.monotonic() - begun <= within
        return code

    def close(self) -> None:
        if self.running():
            self.kill()
        if self._process.stdout:
            self._process.stdout.close()


class Stack:
    """A database, a broker, and the processes of the testing service between them."""

    def __init__(self, database_url: str, amqp_url: str, folder: Path) -> None:
        self.database_url, self.amqp_url, self.folder = database_url, amqp_url, folder
        self.embedded = amqp_url.startswith("memory:")
        self.sessions = db.sessions(database_url)
        storage.tables.create_all(db.engine(self.sessions))
        if not self.embedded:
            topology.declare(amqp_url, self)
        self.declared = time.monotonic()
        self.processes: list[Process] = []
        self.started = folder / "starts"
        self.started.touch()

    def interest(self) -> topology.Interest:
        types = [f"kpi.testing.v1.{name}" for name in ("Happened", "AlsoHappened")]
        return topology.Interest("testing", types)

    def start(self, *roles: str, **settings: str) -> list[Process]:
        """Start processes; without roles, all that handle and send events."""
        chosen = roles or (("embedded",) if self.embedded else ("worker", "relay"))
        log = self.folder / "log"
        started = [
            Process(role, self.database_url, self.amqp_url, log, TEST_STARTS=str(self.started), **settings)
            for role in chosen
        ]
        self.processes += started
        for each in started:
            each.await_ready()
        return started

    def announce(self, notes: list[str], *, thing: str = "thing", revision: int = 0) -> list[str]:
        """Announce an event for each note, in one transaction, and return their ids."""
        events = [
            (
                happenings.Happened(thing_id=f"{thing}-{number}", revision=revision, note=note),
                f"{thing}-{number}",
            )
            for number, note in enumerate(notes)
        ]
        with self.sessions.begin() as session:
            return outbox.add_all(session, events)

    def effects(self, handler: str | None = "happened") -> Counter[str]:
        """Return how often each event took effect."""
        found = select(Effect.event_id, func.count()).group_by(Effect.event_id)
        if handler:
            found = found.where(Effect.handler == handler)
        with db.reading(self.sessions) as session:
            return Counter({row[0]: row[1] for row in session.execute(found)})

    def starts(self) -> Counter[str]:
        """Return how often a handler was called with each event, whatever became of it."""
        return Counter(self.started.read_text().split())

    def thing(self, thing_id: str) -> Thing | None:
        with db.reading(self.sessions) as session:
            return session.get(Thing, thing_id)

    def rows(self, statement: str) -> list[Any]:
        with self.sessions() as session:
            return list(session.execute(text(statement)).all())

    def unsent(self) -> int:
        with db.reading(self.sessions) as session:
            return outbox.waiting(session)[0]

    def once(self, ids: list[str], *, within: float = 30.0) -> None:
        """Wait until every one of these events took effect, and see that none did twice."""
        eventually(lambda: set(self.effects()) >= set(ids), within=within)
        eventually(lambda: self.unsent() == 0, within=within)
        assert {count for id_, count in self.effects().items() if id_ in set(ids)} == {1}

    def close(self) -> None:
        for each in self.processes:
            each.close()
        db.engine(self.sessions).dispose()


class Broker:
    """What a test does to a queue behind the service's back."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def channel(self) -> Iterator[Any]:
        with topology.connect(self.url) as connection, connection.channel() as channel:
            yield channel

    def publish(self, body: bytes | str, *, queue: str = happenings.QUEUE, **properties: Any) -> None:
        with self.channel() as channel:
            self.put(channel, body, queue=queue, **properties)

    def put(
        self, channel: Any, body: bytes | str, *, queue: str = happenings.QUEUE, **properties: Any
    ) -> None:
        message = amqp.Message(body, delivery_mode=2, **properties)
        channel.basic_publish(message, exchange="", routing_key=queue)

    def length(self, queue: str = happenings.QUEUE) -> int:
        with self.channel() as channel:
            return int(channel.queue_declare(queue=queue, passive=True).message_count)

    def take(self, queue: str) -> Any:
        with self.channel() as channel:
            return channel.basic_get(queue, no_ack=True)


@pytest.fixture
def production(database_url: str, amqp_url: str, tmp_path: Path) -> Iterator[Stack]:
    """PostgreSQL and RabbitMQ; worker and relay in processes of their own."""
    result = Stack(database_url, amqp_url, tmp_path)
    yield result
    result.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Stack]:
    """SQLite and the in-memory broker; worker and relay in one process."""
    result = Stack(f"sqlite:///{tmp_path}/testing.db", "memory://", tmp_path)
    yield result
    result.close()


@pytest.fixture(params=["production", "embedded"])
def stack(request: pytest.FixtureRequest) -> Stack:
    """Both, one after the other: they make the same promises."""
    result: Stack = request.getfixturevalue(request.param)
    return result


@pytest.fixture
def broker(production: Stack) -> Broker:
    """The broker of the production stack."""
    return Broker(production.amqp_url)


@pytest.fixture(params=["postgresql", "sqlite"])
def sessions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[db.Sessions]:
    """An empty database with the tables of the testing service, of either kind."""
    postgresql = request.param == "postgresql"
    url = request.getfixturevalue("database_url") if postgresql else f"sqlite:///{tmp_path}/testing.db"
    result = db.sessions(url)
    storage.tables.create_all(db.engine(result))
    yield result
    db.engine(result).dispose()
