"""Leases: who runs a timer, and when it is due again.

A row in the service's database for each timer; its times are the database's, so that replicas with wrong
clocks agree. A replica that dies loses its lease after :data:`LEASE`. One that was only stopped for that long
may come back while another runs, so a run changes rows in transactions that check what they change.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from chassis import db
from chassis.db.tables import lease as table

LEASE = timedelta(seconds=30)
"""How long a lease holds; a running timer renews it three times in that time."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run a timer now."""

    name: str
    holder: str
    asked: int
    """How often the timer had been woken when the run began."""


def take(session: Session, name: str, holder: str, *, woken: bool = False) -> Lease | None:
    """Take the lease of a timer, or return None if it is not due or another replica runs it.

    :param woken: it is due now, whatever the table says; a run in another replica is followed by one more
    """
    at = db.clock(session)
    row = session.execute(db.locked(select(table).where(table.c.name == name))).first()
    if row is None:
        session.execute(insert(table).values(name=name, due_at=at, asked=0))
        row = session.execute(select(table).where(table.c.name == name)).one()
    asked = row.asked + woken
    if row.held_until and row.held_until > at and row.holder != holder:
        if woken:
            session.execute(update(table).where(table.c.name == name).values(asked=asked))
        return None
    if row.due_at > at and not woken:
        return None
    changes = {"holder": holder, "held_until": at + LEASE, "asked": asked}
    session.execute(update(table).where(table.c.name == name).values(**changes))
    return Lease(name, holder, asked)


def renew(session: Session, lease: Lease) -> bool:
    """Hold a lease longer; False if another replica has it by now."""
    held = session.execute(_mine(lease).values(held_until=db.clock(session) + LEASE))
    return held.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def give_back(session: Session, lease: Lease, *, seconds: float) -> None:
    """End a run: due again in ``seconds``, or at once if somebody woke the timer meanwhile."""
    at = db.clock(session)
    row = session.execute(db.locked(select(table.c.asked).where(table.c.name == lease.name))).one()
    wait = 0 if row.asked != lease.asked else seconds
    session.execute(_mine(lease).values(holder=None, held_until=None, due_at=at + timedelta(seconds=wait)))


def _mine(lease: Lease) -> Any:
    return update(table).where(table.c.name == lease.name, table.c.holder == lease.holder)


def due_in(session: Session, name: str) -> float | None:
    """Return the seconds until a timer may run: 0 or less is now; None if it never ran."""
    row = session.execute(select(table).where(table.c.name == name)).first()
    if row is None:
        return None
    at: datetime = max(row.due_at, row.held_until or row.due_at)
    return (at - db.clock(session)).total_seconds()
