"""A notice: something happened that a person has to be told (R-42)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.days import Month
from chassis.errors import Invalid


class Topic(StrEnum):
    """What a notice is about; the value is how it is kept."""

    PLAN_APPROVED = "plan_approved"
    PLAN_RETURNED = "plan_returned"
    REMARKS = "remarks"
    DECISION = "decision"
    PUBLICATION = "publication"
    PAYMENT = "payment"
    DEADLINE = "deadline"
    OBJECTIVE_CAUSE = "objective_cause"
    APPEAL = "appeal"
    UNIT_PLAN = "unit_plan"
    RETURNED = "returned"


SUPERSEDING = frozenset({Topic.REMARKS, Topic.DECISION, Topic.PUBLICATION})
"""Topics whose notices carry a growing revision: once a later one is told, an earlier is no news (R-30)."""


class IncompleteNotice(Invalid):
    """An event names the ward, the person and the month it is about."""

    vi = "Sự kiện không nêu đủ phường, người và tháng mà nó nói đến ({cause})."
    en = "The event names no ward, person or month ({cause}): its publisher has to state all three."


@dataclass(frozen=True, slots=True)
class Notice:
    """One person is to be told of one cause."""

    ward_id: str
    person_id: str
    cause: str
    """The cause's own identity, such as ``decision/d-17/1``. An event that is announced again with another id
    has the same cause, so nobody is told twice."""
    topic: Topic
    month: str
    """YYYY-MM."""
    occurred_at: datetime
    """When the cause came about, in UTC."""
    facts: Mapping[str, str]
    """What the text may use, as the event says it: decimal strings, whole đồng, ids; in no language yet."""
    revision: int = 0
    """Orders notices of one topic, person and month where a later one supersedes; 0 where none does."""

    def __post_init__(self) -> None:
        """Refuse a notice for nobody.

        :raises IncompleteNotice: without ward, person or month
        """
        try:
            Month.parse(self.month)
        except ValueError as error:
            raise IncompleteNotice(cause=self.cause) from error
        if not self.ward_id or not self.person_id:
            raise IncompleteNotice(cause=self.cause)

    @property
    def thread(self) -> tuple[str, str, Topic, str]:
        """What a later revision supersedes: ward, person, topic and month."""
        return (self.ward_id, self.person_id, self.topic, self.month)


def still_news(notices: list[Notice], told: Mapping[tuple[str, str, Topic, str], int]) -> list[Notice]:
    """Return the notices that are still news, oldest revision first.

    :param told: the highest revision that each thread was told of already
    """
    fresh = [
        notice
        for notice in notices
        if notice.topic not in SUPERSEDING or notice.revision >= told.get(notice.thread, 0)
    ]
    return sorted(fresh, key=lambda notice: (notice.revision, notice.occurred_at, notice.cause))
