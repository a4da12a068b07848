"""Policies of evaluation: proposed, approved by somebody else, shown, compared (R-2, R-18, R-21, R-26)."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from approval import policies
from approval.domain.policy import Policy
from approval.domain.policy_difference import difference
from approval.domain.policy_version import CITY, Version, in_force
from approval.policies import SHIPPED
from approval.storage import months
from approval.storage import policies as versions
from approval.usecases import log
from chassis.auth import Actor
from chassis.errors import NotFound
from chassis.proposals import (
    BadDocument,
    PolicyIdTaken,
    check_decision,
    check_id,
    check_may_act_for,
    check_size,
    read_document,
)
from chassis.strict_json import ROOT, BadInput


class UnknownPolicy(NotFound):
    """There is no such policy, or not for this ward."""

    vi = "{field}: không có chính sách “{given}” cho phường này; hiện có: {known}."
    en = "{field}: there is no policy “{given}” for this ward; there are {known}."


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
    """Keep a new version of a policy, with which no month is opened until somebody else approves it.

    What its document does not say comes from the policy it is based on, as that stands now: an object within
    it says what differs, a list is whole.

    :raises BadPolicyId, PolicyIdTaken: for the id
    :raises UnknownPolicy: if it is based on none
    :raises BadDocument: at the first field that is wrong
    """
    owner = CITY if city else ward_id
    check_may_act_for(actor, owner)
    check_id(policy_id)
    if policy_id in SHIPPED:
        raise PolicyIdTaken(policy_id=policy_id)
    versions.hold(session)
    earlier = versions.with_id(session, policy_id)
    if any(each.owner != owner for each in earlier):
        raise PolicyIdTaken(policy_id=policy_id)
    base = _base(session, ward_id, owner, based_on) if based_on else None
    own = _read(document) | {
        "id": policy_id,
        "version": earlier[-1].policy.version + 1 if earlier else 1,
    }
    written = _written(_read(base.document) if base else {}, own)
    version = Version(
        _policy(written),
        written,
        owner=owner,
        based_on=base.name if base else "",
        proposed_by=actor.person_id,
        proposed_at=at,
    )
    versions.put(session, version)
    log.policy_proposed(session, version, actor_id=actor.person_id, at=at)
    return version


def approve_policy(
    session: Session, *, ward_id: str, policy: str, decision: str, actor: Actor, at: datetime
) -> tuple[Version, int]:
    """Put a proposed version in force by a document; return it with how many months keep another.

    Months opened from now on take it. Those that are open keep the policy they were opened with.

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
        log.policy_approved(session, approved, actor_id=actor.person_id, at=at)
    return approved, versions.count_open_months(session, approved)


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
        raise UnknownPolicy(field=field, given=name[:80], known=known)
    return found[-1]


def policy_of_month(session: Session, *, ward_id: str, month: str) -> Version:
    """Return the policy that a month was opened with; of one not opened, the one it would be opened with now.

    :raises NoPolicy: if none is in force in that month
    """
    opened = months.opened(session, ward_id, month)
    if opened is None:
        return in_force(versions.of_ward(session, ward_id), ward_id, month)
    policy_id = opened.policy.partition("@")[0]
    return next(each for each in versions.with_id(session, policy_id) if each.name == opened.policy)


def diff_policies(session: Session, *, ward_id: str, left: str, right: str) -> dict[str, tuple[str, str]]:
    """Return in what two policies differ: values as JSON by name, empty where there is none."""
    one, other = named(session, ward_id, left, "left"), named(session, ward_id, right, "right")
    return {
        name: (_json(before), _json(after))
        for name, (before, after) in difference(one.policy, other.policy).items()
    }


def _base(session: Session, ward_id: str, owner: str, name: str) -> Version:
    """Return what a proposal is based on; the city's on no ward's own."""
    found = named(session, ward_id, name, "based_on")
    if found.owner not in (CITY, owner):
        known = ", ".join(each.name for each in versions.of_ward(session, CITY))
        raise UnknownPolicy(field="based_on", given=name[:80], known=known)
    return found


def _read(document: str) -> dict[str, Any]:
    try:
        return read_document(document)
    except BadInput as bad:
        raise _refused(bad) from None


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(base)
    for name, value in own.items():
        there = base.get(name)
        if isinstance(there, Mapping) and isinstance(value, Mapping):
            found[name] = _merged(there, value)
        else:
            found[name] = value
    return found


def _written(base: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    try:
        written = json.dumps(_merged(base, own), ensure_ascii=False, indent=2)
    except RecursionError:
        raise BadDocument(
            field="document", problem="nested too deeply", problem_vi="lồng nhau quá sâu"
        ) from None
    check_size(written)
    return written


def _policy(document: str) -> Policy:
    try:
        return policies.stored(document)
    except BadInput as bad:
        raise _refused(bad) from None


def _refused(bad: BadInput) -> BadDocument:
    """Return what is wrong with a document, naming the place in it."""
    if bad.place == ROOT:
        return BadDocument(field="document", problem=bad.problem, problem_vi=bad.facts["problem_vi"])
    if bad.place.startswith("line "):
        where = f"{bad.place}: "
        return BadDocument(
            field="document", problem=where + bad.problem, problem_vi=where + bad.facts["problem_vi"]
        )
    return BadDocument(field=f"document.{bad.place}", problem=bad.problem, problem_vi=bad.facts["problem_vi"])


def _json(value: object) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False)
