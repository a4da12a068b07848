"""Questions to the system about processes and ports."""

import http
import http.client
import os
import secrets
import signal
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

HOST = "127.0.0.1"
TAIL_LINES = 20
_given: set[int] = set()


def waiting_for(address: str) -> str | None:
    """Return None if the process is ready, else what it waits for."""
    host, _, port = address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=5)
    try:
        connection.request("GET", "/ready")
        reply = connection.getresponse()
        body = reply.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        return str(error)
    finally:
        connection.close()
    return None if reply.status == http.HTTPStatus.OK else body


def send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to a process and all of its group; none is left, none is told."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def started_at(pid: int) -> str:
    """Return when a process started, in the kernel's ticks: with it, a process id means one process only."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def is_alive(pid: int, started: str) -> bool:
    """True if that process, and not a later one of the same id, runs."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return started_at(pid) == started and state != "Z"


def how_it_ended(status: int) -> str:
    """Return a child's end in words."""
    return f"killed by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"


def tail(log: Path) -> str:
    """Return the last lines of a log, or nothing if there is none."""
    try:
        return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-TAIL_LINES:])
    except FileNotFoundError:
        return ""


def free_port() -> int:
    """Return a port of the loopback interface that is free now, and that no earlier call returned.

    It lies below those that the system gives to outgoing connections, so that it is still free when a process
    that was killed starts again.
    """
    while True:
        port = 20000 + secrets.randbelow(10000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            if port not in _given:
                _given.add(port)
                return port


def listens(host: str, port: int) -> bool:
    """True if something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
