"""Funds and their allocation (R-33 to R-38)."""

import csv
from pathlib import Path

import click

from kpi.reward.v1 import reward_pb2 as pb
from kpi_cli import exits, output
from kpi_cli.commanding import Command, Enumerated, Group, argument, month, option, ward
from kpi_cli.exits import Ended, Wrong
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

FUND = (
    Column("Fund", "fund_id", "id"),
    Column("Month", "month", "day"),
    Column("Kind", "kind"),
    Column("Amount", "amount", "money"),
    Column("Balance", "balance", "money"),
    Column("Source", "source"),
    Column("Legal basis", "legal_basis"),
    Column("Recorded at", "created_at"),
)
POLICY = (
    Column("Policy", lambda each: f"{each.policy_id}@{each.version}", "id"),
    Column("Mode", "mode"),
    Column("Legal basis", "legal_basis"),
    Column("Note", "note"),
)
RUN = (
    Column("Run", "run_id", "id"),
    Column("Fund", "fund_id"),
    Column("Month", "month", "day"),
    Column("Policy", "policy"),
    Column("State", "state"),
    Column("People", "people", "number"),
    Column("Paid", "paid", "number"),
    Column("Distributed", "distributed", "money"),
    Column("Left over", "undistributed", "money"),
    Column("Posted at", "posted_at"),
)
ALLOCATION = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Grade", "grade"),
    Column("Score", "score", "decimal"),
    Column("Salary coefficient", "salary_coefficient", "decimal"),
    Column("Worked", lambda each: f"{each.worked_half_days}/{each.required_half_days}", "number"),
    Column("Amount", "amount", "money"),
)
VIOLATION = (Column("Rule", "rule", "id"), Column("People", "person_ids"), Column("Detail", "detail"))


@click.group(cls=Group, help="Funds of a month.")
def fund() -> None:
    pass


@fund.command("create", help="Record a fund and post it to the ledger.")
@argument("fund", help="The fund's id; the same id with the same content has one effect.")
@ward
@month
@option("--kind", type=Enumerated(pb.FundKind.DESCRIPTOR), required=True, help="What it is for.")
@option("--amount", type=click.IntRange(min=1), required=True, metavar="DONG", help="Whole đồng.")
@option("--source", required=True, metavar="TEXT", help="Where the money comes from.")
@option("--legal-basis", required=True, metavar="TEXT", help="Legal basis.")
@pass_session
def create(
    session: Session, fund: str, ward: str, month: str, kind: int, amount: int, source: str, legal_basis: str
) -> None:
    request = pb.CreateFundRequest(
        ward_id=session.ward(ward),
        fund_id=fund,
        month=month,
        kind=kind,  # type: ignore[arg-type]
        amount=amount,
        source=source,
        legal_basis=legal_basis,
    )
    session.show(session.call("reward", "CreateFund", request).fund, FUND)


@fund.command("list", help="List a ward's funds, newest first.")
@ward
@option("--month", envvar="KPI_MONTH", default="", metavar="YYYY-MM", help="Only this month.")
@pass_session
def list_funds(session: Session, ward: str, month: str) -> None:
    request = pb.ListFundsRequest(ward_id=session.ward(ward), month=month)
    session.show_all(session.entries("reward", "ListFunds", request, "funds"), FUND)


@fund.command("show", help="Show a fund with its balance.")
@argument("fund", help="The fund's id.")
@ward
@pass_session
def show(session: Session, fund: str, ward: str) -> None:
    request = pb.GetFundRequest(ward_id=session.ward(ward), fund_id=fund)
    session.show(session.call("reward", "GetFund", request).fund, FUND)


@click.command("policies", cls=Command, help="List the policies for money with their legal basis.")
@ward
@pass_session
def policies(session: Session, ward: str) -> None:
    request = pb.ListPoliciesRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("reward", "ListPolicies", request, "policies"), POLICY)


def show_run(session: Session, run: pb.Run) -> None:
    """Show a run with its sums by grade."""
    session.show(run, RUN)
    if not session.json:
        output.write_facts((grade, output.money(amount)) for grade, amount in sorted(run.by_grade.items()))


@click.command(
    "allocate",
    cls=Command,
    help="Allocate a fund to the month's published grades and post it, or only show it.",
)
@argument("fund", help="The fund's id.")
@ward
@option("--policy", required=True, metavar="ID[@N]", help="The policy; its newest version unless @n follows.")
@option("--preview", is_flag=True, help="Show only; nothing is posted.")
@pass_session
def allocate(session: Session, fund: str, ward: str, policy: str, *, preview: bool) -> None:
    request = pb.AllocateRequest(ward_id=session.ward(ward), fund_id=fund, policy=policy, preview=preview)
    reply = session.call("reward", "Allocate", request, waiting=t("Allocating"))
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    if preview:
        output.write_table(ALLOCATION, reply.allocations)
    show_run(session, reply.run)


@click.command("check", cls=Command, help="Check a list of amounts against equal sharing; posts nothing.")
@argument(
    "file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV with the columns person_id and amount (whole đồng).",
)
@ward
@month
@option("--policy", required=True, metavar="ID[@N]", help="The policy that the list must agree with.")
@pass_session
def check(session: Session, file: Path, ward: str, month: str, policy: str) -> None:
    request = pb.CheckProposalRequest(
        ward_id=session.ward(ward), month=month, policy=policy, amounts=_amounts(file)
    )
    reply = session.call("reward", "CheckProposal", request, waiting=t("Checking"))
    if session.json:
        output.write_json(output.as_dict(reply))
    elif reply.fair:
        output.say(t("No equal sharing was found."))
    else:
        output.write_table(VIOLATION, reply.violations)
        output.note(t("Breaches of R-38: {count}.", count=reply.violation_count))
    if not reply.fair:
        raise Ended(exits.REFUSED)


def _amounts(file: Path) -> list[pb.ProposedAmount]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        if not {"person_id", "amount"} <= set(reader.fieldnames or ()):
            raise Wrong(t("{file} has no columns person_id and amount.", file=file))
        found = []
        for row in reader:
            amount = (row["amount"] or "").strip()
            if not amount.isascii() or not amount.isdigit():
                raise Wrong(
                    t(
                        "{file}:{line}: {value} is not whole đồng.",
                        file=file,
                        line=reader.line_num,
                        value=amount,
                    )
                )
            found.append(pb.ProposedAmount(person_id=(row["person_id"] or "").strip(), amount=int(amount)))
    return found
