"""Ports on the loopback interface that nobody listens on."""

import socket

_given: set[int] = set()


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that is free now and that no earlier call of this process returned."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


def listens(port: int) -> bool:
    """True if something accepts connections on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
