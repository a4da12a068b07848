"""Engines and sessions. What SQLite and PostgreSQL do differently when a transaction begins is said here."""

import json
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from chassis.db.types import COLLATION, by_value, written

Sessions = sessionmaker[Session]

WRITE_WAIT = 30.0
"""Seconds that a writer waits for SQLite's one write lock before it gives up."""

PATIENT = "PRAGMA busy_timeout = 5000"
"""For the rare moments when a reader must wait: the log's recovery, the last connection's closing."""

NAP = 0.008
"""Seconds between two looks at a lock that another process holds, at most."""

STREAK, PAUSE = 0.1, 0.012
"""A process that wrote for the first of these seconds without a gap leaves one of the second."""

_lookers: WeakKeyDictionary[Engine, Sessions] = WeakKeyDictionary()
_lookers_guard = threading.Lock()
_writers: dict[str, "_Turn"] = {}
_writers_guard = threading.Lock()


def sessions(url: str, *, pool_size: int = 5) -> Sessions:
    """Return a session factory for a service's database; ``sessions.begin()`` is one transaction.

    ``postgresql+psycopg://…`` (with ``pool_pre_ping``) or ``sqlite:///path`` (WAL, foreign keys on, every
    commit on disk before it returns). A transaction on SQLite takes the write lock when it begins; one that
    only reads should use :func:`reading`, which takes none.

    :raises ValueError: for another database, and for SQLite in memory, which no second connection could see
    """
    name = make_url(url).get_backend_name()
    engine = {"postgresql": _postgresql, "sqlite": _sqlite}.get(name, _unknown)(url, pool_size)
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def reading(sessions: Sessions) -> Iterator[Session]:
    """Open a transaction that can only read, and that never waits for a writer."""
    with sessions() as session:
        session.connection(execution_options={"postgresql_readonly": True, "chassis_reading": True})
        yield session


@contextmanager
def looking(sessions: Sessions) -> Iterator[Session]:
    """Open a session that can only read, each statement in a transaction of its own.

    On PostgreSQL one statement is one round trip: nothing is begun, tried or ended around it. So a connection
    that the server has closed meanwhile is found out by the statement itself (:func:`chassis.db.cut`): ask
    again then. Like :func:`reading`, it sees at each statement what is committed by then.
    """
    if engine(sessions).dialect.name != "postgresql":
        with reading(sessions) as session:
            yield session
        return
    with _looker(engine(sessions))() as session:
        yield session


@contextmanager
def forgettable(sessions: Sessions) -> Iterator[Session]:
    """Open a transaction that commits at the end, and that a power cut may undo: a lease, a mark.

    A crash of the process undoes nothing. SQLite then need not wait for the disk; PostgreSQL commits as
    always.
    """
    with sessions() as session, session.begin():
        session.connection(execution_options={"chassis_forgettable": True})
        yield session


def engine(sessions: Sessions) -> Engine:
    """Return the engine below a session factory."""
    return cast("Engine", sessions.kw["bind"])


def _unknown(url: str, pool_size: int) -> Engine:
    raise ValueError(f"{url!r} is neither postgresql+psycopg://… nor sqlite:///…")


def _postgresql(url: str, pool_size: int) -> Engine:
    # A process frozen in mid-transaction holds its rows for a minute: another has its work by then.
    return _connecting(url, pool_size, "-c idle_in_transaction_session_timeout=60000", pool_pre_ping=True)


def _looker(main: Engine) -> Sessions:
    """Return the factory of sessions that only look, on a pool of their own beside that of an engine."""
    with _lookers_guard:
        if found := _lookers.get(main):
            return found
        size = cast("QueuePool", main.pool).size()
        beside = _connecting(
            main.url,
            size,
            "-c default_transaction_read_only=on",
            isolation_level="AUTOCOMMIT",
            pool_reset_on_return=None,
        )
        event.listen(main, "engine_disposed", lambda _: beside.dispose())
        return _lookers.setdefault(main, sessionmaker(beside, expire_on_commit=False))


def _connecting(url: str | URL, pool_size: int, options: str, **settings: Any) -> Engine:
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
        json_serializer=written,
        json_deserializer=_loads,
        connect_args={
            "connect_timeout": 5,
            "keepalives_idle": 15,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
            "options": f"-c timezone=UTC {options}",
        },
        **settings,
    )


