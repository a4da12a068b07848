"""Policies: proposed, approved, shown, compared, and which of them a month is scored with."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import Month
from chassis.errors import Blocked, Invalid, NotFound
from chassis.proposals import PolicyIdTaken, check_id, check_may_act_for
from scoring import storage
from scoring.domain import settings
from scoring.domain.in_force import BUILT_IN, CITY, InForce, Version, in_force
from scoring.domain.policy import DEFAULT
from scoring.storage import Standing
from scoring.usecases import log

LONGEST_TEXT = 500
MOST_DOCUMENTS = 20


class NoSuchPolicy(NotFound):
    """There is no such policy, or not for this ward."""

    vi = "{field}: không có chính sách {policy} cho phường này."
    en = "{field}: there is no policy {policy} for this ward."


class LegalBasisMissing(Invalid):
    """A policy states what it rests on."""

    vi = "{field}: ghi ít nhất một căn cứ pháp lý, mỗi căn cứ nhiều nhất 500 ký tự, nhiều nhất 20 căn cứ."
    en = "{field}: state at least one legal basis, of 500 characters at most, and no more than 20."


class DocumentMissing(Invalid):
    """What is decided is decided by a document."""

    vi = "{field}: ghi số văn bản, nhiều nhất 500 ký tự."
    en = "{field}: state the document's number, of 500 characters at most."


class EndsBeforeItBegins(Invalid):
    """The last month is not before the first."""

    vi = "{field}: tháng cuối {until_month} trước tháng đầu {from_month}."
    en = "{field}: the last month {until_month} is before the first, {from_month}."


class ApprovedOtherwise(Blocked):
    """A version is approved once."""

    vi = "{policy} đã được phê duyệt theo văn bản {document}."
    en = "{policy} has been approved by the document {document}."


@dataclass(frozen=True, slots=True)
class OfMonth:
    """The policies that a month is scored with, and whether it keeps them."""

    versions: Sequence[Version]
    usual: Version
    closed: bool


def propose_policy(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    city: bool,
    policy_id: str,
    legal_basis: Sequence[str],
    from_month: str,
    until_month: str,
    personnel_types: Collection[str],
    changes: Mapping[str, str],
    based_on: str,
    at: datetime,
) -> Version:
    """Keep a new version of a policy, which is in force nowhere until somebody else approves it.

    What it does not set comes from the policy it is based on, as that stands now: a version never changes.

    :param changes: settings that differ, as text by name
    :param based_on: a policy; empty for what the owner inherits in the first month
    """
    check_may_act_for(actor, CITY if city else ward_id)
    check_id(policy_id)
    basis = tuple(each.strip() for each in legal_basis)
    if not 0 < len(basis) <= MOST_DOCUMENTS or not all(0 < len(each) <= LONGEST_TEXT for each in basis):
        raise LegalBasisMissing(field="legal_basis")
    if until_month and until_month < from_month:
        raise EndsBeforeItBegins(field="until_month", until_month=until_month, from_month=from_month)
    storage.hold_policies(session)
    owner = CITY if city else ward_id
    earlier = storage.versions_with_id(session, policy_id)
    if any(each.owner != owner for each in earlier):
        raise PolicyIdTaken(policy_id=policy_id)
    if based_on:
        base = _found(session, ward_id, based_on, "based_on").policy
    elif city:
        base = DEFAULT
    else:
        inherited = in_force(storage.versions_of(session, CITY), ward_id, from_month)
        base = inherited.of(min(personnel_types, default=""))
    policy = settings.changed(
        replace(
            base,
            id=policy_id,
            version=earlier[-1].policy.version + 1 if earlier else 1,
            legal_basis=basis,
            effective_on=date.fromisoformat(f"{from_month}-01"),
            effective_until=_last_day(until_month) if until_month else None,
            personnel_types=frozenset(personnel_types),
        ),
        changes,
    )
    version = Version(policy, owner, base.name, actor.person_id, at)
    storage.put_version(session, version)
    log.policy(session, "propose_policy", None, version, actor_id=actor.person_id, at=at)
    return version


def approve_policy(
    session: Session, actor: Actor, *, ward_id: str, policy: str, document: str, at: datetime
) -> tuple[Version, int]:
    """Put a proposed version in force, and return it with how many months are scored again.

    A month of which every grade was published is not among them: it keeps its policies.

    :raises OwnProposal: to the proposer
    :raises ApprovedOtherwise: if another document has approved it
    """
    if not 0 < len(document.strip()) <= LONGEST_TEXT:
        raise DocumentMissing(field="document")
    storage.hold_policies(session)
    found = _found(session, ward_id, policy, "policy", newest_approved=False)
    check_may_act_for(actor, found.owner)
    if found.approved:
        if found.document == document.strip():
            return found, 0
        raise ApprovedOtherwise(policy=found.policy.name, document=found.document)
    approved = found.approve(actor.person_id, document.strip(), at)
    storage.put_version(session, approved)
    until = approved.policy.effective_until
    months = storage.open_months(
        session,
        None if approved.owner == CITY else approved.owner,
        f"{approved.policy.effective_on:%Y-%m}",
        f"{until:%Y-%m}" if until else "",
    )
    storage.mark(session, months, at)
    log.policy(session, "approve_policy", found, approved, actor_id=actor.person_id, at=at)
    return approved, len(months)


def list_policies(
    session: Session, *, ward_id: str, approved: bool | None, after: tuple[str, int], limit: int
) -> list[Version]:
    """Return the city's and the ward's own versions, by id and version."""
    return storage.versions_page(session, ward_id, approved=approved, after=after, limit=limit)


def get_policy(session: Session, *, ward_id: str, policy: str) -> Version:
    """Return a policy by name.

    :raises NoSuchPolicy: if the ward has none that is called so
    """
    return _found(session, ward_id, policy, "policy")


def policies_of_month(session: Session, *, ward_id: str, month: str) -> OfMonth:
    """Return what a month is scored with, or would be if anything were known of it."""
    versions = storage.versions_of(session, ward_id)
    standing = storage.month_of(session, ward_id, month)
    found = policies_of(session, standing, versions) if standing else in_force(versions, ward_id, month)
    by_name = {each.policy.name: each for each in versions}
    return OfMonth(
        [by_name[name] for name in found.names],
        by_name[found.of("").name],
        standing is not None and standing.closed_at is not None,
    )


def diff_policies(session: Session, *, ward_id: str, left: str, right: str) -> dict[str, tuple[str, str]]:
    """Return in what two policies differ, by name."""
    return settings.difference(
        _found(session, ward_id, left, "left").policy, _found(session, ward_id, right, "right").policy
    )


def policies_of(session: Session, standing: Standing, versions: Sequence[Version] | None = None) -> InForce:
    """Return the policies that a known month is scored with: a closed one keeps those it has."""
    if standing.closed_at is not None and standing.policies:
        named = storage.policies_named(session, standing.policies)
        return InForce(tuple(named[name] for name in standing.policies))
    if versions is None:
        versions = storage.versions_of(session, standing.ward_id)
    return in_force(versions, standing.ward_id, standing.month)


def close_month(session: Session, *, ward_id: str, month: str, at: datetime) -> None:
    """Let a month keep the policies that its grades were published with.

    Those are the ones it was computed with, unless one of them was approved only after the publication: then
    the ones that were in force at that instant, and the month is computed once more. Of several publications
    the first counts, in whatever order they are told.
    """
    standing = storage.held_month(session, ward_id, month)
    if standing.closed_at is not None and standing.closed_at <= at:
        return
    versions = storage.versions_of(session, ward_id)
    by_name = {each.policy.name: each for each in versions}
    names = standing.policies
    if not names or any(not _known_by(by_name[name], at) for name in names):
        names = in_force(versions, ward_id, month, before=at).names
    storage.put_closed(session, ward_id, month, names, at)
    if standing.policies and names != standing.policies:
        storage.mark(session, [(ward_id, month)], at)


def _known_by(version: Version, at: datetime) -> bool:
    return version == BUILT_IN or (version.approved_at is not None and version.approved_at <= at)


def _found(session: Session, ward_id: str, name: str, field: str, *, newest_approved: bool = True) -> Version:
    policy_id, at, number = name.partition("@")
    versions = [
        each
        for each in storage.versions_with_id(session, policy_id)
        if each.owner in (CITY, ward_id)
        and (number == str(each.policy.version) if at else each.approved or not newest_approved)
    ]
    if not versions:
        raise NoSuchPolicy(field=field, policy=name[:100] or "-")
    return versions[-1]


def _last_day(month: str) -> date:
    return Month.parse(month).plus(1).day(1) - timedelta(days=1)
