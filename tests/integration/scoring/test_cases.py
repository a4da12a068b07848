"""The worked cases through events and doors: the same numbers as from a file."""

import pytest

from integration.scoring.ward import CASES, Ward, case, outcome, told

NAMES = sorted(path.stem for path in CASES.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_month_told_by_events_comes_out_as_expected(ward: Ward, name: str) -> None:
    found = case(name)
    if settings := found["input"].get("policy"):
        ward.put_in_force(settings=settings)
    ward.tell(*told(ward, found["input"]))

    assert ward.compute()

    scores = ward.scores()
    assert [outcome(scores[result["id"]]) for result in found["expected"]["results"]] == found["expected"][
        "results"
    ]
    assert len(scores) == len(found["expected"]["results"])
