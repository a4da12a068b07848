"""Units' month plans (R-4, R-5)."""

from typing import IO

import click

from kpi.planning.v1 import unit_plans_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Group, argument, expected_revision, from_month, month, option, read_file, ward
from kpi_cli.commands.amending import show_changes
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session, read_messages

PLAN = (
    Column("Unit", "unit_id", "id"),
    Column("Month", "month", "day"),
    Column("Version", lambda plan: str(plan.version or ""), "number"),
    Column("State", "state"),
    Column("In force", lambda plan: str(plan.in_force_version or ""), "number"),
    Column("Items", "item_count", "number"),
    Column("Decided by", "decided_by"),
    Column("Decided at", "decided_at"),
    Column("Reason", "reason"),
)
ITEM = (
    Column("Item", "item_id", "id"),
    Column("Work", "name"),
    Column("Led by", lambda item: item.lead_person_id or item.lead_unit_id),
    Column("Due", "due_on", "day"),
    Column("Responsibility", "responsibility"),
    Column("Output", "output"),
    Column("Authority", "authority"),
    Column("Finished", lambda item: f"{item.finished_count}/{item.task_count}"),
    Column("Assigned", "assigned", "decimal"),
    Column("Done", "done", "decimal"),
    Column("People's tasks", lambda item: "\n".join(_told(each) for each in item.tasks)),
)


def _told(task: pb.ItemTask) -> str:
    done = output.decimal(task.accepted) if task.accepted else "–"
    return f"{task.person_id}/{task.task_id}: {done}/{output.decimal(task.quantity)}"


@click.group(cls=Group, help="Month plans of units, under which people's tasks stand.")
def unit_plan() -> None:
    pass


@unit_plan.command("list", help="List where the plans of a ward's units stand.")
@ward
@month
@pass_session
def list_plans(session: Session, ward: str, month: str) -> None:
    request = pb.ListUnitPlansRequest(ward_id=session.ward(ward), month=month)
    session.show_all(session.entries("planning", "ListUnitPlans", request, "plans"), PLAN)


@unit_plan.command("show", help="Show a unit's plan, each item with the tasks under it and how far they are.")
@argument("unit", help="The unit's id.")
@ward
@month
@pass_session
def show(session: Session, unit: str, ward: str, month: str) -> None:
    request = pb.GetUnitPlanRequest(ward_id=session.ward(ward), unit_id=unit, month=month)
    _show(session, session.call("planning", "GetUnitPlan", request).plan)


def _show(session: Session, found: pb.UnitPlan) -> None:
    session.show(found, PLAN)
    if not session.json:
        output.write_table(ITEM, found.items)


@unit_plan.command("versions", help="List every version of a unit's plan, oldest first.")
@argument("unit", help="The unit's id.")
@ward
@month
@pass_session
def versions(session: Session, unit: str, ward: str, month: str) -> None:
    request = pb.ListUnitPlanVersionsRequest(ward_id=session.ward(ward), unit_id=unit, month=month)
    session.show_all(session.entries("planning", "ListUnitPlanVersions", request, "plans"), PLAN)


@unit_plan.command("diff", help="Show what differs between two versions of a unit's plan.")
@argument("unit", help="The unit's id.")
@ward
@month
@option("--from", "from_version", type=int, default=0, metavar="N", help="The earlier version.")
@option(
    "--to", "to_version", type=int, default=0, metavar="N", help="The later version; by default the newest."
)
@pass_session
def diff(session: Session, unit: str, ward: str, month: str, from_version: int, to_version: int) -> None:
    request = pb.DiffUnitPlanVersionsRequest(
        ward_id=session.ward(ward),
        unit_id=unit,
        month=month,
        from_version=from_version,
        to_version=to_version,
    )
    show_changes(session, session.call("planning", "DiffUnitPlanVersions", request))


@unit_plan.command(
    "save", help="Save a unit's draft from a JSON array of items; on an approved plan, begin an amendment."
)
@argument("unit", help="The unit's id.")
@read_file
@ward
@month
@expected_revision
@pass_session
def save(session: Session, unit: str, file: IO[str], ward: str, month: str, expected_revision: int) -> None:
    request = pb.SaveUnitPlanRequest(
        ward_id=session.ward(ward),
        unit_id=unit,
        month=month,
        items=read_messages(file, pb.UnitItem, file.name),
        expected_revision=expected_revision,
    )
    _show(session, session.call("planning", "SaveUnitPlan", request).plan)


@unit_plan.command("copy", help="Draft a unit's plan of a month from an earlier month's.")
@argument("unit", help="The unit's id.")
@ward
@month
@from_month
@pass_session
def copy(session: Session, unit: str, ward: str, month: str, from_month: str) -> None:
    request = pb.CopyUnitPlanRequest(
        ward_id=session.ward(ward), unit_id=unit, month=month, from_month=from_month
    )
    _show(session, session.call("planning", "CopyUnitPlan", request).plan)


@unit_plan.command("submit", help="Submit a unit's draft to the direct superior of its head.")
@argument("unit", help="The unit's id.")
@ward
@month
@pass_session
def submit(session: Session, unit: str, ward: str, month: str) -> None:
    request = pb.SubmitUnitPlanRequest(ward_id=session.ward(ward), unit_id=unit, month=month)
    session.show(session.call("planning", "SubmitUnitPlan", request).plan, PLAN)


@unit_plan.command("approve", help="Approve a unit's plan, as the direct superior of its head.")
@argument("unit", help="The unit's id.")
@ward
@month
@pass_session
def approve(session: Session, unit: str, ward: str, month: str) -> None:
    request = pb.ApproveUnitPlanRequest(ward_id=session.ward(ward), unit_id=unit, month=month)
    session.show(session.call("planning", "ApproveUnitPlan", request).plan, PLAN)


@unit_plan.command("return", help="Return a unit's plan with a reason.")
@argument("unit", help="The unit's id.")
@ward
@month
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def return_plan(session: Session, unit: str, ward: str, month: str, reason: str) -> None:
    if not reason.strip():
        raise Wrong(t("{name} is missing.", name="--reason"))
    request = pb.ReturnUnitPlanRequest(ward_id=session.ward(ward), unit_id=unit, month=month, reason=reason)
    session.show(session.call("planning", "ReturnUnitPlan", request).plan, PLAN)
