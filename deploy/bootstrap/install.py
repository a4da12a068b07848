# ruff: noqa: INP001 (run by path, before anything is installed)
"""Makes the virtual environment, on a machine that has Python and nothing else.

Debian's python3 comes without pip and without ensurepip, so the environment is made without pip, and the pip
that installs into it is the wheel that lies beside this file. Standard library only.

    python3 install.py VENV runtime|dev|project

``runtime`` installs requirements.lock, ``dev`` requirements-dev.lock, and ``project`` makes the project
itself importable (editable). Only wheels are taken, each with the hash that the lock states: no compiler is
asked for, and nothing but the locked files gets in.
"""

import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
OLDEST = (3, 11)
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}


def main(arguments: list[str]) -> None:
    """Install what the command line asks for; end with a sentence and status 1 if that cannot be."""
    if sys.version_info < OLDEST:
        sys.exit(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}")
    match arguments:
        case [folder, ("runtime" | "dev" | "project") as what]:
            environment = Path(folder).resolve()
        case _:
            sys.exit(f"usage: {Path(__file__).name} VENV runtime|dev|project")
    with (HERE / "SHA256SUMS").open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # two makes at once must not write into one environment
        python = environment / "bin" / "python"
        if not python.exists():
            venv.create(environment, with_pip=False, clear=True, symlinks=True)
        # -I: an environment variable meant for another Python must not lead this one astray.
        pip = [str(python), "-I", str(_pip_wheel() / "pip"), "--disable-pip-version-check", "--no-input"]
        install = [*pip, "install", "-qq", "--no-user", "--no-warn-script-location"]
        if what == "project":
            _call([*install, "--no-deps", "--no-build-isolation", "--no-index", "--editable", str(PROJECT)])
        else:
            lock = PROJECT / LOCKS[what]
            _call([*install, "--require-hashes", "--only-binary", ":all:", "--requirement", str(lock)])


def _pip_wheel() -> Path:
    """Return the wheel, which is what its stated hash says, or end."""
    digest, name = (HERE / "SHA256SUMS").read_text().split()
    wheel = HERE / name
    if not wheel.is_file():
        sys.exit(f"{wheel} is missing: get the whole project again")
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != digest:
        sys.exit(f"{wheel} is not the file it should be: its SHA-256 is {found}, SHA256SUMS says {digest}")
    return wheel


def _call(command: list[str]) -> None:
    status = subprocess.run(command, check=False).returncode
    if status:
        sys.exit(f"pip ended with status {status}: see above")


if __name__ == "__main__":
    main(sys.argv[1:])
