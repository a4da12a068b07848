"""Changes of plans in force: ad-hoc work, work handed to a colleague, differences of versions (R-5, R-7)."""

from typing import Any

from kpi.planning.v1 import amendments_pb2
from kpi.planning.v1 import planning_pb2 as pb
from kpi.types.v1 import types_pb2
from kpi_cli import output
from kpi_cli.commanding import argument, month, option, ward
from kpi_cli.commands.plans import plan
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

__all__ = ["plan", "show_changes"]

CHANGE = (
    Column("Line", "line_id", "id"),
    Column("Work", "name"),
    Column("How", "kind"),
    Column("Parts that differ", lambda change: "\n".join(_told(each) for each in change.parts)),
)

PARTS = {
    str(each.value): each
    for each in (
        Column("Task", "task_id"),
        Column("Item", "item_id"),
        Column("Kind", "kind"),
        Column("Code", "catalogue_code"),
        Column("Work", "name"),
        Column("Led by", "lead_person_id"),
        Column("Leading unit", "lead_unit_id"),
        Column("Output", "output"),
        Column("Due", "due_on", "day"),
        Column("Responsibility", "responsibility"),
        Column("Authority", "authority"),
        Column("Quantity", "quantity", "decimal"),
        Column("Coefficient", "coefficient", "decimal"),
        Column("Colleague", "counterpart_id"),
        Column("Colleague's task", "counterpart_task_id"),
        Column("Reason", "reason"),
        Column("Unit's item", "unit_item_id"),
    )
}
"""What the parts of a line are called."""


def _told(part: Any) -> str:
    said = PARTS.get(part.part)
    heading = t(said.heading) if said else part.part
    return f"{heading}: {_value(part.before, said)} → {_value(part.after, said)}"


def _value(written: str, part: Column | None) -> str:
    if not written or part is None:
        return written or "–"
    if part.value == "kind":
        return t(written.replace("_", " "))
    return {"day": output.day, "decimal": output.decimal}.get(part.kind, str)(written)


@plan.command("ad-hoc", help="Add work that came up: in force at once when the direct superior adds it.")
@argument("person", help="The person's id.")
@ward
@option("--month", default="", metavar="YYYY-MM", help="The month; by default the deadline's.")
@option("--id", "task_id", default="", metavar="ID", help="Id of the task; by default DX and a number.")
@option("--code", default="", metavar="CODE", help="Code in the catalogue; empty for work outside it.")
@option("--work", default="", metavar="TEXT", help="The work; by default the catalogue's.")
@option("--output", "product", default="", metavar="TEXT", help="The output; by default the catalogue's.")
@option("--due", required=True, metavar="YYYY-MM-DD", help="Deadline.")
@option("--responsibility", required=True, metavar="TEXT", help="Responsibility, such as chủ trì.")
@option("--authority", required=True, metavar="TEXT", help="Who decides about the output.")
@option("--quantity", default="1", metavar="NUMBER", help="Quantity of outputs; by default 1.")
@option("--coefficient", default="", metavar="NUMBER", help="Coefficient, for work outside the catalogue.")
@option("--item", default="", metavar="ID", help="The item of the unit's plan that it belongs to.")
@pass_session
def ad_hoc(
    session: Session,
    person: str,
    ward: str,
    month: str,
    task_id: str,
    code: str,
    work: str,
    product: str,
    due: str,
    responsibility: str,
    authority: str,
    quantity: str,
    coefficient: str,
    item: str,
) -> None:
    request = pb.AddAdHocTaskRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        task=pb.Task(
            task_id=task_id,
            kind=types_pb2.TASK_KIND_EXTRA,
            catalogue_code=code,
            name=work,
            output=product,
            due_on=due,
            responsibility=responsibility,
            authority=authority,
            quantity=quantity,
            coefficient=coefficient,
            unit_item_id=item,
        ),
    )
    reply = session.call("planning", "AddAdHocTask", request)
    told = t("Task {task} stands in the draft.", task=reply.task_id)
    if reply.in_force:
        told = t("Task {task} is in force.", task=reply.task_id)
    elif reply.submitted:
        told = t("Task {task} waits for the direct superior.", task=reply.task_id)
    session.told(reply, told)


@plan.command("hand-over", help="Hand a task over to a colleague, in both plans at once.")
@argument("person", help="Whose task it is.")
@argument("task", help="The task's id.")
@argument("receiver", help="Who takes it over.")
@ward
@month
@option("--quantity", default="", metavar="NUMBER", help="How much; by default all that is not accepted.")
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def hand_over(
    session: Session,
    person: str,
    task: str,
    receiver: str,
    ward: str,
    month: str,
    quantity: str,
    reason: str,
) -> None:
    request = amendments_pb2.HandOverTaskRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        task_id=task,
        receiver_id=receiver,
        quantity=quantity,
        reason=reason,
    )
    reply = session.call("planning", "HandOverTask", request)
    told = t("{quantity} of the task went back to {person}.", quantity=reply.quantity, person=receiver)
    if reply.receiver.task_id:
        told = t(
            "Handed over: {quantity}; {giver} gave {given}, {receiver} took {taken}.",
            quantity=reply.quantity,
            giver=person,
            given=reply.giver.task_id,
            receiver=receiver,
            taken=reply.receiver.task_id,
        )
    session.told(reply, told)


@plan.command("diff", help="Show what differs between two versions of a person's plan.")
@argument("person", help="The person's id.")
@ward
@month
@option("--from", "from_version", type=int, default=0, metavar="N", help="The earlier version.")
@option(
    "--to", "to_version", type=int, default=0, metavar="N", help="The later version; by default the newest."
)
@pass_session
def diff(session: Session, person: str, ward: str, month: str, from_version: int, to_version: int) -> None:
    request = amendments_pb2.DiffPlanVersionsRequest(
        ward_id=session.ward(ward),
        person_id=person,
        month=month,
        from_version=from_version,
        to_version=to_version,
    )
    show_changes(session, session.call("planning", "DiffPlanVersions", request))


def show_changes(session: Session, reply: Any) -> None:
    """Show what differs between two versions."""
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    title = t("Version {earlier} → {later}", earlier=reply.from_version, later=reply.to_version)
    if reply.changes:
        output.write_table(CHANGE, reply.changes, title=title)
    else:
        output.say(t("{title}: no difference.", title=title))
