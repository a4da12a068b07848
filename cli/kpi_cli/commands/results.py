"""What came of the plans, and who worked how long (R-8, R-10)."""

from pathlib import Path
from typing import IO

import click

from kpi.planning.v1 import deliveries_pb2
from kpi.planning.v1 import planning_pb2 as pb
from kpi_cli.commanding import Command, Group, argument, month, option, read_file, ward
from kpi_cli.commands.imports import take
from kpi_cli.commands.plans import show_plan
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session, read_messages

SHEETS = (".xlsx", ".csv")
DELIVERY = (
    Column("System", "system", "id"),
    Column("Reference", "reference", "id"),
    Column("Sequence", "sequence", "number"),
    Column("Person", "person_id", "id"),
    Column("Month", "month", "day"),
    Column("Task", "task_id", "id"),
    Column("Quantity", "quantity", "decimal"),
    Column("Accepted on", "accepted_on", "day"),
    Column("Evidence", "evidence"),
    Column("Delivered by", "delivered_by"),
    Column("Delivered at", "delivered_at"),
)


@click.group(cls=Group, help="Results of tasks.")
def result() -> None:
    pass


@result.command(
    "record",
    help="Record results: sheets results and faults of a workbook, a JSON array, or one task by options.",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@ward
@month
@option("--person", default="", metavar="ID", help="The person; not needed with a workbook.")
@option("--task", default="", metavar="ID", help="The task.")
@option("--accepted", default="", metavar="QUANTITY", help="Accepted quantity.")
@option("--evidence", default="", metavar="TEXT", help="Link to or name of the evidence.")
@option(
    "--accepted-on",
    default="",
    metavar="DAY",
    help="Day on which the last of it was accepted, YYYY-MM-DD, within the month's window.",
)
@pass_session
def record(
    session: Session,
    file: Path | None,
    ward: str,
    month: str,
    person: str,
    task: str,
    accepted: str,
    evidence: str,
    accepted_on: str,
) -> None:
    one_of(file=file, task=task)
    if file and file.suffix.lower() in SHEETS:
        sheets = ["results"] if file.suffix.lower() == ".csv" else ["results", "faults"]
        take(session, file, ward, month, sheets)
        return
    if not person:
        raise Wrong(t("{name} is missing.", name="--person"))
    if file:
        with file.open(encoding="utf-8") as source:
            results = read_messages(source, pb.TaskResult, file.name)
    else:
        given = pb.TaskResult(task_id=task, accepted=accepted, evidence=evidence, accepted_on=accepted_on)
        results = [_with_what_stands(session, ward, month, person, given)]
    request = pb.RecordResultsRequest(
        ward_id=session.ward(ward), person_id=person, month=month, results=results
    )
    show_plan(session, session.call("planning", "RecordResults", request).plan)


def _with_what_stands(
    session: Session, ward: str, month: str, person: str, given: pb.TaskResult
) -> pb.TaskResult:
    """Return the result of one task with the faults that stand: no option names them, so none drops them."""
    asked = pb.GetPlanRequest(ward_id=session.ward(ward), person_id=person, month=month)
    plan: pb.Plan = session.call("planning", "GetPlan", asked).plan
    stands = next((each for each in plan.tasks if each.task_id == given.task_id), pb.Task())
    return pb.TaskResult(
        task_id=given.task_id,
        accepted=given.accepted,
        evidence=given.evidence or stands.evidence,
        faults=stands.faults,
        accepted_on=given.accepted_on,
    )


@result.command(
    "deliver", help="Take results of another system from a JSON array; each reference counts once."
)
@read_file
@ward
@pass_session
def deliver(session: Session, file: IO[str], ward: str) -> None:
    request = deliveries_pb2.DeliverResultsRequest(
        ward_id=session.ward(ward), deliveries=read_messages(file, deliveries_pb2.Delivery, file.name)
    )
    session.show_all(session.call("planning", "DeliverResults", request).deliveries, DELIVERY)


@result.command("deliveries", help="List what other systems delivered for a person's month.")
@argument("person", help="The person's id.")
@ward
@month
@option("--task", default="", metavar="ID", help="Only this task.")
@pass_session
def deliveries(session: Session, person: str, ward: str, month: str, task: str) -> None:
    request = deliveries_pb2.ListDeliveriesRequest(
        ward_id=session.ward(ward), person_id=person, month=month, task_id=task
    )
    session.show_all(session.entries("planning", "ListDeliveries", request, "deliveries"), DELIVERY)


@result.command(
    "confirm-cause", help="Confirm an objective cause that excuses failed reviews or missed deadlines."
)
@argument("person", help="The person's id.")
@ward
@month
@option("--task", required=True, metavar="ID", help="The task.")
@option("--fault", required=True, metavar="ID", help="The fault.")
@option(
    "--reviews",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="How many failed reviews it excuses.",
)
@option(
    "--deadlines",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="How many missed deadlines it excuses.",
)
@option("--cause", required=True, metavar="TEXT", help="The objective cause.")
@pass_session
def confirm_cause(
    session: Session,
    person: str,
    ward: str,
    month: str,
    task: str,
    fault: str,
    reviews: int,
    deadlines: int,
    cause: str,
) -> None:
    request = pb.ConfirmObjectiveCauseRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        task_id=task,
        fault_id=fault,
        excused_reviews=reviews,
        excused_deadlines=deadlines,
        cause=cause,
    )
    show_plan(session, session.call("planning", "ConfirmObjectiveCause", request).plan)


@click.command(
    "working-time",
    cls=Command,
    help="Record half-days: the sheet working_time of a workbook, or one person by options.",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@ward
@month
@option("--person", default="", metavar="ID", help="The person; not needed with a workbook.")
@option("--required", type=click.IntRange(min=0), metavar="N", help="Half-days that the month requires.")
@option("--worked", type=click.IntRange(min=0), metavar="N", help="Half-days worked.")
@pass_session
def working_time(
    session: Session,
    file: Path | None,
    ward: str,
    month: str,
    person: str,
    required: int | None,
    worked: int | None,
) -> None:
    one_of(file=file, person=person)
    if file:
        take(session, file, ward, month, ["working_time"])
        return
    if required is None or worked is None:
        raise Wrong(t("{name} is missing.", name="--required, --worked"))
    entry = pb.WorkingTime(person_id=person, required_half_days=required, worked_half_days=worked)
    request = pb.RecordWorkingTimeRequest(ward_id=session.ward(ward), month=month, entries=[entry])
    reply = session.call("planning", "RecordWorkingTime", request)
    session.told(reply, t("People recorded: {count}.", count=reply.count))
