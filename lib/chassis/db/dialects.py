"""Where PostgreSQL and SQLite part ways inside a transaction: locks, the clock, many rows at once.

SQLite has one writer at a time, so a write transaction there already excludes every other: ``FOR UPDATE``,
``SKIP LOCKED`` and named locks have nothing left to do.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnClause,
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    cast,
    column,
    func,
    inspect,
    literal,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, sessionmaker

from chassis.db.types import Instant, written

S = TypeVar("S", bound=Select[Any])

Sessions = sessionmaker[Session]

CHUNK = 500
"""Rows in one statement; with 60 columns still below SQLite's 32,766 variables."""

_NO_ARRAY = (ARRAY,)
"""Types that an array of would be something else than a column of: PostgreSQL unnests to the last element."""


def locked(statement: S, *, skip: bool = False) -> S:
    """Hold the rows that ``statement`` finds until the transaction ends; ``skip`` passes over held ones."""
    return statement.with_for_update(skip_locked=skip)


def exclusive(session: Session, name: str) -> None:
    """Wait until no other transaction holds the lock called ``name``, and hold it until this one ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(text("pg_advisory_xact_lock(:key)")), {"key": lock_key(name)})
    else:
        # Its one write transaction is the lock, but only once it has begun.
        session.connection()


def lock_key(name: str) -> int:
    """Return the number under which PostgreSQL knows the lock called ``name``."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def clock(session: Session) -> datetime:
    """Return the database's own time, which all replicas share, in UTC."""
    if session.get_bind().dialect.name == "postgresql":
        found: datetime = session.execute(select(text("clock_timestamp()"))).scalar_one()
        return found.astimezone(UTC)
    # SQLite runs on the machine that asks.
    return datetime.now(UTC)


def changes(sessions: Sessions) -> Callable[[], bool]:
    """Return a question to ask again and again: "anything new?".

    PostgreSQL has no cheap answer, so it is always yes. SQLite counts other connections' commits in shared
    memory, and telling costs a few microseconds.
    """
    engine = sessions.kw["bind"]
    if engine.dialect.name == "postgresql":
        return lambda: True
    connection = engine.raw_connection()
    connection.detach()
    last: list[int] = []

    def asked() -> bool:
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        changed = last != [version]
        last[:] = [version]
        return changed

    return asked


def now(session: Session) -> ColumnElement[datetime]:
    """Return the database's own time as an expression, to write into an :class:`Instant` column."""
    if session.get_bind().dialect.name == "postgresql":
        return func.clock_timestamp()
    return literal(datetime.now(UTC), Instant)


def upsert(
    session: Session,
    table: Table | type[Any],
    rows: Iterable[Mapping[str, Any]],
    *,
    key: Sequence[str],
    revision: str | None = None,
    falling: bool = False,
) -> int:
    """Insert rows, or update those that are there, and return how many were written.

    :param table: a table or a mapped class
    :param rows: one mapping a row, from column name to value, all with the same names
    :param key: the columns of a primary or unique key
    :param revision: a column that only grows: a row is updated only if the given value is greater than the
        stored one, so an older event changes nothing; of two rows with one key the greater wins. Without it,
        the last one wins.
    :param falling: True if that column only falls: the lesser value wins
    :raises ValueError: if the rows differ in their columns
    """
    target = table if isinstance(table, Table) else inspect(table).local_table
    newest = _newest(rows, key, revision, falling=falling)
    if not newest:
        return 0
    names = newest[0].keys()
    if any(row.keys() != names for row in newest):
        raise ValueError(f"rows for {target.name} differ in their columns: {sorted(names)} in the first")
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(target)
    changes = {name: statement.excluded[name] for name in names if name not in key}
    if changes:
        newer = None
        if revision:
            newer = _newer(statement.excluded[revision], target.c[revision], falling=falling)
        statement = statement.on_conflict_do_update(index_elements=list(key), set_=changes, where=newer)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(key))
    counted = statement.returning(literal(1))
    written = 0
    for start in range(0, len(newest), CHUNK):
        chunk = newest[start : start + CHUNK]
        if on_postgresql and _arrays_do(target, names):
            found = session.execute(counted.from_select(list(names), _columns(target, list(names), chunk)))
        else:
            found = session.execute(counted, [dict(row) for row in chunk])
        written += len(found.all())
    return written


