"""Empty workbooks to fill in."""

from pathlib import Path
from typing import Final

import click

from kpi.approval.v1 import templates_pb2 as approval
from kpi.planning.v1 import templates_pb2 as planning
from kpi_cli import downloads, output
from kpi_cli.commanding import Command, argument, option, ward
from kpi_cli.commands.imports import named
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.session import Session, pass_session

KINDS: Final = {
    "month": None,
    "decisions": approval.TEMPLATE_KIND_DECISIONS,
    "assessments": approval.TEMPLATE_KIND_ASSESSMENTS,
}
"""What approval calls the workbooks that it takes; the month's is planning's."""


@click.command(
    cls=Command,
    help="Fetch a workbook to fill in: the month's for import, decisions for import-decisions, assessments"
    " for assess import and remarks import.",
)
@argument("kind", type=click.Choice(list(KINDS)), help="Which workbook.")
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
    which = KINDS[kind]
    if which is None:
        reply = session.call(
            "planning",
            "GetTemplate",
            planning.GetTemplateRequest(ward_id=session.ward(ward), sheets=named(sheets)),
        )
    else:
        if which == approval.TEMPLATE_KIND_ASSESSMENTS and not month:
            raise Wrong(t("Give the month with --month: its criteria are the columns."))
        reply = session.call(
            "approval",
            "GetTemplate",
            approval.GetTemplateRequest(
                ward_id=session.ward(ward), kind=which, month=month, sheets=named(sheets)
            ),
        )
    target = downloads.saved_whole(reply, out)
    if session.json:
        told = {"file_name": reply.file_name, "sha256": reply.sha256, "path": str(target)}
        output.write_json(told)
        return
    output.write_facts([("File", str(target)), ("SHA-256", reply.sha256)])
