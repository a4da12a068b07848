"""Wards, units, people."""

import click

from kpi.planning.v1 import planning_pb2 as pb
from kpi_cli.commanding import Group, argument, month, unit, ward
from kpi_cli.output import Column
from kpi_cli.session import Session, pass_session

WARD = (Column("Ward", "ward_id", "id"), Column("Name", "name"), Column("City", "city"))
UNIT = (Column("Unit", "unit_id", "id"), Column("Name", "name"), Column("Kind", "kind"))
PERSON = (
    Column("Person", "person_id", "id"),
    Column("Full name", "full_name"),
    Column("Unit", "unit_id"),
    Column("Job title", "title"),
    Column("Role", "role"),
    Column("Superior", "superior_id"),
    Column("Duty group", "duty_group"),
)
PERSON_WHOLE = (
    *PERSON,
    Column("Personnel type", "personnel_type"),
    Column("Post", "post"),
    Column("From month", "from_month", "day"),
    Column("Salary coefficient", "salary_coefficient", "decimal"),
    Column("In charge of", "in_charge_ids"),
    Column("Quota scope", "quota_scope"),
    Column("E-mail", "email"),
    Column("Language", "language"),
    Column("Active", "active"),
)


@click.group(cls=Group, help="Wards.")
def wards() -> None:
    pass


@wards.command("list", help="List the wards that the token is for.")
@ward
@pass_session
def list_wards(session: Session, ward: str) -> None:
    given = [ward] if ward else [each for each in session.claims.get("wards", []) if each != "*"]
    ids = given or [session.ward("")]
    found = [session.call("planning", "GetWard", pb.GetWardRequest(ward_id=each)).ward for each in ids]
    session.show_all(found, WARD)


@click.group(cls=Group, help="Units of a ward.")
def units() -> None:
    pass


@units.command("list", help="List a ward's units.")
@ward
@pass_session
def list_units(session: Session, ward: str) -> None:
    request = pb.ListUnitsRequest(ward_id=session.ward(ward))
    session.show_all(session.entries("planning", "ListUnits", request, "units"), UNIT)


@click.group(cls=Group, help="People of a ward.")
def people() -> None:
    pass


@people.command("list", help="List people as they stand in a month.")
@ward
@month
@unit
@pass_session
def list_people(session: Session, ward: str, month: str, unit: str) -> None:
    request = pb.ListPeopleRequest(ward_id=session.ward(ward), month=month, unit_id=unit)
    session.show_all(session.entries("planning", "ListPeople", request, "people"), PERSON)


@people.command("show", help="Show one person as of a month.")
@argument("person", help="The person's id.")
@ward
@month
@pass_session
def show_person(session: Session, person: str, ward: str, month: str) -> None:
    request = pb.GetPersonRequest(ward_id=session.ward(ward), person_id=person, month=month)
    session.show(session.call("planning", "GetPerson", request).person, PERSON_WHOLE)
