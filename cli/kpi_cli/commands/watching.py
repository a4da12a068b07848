"""Who decides whom, what stands in a month's way, whom it waits for, and years (R-2, R-24, R-26)."""

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Command, Enumerated, Group, argument, month, option, unit, ward
from kpi_cli.commands.months import FINDING, month_argument, month_group
from kpi_cli.exits import REFUSED, Ended
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

COMPETENCE = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Post", "post"),
    Column("Reviewer", "reviewer_id"),
    Column("Decider", "decider_id"),
    Column("Decided by the city", "external"),
    Column("Legal basis", "basis"),
    Column("Nobody competent", "nobody_competent"),
)
WAITING = (
    Column("Person", "person_id", "id"),
    Column("Full name", lambda each: each.full_name if each.person_id else t("(the organizer)")),
    Column("Unit", "unit_id"),
    Column("Step", "step"),
    Column("For how many", "count", "number"),
    Column("Last day", "last_day", "day"),
    Column("Days late", "days_late", "number"),
    Column("Told", lambda each: ", ".join(dict.fromkeys(one.person_id for one in each.told))),
    Column("Reason", "extension_reason"),
)
DELEGATION = (
    Column("Delegation", "delegation_id", "id"),
    Column("From person", "from_person_id", "id"),
    Column("To person", "to_person_id", "id"),
    Column("First day", "from_day", "day"),
    Column("Last day", "to_day", "day"),
    Column("Document", "document"),
    Column("Recorded by", "recorded_by"),
    Column("Recorded at", "recorded_at"),
    Column("Ended by", "ended_by"),
    Column("Ending document", "end_document"),
)
YEAR_MONTH = (
    Column("Month", "month", "day"),
    Column("Total", "total", "decimal"),
    Column("Grade", "grade"),
    Column("Note", lambda each: _why(each.note)),
)
YEAR_RESULT = (
    Column("Revision", "revision", "number"),
    Column("Self", "self_grade"),
    Column("Grade", "grade"),
    Column("Proposal", "proposal"),
    Column("Document", "document"),
    Column("Authority", "authority_id"),
    Column("Recorded by", "recorded_by"),
    Column("Recorded at", "recorded_at"),
)
grade_type = Enumerated(types.Grade.DESCRIPTOR)


def _why(note: str) -> str:
    """Return why a month counts no total, in the language of the run."""
    told = {
        "not_in_ward": t("not in the ward"),
        "not_published": t("not published yet"),
        "not_evaluated": t("not evaluated"),
        "external": t("the city states no total"),
    }
    return told.get(note, note)


@month_group.command(
    "check", help="Check who decides whom, before a month opens or after: gaps and conflicts with remedies."
)
@month_argument
@ward
@option(
    "--severity",
    type=Enumerated(pb.Severity.DESCRIPTOR),
    default=0,
    help="Only what stands in somebody's way, warnings, or notices.",
)
@pass_session
def check(session: Session, month: str, ward: str, severity: int) -> None:
    request = pb.CheckMonthRequest(ward_id=session.ward(ward), month=month, severity=severity)  # type: ignore[arg-type]
    reply = session.call("approval", "CheckMonth", request)
    found = list(reply.findings)
    if reply.next_page_token:
        request.page_token = reply.next_page_token
        found.extend(session.entries("approval", "CheckMonth", request, "findings"))
    session.show_all(found, FINDING)
    if not session.json:
        told = t("People: {people}, in somebody's way: {count}.", people=reply.people, count=reply.blocking)
        output.note(f"{told} {t('Policy')}: {reply.policy}")
    if reply.blocking:
        raise Ended(REFUSED)


@month_group.command("who", help="List who remarks on whom and who decides about whom in a month.")
@month_argument
@ward
@unit
@pass_session
def who(session: Session, month: str, ward: str, unit: str) -> None:
    request = pb.ListCompetenceRequest(ward_id=session.ward(ward), month=month, unit_id=unit)
    session.show_all(session.entries("approval", "ListCompetence", request, "competences"), COMPETENCE)


@click.command("waiting", cls=Command, help="List whom a month waits for, since when, and who was told.")
@ward
@month
@option("--late", is_flag=True, help="Only those whose deadline has passed.")
@option("--step", type=Enumerated(pb.Step.DESCRIPTOR), default=0, help="Only this step.")
@pass_session
def waiting(session: Session, ward: str, month: str, step: int, *, late: bool) -> None:
    request = pb.ListWaitingRequest(ward_id=session.ward(ward), month=month, late=late, step=step)  # type: ignore[arg-type]
    session.show_all(session.entries("approval", "ListWaiting", request, "waiting"), WAITING)


@click.command(
    "end-delegation", cls=Command, help="Record that a delegation ends earlier, at once or on a day to come."
)
@argument("delegation", help="The delegation's id.")
@ward
@option("--last-day", default="", metavar="YYYY-MM-DD", help="The new last day; by default at once.")
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def end_delegation(session: Session, delegation: str, ward: str, last_day: str, document: str) -> None:
    request = pb.EndDelegationRequest(
        ward_id=session.ward(ward), delegation_id=delegation, last_day=last_day, document=document
    )
    session.show(session.call("approval", "EndDelegation", request).delegation, DELEGATION)


@click.command("delegations", cls=Command, help="List delegations on record, newest first.")
@ward
@option("--day", default="", metavar="YYYY-MM-DD", help="Only those in force on this day.")
@pass_session
def delegations(session: Session, ward: str, day: str) -> None:
    request = pb.ListDelegationsRequest(ward_id=session.ward(ward), day=day)
    session.show_all(session.entries("approval", "ListDelegations", request, "delegations"), DELEGATION)


@click.group(cls=Group, help="A person's year: the months' totals, their mean, what is recorded of it.")
def year() -> None:
    pass


@year.command("show", help="Show a person's year as it goes onto the annual sheet.")
@argument("person", help="The person's id.")
@argument("year", help="The year, YYYY.")
@ward
@pass_session
def show(session: Session, person: str, year: str, ward: str) -> None:
    request = pb.GetYearRequest(ward_id=session.ward(ward), year=year, person_id=person)
    reply = session.call("approval", "GetYear", request)
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    output.write_table(YEAR_MONTH, reply.months)
    output.write_facts([("Months that count", str(reply.counted)), ("Mean", output.decimal(reply.mean))])
    if reply.HasField("result"):
        output.write_record(YEAR_RESULT, reply.result)


@year.command("record", help="Record what a person and the authority say of a year, from the signed paper.")
@argument("person", help="The person's id.")
@argument("year", help="The year, YYYY.")
@ward
@option("--self-grade", type=grade_type, default=0, help="The person's own classification.")
@option("--grade", type=grade_type, default=0, help="The authority's classification.")
@option("--proposal", default="", metavar="TEXT", help="What the authority proposes to do.")
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def record(
    session: Session,
    person: str,
    year: str,
    ward: str,
    self_grade: int,
    grade: int,
    proposal: str,
    document: str,
) -> None:
    request = pb.RecordYearResultRequest(
        ward_id=session.ward(ward),
        year=year,
        person_id=person,
        self_grade=self_grade,  # type: ignore[arg-type]
        grade=grade,  # type: ignore[arg-type]
        proposal=proposal,
        document=document,
    )
    session.show(session.call("approval", "RecordYearResult", request).result, YEAR_RESULT)
