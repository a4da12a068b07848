"""Empty workbooks to fill in."""

from pathlib import Path
from typing import Final

import click

from kpi.approval.v1 import templates_pb2 as approval
from kpi.planning.v1 import templates_pb2 as planning
from kpi_cli import downloads
from kpi_cli.commanding import Command, argument, option, ward
from kpi_cli.commands.imports import named
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.session import Session, pass_session

KINDS: Final = {
    "decisions": approval.TEMPLATE_KIND_DECISIONS,
    "assessments": approval.TEMPLATE_KIND_ASSESSMENTS,
}
"""What approval calls the workbooks that it takes; the month's is planning's."""


@click.command(
    cls=Command,
    help="Fetch a workbook to fill in: the month's for import, decisions for import-decisions, assessments"
    " for assess import and remarks import.",
)
@argument("kind", type=click.Choice(["month", *KINDS]), help="Which workbook.")
@ward
@option(
    "--month",
    envvar="KPI_MONTH",
    default="",
    metavar="YYYY-MM",
    help="The month, for assessments (KPI_MONTH).",
)
@option("--sheets", default="", metavar="A,B", help="Only these sheets.")
@option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FILE",
    help="Where to; in a folder it gets the name that the service gives it.",
)
@pass_session
def template(session: Session, kind: str, ward: str, month: str, sheets: str, out: Path) -> None:
    if kind == "assessments" and not month:
        raise Wrong(t("Give the month with --month: its criteria are the columns."))
    of, only = session.ward(ward), named(sheets)
    if kind in KINDS:
        wanted = approval.GetTemplateRequest(ward_id=of, kind=KINDS[kind], month=month, sheets=only)
        reply = session.call("approval", "GetTemplate", wanted)
    else:
        request = planning.GetTemplateRequest(ward_id=of, sheets=only)
        reply = session.call("planning", "GetTemplate", request)
    target = downloads.saved_whole(reply, out)
    told = {"file_name": reply.file_name, "sha256": reply.sha256}
    downloads.tell(told, target, as_json=session.json)
