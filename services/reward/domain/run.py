"""A run (đợt chi): one sharing out of a fund, kept with everything it was computed from.

What a run was computed from is copied into it, so that it can be explained and exported again whatever the
other services announce later. A fund has at most one posted run; what it leaves undistributed stays in the
fund.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from typing import Final

from chassis.errors import Blocked, Forbidden, Invalid, NotFound
from reward.domain.allocate import Allocation, Share, allocate
from reward.domain.fund import Fund, FundKind
from reward.domain.month import Member
from reward.domain.policy import Grade, Policy

UNGRADED: Final = "-"
"""Stands for those without a grade in sums by grade."""


class RunAlreadyPosted(Blocked):
    """A fund is shared out once."""

    vi = "Quỹ {fund_id} đã phân bổ ở đợt {run_id}; phần còn lại không phân bổ tiếp."
    en = "Fund {fund_id} was allocated by run {run_id} and is not allocated again; a preview is possible."


class UnknownRun(NotFound):
    """The ward has no such run."""

    vi = "Phường không có đợt chi {run_id}."
    en = "The ward has no run {run_id}."


class NotInRun(NotFound):
    """The person has no part in the run."""

    vi = "{person_id} không có trong đợt chi {run_id}."
    en = "{person_id} has no part in run {run_id}."


class OwnAllocationOnly(Forbidden):
    """What somebody gets is for him and for those who keep the books (R-29)."""

    vi = "Bạn chỉ được xem phần của mình."
    en = "You may see your own allocation only."


class BadDigest(Invalid):
    """A SHA-256 is 64 hexadecimal digits."""

    vi = "Mã SHA-256 phải gồm 64 chữ số thập lục phân."
    en = "A SHA-256 is 64 hexadecimal digits: send the one of the file that was taken over."


class OtherFile(Blocked):
    """Finance acknowledges the file it has, and it has to be ours to the byte (R-40)."""

    vi = "Mã SHA-256 không phải của tệp chi của đợt {run_id}: CSV {csv}, XLSX {xlsx}. Hãy tải lại tệp."
    en = "That is no file of run {run_id}: CSV has {csv}, XLSX has {xlsx}. Fetch the file again."


class PolicyNotInForce(Blocked):
    """A policy has its time."""

    vi = "Chính sách {policy} không có hiệu lực trong tháng {month} ({period})."
    en = "Policy {policy} is not in force in {month} ({period})."


class RunState(Enum):
    """Where a run stands."""

    PREVIEW = "preview"
    POSTED = "posted"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Finance took over a file of a run (R-40)."""

    sha256: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """A run without its people; amounts in đồng."""

    ward_id: str
    run_id: str
    """Empty for a preview."""
    fund_id: str
    month: str
    kind: FundKind
    ward_name: str
    policy_id: str
    policy_version: int
    policy_document: str
    """The whole policy as JSON: a later version of the product explains with the same."""
    value_per_weight: Fraction
    people: int
    paid: int
    distributed: int
    undistributed: int
    by_grade: Mapping[str, int]
    posted_at: datetime | None = None
    posted_by: str = ""
    acknowledgement: Acknowledgement | None = None

    @property
    def policy(self) -> str:
        """Policy and version, such as ``phuc-loi@1``."""
        return f"{self.policy_id}@{self.policy_version}"

    @property
    def state(self) -> RunState:
        """Where it stands."""
        if self.acknowledgement:
            return RunState.ACKNOWLEDGED
        return RunState.POSTED if self.posted_at else RunState.PREVIEW


@dataclass(frozen=True, slots=True)
class Allocated:
    """What one person gets in a run, and what it was computed from."""

    member: Member
    share: Share

    @property
    def person_id(self) -> str:
        """The person."""
        return self.member.person.id

    @property
    def amount(self) -> int:
        """Whole đồng."""
        return self.share.amount


def share_out(
    fund: Fund, policy: Policy, document: str, ward_name: str, members: Sequence[Member]
) -> tuple[Run, list[Allocated]]:
    """Share out a fund among a month's people; the result is a preview until it is posted.

    :raises FundExceeded, NoEqualSharing: as `reward.domain.allocate.allocate`
    """
    shared = allocate(fund.amount, policy, [each.person for each in members])
    allocated = [Allocated(member, share) for member, share in zip(members, shared.shares, strict=True)]
    sums = dict.fromkeys((*(each.value for each in Grade), UNGRADED), 0)
    present = set()
    for each in allocated:
        letter = each.member.person.grade.value if each.member.person.grade else UNGRADED
        sums[letter] += each.amount
        present.add(letter)
    run = Run(
        ward_id=fund.ward_id,
        run_id="",
        fund_id=fund.fund_id,
        month=fund.month,
        kind=fund.kind,
        ward_name=ward_name,
        policy_id=policy.id,
        policy_version=policy.version,
        policy_document=document,
        value_per_weight=shared.value_per_weight,
        people=len(allocated),
        paid=sum(1 for each in allocated if each.amount),
        distributed=shared.distributed,
        undistributed=shared.undistributed,
        by_grade={letter: total for letter, total in sums.items() if letter in present},
    )
    return run, allocated


def allocation_of(run: Run, allocated: Sequence[Allocated]) -> Allocation:
    """Return a run as the law's own value, to explain it (R-23) or to adjust it (R-39)."""
    return Allocation(
        fund=run.distributed + run.undistributed,
        shares=tuple(each.share for each in allocated),
        distributed=run.distributed,
        value_per_weight=run.value_per_weight,
    )


def first_run_id(fund_id: str) -> str:
    """Return the id of a fund's run. It follows from the fund, so the same month gives the same files."""
    return f"{fund_id}.1"
