"""Scores, quotas, quarters and years (R-11 to R-24)."""

from collections.abc import Sequence

import click

from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Enumerated, Group, argument, month, option, unit, ward
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session


def _ratio(name: str) -> Column:
    heading = {"dd": "đ"}.get(name, name)
    return Column(heading, lambda score: output.decimal(getattr(score.ratios, name)), "decimal")


def reason(code: str) -> str:
    """Return why there is no total, as a person reads it; the code itself where it is a later one."""
    told = {
        "attendance": t("worked under half of the time"),
        "set_by_authority": t("set aside by the authority"),
        "not_in_month": t("not of the ward in this month"),
        "no_working_time": t("no working time recorded"),
        "no_assigned_work": t("no work assigned"),
        "no_general_assessment": t("no general assessment yet"),
        "no_leadership_assessment": t("no values of organising and unity yet"),
        "subordinates": t("waits for people in charge"),
        "management_cycle": t("people are in one another's charge"),
    }
    return told.get(code, code)


SCORE = (
    Column("Person", "person_id", "id"),
    Column("Unit", "unit_id"),
    Column("Status", "status"),
    Column("Total", "total", "decimal"),
    Column("Band", "band"),
    Column("Proposed", "proposed_grade"),
    Column("Quota", "quota"),
    Column("Rank", lambda score: str(score.rank or ""), "number"),
    *(_ratio(name) for name in ("a", "b", "c", "d", "dd", "e")),
    Column("General", "general", "decimal"),
    Column("Reason", lambda score: reason(score.reason)),
)
SCORE_WHOLE = (
    *SCORE,
    Column("Waits for", "waiting_for"),
    Column("Duty group", "duty_group"),
    Column("Quota scope", "quota_scope"),
    Column("Blocker", "blocker"),
    Column("Policy", "policy"),
    Column("Revision", "revision", "number"),
    Column("Computed at", "computed_at"),
)
QUOTA = (
    Column("Quota scope", "quota_scope", "id"),
    Column("Duty group", "duty_group"),
    Column("M", "base", "number"),
    Column("q", "rate", "decimal"),
    Column("A max", "limit", "number"),
    Column("Keep A", "kept_ids"),
    Column("Lowered", "lowered_ids"),
    Column("Tied", "tied_ids"),
    Column("Decision", "decision"),
)
PERIOD = (
    Column("Person", "person_id", "id"),
    Column("Unit", "unit_id"),
    Column("Months", lambda each: str(each.evaluated), "number"),
    Column("Total", "total", "decimal"),
    Column("Band", "band"),
    Column("Proposed", "proposed_grade"),
    Column("Quota", "quota"),
    Column("Rank", lambda each: str(each.rank or ""), "number"),
    Column("Blockers", "blockers"),
    Column("The unit's grade", "unit_grade"),
    Column("Still open", "open_months"),
)
PERIOD_WHOLE = (
    *PERIOD,
    Column("Duty group", "duty_group"),
    Column("Quota scope", "quota_scope"),
    Column("Document", "unit_document"),
    Column("Policy", "policy"),
)
PERIOD_MONTH = (
    Column("Month", "month", "day"),
    Column("Status", "status"),
    Column("Total", "total", "decimal"),
    Column("Reason", lambda score: reason(score.reason)),
    Column("Policy", "policy"),
)
STEP = (
    Column("Rule", "rule", "id"),
    Column("Name", "name"),
    Column("Formula", "formula"),
    Column("Result", "result"),
)
UNIT_GRADE = (
    Column("Unit", "unit_id", "id"),
    Column("Period", "period"),
    Column("Grade", "grade"),
    Column("Document", "document"),
    Column("Head", "head_id"),
    Column("Revision", "revision", "number"),
)
GROUP_PLAN = (
    Column("Duty group", "duty_group", "id"),
    Column("People", "headcount", "number"),
    Column("M", "base", "number"),
    Column("q", "rate", "decimal"),
    Column("A max", "limit", "number"),
    Column("Start from A", "candidates", "number"),
    Column("Too many", "over", "number"),
    Column("A max at best", "limit_at_best", "number"),
    Column("People for one A", lambda each: str(each.least_for_one or ""), "number"),
    Column("Tied", "tied_ids"),
    Column("Tied places", lambda each: str(each.tied_places or ""), "number"),
)
QUOTA_CHANGE = (
    Column("Person", "person_id", "id"),
    Column("Duty group", "duty_group"),
    Column("Total", "total", "decimal"),
    Column("Rank", "rank", "number"),
    Column("From", "from_grade"),
    Column("To", "to_grade"),
)


@click.group(cls=Group, help="Scores of a month.")
def score() -> None:
    pass


@score.command("list", help="List the scores that you may see.")
@ward
@month
@unit
@pass_session
def list_scores(session: Session, ward: str, month: str, unit: str) -> None:
    request = pb.ListScoresRequest(ward_id=session.ward(ward), month=month, unit_id=unit)
    session.show_all(session.entries("scoring", "ListScores", request, "scores"), SCORE)


