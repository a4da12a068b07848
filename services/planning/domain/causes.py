"""Claims that an objective cause excuses a fault, and the answers (nguyên nhân khách quan, R-8).

::

    requested ──confirm──▶ confirmed      the fault carries the authority's word and is excused
        └──────refuse────▶ refused        nothing is excused; the person may claim again
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from chassis.days import Month
from chassis.errors import Blocked, Forbidden, Invalid, NotFound
from planning.domain.problem import BadContent, Problem
from planning.domain.results import Fault
from planning.domain.task import LONGEST_TEXT

MOST_CITED: Final = 20
"""Evidence that a claim cites."""
MOST_CLAIMS: Final = 20
"""Claims about one fault."""


class NoClaim(NotFound):
    """Nothing waits for an answer about this fault."""

    vi = "Không có đề nghị nào đang chờ trả lời về sai sót {fault_id} của nhiệm vụ {task_id}."
    en = "No claim about the fault {fault_id} of the task {task_id} waits for an answer."


class ClaimWaiting(Blocked):
    """A fault has one open claim at a time."""

    vi = "Đề nghị trước về sai sót {fault_id} của nhiệm vụ {task_id} đang chờ trả lời."
    en = "An earlier claim about the fault {fault_id} of the task {task_id} waits for its answer."


class ExcusedAlready(Blocked):
    """What an authority excused is not claimed again."""

    vi = "Sai sót {fault_id} của nhiệm vụ {task_id} đã được {confirmed_by} xác nhận."
    en = "The fault {fault_id} of the task {task_id} was excused by {confirmed_by} before."


class TooManyClaims(Blocked):
    """A fault is claimed only so often."""

    vi = "Đã có {most} đề nghị về sai sót {fault_id} của nhiệm vụ {task_id}."
    en = "The fault {fault_id} of the task {task_id} was claimed {most} times; there are no more."


class OwnClaim(Forbidden):
    """A claim is answered by another than whoever handed it in."""

    vi = "Đề nghị do chính bạn lập nên phải do người khác trả lời."
    en = "You handed in this claim, so another answers it."


class RefusalReasonMissing(Invalid):
    """A claim is refused with a reason."""

    vi = "Cần lý do không chấp nhận, tối đa {most} ký tự."
    en = "Say why it is refused, in at most {most} characters."


class BadClaim(BadContent):
    """A claim of an objective cause breaks rules."""

    vi = "Đề nghị chưa hợp lệ: {problems_vi}"
    en = "The claim breaks rules: {problems_en}"


class ClaimState(Enum):
    """Where a claim stands."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of an objective cause."""

    person_id: str
    month: Month
    task_id: str
    fault_id: str
    number: int
    """Counts the claims about the fault, from 1."""
    reviews: int
    deadlines: int
    cause: str
    evidence_ids: tuple[str, ...]
    requested_by: str
    requested_at: datetime
    state: ClaimState = ClaimState.REQUESTED
    answered_by: str = ""
    answered_at: datetime | None = None
    reason: str = ""
    excused_reviews: int = 0
    excused_deadlines: int = 0

    @property
    def plan_id(self) -> str:
        """The id of the plan that the fault belongs to: the person's month."""
        return f"{self.person_id}:{self.month}"

    @property
    def content(self) -> tuple[object, ...]:
        """What is claimed, whoever handed it in and when."""
        return self.reviews, self.deadlines, self.cause, self.evidence_ids

    def confirm(self, *, by: str, reason: str, reviews: int, deadlines: int, at: datetime) -> "Claim":
        """Answer it with yes: the authority says how much is excused.

        :raises OwnClaim: if the answer comes from whoever handed it in
        """
        self._check_another(by)
        return replace(
            self,
            state=ClaimState.CONFIRMED,
            answered_by=by,
            answered_at=at,
            reason=reason,
            excused_reviews=reviews,
            excused_deadlines=deadlines,
        )

    def refuse(self, *, by: str, reason: str, at: datetime) -> "Claim":
        """Answer it with no.

        :raises OwnClaim: if the answer comes from whoever handed it in
        :raises RefusalReasonMissing: without a reason
        """
        self._check_another(by)
        if not reason or len(reason) > LONGEST_TEXT:
            raise RefusalReasonMissing(field="reason", most=LONGEST_TEXT)
        return replace(self, state=ClaimState.REFUSED, answered_by=by, answered_at=at, reason=reason)

    def _check_another(self, by: str) -> None:
        if by == self.requested_by:
            raise OwnClaim


def claimed(given: Claim, fault: Fault, earlier: Sequence[Claim], standing: Collection[str]) -> Claim:
    """Return the claim as it is kept: with its number, or the open one that says the same already.

    :param fault: that it is about
    :param earlier: the claims about the fault so far, by number
    :param standing: ids of the task's evidence that is not withdrawn
    :raises BadClaim: if it excuses nothing or more than there is, names no cause, or cites what is not there
    :raises ClaimWaiting: while another claim about the fault is open
    :raises ExcusedAlready: if an authority's confirmation stands
    """
    if found := list(_problems(given, fault, standing)):
        raise BadClaim([("", each) for each in found])
    names = {"task_id": given.task_id, "fault_id": given.fault_id}
    last = earlier[-1] if earlier else None
    if last and last.state is ClaimState.REQUESTED:
        if last.content == given.content:
            return last
        raise ClaimWaiting(**names)
    if fault.confirmation:
        raise ExcusedAlready(**names, confirmed_by=fault.confirmation.confirmed_by)
    if len(earlier) >= MOST_CLAIMS:
        raise TooManyClaims(**names, most=MOST_CLAIMS)
    return replace(given, number=last.number + 1 if last else 1)


def open_claim(claims: Sequence[Claim]) -> Claim | None:
    """Return the claim that waits for an answer, None when none does.

    :param claims: about one fault, by number
    """
    return claims[-1] if claims and claims[-1].state is ClaimState.REQUESTED else None


def _problems(given: Claim, fault: Fault, standing: Collection[str]) -> Iterable[Problem]:
    if not 0 <= given.reviews <= fault.failed_reviews:
        yield Problem(
            "reviews",
            f"phải từ 0 đến số lần chưa đạt ({fault.failed_reviews})",
            f"must be from 0 to the {fault.failed_reviews} failed reviews",
        )
    if not 0 <= given.deadlines <= fault.missed_deadlines:
        yield Problem(
            "deadlines",
            f"phải từ 0 đến số lần chậm ({fault.missed_deadlines})",
            f"must be from 0 to the {fault.missed_deadlines} missed deadlines",
        )
    if given.reviews == given.deadlines == 0:
        yield Problem("reviews", "không đề nghị miễn lần nào", "nothing is to be excused")
    if not given.cause:
        yield Problem("cause", "thiếu nguyên nhân khách quan", "lacks the objective cause")
    elif len(given.cause) > LONGEST_TEXT:
        yield Problem("cause", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")
    if len(given.evidence_ids) > MOST_CITED:
        yield Problem("evidence_ids", f"quá {MOST_CITED} minh chứng", f"more than {MOST_CITED} are cited")
        return
    for place, each in enumerate(given.evidence_ids):
        if each not in standing or each in given.evidence_ids[:place]:
            yield Problem(
                f"evidence_ids[{place}]",
                f"nhiệm vụ không có minh chứng {each[:80]}, hoặc nêu hai lần",
                f"the task has no evidence {each[:80]}, or it is cited twice",
            )
