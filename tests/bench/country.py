"""The way to the country: a queueing simulation of a month's last week, fed by measured service times.

3,321 communes, 2.2 million people, everything due in the same two days. Fluid queues, a minute a step: each
stage takes what arrived, at the rate of its replicas, and KEDA's rule sets the replicas every half minute
from the queue's length. What is simulated is capacity; it says nothing of a broker's or a database's own
limits, which docs/scale.md reckons beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bench.measuring import Comparison, Results, Size
from bench.places import Places

PEOPLE = 2_200_000
WARDS = 3_321
MINUTES = 7 * 24 * 60
STEP_S = 60.0

PER_REPLICA = 2_000
"""Messages of backlog that KEDA gives a replica: its ``value`` for the trigger ``QueueLength``."""
COOLDOWN = 5
"""Minutes that a replica stays after it is not needed."""
LAG = 2
"""Minutes from a queue that grows to a replica that works: polling, scheduling, start."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One kind of work.

    :param per_person: units of it that a person's month makes
    :param rate: units a second of one replica, one core
    """

    name: str
    per_person: float
    rate: float
    most: int


@dataclass(slots=True)
class Course:
    """What happened to a stage, minute by minute."""

    backlog: list[float] = field(default_factory=list)
    replicas: list[int] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)
    """Minutes that the newest arrival waits, at the present rate."""


def arrivals(minute: int) -> float:
    """Return the share of a month's work that arrives in a minute of the last week.

    A tenth over the first five days and nine tenths in the last two, within office hours (7:30 to 11:30 and
    13:30 to 17:00) and most of it in the two hours before each day's end.
    """
    day, of_day = divmod(minute, 24 * 60)
    hour = of_day / 60
    if not (7.5 <= hour < 11.5 or 13.5 <= hour < 17):
        return 0.0
    weight = 3.0 if 15 <= hour < 17 else 1.0
    minutes_of_weight = 60 * (4 + 1.5 + 2 * 3)
    share = 0.45 if day >= 5 else 0.02
    return share * weight / minutes_of_weight


def simulate(stage: Stage, people: int, *, autoscaled: bool = True) -> Course:
    """Return the course of a stage over the week."""
    course, backlog, replicas, idle = Course(), 0.0, 1, 0
    asked: list[int] = [1] * LAG
    for minute in range(MINUTES):
        backlog += arrivals(minute) * people * stage.per_person
        effective = asked[-LAG]
        if effective >= replicas:
            replicas, idle = effective, 0
        else:
            idle += 1
            if idle >= COOLDOWN:
                replicas, idle = effective, 0
        backlog = max(0.0, backlog - replicas * stage.rate * STEP_S)
        # What the autoscaler sees is what was left over.
        wanted = min(stage.most, max(1, math.ceil(backlog / PER_REPLICA))) if autoscaled else stage.most
        asked.append(wanted)
        course.backlog.append(backlog)
        course.replicas.append(replicas)
        course.latency.append(backlog / (replicas * stage.rate * 60))
    return course


def measure(
    places: Places,
    size: Size,
    *,
    measured: dict[str, Any],
    comparisons: Sequence[Comparison],
    out: Path,
) -> Results:
    """Simulate with this run's rates, and draw backlog, latency and replicas."""
    stages = rates(measured, comparisons)
    results = Results()
    courses = {stage.name: simulate(stage, PEOPLE) for stage in stages}
    results.facts["country"] = {
        "people": PEOPLE,
        "communes": WARDS,
        "stages": {
            stage.name: {
                "units a person": stage.per_person,
                "units/s of a replica": stage.rate,
                "replicas at most": stage.most,
                "peak replicas": max(courses[stage.name].replicas),
                "peak backlog": round(max(courses[stage.name].backlog)),
                "longest wait, minutes": round(max(courses[stage.name].latency), 1),
                "backlog at the end": round(courses[stage.name].backlog[-1]),
                "replica-hours": round(sum(courses[stage.name].replicas) / 60),
            }
            for stage in stages
        },
    }
    out.mkdir(parents=True, exist_ok=True)
    draw(courses, out / "country.svg")
    fixed = {stage.name: simulate(replace(stage, most=1), PEOPLE, autoscaled=False) for stage in stages}
    results.facts["country"]["with one replica of each, longest wait, minutes"] = {
        name: round(max(course.latency), 1) for name, course in fixed.items()
    }
    return results


def rates(measured: dict[str, Any], comparisons: Sequence[Comparison]) -> list[Stage]:
    """Return the stages with the service times that this run measured, or with those that stand in."""
    medians = {
        each.what.partition(":")[0]: each.ours.median for each in comparisons if each.unit == "events/s"
    }
    city = (measured["facts"].get("city") or [{}])[-1]
    events = city.get("events", 0) / city["people"] if city.get("people") else EVENTS_A_PERSON
    deliveries = city.get("deliveries", 0) / city["people"] if city.get("people") else DELIVERIES_A_PERSON
    scored = measured["facts"].get("scoring", {}).get("people/s without explanations", SCORED)
    steps = city.get("steps", {}).get("results")
    imported = city["people"] / steps if steps else IMPORTED
    return [
        Stage("import of results (people)", 1.0, imported, 64),
        Stage("relay (events)", events, medians.get("relay", RELAYED), 8),
        Stage("workers (deliveries)", deliveries, medians.get("one hop", HANDLED), 48),
        # Each fact makes its month stale; a ward is computed anew about twenty times before it is quiet.
        Stage("scoring (people scored anew)", 20.0, scored, 16),
    ]


EVENTS_A_PERSON, DELIVERIES_A_PERSON = 11.4, 17.4
"""As a city of 4,500 counted them, from the results to the allocation."""
SCORED, IMPORTED, RELAYED, HANDLED = 15_000.0, 48.0, 1_600.0, 700.0
"""What stands in when a part was not measured in this run: a shared, overloaded machine's figures."""


def draw(courses: dict[str, Course], path: Path) -> None:
    """Draw backlog, wait and replicas over the last three days."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 8), layout="constrained")
    rows: Any = figure.subplots(3, 1, sharex=True)
    days = [minute / 1440 for minute in range(MINUTES)]
    start = 4 * 1440
    for name, course in courses.items():
        three: list[list[float]] = [course.backlog, course.latency, [float(each) for each in course.replicas]]
        for axes, values in zip(rows, three, strict=True):
            axes.plot(days[start:], values[start:], label=name)
    for axes, title in zip(rows, ("backlog, messages or people", "wait, minutes", "replicas"), strict=True):
        axes.set_ylabel(title)
        axes.spines[["top", "right"]].set_visible(False)
    rows[0].legend(frameon=False, fontsize=8)
    rows[2].set_xlabel("day of the month's last week")
    figure.savefig(path)
