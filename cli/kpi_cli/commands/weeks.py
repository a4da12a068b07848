"""Weekly schedules (R-5)."""

from typing import IO, Any

import click

from kpi.planning.v1 import weeks_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Group, argument, expected_revision, option, read_file, unit, ward
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session, read_messages

WEEK = (
    Column("Person", "person_id", "id"),
    Column("Week", "week"),
    Column("First day", "first_on", "day"),
    Column("Last day", "last_on", "day"),
    Column("Edits", "revision", "number"),
    Column("Edited by", "edited_by"),
    Column("Edited at", "edited_at"),
)
LISTED = (
    *WEEK[:2],
    Column("Tasks", lambda week: str(len(week.entries)), "number"),
    Column("Waiting for approval", lambda week: str(sum(each.pending for each in week.entries) or "")),
    Column("After the deadline", lambda week: str(sum(each.late for each in week.entries) or "")),
    *WEEK[4:],
)
ENTRY = (
    Column("Days", lambda entry: ", ".join(output.day(each) for each in entry.days)),
    Column("Month", "month", "day"),
    Column("Task", "task_id", "id"),
    Column("Work", "name"),
    Column("Output", "output"),
    Column("Kind", "kind"),
    Column("Due", "due_on", "day"),
    Column("Quantity", "quantity", "decimal"),
    Column("Accepted", "accepted", "decimal"),
    Column("Waiting for approval", "pending"),
    Column("After the deadline", "late"),
    Column("Note", "note"),
)
EDIT = (
    Column("Revision", "revision", "number"),
    Column("Edited by", "edited_by"),
    Column("Edited at", "edited_at"),
    Column("Detail", lambda edit: "\n".join(_told(each) for each in edit.entries)),
)


def _told(entry: pb.WeekEntry) -> str:
    days = ", ".join(output.day(each) for each in entry.days)
    return f"{entry.month} {entry.task_id}: {days} {entry.note}".rstrip()


@click.group(cls=Group, help="Weekly schedules: drawn from the plan, put in order by hand.")
def week() -> None:
    pass


def _week(command: Any) -> Any:
    return option("--week", "which", required=True, metavar="YYYY-Wnn", help="The week of the year.")(command)


@week.command("show", help="Show a person's week.")
@argument("person", help="The person's id.")
@ward
@_week
@option("--revision", type=int, default=0, metavar="N", help="An earlier edit.")
@pass_session
def show(session: Session, person: str, ward: str, which: str, revision: int) -> None:
    request = pb.GetWeekRequest(ward_id=session.ward(ward), person_id=person, week=which, revision=revision)
    _show(session, session.call("planning", "GetWeek", request).week)


def _show(session: Session, found: pb.Week) -> None:
    session.show(found, WEEK)
    if not session.json:
        output.write_table(ENTRY, found.entries)


@week.command("list", help="List the weeks of those whose plans you may see.")
@ward
@_week
@unit
@pass_session
def list_weeks(session: Session, ward: str, which: str, unit: str) -> None:
    request = pb.ListWeeksRequest(ward_id=session.ward(ward), week=which, unit_id=unit)
    session.show_all(session.entries("planning", "ListWeeks", request, "weeks"), LISTED)


@week.command("save", help="Put a week in order from a JSON array of entries; the plan stays as it is.")
@argument("person", help="The person's id.")
@read_file
@ward
@_week
@expected_revision
@pass_session
def save(session: Session, person: str, file: IO[str], ward: str, which: str, expected_revision: int) -> None:
    request = pb.SaveWeekRequest(
        ward_id=session.ward(ward),
        person_id=person,
        week=which,
        entries=read_messages(file, pb.WeekEntry, file.name),
        expected_revision=expected_revision,
    )
    _show(session, session.call("planning", "SaveWeek", request).week)


@week.command("move", help="Move a task to days of a week; the other entries stay as they are.")
@argument("person", help="The person's id.")
@argument("task", help="The task's id.")
@click.argument("days", nargs=-1, required=True, metavar="YYYY-MM-DD...")
@ward
@_week
@option(
    "--month", default="", metavar="YYYY-MM", help="The month of the task's plan; by default where it stands."
)
@option("--note", default="", metavar="TEXT", help="What else is to be said.")
@pass_session
def move(
    session: Session,
    person: str,
    task: str,
    days: tuple[str, ...],
    ward: str,
    which: str,
    month: str,
    note: str,
) -> None:
    ward_id = session.ward(ward)
    found = session.call(
        "planning", "GetWeek", pb.GetWeekRequest(ward_id=ward_id, person_id=person, week=which)
    ).week
    standing = [each for each in found.entries if each.task_id == task and month in ("", each.month)]
    moved = pb.WeekEntry(
        month=month or (standing[0].month if standing else days[0][:7]),
        task_id=task,
        days=days,
        note=note or (standing[0].note if standing else ""),
    )
    entries = [
        moved if each in standing else each for each in found.entries if each.edited or each in standing
    ]
    request = pb.SaveWeekRequest(
        ward_id=ward_id,
        person_id=person,
        week=which,
        entries=entries if standing else [*entries, moved],
        expected_revision=found.revision,
    )
    _show(session, session.call("planning", "SaveWeek", request).week)


@week.command("edits", help="List every edit of a week, oldest first.")
@argument("person", help="The person's id.")
@ward
@_week
@pass_session
def edits(session: Session, person: str, ward: str, which: str) -> None:
    request = pb.ListWeekEditsRequest(ward_id=session.ward(ward), person_id=person, week=which)
    session.show_all(session.entries("planning", "ListWeekEdits", request, "edits"), EDIT)
