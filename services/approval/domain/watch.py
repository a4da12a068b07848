"""What is told of a month from outside its steps: who decides whom, whom it waits for, what is delegated."""

from dataclasses import dataclass
from datetime import datetime

from approval.domain.access import Delegation
from approval.domain.competence import Competence, Rule
from approval.domain.person import Person
from approval.domain.reminders import Kind
from approval.domain.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Recorded:
    """A delegation with who recorded it."""

    delegation: Delegation
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Resolved:
    """Who decides about a person, with the row of the table that says so; ``None`` where none fits."""

    person: Person
    competence: Competence
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """Somebody a month waits for, and who was told of it: whom, why and when, oldest first."""

    waiting: Waiting
    person: Person | None
    told: tuple[tuple[str, Kind, datetime], ...]
