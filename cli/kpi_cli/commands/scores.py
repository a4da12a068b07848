"""Scores and quotas (R-11 to R-23)."""

import click

from kpi.scoring.v1 import scoring_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Group, argument, month, unit, ward
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session


def _ratio(name: str) -> Column:
    heading = {"dd": "đ"}.get(name, name)
    return Column(heading, lambda score: output.decimal(getattr(score.ratios, name)), "decimal")


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
    Column("Reason", "reason"),
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
