"""A ward's month, opened, and how it stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from approval.domain.case import State
from approval.domain.deadlines import Deadline, Extension
from approval.domain.waiting import Awaited


@dataclass(frozen=True, slots=True)
class OpenedMonth:
    """A ward's month that was opened, with the extensions of its deadlines.

    :param policy: id and version of the policy it was opened with, kept to the end
    :param publication_revision: how often every grade of it was published; 0 while it is not
    """

    ward_id: str
    month: str
    policy: str
    opened_by: str
    opened_at: datetime
    publication_revision: int = 0
    published_at: datetime | None = None
    extensions: tuple[Extension, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthStanding:
    """A month with its deadlines; counts, late steps and whom it waits for where they were asked for."""

    opened: OpenedMonth
    deadlines: tuple[Deadline, ...]
    counts: Mapping[State, int] = field(default_factory=dict)
    late: int = 0
    awaited: tuple[Awaited, ...] = ()
