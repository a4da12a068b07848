# ruff: noqa: D102, ARG002  # what click calls, as click says
"""Commands whose help speaks the language of the run, and the options that many of them share."""

from collections.abc import Callable
from typing import Any, TypeVar

import click
from google.protobuf.descriptor import EnumDescriptor

from kpi_cli.language import t

F = TypeVar("F", bound=Callable[..., Any])


class Option(click.Option):
    """An option whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        english = self.help
        self.help = t(english) if english else english
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = english

    def get_help_extra(self, ctx: click.Context) -> Any:
        extra = super().get_help_extra(ctx)
        if "required" in extra:
            extra["required"] = t("required")
        return extra


class Argument(click.Argument):
    """An argument whose help is translated when it is shown."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str]:
        return self.make_metavar(ctx), t(self.help) if self.help else ""


class Command(click.Command):
    """A command whose help is translated when it is shown."""

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence, in the language of the run."""
        return _first_sentence(t(self.help or ""))

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=t("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(t(self.help or ""))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_params(self, ctx, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Say nothing here: :func:`_write_params` has said it."""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx))


class Group(click.Group):
    """A group of such commands."""

    command_class = Command
    group_class = type

    get_short_help_str = Command.get_short_help_str
    format_usage = Command.format_usage
    format_help_text = Command.format_help_text
    format_arguments = Command.format_arguments

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_params(self, ctx, formatter)
        names = self.list_commands(ctx)
        rows = [(name, each.get_short_help_str()) for name in names if (each := self.get_command(ctx, name))]
        with formatter.section(t("Commands")):
            formatter.write_dl(rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        return _help_option(super().get_help_option(ctx))


def _first_sentence(text: str) -> str:
    return text.split("\n\n", maxsplit=1)[0].replace("\n", " ").split(". ")[0].rstrip(".")


def _write_params(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    params = command.get_params(ctx)
    for title, kind in ((t("Arguments"), click.Argument), (t("Options"), click.Option)):
        rows = [row for each in params if isinstance(each, kind) and (row := each.get_help_record(ctx))]
        if rows:
            with formatter.section(title):
                formatter.write_dl(rows)


def _help_option(option: click.Option | None) -> click.Option | None:
    if option:
        option.help = t("Show this help.")
    return option


class Enumerated(click.ParamType[int]):
    """One of a protobuf enum's values, by its short name: ``draft`` for ``PLAN_STATE_DRAFT``."""

    name = "enumerated"

    def __init__(self, descriptor: EnumDescriptor) -> None:
        self._numbers = {
            short(value.name, descriptor): value.number for value in descriptor.values if value.number
        }

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "[" + "|".join(name.upper() if len(name) == 1 else name for name in self._numbers) + "]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = self._numbers.get(str(value).lower().replace("-", "_"))
        if found is None:
            self.fail(
                t("{value} is none of {names}", value=value, names=", ".join(self._numbers)), param, ctx
            )
        return found


def short(name: str, descriptor: EnumDescriptor) -> str:
    """Return the short name of an enum's value: without the enum's prefix, in lower case."""
    prefix = "".join(f"_{each}" if each.isupper() else each for each in descriptor.name).lstrip("_").upper()
    return name.removeprefix(f"{prefix}_").lower()


def option(*names: str, help: str, **settings: Any) -> Callable[[F], F]:  # noqa: A002
    """Add an option; its help is a text of the catalogue."""
    return click.option(*names, cls=Option, help=help, **settings)


def argument(name: str, *, help: str, **settings: Any) -> Callable[[F], F]:  # noqa: A002
    """Add an argument; its help is a text of the catalogue."""
    return click.argument(name, cls=Argument, help=help, **settings)


def ward(command: F) -> F:
    """Add ``--ward``: by default ``KPI_WARD``, else the one ward that the token is for."""
    return option(
        "--ward",
        envvar="KPI_WARD",
        default="",
        metavar="ID",
        help="The ward (KPI_WARD); by default the token's.",
    )(command)


def month(command: F) -> F:
    """Add ``--month``, which may come from ``KPI_MONTH``."""
    return option(
        "--month", envvar="KPI_MONTH", required=True, metavar="YYYY-MM", help="The month (KPI_MONTH)."
    )(command)


def unit(command: F) -> F:
    """Add ``--unit`` as a filter."""
    return option("--unit", default="", metavar="ID", help="Only this unit.")(command)


def read_file(command: F) -> F:
    """Add the argument ``file``: a file that is read, as an open text stream."""
    return argument("file", type=click.File("r", encoding="utf-8"), help="The file; - for standard input.")(
        command
    )


def expected_revision(command: F) -> F:
    """Add ``--expected-revision``; 0 stands for any."""
    return option(
        "--expected-revision", type=int, default=0, metavar="N", help="Refuse if it has changed since."
    )(command)


def from_month(command: F) -> F:
    """Add ``--from``, the month that a draft is copied from; empty for the one before."""
    return option(
        "--from",
        "from_month",
        default="",
        metavar="YYYY-MM",
        help="The month to copy; by default the one before.",
    )(command)
