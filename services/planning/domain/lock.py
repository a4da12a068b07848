"""A month that a decision locked, and the newest facts that planning acknowledged before (R-10, R-28)."""

from dataclasses import dataclass

from chassis.days import Month


@dataclass(frozen=True, slots=True)
class MonthLock:
    """The last revisions of what a person's month was decided and is paid on.

    :param decision_revision: of the decision that locked it, or locked it again
    :param working_time_revision: 0 if none was recorded; ``work_revision`` likewise
    :param post_from_month: first month of the post he holds in the month; ``None`` if none is known
    """

    ward_id: str
    person_id: str
    month: Month
    decision_revision: int
    working_time_revision: int = 0
    post_from_month: Month | None = None
    post_revision: int = 0
    work_revision: int = 0
