"""Ports on the loopback interface that nobody listens on."""

import secrets
import socket
from contextlib import suppress

_given: set[int] = set()


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now and that no earlier call of this process returned.

    It lies below those that the system gives to outgoing connections, so that it is still free when a server
    that was killed starts again.
    """
    while True:
        port = 10000 + secrets.randbelow(10000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def listens(port: int) -> bool:
    """True if something accepts connections on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
