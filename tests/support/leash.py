"""Ends the servers of a test run whose own process ended without doing so (SIGKILL, SIGTERM, a crash).

Runs as a process of its own, reads lines such as ``hold 123``, ``drop 123`` and ``folder /some/where`` from
its standard input, and acts when that closes, which the kernel sees to whatever happens to the writer. It
imports only the standard library, so that it can be started by path.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


class Leash:
    """The near end: tells the process that waits."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # Ctrl-C is for the tests, which then stop their servers themselves
        )

    def hold(self, pid: int) -> None:
        """End that process, and its descendants, when this one is gone."""
        self._tell(f"hold {pid}")

    def drop(self, pid: int) -> None:
        """Forget that process: it has ended."""
        self._tell(f"drop {pid}")

    def folder(self, path: Path) -> None:
        """Delete that folder when this process is gone."""
        self._tell(f"folder {path}")

    def release(self) -> None:
        """End what is still held, delete the folders, and wait until that is done."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def descendants(pid: int) -> list[int]:
    """Return the processes that ``pid`` started, and those that they started, and so on."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, IndexError):
                # The name, in parentheses, may hold spaces; the parent is the second field after it.
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def kill_tree(pid: int) -> None:
    """Send SIGKILL to a process and all its descendants, the process itself first."""
    for each in [pid, *descendants(pid)]:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)


def _wait_and_end() -> None:
    held: set[int] = set()
    folders: list[str] = []
    for line in sys.stdin:
        verb, _, argument = line.rstrip("\n").partition(" ")
        match verb:
            case "hold":
                held.add(int(argument))
            case "drop":
                held.discard(int(argument))
            case "folder":
                folders.append(argument)
    for pid in held:
        kill_tree(pid)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    _wait_and_end()
