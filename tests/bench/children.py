"""Processes of a benchmark: started and warm first, then told to go."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

TESTS = Path(__file__).parents[1]


class ChildFailed(Exception):
    """A process of a benchmark ended or said something else than expected; its log is in the message."""


class Child:
    """A process that runs a module of the bench, near its end.

    It says ``ready``, waits for ``go``, and answers with a line of JSON.
    """

    def __init__(self, module: str, *arguments: str, log: Path) -> None:
        self._log = log
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", module, *arguments],
                env={**os.environ, "PYTHONPATH": str(TESTS)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self._module = module

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def __enter__(self) -> Self:
        self._said("ready")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()

    def go(self) -> None:
        """Let it begin."""
        assert self._process.stdin
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Wait for what it found."""
        return json.loads(self._line())

    def _said(self, word: str) -> None:
        line = self._line()
        if line.strip() != word:
            raise ChildFailed(f"{self._module} said {line!r} instead of {word}: {self._tail()}")

    def _line(self) -> str:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise ChildFailed(f"{self._module} ended with {self._process.wait()}: {self._tail()}")
        return line

    def _tail(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


def ready() -> None:
    """Say, in the child, that everything is imported and connected; return when told to go."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if not sys.stdin.readline():
        os._exit(0)


def answer(found: object) -> None:
    """Say, in the child, what was found."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def until_killed(watch: Callable[[], bool] = lambda: True) -> None:
    """Keep a child running until its parent is gone or done with it."""
    import time

    while watch() and os.getppid() != 1:
        time.sleep(0.2)
