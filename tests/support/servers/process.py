"""What the servers have in common: a folder, a user, a log, a process that is started and ended."""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from support.leash import Leash, kill_tree
from support.waiting import eventually

Process = subprocess.Popen[bytes]

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


class Server:
    """One server process: its folder, its user, its log."""

    def __init__(self, servers: Servers, name: str, user: str) -> None:
        self._servers = servers
        self._name = name
        self._user = account(user, name) if os.geteuid() == 0 else None
        self.folder = servers.folder / f"{name}-{uuid.uuid4().hex[:8]}"
        self.log = self.folder / "log"
        self._make(self.folder)
        self._process: Process | None = None

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

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str]) -> Process:
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


def account(user: str, name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError:
        raise MissingServer(f"no user {user} to run {name} as: {REMEDY}") from None


def program(name: str, folders: Sequence[str], product: str) -> str:
    found = next(
        (str(Path(folder, name)) for folder in folders if Path(folder, name).exists()), shutil.which(name)
    )
    if found is None:
        raise MissingServer(f"{product} is not installed ({name} is nowhere): {REMEDY}")
    return found
