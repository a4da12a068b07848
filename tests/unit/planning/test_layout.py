"""The document of the workbook says what the program takes."""

import re
from pathlib import Path

import pytest

from chassis.sheets import Sheet
from planning.domain.organization import POSTS, PersonnelType, Role, UnitKind
from planning.domain.task import Kind
from planning.wire import layout

DOCUMENT = Path(__file__).parents[3] / "docs" / "workbook.md"


def documented(sheet: str) -> list[tuple[str, str, bool]]:
    """Header, English header and whether it must be filled, of each row of a sheet's table."""
    part = DOCUMENT.read_text("utf-8").split(f"## `{sheet}` ")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|", part, re.MULTILINE)[2:]
    return [(vi.strip("*"), en, vi.startswith("**")) for vi, en in rows]


@pytest.mark.parametrize("sheet", layout.SHEETS, ids=lambda each: each.name)
def test_every_column_is_documented_and_nothing_else(sheet: Sheet) -> None:
    assert documented(sheet.name) == [(each.vi, each.en, each.required) for each in sheet.columns]


@pytest.mark.parametrize(
    ("sheet", "column", "meanings"),
    [
        (layout.PEOPLE, "post", set(POSTS)),
        (layout.PEOPLE, "personnel_type", {each.value for each in PersonnelType}),
        (layout.PEOPLE, "role", {each.value for each in Role}),
        (layout.UNITS, "kind", {each.value for each in UnitKind}),
        (layout.TASKS, "kind", {each.value for each in Kind}),
    ],
)
def test_choices_mean_what_the_law_knows(sheet: Sheet, column: str, meanings: set[str]) -> None:
    assert set(sheet.column(column).choices.values()) == meanings
