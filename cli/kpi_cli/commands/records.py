"""The record of the month: sheets, lists, the archive (R-31)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi_cli import downloads, output
from kpi_cli.commanding import Group, argument, month, option, unit, ward
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

RECORD = (
    Column("Record", "record_id", "id"),
    Column("Number", "number"),
    Column("Title", "title"),
    Column("File", "file_name"),
    Column("Size", "size", "number"),
    Column("SHA-256", "sha256"),
    Column("Issued at", "made_at"),
)
KINDS = {
    "sheet": pb.RECORD_KIND_SHEET,
    "summary": pb.RECORD_KIND_UNIT_SUMMARY,
    "commendations": pb.RECORD_KIND_COMMENDATIONS,
    "year-sheet": pb.RECORD_KIND_YEAR_SHEET,
}


@click.group(cls=Group, help="The record of a month: sheets, lists, the archive.")
def record() -> None:
    pass


@record.command("make", help="Issue the documents of a person, a unit or the whole ward; once for a grade.")
@ward
@month
@unit
@option("--person", default="", metavar="ID", help="Only this person's sheet.")
@pass_session
def make(session: Session, ward: str, month: str, unit: str, person: str) -> None:
    request = pb.MakeRecordsRequest(ward_id=session.ward(ward), month=month, unit_id=unit, person_id=person)
    done = pb.MakeRecordsResponse()
    with output.counting(t("Issuing")) as count:
        for piece in session.service("approval", long=True).MakeRecords(request):
            done.records.extend(piece.records)
            done.made += piece.made
            done.total = piece.total
            count(len(done.records), piece.total)
    session.told(done, t("Documents: {count}, new: {made}.", count=len(done.records), made=done.made))


@record.command("list", help="List the issued documents that you may see.")
@ward
@month
@unit
@option("--person", default="", metavar="ID", help="Only this person's sheet.")
@option("--kind", type=click.Choice(sorted(KINDS)), help="Only this kind.")
@pass_session
def list_records(session: Session, ward: str, month: str, unit: str, person: str, kind: str | None) -> None:
    request = pb.ListRecordsRequest(
        ward_id=session.ward(ward),
        month=month,
        unit_id=unit,
        person_id=person,
        kind=KINDS[kind] if kind else pb.RECORD_KIND_UNSPECIFIED,
    )
    session.show_all(session.entries("approval", "ListRecords", request, "records"), RECORD)


@record.command("get", help="Fetch a document exactly as it was issued.")
@argument("record_id", help="The document's id, such as sheet/p-017/1.pdf.", metavar="RECORD")
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
def get(session: Session, record_id: str, ward: str, month: str, out: Path) -> None:
    request = pb.GetRecordRequest(ward_id=session.ward(ward), month=month, record_id=record_id)
    _save(session, session.service("approval", long=True).GetRecord(request), "record", out)


@record.command("archive", help="Fetch a month's documents as one ZIP file.")
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
def archive(session: Session, ward: str, month: str, out: Path) -> None:
    request = pb.GetRecordArchiveRequest(ward_id=session.ward(ward), month=month)
    _save(session, session.service("approval", long=True).GetRecordArchive(request), "summary", out)


def _save(session: Session, pieces: Iterable[Any], last: str, out: Path) -> None:
    told, path = downloads.saved(downloads.counted(pieces), last, out)
    downloads.tell(output.as_dict(told), path, as_json=session.json)
