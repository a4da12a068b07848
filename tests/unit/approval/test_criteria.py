"""R-18: the general criteria give at most 30 points; below the maximum needs a reason, over it is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.criteria import (
    CriterionMissing,
    CriterionTwice,
    PointsOutOfRange,
    PointsTooFine,
    ReductionWithoutReason,
    UnknownCriterion,
    Value,
    check_values,
    points,
)
from chassis.errors import Invalid

CRITERIA = policies.built_in().criteria


def full(**changes: Value) -> list[Value]:
    given = {name.replace("_", "."): value for name, value in changes.items()}
    return [given.get(each.id, Value(each.id, each.maximum)) for each in CRITERIA]


def test_the_default_set_is_ten_ten_ten() -> None:
    groups: dict[str, list[Decimal]] = {}
    for each in CRITERIA:
        groups.setdefault(each.group, []).append(each.maximum)

    assert groups == {
        "I": [Decimal(5)] * 2,
        "II": [Decimal("2.5")] * 4,
        "III": [Decimal("2.5")] * 4,
    }


def test_full_values_give_thirty() -> None:
    assert points(check_values(full(), CRITERIA)) == 30


def test_values_come_back_in_the_order_of_the_criteria() -> None:
    assert check_values(full()[::-1], CRITERIA) == tuple(full())


def test_a_value_of_zero_counts_as_given() -> None:
    assert points(check_values(full(I_1=Value("I.1", Decimal(0), "kỷ luật")), CRITERIA)) == 25


@pytest.mark.parametrize(
    ("value", "refusal", "field"),
    [
        (Value("II.2", Decimal("2.51"), "vì"), PointsOutOfRange, "values[3].points"),
        (Value("II.2", Decimal("-0.5"), "vì"), PointsOutOfRange, "values[3].points"),
        (Value("II.2", Decimal("NaN"), "vì"), PointsOutOfRange, "values[3].points"),
        (Value("II.2", Decimal("Infinity"), "vì"), PointsOutOfRange, "values[3].points"),
        (Value("II.2", Decimal("2.125"), "vì"), PointsTooFine, "values[3].points"),
        (Value("II.2", Decimal(2)), ReductionWithoutReason, "values[3].reason"),
        (Value("II.2", Decimal(2), "  "), ReductionWithoutReason, "values[3].reason"),
        (Value("IV.1", Decimal(2), "vì"), UnknownCriterion, "values[3].criterion_id"),
        (Value("II.1", Decimal("2.5")), CriterionTwice, "values[3].criterion_id"),
    ],
)
def test_a_wrong_value_is_refused_at_its_place(value: Value, refusal: type[Invalid], field: str) -> None:
    with pytest.raises(refusal) as caught:
        check_values(full(II_2=value), CRITERIA)

    assert caught.value.facts["field"] == field
    assert value.criterion_id in caught.value.told("vi")


def test_a_missing_criterion_is_named() -> None:
    with pytest.raises(CriterionMissing) as caught:
        check_values(full()[:-1], CRITERIA)

    assert caught.value.facts["criterion"] == "III.4"


@given(st.tuples(*(st.integers(0, int(each.maximum * 100)) for each in CRITERIA)))
def test_the_sum_is_exact_and_never_over_thirty(hundredths: tuple[int, ...]) -> None:
    values = [Value(each.id, Decimal(n) / 100, "vì") for each, n in zip(CRITERIA, hundredths, strict=True)]

    total = points(check_values(values, CRITERIA))

    assert 0 <= total <= 30
    assert total * 100 == sum(hundredths)