@score.command("show", help="Show a person's score.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def show(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.GetScoreRequest(ward_id=session.ward(ward), person_id=person, month=month)
    session.show(session.call("scoring", "GetScore", request).score, SCORE_WHOLE)


@score.command("explain", help="Explain a score so that it can be checked by hand.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def explain(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.ExplainScoreRequest(ward_id=session.ward(ward), person_id=person, month=month)
    reply = session.call("scoring", "ExplainScore", request)
    session.told(reply, reply.text.rstrip("\n"))


@score.command("progress", help="Tell how far a month is computed.")
@ward
@month
@pass_session
def progress(session: Session, ward: str, month: str) -> None:
    reply = session.call("scoring", "GetMonth", pb.GetMonthRequest(ward_id=session.ward(ward), month=month))
    session.show(
        reply,
        (
            Column("People", "people", "number"),
            Column("Evaluated", "evaluated", "number"),
            Column("Not evaluated", "not_evaluated", "number"),
            Column("Insufficient data", "insufficient_data", "number"),
            Column("Waiting", "waiting", "number"),
            Column("Not yet computed", "stale"),
            Column("Revision", "revision", "number"),
        ),
    )


@score.command("policy", help="Show the policy that a month is scored with.")
@ward
@month
@pass_session
def policy(session: Session, ward: str, month: str) -> None:
    reply = session.call("scoring", "GetPolicy", pb.GetPolicyRequest(ward_id=session.ward(ward), month=month))
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    output.write_facts(
        [
            ("Policy", f"{reply.policy_id}@{reply.version}"),
            ("Legal basis", reply.legal_basis),
            ("From month", reply.from_month),
        ]
    )
    output.write_facts(sorted(reply.settings.items()))


@score.command(
    "period", help="Show quarters, half-years or years: everybody's, or one person's with its arithmetic."
)
@argument("period", help="The period: 2026-Q1, 2026-H1 or 2026.")
@ward
@unit
@option("--person", default="", metavar="ID", help="Only this person.")
@pass_session
def period(session: Session, period: str, ward: str, unit: str, person: str) -> None:
    if not person:
        every = pb.ListPeriodsRequest(ward_id=session.ward(ward), period=period, unit_id=unit)
        session.show_all(session.entries("scoring", "ListPeriods", every, "periods"), PERIOD)
        return
    request = pb.GetPeriodRequest(ward_id=session.ward(ward), period=period, person_id=person)
    reply = session.call("scoring", "GetPeriod", request)
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    output.write_record(PERIOD_WHOLE, reply.period)
    output.write_table(PERIOD_MONTH, reply.period.months)
    output.write_table(STEP, reply.steps)


@score.command("unit-grade", help="Record a unit's grade of a year; its head is graded no higher (R-24).")
@argument("unit", help="The unit's id.")
@argument("year", help="The year, such as 2026.")
@ward
@option("--grade", type=Enumerated(types.Grade.DESCRIPTOR), required=True, help="The grade.")
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@option("--head", required=True, metavar="ID", help="The unit's head.")
@pass_session
def unit_grade(
    session: Session, unit: str, year: str, ward: str, grade: int, document: str, head: str
) -> None:
    request = pb.RecordUnitGradeRequest(
        ward_id=session.ward(ward),
        unit_id=unit,
        period=year,
        grade=grade,  # type: ignore[arg-type]
        document=document,
        head_id=head,
    )
    session.show(session.call("scoring", "RecordUnitGrade", request).unit_grade, UNIT_GRADE)


@click.group(cls=Group, help="Quotas of grade A.")
def quota() -> None:
    pass


@quota.command("list", help="List the quota proposals of a month, by scope and duty group.")
@ward
@month
@pass_session
def list_quotas(session: Session, ward: str, month: str) -> None:
    request = pb.ListQuotasRequest(ward_id=session.ward(ward), month=month)
    session.show_all(session.entries("scoring", "ListQuotas", request, "quotas"), QUOTA)


@quota.command("plan", help="Plan the fewest changes that bring a scope within its quota; decides nothing.")
@ward
@month
@option("--scope", default="", metavar="ID", help="Only this scope.")
@option(
    "--wanted",
    multiple=True,
    metavar="PERSON=GRADE",
    help="A grade to start from; by default the band of the score.",
)
@pass_session
def plan_quota(session: Session, ward: str, month: str, scope: str, wanted: Sequence[str]) -> None:
    request = pb.PlanQuotaRequest(
        ward_id=session.ward(ward), month=month, quota_scope=scope, wanted=[_wanted(each) for each in wanted]
    )
    reply = session.call("scoring", "PlanQuota", request)
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    for each in reply.scopes:
        told = t(
            "{scope}: {candidates} start from A, {planned} of at most {limit} keep it.",
            scope=each.quota_scope,
            candidates=each.candidates,
            planned=each.planned,
            limit=each.limit,
        )
        output.write_table(GROUP_PLAN, each.groups, title=told)
        if each.changes:
            output.write_table(QUOTA_CHANGE, each.changes)
        for group in each.groups:
            if group.headcount and not group.limit_at_best:
                output.note(
                    t(
                        "{scope}, {group}: with {count} people no A is possible; it takes {least}.",
                        scope=each.quota_scope,
                        group=group.duty_group,
                        count=group.headcount,
                        least=group.least_for_one or "∞",
                    )
                )


def _wanted(given: str) -> pb.WantedGrade:
    person, _, letter = given.rpartition("=")
    if not person or letter.upper() not in tuple("ABCD"):
        raise Wrong(t("{value} is no grade; write it like p-001=B.", value=given))
    return pb.WantedGrade(person_id=person, grade=f"GRADE_{letter.upper()}")
