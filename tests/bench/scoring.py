"""Scoring in memory, one core: the product beside a loop by hand with fractions, and numpy in floats."""

import gc
import time
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from bench import workforce
from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places
from bench.workforce import Employee
from scoring.domain import exact, explanation, work
from scoring.domain.explanation import explain
from scoring.domain.person import Person, Role
from scoring.domain.policy import DEFAULT
from scoring.domain.score import score_month
from scoring.domain.work import Fault, Kind, Task

WHAT = "score, quota and explain a city in memory, 15 tasks each, one core"


def measure(places: Places, size: Size) -> Results:
    """Measure in turn; every arm gets values of its own, made beforehand."""
    wards = list(workforce.wards(size.people))
    ours = [[_person(each) for each in ward] for ward in wards]
    slow = [[_by_hand(each) for each in ward] for ward in wards]
    unlike = [[workforce.unlike(each) for each in ward] for ward in wards]
    ours_unlike = [[_person(each) for each in ward] for ward in unlike]
    slow_unlike = [[_by_hand(each) for each in ward] for ward in unlike]
    fast = [_columns(ward) for ward in wards]
    totals: dict[str, list[str]] = {}
    results = Results()

    # What all the arms were given is not theirs to clean up, in a run of tenths of a second.
    gc.collect()
    gc.freeze()

    def timed(name: str, work: Callable[[], list[str]]) -> Callable[[], float]:
        def run() -> float:
            forget()
            begun = time.process_time()
            totals[name] = work()
            return size.people / (time.process_time() - begun)

        return run

    found = interleaved(
        [
            Arm("ours", timed("ours", lambda: [total for ward in ours for total in score(ward)])),
            Arm("fractions", timed("fractions", lambda: [total for ward in slow for total in by_hand(ward)])),
            Arm("numpy", timed("numpy", lambda: [total for ward in fast for total in with_numpy(ward)])),
            Arm(
                "score only",
                timed("score only", lambda: [total for ward in ours for total in score(ward, say=False)]),
            ),
            Arm("unlike", timed("unlike", lambda: [total for ward in ours_unlike for total in score(ward)])),
            Arm(
                "unlike by hand",
                timed("unlike by hand", lambda: [total for ward in slow_unlike for total in by_hand(ward)]),
            ),
        ],
        max(3, size.runs - 2),
    )
    assert totals["ours"] == totals["fractions"] == totals["score only"]
    assert totals["unlike"] == totals["unlike by hand"]
    different = len({job for ward in wards for each in ward for job in each.jobs})
    differ = sum(one != other for one, other in zip(totals["ours"], totals["numpy"], strict=True))
    results.compare(
        WHAT, "the same by hand, fractions.Fraction (slow bound, exact)", "people/s", found, "fractions",
        5.0,
        note=f"Ours and the loop agree on every total. {different} different tasks, as a catalogue has; ours "
        "writes each of them out once in a run.",
    )  # fmt: skip
    results.compare(
        f"{WHAT}; no two tasks alike", "the same by hand, fractions.Fraction (slow bound, exact)", "people/s",
        {"ours": found["unlike"], "theirs": found["unlike by hand"]}, "theirs", None,
        note="Nothing can be kept from one task to the next.",
    )  # fmt: skip
    results.compare(
        WHAT, "numpy in float64 (fast bound, wrong, explains nothing)", "people/s", found, "numpy", None,
        note=f"numpy's total differs from the exact one for {differ} of {size.people} people.",
    )  # fmt: skip
    results.facts["scoring"] = {
        "people": size.people,
        "seconds for 150,000 people": 150_000 / found["ours"].median,
        "people/s without explanations": found["score only"].median,
        "numpy totals that differ": differ,
    }
    return results


def forget() -> None:
    """Forget what was kept of tasks and numbers, so that every run begins with nothing."""
    for module in (exact, explanation, work):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()


def score(people: list[Person], *, say: bool = True) -> list[str]:
    """Score a ward with the product, and explain every result."""
    results = score_month(DEFAULT, people)
    if say:
        for person, result in zip(people, results, strict=True):
            explain(DEFAULT, person, result)
    return [f"{each.score.total:f}" if each.score else "" for each in results]


