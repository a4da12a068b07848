"""Versions of policies for money: what is shipped, and what was proposed and approved here (R-37)."""

from collections.abc import Iterator

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from chassis import db
from reward import policies
from reward.domain.policy_version import CITY, Version
from reward.storage import rows as tables


def hold(session: Session) -> None:
    """Keep others from proposing and approving until the transaction ends."""
    db.exclusive(session, "reward policies")


def put(session: Session, version: Version) -> None:
    """Keep a proposed version."""
    session.execute(
        insert(tables.PolicyVersion).values(
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
        insert(tables.PolicyApproval).values(
            policy_id=version.policy.id,
            version=version.policy.version,
            approved_by=version.approved_by,
            approved_at=version.approved_at,
            decision=version.decision,
        )
    )


def with_id(session: Session, policy_id: str) -> list[Version]:
    """Return every version of one id, whoever it belongs to, oldest first."""
    return sorted(
        (each for each in _versions(session, policy_id=policy_id) if each.policy.id == policy_id),
        key=lambda each: each.policy.version,
    )


def of_ward(session: Session, ward_id: str) -> list[Version]:
    """Return every version that a ward may name: its own, the city's, the shipped ones; by id and version."""
    return sorted(
        (each for each in _versions(session) if each.owner in (CITY, ward_id)),
        key=lambda each: (each.policy.id, each.policy.version),
    )


def _versions(session: Session, *, policy_id: str = "") -> Iterator[Version]:
    for shipped in policies.every_shipped():
        yield Version(shipped, policies.document(shipped.id), shipped=True)
    row, approval = tables.PolicyVersion, tables.PolicyApproval
    asked = select(row, approval).outerjoin(
        approval, (approval.policy_id == row.policy_id) & (approval.version == row.version)
    )
    if policy_id:
        asked = asked.where(row.policy_id == policy_id)
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
