"""Claims that an objective cause excuses a fault: commands of `kpi result` (R-8)."""

import click

from kpi.planning.v1 import causes_pb2 as pb
from kpi_cli.commanding import Enumerated, argument, month, option, ward
from kpi_cli.commands.results import result
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

__all__ = ["result"]

CAUSE = (
    Column("Person", "person_id", "id"),
    Column("Task", "task_id", "id"),
    Column("Fault", "fault_id", "id"),
    Column("Claim", "number", "number"),
    Column("State", "state"),
    Column("Reviews", "reviews", "number"),
    Column("Deadlines", "deadlines", "number"),
    Column("Cause", "cause"),
    Column("Evidence", "evidence_ids"),
    Column("Requested by", "requested_by"),
    Column("Requested at", "requested_at"),
    Column("Answered by", "answered_by"),
    Column("Answered at", "answered_at"),
    Column("Answer", "reason"),
)

_person = argument("person", help="The person's id.")
_task = option("--task", required=True, metavar="ID", help="The task.")
_fault = option("--fault", required=True, metavar="ID", help="The fault.")


@result.command("request-cause", help="Ask that an objective cause of a fault be confirmed.")
@_person
@ward
@month
@_task
@_fault
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
@option("--evidence", multiple=True, metavar="ID", help="Evidence that shows it; may be given several times.")
@pass_session
def request_cause(
    session: Session,
    person: str,
    ward: str,
    month: str,
    task: str,
    fault: str,
    reviews: int,
    deadlines: int,
    cause: str,
    evidence: tuple[str, ...],
) -> None:
    request = pb.RequestObjectiveCauseRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        task_id=task,
        fault_id=fault,
        reviews=reviews,
        deadlines=deadlines,
        cause=cause,
        evidence_ids=evidence,
    )
    session.show(session.call("planning", "RequestObjectiveCause", request).cause, CAUSE)


@result.command("refuse-cause", help="Refuse a claim of an objective cause with a reason.")
@_person
@ward
@month
@_task
@_fault
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def refuse_cause(
    session: Session, person: str, ward: str, month: str, task: str, fault: str, reason: str
) -> None:
    request = pb.RefuseObjectiveCauseRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        task_id=task,
        fault_id=fault,
        reason=reason,
    )
    session.show(session.call("planning", "RefuseObjectiveCause", request).cause, CAUSE)


@result.command("causes", help="List a month's claims of objective causes that you may see.")
@ward
@month
@option("--person", default="", metavar="ID", help="Only this person.")
@option("--state", type=Enumerated(pb.CauseState.DESCRIPTOR), default=0, help="Only in this state.")
@option("--waiting", is_flag=True, help="Only those that wait for you to answer.")
@pass_session
def causes(session: Session, ward: str, month: str, person: str, state: int, *, waiting: bool) -> None:
    request = pb.ListObjectiveCausesRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        state=state,  # type: ignore[arg-type]
        waiting_for_me=waiting,
    )
    session.show_all(session.entries("planning", "ListObjectiveCauses", request, "causes"), CAUSE)
