"""The report of a run: a table, what was found, what is not there yet, and a timeline."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import control, scenarios
from faults.checker import Verdict
from faults.rig import Rig
from faults.stage import Stage

Run = Callable[[Stage], Verdict]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one scenario.

    :param ok: it passed; a control passes by failing
    """

    name: str
    title: str
    verdict: Verdict
    ok: bool
    control: bool
    began: float
    took: float
    notes: Sequence[str]

    @property
    def word(self) -> str:
        """The result in a word."""
        if self.control:
            return "sees it" if self.ok else "BLIND"
        return "pass" if self.ok else "FAIL"


def measured(name: str, run: Run, stage: Stage, began: float) -> Result:
    """Run a scenario and return what came of it."""
    verdict = run(stage)
    arm = name.startswith("off-")
    ok = control.seen(name, verdict) if arm else verdict.passed
    title = (run.__doc__ or "").strip().splitlines()[0] if arm else _title(name)
    return Result(name, title, verdict, ok, arm, began, time.time() - began, tuple(stage.notes))


def _title(name: str) -> str:
    full = next(each for each in scenarios.NAMES if each.startswith(name.partition("-")[0]))
    told: str = scenarios.load(full).__doc__ or ""
    return told.strip().splitlines()[0]


def missing() -> list[str]:
    """Return the scenarios of the list that do not exist yet."""
    return [each for each in scenarios.NAMES if not scenarios.written(each)]


def write(out: Path, seed: int, results: Sequence[Result], rig: Rig, begun: float) -> None:
    """Write ``report.md`` and ``timeline.svg``."""
    out.mkdir(parents=True, exist_ok=True)
    lines = [
        "# Fault suite",
        "",
        f"Seed {seed}, {(time.time() - begun) / 60:.1f} minutes. Again: `make faults ARGS='--seed {seed}'`.",
        "",
        f"| scenario | result | {' | '.join(Verdict().numbers())} | drained | settled |",
        "| --- | --- | " + "--: | " * 9 + "--- | --: |",
    ]
    for each in results:
        verdict = each.verdict
        counts = " | ".join(str(value) for value in verdict.numbers().values())
        drained = "yes" if verdict.drained else "no"
        lines.append(f"| {each.name} | {each.word} | {counts} | {drained} | {verdict.settled_s:.1f} s |")
    lines += ["", "![timeline](timeline.svg)", "", "## What each did", ""]
    for each in results:
        lines.append(f"- **{each.name}** ({each.took:.0f} s): {each.title}")
        lines += [f"  - {note}" for note in (*each.notes, *each.verdict.told[:6])]
    if gone := missing():
        lines += ["", "## Not written yet", "", *(f"- {each}" for each in gone)]
    (out / "report.md").write_text("\n".join(lines) + "\n")
    _draw(out / "timeline.svg", results, rig, begun)


def _draw(path: Path, results: Sequence[Result], rig: Rig, begun: float) -> None:
    import matplotlib as mpl

    mpl.use("svg")
    import matplotlib.pyplot as plt

    figure, (upper, lower) = plt.subplots(2, 1, sharex=True, figsize=(14, 6), layout="constrained")
    at = [each[0] - begun for each in rig.samples]
    upper.plot(at, [each[1] for each in rig.samples], color="#a33", linewidth=1, label="unsent events")
    upper.set_ylabel("unsent events")
    rates = [
        max(0.0, (later[2] - earlier[2]) / (later[0] - earlier[0]))
        for earlier, later in zip(rig.samples, rig.samples[1:], strict=False)
    ]
    lower.plot(at[1:], rates, color="#257", linewidth=1, label="effects per second")
    lower.set_ylabel("effects per second")
    lower.set_xlabel("seconds")
    for index, each in enumerate(results):
        start = each.began - begun
        for axis in (upper, lower):
            axis.axvspan(start, start + each.took, color="#888", alpha=0.08 + 0.08 * (index % 2))
        upper.text(start, 1.01, each.name, transform=upper.get_xaxis_transform(), fontsize=7, rotation=45)
    for when, what in rig.marks:
        if not what.startswith(("begin", "end", "healed")):
            lower.axvline(when - begun, color="#a33", alpha=0.25, linewidth=0.6)
    figure.savefig(path)
    plt.close(figure)
