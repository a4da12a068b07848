"""What is told of a month from outside its steps: who decides whom, whom it waits for, what is delegated."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from approval.domain.access import Delegation
from approval.domain.competence import Competence, Rule
from approval.domain.person import Person
from approval.domain.reminders import Kind
from approval.domain.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Ended:
    """That a delegation ends earlier than it was recorded to."""

    to_day: date
    document: str
    ended_by: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A delegation with who recorded it, and how it was ended."""

    delegation: Delegation
    """As it was recorded."""
    recorded_by: str
    recorded_at: datetime
    ended: Ended | None = None

    @property
    def present(self) -> Delegation:
        """The delegation with the last day that holds."""
        return replace(self.delegation, to_day=self.ended.to_day) if self.ended else self.delegation


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
