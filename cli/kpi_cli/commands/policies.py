"""Policies of scoring: proposed, approved, compared, simulated."""

from collections.abc import Sequence

import click

from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from kpi_cli import output
from kpi_cli.commanding import Enumerated, Group, argument, month, option, ward
from kpi_cli.commands.documents import DIFFERENCE
from kpi_cli.exits import Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session


def _name(found: pb.Policy) -> str:
    return f"{found.policy_id}@{found.version}"


def _types(found: pb.Policy) -> str:
    field = found.DESCRIPTOR.fields_by_name["personnel_types"]
    return ", ".join(output.label(field, number) for number in found.personnel_types)


POLICY = (
    Column("Policy", _name, "id"),
    Column("Owner", "owner"),
    Column("State", "state"),
    Column("From month", "from_month", "day"),
    Column("Until month", "until_month", "day"),
    Column("Personnel types", _types),
    Column("Legal basis", "legal_basis"),
    Column("Based on", "based_on"),
    Column("Proposed by", "proposed_by"),
    Column("Approved by", "approved_by"),
    Column("Document", "document"),
)
MOVE = (
    Column("Person", "person_id", "id"),
    Column("Unit", "unit_id"),
    Column("Total", "total_before", "decimal"),
    Column("Total then", "total_after", "decimal"),
    Column("Proposed", "grade_before"),
    Column("Proposed then", "grade_after"),
    Column("Quota", "quota_before"),
    Column("Quota then", "quota_after"),
)


def show_policy(session: Session, found: pb.Policy) -> None:
    """Show a policy with its settings."""
    session.show(found, POLICY)
    if not session.json:
        output.write_facts(sorted(found.settings.items()))


@click.group(cls=Group, help="Policies that months are scored with.")
def policy() -> None:
    pass


@policy.command("list", help="List the policies of the city and of the ward, every version.")
@ward
@option("--state", type=Enumerated(pb.PolicyState.DESCRIPTOR), help="Only in this state.")
@pass_session
def list_policies(session: Session, ward: str, state: int | None) -> None:
    request = pb.ListPoliciesRequest(ward_id=session.ward(ward), state=state or 0)  # type: ignore[arg-type]
    session.show_all(session.entries("scoring", "ListPolicies", request, "policies"), POLICY)


@policy.command("show", help="Show a policy with every setting.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@pass_session
def show(session: Session, policy: str, ward: str) -> None:
    request = pb.GetPolicyRequest(ward_id=session.ward(ward), policy=policy)
    show_policy(session, session.call("scoring", "GetPolicy", request).policy)


@policy.command("propose", help="Propose a new version of a policy; somebody else approves it.")
@argument("policy", help="The policy's id.")
@ward
@option("--city", is_flag=True, help="For the city: every ward inherits it.")
@option("--from-month", required=True, metavar="YYYY-MM", help="First month it is for.")
@option("--until-month", default="", metavar="YYYY-MM", help="Last month it is for.")
@option("--legal-basis", multiple=True, required=True, metavar="TEXT", help="Legal basis.")
@option(
    "--for",
    "personnel",
    type=Enumerated(types.PersonnelType.DESCRIPTOR),
    multiple=True,
    help="Whom it covers; by default everybody.",
)
@option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A setting that differs.")
@option("--based-on", default="", metavar="ID[@N]", help="Where the other settings come from.")
@pass_session
def propose(
    session: Session,
    policy: str,
    ward: str,
    from_month: str,
    until_month: str,
    legal_basis: Sequence[str],
    personnel: Sequence[int],
    settings: Sequence[str],
    based_on: str,
    *,
    city: bool,
) -> None:
    request = pb.ProposePolicyRequest(
        ward_id=session.ward(ward),
        city=city,
        policy_id=policy,
        legal_basis=legal_basis,
        from_month=from_month,
        until_month=until_month,
        personnel_types=personnel,  # type: ignore[arg-type]
        settings=_settings(settings),
        based_on=based_on,
    )
    show_policy(session, session.call("scoring", "ProposePolicy", request).policy)


@policy.command("approve", help="Put a proposed policy in force, by a document.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@option("--document", required=True, metavar="NUMBER", help="Number of the document.")
@pass_session
def approve(session: Session, policy: str, ward: str, document: str) -> None:
    request = pb.ApprovePolicyRequest(ward_id=session.ward(ward), policy=policy, document=document)
    reply = session.call("scoring", "ApprovePolicy", request)
    session.told(
        reply,
        t(
            "{policy} is in force; months scored again: {count}.",
            policy=_name(reply.policy),
            count=reply.months,
        ),
    )


@policy.command("diff", help="Tell in what two policies differ.")
@argument("left", help="The one policy.")
@argument("right", help="The other policy.")
@ward
@pass_session
def diff(session: Session, left: str, right: str, ward: str) -> None:
    request = pb.DiffPoliciesRequest(ward_id=session.ward(ward), left=left, right=right)
    session.show_all(session.call("scoring", "DiffPolicies", request).differences, DIFFERENCE)


@policy.command("simulate", help="Tell who would move in a month under another policy; changes nothing.")
@argument("policy", help="The policy: its id, and @n for a version.")
@ward
@month
@pass_session
def simulate(session: Session, policy: str, ward: str, month: str) -> None:
    request = pb.SimulatePolicyRequest(ward_id=session.ward(ward), month=month, policy=policy)
    if session.json:
        session.show_all(session.entries("scoring", "SimulatePolicy", request, "moves"), MOVE)
        return
    moves = list(session.entries("scoring", "SimulatePolicy", request, "moves"))
    request.page_size, request.page_token = 1, ""
    summary = session.call("scoring", "SimulatePolicy", request)
    output.write_table(MOVE, moves)
    letters = sorted({*summary.grades_before, *summary.grades_after})
    output.write_facts(
        (
            letter if letter != "none" else "-",
            f"{summary.grades_before[letter]} → {summary.grades_after[letter]}",
        )
        for letter in letters
    )
    output.say(t("{moved} of {people} would move.", moved=summary.moved, people=summary.people))


def _settings(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in given:
        name, is_, value = each.partition("=")
        if not (name and is_ and value):
            raise Wrong(t("{value} is no setting; write it like cap=total.", value=each))
        found[name] = value
    return found
