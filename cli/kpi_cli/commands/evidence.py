"""Evidence of what came of tasks (R-8)."""

from pathlib import Path

import click

from kpi.planning.v1 import evidence_pb2 as pb
from kpi_cli import downloads, output
from kpi_cli.commanding import Group, argument, month, option, ward
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session

MOST_BYTES = 10 * 1024 * 1024

EVIDENCE = (
    Column("Id", "evidence_id", "id"),
    Column("Task", "task_id", "id"),
    Column("Title", "title"),
    Column("Link", "link"),
    Column("File", "file_name"),
    Column("Size", lambda each: str(each.size) if each.sha256 else "", "number"),
    Column("SHA-256", "sha256"),
    Column("Attached by", "added_by"),
    Column("Attached at", "added_at"),
    Column("Withdrawn by", "withdrawn_by"),
    Column("Withdrawn at", "withdrawn_at"),
    Column("Why withdrawn", "withdrawn_reason"),
)


@click.group(cls=Group, help="Evidence of what came of tasks: links and files.")
def evidence() -> None:
    pass


_person = argument("person", help="The person's id.")
_evidence = argument("evidence_id", help="The evidence's id, such as t1/2.", metavar="EVIDENCE")


@evidence.command("attach", help="Attach a file or a link to a task of the plan in force.")
@_person
@ward
@month
@option("--task", required=True, metavar="ID", help="The task.")
@option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The file, at most 10 MiB: .pdf .png .jpg .docx .xlsx .odt .ods .txt .csv.",
)
@option("--link", default="", metavar="URL", help="The address, http or https.")
@option("--title", default="", metavar="TEXT", help="What it shows.")
@pass_session
def attach(
    session: Session, person: str, ward: str, month: str, task: str, file: Path | None, link: str, title: str
) -> None:
    one_of(file=file, link=link)
    if file and file.stat().st_size > MOST_BYTES:
        raise Wrong(t("{file} is larger than 10 MiB: shrink or divide it, or give a link.", file=file))
    request = pb.AttachEvidenceRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        task_id=task,
        title=title,
        link=link,
        file_name=file.name if file else "",
        content=file.read_bytes() if file else b"",
    )
    session.show(session.call("planning", "AttachEvidence", request).evidence, EVIDENCE)


@evidence.command("list", help="List the evidence of a person's month, withdrawn ones too.")
@_person
@ward
@month
@option("--task", default="", metavar="ID", help="Only this task.")
@pass_session
def list_evidence(session: Session, person: str, ward: str, month: str, task: str) -> None:
    request = pb.ListEvidenceRequest(ward_id=session.ward(ward), person_id=person, month=month, task_id=task)
    session.show_all(session.entries("planning", "ListEvidence", request, "evidence"), EVIDENCE)


@evidence.command("get", help="Fetch a file of evidence exactly as it was attached.")
@_person
@_evidence
@ward
@month
@option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; in a folder it gets the name that the service gives it.",
)
@pass_session
def get(session: Session, person: str, evidence_id: str, ward: str, month: str, out: Path) -> None:
    request = pb.GetEvidenceRequest(
        ward_id=session.ward(ward), person_id=person, month=month, evidence_id=evidence_id
    )
    pieces = session.service("planning", long=True).GetEvidence(request)
    told, target = downloads.saved(downloads.counted(pieces), "evidence", out)
    downloads.tell(output.as_dict(told), target, as_json=session.json)


@evidence.command("withdraw", help="Withdraw evidence before the month is decided; it stays, marked.")
@_person
@_evidence
@ward
@month
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def withdraw(session: Session, person: str, evidence_id: str, ward: str, month: str, reason: str) -> None:
    request = pb.WithdrawEvidenceRequest(
        ward_id=session.ward(ward), person_id=person, month=month, evidence_id=evidence_id, reason=reason
    )
    session.show(session.call("planning", "WithdrawEvidence", request).evidence, EVIDENCE)
