"""What the figures were measured on."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = (
    "nameko", "kombu", "amqp", "eventlet", "SQLAlchemy", "psycopg", "grpcio", "protobuf", "faststream",
    "aio-pika", "numpy",
)  # fmt: skip


def describe() -> dict[str, Any]:
    """Return the processor, memory, system and versions, and how busy the machine was at the start."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = Path("/proc/meminfo").read_text().splitlines()[0].split()[1]
    return {
        "processor": cpu[0].partition(":")[2].strip() if cpu else platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(int(memory) / 2**20, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "postgresql": _first_line("postgres", "/usr/lib/postgresql"),
        "rabbitmq": _rabbitmq(),
        "load_average_at_start": [round(each, 2) for each in os.getloadavg()],
    }


def _first_line(program: str, folder: str) -> str:
    found = sorted(Path(folder).glob(f"*/bin/{program}"))
    if not found:
        return "unknown"
    return subprocess.run([found[-1], "--version"], capture_output=True, text=True, check=True).stdout.strip()


def _rabbitmq() -> str:
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*"))
    return found[-1].name.rpartition("-")[2] if found else "unknown"
