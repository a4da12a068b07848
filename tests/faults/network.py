"""A service's worker and relay in a network namespace of their own, and cuts between it and the servers.

The broker and the database listen on the loopback interface only. Two pairs of virtual links lead into the
namespace, one for each server; at our end of each a small forwarder passes bytes on. A cut is made in the
kernel: the link goes down, or packets of one direction are thrown away by a blackhole route. Needs root.
"""

import os
import secrets
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Literal, Self

from faults.rig import Rig

Server = Literal["broker", "database"]
Direction = Literal["both", "to", "from"]
"""``to``: nothing reaches the server; ``from``: nothing comes back from it."""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@dataclass(slots=True)
class Namespace:
    """A namespace with a way to the broker and a way to the database."""

    rig: Rig
    name: str = field(init=False)
    _listeners: list[socket.socket] = field(init=False, default_factory=list)
    _links: dict[Server, tuple[str, str, str]] = field(init=False, default_factory=dict)
    """Our end's name, our address, its address."""

    def __enter__(self) -> Self:
        tag = secrets.token_hex(2)
        self.name = f"kpi{tag}"
        _ip("netns", "add", self.name)
        _ip("-n", self.name, "link", "set", "lo", "up")
        ports: dict[Server, int] = {"broker": self.rig.rabbitmq.port, "database": self.rig.postgres.port}
        block = 2 * secrets.randbelow(100)
        for number, (server, port) in enumerate(ports.items()):
            ours, theirs = f"k{tag}{number}a", f"k{tag}{number}b"
            near, far = f"10.213.{block + number}.1", f"10.213.{block + number}.2"
            _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name)
            _ip("addr", "add", f"{near}/30", "dev", ours)
            _ip("link", "set", ours, "up")
            _ip("-n", self.name, "addr", "add", f"{far}/30", "dev", theirs)
            _ip("-n", self.name, "link", "set", theirs, "up")
            self._links[server] = (ours, near, far)
            self._forward(near, port)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, stack: TracebackType | None
    ) -> None:
        for each in self._listeners:
            each.close()
        with suppress(subprocess.CalledProcessError):
            for ours, _, _ in self._links.values():
                _ip("link", "del", ours)
        _ip("netns", "del", self.name)

    def second(self, service: str, role: str) -> str:
        """Start one more process of a role in the namespace, and return its name; the first one is stopped.

        Its ``/ready`` is inside too, so nobody can wait for it from here.
        """
        first = self.rig.stack.processes[f"{service}-{role}"]
        if self.rig.alive(first.name):
            self.rig.stack.stop_process(first.name)
        name = f"{service}-{role}-cut"
        database = self.rig.urls[service].replace("127.0.0.1", self._links["database"][1])
        amqp = self.rig.amqp.replace("127.0.0.1", self._links["broker"][1])
        settings = (f"DATABASE_URL_{service.upper()}={database}", f"AMQP_URL={amqp}")
        into = ("ip", "netns", "exec", self.name, "env", *settings, sys.executable)
        self.rig.stack.processes[name] = replace(
            first,
            name=name,
            command=(*into, *first.command[1:-1], name),
            log=first.log.with_name(f"{name}.log"),
            running=None,
            wanted=False,
        )
        self.rig.begin(name, None, wait=False)
        return name

    def cut(self, server: Server, direction: Direction) -> None:
        """Let no packet through any more; nobody is told."""
        self.rig.mark(f"cut {direction} {server}")
        ours, near, far = self._links[server]
        match direction:
            case "both":
                _ip("link", "set", ours, "down")
            case "to":
                _ip("-n", self.name, "route", "add", "blackhole", f"{near}/32")
            case "from":
                _ip("route", "add", "blackhole", f"{far}/32")

    def mend(self, server: Server, direction: Direction) -> None:
        """Undo a cut."""
        self.rig.mark(f"mend {direction} {server}")
        ours, near, far = self._links[server]
        match direction:
            case "both":
                _ip("link", "set", ours, "up")
            case "to":
                _ip("-n", self.name, "route", "del", "blackhole", f"{near}/32")
            case "from":
                _ip("route", "del", "blackhole", f"{far}/32")

    def _forward(self, address: str, port: int) -> None:
        listener = socket.create_server((address, port))
        self._listeners.append(listener)

        def accept() -> None:
            while True:
                try:
                    near, _ = listener.accept()
                    far = socket.create_connection(("127.0.0.1", port), timeout=5)
                    far.settimeout(None)
                except OSError:
                    if listener.fileno() < 0:
                        return
                    continue
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=_pump, args=(one, other), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    """Pass bytes on until one side ends."""
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for each in (source, sink):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()


def possible() -> bool:
    """True if this process may make namespaces."""
    return os.geteuid() == 0
