"""Exact types, upserts, locks: the same answers from PostgreSQL and SQLite."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import (
    Column,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    cast,
    delete,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from chassis import db
from chassis.db import Sessions
from integration.chassis.conftest import at_once
from support.servers import Postgres
from support.waiting import eventually

tables = MetaData()
kept = Table(
    "kept",
    tables,
    Column("id", Integer, primary_key=True),
    Column("name", String(50)),
    Column("revision", Integer),
    Column("score", db.Exact),
    Column("at", db.Instant),
    Column("facts", db.JSON),
    Column("body", LargeBinary),
)


@pytest.fixture
def kept_sessions(sessions: Sessions) -> Sessions:
    tables.create_all(db.engine(sessions))
    return sessions


def row(id_: int, revision: int, **values: object) -> dict[str, object]:
    return {
        "id": id_,
        "name": "x",
        "revision": revision,
        "score": None,
        "at": None,
        "facts": None,
        "body": None,
    } | values


def scores(sessions: Sessions) -> dict[int, int]:
    with sessions() as session:
        return {found.id: found.revision for found in session.execute(select(kept))}


instants = st.datetimes(
    datetime(1900, 1, 1),  # noqa: DTZ001  # hypothesis adds the zone
    datetime(9000, 1, 1),  # noqa: DTZ001
    timezones=st.just(timezone(timedelta(hours=7))),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.decimals(
        allow_nan=False, allow_infinity=False, places=None, min_value=-(10**20), max_value=10**20
    ),
    at=instants,
)
def test_a_decimal_and_an_instant_come_back_as_they_went(
    kept_sessions: Sessions, value: Decimal, at: datetime
) -> None:
    with kept_sessions() as session:
        session.execute(insert(kept).values(row(1, 1, score=value, at=at)))
        found = session.execute(select(kept)).one()
        session.rollback()

    assert found.score == value
    assert found.at == at
    assert found.at.tzinfo is UTC
    if value and -20 <= int(value.as_tuple().exponent) <= 0:
        assert format(found.score, "f") == format(value, "f")


def test_a_float_is_no_decimal_and_a_naive_time_no_instant(kept_sessions: Sessions) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001
    for values in ({"score": 0.5}, {"score": Decimal("NaN")}, {"at": naive}):
        with kept_sessions() as session, pytest.raises(StatementError):
            session.execute(insert(kept).values(row(1, 1, **values)))


def test_decimals_compare_by_value_in_sql(kept_sessions: Sessions) -> None:
    values = ["9.5", "10", "-3", "0.100", "100.25", "9.50"]
    with kept_sessions.begin() as session:
        session.execute(insert(kept), [row(n, 1, score=Decimal(value)) for n, value in enumerate(values)])

    with db.reading(kept_sessions) as session:
        ordered = session.execute(select(kept.c.score).order_by(kept.c.score, kept.c.id)).scalars().all()
        above = session.execute(select(kept.c.id).where(kept.c.score > Decimal("9.5"))).scalars().all()

    assert [str(each) for each in ordered] == ["-3", "0.100", "9.5", "9.50", "10", "100.25"]
    assert set(above) == {1, 4}


def test_json_keeps_text_and_decimals_exact(kept_sessions: Sessions) -> None:
    facts = {"tên": "Phúc Lợi", "steps": [1, None, True], "empty": {}}
    with kept_sessions.begin() as session:
        session.execute(insert(kept).values(row(1, 1, facts=facts)))
        session.execute(text("INSERT INTO kept (id, facts) VALUES (2, '{\"a\": 0.10}')"))

    with kept_sessions() as session:
        first, second = session.execute(select(kept.c.facts).order_by(kept.c.id)).scalars()
    assert first == facts
    assert str(second["a"]) == "0.10"


HARD = [
    row(
        1,
        1,
        name='{"a", \\b} NULL \'ơ',
        score=Decimal("1.50"),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        facts={"tên": ['{x,"y"}', "\\", None, {}], "n": [1, []]},
        body=b"\x00\xff{},NULL\\",
    ),
    row(2, 1, name="", facts=[], body=b""),
    row(3, 1, name="NULL", facts="NULL"),
    row(4, 1, name=None, facts=None, body=None),
]


@pytest.mark.parametrize("many", ["upsert", "append"])
def test_many_rows_at_once_are_kept_as_one_alone_is(kept_sessions: Sessions, many: str) -> None:
    as_kept = select(
        *(each if each.name == "body" else cast(each, String) for each in kept.c if each.name != "id")
    ).order_by(kept.c.id)
    with kept_sessions.begin() as session:
        for each in HARD:
            session.execute(insert(kept).values(each))
        alone = session.execute(as_kept).all()
        session.execute(delete(kept))
        if many == "upsert":
            db.upsert(session, kept, HARD, key=["id"])
        else:
            db.append(session, kept, HARD)
        assert session.execute(as_kept).all() == alone
        assert session.execute(select(kept.c.facts).order_by(kept.c.id)).scalars().all() == [
            each["facts"] for each in HARD
        ]


def test_append_takes_expressions_and_refuses_what_is_there(kept_sessions: Sessions) -> None:
    short = [{"id": n, "revision": n} for n in range(1201)]
    with kept_sessions.begin() as session:
        db.append(session, kept, [])
        db.append(session, kept, short, same={"name": literal("a"), "at": db.now(session)})
    with kept_sessions() as session:
        found = session.execute(select(kept.c.id, kept.c.name, kept.c.at).order_by(kept.c.id)).all()
    assert [each.id for each in found] == list(range(1201))
    assert {each.name for each in found} == {"a"}
    assert all(each.at is not None for each in found)
    with pytest.raises(IntegrityError), kept_sessions.begin() as session:
        db.append(session, kept, short[:1])
    with kept_sessions.begin() as session:
        db.append(session, kept, [{"id": 1, "revision": 9}, {"id": 2_000, "revision": 9}], skip=True)
    assert {id_: revision for id_, revision in scores(kept_sessions).items() if revision == 9} == {
        9: 9,
        2_000: 9,
    }


def test_upsert_keeps_the_newest_revision(kept_sessions: Sessions) -> None:
    with kept_sessions.begin() as session:
        assert db.upsert(session, kept, [row(1, 5), row(2, 5)], key=["id"], revision="revision") == 2
    with kept_sessions.begin() as session:
        rows = [row(1, 4), row(2, 7), row(2, 6), row(3, 1)]
        assert db.upsert(session, kept, rows, key=["id"], revision="revision") == 2
    with kept_sessions.begin() as session:
        assert db.upsert(session, kept, rows, key=["id"], revision="revision") == 0

    assert scores(kept_sessions) == {1: 5, 2: 7, 3: 1}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 9)), max_size=8), max_size=5),
    order=st.randoms(use_true_random=False),
)
def test_upserts_in_any_order_and_again_end_alike(
    kept_sessions: Sessions, batches: list[list[tuple[int, int]]], order: object
) -> None:
    rows = [pair for batch in batches for pair in batch]
    expected = {id_: max(revision for other, revision in rows if other == id_) for id_, _ in rows}

    with kept_sessions() as session:
        for batch in [*batches, *reversed(batches)]:
            given_rows = [row(id_, revision) for id_, revision in batch]
            db.upsert(session, kept, given_rows, key=["id"], revision="revision")
        found = {each.id: each.revision for each in session.execute(select(kept))}
        session.rollback()

    assert found == expected


def test_upsert_keeps_the_least_of_what_only_falls(kept_sessions: Sessions) -> None:
    falling = {"key": ["id"], "revision": "revision", "falling": True}
    with kept_sessions.begin() as session:
        assert db.upsert(session, kept, [row(1, 5), row(2, 5), row(2, 4)], **falling) == 2
    with kept_sessions.begin() as session:
        assert db.upsert(session, kept, [row(1, 6), row(2, 3), row(2, 9)], **falling) == 1

    assert scores(kept_sessions) == {1: 5, 2: 3}


def test_upsert_without_revision_keeps_the_last(kept_sessions: Sessions) -> None:
    with kept_sessions.begin() as session:
        db.upsert(session, kept, [row(1, 5), row(1, 3)], key=["id"])
    assert scores(kept_sessions) == {1: 3}


def test_upsert_in_many_slices(kept_sessions: Sessions) -> None:
    with kept_sessions.begin() as session:
        assert db.upsert(session, kept, [row(n, 1) for n in range(1201)], key=["id"]) == 1201


def test_upsert_names_rows_that_do_not_match(kept_sessions: Sessions) -> None:
    with kept_sessions() as session, pytest.raises(ValueError, match="differ in their columns"):
        db.upsert(session, kept, [row(1, 1), {"id": 2}], key=["id"])


def test_two_upserts_about_the_same_things_wait_for_each_other(kept_sessions: Sessions) -> None:
    def write(ids: list[int]) -> None:
        for revision in range(30):
            with kept_sessions.begin() as session:
                rows = [row(id_, revision) for id_ in ids]
                db.upsert(session, kept, rows, key=["id"], revision="revision")

    ids = list(range(40))
    at_once(*(partial(write, order) for order in (ids, ids[::-1], ids[20:] + ids[:20])))

    assert set(scores(kept_sessions).values()) == {29}


def test_a_reading_transaction_cannot_write(kept_sessions: Sessions) -> None:
    with db.reading(kept_sessions) as session, pytest.raises(DBAPIError):
        session.execute(insert(kept).values(row(1, 1)))
    with kept_sessions.begin() as session:
        session.execute(insert(kept).values(row(1, 1)))


def test_a_reader_does_not_wait_for_a_writer(kept_sessions: Sessions) -> None:
    with kept_sessions.begin() as writer:
        writer.execute(insert(kept).values(row(1, 1)))
        with db.reading(kept_sessions) as session:
            assert session.execute(select(kept)).all() == []


def test_writers_from_many_threads_take_turns(kept_sessions: Sessions) -> None:
    with kept_sessions.begin() as session:
        session.execute(insert(kept).values(row(1, 0)))

    def count() -> None:
        for _ in range(25):
            with kept_sessions.begin() as session:
                found = session.execute(db.locked(select(kept.c.revision))).scalar_one()
                session.execute(kept.update().values(revision=found + 1))

    at_once(*[count] * 8)

    assert scores(kept_sessions) == {1: 200}


def test_a_named_lock_lets_one_in(kept_sessions: Sessions) -> None:
    inside: list[int] = []
    most: list[int] = []

    def enter(number: int) -> None:
        with kept_sessions.begin() as session:
            db.exclusive(session, "room")
            inside.append(number)
            most.append(len(inside))
            session.execute(select(kept)).all()
            inside.remove(number)

    at_once(*(partial(enter, number) for number in range(8)))

    assert set(most) == {1}


def test_the_clock_tells_the_time_in_utc(sessions: Sessions) -> None:
    with sessions() as session:
        found = db.clock(session)
    assert found.tzinfo is UTC
    assert abs(found - datetime.now(UTC)) < timedelta(seconds=10)


def test_a_change_is_noticed(kept_sessions: Sessions) -> None:
    changed = db.changes(kept_sessions)
    assert changed()
    if db.engine(kept_sessions).dialect.name == "sqlite":
        assert not changed()
    with kept_sessions.begin() as session:
        session.execute(insert(kept).values(row(1, 1)))
    assert changed()


def test_sqlite_keeps_what_it_committed_through_a_power_cut(tmp_path: Path) -> None:
    sessions = db.sessions(f"sqlite:///{tmp_path}/x.db")
    with db.forgettable(sessions) as session:
        assert session.execute(text("PRAGMA synchronous")).scalar() == 1
    with sessions() as session:
        assert session.execute(text("PRAGMA synchronous")).scalar() == 2
        assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
    db.engine(sessions).dispose()


def test_a_locked_sqlite_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.db.connecting.WRITE_WAIT", 0.2)
    url = f"sqlite:///{tmp_path}/x.db"
    sessions = db.sessions(url)
    with sessions() as holder:
        holder.execute(text("CREATE TABLE t (id)"))
        with pytest.raises(DBAPIError) as refused, sessions() as session:
            session.execute(text("SELECT 1"))
    db.engine(sessions).dispose()

    assert db.unavailable(refused.value)


BUSY = """
import sys, time
from sqlalchemy import text
from chassis import db
sessions = db.sessions(sys.argv[1])
print("ready", flush=True)
until = time.monotonic() + 60
while time.monotonic() < until:
    with sessions.begin() as session:
        session.execute(text("UPDATE t SET n = n + 1"))
        time.sleep(0.004)
