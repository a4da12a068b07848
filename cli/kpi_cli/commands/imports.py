"""Taking workbooks over."""

from pathlib import Path
from typing import Any

import click

from kpi.approval.v1 import approval_pb2 as approval
from kpi.planning.v1 import planning_pb2 as pb
from kpi_cli import exits, output
from kpi_cli.commanding import Command, argument, month, option, ward
from kpi_cli.exits import Ended, Wrong
from kpi_cli.language import current, t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

MOST_BYTES = 15 * 1024 * 1024

ERRORS = (
    Column("Sheet", "sheet"),
    Column("Row", lambda each: str(each.row or ""), "number"),
    Column("Column", "column"),
    Column("Value", "value"),
    Column("Reason", lambda each: each.reason_vi if current() == "vi" else each.reason_en),
)


@click.command(cls=Command, help="Take a workbook (XLSX) or one sheet (CSV) over: all of it or nothing.")
@argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The file.")
@ward
@month
@option("--sheets", default="", metavar="A,B", help="Only these sheets; for a CSV file, which sheet it is.")
@option("--dry-run", is_flag=True, help="Check only.")
@pass_session
def import_workbook(
    session: Session, file: Path, ward: str, month: str, sheets: str, *, dry_run: bool
) -> None:
    take(session, file, ward, month, named(sheets), dry_run=dry_run)


@click.command(
    cls=Command,
    help="Take a workbook's quota rates, delegations, external results, decisions and appeals over: all of it"
    " or nothing.",
)
@argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The file.")
@ward
@month
@option("--sheets", default="", metavar="A,B", help="Only these sheets; for a CSV file, which sheet it is.")
@option(
    "--document",
    default="",
    metavar="TEXT",
    help="Name or number of the signed papers, for rows that name none.",
)
@option("--dry-run", is_flag=True, help="Check only.")
@pass_session
def import_decisions(
    session: Session, file: Path, ward: str, month: str, sheets: str, document: str, *, dry_run: bool
) -> None:
    request = approval.ImportDecisionsRequest(
        ward_id=session.ward(ward),
        month=month,
        file_name=file.name,
        content=content(file),
        sheets=named(sheets),
        document=document,
        dry_run=dry_run,
    )
    reply = session.call(
        "approval", "ImportDecisions", request, waiting=t("Importing {file}", file=file.name)
    )
    report(session, reply, dict(sorted(reply.rows.items())), dry_run=dry_run)


def named(sheets: str) -> list[str]:
    """Return the names in a list divided by commas."""
    return [each.strip() for each in sheets.split(",") if each.strip()]


def take(
    session: Session, file: Path, ward: str, month: str, sheets: list[str], *, dry_run: bool = False
) -> None:
    """Have planning take a file over, and show what it says.

    :raises Ended: with bad cells
    """
    request = pb.ImportWorkbookRequest(
        ward_id=session.ward(ward),
        month=month,
        file_name=file.name,
        content=content(file),
        sheets=sheets,
        dry_run=dry_run,
    )
    reply = session.call("planning", "ImportWorkbook", request, waiting=t("Importing {file}", file=file.name))
    report(session, reply, dict(sorted(reply.rows.items())), dry_run=dry_run)


def content(file: Path) -> bytes:
    """Return a file's bytes.

    :raises Wrong: if there are too many for one message
    """
    if file.stat().st_size > MOST_BYTES:
        raise Wrong(t("{file} is larger than 15 MiB: divide it by sheets.", file=file))
    return file.read_bytes()


def report(session: Session, reply: Any, rows: dict[str, int], *, dry_run: bool) -> None:
    """Show what an import did, or its bad cells.

    :raises Ended: with bad cells
    """
    if session.json:
        output.write_json(output.as_dict(reply))
    elif reply.errors:
        output.write_table(ERRORS, reply.errors)
        if reply.error_count > len(reply.errors):
            output.note(t("Not shown: {count} more.", count=reply.error_count - len(reply.errors)))
        output.note(t("Bad cells: {count}; nothing was taken over.", count=reply.error_count))
    else:
        told = ", ".join(f"{sheet}: {count}" for sheet, count in rows.items())
        good = t("Checked, nothing was changed") if dry_run else t("Taken over")
        output.say(f"{good}: {told or t('no rows')}.")
    if reply.error_count:
        raise Ended(exits.BAD_INPUT)
