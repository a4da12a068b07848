"""Required and worked time of a month, in half-days (buổi công, R-10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from planning.domain.problem import Problem

MOST_HALF_DAYS: Final = 62
"""Half-days of the longest month."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """A person's month: what it requires and what was worked."""

    person_id: str
    required_half_days: int
    worked_half_days: int
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """Half-days a person was away."""

    unpaid: int = 0
    sick: int = 0
    maternity: int = 0
    annual: int = 0


def worked(required_half_days: int, leave: Leave, *, annual_leave_counts: bool) -> int:
    """Return the half-days worked: without unpaid, sick and maternity leave; annual leave as the ward sets.

    Below 0 when there was more leave than time.
    """
    away = leave.unpaid + leave.sick + leave.maternity
    return required_half_days - away - (0 if annual_leave_counts else leave.annual)


def problems(time: WorkingTime) -> Iterable[Problem]:
    """Return what is wrong with a person's working time."""
    if not 1 <= time.required_half_days <= MOST_HALF_DAYS:
        yield Problem(
            "required_half_days", f"phải từ 1 đến {MOST_HALF_DAYS}", f"must be from 1 to {MOST_HALF_DAYS}"
        )
    if not 0 <= time.worked_half_days <= MOST_HALF_DAYS:
        yield Problem(
            "worked_half_days", f"phải từ 0 đến {MOST_HALF_DAYS}", f"must be from 0 to {MOST_HALF_DAYS}"
        )
