"""Tells a database that is away from a statement that failed."""

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_AWAY = ("08", "53", "57P")
"""SQLSTATE beginnings: connection, resources (disk, memory, connections), operator (shutdown, recovery)."""

_AGAIN = ("40",)
"""SQLSTATE beginnings: serialization failure, deadlock."""

_SQLITE_AWAY = ("locked", "busy", "unable to open", "disk i/o", "disk is full")


def unavailable(error: BaseException) -> bool:
    """True if the database could not be reached or cannot work now: try the same again later.

    A lost connection, a shutdown or crash recovery, no free connection, a full disk, and SQLite's "database
    is locked". Not a wrong statement, a broken constraint or a deadlock.
    """
    match error:
        case PoolTimeout():
            return True
        case PendingRollbackError():
            return error.code == "8s2b"
        case DBAPIError():
            return error.connection_invalidated or _away(error.orig)
        case _:
            return _away(error)


def cut(error: BaseException) -> bool:
    """True if a connection that had worked is gone: a read may have its answer on another one."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def conflicted(error: BaseException) -> bool:
    """True if two transactions got into each other's way (deadlock, serialization): try again at once."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(cause, psycopg.Error) and (cause.sqlstate or "").startswith(_AGAIN)


def _away(cause: BaseException | None) -> bool:
    if isinstance(cause, psycopg.Error):
        if cause.sqlstate:
            return cause.sqlstate.startswith(_AWAY)
        return isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    if isinstance(cause, sqlite3.OperationalError):
        text = str(cause).lower()
        return any(word in text for word in _SQLITE_AWAY)
    return False
