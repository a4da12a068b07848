"""What the month's commendation list proposes: form, amount, source (R-41)."""

import click

from kpi.approval.v1 import commendations_pb2 as pb
from kpi_cli.commanding import Command, month, option, ward
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

MOST = 1_000_000_000
COMMENDATION = (
    Column("Person", "person_id", "id"),
    Column("Form", "form"),
    Column("Amount", "amount", "money"),
    Column("Source", "source"),
    Column("Achievements", "achievements"),
    Column("Revision", "revision", "number"),
)

STATED = (*COMMENDATION, Column("Set by", "set_by", "id"), Column("Set at", "set_at"))


@click.command(
    cls=Command, help="State what the commendation list proposes, for everybody on it or for one person."
)
@ward
@month
@option("--person", default="", metavar="ID", help="Only for this person; what is left out is everybody's.")
@option("--form", default="", metavar="TEXT", help="Form of the commendation.")
@option("--amount", type=click.IntRange(0, MOST), metavar="ĐỒNG", help="Whole đồng for a person.")
@option("--source", default="", metavar="TEXT", help="Where the money comes from.")
@option("--achievements", default="", metavar="TEXT", help="Summary of the person's achievements.")
@pass_session
def commend(
    session: Session,
    ward: str,
    month: str,
    person: str,
    form: str,
    amount: int | None,
    source: str,
    achievements: str,
) -> None:
    stated = pb.Commendation(
        person_id=person, form=form, amount=amount, source=source, achievements=achievements
    )
    request = pb.SetCommendationsRequest(ward_id=session.ward(ward), month=month, commendations=[stated])
    [done] = session.call("approval", "SetCommendations", request).commendations
    session.show(done, COMMENDATION)


@click.command(cls=Command, help="What is stated for the month's commendation list, by whom.")
@ward
@month
@pass_session
def commendations(session: Session, ward: str, month: str) -> None:
    request = pb.ListCommendationsRequest(ward_id=session.ward(ward), month=month)
    session.show_all(session.entries("approval", "ListCommendations", request, "commendations"), STATED)
