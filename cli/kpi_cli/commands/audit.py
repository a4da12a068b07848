"""The log of changes that every service keeps: reading, verifying, keeping it outside (R-32)."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

from kpi.operations.v1 import audit_pb2 as pb
from kpi_cli import output
from kpi_cli.client import SERVICES
from kpi_cli.commanding import Group, argument, option, ward
from kpi_cli.exits import Broken, Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import PAGE, Session, pass_session, read_messages

BEFORE_SERVICES = "approval"
"""Whose log a checkpoint is of that was signed before there were others."""

ENTRY = (
    Column("Service", "service"),
    Column("Ward", "ward_id"),
    Column("Number", "number", "number"),
    Column("At", lambda row: output.local(datetime.fromisoformat(row.at))),
    Column("Who", "actor_id", "id"),
    Column("On whose authority", "authority_id", "id"),
    Column("Action", "action"),
    Column("About", "subject_id", "id"),
    Column("Month", "month", "day"),
    Column("Before", "before"),
    Column("After", "after"),
)
VERIFIED = (
    Column("Service", "service", "id"),
    Column("Log", lambda row: t("city") if row.ward_id == "*" else t("ward")),
    Column("Entries", "count", "number"),
    Column("Last entry", lambda row: row.checkpoint.digest),
)

services_option = option(
    "--service",
    "services",
    type=click.Choice(SERVICES),
    multiple=True,
    help="Only this service; may be given several times.",
)


@click.group("audit", cls=Group, help="The log of who changed what.")
def audit() -> None:
    pass


@audit.command("list", help="List the changes in a ward, service by service, oldest first.")
@ward
@services_option
@option("--about", default="", metavar="ID", help="Only about this person, plan, policy or other thing.")
@option("--of-month", default="", metavar="YYYY-MM", help="Only of this month.")
@option("--city", is_flag=True, help="What holds for every ward instead, such as the city's policies.")
@pass_session
def list_entries(
    session: Session, ward: str, services: Sequence[str], about: str, of_month: str, *, city: bool
) -> None:
    request = pb.ListAuditEntriesRequest(
        ward_id=session.ward(ward), subject_id=about, month=of_month, city=city
    )
    session.show_all(_entries(session, services or SERVICES, request), ENTRY)


@audit.command("verify", help="Verify the whole log of every service, also against checkpoints kept outside.")
@ward
@services_option
@option(
    "--checkpoint",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help="The checkpoints that were kept.",
)
@option(
    "--keep",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the new checkpoints there, to be kept outside.",
)
@pass_session
def verify(
    session: Session, ward: str, services: Sequence[str], checkpoint: IO[str] | None, keep: Path | None
) -> None:
    kept = read_messages(checkpoint, pb.AuditCheckpoint, checkpoint.name) if checkpoint else []
    asked = services or SERVICES
    if checkpoint and not any(_service(each) in asked for each in kept):
        names = ", ".join(asked)
        raise Wrong(t("{name} holds no checkpoint of {services}.", name=checkpoint.name, services=names))
    found = _verified(session, session.ward(ward), asked, kept)
    if keep:
        if not any(each.HasField("checkpoint") for each in found):
            why = " ".join(sorted({each.no_checkpoint for each in found if each.no_checkpoint}))
            raise Broken(
                t("{file} is not written: there is no checkpoint to keep. {why}", file=keep, why=why)
            )
        _write_checkpoints(keep, found)
    _tell(session, found, t("The logs are intact: {count} entries.", count=sum(each.count for each in found)))


@audit.command("export", help="Write the whole log as JSON lines, and the checkpoints beside it.")
@argument("file", type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@ward
@services_option
@pass_session
def export(session: Session, file: Path, ward: str, services: Sequence[str]) -> None:
    ward_id, asked = session.ward(ward), services or SERVICES
    found = _verified(session, ward_id, asked, [])
    count = 0
    with file.open("w", encoding="utf-8") as lines:
        for city in (False, True):
            request = pb.ListAuditEntriesRequest(ward_id=ward_id, city=city)
            for each in _entries(session, asked, request):
                lines.write(json.dumps(output.as_dict(each), ensure_ascii=False) + "\n")
                count += 1
    beside = file.with_name(f"{file.name}.checkpoint.json")
    _write_checkpoints(beside, found)
    told = t("Entries written: {count}.", count=count) + " " + t("Checkpoints: {file}.", file=beside.name)
    _tell(session, found, told)


def _entries(
    session: Session, services: Sequence[str], request: pb.ListAuditEntriesRequest
) -> Iterator[pb.AuditEntry]:
    request.page_size = PAGE
    for service in services:
        request.page_token = ""
        yield from session.caller().operations(service).pages("ListAuditEntries", request, "entries")


def _verified(
    session: Session, ward_id: str, services: Sequence[str], kept: Sequence[pb.AuditCheckpoint]
) -> list[pb.VerifyAuditResponse]:
    """Return what the verification of each log found, the ward's and the city's.

    :raises Broken: if a log is not intact, with each service and place
    """
    found, broken = [], []
    for service in services:
        for city in (False, True):
            request = pb.VerifyAuditRequest(ward_id=ward_id, city=city)
            for each in kept:
                if _service(each) == service and city == (each.ward_id == "*"):
                    request.checkpoint.CopyFrom(each)
            with output.waiting(t("Verifying")):
                reply = session.caller(long=True).operations(service).VerifyAudit(request)
            reply.service = service
            found.append(reply)
            if not reply.intact:
                broken.append(
                    t(
                        "{service}: the {log} log is not intact at entry {number}: {problem}.",
                        service=service,
                        log=t("city") if city else t("ward"),
                        number=reply.broken_at,
                        problem=reply.problem,
                    )
                )
    if broken:
        raise Broken("\n".join(broken))
    return found


def _service(kept: pb.AuditCheckpoint) -> str:
    return kept.service or BEFORE_SERVICES


def _write_checkpoints(file: Path, found: Sequence[pb.VerifyAuditResponse]) -> None:
    signed: list[dict[str, Any]] = [
        output.as_dict(each.checkpoint) for each in found if each.HasField("checkpoint")
    ]
    file.write_text(json.dumps(signed, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _tell(session: Session, found: Sequence[pb.VerifyAuditResponse], told: str) -> None:
    if session.json:
        output.write_json([output.as_dict(each) for each in found])
        return
    output.write_table(VERIFIED, [each for each in found if each.count])
    unsigned = {each.no_checkpoint for each in found if each.count and each.no_checkpoint}
    output.say(" ".join([told, *sorted(unsigned)]))