"""


def test_a_busy_process_leaves_room_for_another(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    sessions = db.sessions(url)
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE t (n)"))
        session.execute(text("INSERT INTO t VALUES (0)"))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "lib")}
    busy = subprocess.Popen(
        [sys.executable, "-c", BUSY, url], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert busy.stdout
    try:
        assert busy.stdout.readline() == "ready\n"
        begun = time.monotonic()
        for _ in range(10):
            with sessions.begin() as session:
                session.execute(text("UPDATE t SET n = n + 1"))
        assert time.monotonic() - begun < 10
    finally:
        busy.kill()
        busy.wait()
        busy.stdout.close()
        db.engine(sessions).dispose()


def test_writers_of_one_process_get_in_in_the_order_they_came(tmp_path: Path) -> None:
    sessions = db.sessions(f"sqlite:///{tmp_path}/x.db")
    with sessions.begin() as session:
        session.execute(text("CREATE TABLE t (n)"))
        session.execute(text("INSERT INTO t VALUES (0)"))
    done = threading.Event()
    busy = [0]

    def write() -> None:
        while not done.is_set():
            with sessions.begin() as session:
                session.execute(text("UPDATE t SET n = n + 1"))
            busy[0] += 1

    thread = threading.Thread(target=write)
    thread.start()
    eventually(lambda: busy[0] > 0)
    before = busy[0]
    for _ in range(20):
        with sessions.begin() as session:
            session.execute(text("UPDATE t SET n = n + 1"))
    others = busy[0] - before
    done.set()
    thread.join()
    db.engine(sessions).dispose()

    assert others <= 60


def test_memory_and_strange_databases_are_refused() -> None:
    for url in ("sqlite://", "sqlite:///:memory:", "mysql://x/y"):
        with pytest.raises(ValueError, match="sqlite"):
            db.sessions(url)


def test_a_broken_constraint_is_no_outage(kept_sessions: Sessions) -> None:
    with pytest.raises(IntegrityError) as refused, kept_sessions.begin() as session:
        session.execute(insert(kept), [row(1, 1), row(1, 1)])
    assert not db.unavailable(refused.value)
    assert not db.conflicted(refused.value)


def test_a_deadlock_is_a_conflict_and_no_outage(postgres: Postgres, database_url: str) -> None:
    sessions = db.sessions(database_url)
    tables.create_all(db.engine(sessions))
    with sessions.begin() as session:
        session.execute(insert(kept), [row(1, 1), row(2, 1)])
    both = threading.Barrier(2)

    def cross(first: int, second: int) -> None:
        with sessions.begin() as session:
            session.execute(kept.update().where(kept.c.id == first).values(revision=2))
            both.wait(10)
            session.execute(kept.update().where(kept.c.id == second).values(revision=2))

    with pytest.raises(DBAPIError) as failure:
        at_once(partial(cross, 1, 2), partial(cross, 2, 1))
    db.engine(sessions).dispose()

    assert db.conflicted(failure.value)
    assert not db.unavailable(failure.value)


@pytest.mark.parametrize("mode", ["fast", "immediate", "kill"])
def test_a_postgresql_that_goes_away_is_unavailable(postgres: Postgres, database_url: str, mode: str) -> None:
    sessions = db.sessions(database_url)
    try:
        with sessions() as session:
            session.execute(text("SELECT 1"))
            postgres.kill() if mode == "kill" else postgres.stop(mode)
            with pytest.raises(DBAPIError) as cut:
                session.execute(text("SELECT 1"))
        assert db.unavailable(cut.value)
        with pytest.raises(DBAPIError) as absent, sessions() as session:
            session.execute(text("SELECT 1"))
        assert db.unavailable(absent.value)
    finally:
        postgres.start()

    with sessions() as session:
        assert session.execute(text("SELECT 1")).scalar() == 1
    db.engine(sessions).dispose()


def test_a_session_that_an_administrator_ends_is_unavailable(database_url: str) -> None:
    sessions = db.sessions(database_url)
    with sessions() as session:
        pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (pid,))
            eventually(
                lambda: not other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone()
            )
        with pytest.raises(DBAPIError) as cut:
            session.execute(text("SELECT 1"))
    assert db.unavailable(cut.value)
    db.engine(sessions).dispose()


def test_a_used_up_pool_is_unavailable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chassis.db.connecting.WRITE_WAIT", 0.2)
    sessions = db.sessions(f"sqlite:///{tmp_path}/x.db", pool_size=1)
    held = [sessions() for _ in range(2)]
    for each in held:
        each.connection(execution_options={"chassis_reading": True})
    with pytest.raises(Exception, match="limit") as refused, sessions() as session:
        session.execute(text("SELECT 1"))
    assert db.unavailable(refused.value)
    for each in held:
        each.close()
    db.engine(sessions).dispose()
