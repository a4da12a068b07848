"""Looking people up: the salary coefficient is for the person and the offices that need it."""

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.organization import Person


def sees_salary(actor: Actor, person_id: str) -> bool:
    """True if the caller may see a person's salary coefficient."""
    return actor.person_id == person_id or actor.has("clerk", "organizer", "finance", "auditor")


def get_person(session: Session, *, ward_id: str, person_id: str, month: Month) -> Person:
    """Return a person as of a month.

    :raises UnknownPerson: if nobody of that id holds a post then
    """
    storage.ward(session, ward_id)
    return storage.person(session, ward_id, person_id, month)


def list_people(
    session: Session, *, ward_id: str, month: Month, unit_id: str, after: str, limit: int
) -> list[Person]:
    """Return people as they stand in a month, by id."""
    storage.ward(session, ward_id)
    return storage.people(session, ward_id, month, unit_id=unit_id, after=after, limit=limit)
