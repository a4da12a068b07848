"""What processes cost: seconds of processor, and memory."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
_UTIME, _STIME, _CUTIME, _CSTIME = 11, 12, 13, 14
"""Places in ``/proc/<pid>/stat`` after the name, in ticks; the last two are those of children that ended."""
_PARENT = 1

PLAYER = "the player"
"""The bench's own process: whoever reads the workbooks in and presses the buttons."""

Seconds = dict[str, float]


def processor(pids: Mapping[str, int], trees: Mapping[str, int]) -> Seconds:
    """Return the seconds of processor, user and system, that each process has had so far.

    :param pids: processes of the stack by name
    :param trees: servers by name: each with its children, those that ended among them
    """
    found = {name: _own(_stat(pid)) for name, pid in pids.items()}
    children = _children()
    for name, pid in trees.items():
        stat = _stat(pid)
        ended = (int(stat[_CUTIME]) + int(stat[_CSTIME])) / _TICKS if stat else 0.0
        found[name] = _own(stat) + ended + sum(_own(_stat(child)) for child in children.get(pid, ()))
    return found | {PLAYER: time.process_time()}


def spent(before: Seconds, after: Seconds) -> Seconds:
    """Return what was spent between two looks."""
    return {name: round(after[name] - before[name], 2) for name in after}


def peak(pid: int) -> float:
    """Return the most memory that a process has had, MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _own(stat: list[str]) -> float:
    return (int(stat[_UTIME]) + int(stat[_STIME])) / _TICKS if stat else 0.0


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and (stat := _stat(int(each.name))):
            found.setdefault(int(stat[_PARENT]), []).append(int(each.name))
    return found
