"""Everything that the command says exists in Vietnamese, with the same facts."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import kpi_cli
from kpi.approval.v1 import approval_pb2, policies_pb2
from kpi.notification.v1 import notification_pb2
from kpi.operations.v1 import operations_pb2
from kpi.planning.v1 import amendments_pb2, causes_pb2, okr_pb2, planning_pb2, publication_pb2, unit_plans_pb2
from kpi.reward.v1 import policies_pb2 as pay_policies_pb2
from kpi.reward.v1 import reward_pb2
from kpi.scoring.v1 import scoring_pb2
from kpi.types.v1 import types_pb2
from kpi_cli.commanding import short
from kpi_cli.program import EXITS, SETTINGS, cli
from kpi_cli.texts import VIETNAMESE

SOURCES = [
    path
    for path in Path(next(iter(kpi_cli.__path__))).rglob("*.py")
    if not {"demo", "stack"} & set(path.parts)
]
CONTRACTS = (
    amendments_pb2, approval_pb2, causes_pb2, notification_pb2, okr_pb2, operations_pb2,
    pay_policies_pb2, planning_pb2, policies_pb2, publication_pb2, reward_pb2, scoring_pb2, types_pb2,
    unit_plans_pb2,
)  # fmt: skip
SAME = {"M", "q", "a", "b", "c", "d", "đ", "e", "SHA-256", "Outbox", "", "{name}: {message}"}
"""The same in both languages."""


def helps(command: click.Command) -> Iterator[str]:
    yield command.help or ""
    for param in command.params:
        yield getattr(param, "help", None) or ""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            if found and name != "demo":
                yield from helps(found)


def spoken() -> Iterator[str]:
    """Every literal that reaches a person: t("…"), headings of columns and of facts."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name in ("t", "Column") and isinstance(first, ast.Constant):
                yield str(first.value)
            if name == "write_facts" and isinstance(first, ast.List):
                for pair in first.elts:
                    heading = getattr(pair, "elts", [None])[0]
                    if isinstance(heading, ast.Constant):
                        yield str(heading.value)


def labels() -> Iterator[str]:
    """Every value of every enum of the contracts."""
    for contract in CONTRACTS:
        for enum in contract.DESCRIPTOR.enum_types_by_name.values():
            for value in enum.values:
                name = short(value.name, enum).replace("_", " ")
                if value.number and len(name) > 1:
                    yield name


TEXTS = sorted({*helps(cli), *spoken(), *labels(), EXITS, SETTINGS} - SAME)


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_is_translated(text: str) -> None:
    assert text in VIETNAMESE
    assert named(VIETNAMESE[text]) == named(text)


def named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_translation_is_left_over() -> None:
    assert sorted(set(VIETNAMESE) - set(TEXTS) - EXTRA) == []


EXTRA = {"runs", "away", "answers"}
"""States that are computed here."""


def test_help_is_vietnamese_for_most_people() -> None:
    assert re.search(r"[ạảãăâđêôơư]", VIETNAMESE[cli.help or ""])
