"""Policies: every version that was ever proposed."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from chassis import db
from chassis.days import Month
from scoring.domain import settings
from scoring.domain.in_force import BUILT_IN, CITY, Version
from scoring.domain.policy import Policy
from scoring.storage.rows import PolicyRow


def versions_of(session: Session, ward_id: str) -> list[Version]:
    """Return all versions of the city's and of a ward's policies, the built-in one first."""
    rows = session.scalars(
        select(PolicyRow)
        .where(PolicyRow.owner.in_([CITY, ward_id]))
        .order_by(PolicyRow.policy_id, PolicyRow.version)
        .execution_options(populate_existing=True)
    )
    return [BUILT_IN, *(_version(row) for row in rows)]


def versions_page(
    session: Session, ward_id: str, *, approved: bool | None, after: tuple[str, int], limit: int
) -> list[Version]:
    """Return versions of the city's and of a ward's policies, by id and version.

    :param approved: only those that are or are not; ``None`` for all
    """
    asked: list[Any] = [
        PolicyRow.owner.in_([CITY, ward_id]),
        tuple_(PolicyRow.policy_id, PolicyRow.version) > after,
    ]
    if approved is not None:
        asked.append(PolicyRow.approved_at.is_not(None) if approved else PolicyRow.approved_at.is_(None))
    rows = session.scalars(
        select(PolicyRow).where(*asked).order_by(PolicyRow.policy_id, PolicyRow.version).limit(limit)
    )
    found = [_version(row) for row in rows]
    built_in = (BUILT_IN.policy.id, BUILT_IN.policy.version)
    if approved is not False and after < built_in:
        found = sorted([BUILT_IN, *found], key=lambda each: (each.policy.id.encode(), each.policy.version))
    return found[:limit]


def versions_with_id(session: Session, policy_id: str) -> list[Version]:
    """Return the versions of one id, whoever it belongs to, oldest first."""
    rows = session.scalars(
        select(PolicyRow)
        .where(PolicyRow.policy_id == policy_id)
        .order_by(PolicyRow.version)
        .execution_options(populate_existing=True)
    )
    found = [_version(row) for row in rows]
    return [BUILT_IN, *found] if policy_id == BUILT_IN.policy.id else found


def policies_named(session: Session, names: Iterable[str]) -> dict[str, Policy]:
    """Return policies by id and version; those that are not known are left out."""
    wanted = set(names)
    found = {BUILT_IN.policy.name: BUILT_IN.policy} if BUILT_IN.policy.name in wanted else {}
    ids: Collection[str] = sorted({name.rpartition("@")[0] for name in wanted - found.keys()})
    if ids:
        for row in session.scalars(select(PolicyRow).where(PolicyRow.policy_id.in_(ids))):
            policy = _version(row).policy
            if policy.name in wanted:
                found[policy.name] = policy
    return found


def put_version(session: Session, version: Version) -> None:
    """Keep a version."""
    policy = version.policy
    row = {
        "policy_id": policy.id,
        "version": policy.version,
        "owner": version.owner,
        "legal_basis": list(policy.legal_basis),
        "from_month": f"{policy.effective_on:%Y-%m}",
        "until_month": f"{policy.effective_until:%Y-%m}" if policy.effective_until else "",
        "personnel_types": sorted(policy.personnel_types),
        "settings": settings.shown(policy),
        "based_on": version.based_on,
        "proposed_by": version.proposed_by,
        "proposed_at": version.proposed_at,
        "approved_by": version.approved_by,
        "approved_at": version.approved_at,
        "document": version.document,
    }
    db.upsert(session, PolicyRow, [row], key=["policy_id", "version"])


def _last_day(month: str) -> date | None:
    return Month.parse(month).plus(1).day(1) - timedelta(days=1) if month else None


def _version(row: PolicyRow) -> Version:
    bare = Policy(
        id=row.policy_id,
        version=row.version,
        legal_basis=tuple(row.legal_basis),
        effective_on=date.fromisoformat(f"{row.from_month}-01"),
        effective_until=_last_day(row.until_month),
        personnel_types=frozenset(row.personnel_types),
    )
    return Version(
        policy=settings.changed(bare, row.settings),
        owner=row.owner,
        based_on=row.based_on,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        approved_by=row.approved_by,
        approved_at=row.approved_at,
        document=row.document,
    )
