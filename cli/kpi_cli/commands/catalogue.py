"""The catalogue of outputs and tasks (R-3)."""

from pathlib import Path
from typing import IO

import click

from kpi.planning.v1 import planning_pb2 as pb
from kpi.planning.v1 import publication_pb2
from kpi_cli import exits, output
from kpi_cli.commanding import Group, argument, option, read_file, ward
from kpi_cli.commands.imports import content
from kpi_cli.exits import Ended, Wrong
from kpi_cli.language import current, t
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
FINDING = (
    Column("Asks for", "severity"),
    Column("Sheet", "sheet"),
    Column("Row", lambda each: str(each.row or ""), "number"),
    Column("Cell", "cell"),
    Column("Column", "column"),
    Column("Code", "code"),
    Column("Value", "value"),
    Column("Expected", "expected"),
    Column("Reason", lambda each: each.reason_vi if current() == "vi" else each.reason_en),
)


@click.group(cls=Group, help="The catalogue of outputs with their coefficients.")
def catalogue() -> None:
    pass


def _entries(session: Session, ward: str, month: str, version: int | None, **filters: str) -> None:
    if not month and not version:
        raise Wrong(t("Give exactly one of {names}.", names="--month, --version"))
    request = pb.ListCatalogueEntriesRequest(
        ward_id=session.ward(ward),
        month=month,
        version=version or 0,
        **filters,  # type: ignore[arg-type]
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
    _entries(session, ward, month, version)


@catalogue.command("search", help="Find entries by words, with accents or without, code, group or unit.")
@argument("text", help="Words of the code, task or output.", required=False, default="")
@ward
@_in_force
@_version
@option("--code", default="", metavar="PREFIX", help="Only codes that begin with this, such as DC.HN.")
@option("--group", default="", metavar="GROUP", help="Only this complexity group, such as N3.")
@option(
    "--section",
    type=click.Choice(["leadership", "shared", "unit"]),
    default=None,
    help="Only this section.",
)
@option("--for-unit", default="", metavar="NAME", help="Only for this unit, by its name in the catalogue.")
@pass_session
def search(
    session: Session,
    text: str,
    ward: str,
    month: str,
    version: int | None,
    code: str,
    group: str,
    section: str | None,
    for_unit: str,
) -> None:
    _entries(
        session,
        ward,
        month,
        version,
        query=text,
        code_prefix=code,
        complexity_group=group,
        section=section or "",
        unit=for_unit,
    )


@catalogue.command("versions", help="List the catalogue's versions, newest first.")
@ward
@pass_session
def versions(session: Session, ward: str) -> None:
    request = pb.ListCataloguesRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("planning", "ListCatalogues", request, "catalogues"), VERSION)


@catalogue.command("propose", help="Propose a version from a JSON array of entries.")
@read_file
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


@catalogue.command(
    "import",
    help="Check a catalogue's file as it was published, row by row; with --propose, propose it.",
)
@argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="The file.")
@ward
@option("--from-month", required=True, metavar="YYYY-MM", help="First month it is for.")
@option("--standard-points", default="", metavar="POINTS", help="Points of the standard unit.")
@option("--proposed-by", default="", metavar="ID", help="The unit that proposes it.")
@option(
    "--accept-coefficient",
    is_flag=True,
    help="Take the computed coefficient where the file has another.",
)
@option(
    "--accept-points-range",
    is_flag=True,
    help="Take the points where they are outside the range that the file gives.",
)
@option("--propose", is_flag=True, help="Propose it; without this nothing is kept.")
@pass_session
def import_catalogue(
    session: Session,
    file: Path,
    ward: str,
    from_month: str,
    standard_points: str,
    proposed_by: str,
    *,
    accept_coefficient: bool,
    accept_points_range: bool,
    propose: bool,
) -> None:
    if propose and not proposed_by:
        raise Wrong(t("{name} is missing.", name="--proposed-by"))
    accepted = {"coefficient": accept_coefficient, "points_range": accept_points_range}
    request = publication_pb2.ImportCatalogueRequest(
        ward_id=session.ward(ward),
        from_month=from_month,
        file_name=file.name,
        content=content(file),
        standard_points=standard_points,
        proposed_by=proposed_by,
        accept=[kind for kind, given in accepted.items() if given],
        dry_run=not propose,
    )
    told = t("Importing {file}", file=file.name)
    _report(session, session.call("planning", "ImportCatalogue", request, waiting=told))


def _report(session: Session, reply: publication_pb2.ImportCatalogueResponse) -> None:
    """Show what a published catalogue held, and what was found.

    :raises Ended: while a finding forbids it
    """
    if session.json:
        output.write_json(output.as_dict(reply))
    else:
        if reply.findings:
            output.write_table(FINDING, reply.findings)
        if reply.finding_count > len(reply.findings):
            output.note(t("Not shown: {count} more.", count=reply.finding_count - len(reply.findings)))
        output.say(
            t(
                "Entries: {count}; groups: {groups}; standard unit: {points} points.",
                count=reply.entry_count,
                groups=", ".join(reply.complexity_groups) or "–",
                points=output.decimal(reply.standard_points) or "–",
            )
        )
        if reply.applied:
            output.say(t("Proposed as version {version}.", version=reply.version))
        else:
            output.note(
                t(
                    "Nothing was kept. Refused: {refused}; to correct or to accept: {to_accept}.",
                    refused=reply.refused_count,
                    to_accept=reply.to_accept_count,
                )
            )
    if reply.refused_count or reply.to_accept_count:
        raise Ended(exits.BAD_INPUT)


@catalogue.command("approve", help="Put a proposed version in force, by a decision on record.")
@argument("version", type=click.IntRange(min=1), help="The version.")
@ward
@option("--decision", required=True, metavar="NUMBER", help="Number of the decision.")
@pass_session
def approve(session: Session, version: int, ward: str, decision: str) -> None:
    request = pb.ApproveCatalogueRequest(ward_id=session.ward(ward), version=version, decision=decision)
    session.show(session.call("planning", "ApproveCatalogue", request).catalogue, VERSION)
