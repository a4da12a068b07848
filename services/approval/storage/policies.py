"""Versions of policies: what is shipped, and what was proposed and approved here."""

from collections.abc import Collection, Iterator

from sqlalchemy import ColumnElement, func, insert, select, tuple_
from sqlalchemy.orm import Session

from approval import policies
from approval.domain.policy import Policy
from approval.domain.policy_version import CITY, Version
from approval.storage import schema
from approval.storage.policy_tables import PolicyApproval, PolicyVersion
from chassis import db


def hold(session: Session) -> None:
    """Keep others from proposing, approving and opening months until the transaction ends."""
    db.exclusive(session, "approval policies")


def put(session: Session, version: Version) -> None:
    """Keep a proposed version."""
    session.execute(
        insert(PolicyVersion).values(
            policy_id=version.policy.id,
            version=version.policy.version,
            owner=version.owner,
            document=version.document,
            based_on=version.based_on,
            proposed_by=version.proposed_by,
            proposed_at=version.proposed_at,
        )
    )


def put_approval(session: Session, version: Version) -> None:
    """Keep that a version was approved."""
    session.execute(
        insert(PolicyApproval).values(
            policy_id=version.policy.id,
            version=version.policy.version,
            approved_by=version.approved_by,
            approved_at=version.approved_at,
            decision=version.decision,
        )
    )


def called(session: Session, names: Collection[str]) -> dict[str, Policy]:
    """Return the policies of those names, such as ``phuc-loi@1``; what months were opened with is there.

    :raises KeyError: if there is none of a name
    """
    found = {each.name: each.policy for each in policies.shipped()}
    wanted = [_key(name) for name in names if name not in found]
    if wanted:
        row = PolicyVersion
        asked = select(row.document).where(tuple_(row.policy_id, row.version).in_(wanted))
        for document in session.execute(asked).scalars():
            policy = policies.stored(document)
            found[policy.name] = policy
    return {name: found[name] for name in names}


def with_id(session: Session, policy_id: str) -> list[Version]:
    """Return every version of one id, whoever it belongs to, oldest first."""
    shipped = [each for each in policies.shipped() if each.policy.id == policy_id]
    kept = _kept(session, PolicyVersion.policy_id == policy_id)
    return sorted([*shipped, *kept], key=lambda each: each.policy.version)


def of_ward(session: Session, ward_id: str) -> list[Version]:
    """Return every version that a ward may name: its own, the city's, the shipped ones; by id and version."""
    kept = _kept(session, PolicyVersion.owner.in_((CITY, ward_id)))
    return sorted([*policies.shipped(), *kept], key=lambda each: (each.policy.id, each.policy.version))


def count_open_months(session: Session, version: Version) -> int:
    """Return how many open months, not yet published whole, lie within a version's time and have another."""
    row, policy = schema.MonthRow, version.policy
    wanted = select(func.count()).where(
        row.month >= policy.from_month, row.publication_revision == 0, row.policy != version.name
    )
    if version.owner != CITY:
        wanted = wanted.where(row.ward_id == version.owner)
    if policy.until_month:
        wanted = wanted.where(row.month <= policy.until_month)
    return session.execute(wanted).scalar_one()


def _key(name: str) -> tuple[str, int]:
    policy_id, _, version = name.partition("@")
    return policy_id, int(version)


def _kept(session: Session, wanted: ColumnElement[bool]) -> Iterator[Version]:
    row, approval = PolicyVersion, PolicyApproval
    asked = (
        select(row, approval)
        .outerjoin(approval, (approval.policy_id == row.policy_id) & (approval.version == row.version))
        .where(wanted)
    )
    for found, approved in session.execute(asked):
        yield Version(
            policies.stored(found.document),
            found.document,
            owner=found.owner,
            based_on=found.based_on,
            proposed_by=found.proposed_by,
            proposed_at=found.proposed_at,
            approved_by=approved.approved_by if approved else "",
            approved_at=approved.approved_at if approved else None,
            decision=approved.decision if approved else "",
        )
