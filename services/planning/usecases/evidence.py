"""Evidence of what came of tasks: attached, read by those entitled, withdrawn, never erased (R-8, R-29)."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy.orm import Session

from chassis import audit
from chassis.auth import Actor
from chassis.days import Month
from planning import storage
from planning.domain.evidence import (
    BadEvidence,
    Evidence,
    EvidenceCited,
    File,
    NoFile,
    added,
    link_problems,
    title_problems,
)
from planning.domain.file_kinds import kind_of
from planning.domain.plan import MonthDecided, PersonMonth, UnknownTask
from planning.domain.problem import Problem
from planning.domain.task import LONGEST_NAME
from planning.usecases import log
from planning.usecases.rights import check_sees, check_writes, turn


def attach_evidence(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    title: str,
    link: str,
    file_name: str,
    content: bytes,
    actor: Actor,
    at: datetime,
) -> Evidence:
    """Keep a link or a file as evidence of a task of the plan in force; the same one again changes nothing.

    :param title: what it shows; empty for the file's name, or the link
    :param link: an address; empty for a file
    :param content: the file's bytes; empty for a link
    :raises NotOwnPlan: if the caller is neither the person nor a clerk
    :raises BadEvidence: if it is neither a good link nor a file that is taken
    :raises UnknownTask: if the plan in force has no such task
    :raises MonthDecided: once the month is decided
    :raises TooMuchEvidence: if the task or the month has as much as there may be
    """
    check_writes(person_id=person_id, actor=actor)
    file = _file(link, file_name, content)
    if found := [*title_problems(title), *(link_problems(link) if link else ())]:
        raise BadEvidence([("", each) for each in found])
    turn(session, ward_id)
    storage.ward(session, ward_id)
    of = storage.person_month(session, ward_id, person_id, month)
    if all(each.task_id != task_id for each in of.owed().tasks):
        raise UnknownTask(person_id=person_id, task_id=task_id, field="task_id")
    _check_open(of)
    given = Evidence(
        person_id=person_id,
        month=month,
        task_id=task_id,
        number=0,
        title=title or (file.name if file else link)[:LONGEST_NAME],
        link=link,
        file=file,
        added_by=actor.person_id,
        added_at=at,
    )
    kept = added(
        given,
        storage.evidence_of(session, ward_id, person_id, month, task_id=task_id),
        storage.evidence_bytes(session, ward_id, person_id, month),
    )
    if kept.number and kept.added_at == at:
        if file:
            storage.keep_content(session, ward_id, file.sha256, content)
        storage.keep_evidence(session, ward_id, kept)
        _logged(session, ward_id, "attach_evidence", None, kept, actor=actor, at=at)
    return kept


def list_evidence(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    task_id: str,
    actor: Actor,
    at: datetime,
    after: tuple[str, int] | None,
    limit: int,
) -> list[Evidence]:
    """Return the evidence of a person's month by task and number, withdrawn ones too.

    :raises NotYours: if the caller may not see the plan (R-29)
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    return storage.evidence_of(session, ward_id, person_id, month, task_id=task_id, after=after, limit=limit)


def get_evidence(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    evidence_id: str,
    actor: Actor,
    at: datetime,
) -> tuple[Evidence, bytes]:
    """Return a file of evidence with its bytes, checked against its digest.

    :raises NotYours: if the caller may not see the plan (R-29)
    :raises UnknownEvidence: if there is none of that id
    :raises NoFile: if it is a link
    """
    storage.ward(session, ward_id)
    check_sees(session, ward_id=ward_id, person_id=person_id, month=month, actor=actor, at=at)
    found = storage.one_evidence(session, ward_id, person_id, month, evidence_id)
    if found.file is None:
        raise NoFile(evidence_id=found.evidence_id)
    return found, storage.evidence_content(session, ward_id, found.file)


def withdraw_evidence(
    session: Session,
    *,
    ward_id: str,
    person_id: str,
    month: Month,
    evidence_id: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Evidence:
    """Mark evidence as withdrawn; its bytes stay.

    :raises NotOwnPlan: if the caller is neither the person nor a clerk
    :raises UnknownEvidence: if there is none of that id
    :raises EvidenceCited: if a claim of an objective cause cites it
    :raises MonthDecided: once the month is decided
    """
    check_writes(person_id=person_id, actor=actor)
    turn(session, ward_id)
    storage.ward(session, ward_id)
    before = storage.one_evidence(session, ward_id, person_id, month, evidence_id)
    _check_open(storage.person_month(session, ward_id, person_id, month))
    after = before.withdraw(by=actor.person_id, reason=reason, at=at)
    if after is not before:
        for claim in storage.claims_of_task(session, ward_id, person_id, month, before.task_id):
            if before.evidence_id in claim.evidence_ids:
                raise EvidenceCited(evidence_id=before.evidence_id)
        storage.keep_evidence(session, ward_id, after)
        _logged(session, ward_id, "withdraw_evidence", before, after, actor=actor, at=at)
    return after


def _file(link: str, file_name: str, content: bytes) -> File | None:
    """Return the file that was handed in, None for a link.

    :raises BadEvidence: unless it is one of both, and a file that is taken
    """
    if bool(link) == bool(file_name or content):
        both = Problem("link", "nêu một đường dẫn hoặc một tệp", "give either a link or a file")
        raise BadEvidence([("", both)])
    if link:
        return None
    kind = kind_of(file_name, content)
    if isinstance(kind, Problem):
        raise BadEvidence([("", kind)])
    return File(file_name, kind.media_type, len(content), sha256(content).hexdigest())


def _check_open(of: PersonMonth) -> None:
    if of.decided:
        raise MonthDecided(person_id=of.person_id, month=of.month)


def _logged(
    session: Session,
    ward_id: str,
    action: str,
    before: Evidence | None,
    after: Evidence,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    changes = log.different(
        action, "evidence", [(after.person_id, before, after)], log.on_behalf(actor, after.person_id)
    )
    if before:
        named = {"task_id": after.task_id, "number": after.number}
        changes = [
            replace(each, after=named | each.after) for each in changes if isinstance(each.after, dict)
        ]
    audit.record(session, ward_id, str(after.month), changes, actor_id=actor.person_id, at=at)
