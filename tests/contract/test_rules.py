"""docs/rules.md tells the truth: every rule has modules and tests that cite it, and what shows it exists."""

import ast
import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import click
import pytest

from kpi.approval.v1 import approval_pb2
from kpi.notification.v1 import notification_pb2
from kpi.planning.v1 import planning_pb2
from kpi.reward.v1 import reward_pb2
from kpi.scoring.v1 import scoring_pb2
from kpi_cli.program import cli
from planning.wire.layout import OTHERS, SHEETS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "rules.md").read_text("utf-8")
LAST = 44
CALLS = {
    f"{service.name.removesuffix('Service')}.{method.name}"
    for file in (approval_pb2, notification_pb2, planning_pb2, reward_pb2, scoring_pb2)
    for service in file.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


@dataclass(frozen=True)
class Row:
    """A line of the page."""

    number: int
    says: str
    modules: list[str]
    tests: list[str]
    shown: list[str]


def _rows() -> list[Row]:
    found = []
    for line in PAGE.splitlines():
        if match := re.match(r"\| R-(\d+) \|", line):
            _, says, modules, tests, shown = (cell.strip() for cell in line.strip("|").split("|"))
            quoted = [cell.split("`")[1::2] for cell in (modules, tests)]
            named = [each.strip("` ") for each in re.findall(r"sheet `\w+`|`[^`]+`", shown)]
            found.append(Row(int(match[1]), says, *quoted, named))
    return found


ROWS = _rows()
by_rule = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"R-{row.number}")


def cites(path: Path, number: int) -> bool:
    """True if a docstring, a comment beside code, or a name of a test says the rule."""
    source = path.read_text("utf-8")
    named = {f"r{number}", f"r-{number}"}
    names = {
        part
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        for part in node.name.split("_")
    }
    return bool(names & named) or number in cited(source)


def cited(text: str) -> set[int]:
    """Return the rules that a text names, those within "R-11 to R-22" too."""
    ends = re.findall(r"\bR-(\d+)(?: to R-(\d+))?", text)
    return {number for first, last in ends for number in range(int(first), int(last or first) + 1)}


def test_every_rule_has_one_row_in_its_order() -> None:
    assert [row.number for row in ROWS] == list(range(1, LAST + 1))
    assert all(row.says for row in ROWS)


@by_rule
def test_a_rule_is_implemented_where_the_page_says(row: Row) -> None:
    assert row.modules, "no module"
    for name in row.modules:
        path = ROOT / "services" / name
        assert path.is_file(), f"{name} is gone"
        assert cites(path, row.number), f"{name} does not cite R-{row.number}"


@by_rule
def test_a_rule_has_tests_that_name_it(row: Row) -> None:
    assert row.tests, "no test"
    for name in row.tests:
        path = ROOT / "tests" / name
        assert path.is_file(), f"{name} is gone"
        assert cites(path, row.number), f"{name} does not cite R-{row.number}"
        functions = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if _is_test(node)]
        assert functions, f"{name} tests nothing"


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name.startswith("test_")


@by_rule
def test_what_shows_a_rule_exists(row: Row) -> None:
    assert row.shown, "nothing shows it"
    sheets = {each.name for each in SHEETS} | {OTHERS[0]}
    for each in row.shown:
        if each.startswith("kpi "):
            assert _is_command(each.split()[1:]), f"there is no command {each}"
        elif each.startswith("sheet "):
            assert each.removeprefix("sheet `") in sheets, f"there is no {each}"
        else:
            assert each in CALLS, f"there is no call {each}"


def _is_command(words: list[str]) -> bool:
    command: click.Command | None = cli
    for word in words:
        if not isinstance(command, click.Group):
            return False
        command = command.get_command(click.Context(command), word)
    return command is not None and not isinstance(command, click.Group)


@pytest.mark.parametrize("folder", ["services", "lib/chassis", "cli", "protos", "tests", "examples", "docs"])
def test_nobody_cites_a_rule_that_there_is_not(folder: str) -> None:
    unknown = {
        f"{path.relative_to(ROOT)}: R-{number}"
        for pattern in ("*.py", "*.proto", "*.md")
        for path in (ROOT / folder).rglob(pattern)
        for number in cited(path.read_text("utf-8"))
        if not 1 <= number <= LAST
    }
    assert not unknown


def test_the_shipped_services_are_those_of_the_page() -> None:
    for service in {name.partition("/")[0] for row in ROWS for name in row.modules}:
        assert import_module(service)
