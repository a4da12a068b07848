"""Arms that are run in turn, medians of their runs, and the ratio that a target is about."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bench.telling import tell

Run = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of doing the work, run several times.

    :param name: what the report calls it
    :param run: does the work once and returns its figure
    :param times: how often, where it is not as often as the others (slow ones)
    """

    name: str
    run: Run
    times: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What an arm came to: every run, in the order in which they were made."""

    name: str
    runs: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the runs."""
        return statistics.median(self.runs)

    @property
    def spread(self) -> float:
        """The distance of the extremes, as a part of the median."""
        return (max(self.runs) - min(self.runs)) / self.median if self.median else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table: ours beside one opponent.

    :param unit: of both figures, such as ``events/s``
    :param ratio: ours over theirs where more is better, else as ``better`` says
    :param target: what the ratio is held to; ``None`` where it is only reported
    :param better: whether a high or a low ratio is good
    """

    what: str
    against: str
    unit: str
    ours: Figure
    theirs: Figure
    target: float | None
    better: Literal["high", "low"] = "high"
    note: str = ""

    @property
    def ratio(self) -> float:
        """Our median over theirs."""
        return self.ours.median / self.theirs.median

    @property
    def met(self) -> bool | None:
        """True if the target is met; ``None`` without one."""
        if self.target is None:
            return None
        return self.ratio >= self.target if self.better == "high" else self.ratio <= self.target

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "what": self.what,
            "against": self.against,
            "unit": self.unit,
            "ratio": self.ratio,
            "target": self.target,
            "better": self.better,
            "met": self.met,
            "ours": {"median": self.ours.median, "runs": list(self.ours.runs)},
            "theirs": {"median": self.theirs.median, "runs": list(self.theirs.runs)},
            "note": self.note,
        }


@dataclass(slots=True)
class Results:
    """Everything that one benchmark found."""

    comparisons: list[Comparison] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    """Figures beside the comparisons, by name; plain JSON."""

    def compare(
        self,
        what: str,
        against: str,
        unit: str,
        found: Mapping[str, Figure],
        theirs: str,
        target: float | None,
        *,
        better: Literal["high", "low"] = "high",
        note: str = "",
    ) -> None:
        """Put the arm called ``ours`` beside another one."""
        self.comparisons.append(
            Comparison(what, against, unit, found["ours"], found[theirs], target, better, note)
        )

    def plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"comparisons": [each.plain() for each in self.comparisons], "facts": self.facts}


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured.

    :param runs: of each fast arm
    :param events: in one run of a relay or a hop
    :param seconds: of a run that is made for a time
    :param people: in memory
    """

    runs: int
    events: int
    slow_events: int
    rows: int
    seconds: float
    people: int
    country: int

    def plain(self) -> Mapping[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


FULL = Size(
    runs=5, events=20_000, slow_events=2_000, rows=50_000, seconds=8.0, people=15_000, country=150_000
)
QUICK = Size(runs=3, events=6_000, slow_events=500, rows=10_000, seconds=3.0, people=2_000, country=20_000)


def interleaved(arms: Sequence[Arm], runs: int) -> dict[str, Figure]:
    """Run the arms in turn, so that whatever else the machine does hits all of them, and return figures."""
    found: dict[str, list[float]] = {arm.name: [] for arm in arms}
    for round_ in range(runs):
        # Every other round backwards: no arm always runs after the same neighbor.
        for arm in arms if round_ % 2 == 0 else reversed(arms):
            if round_ < (arm.times or runs):
                found[arm.name].append(arm.run())
                tell(f"    {arm.name}: {found[arm.name][-1]:,.4g}")
    return {name: Figure(name, tuple(values)) for name, values in found.items()}
