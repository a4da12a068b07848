"""How a relay waits for a database that is away while the broker answers."""

import threading
from typing import Any

import pytest

from chassis import relay

ATTEMPTS = 6


class Stop(threading.Event):
    """Says stop after some pauses, and keeps how long they were to be."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout or 0.0)
        if len(self.pauses) == ATTEMPTS:
            self.set()
        return self.is_set()


class Publisher:
    """A broker that answers."""

    def __init__(self, *arguments: Any) -> None:
        self.blocked = False

    def close(self) -> None:
        pass


class Away:
    """A database that does not."""

    def __init__(self, *arguments: Any) -> None:
        pass

    def run(self) -> None:
        raise ConnectionRefusedError


def test_pauses_grow_while_only_the_database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "Publisher", Publisher)
    monkeypatch.setattr(relay, "_Relay", Away)
    stop = Stop()
    sessions: Any = None

    relay.run(sessions, "amqp://nowhere", stop, service="testing")

    assert stop.pauses == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2]
