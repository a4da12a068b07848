"""``python -m bench [--quick] [--only NAME …] [--people N …] [--out FOLDER]``."""

import argparse
import importlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from bench import machine, report
from bench.measuring import FULL, QUICK, Comparison
from bench.places import places
from bench.telling import tell

PARTS = {
    "relay": "bench.relay",
    "hop": "bench.hop.measuring",
    "latency": "bench.latency",
    "calls": "bench.calls",
    "export": "bench.export",
    "scoring": "bench.scoring",
    "allocation": "bench.allocation",
    "city": "bench.city.measuring",
    "country": "bench.country",
}


def main() -> None:
    """Measure what was asked for, and write what was found, that of a part that failed excepted."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs")
    parser.add_argument("--only", nargs="*", choices=PARTS, help="these parts alone")
    parser.add_argument("--people", nargs="*", type=int, help="sizes of the city's month")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    given = parser.parse_args()
    # As an exception, so that servers and folders go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    size = QUICK if given.quick else FULL
    found: dict[str, Any] = {
        "machine": machine.describe(), "size": {**size.plain()}, "facts": {}, "seconds": {}, "failed": {},
    }  # fmt: skip
    comparisons: list[Comparison] = []
    with places() as where:
        for name in given.only or PARTS:
            tell(f"{name}:")
            begun = time.perf_counter()
            part = importlib.import_module(PARTS[name])
            options: dict[str, Any] = {}
            if name == "city":
                options["sizes"] = given.people or ([1_500] if given.quick else [1_500, 15_000])
            if name == "country":
                options = {"measured": found, "comparisons": comparisons, "out": given.out}
            try:
                results = part.measure(where, size, **options)
            except Exception as error:  # noqa: BLE001
                found["failed"][name] = f"{type(error).__name__}: {error}"
                tell(f"  failed: {found['failed'][name]}")
                continue
            comparisons += results.comparisons
            found["facts"].update(results.facts)
            found["seconds"][name] = round(time.perf_counter() - begun, 1)
            found["machine"]["load_average_at_end"] = [round(each, 2) for each in os.getloadavg()]
            found["comparisons"] = [each.plain() for each in comparisons]
            report.write(found, comparisons, given.out)
    for each in comparisons:
        word = {True: "met", False: "MISSED", None: "reported"}[each.met]
        tell(f"{each.ratio:8.3g} {word:9} {each.what} | {each.against}")
    tell(f"written to {given.out}")


if __name__ == "__main__":
    main()
