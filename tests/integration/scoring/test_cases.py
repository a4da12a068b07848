"""The worked cases through events: the same numbers as from a file."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from integration.scoring.ward import CASES, Ward, case, outcome, told
from scoring.domain.policy import DEFAULT, Cap, FaultScope, Policy, QuotaBase

NAMES = sorted(path.stem for path in CASES.glob("*.json"))

_SETTINGS: dict[str, Any] = {
    "quota_base": QuotaBase,
    "quota_rate": Decimal,
    "cap": Cap,
    "fault_scope": FaultScope,
    "attendance_threshold": Decimal,
}


def policy(given: dict[str, str]) -> Policy:
    return replace(DEFAULT, **{name: _SETTINGS[name](value) for name, value in given.items()})


@pytest.mark.parametrize("name", NAMES)
def test_a_month_told_by_events_comes_out_as_expected(ward: Ward, name: str) -> None:
    found = case(name)
    ward.policy = policy(found["input"].get("policy", {}))
    ward.tell(*told(ward, found["input"]))

    assert ward.compute()

    scores = ward.scores()
    assert [outcome(scores[result["id"]]) for result in found["expected"]["results"]] == found["expected"][
        "results"
    ]
    assert len(scores) == len(found["expected"]["results"])
