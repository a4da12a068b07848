"""The control arm: each of the devices that keep the promises, switched off in one process.

==================  ==============================================================================
``inbox``           every delivery counts as the first
``late_ack``        messages are acked before the handler's transaction
``mandatory``       events are published without the mandatory flag
``claims``          the relay reads ``position > last`` instead of claiming what is unsent
``skip_locked``     the relay waits for rows that another relay holds
==================  ==============================================================================
"""

from collections.abc import Sequence
from typing import Any

ALL = ("inbox", "late_ack", "mandatory", "claims", "skip_locked")


def lay(role: str, off: Sequence[str]) -> None:
    """Switch devices off in this process; those of other roles are passed over."""
    for each in off:
        owner, switch = _SWITCHES[each]
        if owner == role:
            switch()


def _inbox() -> None:
    from chassis import inbox

    def all_of_them(session: Any, ids: Any, *, handler: str) -> set[Any]:
        return set(ids)

    inbox.first_times = all_of_them


def _late_ack() -> None:
    from chassis.bus.subscription import Subscription

    def consume(self: Any, source: Any) -> None:
        while not self._stopping.is_set():
            if deliveries := source.take(self.batch, self.linger):
                source.ack()
                self._settle(deliveries)

    Subscription._consume = consume  # type: ignore[method-assign]


def _mandatory() -> None:
    from chassis.relay import wire

    wire._MANDATORY = b"\x00"


def _claims() -> None:
    from sqlalchemy import func, select

    from chassis import relay
    from chassis.db.tables import outbox as table
    from chassis.relay import rows

    last: list[int] = []

    def claim(sessions: Any, limit: int, *, held: Any = (), refused: bool = False) -> Any:
        session = sessions()
        if not last:
            newest = session.execute(select(func.max(table.c.position))).scalar()
            last.append(newest or 0)
        if refused:
            return rows.Claim(session, [])
        after = table.c.position > last[0]
        found = select(*rows._COLUMNS).where(after).order_by(table.c.position).limit(limit)
        taken = [rows.Row(*row) for row in session.execute(found)]
        if taken:
            last[0] = taken[-1].position
        return rows.Claim(session, taken)

    relay.claim = claim  # type: ignore[attr-defined]


def _skip_locked() -> None:
    from chassis import db
    from chassis.relay import rows

    locked = db.locked

    class Waiting:
        """``chassis.db`` as the relay sees it, without SKIP LOCKED."""

        def __getattr__(self, name: str) -> Any:
            return getattr(db, name)

        def locked(self, statement: Any, *, skip: bool = False) -> Any:
            return locked(statement)

    setattr(rows, "db", Waiting())  # noqa: B010


_SWITCHES = {
    "inbox": ("worker", _inbox),
    "late_ack": ("worker", _late_ack),
    "mandatory": ("relay", _mandatory),
    "claims": ("relay", _claims),
    "skip_locked": ("relay", _skip_locked),
}
