"""The worked cases: each month in tests/cases comes out as expected, or is refused at its place."""

import json
from pathlib import Path
from typing import Any

import pytest

from chassis.errors import Invalid
from chassis.strict_json import parse
from scoring.offline import score_file

CASES = Path(__file__).parents[2] / "cases"
GOOD = sorted((CASES / "scoring").glob("*.json"))
BAD = [
    path
    for path in sorted((CASES / "bad").glob("*.json"))
    if json.loads(path.read_text(encoding="utf-8"))["command"] == "scoring score"
]


def case(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_there_are_cases() -> None:
    assert len(GOOD) >= 39
    assert len(BAD) >= 16


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_month_comes_out_as_expected(path: Path) -> None:
    found = case(path)

    assert json.loads(score_file(parse(json.dumps(found["input"])))) == found["expected"]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_the_order_of_people_changes_no_result(path: Path) -> None:
    found = case(path)
    found["input"]["people"].reverse()
    found["expected"]["results"].reverse()

    assert json.loads(score_file(parse(json.dumps(found["input"])))) == found["expected"]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_input_is_refused_at_its_place(path: Path) -> None:
    found = case(path)

    with pytest.raises(Invalid) as refused:
        score_file(parse(json.dumps(found["input"])))
    assert refused.value.facts["place"] == found["place"]
