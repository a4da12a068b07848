"""A version of a policy for money with what is on record about it (quy chế chi, R-37).

A version never changes: who wants another setting proposes the next one. Somebody else approves it, by a
document; before that it can be tried, and nothing is posted with it. Shipped versions rest on their published
legal basis and are the city's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from chassis.errors import Blocked, Forbidden, Invalid
from reward.domain.policy import Policy

CITY: Final = "*"
"""The owner of policies that every ward inherits."""


class OwnProposal(Forbidden):
    """Whoever proposed a policy does not approve it."""

    vi = "Chính sách {policy} do chính bạn đề xuất: cần người khác phê duyệt."
    en = "You proposed the policy {policy} yourself: somebody else has to approve it."


class ApprovedOtherwise(Blocked):
    """A version is approved once."""

    vi = "{policy} đã được phê duyệt theo văn bản {decision}."
    en = "{policy} has been approved by the document {decision}."


class NotApproved(Blocked):
    """Money is shared by what was approved on record."""

    vi = "Chính sách {policy} mới được đề xuất: chỉ xem trước được, phê duyệt rồi mới phân bổ."
    en = "The policy {policy} is only proposed: preview it, and have it approved before anything is posted."


class LacksBasis(Invalid):
    """A policy says what it rests on and from when it is in force."""

    vi = "Thiếu {field}: ghi căn cứ pháp lý (legal_basis) và ngày bắt đầu hiệu lực (effective_from)."
    en = (
        "{field} is missing: state the legal basis (legal_basis) and the first day in force (effective_from)."
    )


class EndsBeforeItBegins(Invalid):
    """The last day is not before the first."""

    vi = "{field}: ngày cuối {until} trước ngày đầu {begin}."
    en = "{field}: the last day {until} is before the first, {begin}."


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy.

    :param document: the whole policy as JSON, as it was proposed
    :param owner: the ward's id, or :data:`CITY`
    :param based_on: the policy from which it took what it did not say itself; empty for none
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
        return f"{self.policy.id}@{self.policy.version}"

    @property
    def approved(self) -> bool:
        """True if money may be posted by it."""
        return self.shipped or self.approved_at is not None

    def approve(self, *, by: str, decision: str, at: datetime) -> "Version":
        """Return it approved; approved again by the same document it stays as it is.

        :raises OwnProposal: if the proposer asks
        :raises ApprovedOtherwise: if it is approved by another document, or shipped
        """
        if self.approved:
            if not self.shipped and decision == self.decision:
                return self
            raise ApprovedOtherwise(policy=self.name, decision=self.decision or self.policy.legal_basis)
        if by == self.proposed_by:
            raise OwnProposal(policy=self.name)
        return replace(self, approved_by=by, approved_at=at, decision=decision)

    def check(self) -> None:
        """Refuse what does not say what it rests on and when it is in force.

        :raises LacksBasis, EndsBeforeItBegins: naming the field of the document
        """
        begin, until = self.policy.effective_from, self.policy.effective_until
        if not self.policy.legal_basis.strip():
            raise LacksBasis(field="document.legal_basis")
        if begin is None:
            raise LacksBasis(field="document.effective_from")
        if until is not None and until < begin:
            raise EndsBeforeItBegins(field="document.effective_until", until=until, begin=begin)


def difference(left: Mapping[str, object], right: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Return the fields in which two policies' documents differ, those of tables by ``coefficients.B``.

    Id and version are what is compared and not listed; a field that is not there is ``None``.
    """
    ones, others = _flat(left), _flat(right)
    return {
        name: (ones.get(name), others.get(name))
        for name in sorted({*ones, *others} - {"id", "version"})
        if ones.get(name) != others.get(name)
    }


def _flat(document: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[f"{prefix}{name}"] = value
    return found
