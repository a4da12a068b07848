"""Objectives and key results, and the readings that measure them (R-6)."""

from datetime import UTC, datetime
from typing import IO

import click

from chassis import days
from kpi.planning.v1 import okr_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Enumerated, Group, argument, expected_revision, option, read_file, ward
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session, read_messages

OBJECTIVE = (
    Column("Objective", "objective_id", "id"),
    Column("Title", "title"),
    Column("Owner", "owner_kind"),
    Column("Whose", "owner_id"),
    Column("Period", "period"),
    Column("Aligned to", "above_id"),
    Column("Weight", "weight", "decimal"),
    Column("Progress", "progress", "decimal"),
    Column("Dropped", "dropped"),
    Column("Revision", "revision", "number"),
)
KEY_RESULT = (
    Column("Key result", "key_result_id", "id"),
    Column("Measured", "name"),
    Column("Unit of measure", "unit_of_measure"),
    Column("Start", "start", "decimal"),
    Column("Target", "target", "decimal"),
    Column("Current", "current", "decimal"),
    Column("Measured at", "measured_at"),
    Column("Weight", "weight", "decimal"),
    Column("Progress", "progress", "decimal"),
    Column("As it is", "raw_progress", "decimal"),
    Column("Tasks", lambda key: ", ".join(f"{each.person_id}/{each.task_id}" for each in key.tasks)),
)
ALIGNED = (
    Column("Aligned", "objective_id", "id"),
    Column("Title", "title"),
    Column("Owner", "owner_kind"),
    Column("Whose", "owner_id"),
    Column("Weight", "weight", "decimal"),
    Column("Progress", "progress", "decimal"),
)
READING = (
    Column("Objective", "objective_id", "id"),
    Column("Key result", "key_result_id", "id"),
    Column("Value", "value", "decimal"),
    Column("Measured at", "measured_at"),
    Column("Source", "source"),
    Column("Reference", "reference", "id"),
    Column("Recorded by", "recorded_by"),
    Column("Recorded at", "recorded_at"),
    Column("Note", "note"),
)
MANUAL = "manual"


@click.group(cls=Group, help="Objectives and key results (OKR).")
def okr() -> None:
    pass


@okr.command("list", help="List the objectives of a month or quarter with how far they are.")
@ward
@option("--period", required=True, metavar="YYYY-MM|YYYY-Qn", help="The month or quarter.")
@option("--owner", type=Enumerated(pb.OwnerKind.DESCRIPTOR), default=0, help="Only of this kind of owner.")
@option("--whose", default="", metavar="ID", help="Only of this unit or person.")
@option("--above", default="", metavar="ID", help="Only those aligned to this objective.")
@pass_session
def list_objectives(session: Session, ward: str, period: str, owner: int, whose: str, above: str) -> None:
    request = pb.ListObjectivesRequest(
        ward_id=session.ward(ward),
        period=period,
        owner_kind=owner,  # type: ignore[arg-type]
        owner_id=whose,
        above_id=above,
    )
    session.show_all(session.entries("planning", "ListObjectives", request, "objectives"), OBJECTIVE)


@okr.command("show", help="Show an objective with its key results and what is aligned to it.")
@argument("objective", help="The objective's id.")
@ward
@pass_session
def show(session: Session, objective: str, ward: str) -> None:
    request = pb.GetObjectiveRequest(ward_id=session.ward(ward), objective_id=objective)
    _show(session, session.call("planning", "GetObjective", request).objective)


def _show(session: Session, found: pb.Objective) -> None:
    session.show(found, OBJECTIVE)
    if session.json:
        return
    if found.key_results:
        output.write_table(KEY_RESULT, found.key_results)
    if found.aligned:
        output.write_table(ALIGNED, found.aligned)


@okr.command("save", help="Save an objective with its key results from a JSON object.")
@read_file
@ward
@expected_revision
@pass_session
def save(session: Session, file: IO[str], ward: str, expected_revision: int) -> None:
    given = read_messages(file, pb.Objective, file.name)
    if len(given) != 1:
        raise Wrong(t("{name} holds {count} objectives: give one.", name=file.name, count=len(given)))
    request = pb.SaveObjectiveRequest(
        ward_id=session.ward(ward), objective=given[0], expected_revision=expected_revision
    )
    _show(session, session.call("planning", "SaveObjective", request).objective)


@okr.command("record", help="Record readings: a JSON array, or one by options.")
@click.argument("file", type=click.File("r", encoding="utf-8"), required=False)
@ward
@option("--objective", default="", metavar="ID", help="The objective.")
@option("--key-result", default="", metavar="ID", help="Its key result.")
@option("--value", default="", metavar="NUMBER", help="What was measured.")
@option("--at", default="", metavar="TIME", help="When it was measured; by default now.")
@option("--source", default=MANUAL, metavar="ID", help="Where it is from; by default manual.")
@option(
    "--reference", default="", metavar="ID", help="The reading's id in its source; repeated, it counts once."
)
@option("--note", default="", metavar="TEXT", help="What else is to be said.")
@pass_session
def record(
    session: Session,
    file: IO[str] | None,
    ward: str,
    objective: str,
    key_result: str,
    value: str,
    at: str,
    source: str,
    reference: str,
    note: str,
) -> None:
    one_of(file=file, objective=objective)
    if file:
        readings = read_messages(file, pb.Reading, file.name)
    else:
        for name, given in (("--key-result", key_result), ("--value", value), ("--reference", reference)):
            if not given:
                raise Wrong(t("{name} is missing.", name=name))
        reading = pb.Reading(
            objective_id=objective,
            key_result_id=key_result,
            value=value,
            source=source,
            reference=reference,
            note=note,
        )
        reading.measured_at.FromDatetime(_instant(at) if at else days.now())
        readings = [reading]
    request = pb.RecordReadingsRequest(ward_id=session.ward(ward), readings=readings)
    session.show_all(session.call("planning", "RecordReadings", request).readings, READING)


def _instant(words: str) -> datetime:
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise Wrong(t("{value} is no time such as 2026-03-27T08:00.", value=words)) from error
    return (found if found.tzinfo else found.replace(tzinfo=days.VIET_NAM)).astimezone(UTC)


@okr.command("readings", help="List a key result's readings in the order in which they were recorded.")
@argument("objective", help="The objective's id.")
@argument("key_result", help="The key result's id.")
@ward
@pass_session
def readings(session: Session, objective: str, key_result: str, ward: str) -> None:
    request = pb.ListReadingsRequest(
        ward_id=session.ward(ward), objective_id=objective, key_result_id=key_result
    )
    session.show_all(session.entries("planning", "ListReadings", request, "readings"), READING)
