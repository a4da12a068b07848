"""An image holds the library and one service: that must be enough for each of its processes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.settings import SERVICES

PROJECT = Path(__file__).parents[3]

LAUNCH = """
import importlib, runpy, sys
app, service, role = sys.argv[1:]
# The project is installed here for development; an image has /app and the locked packages only.
sys.path = [app] + [each for each in sys.path if not each.rstrip("/").endswith(("/services", "/lib", "/cli"))]
if role == "migrate":
    sys.argv = [service, "migrate"]
    runpy.run_module(service, run_name="__main__", alter_sys=True)
else:
    module = importlib.import_module(f"{service}.{role}")
    assert module.__file__.startswith(app), module.__file__
    others = {"planning", "scoring", "approval", "reward", "notification", "kpi_cli"} - {service}
    assert not others & sys.modules.keys(), others & sys.modules.keys()
"""


def _image(service: str, app: Path) -> Path:
    """Lay out what the Dockerfile copies from the project."""
    dockerfile = (PROJECT / "deploy" / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (?:--from=build /build/)?(\S+) (?:/app/)(\S+)$", dockerfile, re.MULTILINE)
    assert len(copied) == 3
    for source, target in copied:
        source_path = PROJECT / source.replace("${SERVICE}", service)
        shutil.copytree(
            source_path,
            app / target.replace("${SERVICE}", service),
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return app


@pytest.mark.parametrize("role", ["api", "worker", "migrate"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_needs_nothing_but_itself_and_the_library(service: str, role: str, tmp_path: Path) -> None:
    app = _image(service, tmp_path / "app")
    done = subprocess.run(
        [sys.executable, "-c", LAUNCH, str(app), service, role],
        env={
            "PATH": os.environ["PATH"],
            "DATABASE_URL": f"sqlite:///{tmp_path}/{service}.db",
            "AMQP_URL": "memory://",
            "KPI_STATE": str(tmp_path),
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert role != "migrate" or (tmp_path / f"{service}.db").stat().st_size > 0
