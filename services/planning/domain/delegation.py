"""Acting for somebody else for some days (ủy quyền; R-2)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Delegation:
    """That one person may act for another on these legal days, both included."""

    ward_id: str
    delegation_id: str
    from_person_id: str
    to_person_id: str
    from_day: date
    to_day: date
