"""The log of changes: reading, verifying, keeping it outside (R-32)."""

import json
from pathlib import Path
from typing import IO

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Group, argument, option, ward
from kpi_cli.exits import Broken, Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session, read_messages

ENTRY = (
    Column("Number", "number", "number"),
    Column("At", "at"),
    Column("Who", "actor_id", "id"),
    Column("On whose authority", "authority_id", "id"),
    Column("Action", "action"),
    Column("About", "subject_id", "id"),
    Column("Month", "month", "day"),
    Column("Before", "before"),
    Column("After", "after"),
)


@click.group("audit", cls=Group, help="The log of who changed what.")
def audit() -> None:
    pass


@audit.command("list", help="List the changes in a ward, oldest first.")
@ward
@option("--about", default="", metavar="ID", help="Only about this person or appeal.")
@option("--of-month", default="", metavar="YYYY-MM", help="Only of this month.")
@pass_session
def list_entries(session: Session, ward: str, about: str, of_month: str) -> None:
    request = pb.ListAuditEntriesRequest(ward_id=session.ward(ward), subject_id=about, month=of_month)
    session.show_all(session.entries("approval", "ListAuditEntries", request, "entries"), ENTRY)


@audit.command("verify", help="Verify the whole log, also against a checkpoint that was kept outside.")
@ward
@option(
    "--checkpoint",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="The checkpoint that was kept.",
)
@option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the new checkpoint there, to be kept outside.",
)
@pass_session
def verify(session: Session, ward: str, checkpoint: IO[str] | None, keep: Path | None) -> None:
    request = pb.VerifyAuditRequest(ward_id=session.ward(ward))
    if checkpoint:
        given = read_messages(checkpoint, pb.AuditCheckpoint, checkpoint.name)
        if len(given) != 1:
            raise Wrong(t("{name} holds no single checkpoint.", name=checkpoint.name))
        request.checkpoint.CopyFrom(given[0])
    reply = _verified(session, request)
    if keep:
        if not reply.HasField("checkpoint"):
            raise Wrong(reply.no_checkpoint)
        written = json.dumps(output.as_dict(reply.checkpoint), ensure_ascii=False, indent=2)
        keep.write_text(written + "\n", "utf-8")
    told = t("The log is intact: {count} entries.", count=reply.count)
    session.told(reply, f"{told} {reply.no_checkpoint}".rstrip())


@audit.command("export", help="Write the whole log as JSON lines, and the checkpoint beside it.")
@argument("file", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@ward
@pass_session
def export(session: Session, file: Path, ward: str) -> None:
    ward_id = session.ward(ward)
    reply = _verified(session, pb.VerifyAuditRequest(ward_id=ward_id))
    request = pb.ListAuditEntriesRequest(ward_id=ward_id)
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for each in session.entries("approval", "ListAuditEntries", request, "entries"):
            lines.write(json.dumps(output.as_dict(each), ensure_ascii=False) + "\n")
            count += 1
    told = t("Entries written: {count}.", count=count)
    if reply.HasField("checkpoint"):
        beside = file.with_name(f"{file.name}.checkpoint.json")
        written = json.dumps(output.as_dict(reply.checkpoint), ensure_ascii=False, indent=2)
        beside.write_text(written + "\n", "utf-8")
        told += " " + t("Checkpoint: {file}.", file=beside.name)
    else:
        told += " " + reply.no_checkpoint
    session.told(reply, told)


def _verified(session: Session, request: pb.VerifyAuditRequest) -> pb.VerifyAuditResponse:
    """Return what a verification found.

    :raises Broken: if the log is not intact, with the place
    """
    reply: pb.VerifyAuditResponse = session.call("approval", "VerifyAudit", request, waiting=t("Verifying"))
    if not reply.intact:
        raise Broken(
            t(
                "The log is not intact at entry {number}: {problem}.",
                number=reply.broken_at,
                problem=reply.problem,
            )
        )
    return reply
