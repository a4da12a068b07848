"""What a run says: tables for people, protobuf JSON for scripts."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from chassis.days import VIET_NAM
from kpi_cli.commanding import short
from kpi_cli.language import current, t

Kind = Literal["text", "number", "decimal", "money", "day", "id"]
PIPE_WIDTH = 160
"""Columns of a table that goes into a pipe or a file, where COLUMNS does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    :param heading: a text of the catalogue
    :param value: a field's name, or what computes the text from a message
    """

    heading: str
    value: str | Callable[[Any], str]
    kind: Kind = "text"

    def of(self, message: Any) -> str:
        """Return what stands in this column for a message."""
        if callable(self.value):
            return self.value(message)
        return text(message, self.value, self.kind)


def as_dict(message: Message) -> dict[str, Any]:
    """Return a message as protobuf JSON: proto field names, every plain field present."""
    found: dict[str, Any] = MessageToDict(
        message, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
    )
    return found


def text(message: Message, name: str, kind: Kind = "text") -> str:
    """Return a field as a person reads it."""
    field = message.DESCRIPTOR.fields_by_name[name]
    value = getattr(message, name)
    if field.message_type and field.message_type.full_name == "google.protobuf.Timestamp":
        return instant(value) if message.HasField(name) else ""
    if field.is_repeated:
        return ", ".join(str(each) for each in value)
    if field.enum_type:
        return label(field, value)
    if field.type == FieldDescriptor.TYPE_BOOL:
        return t("yes") if value else ""
    if kind == "money":
        return money(value)
    if kind == "decimal":
        return decimal(value)
    if kind == "day":
        return day(value)
    return str(value)


def label(field: Any, number: int) -> str:
    """Return an enum's value as a person reads it; nothing for the unspecified one.

    :param field: the field's descriptor
    """
    value = field.enum_type.values_by_number.get(number) if field.enum_type else None
    if value is None:
        return str(number)
    if not number:
        return ""
    name = short(value.name, value.type)
    return name.upper() if len(name) == 1 else t(name.replace("_", " "))


def instant(value: Any) -> str:
    """Return a protobuf timestamp as a time in Viet Nam."""
    return local(value.ToDatetime(UTC))


def local(at: datetime) -> str:
    """Return a time in Viet Nam."""
    return f"{at.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"


def day(written: str) -> str:
    """Return a day or a month of the contracts as it is written in Viet Nam: ``24/03/2026``, ``03/2026``."""
    return "/".join(reversed(written.split("-")))


def money(dong: int) -> str:
    """Return whole đồng, grouped as the language groups."""
    grouped = f"{dong:,}"
    return grouped.replace(",", ".") if current() == "vi" else grouped


def decimal(number: str) -> str:
    """Return a decimal string with the language's mark."""
    return number.replace(".", ",") if current() == "vi" else number


def stdout() -> Console:
    """Return where results go. A table in a pipe is not cut to a terminal's width."""
    width = None if sys.stdout.isatty() or "COLUMNS" in _environment() else PIPE_WIDTH
    return _Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)


def stderr() -> Console:
    """Return where everything else goes."""
    return Console(file=sys.stderr, highlight=False, soft_wrap=True)


class _Console(Console):
    """A console that leaves a broken pipe to the one place that ends runs."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def _environment() -> Any:
    import os

    return os.environ


def say(line: str) -> None:
    """Print a line of a result."""
    print(line, file=sys.stdout)


def note(line: str) -> None:
    """Print a line that is no result."""
    print(line, file=sys.stderr)


def write_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2), file=sys.stdout)


def write_json_line(value: Any) -> None:
    """Print one line of JSON, at once."""
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":")), file=sys.stdout, flush=True)


def write_table(
    columns: Sequence[Column], entries: Iterable[Any], *, title: str = "", console: Console | None = None
) -> None:
    """Print a table that fits the terminal; long cells are folded, never cut."""
    table = Table(
        title=title or None, box=box.SIMPLE_HEAD, title_justify="left", pad_edge=False, show_edge=False
    )
    for column in columns:
        right = column.kind in ("number", "decimal", "money")
        table.add_column(
            t(column.heading),
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=column.kind in ("id", "day"),
        )
    for entry in entries:
        table.add_row(*(Text(column.of(entry)) for column in columns))
    (console or stdout()).print(table)


def write_facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print headed values, one a line; empty ones are left out."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for heading, value in pairs:
        if value:
            table.add_row(Text(t(heading)), Text(value))
    stdout().print(table)


def write_record(columns: Sequence[Column], message: Any) -> None:
    """Print one message, a field a line; empty ones are left out."""
    write_facts((column.heading, column.of(message)) for column in columns)


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on standard error, if it is a terminal, that something takes its time."""
    console = stderr()
    if not console.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        progress.add_task(what)
        yield


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show on standard error, if it is a terminal, how many of how many are done; gives what sets that."""
    console = stderr()
    if not console.is_terminal:
        yield lambda _done, _total: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


@contextmanager
def receiving(what: str) -> Iterator[Callable[[int], None]]:
    """Show on standard error, if it is a terminal, how many bytes have come; hands over what counts them."""
    console = stderr()
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda count: progress.advance(task, count)
