"""The regulation of evaluation: shown, proposed, approved, compared, simulated (R-2, R-18, R-21, R-26)."""

from pathlib import Path

import click

from kpi.approval.v1 import approval_pb2
from kpi.approval.v1 import policies_pb2 as pb
from kpi_cli import output
from kpi_cli.commanding import Group, argument, month, option, ward
from kpi_cli.commands.documents import DIFFERENCE, proposed, text_of
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session


def _name(found: pb.Policy) -> str:
    return f"{found.policy_id}@{found.version}"


POLICY = (
    Column("Policy", _name, "id"),
    Column("Owner", "owner"),
    Column("State", "state"),
    Column("From month", "from_month", "day"),
    Column("Until month", "until_month", "day"),
    Column("Legal basis", lambda each: "; ".join(each.legal_basis)),
    Column("Based on", "based_on"),
    Column("Proposed by", "proposed_by"),
    Column("Approved by", "approved_by"),
    Column("Document", "decision"),
)
EFFECT = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Decides", lambda each: _decider(each.decider_before)),
    Column("Would decide", lambda each: _decider(each.decider_after)),
    Column("Steps", lambda each: "; ".join(_step(move) for move in each.late_steps)),
    Column("Room for A", "room_before"),
    Column("Room for A then", "room_after"),
    Column("Criteria", lambda each: "; ".join(_criteria(each))),
)
DEADLINE = (
    Column("Step", "step"),
    Column("Last day", "last_day_before", "day"),
    Column("Last day then", "last_day_after", "day"),
)
GROUP = (
    Column("Quota scope", "quota_scope"),
    Column("Group", "duty_group"),
    Column("M", "members", "number"),
    Column("Hold A", "holders", "number"),
    Column("A max", "limit_before", "number"),
    Column("A max then", "limit_after", "number"),
)


def _decider(given: pb.SimulatedDecider) -> str:
    if given.external:
        return t("the city")
    return given.decider_id or t("nobody: {reason}", reason=given.nobody_competent)


def _step(given: approval_pb2.LateStepMove) -> str:
    step = output.text(given, "step")
    return t("{step}: late", step=step) if given.late_after else t("{step}: in time", step=step)


def _criteria(given: approval_pb2.PolicyEffect) -> list[str]:
    """Say that the person would have another set of criteria, and which points would not fit."""
    before, after = given.criteria_set_before, given.criteria_set_after
    moved = f"{before or t('default set')} → {after or t('default set')}"
    misfits = dict.fromkeys(_misfit(each) for each in given.misfits)
    return [*([moved] if before != after else []), *misfits]


def _misfit(given: pb.CriterionMisfit) -> str:
    if not given.maximum:
        return t("{criterion}: not there", criterion=given.criterion_id)
    if not given.points:
        return t("{criterion}: without points", criterion=given.criterion_id)
    return t(
        "{criterion}: {points} over {maximum}",
        criterion=given.criterion_id,
        points=output.decimal(given.points),
        maximum=output.decimal(given.maximum),
    )


def show_policy(session: Session, found: pb.Policy) -> None:
    """Show a regulation with its whole document."""
    session.show(found, POLICY)
    if not session.json:
        output.say(found.document)


@click.group(
    "regulation", cls=Group, help="Regulations of evaluation: criteria, deadlines, who decides whom, quota."
)
def regulation() -> None:
    pass


@regulation.command(
    "list", help="List the regulations: the shipped one, the city's and the ward's, every version."
)
@ward
@pass_session
def list_regulations(session: Session, ward: str) -> None:
    request = pb.ListPoliciesRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("approval", "ListPolicies", request, "policies"), POLICY)


@regulation.command("show", help="Show a regulation with its whole document, or the one of a month.")
@argument("policy", required=False, default="", help="The policy: its id, and @n for a version.")
@ward
@option("--of-month", default="", metavar="YYYY-MM", help="The one that a month was or would be opened with.")
@pass_session
def show(session: Session, policy: str, ward: str, of_month: str) -> None:
    if bool(policy) == bool(of_month):
        raise Wrong(t("Which one? Name a policy, or give --of-month."))
    request = pb.GetPolicyRequest(ward_id=session.ward(ward), policy=policy, month=of_month)
    show_policy(session, session.call("approval", "GetPolicy", request).policy)


@regulation.command("propose", help="Propose a new version of a regulation; somebody else approves it.")
@proposed
@pass_session
def propose(session: Session, policy: str, file: Path, ward: str, based_on: str, *, city: bool) -> None:
    request = pb.ProposePolicyRequest(
        ward_id=session.ward(ward), city=city, policy_id=policy, document=text_of(file), based_on=based_on
    )
    session.show(session.call("approval", "ProposePolicy", request).policy, POLICY)


@regulation.command("approve", help="Put a proposed regulation in force, by a document.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def approve(session: Session, policy: str, ward: str, document: str) -> None:
    request = pb.ApprovePolicyRequest(ward_id=session.ward(ward), policy=policy, decision=document)
    reply = session.call("approval", "ApprovePolicy", request)
    session.told(
        reply,
        t(
            "{policy} is approved by {document}; months that are open keep theirs: {count}.",
            policy=_name(reply.policy),
            document=reply.policy.decision,
            count=reply.open_months,
        ),
    )


@regulation.command("diff", help="Tell in what two regulations differ.")
@argument("left", help="The one policy.")
@argument("right", help="The other policy.")
@ward
@pass_session
def diff(session: Session, left: str, right: str, ward: str) -> None:
    request = pb.DiffPoliciesRequest(ward_id=session.ward(ward), left=left, right=right)
    session.show_all(session.call("approval", "DiffPolicies", request).differences, DIFFERENCE)


@regulation.command("simulate", help="Tell whom another regulation would touch in a month; changes nothing.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@month
@pass_session
def simulate(session: Session, policy: str, ward: str, month: str) -> None:
    request = pb.SimulatePolicyRequest(ward_id=session.ward(ward), month=month, policy=policy)
    effects = list(session.entries("approval", "SimulatePolicy", request, "effects"))
    session.show_all(effects, EFFECT)
    if session.json:
        return
    request.page_size, request.page_token = 1, ""
    found = session.call("approval", "SimulatePolicy", request)
    if moved := [each for each in found.deadlines if each.last_day_before != each.last_day_after]:
        output.write_table(DEADLINE, moved)
    if found.groups:
        output.write_table(GROUP, found.groups)
    output.write_facts(
        [
            ("Decided by somebody else, or nobody", str(found.decided_by_others)),
            ("Steps that would be late", str(found.late_appearing)),
            ("Steps that would be in time", str(found.late_vanishing)),
            ("An A without room", str(found.beyond_quota)),
            ("Points that would not fit", str(found.misfitting)),
            ("Another set of criteria", str(found.other_criteria or "")),
        ]
    )
    output.say(
        t(
            "{before} → {after}: something would be another for {affected} of {people}.",
            before=found.policy_before,
            after=found.policy_after,
            affected=found.affected,
            people=found.people,
        )
    )
