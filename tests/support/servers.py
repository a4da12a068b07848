"""A PostgreSQL and a RabbitMQ of the tests' own: real processes, free loopback ports, throw-away folders.

Nothing here looks at, starts or stops a server that the machine already runs. When the tests run as root,
each server runs as its package's user (PostgreSQL refuses root).
"""

import base64
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import amqp
import psycopg
from psycopg import sql

from support.leash import Leash, kill_tree
from support.ports import free_port, listens
from support.waiting import eventually

HOST = "127.0.0.1"
REMEDY = "run `make test-servers` as root"


class MissingServer(Exception):
    """A server's programs are not installed."""


class ServerFailed(Exception):
    """A server did not start; the message ends with the last lines of its log."""


class Servers:
    """The folder that a test run's servers live in, and the leash that ends them if the run cannot."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kpi-servers-"))
        self.folder.chmod(0o755)  # the servers' own users must get through
        self.leash = Leash()
        self.leash.folder(self.folder)

    def close(self) -> None:
        """End whatever still runs and delete the folder."""
        self.leash.release()


class _Server:
    """One server process: its folder, its user, its log."""

    def __init__(self, servers: Servers, name: str, user: str) -> None:
        self._servers = servers
        self._name = name
        self._user = _entry(user, name) if os.geteuid() == 0 else None
        self.folder = servers.folder / f"{name}-{uuid.uuid4().hex[:8]}"
        self.log = self.folder / "log"
        self._make(self.folder)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process id of the running server.

        :raises ServerFailed: if it does not run
        """
        if self._process is None:
            raise ServerFailed(f"{self._name} is not running")
        return self._process.pid

    @property
    def running(self) -> bool:
        """True from start to stop, kill or crash."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the server at once, as a power cut would: SIGKILL to it and its children."""
        if self._process is not None:
            kill_tree(self._process.pid)
            self._ended(within=10)

    def _make(self, folder: Path) -> Path:
        folder.mkdir(mode=0o700, parents=True)
        if self._user:
            os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        return folder

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o400 if name.startswith(".") else 0o600)
        if self._user:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)
        return path

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
                **self._as_user(),
            )
        self._servers.leash.hold(process.pid)
        return process

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            timeout=120,
            **self._as_user(),
        )
        if done.returncode:
            raise ServerFailed(
                f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}{done.stdout}"
            )
        return done.stdout

    def _as_user(self) -> dict[str, Any]:
        if self._user is None:
            return {}
        return {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}

    def _await(self, ready: Callable[[], bool], within: float) -> None:
        process = self._process
        assert process is not None

        def answer() -> bool:
            if process.poll() is not None:
                raise ServerFailed(
                    f"{self._name} ended with {process.returncode} while starting:\n{self.tail()}"
                )
            return ready()

        try:
            eventually(answer, within=within)
        except AssertionError as late:
            raise ServerFailed(f"{self._name} was not ready within {within} s:\n{self.tail()}") from late

    def _ended(self, within: float) -> None:
        assert self._process is not None
        try:
            self._process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            kill_tree(self._process.pid)
            self._process.wait(timeout=10)
            raise ServerFailed(f"{self._name} did not stop within {within} s:\n{self.tail()}") from None
        finally:
            self._servers.leash.drop(self._process.pid)
            self._process = None

    def tail(self, lines: int = 30) -> str:
        """Return the last lines of the server's log."""
        return (
            "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""
        )


class Postgres(_Server):
    """A PostgreSQL cluster of one superuser, ``kpi``, without a password, on a loopback port only.

    :param durable: False switches off fsync, for tests that need speed more than a power cut's truth
    """

    def __init__(self, servers: Servers, *, durable: bool = True) -> None:
        super().__init__(servers, "postgres", "postgres")
        self._bin = _postgres_programs()
        self.port = free_port()
        self._durable = durable
        self._data = self.folder / "data"
        self._run(
            [str(self._bin / "initdb"), "--pgdata", str(self._data), "--username", "kpi", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions"],
            self._environment(),
        )  # fmt: skip

    def start(self) -> None:
        """Start it, and return when it answers questions."""
        flag = "on" if self._durable else "off"
        settings = {
            "listen_addresses": HOST, "port": str(self.port), "unix_socket_directories": "",
            "max_connections": "300", "shared_buffers": "128MB", "max_wal_size": "2GB",
            "fsync": flag, "synchronous_commit": flag, "full_page_writes": flag,
            "timezone": "UTC", "lc_messages": "C.UTF-8", "log_line_prefix": "%m [%p] %d ",
        }  # fmt: skip
        arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = self._spawn(
            [str(self._bin / "postgres"), "-D", str(self._data), *arguments], self._environment()
        )
        self._await(self._answers, within=30)

    def stop(self, mode: str = "fast") -> None:
        """Stop it as ``pg_ctl stop`` would in that mode: ``smart``, ``fast`` or ``immediate``."""
        signals = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
        if self._process is not None:
            os.kill(self._process.pid, signals[mode])
            self._ended(within=30)

    def url_for(self, database: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://kpi@{HOST}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        self._execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return self.url_for(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, and the connections that are still open to it; none is fine."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Give the URL of a new empty database that is dropped afterwards."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        url = self.create_database(name)
        try:
            yield url
        finally:
            if not self.running:
                self.start()  # a test may leave it dead
            self.drop_database(name)

    def _execute(self, statement: sql.Composed) -> None:
        with self._connect() as connection:
            connection.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=HOST, port=self.port, user="kpi", dbname="postgres", autocommit=True, connect_timeout=5
        )

    def _answers(self) -> bool:
        try:
            with self._connect() as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


class RabbitMQ(_Server):
    """One RabbitMQ node with its own name server (epmd), cookie and folders; loopback ports only.

    Its management plugin answers on ``management_port``, because a virtual host is made in milliseconds there
    and in seconds by ``rabbitmqctl``.
    """

    def __init__(self, servers: Servers) -> None:
        super().__init__(servers, "rabbitmq", "rabbitmq")
        self._bin = _rabbitmq_programs()
        self._epmd_program = _program("epmd", ("/usr/bin", "/usr/lib/erlang/bin"), "RabbitMQ")
        self.port, self.management_port = free_port(), free_port()
        self._epmd_port, self._dist_port = free_port(), free_port()
        self.node = f"kpi{self.port}@{HOST}"
        self._epmd: subprocess.Popen[bytes] | None = None
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


def _entry(user: str, name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise MissingServer(f"no user {user} to run {name} as: {REMEDY}") from None


def _program(name: str, folders: Sequence[str], product: str) -> str:
    found = next(
        (str(Path(folder, name)) for folder in folders if Path(folder, name).exists()), shutil.which(name)
    )
    if found is None:
        raise MissingServer(f"{product} is not installed ({name} is nowhere): {REMEDY}")
    return found


def _postgres_programs() -> Path:
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if versions:
        return max(versions, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    return Path(_program("initdb", (), "PostgreSQL")).resolve().parent


def _rabbitmq_programs() -> Path:
    # Debian's command on the PATH changes users and folders; the script it calls does as it is told.
    return Path(_program("rabbitmq-server", ("/usr/lib/rabbitmq/bin",), "RabbitMQ")).parent
