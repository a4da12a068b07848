"""Policies for money: proposed, approved by somebody else, shown, compared (R-37)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.proposals import (
    BadDocument,
    PolicyIdTaken,
    check_decision,
    check_id,
    check_may_act_for,
    read_document,
)
from chassis.strict_json import BadInput
from reward import policies
from reward.domain.policy import Policy
from reward.domain.policy_version import CITY, NotApproved, Version, difference
from reward.policies import UnknownPolicy
from reward.storage import policies as versions
from reward.usecases import log


def propose_policy(
    session: Session,
    *,
    ward_id: str,
    city: bool,
    policy_id: str,
    document: str,
    based_on: str,
    actor: Actor,
    at: datetime,
) -> Version:
    """Keep a new version of a policy, by which nothing is posted until somebody else approves it.

    What its document does not say comes from the policy it is based on, as that stands now.

    :raises BadPolicyId, PolicyIdTaken: for the id
    :raises BadDocument: at the first field that is wrong
    :raises LacksBasis: without a legal basis or a first day in force
    """
    owner = CITY if city else ward_id
    check_may_act_for(actor, owner)
    check_id(policy_id)
    versions.hold(session)
    earlier = versions.with_id(session, policy_id)
    if any(each.owner != owner for each in earlier):
        raise PolicyIdTaken(policy_id=policy_id)
    base = named(session, ward_id, based_on, "based_on") if based_on else None
    given = (_read(base.document) if base else {}) | _read(document)
    given |= {"id": policy_id, "version": earlier[-1].policy.version + 1 if earlier else 1}
    written = json.dumps(given, ensure_ascii=False, indent=2)
    version = Version(
        _policy(written),
        written,
        owner=owner,
        based_on=base.name if base else "",
        proposed_by=actor.person_id,
        proposed_at=at,
    )
    version.check()
    versions.put(session, version)
    log.policy_proposed(session, version, actor=actor, at=at)
    return version


def approve_policy(
    session: Session, *, ward_id: str, policy: str, decision: str, actor: Actor, at: datetime
) -> Version:
    """Put a proposed version in force by a document.

    :raises OwnProposal: to the proposer
    :raises ApprovedOtherwise: if another document has approved it
    """
    decision = check_decision(decision)
    versions.hold(session)
    found = named(session, ward_id, policy, "policy", approved=False)
    check_may_act_for(actor, found.owner)
    approved = found.approve(by=actor.person_id, decision=decision, at=at)
    if approved != found:
        versions.put_approval(session, approved)
        log.policy_approved(session, approved, actor=actor, at=at)
    return approved


def named(session: Session, ward_id: str, name: str, field: str, *, approved: bool = True) -> Version:
    """Return a policy that a ward may name: ``phuc-loi@1``, or ``phuc-loi`` for its newest version.

    :param approved: without a version only those that are approved count
    :raises UnknownPolicy: if there is none
    """
    policy_id, at, number = name.partition("@")
    found = [
        each
        for each in versions.with_id(session, policy_id)
        if each.owner in (CITY, ward_id)
        and (number == str(each.policy.version) if at else each.approved or not approved)
    ]
    if not found:
        known = ", ".join(each.name for each in versions.of_ward(session, ward_id))
        raise UnknownPolicy(given=name[:80], known=known, field=field)
    return found[-1]


def usable(session: Session, ward_id: str, name: str, *, post: bool) -> Version:
    """Return a policy to share a fund by.

    :raises UnknownPolicy: if there is none
    :raises NotApproved: if money is to be posted by a version that is only proposed
    """
    found = named(session, ward_id, name, "policy")
    if post and not found.approved:
        raise NotApproved(policy=found.name)
    return found


def diff_policies(session: Session, *, ward_id: str, left: str, right: str) -> dict[str, tuple[str, str]]:
    """Return in what two policies differ: values as JSON by the field's name, empty where there is none."""
    one, other = named(session, ward_id, left, "left"), named(session, ward_id, right, "right")
    return {
        name: (_json(before), _json(after))
        for name, (before, after) in difference(_read(one.document), _read(other.document)).items()
    }


def _read(document: str) -> dict[str, Any]:
    try:
        return read_document(document)
    except BadInput as bad:
        raise BadDocument(field="document", problem=bad.told("en"), problem_vi=bad.told("vi")) from None


def _policy(document: str) -> Policy:
    try:
        return policies.stored(document)
    except BadInput as bad:
        raise BadDocument(field="document", problem=bad.told("en"), problem_vi=bad.told("vi")) from None


def _json(value: object) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, sort_keys=isinstance(value, Mapping))
