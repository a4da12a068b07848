"""Objectives: how far they are, what is aligned to them, what they may not say (R-6)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.okr import (
    BadObjective,
    BadPeriod,
    KeyResult,
    Measured,
    Objective,
    Owner,
    Period,
    Reading,
    above_problems,
    after_reading,
    objective_problems,
    progress,
    reading_problems,
)
from planning.wire.okr import share

NOON = datetime(2026, 3, 10, 5, tzinfo=UTC)


def key_result(start: str, target: str, current: str | None = None, weight: str = "1") -> KeyResult:
    measured = Measured(Decimal(current), NOON, 1) if current is not None else None
    return KeyResult("K1", "Hồ sơ", "%", Decimal(start), Decimal(target), Decimal(weight), measured=measured)


def objective(objective_id: str = "O1", *key_results: KeyResult, **given: object) -> Objective:
    named = tuple(replace(each, key_result_id=f"K{place}") for place, each in enumerate(key_results))
    found = Objective(
        "w", objective_id, "Mục tiêu", Owner.WARD, "", Period.parse("2026-Q1"), key_results=named
    )
    return replace(found, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "target", "current", "raw", "within"),
    [
        ("0", "100", None, "0", "0"),
        ("0", "100", "25", "1/4", "1/4"),
        ("10", "2", "4", "3/4", "3/4"),  # less is better
        ("10", "2", "12", "-1/4", "0"),
        ("10", "2", "0", "5/4", "1"),
        ("-10", "-40", "-25", "1/2", "1/2"),
        ("-10", "10", "-5", "1/4", "1/4"),
        ("0", "-3", "-1", "1/3", "1/3"),
        ("0", "0.3", "0.1", "1/3", "1/3"),  # not what binary floats make of it
    ],
)
def test_progress_goes_from_start_to_target(
    start: str, target: str, current: str | None, raw: str, within: str
) -> None:
    found = key_result(start, target, current)
    assert (found.raw_progress, found.progress) == (Fraction(raw), Fraction(within))


numbers = st.decimals(-1_000_000, 1_000_000, places=3)


@given(numbers, numbers, numbers)
def test_progress_is_the_same_seen_from_the_other_end(
    start: Decimal, target: Decimal, current: Decimal
) -> None:
    if start == target:
        return
    there = key_result(str(start), str(target), str(current))
    back = key_result(str(target), str(start), str(current))
    assert there.raw_progress + back.raw_progress == 1
    assert there.progress + back.progress == 1
    assert 0 <= there.progress <= 1


def test_weights_roll_up_and_what_measures_nothing_does_not_count() -> None:
    found = progress(
        {
            each.objective_id: each
            for each in (
                objective("ward", key_result("0", "1", "1", weight="1")),
                objective("a", key_result("0", "4", "1"), above_id="ward", weight=Decimal(3)),
                objective("b", key_result("0", "1", "1"), above_id="ward", weight=Decimal(0)),
                objective("c", key_result("0", "1", "1"), above_id="ward", dropped=True),
                objective("d", above_id="ward", weight=Decimal(100)),
                objective("e", key_result("0", "2", "1", "2"), key_result("0", "2", "4"), above_id="x"),
            )
        }
    )
    assert found == {
        "ward": Fraction(7, 16),  # (1 × 1 + 3 × 1/4) / 4
        "a": Fraction(1, 4),
        "b": 1,
        "c": 1,
        "d": None,
        "e": Fraction(2, 3),  # what is above the target counts as reached, no more
    }


@given(st.lists(st.tuples(st.decimals("0.001", 1000, places=3), st.decimals(-50, 150, places=2)), min_size=1))
def test_a_roll_up_lies_between_its_parts(parts: list[tuple[Decimal, Decimal]]) -> None:
    key_results = [key_result("0", "100", str(value), str(weight)) for weight, value in parts]
    found = progress({"O1": objective("O1", *key_results)})["O1"]
    each = [one.progress for one in key_results]
    assert found is not None
    assert min(each) <= found <= max(each)


def test_a_circle_is_told_with_its_way() -> None:
    a, b, c = (objective(each) for each in "abc")
    [(place, problem)] = above_problems(replace(a, above_id="b"), [b, c, a])
    assert (place, problem.part) == ("objective", "above_id")
    assert "a → b → c → a" in problem.vi


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ({"period": Period.parse("2026-Q1")}, {"period": Period.parse("2026-03")}),
        ({"period": Period.parse("2026-04")}, {"period": Period.parse("2026-Q1")}),
        ({"owner": Owner.UNIT}, {"owner": Owner.PERSON}),
        ({}, {"dropped": True}),
    ],
)
def test_what_an_objective_may_not_be_aligned_to(below: dict[str, object], above: dict[str, object]) -> None:
    assert above_problems(objective("a", above_id="b", **below), [objective("b", **above)])
    assert not above_problems(objective("a", above_id="b"), [objective("b")])


def test_periods_are_months_and_quarters() -> None:
    quarter, march = Period.parse("2026-Q1"), Period.parse("2026-03")
    assert (str(quarter), str(march), quarter.month) == ("2026-Q1", "2026-03", Month(2026, 3))
    assert quarter.holds(march)
    assert not march.holds(quarter)
    assert not quarter.holds(Period.parse("2026-04"))
    for wrong in ("2026", "2026-Q5", "2026-13", "Q1-2026", "2026-Q1 ", "２026-Q1"):
        with pytest.raises(BadPeriod):
            Period.parse(wrong)


def test_what_was_measured_stays() -> None:
    before = objective("O1", key_result("0", "100", "5"), key_result("0", "10"))
    with pytest.raises(BadObjective):
        objective("O1", replace(key_result("0", "100"), measure="hồ sơ")).replaces(before)
    with pytest.raises(BadObjective):
        objective("O1").replaces(before)
    with pytest.raises(BadObjective):
        replace(before, period=Period.parse("2026-Q2")).replaces(before)
    after = objective("O1", key_result("0", "50")).replaces(before)
    assert (after.key_results[0].progress, after.revision) == (Fraction(1, 10), 1)
    assert objective("O1", *before.key_results).replaces(before) is before


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"target": Decimal(0)}, "target"),
        ({"weight": Decimal(0)}, "weight"),
        ({"weight": Decimal(-1)}, "weight"),
        ({"start": Decimal("0.0000001")}, "start"),
        ({"name": ""}, "name"),
        ({"measure": ""}, "unit_of_measure"),
        ({"key_result_id": "có dấu"}, "key_result_id"),
    ],
)
def test_what_a_key_result_may_not_say(given: dict[str, object], part: str) -> None:
    wrong = replace(key_result("0", "1"), **given)  # type: ignore[arg-type]
    found = objective_problems(replace(objective(), key_results=(wrong,)))
    assert [(place, each.part) for place, each in found] == [("objective.key_results[0]", part)]


def reading(value: str, at: datetime = NOON) -> Reading:
    return Reading("O1", "K1", Decimal(value), at, "igate", "r1")


@given(st.permutations([(1, "5"), (2, "7"), (3, "6")]))
def test_the_newest_reading_counts_in_whatever_order_they_arrive(order: list[tuple[int, str]]) -> None:
    measured = None
    for hours, value in order:
        measured = after_reading(measured, reading(value, NOON + timedelta(hours=hours)))
    assert measured == Measured(Decimal(6), NOON + timedelta(hours=3), 3)


def test_a_reading_is_not_of_the_future() -> None:
    assert not list(reading_problems(reading("1", NOON + timedelta(minutes=4)), NOON))
    [problem] = reading_problems(reading("1", NOON + timedelta(minutes=6)), NOON)
    assert problem.part == "measured_at"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (None, ""),
        (Fraction(0), "0.000000"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(2, 3), "0.666667"),
        (Fraction(1, 2_000_000), "0.000001"),
        (Fraction(-1, 2_000_000), "-0.000001"),
        (Fraction(-5, 4), "-1.250000"),
    ],
)
def test_shares_are_shown_with_six_decimals(number: Fraction | None, words: str) -> None:
    assert share(number) == words
