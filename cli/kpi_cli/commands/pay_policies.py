"""Policies for money: shown, proposed, approved, compared, simulated (R-37)."""

from pathlib import Path

import click

from kpi.reward.v1 import policies_pb2 as pb
from kpi.reward.v1 import reward_pb2
from kpi_cli import output
from kpi_cli.commanding import Group, argument, option, ward
from kpi_cli.commands.documents import DIFFERENCE, proposed, text_of
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

POLICY = (
    Column("Policy", lambda each: f"{each.policy_id}@{each.version}", "id"),
    Column("Owner", lambda each: each.record.owner),
    Column("State", lambda each: output.text(each.record, "state")),
    Column("Mode", "mode"),
    Column("Legal basis", "legal_basis"),
    Column("Based on", lambda each: each.record.based_on),
    Column("Proposed by", lambda each: each.record.proposed_by),
    Column("Approved by", lambda each: each.record.approved_by),
    Column("Document", lambda each: each.record.decision),
    Column("Note", "note"),
)
MOVE = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Amount", "amount_before", "money"),
    Column("Amount then", "amount_after", "money"),
)


def show_policy(session: Session, found: reward_pb2.Policy) -> None:
    """Show a policy with its whole document."""
    session.show(found, POLICY)
    if not session.json:
        output.say(found.document)


@click.group("pay-policy", cls=Group, help="Policies that funds are shared out by.")
def pay_policy() -> None:
    pass


@pay_policy.command("list", help="List the shipped policies, the city's and the ward's, every version.")
@ward
@pass_session
def list_policies(session: Session, ward: str) -> None:
    request = reward_pb2.ListPoliciesRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("reward", "ListPolicies", request, "policies"), POLICY)


@pay_policy.command("show", help="Show a policy for money with its whole document.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@pass_session
def show(session: Session, policy: str, ward: str) -> None:
    request = pb.GetPolicyRequest(ward_id=session.ward(ward), policy=policy)
    show_policy(session, session.call("reward", "GetPolicy", request).policy)


@pay_policy.command("propose", help="Propose a new version of a policy for money; somebody else approves it.")
@proposed
@pass_session
def propose(session: Session, policy: str, file: Path, ward: str, based_on: str, *, city: bool) -> None:
    request = pb.ProposePolicyRequest(
        ward_id=session.ward(ward),
        city=city,
        policy_id=policy,
        document=text_of(file),
        based_on=based_on,
    )
    show_policy(session, session.call("reward", "ProposePolicy", request).policy)


@pay_policy.command("approve", help="Put a proposed policy for money in force, by a document.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def approve(session: Session, policy: str, ward: str, document: str) -> None:
    request = pb.ApprovePolicyRequest(ward_id=session.ward(ward), policy=policy, decision=document)
    reply = session.call("reward", "ApprovePolicy", request)
    found = reply.policy
    session.told(
        reply,
        t(
            "{policy} is approved by {document}.",
            policy=f"{found.policy_id}@{found.version}",
            document=found.record.decision,
        ),
    )


@pay_policy.command("diff", help="Tell in what two policies for money differ.")
@argument("left", help="The one policy.")
@argument("right", help="The other policy.")
@ward
@pass_session
def diff(session: Session, left: str, right: str, ward: str) -> None:
    request = pb.DiffPoliciesRequest(ward_id=session.ward(ward), left=left, right=right)
    session.show_all(session.call("reward", "DiffPolicies", request).differences, DIFFERENCE)


@pay_policy.command("simulate", help="Tell who would get another amount of a fund; changes nothing.")
@argument("fund", help="The fund's id.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@option("--current", default="", metavar="ID[@N]", help="What to compare with while nothing is posted.")
@pass_session
def simulate(session: Session, fund: str, policy: str, ward: str, current: str) -> None:
    request = pb.SimulatePolicyRequest(
        ward_id=session.ward(ward), fund_id=fund, policy=policy, current=current
    )
    moves = list(session.entries("reward", "SimulatePolicy", request, "moves"))
    session.show_all(moves, MOVE)
    if session.json:
        return
    request.page_size, request.page_token = 1, ""
    found = session.call("reward", "SimulatePolicy", request)
    output.write_facts(
        (policy, output.money(distributed))
        for policy, distributed in (
            (found.policy_before, found.distributed_before),
            (found.policy_after, found.distributed_after),
        )
    )
    output.say(t("{moved} of {people} would get another amount.", moved=found.moved, people=found.people))
