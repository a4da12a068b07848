"""What the commands of policies that are JSON documents have in common."""

from pathlib import Path

import click

from kpi_cli.commanding import F, argument, option, ward
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column

DIFFERENCE = (Column("Setting", "name", "id"), Column("Left", "left"), Column("Right", "right"))
"""In what two policies differ."""


def proposed(command: F) -> F:
    """Add what is proposed: the policy's id, its file, the ward, ``--city`` and ``--based-on``."""
    for each in (
        option("--based-on", default="", metavar="ID[@N]", help="Where the rest comes from."),
        option("--city", is_flag=True, help="For the city: every ward inherits it."),
        ward,
        argument(
            "file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="The policy as JSON; with --based-on only what differs.",
        ),
        argument("policy", help="The policy's id."),
    ):
        command = each(command)
    return command


def text_of(file: Path) -> str:
    """Return what a file says.

    :raises Wrong: if it is not UTF-8
    """
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Wrong(t("{name} is no text in UTF-8: save it anew in that form.", name=file.name)) from None
