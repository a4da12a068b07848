"""The version before this one, for a service that is not upgraded yet while the others are.

Its code runs on the schema of today: migrations come before the processes, so an upgrade meets just that.
"""

import subprocess
import sys
from pathlib import Path

COMMIT = "93cbd86cd913be165bb5476bc9fa1694ea9ef1b4"
"""The last version before this one; it moves on with each that is handed out."""
SERVICES = ("planning", "scoring", "approval", "reward", "notification")
"""Who may stay behind."""
ROOT = Path(__file__).resolve().parents[2]


def tree(folder: Path) -> str | None:
    """Return the ``PYTHONPATH`` of the version before, unpacked into ``folder``.

    :return: None where the repository's history is not at hand
    """
    if not (folder / "lib/kpi").is_dir():
        archive = subprocess.run(
            ["git", "-C", str(ROOT), "archive", COMMIT, "services", "lib", "cli", "tests", "protos"],
            capture_output=True,
            check=False,
        )
        if archive.returncode:
            return None
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
        protos = [str(each) for each in sorted((folder / "protos").rglob("*.proto"))]
        subprocess.run(
            [
                *(sys.executable, "-m", "grpc_tools.protoc", "-I", str(folder / "protos")),
                *(f"--{kind}_out={folder / 'lib'}" for kind in ("python", "grpc_python")),
                *protos,
            ],
            check=True,
        )
    return ":".join(str(folder / each) for each in ("tests", "services", "lib", "cli"))
