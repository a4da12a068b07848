"""Knows, from the databases alone, when everything that was announced has taken effect everywhere.

Asking the services for whole lists, as a person would, costs them more than the month does.
"""

import importlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench.places import connect
from chassis import topology
from kpi_cli.client import SERVICES

# As the relay asks, so that the indexes of the relay answer.
_UNSENT = (
    "SELECT EXISTS (SELECT FROM outbox WHERE sent_at IS NULL AND not_before IS NULL)"
    " OR EXISTS (SELECT FROM outbox WHERE sent_at IS NULL AND not_before IS NOT NULL)"
)


class Unheard(Exception):
    """Events were parked: the month is not what it should be."""


class Quiet:
    """Counts announcements and effects since a moment.

    :param databases: SQLAlchemy URLs by service
    """

    def __init__(self, databases: Mapping[str, str]) -> None:
        self._connections = {name: connect(url, autocommit=True) for name, url in databases.items()}
        self._since: dict[str, Any] = {}
        self._takers: dict[str, list[str]] = {}
        for name in SERVICES:
            worker = getattr(importlib.import_module(f"{name}.worker"), f"{name.capitalize()}Worker")
            for type_ in worker.interest().takes:
                self._takers.setdefault(type_, []).append(topology.queue(name, type_))
        self.begin()

    def begin(self) -> None:
        """Count from now on; everything before must have settled."""
        self._since = {name: self._one(name, "SELECT clock_timestamp()") for name in self._connections}

    def moving(self) -> str:
        """Return what is still on its way, or nothing.

        :raises Unheard: if an event was parked
        """
        for name in self._connections:
            if parked := self._one(name, "SELECT count(*) FROM parked"):
                raise Unheard(f"{name} has parked {parked} events")
            if self._one(name, _UNSENT):
                return f"{name} has events to send"
        if stale := self._one("scoring", "SELECT count(*) FROM month WHERE marked <> computed"):
            return f"scoring has {stale} months to compute"
        # Effects first: what is announced between the two looks is then missing, not overlooked.
        done: Counter[str] = Counter()
        for name in self._connections:
            done.update(self._counted(name, "handler", "inbox", "handled_at"))
        due: Counter[str] = Counter()
        for name in self._connections:
            for type_, count in self._counted(name, "type", "outbox", "recorded_at").items():
                due.update(dict.fromkeys(self._takers.get(type_, ()), count))
        late = {queue: count - done[queue] for queue, count in due.items() if done[queue] < count}
        return ", ".join(f"{queue} lacks {count}" for queue, count in sorted(late.items()))

    def close(self) -> None:
        """Close the connections."""
        for each in self._connections.values():
            each.close()

    def _counted(self, service: str, what: str, table: str, when: str) -> dict[str, int]:
        question = f"SELECT {what}, count(*) FROM {table} WHERE {when} >= %s GROUP BY 1"
        rows: list[Any] = self._connections[service].execute(question, (self._since[service],)).fetchall()
        return {name: int(count) for name, count in rows}

    def _one(self, service: str, question: str) -> Any:
        row: Any = self._connections[service].execute(question).fetchone()
        return row[0]
