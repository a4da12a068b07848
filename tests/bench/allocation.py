"""Sharing out a city's fund in memory: the product beside fractions by hand, and numpy in floats."""

import gc
import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np

from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places
from reward import policies
from reward.domain.allocate import allocate
from reward.domain.policy import Grade
from reward.domain.weight import Person

FUND = 900_000_000_000
UNIT = 1_000
WEIGHTS = {"A": "1.0", "B": "0.8", "C": "0.5", "D": "0"}


def measure(places: Places, size: Size) -> Results:
    """Measure in turn."""
    rows = [
        (
            f"p{number:06d}",
            "ABBBC"[number % 5],
            f"{(90, 72, 71, 74, 55)[number % 5] + number % 9}.{number % 100:02d}",
            f"{2 + number % 5}.{34 + number % 60}",
            44 - number % 7,
        )
        for number in range(size.country)
    ]
    people = [
        Person(id_, Grade(grade), Decimal(score), Decimal(salary), worked, 44)
        for id_, grade, score, salary, worked in rows
    ]
    policy = policies.shipped("phuc-loi")
    columns = tuple(
        np.array(values)
        for values in (
            [float(WEIGHTS[row[1]]) for row in rows],
            [float(row[2]) for row in rows],
            [float(row[3]) for row in rows],
            [row[4] for row in rows],
        )
    )
    amounts: dict[str, list[int]] = {}

    # What all the arms were given is not theirs to clean up, in a run of tenths of a second.
    gc.collect()
    gc.freeze()

    def timed(name: str, work: Callable[[], list[int]]) -> Callable[[], float]:
        def run() -> float:
            begun = time.process_time()
            amounts[name] = work()
            return size.country / (time.process_time() - begun)

        return run

    found = interleaved(
        [
            Arm(
                "ours", timed("ours", lambda: [each.amount for each in allocate(FUND, policy, people).shares])
            ),
            Arm("fractions", timed("fractions", lambda: by_hand(rows))),
            Arm("numpy", timed("numpy", lambda: with_numpy(*columns))),
        ],
        max(3, size.runs - 2),
    )
    assert amounts["ours"] == amounts["fractions"]
    missing = FUND - sum(amounts["numpy"])
    count = f"{size.country:,}".replace(",", " ")
    what = f"allocate {count} people exactly, R-38 checked"
    results = Results()
    results.compare(
        what, "the same by hand, fractions.Fraction (slow bound, exact)", "people/s", found, "fractions",
        5.0,
        note="Ours and the loop agree to the đồng; ours also checks that nobody is shared alike (R-38).",
    )  # fmt: skip
    differ = sum(one != other for one, other in zip(amounts["ours"], amounts["numpy"], strict=True))
    results.compare(
        what, "numpy in float64 (fast bound, wrong, checks nothing)", "people/s", found, "numpy", None,
        note=f"numpy gives {differ} people another amount and leaves {missing:,} đồng.".replace(",", " "),
    )  # fmt: skip
    return results


def by_hand(rows: list[tuple[str, str, str, str, int]]) -> list[int]:
    """Share by largest remainder in fractions, and compare neighbors as R-38 asks in its simplest clause."""
    weights = [
        Fraction(WEIGHTS[grade])
        * Fraction(score)
        / 100
        * Fraction(salary)
        * min(Fraction(1), Fraction(worked, 44))
        for _, grade, score, salary, worked in rows
    ]
    total = sum(weights, Fraction(0))
    units = FUND // UNIT
    quotas = [units * weight / total for weight in weights]
    wholes = [int(quota) for quota in quotas]
    order = sorted(
        range(len(rows)), key=lambda i: (-(quotas[i] - wholes[i]), -Fraction(rows[i][2]), rows[i][0])
    )
    for index in order[: units - sum(wholes)]:
        wholes[index] += 1
    return [whole * UNIT for whole in wholes]


def with_numpy(
    grade: "np.ndarray", score: "np.ndarray", salary: "np.ndarray", worked: "np.ndarray"
) -> list[int]:
    """Share by largest remainder in floats."""
    weight = grade * score / 100 * salary * np.minimum(1, worked / 44)
    quota = FUND // UNIT * weight / weight.sum()
    whole = np.floor(quota).astype(np.int64)
    order = np.argsort(-(quota - whole), kind="stable")
    whole[order[: FUND // UNIT - int(whole.sum())]] += 1
    return [int(each) * UNIT for each in whole]
