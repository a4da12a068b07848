"""Which policy a month is scored with (chính sách có hiệu lực).

A policy belongs to the city or to one ward. A version never changes: whoever wants another setting proposes
the next one. Somebody else approves it, by a document, and it is in force from its first month on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from chassis.errors import Forbidden
from scoring.domain.policy import DEFAULT, Policy

CITY = "*"
"""The owner of policies that every ward inherits."""


class OwnProposal(Forbidden):
    """Whoever proposed a policy does not approve it."""

    vi = "Chính sách {policy} do chính bạn đề xuất: cần người khác phê duyệt."
    en = "You proposed the policy {policy} yourself: somebody else has to approve it."


@dataclass(frozen=True, slots=True)
class Version:
    """A policy's version with everything on record about it.

    :param owner: the ward's id, or :data:`CITY`
    :param based_on: the policy from which it took what it did not set itself; empty for the built-in one
    :param document: number of the document that approved it
    """

    policy: Policy
    owner: str
    based_on: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    document: str = ""

    @property
    def approved(self) -> bool:
        """True if it is in force in its months."""
        return self.approved_at is not None or self.policy == DEFAULT

    def approve(self, by: str, document: str, at: datetime) -> "Version":
        """Return it approved; what was approved before stays as it was.

        :raises OwnProposal: if the proposer asks
        """
        if self.approved:
            return self
        if by == self.proposed_by:
            raise OwnProposal(policy=self.policy.name)
        return replace(self, approved_by=by, approved_at=at, document=document)


BUILT_IN = Version(DEFAULT, CITY)
"""The policy of everybody whom no other covers."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The policies of a month: each is for those whom none before it covers; the last covers everybody."""

    policies: tuple[Policy, ...]

    def of(self, personnel_type: str) -> Policy:
        """Return the policy for people of that type."""
        return next(policy for policy in self.policies if policy.covers(personnel_type))

    def under(self, policy: Policy) -> "InForce":
        """Return what would be in force if ``policy`` went before all others."""
        return _reached((policy, *self.policies))

    @property
    def names(self) -> tuple[str, ...]:
        """Each policy's id and version."""
        return tuple(policy.name for policy in self.policies)


DEFAULTS = InForce((DEFAULT,))
"""Where nothing was decided."""


def in_force(
    versions: Iterable[Version], ward_id: str, month: str, *, before: datetime | None = None
) -> InForce:
    """Return the policies of a ward's month.

    The ward's own go before the city's, and a newer approval before an older one; of one id only the newest
    approval counts. Whom none of them covers has the built-in policy.

    :param month: ``YYYY-MM``
    :param before: only what was approved by then
    """
    day = date.fromisoformat(f"{month}-01")
    found = [
        (each.owner != CITY, each.approved_at, each.policy.version, each)
        for each in versions
        if each.approved_at is not None
        and each.owner in (ward_id, CITY)
        and (before is None or each.approved_at <= before)
        and each.policy.effective_on <= day
        and (each.policy.effective_until is None or day <= each.policy.effective_until)
    ]
    newest: dict[str, Policy] = {}
    for *_, each in sorted(found, key=lambda entry: (*entry[:3], entry[3].policy.id), reverse=True):
        newest.setdefault(each.policy.id, each.policy)
    return _reached((*newest.values(), DEFAULT))


def _reached(policies: Sequence[Policy]) -> InForce:
    """Leave out whatever stands behind a policy that covers everybody, and what stands there twice."""
    kept: list[Policy] = []
    for policy in policies:
        if policy not in kept:
            kept.append(policy)
        if not policy.personnel_types:
            break
    return InForce(tuple(kept))
