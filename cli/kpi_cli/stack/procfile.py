"""The list of processes: ``name: command`` lines."""

import shlex
from pathlib import Path

from kpi_cli.stack.failure import StackFailed

_DEPLOY = Path(__file__).resolve().parents[3] / "deploy"
PROCFILE = _DEPLOY / "Procfile"
"""Every process of every service, for a broker and databases that run elsewhere."""
EMBEDDED = _DEPLOY / "Procfile.embedded"
"""The same work in two processes."""


def read_procfile(path: Path) -> dict[str, tuple[str, ...]]:
    """Return the commands of a Procfile by name, in its order; ``#`` begins a comment line.

    :raises StackFailed: if a line is not ``name: command``, or a name stands twice; it names file and line
    """
    commands: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, _, command = line.partition(":")
        words = tuple(shlex.split(command))
        if not words or not name.strip():
            raise StackFailed(f"{path}:{number}: {line!r} is not `name: command`")
        if name.strip() in commands:
            raise StackFailed(f"{path}:{number}: {name.strip()} stands there twice")
        commands[name.strip()] = words
    return commands
