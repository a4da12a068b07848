"""What a superior's remarks must hold: R-17 (đ and e), R-18 (values), R-20 (a blocker's document)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from approval import policies
from approval.domain.criteria import PointsOutOfRange, ReductionWithoutReason, Value
from approval.domain.evaluation import (
    Entry,
    Evaluation,
    FactMissing,
    GivenRemarks,
    LeadershipValueMissing,
    LeadershipValueUnfit,
)
from chassis.errors import Invalid

from .cases import AT, HEAD, evaluation

CRITERIA = policies.built_in().criteria
FULL = tuple(Value(each.id, each.maximum) for each in CRITERIA)
LEADING = GivenRemarks("x", FULL, organising=100, unity=100, place="remarks[0]")


def remark(given: GivenRemarks, *, leads: bool = True) -> Evaluation:
    before = evaluation("x", steps=1)
    return before.remark(given, CRITERIA, Entry(HEAD, AT), leads=leads, self_overdue=False)


@pytest.mark.parametrize("part", ["organising", "unity"])
@pytest.mark.parametrize("value", [0, 1, 49, 51, 75, 99, 101, 150])
def test_r17_a_leader_has_100_or_50_and_nothing_else(part: str, value: int) -> None:
    with pytest.raises(LeadershipValueMissing) as refused:
        remark(replace(LEADING, **{part: value}))

    assert refused.value.facts["field"] == f"remarks[0].{part}"


@pytest.mark.parametrize("part", ["organising", "unity"])
def test_r17_fifty_needs_a_recorded_fact(part: str) -> None:
    with pytest.raises(FactMissing) as refused:
        remark(replace(LEADING, **{part: 50, f"{part}_fact": " "}))
    assert refused.value.facts["field"] == f"remarks[0].{part}_fact"

    kept = remark(replace(LEADING, **{part: 50, f"{part}_fact": "Biên bản 12/BB"})).remarks
    assert kept is not None
    assert (getattr(kept, part), getattr(kept, f"{part}_fact")) == (50, "Biên bản 12/BB")


@pytest.mark.parametrize("part", ["organising", "unity"])
def test_r17_staff_have_neither(part: str) -> None:
    with pytest.raises(LeadershipValueUnfit):
        remark(GivenRemarks("x", FULL, **{part: 100}), leads=False)


@pytest.mark.parametrize(
    ("value", "refusal"),
    [
        (Value("I.1", Decimal("5.01"), "vì"), PointsOutOfRange),
        (Value("I.1", Decimal("4.5")), ReductionWithoutReason),
    ],
)
def test_r18_the_reviewer_s_values_keep_within_the_maximum_and_say_why(
    value: Value, refusal: type[Invalid]
) -> None:
    with pytest.raises(refusal) as refused:
        remark(replace(LEADING, values=(value, *FULL[1:])))

    assert refused.value.facts["field"].startswith("remarks[0].values[0]")


def test_r18_the_reviewer_s_values_stand_beside_the_person_s_own() -> None:
    lower = Value("I.1", Decimal("4.5"), "chậm họp")
    found = remark(replace(LEADING, values=(lower, *FULL[1:])))

    assert found.self_assessment is not None
    assert found.remarks is not None
    assert (found.self_assessment.points, found.remarks.points) == (Decimal(30), Decimal("29.5"))


def test_r20_a_blocker_is_a_document_and_takes_no_points() -> None:
    found = remark(replace(LEADING, blocker="18/QĐ-UBND")).remarks

    assert found is not None
    assert (found.blocker, found.points) == ("18/QĐ-UBND", Decimal(30))
