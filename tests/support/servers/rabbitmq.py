"""RabbitMQ for tests."""

import base64
import json
import os
import secrets
import signal
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp

from support.ports import free_port, listens
from support.servers.process import Process, Server, Servers, program
from support.waiting import eventually

HOST = "127.0.0.1"


class RabbitMQ(Server):
    """One RabbitMQ node with its own name server (epmd), cookie and folders; loopback ports only.

    Its management plugin answers on ``management_port``, because a virtual host is made in milliseconds there
    and in seconds by ``rabbitmqctl``.
    """

    def __init__(self, servers: Servers) -> None:
        super().__init__(servers, "rabbitmq", "rabbitmq")
        self._bin = _rabbitmq_programs()
        self._epmd_program = program("epmd", ("/usr/bin", "/usr/lib/erlang/bin"), "RabbitMQ")
        self.port, self.management_port = free_port(), free_port()
        self._epmd_port, self._dist_port = free_port(), free_port()
        self.node = f"kpi{self.port}@{HOST}"
        self._epmd: Process | None = None
        self._write(".erlang.cookie", secrets.token_hex(16))
        self._write("enabled_plugins", "[rabbitmq_management].\n")
        self._write("env.conf", "")
        self._write(
            "rabbitmq.conf", "".join(f"{name} = {value}\n" for name, value in self._settings().items())
        )
        for name in ("mnesia", "logs", "plugins"):
            self._make(self.folder / name)

    def start(self) -> None:
        """Start it, and return when clients can log in."""
        if self._epmd is None or self._epmd.poll() is not None:
            command = [self._epmd_program, "-port", str(self._epmd_port), "-address", HOST]
            self._epmd = self._spawn(command, self._environment())
            eventually(lambda: listens(self._epmd_port), within=10)
        self._process = self._spawn([str(self._bin / "rabbitmq-server")], self._environment())
        self._await(self._answers, within=90)

    def stop(self) -> None:
        """Stop it in order, as an operator would."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGTERM)
            self._ended(within=60)

    def close(self) -> None:
        """End it and its name server; nothing of it will be wanted again."""
        try:
            self.kill()
        finally:
            if self._epmd is not None:
                self._epmd.kill()
                self._epmd.wait(timeout=10)
                self._servers.leash.drop(self._epmd.pid)
                self._epmd = None

    def amqp_url(self, vhost: str) -> str:
        """Return the AMQP URL of a virtual host."""
        return f"amqp://guest:guest@{HOST}:{self.port}/{vhost}"

    def add_vhost(self, name: str) -> str:
        """Make an empty virtual host that ``guest`` may do everything in, and return its URL."""
        self.ask("PUT", f"vhosts/{name}")
        self.ask("PUT", f"permissions/{name}/guest", {"configure": ".*", "write": ".*", "read": ".*"})
        return self.amqp_url(name)

    def delete_vhost(self, name: str) -> None:
        """Delete a virtual host with its queues, and cut its connections."""
        self.ask("DELETE", f"vhosts/{name}")

    def break_queue(self, vhost: str, queue: str) -> None:
        """Make unreadable what the stopped node keeps of a quorum queue: it will be there, and down."""
        found = [
            each
            for each in (self.folder / "mnesia").glob("*/quorum/*/*/config")
            if f"'{vhost}_{queue}'" in each.read_text(errors="replace")
        ]
        if self.running or len(found) != 1:
            raise AssertionError(f"running, or not one folder of {queue}: {found}")
        found[0].write_text("unreadable")

    @contextmanager
    def fresh_vhost(self) -> Iterator[str]:
        """Give the URL of a new empty virtual host that is deleted afterwards."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        url = self.add_vhost(name)
        try:
            yield url
        finally:
            if not self.running:
                self.start()  # a test may leave it dead
            self.delete_vhost(name)

    def ctl(self, *arguments: str) -> str:
        """Run ``rabbitmqctl`` on this node and return what it printed; takes a second or two."""
        return self._run([str(self._bin / "rabbitmqctl"), "--quiet", *arguments], self._environment())

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Ask the management API, and return the answer's JSON, or None where it has none.

        :param path: below ``/api/``, such as ``queues/%2F``
        :raises urllib.error.HTTPError: if it refuses
        """
        request = urllib.request.Request(
            f"http://{HOST}:{self.management_port}/api/{path}",
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={
                "Authorization": "Basic " + base64.b64encode(b"guest:guest").decode(),
                "Content-Type": "application/json",
            },
        )
        # The machine's proxy settings do not concern the loopback interface.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as reply:
            text = reply.read()
        return json.loads(text) if text else None

    def _answers(self) -> bool:
        try:
            with amqp.Connection(f"{HOST}:{self.port}", connect_timeout=5, read_timeout=5):
                pass
            self.ask("GET", "vhosts")
        except (OSError, amqp.exceptions.AMQPError, urllib.error.URLError):
            return False
        return True

    def _settings(self) -> dict[str, str]:
        return {
            "listeners.tcp.local": f"{HOST}:{self.port}",
            "management.tcp.ip": HOST,
            "management.tcp.port": str(self.management_port),
            "vm_memory_high_watermark.absolute": "2GB",
            "disk_free_limit.absolute": "50MB",
            "log.console": "true",
            "log.file": "false",
        }

    def _environment(self) -> dict[str, str]:
        folder = self.folder
        loopback = "{127,0,0,1}"
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LC_ALL": "C.UTF-8",
            "RUNNING_UNDER_SYSTEMD": "1",  # the script then becomes the server, and our pid is the server's
            "RABBITMQ_NODENAME": self.node,
            "RABBITMQ_USE_LONGNAME": "true",  # 127.0.0.1 is a long name, and needs no name service
            "RABBITMQ_CONF_ENV_FILE": str(folder / "env.conf"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PLUGINS_EXPAND_DIR": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"-kernel inet_dist_use_interface {loopback}",
            "RABBITMQ_CTL_ERL_ARGS": f"-kernel inet_dist_use_interface {loopback}",
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": HOST,
        }


def _rabbitmq_programs() -> Path:
    # Debian's command on the PATH changes users and folders; the script it calls does as it is told.
    return Path(program("rabbitmq-server", ("/usr/lib/rabbitmq/bin",), "RabbitMQ")).parent