def append(
    session: Session,
    table: Table | type[Any],
    rows: Sequence[Mapping[str, Any]],
    *,
    same: Mapping[str, ColumnElement[Any]] | None = None,
    skip: bool = False,
) -> None:
    """Insert new rows in their order, many with one statement.

    :param rows: one mapping a row, from column name to value, all with the same names
    :param same: expressions for further columns, evaluated anew for each row
    :param skip: pass over rows whose key is there already
    """
    if not rows:
        return
    target = table if isinstance(table, Table) else inspect(table).local_table
    names = list(rows[0])
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    statement = (postgresql.insert if on_postgresql else sqlite.insert)(target)
    if skip:
        statement = statement.on_conflict_do_nothing()
    further = same or {}
    if not on_postgresql or not _arrays_do(target, names):
        session.execute(statement.values(**further), [dict(row) for row in rows])
        return
    for start in range(0, len(rows), CHUNK):
        given = _columns(target, names, rows[start : start + CHUNK]).add_columns(*further.values())
        session.execute(statement.from_select([*names, *further], given))


def among(session: Session, columns: Sequence[Any], keys: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    """Return the condition that the columns together are one of these keys, all of them not null.

    On PostgreSQL the text is the same for any number of keys, and the keys are a table to join: a list of
    rows would be compared with every row wherever the table's statistics are young.

    :param columns: of plain types, no JSON and no arrays
    """
    if session.get_bind().dialect.name != "postgresql":
        return tuple_(*columns).in_(keys)
    types = [String() if isinstance(each.type, String) else each.type for each in columns]
    arrays = [
        bindparam(None, [key[place] for key in keys], type_=postgresql.ARRAY(type_), unique=True)
        for place, type_ in enumerate(types)
    ]
    names = [column(f"key_{place}", type_) for place, type_ in enumerate(types)]
    wanted = func.unnest(*arrays).table_valued(*names).render_derived(name="wanted")
    return tuple_(*columns).in_(select(*wanted.c))


def _arrays_do(table: Table, names: Iterable[str]) -> bool:
    return not any(isinstance(table.c[name].type, _NO_ARRAY) for name in names)


def _columns(table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """Return the rows as a query over one array a column.

    The statement is the same for any number of rows, so that neither SQLAlchemy nor psycopg builds or reads
    one with thousands of parameters: at a few hundred rows that costs more than all the rest.
    """
    arrays: list[ColumnElement[Any]] = []
    columns: list[ColumnClause[Any]] = []
    type_: Any
    for name in names:
        type_, values = table.c[name].type, [row[name] for row in rows]
        columns.append(column(name, type_))
        if isinstance(type_, JSON):
            # One text for all of them: in an array of texts every quotation mark would be escaped once more.
            together = bindparam(None, written(values), type_=String(), unique=True)
            each = func.json_array_elements(cast(together, type_))
            arrays.append(func.array(select(each).scalar_subquery()))
            continue
        if isinstance(type_, String):
            # A collation belongs to the column that is written, not to the array that is read.
            type_ = String()
        arrays.append(bindparam(None, values, type_=postgresql.ARRAY(type_), unique=True))
    given = func.unnest(*arrays).table_valued(*columns).render_derived(name="given")
    return select(*(given.c[name] for name in names))


def _newer(given: Any, known: Any, *, falling: bool) -> Any:
    """Compare two values, or two columns in SQL."""
    return given < known if falling else given > known


def _newest(
    rows: Iterable[Mapping[str, Any]], key: Sequence[str], revision: str | None, *, falling: bool
) -> list[Mapping[str, Any]]:
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for row in rows:
        at = tuple(row[name] for name in key)
        if revision is None or at not in found or _newer(row[revision], found[at][revision], falling=falling):
            found[at] = row
    # One order for all writers, so that two batches about the same things cannot lock each other out.
    return [found[at] for at in sorted(found, key=lambda at: tuple(map(str, at)))]
