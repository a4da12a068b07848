"""The catalogue of outputs and tasks (R-3)."""

from typing import IO

import click

from kpi.planning.v1 import planning_pb2 as pb
from kpi_cli.commanding import Group, argument, option, ward
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session, read_messages

ENTRY = (
    Column("Code", "code", "id"),
    Column("Task", "task"),
    Column("Output", "output"),
    Column("Group", "complexity_group"),
    Column("Points", "points", "decimal"),
    Column("Coefficient", "coefficient", "decimal"),
    Column("Unit", "unit"),
)
VERSION = (
    Column("Version", "version", "number"),
    Column("From month", "from_month", "day"),
    Column("Standard points", "standard_points", "decimal"),
    Column("Entries", "entry_count", "number"),
    Column("Approved", "approved"),
    Column("Decision", "decision"),
    Column("Approved at", "approved_at"),
    Column("Proposed by", "proposed_by"),
)


@click.group(cls=Group, help="The catalogue of outputs with their coefficients.")
def catalogue() -> None:
    pass


def _entries(session: Session, ward: str, month: str, version: int | None, query: str) -> None:
    if not month and not version:
        raise Wrong(t("Give exactly one of {names}.", names="--month, --version"))
    request = pb.ListCatalogueEntriesRequest(
        ward_id=session.ward(ward), month=month, version=version or 0, query=query
    )
    session.show_all(session.entries("planning", "ListCatalogueEntries", request, "entries"), ENTRY)


_version = option("--version", type=click.IntRange(min=1), metavar="N", help="This version of it.")
_in_force = option(
    "--month", envvar="KPI_MONTH", default="", metavar="YYYY-MM", help="The one in force in a month."
)


@catalogue.command("list", help="List the entries in force in a month, or of a version.")
@ward
@_in_force
@_version
@pass_session
def list_entries(session: Session, ward: str, month: str, version: int | None) -> None:
    _entries(session, ward, month, version, "")


@catalogue.command("search", help="List entries in whose code, task or output a text stands.")
@argument("text", help="The text.")
@ward
@_in_force
@_version
@pass_session
def search(session: Session, text: str, ward: str, month: str, version: int | None) -> None:
    _entries(session, ward, month, version, text)


@catalogue.command("versions", help="List the catalogue's versions, newest first.")
@ward
@pass_session
def versions(session: Session, ward: str) -> None:
    request = pb.ListCataloguesRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("planning", "ListCatalogues", request, "catalogues"), VERSION)


@catalogue.command("propose", help="Propose a version from a JSON array of entries.")
@argument("file", type=click.File("r", encoding="utf-8"), help="The file; - for standard input.")
@ward
@option("--from-month", required=True, metavar="YYYY-MM", help="First month it is for.")
@option("--standard-points", required=True, metavar="POINTS", help="Points of the standard unit.")
@option("--proposed-by", default="", metavar="ID", help="The unit that proposes it.")
@pass_session
def propose(
    session: Session, file: IO[str], ward: str, from_month: str, standard_points: str, proposed_by: str
) -> None:
    request = pb.ProposeCatalogueRequest(
        ward_id=session.ward(ward),
        from_month=from_month,
        standard_points=standard_points,
        proposed_by=proposed_by,
        entries=read_messages(file, pb.CatalogueEntry, file.name),
    )
    session.show(session.call("planning", "ProposeCatalogue", request).catalogue, VERSION)


@catalogue.command("approve", help="Put a proposed version in force, by a decision on record.")
@argument("version", type=click.IntRange(min=1), help="The version.")
@ward
@option("--decision", required=True, metavar="NUMBER", help="Number of the decision.")
@pass_session
def approve(session: Session, version: int, ward: str, decision: str) -> None:
    request = pb.ApproveCatalogueRequest(ward_id=session.ward(ward), version=version, decision=decision)
    session.show(session.call("planning", "ApproveCatalogue", request).catalogue, VERSION)
