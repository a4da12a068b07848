"""The shipped policies: R-37."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from chassis.strict_json import BadInput, parse
from reward import policies
from reward.domain.policy import Grade, Mode

A, B, C, D = Grade


def test_everything_shipped_is_listed() -> None:
    files = Path(policies.__file__).parent.glob("*.json")

    assert sorted(file.stem for file in files) == sorted(policies.SHIPPED)


@pytest.mark.parametrize("policy_id", policies.SHIPPED)
def test_each_says_what_it_is(policy_id: str) -> None:
    policy = policies.shipped(policy_id)

    assert policy.id == policy_id
    assert policy.version == 1
    assert policy.legal_basis
    assert policy.effective_from
    assert set(policy.name) == set(policy.note) == {"vi", "en"}
    assert policy.coefficients[D] == 0
    assert policy.base_salary in {None, 2_340_000}


@pytest.mark.parametrize(
    ("policy_id", "mode", "rate", "coefficients"),
    [
        ("hcmc-2025", Mode.RATE, "1.8", "1 0.8 0 0"),
        ("da-nang-2026", Mode.RATE, "1", "0.5 0.3 0.1 0"),
        ("hai-phong-2025", Mode.RATE, "1", "0.8 0.8 0.6 0"),
        ("ha-noi-2026", Mode.BASE_PLUS_POOL, "0.5", "1 0.8 0.5 0"),
        ("phuc-loi", Mode.POOL, None, "1 0.8 0.5 0"),
    ],
)
def test_the_published_figures(policy_id: str, mode: Mode, rate: str | None, coefficients: str) -> None:
    policy = policies.shipped(policy_id)

    assert policy.mode is mode
    assert policy.rate == (None if rate is None else Decimal(rate))
    assert list(policy.coefficients.values()) == [Decimal(each) for each in coefficients.split()]


def test_what_only_some_have() -> None:
    assert policies.shipped("da-nang-2026").floor == {A: 1_500_000, B: 1_500_000, C: 500_000}
    hai_phong = policies.shipped("hai-phong-2025")
    assert hai_phong.equal_grades == {A, B}
    assert list(hai_phong.coefficients_for("public_employee").values()) == [
        Decimal("0.6"),
        Decimal("0.6"),
        Decimal("0.4"),
        Decimal(0),
    ]
    assert not policies.shipped("phuc-loi").confirmed
    assert "to be confirmed by the ward" in policies.shipped("phuc-loi").note["en"]
    assert "No coefficient by grade is published" in policies.shipped("ha-noi-2026").note["en"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"mode": "lottery"}, "mode"),
        ({"mode": None}, "mode"),
        ({"rounding_unit": 0}, "rounding_unit"),
        ({"rounding_unit": "1000"}, "rounding_unit"),
        ({"rounding_unit": True}, "rounding_unit"),
        ({"coefficients": {"A": "1", "B": "0.8", "C": "0"}}, "coefficients.D"),
        ({"coefficients": {"A": "1", "B": "0.8", "C": "0", "D": "0", "E": "0"}}, "coefficients.E"),
        ({"coefficients": {"A": "-1", "B": "0.8", "C": "0", "D": "0"}}, "coefficients.A"),
        ({"coefficients": ["1", "0.8", "0", "0"]}, "coefficients"),
        ({"rate": "0"}, "rate"),
        ({"rate": "1e3"}, "rate"),
        ({"rate": None}, "rate"),
        ({"base_salary": "2340000"}, "base_salary"),
        ({"base_salary": 0}, "base_salary"),
        ({"floor": {"A": -1}}, "floor.A"),
        ({"floor": {"A": 2}, "cap": {"A": 1}}, "cap.A"),
        ({"equal_grades": ["A", "E"]}, "equal_grades[1]"),
        ({"equal_grades": "AB"}, "equal_grades"),
        ({"min_spread": "0.5"}, "min_spread"),
        ({"by_score": "yes"}, "by_score"),
        ({"by_scores": True}, "by_scores"),
        ({"coefficients_by_type": {"teacher": {}}}, "coefficients_by_type.teacher"),
        ({"effective_from": "soon"}, "effective_from"),
        ({"personnel_types": ["cadre", "cadre"]}, "personnel_types[1]"),
        ({"mode": "pool"}, "rate"),
    ],
)
def test_a_slip_is_pointed_at(change: dict[str, object], place: str) -> None:
    given = {**json.loads(policies.document("hcmc-2025")), **change}

    with pytest.raises(BadInput) as refused:
        policies.read(parse(json.dumps(given)))

    assert refused.value.place == place


@pytest.mark.parametrize(
    "name", ["mode", "coefficients", "by_score", "by_salary", "by_attendance", "rate", "base_salary"]
)
def test_what_is_needed_must_be_there(name: str) -> None:
    given = json.loads(policies.document("hcmc-2025"))
    del given[name]

    with pytest.raises(BadInput) as refused:
        policies.read(parse(json.dumps(given)))

    assert str(refused.value) == f"{name}: missing"


def test_only_what_is_shipped_can_be_named() -> None:
    with pytest.raises(KeyError):
        policies.document("../__init__")
