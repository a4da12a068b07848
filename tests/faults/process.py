"""Runs one process of a service with fail-points in it: ``python -m faults.process SERVICE ROLE NAME``.

The product knows nothing of fail-points. This module lays them around named functions of the chassis before
it runs :func:`chassis.process.main`, after the process has chosen between eventlet and threads. What happens
at them is read from ``FAULTS/plans/NAME.json`` when the process starts (:mod:`faults.plans`).
"""

import importlib
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chassis import process


def run(service: str, role: str, name: str) -> None:
    """Become that process, with what its plan says laid into it."""
    folder = Path(os.environ["FAULTS"])
    path = folder / "plans" / f"{name}.json"
    plan: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}

    def laid(original: Callable[..., None]) -> Callable[..., None]:
        def started(*arguments: Any) -> None:
            from faults import clocks, journal, points, switches

            journal.lay(role, folder / "deliveries" / f"{name}.log")
            points.lay(role, plan.get("points", []), folder / "hits" / f"{name}.log")
            points.lay_handlers(role, plan)
            switches.lay(role, plan.get("off", []))
            if skew := plan.get("skew"):
                # Last, when all of the product that the role needs is loaded.
                importlib.import_module("chassis.relay" if role == "relay" else f"{service}.{role}")
                clocks.skew(float(skew), back_after=float(plan.get("back_after", 0)))
            original(*arguments)

        return started

    for door in ("_api", "_workers", "_relay"):
        setattr(process, door, laid(getattr(process, door)))
    process.main(service, [role])


if __name__ == "__main__":
    run(*sys.argv[1:])