def by_hand(people: list[dict[str, Any]]) -> list[str]:
    """Score a ward as one would write it down: a loop, fractions, a dictionary of words for each person."""
    totals: dict[str, Fraction | None] = {}
    merits: dict[str, tuple[Fraction, ...]] = {}
    texts: dict[str, Any] = {}
    for person in sorted(people, key=lambda each: each["leader"]):
        if 2 * person["worked"] < 44:
            totals[person["id"]] = None
            continue
        assigned = done = good = timely = Fraction(0)
        lines = []
        for coefficient, quantity, accepted, extra, failed, missed in person["jobs"]:
            k = Fraction(coefficient)
            lost_quality, lost_time = (
                min(Fraction(1), Fraction(failed, 4)),
                min(Fraction(1), Fraction(missed, 4)),
            )
            own = Fraction(0) if extra else k * quantity
            line = (own, k * accepted, k * (accepted - lost_quality), k * (accepted - lost_time))
            assigned, done, good, timely = (
                assigned + line[0], done + line[1], good + line[2], timely + line[3],
            )  # fmt: skip
            lines.append(
                {
                    "assigned": f"{coefficient} × {quantity} = {line[0]}",
                    "done": f"{coefficient} × {accepted} = {line[1]}",
                    "good": f"{coefficient} × ({accepted} − {lost_quality}) = {line[2]}",
                    "timely": f"{coefficient} × ({accepted} − {lost_time}) = {line[3]}",
                }
            )
        ratios = [min(Fraction(1), each / assigned) for each in (done, good, timely)]
        if person["leader"]:
            under = [id_ for id_ in person["manages"] if (its := totals[id_]) is not None and its < 50]
            ratios += [Fraction(1, 2) if under else Fraction(1), Fraction(1), Fraction(1)]
        mean = sum(ratios, Fraction(0)) / len(ratios)
        exact = Fraction(person["common"]) + 70 * mean
        total = Fraction(int(exact * 100 + Fraction(1, 2)), 100)
        totals[person["id"]] = total
        merits[person["id"]] = (total, mean, good / assigned, timely / assigned, done)
        texts[person["id"]] = {
            "tasks": lines,
            "sums": [str(each) for each in (assigned, done, good, timely)],
            "ratios": [f"{each.numerator}/{each.denominator}" for each in ratios],
            "total": f"{person['common']} + 70 × {mean} = {total}",
        }
    groups: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for person in people:
        if (total_ := totals[person["id"]]) is not None and total_ >= 70:
            groups[person["unit"], person["group"]].append(person["id"])
    for members in groups.values():
        most = int(Fraction(1, 5) * len(members) / (1 + Fraction(1, 5)))
        best = sorted(
            (each for each in members if (its := totals[each]) is not None and its >= 90),
            key=lambda each: merits[each],
            reverse=True,
        )
        for rank, each in enumerate(best):
            texts[each]["quota"] = f"{rank + 1} of {len(best)}, at most {most} of {len(members)}"
    return [_written(totals[person["id"]]) for person in people]


def with_numpy(ward: dict[str, Any]) -> list[str]:
    """Score a ward in floats: totals alone, no words."""
    k, quantity, accepted, extra, failed, missed = (ward[name] for name in ward["matrices"])
    assigned = (np.where(extra, 0, k * quantity)).sum(axis=1)
    done = (k * accepted).sum(axis=1)
    good = (k * (accepted - np.minimum(1, 0.25 * failed))).sum(axis=1)
    timely = (k * (accepted - np.minimum(1, 0.25 * missed))).sum(axis=1)
    parts = [np.minimum(1, each / assigned) for each in (done, good, timely)]
    staff = ward["common"] + 70 * sum(parts) / 3
    absent = 2 * ward["worked"] < 44
    low = (np.round(staff, 2) < 50) & ~absent & ~ward["leader"]
    low_units = np.unique(ward["unit"][low])
    d = np.where(np.isin(ward["unit"], low_units), 0.5, 1.0)
    total = np.where(ward["leader"], ward["common"] + 70 * (sum(parts) + d + 2) / 6, staff)
    order = np.lexsort((done, timely / assigned, good / assigned, total))
    assert len(order) == len(total)
    rounded = np.floor(total * 100 + 0.5) / 100
    return ["" if gone else f"{value:.2f}" for value, gone in zip(rounded, absent, strict=True)]


def _person(each: Employee) -> Person:
    tasks = tuple(
        Task(
            Decimal(job.coefficient),
            Decimal(job.assigned),
            Decimal(job.accepted),
            Kind.EXTRA if job.extra else Kind.PLANNED,
            (Fault(failed_reviews=job.failed, missed_deadlines=job.missed),)
            if job.failed or job.missed
            else (),
        )
        for job in each.jobs
    )
    marks: dict[str, Any] = {"organising": 100, "unity": 100} if each.leader else {}
    return Person(
        id=each.id, unit=each.unit, group=each.group, required_half_days=44, worked_half_days=each.worked,
        common_score=Decimal(each.common), tasks=tasks, role=Role.LEADER if each.leader else Role.STAFF,
        manages=each.manages, **marks,
    )  # fmt: skip


def _by_hand(each: Employee) -> dict[str, Any]:
    return {
        "id": each.id, "unit": each.unit, "group": each.group, "leader": each.leader, "manages": each.manages,
        "common": each.common, "worked": each.worked,
        "jobs": [(j.coefficient, j.assigned, j.accepted, j.extra, j.failed, j.missed) for j in each.jobs],
    }  # fmt: skip


def _columns(ward: list[Employee]) -> dict[str, Any]:
    names = ("coefficient", "assigned", "accepted", "extra", "failed", "missed")
    matrices = {
        name: np.array(
            [[float(getattr(job, name)) for job in each.jobs] for each in ward]
        )  # the opponent's floats, which is what is wrong with it
        for name in names
    }
    return {
        **matrices,
        "matrices": names,
        "extra": matrices["extra"].astype(bool),
        "common": np.array([float(each.common) for each in ward]),
        "worked": np.array([each.worked for each in ward]),
        "leader": np.array([each.leader for each in ward]),
        "unit": np.array([each.unit for each in ward]),
    }


def _written(total: Fraction | None) -> str:
    return "" if total is None else f"{total.numerator * 100 // total.denominator / 100:.2f}"
