"""docs/cli.md names every command and every exit code."""

from collections.abc import Iterator
from pathlib import Path

import click

from kpi_cli import exits
from kpi_cli.program import cli

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "cli.md").read_text("utf-8")


def commands(command: click.Group, prefix: str = "") -> Iterator[str]:
    context = click.Context(command)
    for name in command.list_commands(context):
        if name == "demo":
            yield name
            continue
        found = command.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, f"{name} ")
        else:
            yield prefix + name


def documented() -> set[str]:
    section = PAGE.partition("## Commands")[2].partition("## A month")[0]
    found = set()
    for written in section.split("`")[1::2]:
        group, _, names = written.partition(" ")
        names = names.replace("FILE", "")
        found |= {f"{group} {name}" for name in names.split("\\|")} if names else {group}
    return found


def test_every_command_is_documented() -> None:
    assert documented() == set(commands(cli))


def test_every_exit_code_is_documented() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}
    table = PAGE.partition("## How it ends")[2].partition("## Commands")[0]

    assert {int(line.split("|")[1]) for line in table.splitlines() if line[2:3].isdigit()} == codes
