"""Plans of a month (R-4, R-5)."""

from typing import IO

import click

from kpi.planning.v1 import drafting_pb2
from kpi.planning.v1 import planning_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import (
    Enumerated,
    Group,
    argument,
    expected_revision,
    from_month,
    month,
    option,
    read_file,
    unit,
    ward,
)
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session, read_messages

PLAN = (
    Column("Person", "person_id", "id"),
    Column("Unit", "unit_id"),
    Column("Month", "month", "day"),
    Column("Version", "version", "number"),
    Column("State", "state"),
    Column("Tasks", "task_count", "number"),
    Column("Decided by", "decided_by"),
    Column("Decided at", "decided_at"),
    Column("Reason", "reason"),
)


def accepted_when(task: pb.Task) -> str:
    """Return when a task's outputs were accepted, with the mark of what came late without its date (R-12)."""
    told = [output.day(task.accepted_on)] if task.accepted_on else []
    if task.vouched_on:
        day = output.day(task.vouched_on)
        told.append(t("recorded after the window ({day}), acceptance date not stated", day=day))
    return "; ".join(told)


TASK = (
    Column("Task", "task_id", "id"),
    Column("Work", "name"),
    Column("Output", "output"),
    Column("Kind", "kind"),
    Column("Due", "due_on", "day"),
    Column("Responsibility", "responsibility"),
    Column("Authority", "authority"),
    Column("Quantity", "quantity", "decimal"),
    Column("Coefficient", "coefficient", "decimal"),
    Column("Colleague", lambda task: "/".join(filter(None, (task.counterpart_id, task.counterpart_task_id)))),
    Column("Unit's item", "unit_item_id"),
    Column("Accepted", "accepted", "decimal"),
    Column("Accepted on", accepted_when),
    Column("Stated by", "stated_by"),
    Column("Faults", lambda task: str(sum(each.outputs for each in task.faults) or ""), "number"),
)


@click.group(cls=Group, help="People's month plans.")
def plan() -> None:
    pass


@plan.command("list", help="List the plans of a month.")
@ward
@month
@unit
@option("--state", type=Enumerated(pb.PlanState.DESCRIPTOR), default=0, help="Only in this state.")
@pass_session
def list_plans(session: Session, ward: str, month: str, unit: str, state: int) -> None:
    request = pb.ListPlansRequest(ward_id=session.ward(ward), month=month, unit_id=unit, state=state)  # type: ignore[arg-type]
    session.show_all(session.entries("planning", "ListPlans", request, "plans"), PLAN)


@plan.command("show", help="Show a person's plan with its tasks and results.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def show(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.GetPlanRequest(ward_id=session.ward(ward), person_id=person, month=month)
    show_plan(session, session.call("planning", "GetPlan", request).plan)


def show_plan(session: Session, found: pb.Plan) -> None:
    """Show a plan with its tasks."""
    session.show(found, PLAN)
    if not session.json:
        output.write_table(TASK, found.tasks)


@plan.command("versions", help="List every version of a person's plan, oldest first.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def versions(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.ListPlanVersionsRequest(ward_id=session.ward(ward), person_id=person, month=month)
    session.show_all(session.entries("planning", "ListPlanVersions", request, "plans"), PLAN)


@plan.command(
    "save", help="Save a draft from a JSON array of tasks; on an approved plan, begin an amendment."
)
@argument("person", help="The person's id.")
@read_file
@ward
@month
@expected_revision
@pass_session
def save(session: Session, person: str, file: IO[str], ward: str, month: str, expected_revision: int) -> None:
    request = pb.SavePlanRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        tasks=read_messages(file, pb.Task, file.name),
        expected_revision=expected_revision,
    )
    show_plan(session, session.call("planning", "SavePlan", request).plan)


@plan.command("copy", help="Draft a month's plan from an earlier month's planned tasks.")
@argument("person", help="The person's id.")
@ward
@month
@from_month
@pass_session
def copy(session: Session, person: str, ward: str, month: str, from_month: str) -> None:
    request = drafting_pb2.CopyPlanRequest(
        ward_id=session.ward(ward), person_id=person, month=month, from_month=from_month
    )
    reply = session.call("planning", "CopyPlan", request)
    left_out = ", ".join(reply.left_out) or "–"
    session.told(
        reply, t("Tasks copied: {count}; left out: {left_out}.", count=reply.count, left_out=left_out)
    )


@plan.command("template", help="Add the tasks of a JSON array to the plans of many people, as drafts.")
@read_file
@click.argument("people", nargs=-1, required=True, metavar="PERSON...")
@ward
@month
@pass_session
def template(session: Session, file: IO[str], people: tuple[str, ...], ward: str, month: str) -> None:
    request = pb.ApplyTemplateRequest(
        ward_id=session.ward(ward),
        month=month,
        person_ids=people,
        tasks=read_messages(file, pb.Task, file.name),
    )
    reply = session.call("planning", "ApplyTemplate", request)
    session.told(reply, t("Plans changed: {count}.", count=reply.count))


@plan.command("submit", help="Submit drafts to the direct superiors.")
@click.argument("people", nargs=-1, metavar="[PERSON]...")
@ward
@month
@unit
@option("--all", "everybody", is_flag=True, help="Everybody's of the ward.")
@pass_session
def submit(
    session: Session, people: tuple[str, ...], ward: str, month: str, unit: str, *, everybody: bool
) -> None:
    one_of(person=people, unit=unit, all=everybody)
    request = pb.SubmitPlansRequest(
        ward_id=session.ward(ward), month=month, person_ids=people, unit_id=unit, all=everybody
    )
    reply = session.call("planning", "SubmitPlans", request, waiting=t("Submitting plans"))
    session.told(reply, t("Plans submitted: {count}.", count=reply.count))


@plan.command("approve", help="Approve submitted plans of those whose direct superior you are.")
@click.argument("people", nargs=-1, metavar="[PERSON]...")
@ward
@month
@option("--all", "everybody", is_flag=True, help="Everybody's that waits for you.")
@pass_session
def approve(session: Session, people: tuple[str, ...], ward: str, month: str, *, everybody: bool) -> None:
    one_of(person=people, all=everybody)
    request = pb.ApprovePlansRequest(ward_id=session.ward(ward), month=month, person_ids=people)
    reply = session.call("planning", "ApprovePlans", request, waiting=t("Approving plans"))
    session.told(reply, t("Plans approved: {count}.", count=reply.count))


@plan.command("return", help="Return a submitted plan with a reason.")
@argument("person", help="The person's id.")
@ward
@month
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def return_plan(session: Session, person: str, ward: str, month: str, reason: str) -> None:
    if not reason.strip():
        raise Wrong(t("{name} is missing.", name="--reason"))
    request = pb.ReturnPlanRequest(ward_id=session.ward(ward), month=month, person_id=person, reason=reason)
    session.show(session.call("planning", "ReturnPlan", request).plan, PLAN)
