"""A version of a policy with what is on record about it, and which one a month is opened with.

A version never changes: who wants another setting proposes the next one. Somebody else approves it, by a
document; before that it can be compared and simulated, and no month is opened with it. The shipped one rests
on its published legal basis and stands behind all others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from approval.domain.policy import Policy
from chassis.errors import Blocked, Forbidden, Invalid

CITY: Final = "*"
"""The owner of policies that every ward inherits."""


class NoPolicy(Invalid):
    """No policy is in force in that month."""

    vi = "Chưa có chính sách đánh giá nào áp dụng cho tháng {month}; chính sách đầu tiên áp dụng từ {first}."
    en = "No policy is in force in {month}: the first one is for {first}."


class OwnProposal(Forbidden):
    """Whoever proposed a policy does not approve it."""

    vi = "Chính sách {policy} do chính bạn đề xuất: cần người khác phê duyệt."
    en = "You proposed the policy {policy} yourself: somebody else has to approve it."


class ApprovedOtherwise(Blocked):
    """A version is approved once."""

    vi = "{policy} đã được phê duyệt theo văn bản {decision}."
    en = "{policy} has been approved by the document {decision}."


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy.

    :param document: the whole policy as JSON, as it is kept
    :param owner: the ward's id, or :data:`CITY`
    :param based_on: the policy from which it took what it did not say itself; empty for none
    :param decision: number of the document that approved it
    :param shipped: in force by its published legal basis
    """

    policy: Policy
    document: str
    owner: str = CITY
    based_on: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    decision: str = ""
    shipped: bool = False

    @property
    def name(self) -> str:
        """Id and version: ``phuc-loi@1``."""
        return self.policy.name

    @property
    def approved(self) -> bool:
        """True if months may be opened with it."""
        return self.shipped or self.approved_at is not None

    def approve(self, *, by: str, decision: str, at: datetime) -> "Version":
        """Return it approved; approved again by the same document it stays as it is.

        :raises OwnProposal: if the proposer asks
        :raises ApprovedOtherwise: if it is approved by another document, or shipped
        """
        if self.approved:
            if not self.shipped and decision == self.decision:
                return self
            raise ApprovedOtherwise(
                policy=self.name, decision=self.decision or "; ".join(self.policy.legal_basis)
            )
        if by == self.proposed_by:
            raise OwnProposal(policy=self.name)
        return replace(self, approved_by=by, approved_at=at, decision=decision)


def in_force(versions: Iterable[Version], ward_id: str, month: str) -> Version:
    """Return what a ward's month is opened with now.

    The ward's own go before the city's, and the city's before the shipped one; of these the one whose first
    month is the latest, and of the same first month the one that was approved last.

    :raises NoPolicy: if none is for the month
    """
    known = [each for each in versions if each.approved and each.owner in (ward_id, CITY)]
    fitting = [each for each in known if each.policy.covers(month)]
    if not fitting:
        first = min((each.policy.from_month for each in known), default="")
        raise NoPolicy(month=month, first=first, field="month")
    return max(fitting, key=_precedence)


def _precedence(version: Version) -> tuple[bool, bool, str, datetime, str, int]:
    return (
        version.owner != CITY,
        not version.shipped,
        version.policy.from_month,
        version.approved_at or datetime.min.replace(tzinfo=UTC),
        version.policy.id,
        version.policy.version,
    )
