"""What was asked and what was answered: an append-only file, on disk before anybody goes on."""

import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Command:
    """One command as the client saw it."""

    number: int
    kind: str
    ward_id: str
    facts: dict[str, Any]
    acknowledged: bool = False
    tries: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class Oracle:
    """Writes what happens at the clients' side; knows nothing of the services' insides.

    :param path: the file; one JSON object a line
    """

    path: Path
    commands: list[Command] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    """Answers that should not have been given."""
    unavailable: int = 0
    """Calls that were refused with UNAVAILABLE."""
    bare: int = 0
    """Of those, refused by a service that runs, without retry information."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _file: int = -1

    def __post_init__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self.path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def attempt(self, kind: str, ward_id: str, facts: dict[str, Any]) -> Command:
        """Keep that a command is about to be sent."""
        with self._lock:
            command = Command(len(self.commands), kind, ward_id, facts)
            self.commands.append(command)
            self._write({"attempt": command.number, "kind": kind, "ward": ward_id, **facts})
        return command

    def acknowledge(self, command: Command, answer: str) -> None:
        """Keep that it was answered."""
        with self._lock:
            command.acknowledged = True
            self._write({"acknowledged": command.number, "tries": command.tries, "answer": answer})

    def surprise(self, what: str) -> None:
        """Keep that something was answered that should not be."""
        with self._lock:
            self.surprises.append(what)
            self._write({"unexpected": what})

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._file, (json.dumps({"at": round(time.time(), 3), **line}) + "\n").encode())
        os.fsync(self._file)
