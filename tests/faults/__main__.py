# ruff: noqa: T201
"""``python -m faults [SCENARIO…] [--seed N] [--short] [--control]``: run scenarios and write the report."""

import argparse
import secrets
import shutil
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

from faults import control, report, scenarios
from faults.rig import Rig
from faults.stage import Stage, out_folder


def main() -> int:
    """Run what the command line names; 0 if everything kept its promise."""
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__)
    parser.add_argument(
        "scenario", nargs="*", help="such as s01, or a control such as off-inbox; default: all"
    )
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--short", action="store_true", help="fewer faults in each")
    parser.add_argument("--out", type=Path, default=out_folder())
    parser.add_argument("--keep", action="store_true", help="keep logs and journals of the run")
    given = parser.parse_args()
    chosen = {name: f for name, f in _known().items() if not given.scenario or name in given.scenario}
    if unknown := set(given.scenario) - chosen.keys():
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}; there are {', '.join(_known())}")
    print(f"seed {given.seed}", flush=True)
    folder = Path(mkdtemp(prefix="kpi-faults-"))
    rig = Rig(folder)
    results: list[report.Result] = []
    begun = time.time()
    try:
        rig.start()
        for name, run in chosen.items():
            stage = Stage(rig, given.seed, short=given.short)
            began = time.time()
            print(f"{name} …", flush=True)
            result = report.measured(name, run, stage, began)
            results.append(result)
            print(f"  {result.word}  {result.verdict.line()}", flush=True)
            for note in (*result.notes, *result.verdict.told):
                print(f"    {note}", flush=True)
            if name in scenarios.SPOIL_THE_RIG:
                rig.close()
                rig = rig.successor()
                rig.start()
    finally:
        rig.close()
        if results:
            report.write(given.out, given.seed, results, rig, begun)
            print(f"report: {given.out / 'report.md'}")
        if given.keep:
            print(f"logs: {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(each.ok for each in results) else 1


def _known() -> dict[str, report.Run]:
    found: dict[str, report.Run] = {}
    for name in scenarios.NAMES:
        if scenarios.written(name):
            module = scenarios.load(name)
            found[name.split("_")[0]] = module.run
    return found | control.TWINS | control.ARMS


if __name__ == "__main__":
    sys.exit(main())
