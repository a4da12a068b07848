"""Runs, the finance file, the ledger (R-33, R-40)."""

import hashlib
from pathlib import Path

import click

from kpi.reward.v1 import adjustments_pb2
from kpi.reward.v1 import reward_pb2 as pb
from kpi_cli import downloads, exits, output
from kpi_cli.commanding import Command, Group, argument, option, ward
from kpi_cli.commands.money import ALLOCATION, RUN, show_run
from kpi_cli.exits import Broken, Ended
from kpi_cli.language import t
from kpi_cli.output import Column
from kpi_cli.session import Session, one_of, pass_session

ENTRY = (
    Column("Position", "position", "number"),
    Column("Posting", "posting_id"),
    Column("Account", "account"),
    Column("Amount", "amount", "money"),
    Column("Memo", "memo"),
    Column("Posted at", "posted_at"),
)
ADJUSTMENT = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Grade before", "grade_before"),
    Column("Grade now", "grade_after"),
    Column("Was allocated", "before", "money"),
    Column("Worth now", "after", "money"),
    Column("Difference", "difference", "money"),
)
FORMATS = {"csv": pb.EXPORT_FORMAT_CSV, "xlsx": pb.EXPORT_FORMAT_XLSX}


@click.group(cls=Group, help="Allocations of funds.")
def run() -> None:
    pass


@run.command("list", help="List a ward's runs, newest first.")
@ward
@option("--month", envvar="KPI_MONTH", default="", metavar="YYYY-MM", help="Only this month.")
@pass_session
def list_runs(session: Session, ward: str, month: str) -> None:
    request = pb.ListRunsRequest(ward_id=session.ward(ward), month=month)
    session.show_all(session.entries("reward", "ListRuns", request, "runs"), RUN)


@run.command("show", help="Show a run with its allocations, or only these; everybody may see his own.")
@argument("run_id", help="The run's id.", metavar="RUN")
@ward
@option("--allocations", "only", is_flag=True, help="Only the allocations.")
@pass_session
def show(session: Session, run_id: str, ward: str, *, only: bool) -> None:
    ward_id = session.ward(ward)
    listed = pb.ListAllocationsRequest(ward_id=ward_id, run_id=run_id)
    if not only:
        found = session.call("reward", "GetRun", pb.GetRunRequest(ward_id=ward_id, run_id=run_id)).run
        show_run(session, found)
        if session.json:
            return
    session.show_all(session.entries("reward", "ListAllocations", listed, "allocations"), ALLOCATION)


@run.command("explain", help="Explain what a person was allocated.")
@argument("run_id", help="The run's id.", metavar="RUN")
@argument("person", help="The person's id.")
@ward
@pass_session
def explain(session: Session, run_id: str, person: str, ward: str) -> None:
    request = pb.ExplainAllocationRequest(ward_id=session.ward(ward), run_id=run_id, person_id=person)
    reply = session.call("reward", "ExplainAllocation", request)
    session.told(reply, "\n".join(reply.lines))


@run.command("adjust", help="Show what new decisions are worth since a run, and post what is owed.")
@argument("run_id", help="The run's id.", metavar="RUN")
@ward
@option(
    "--fund", default="", metavar="ID", help="Fund of the same kind that pays; it is not allocated otherwise."
)
@option("--preview", is_flag=True, help="Show only; nothing is posted.")
@pass_session
def adjust(session: Session, run_id: str, ward: str, fund: str, *, preview: bool) -> None:
    one_of(fund=fund, preview=preview)
    request = adjustments_pb2.AdjustRunRequest(
        ward_id=session.ward(ward), run_id=run_id, fund_id=fund, preview=preview
    )
    reply = session.call("reward", "AdjustRun", request)
    if session.json:
        output.write_json(output.as_dict(reply))
        return
    output.write_table(ADJUSTMENT, reply.adjustments)
    total = output.money(reply.payable)
    if reply.run_id:
        output.say(t("Posted as run {run}: {sum} đồng.", run=reply.run_id, sum=total))
    else:
        output.say(t("Owed now: {sum} đồng.", sum=total))


@click.command(
    "export",
    cls=Command,
    help="Fetch the finance file of a run; it is there whole and checked, or not at all.",
)
@argument("run_id", help="The run's id.", metavar="RUN")
@ward
@option(
    "--format", "form", type=click.Choice(sorted(FORMATS)), default="csv", help="How it is written (csv)."
)
@option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    metavar="FILE",
    help="Where to; in a folder it gets the name that the service gives it.",
)
@pass_session
def export(session: Session, run_id: str, ward: str, form: str, out: Path) -> None:
    ward_id = session.ward(ward)
    request = pb.ExportRunRequest(ward_id=ward_id, run_id=run_id, format=FORMATS[form])
    pieces = downloads.counted(session.service("reward", long=True).ExportRun(request))
    summary, target = downloads.saved(
        pieces, "summary", out, check=lambda told: _count(session, ward_id, run_id, told)
    )
    if session.json:
        output.write_json(output.as_dict(summary) | {"path": str(target)})
        return
    output.write_facts(
        [
            ("File", str(target)),
            ("People", str(summary.count)),
            ("Sum", output.money(summary.sum)),
            ("SHA-256", summary.sha256),
        ]
    )


def _count(session: Session, ward_id: str, run_id: str, summary: pb.ExportSummary) -> None:
    """Hold the file's count and sum against the run.

    :raises Broken: if they do not agree
    """
    found = session.call("reward", "GetRun", pb.GetRunRequest(ward_id=ward_id, run_id=run_id)).run
    if summary.count not in (found.people, found.paid) or summary.sum != found.distributed:
        raise Broken(
            t(
                "The file has {count} people and {sum} đồng, the run {people} and {distributed}: not kept.",
                count=summary.count,
                sum=output.money(summary.sum),
                people=found.people,
                distributed=output.money(found.distributed),
            )
        )


@click.command(
    "acknowledge", cls=Command, help="Acknowledge a run by the file that finance took over; it is closed."
)
@argument("run_id", help="The run's id.", metavar="RUN")
@ward
@option("--sha256", default="", metavar="HEX", help="Digest of the file.")
@option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="The file; its digest is computed here.",
)
@pass_session
def acknowledge(session: Session, run_id: str, ward: str, sha256: str, file: Path | None) -> None:
    one_of(sha256=sha256, file=file)
    digest = hashlib.sha256(file.read_bytes()).hexdigest() if file else sha256.lower()
    request = pb.AcknowledgeRunRequest(ward_id=session.ward(ward), run_id=run_id, sha256=digest)
    show_run(session, session.call("reward", "AcknowledgeRun", request).run)


@click.command("ledger", cls=Command, help="List ledger entries, oldest first.")
@ward
@option("--account", default="", metavar="ACCOUNT", help="Only this account, such as payable:p-017.")
@pass_session
def ledger(session: Session, ward: str, account: str) -> None:
    ward_id = session.ward(ward)
    request = pb.ListEntriesRequest(ward_id=ward_id, account=account)
    session.show_all(session.entries("reward", "ListEntries", request, "entries"), ENTRY)
    balance = session.call("reward", "ListEntries", pb.ListEntriesRequest(ward_id=ward_id, page_size=1))
    if balance.imbalance:
        output.note(t("The ledger does not balance: {sum} đồng.", sum=output.money(balance.imbalance)))
        raise Ended(exits.UNEXPECTED)
