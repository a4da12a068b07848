"""Decisions, what they rest on, and publication (R-2, R-14, R-21, R-28, R-29)."""

from typing import IO

import click

from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli.commanding import Command, Enumerated, argument, month, option, unit, ward
from kpi_cli.commands.evaluations import EVALUATION, because_option, file_option, values, values_option
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session, read_messages

GRADE = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Grade", "grade"),
    Column("Revision", "revision", "number"),
    Column("Published at", "published_at"),
)
grade_type = Enumerated(types.Grade.DESCRIPTOR)


@click.command("decide", cls=Command, help="Decide grades of people whose competent authority you are.")
@ward
@month
@option("--person", default="", metavar="ID", help="Decide about this person.")
@option("--grade", type=grade_type, default=0, help="The grade; by default the proposed one.")
@option("--reason", default="", metavar="TEXT", help="Why; required where the grade is not the proposed one.")
@file_option
@option(
    "--unit",
    default="",
    metavar="ID",
    help="Also, as proposed, everybody else of this unit who waits for you.",
)
@option("--all", "everybody", is_flag=True, help="Also, as proposed, everybody else who waits for you.")
@pass_session
def decide(
    session: Session,
    ward: str,
    month: str,
    person: str,
    grade: int,
    reason: str,
    file: IO[str] | None,
    unit: str,
    *,
    everybody: bool,
) -> None:
    if (grade or reason) and not person:
        raise Wrong(t("{name} is missing.", name="--person"))
    decisions = read_messages(file, pb.GradeDecision, file.name) if file else []
    if person:
        decisions.append(pb.GradeDecision(person_id=person, grade=grade, reason=reason))  # type: ignore[arg-type]
    if not decisions and not unit and not everybody:
        raise Wrong(t("Whom? Give --person, --file, --unit or --all."))
    request = pb.DecideRequest(
        ward_id=session.ward(ward), month=month, decisions=decisions, unit_id=unit, all=everybody
    )
    reply = session.call("approval", "Decide", request, waiting=t("Deciding"))
    session.told(
        reply,
        t("People decided: {count}, late: {late}.", count=len(reply.person_ids), late=reply.late),
    )


@click.command(
    "decision-values", cls=Command, help="Set the deciding authority's values of the general criteria."
)
@argument("person", help="The person's id.")
@ward
@month
@values_option
@because_option
@pass_session
def decision_values(
    session: Session, person: str, ward: str, month: str, points: tuple[str, ...], because: tuple[str, ...]
) -> None:
    ward_id = session.ward(ward)
    request = pb.SetDecisionValuesRequest(
        ward_id=ward_id,
        month=month,
        person_id=person,
        values=values(session, ward_id, month, person, points, because),
    )
    session.show(session.call("approval", "SetDecisionValues", request).evaluation, EVALUATION)


@click.command("not-evaluated", cls=Command, help="Set a person to not evaluated, or take that back.")
@argument("person", help="The person's id.")
@ward
@month
@option("--reason", default="", metavar="TEXT", help="Why; required unless --clear.")
@option("--clear", is_flag=True, help="Take it back.")
@pass_session
def not_evaluated(session: Session, person: str, ward: str, month: str, reason: str, *, clear: bool) -> None:
    request = pb.SetNotEvaluatedRequest(
        ward_id=session.ward(ward), month=month, person_id=person, reason=reason, clear=clear
    )
    session.show(session.call("approval", "SetNotEvaluated", request).evaluation, EVALUATION)


@click.command(
    "quota-rate", cls=Command, help="Record the decision that allows a scope a quota rate over 0.20."
)
@argument("scope", help="The quota scope: a unit's id unless set otherwise.")
@ward
@month
@option("--rate", required=True, metavar="0.25", help="The rate, over 0.20 and at most 0.25.")
@option("--decision", required=True, metavar="NUMBER", help="Number of the decision.")
@option("--decided-on", required=True, metavar="YYYY-MM-DD", help="Day of the decision.")
@option("--signer", required=True, metavar="NAME", help="Who signed it.")
@option("--reason", required=True, metavar="TEXT", help="Why.")
@pass_session
def quota_rate(
    session: Session,
    scope: str,
    ward: str,
    month: str,
    rate: str,
    decision: str,
    decided_on: str,
    signer: str,
    reason: str,
) -> None:
    request = pb.DecideQuotaRateRequest(
        ward_id=session.ward(ward),
        month=month,
        quota_scope=scope,
        rate=rate,
        decision=decision,
        decided_on=decided_on,
        signer=signer,
        reason=reason,
    )
    reply = session.call("approval", "DecideQuotaRate", request)
    session.told(reply, t("Recorded, revision {revision}.", revision=reply.revision))


@click.command("external", cls=Command, help="Record a grade that the city decided.")
@argument("person", help="The person's id.")
@ward
@month
@option("--grade", type=grade_type, required=True, help="The grade.")
@option("--document", required=True, metavar="NUMBER", help="Number of the city's document.")
@option("--total", default="", metavar="POINTS", help="The total, where the city states one.")
@pass_session
def external(
    session: Session, person: str, ward: str, month: str, grade: int, document: str, total: str
) -> None:
    request = pb.RecordExternalResultRequest(
        ward_id=session.ward(ward),
        month=month,
        person_id=person,
        grade=grade,  # type: ignore[arg-type]
        document=document,
        total=total,
    )
    session.show(session.call("approval", "RecordExternalResult", request).evaluation, EVALUATION)


@click.command(
    "delegate", cls=Command, help="Record that one person may decide for another, from day to day."
)
@ward
@option("--from", "from_person", required=True, metavar="ID", help="Who is competent.")
@option("--to", "to_person", required=True, metavar="ID", help="Who may decide for him.")
@option("--from-day", required=True, metavar="YYYY-MM-DD", help="First day.")
@option("--to-day", required=True, metavar="YYYY-MM-DD", help="Last day.")
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def delegate(
    session: Session, ward: str, from_person: str, to_person: str, from_day: str, to_day: str, document: str
) -> None:
    request = pb.DelegateRequest(
        ward_id=session.ward(ward),
        from_person_id=from_person,
        to_person_id=to_person,
        from_day=from_day,
        to_day=to_day,
        document=document,
    )
    reply = session.call("approval", "Delegate", request)
    session.told(reply, t("Recorded as {id}.", id=reply.delegation_id))


@click.command("publish", cls=Command, help="Publish a month, or one unit of it.")
@ward
@month
@unit
@pass_session
def publish(session: Session, ward: str, month: str, unit: str) -> None:
    request = pb.PublishRequest(ward_id=session.ward(ward), month=month, unit_id=unit)
    reply = session.call("approval", "Publish", request, waiting=t("Publishing"))
    told = t("Grades published: {count}.", count=reply.count)
    if reply.month_published:
        told += " " + t("The month is published whole.")
    if reply.late:
        told += " " + t("After the deadline.")
    session.told(reply, told)


@click.command("grades", cls=Command, help="List the published class letters.")
@ward
@month
@unit
@pass_session
def grades(session: Session, ward: str, month: str, unit: str) -> None:
    request = pb.ListGradesRequest(ward_id=session.ward(ward), month=month, unit_id=unit)
    session.show_all(session.entries("approval", "ListGrades", request, "grades"), GRADE)
