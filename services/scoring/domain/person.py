"""A person in a month, as scoring sees him (cán bộ, công chức, viên chức, lao động hợp đồng)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from scoring.domain.exact import ZERO
from scoring.domain.unfit import Unfit
from scoring.domain.work import NotACount, Task, check_tasks

COMMON_MAXIMUM = Decimal(30)
"""The most that the general criteria can earn (R-18; NĐ 335/2025 Điều 12)."""


class Role(StrEnum):
    """Whether the person leads (R-15)."""

    STAFF = "staff"
    LEADER = "leader"


class CommonOverMaximum(Unfit):
    """The general criteria earn 0 to 30 points (R-18)."""

    vi = "điểm tiêu chí chung {found} ngoài khoảng 0 đến 30"
    en = "the general score {found} is not within 0 to 30"


class NotFullOrHalf(Unfit):
    """The marks đ and e are 100 or 50, nothing else (R-17)."""

    vi = "giá trị {found} không hợp lệ; chỉ nhận 100 hoặc 50"
    en = "{found} is not allowed; it is 100 or 50, nothing between"


class LeaderFieldOnStaff(Unfit):
    """Only a leader leads."""

    vi = "chỉ người có role là leader mới có mục này; bỏ mục này hoặc ghi role là leader"
    en = "only a leader has this; leave it out, or set role to leader"


@dataclass(frozen=True, slots=True)
class Person:
    """What the month's score of one person depends on, and nothing else.

    :param group: group of similar duties (nhóm có nhiệm vụ tương đồng)
    :param common_score: the 30-point part; ``None`` until it has been assessed
    :param manages: ids of those in a leader's charge
    :param organising: đ, 100 or 50 (R-17); ``None`` for staff, and until it has been assessed
    :param unity: e, likewise
    :param blocker: number of the document that proposes grade D (R-20)
    :param required_half_days: ``None`` until the working time has been recorded
    :param entangled: ids of the circle in which he and others are in one another's charge, himself among
        them; see :func:`scoring.domain.charge.untangled`
    :param set_aside: the authority decided not to evaluate (R-14)
    :param quota_scope: the quota's scope (R-21); empty means the unit
    :param personnel_type: which policy applies; empty while nobody has said so
    """

    id: str
    unit: str
    group: str
    required_half_days: int | None
    worked_half_days: int
    common_score: Decimal | None
    tasks: tuple[Task, ...] = ()
    role: Role = Role.STAFF
    manages: tuple[str, ...] = ()
    organising: int | None = None
    unity: int | None = None
    blocker: str | None = None
    set_aside: bool = False
    quota_scope: str = ""
    personnel_type: str = ""
    entangled: tuple[str, ...] = ()

    @property
    def scope(self) -> str:
        """The quota's scope: the unit unless told otherwise."""
        return self.quota_scope or self.unit

    def check(self) -> None:
        """Refuse a person that no month can hold.

        :raises Unfit: at the field at fault, tasks included
        """
        if self.required_half_days is not None and self.required_half_days < 1:
            raise NotACount(place="required_half_days", found=self.required_half_days, least=1)
        if self.worked_half_days < 0:
            raise NotACount(place="worked_half_days", found=self.worked_half_days, least=0)
        common = self.common_score
        if common is not None and not (common.is_finite() and ZERO <= common <= COMMON_MAXIMUM):
            raise CommonOverMaximum(place="common_score", found=common)
        if self.role is Role.STAFF:
            led = {"manages": self.manages or None, "organising": self.organising, "unity": self.unity}
            for name, given in led.items():
                if given is not None:
                    raise LeaderFieldOnStaff(place=name)
        else:
            for name in ("organising", "unity"):
                if (found := getattr(self, name)) not in (None, 50, 100):
                    raise NotFullOrHalf(place=name, found=found)
        check_tasks(self.tasks)
