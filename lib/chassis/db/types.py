"""Column types that give back exactly what was put in, on PostgreSQL and on SQLite alike."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Numeric, String
from sqlalchemy.types import TypeDecorator, TypeEngine

__all__ = ["COLLATION", "JSON", "Exact", "Instant", "Key", "Position", "by_value", "written"]

COLLATION = "exact"
"""SQLite's collation for decimals kept as text; every connection of :func:`chassis.db.sessions` knows it."""

Position = BigInteger().with_variant(Integer, "sqlite")
"""A growing number that the database hands out. SQLite numbers only a plain INTEGER by itself."""


Key = String(200).with_variant(String(200, collation="C"), "postgresql")
"""An id: at most 200 characters, compared and sorted by bytes on both databases, whatever their locale."""


class Instant(TypeDecorator[datetime]):
    """A point in time: goes in with any time zone and comes out in UTC, to the microsecond.

    PostgreSQL keeps ``timestamptz``. SQLite has no such type and keeps ISO 8601 text of fixed width in UTC,
    so that text order is time order.

    :raises ValueError: (on the way in) if the instant has no time zone
    """

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(32))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone: an instant needs one (chassis.days.now)")
        utc = value.astimezone(UTC)
        return utc.isoformat(timespec="microseconds") if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """A decimal of any length, trailing zeros included: ``Decimal("1.50")`` comes back as ``1.50``.

    PostgreSQL keeps ``numeric``. SQLite, which knows only binary floats, keeps text that compares and sorts
    by value (collation ``exact``); its ``sum()`` would be a float, so sum in Python.

    :raises TypeError: (on the way in) for a float
    :raises ValueError: (on the way in) for NaN and infinity
    """

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(collation=COLLATION))
        return dialect.type_descriptor(Numeric(asdecimal=True))

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
            raise TypeError(f"{value!r} is a {type(value).__name__}: give a Decimal")
        exact = Decimal(value)
        if not exact.is_finite():
            raise ValueError(f"{exact} is no amount")
        if exact.is_zero():
            exact = exact.copy_abs()
        return format(exact, "f") if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def by_value(left: str, right: str) -> int:
    """Compare two decimals written as text: SQLite's collation for :class:`Exact`."""
    a, b = Decimal(left), Decimal(right)
    return (a > b) - (a < b)


def written(value: object) -> str:
    """Return a value as a JSON column keeps it.

    :raises TypeError: for what JSON does not know, decimals among it
    """
    return _JSON.encode(value)


def _refuse(value: object) -> str:
    raise TypeError(f"{value!r} has no place in JSON: write it as text first")


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_refuse)