def _sqlite(url: str, pool_size: int) -> Engine:
    database = make_url(url).database
    if not database or ":memory:" in database:
        raise ValueError(f"{url!r} is SQLite in memory: name a file, sqlite:///path")
    path = os.path.realpath(database)
    result = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=WRITE_WAIT,
        json_serializer=written,
        json_deserializer=_loads,
    )
    with _writers_guard:
        turn = _writers.setdefault(path, _Turn())

    @event.listens_for(result, "connect")
    def connected(dbapi: sqlite3.Connection, record: Any) -> None:
        # The driver's own transactions begin late and end early; SQLAlchemy's begin event speaks instead.
        dbapi.isolation_level = None
        dbapi.create_collation(COLLATION, by_value)
        dbapi.execute(PATIENT)
        dbapi.execute("PRAGMA journal_mode = WAL")
        dbapi.execute("PRAGMA synchronous = FULL")
        dbapi.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(result, "begin")
    def begun(connection: Connection) -> None:
        dbapi = cast("sqlite3.Connection", connection.connection.dbapi_connection)
        if connection.get_execution_options().get("chassis_reading"):
            connection.info["reading"] = True
            dbapi.execute("PRAGMA query_only = ON")
            dbapi.execute("BEGIN")
            return
        if connection.info.pop("reading", False):
            dbapi.execute("PRAGMA query_only = OFF")
        if connection.get_execution_options().get("chassis_forgettable"):
            connection.info["forgettable"] = True
            dbapi.execute("PRAGMA synchronous = NORMAL")
        elif connection.info.pop("forgettable", False):
            dbapi.execute("PRAGMA synchronous = FULL")
        _take_turn(connection, dbapi, turn)

    @event.listens_for(result, "checkin")
    def returned(dbapi: sqlite3.Connection | None, record: Any) -> None:
        if record.info.pop("turn", False):
            turn.give()

    return result


class _Turn:
    """The right of one writer of this process to ask SQLite for its lock, in the order they came.

    SQLite's lock goes to whoever asks first when it is free. A busy process would ask again at once, always,
    and another never get in; so it pauses now and then.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False
        self._begun = 0.0
        self._ended = 0.0

    def take(self) -> bool:
        """Wait for the turn; False if it does not come in time."""
        ticket = threading.Event()
        with self._guard:
            if self._taken:
                self._waiting.append(ticket)
            else:
                self._taken = True
                ticket.set()
        try:
            ticket.wait(WRITE_WAIT)
        except BaseException:
            if not self._leave(ticket):
                self.give()
            raise
        if not ticket.is_set() and self._leave(ticket):
            return False
        try:
            self._leave_room()
        except BaseException:
            self.give()
            raise
        return True

    def give(self) -> None:
        """Hand the turn to whoever waits longest."""
        self._ended = time.monotonic()
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _leave_room(self) -> None:
        now = time.monotonic()
        if now - self._ended > PAUSE:
            self._begun = now
        elif now - self._begun > STREAK:
            time.sleep(PAUSE)
            self._begun = time.monotonic()

    def _leave(self, ticket: threading.Event) -> bool:
        """Stop waiting; False if the turn has come meanwhile."""
        with self._guard:
            if ticket.is_set():
                return False
            self._waiting.remove(ticket)
            return True


def _take_turn(connection: Connection, dbapi: sqlite3.Connection, turn: _Turn) -> None:
    """Begin a write transaction.

    SQLite's own waiting sleeps in C, which would stop every greenlet of the process, the lock's holder
    included. So writers of one process queue for a lock here, and only the first of them asks SQLite, with
    naps between.
    """
    deadline = time.monotonic() + WRITE_WAIT
    if not connection.info.get("turn"):
        if not turn.take():
            raise OperationalError("BEGIN IMMEDIATE", None, sqlite3.OperationalError("database is locked"))
        connection.info["turn"] = True
    nap = 0.001
    dbapi.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                dbapi.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise OperationalError("BEGIN IMMEDIATE", None, error) from error
                time.sleep(nap)
                nap = min(nap * 2, NAP)
            else:
                return
    finally:
        dbapi.execute(PATIENT)


def _loads(text: str | bytes) -> Any:
    return _JSON.decode(text if isinstance(text, str) else text.decode())


_JSON = json.JSONDecoder(parse_float=Decimal)
"""Made once: ``json.loads`` with an argument makes one for every value."""
