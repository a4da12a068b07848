"""A ward's month with its deadlines (R-26)."""

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Command, Enumerated, Group, argument, option, ward
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

MONTH = (
    Column("Month", "month", "day"),
    Column("Opened by", "opened_by"),
    Column("Opened at", "opened_at"),
    Column("Published", "published"),
    Column("Late steps", "late", "number"),
    Column("Policy", "policy"),
)
FINDING = (
    Column("Severity", "severity"),
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Finding", "reason"),
    Column("Remedy", "remedy"),
)
DEADLINE = (
    Column("Step", "step"),
    Column("Last day", "last_day", "day"),
    Column("Late from", "due_at"),
    Column("Extended by", "extended_by"),
    Column("Reason", "extension_reason"),
)
AWAITED = (
    Column("Person", "person_id", "id"),
    Column("Step", "step"),
    Column("For how many", "count", "number"),
    Column("Late", "late"),
)
CRITERION = (
    Column("Criterion", "criterion_id", "id"),
    Column("Name", "name"),
    Column("Maximum", "maximum", "decimal"),
)

month_argument = argument("month", envvar="KPI_MONTH", help="The month, YYYY-MM (KPI_MONTH).")


@click.group("month", cls=Group, help="A ward's month: deadlines and whom it waits for.")
def month_group() -> None:
    pass


def _show(session: Session, month: pb.Month) -> None:
    session.show(month, MONTH)
    if not session.json:
        output.write_table(DEADLINE, month.deadlines)


@month_group.command("open", help="Open a month with its deadlines.")
@month_argument
@ward
@option("--strict", is_flag=True, help="Refuse while something stands in the way of somebody's decision.")
@pass_session
def open_month(session: Session, month: str, ward: str, *, strict: bool) -> None:
    request = pb.OpenMonthRequest(ward_id=session.ward(ward), month=month, strict=strict)
    reply = session.call("approval", "OpenMonth", request)
    _show(session, reply.month)
    if reply.finding_count:
        output.note(
            t(
                "{count} findings stand in somebody's way: see kpi month check.",
                count=reply.finding_count,
            )
        )


@month_group.command("show", help="Show a month: deadlines, counts by step, whom it waits for.")
@month_argument
@ward
@pass_session
def show(session: Session, month: str, ward: str) -> None:
    reply = session.call("approval", "GetMonth", pb.GetMonthRequest(ward_id=session.ward(ward), month=month))
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    _show(session, reply.month)
    output.write_facts(
        (state.replace("_", " "), str(count)) for state, count in sorted(reply.month.counts.items())
    )
    if reply.awaited:
        output.write_table(AWAITED, reply.awaited, title=t("Awaited"))


@month_group.command("list", help="List a ward's months, newest first.")
@ward
@pass_session
def list_months(session: Session, ward: str) -> None:
    request = pb.ListMonthsRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("approval", "ListMonths", request, "months"), MONTH)


@month_group.command("extend", help="Extend a deadline, on record.")
@month_argument
@ward
@option("--step", type=Enumerated(pb.Step.DESCRIPTOR), required=True, help="The step.")
@option("--last-day", required=True, metavar="YYYY-MM-DD", help="The new last day in time.")
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def extend(session: Session, month: str, ward: str, step: int, last_day: str, reason: str) -> None:
    request = pb.ExtendDeadlineRequest(
        ward_id=session.ward(ward),
        month=month,
        step=step,  # type: ignore[arg-type]
        last_day=last_day,
        reason=reason,
    )
    _show(session, session.call("approval", "ExtendDeadline", request).month)


@click.command("criteria", cls=Command, help="List the general criteria with their maxima.")
@ward
@option("--month", envvar="KPI_MONTH", default="", metavar="YYYY-MM", help="The month (KPI_MONTH).")
@option("--person", default="", metavar="ID", help="Those that the person is assessed with in the month.")
@option(
    "--type",
    "personnel_type",
    type=Enumerated(types.PersonnelType.DESCRIPTOR),
    default=0,
    help="Those for a personnel type.",
)
@pass_session
def criteria(session: Session, ward: str, month: str, person: str, personnel_type: int) -> None:
    request = pb.ListCriteriaRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        personnel_type=personnel_type,  # type: ignore[arg-type]
    )
    session.show_all(session.entries("approval", "ListCriteria", request, "criteria"), CRITERION)
