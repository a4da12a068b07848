"""What scoring announced about a person's month, as far as approval acts on it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from approval.domain.grade import Grade


class ScoreStatus(StrEnum):
    """What became of the month's score."""

    EVALUATED = "evaluated"
    NOT_EVALUATED = "not_evaluated"
    INSUFFICIENT_DATA = "insufficient_data"
    WAITING = "waiting"


class Outcome(StrEnum):
    """What the quota did (R-22)."""

    NONE = "none"
    KEPT = "kept"
    LOWERED = "lowered"
    TIE = "tie"


@dataclass(frozen=True, slots=True)
class Score:
    """A score as announced; its revision grows with every change.

    :param total: two decimals; ``None`` unless evaluated
    :param general: the general criteria it was computed with
    :param organising: đ as it was computed with, 100 or 50; 0 for staff, and ``unity`` likewise
    :param policy: policy and version it was computed with
    :param working_time_revision: of the working time it was computed from; 0 if it was not told, and
        ``work_revision`` likewise
    """

    status: ScoreStatus
    revision: int
    reason: str = ""
    total: Decimal | None = None
    band: Grade | None = None
    proposed: Grade | None = None
    outcome: Outcome | None = None
    general: Decimal | None = None
    organising: int = 0
    unity: int = 0
    quota_scope: str = ""
    duty_group: str = ""
    blocker: str = ""
    policy: str = ""
    computed_at: datetime | None = None
    working_time_revision: int = 0
    work_revision: int = 0

    @property
    def evaluated(self) -> bool:
        """True if it has a total."""
        return self.status is ScoreStatus.EVALUATED
