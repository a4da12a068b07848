"""What is known of a person's month at the moment at which a decision locks it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from chassis.days import Month
from planning.domain.lock import MonthLock
from planning.storage import schema

_FEW = 500
"""Ids that a question names; beyond it asks for the whole month."""


def decision_revisions(
    session: Session, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, int]:
    """Return the revision of the decision that is kept for each of these people, if there is one."""
    return _revisions(session, schema.decision, ward_id, month, person_ids)


def month_locks(
    session: Session, ward_id: str, month: Month, decisions: Mapping[str, int]
) -> list[MonthLock]:
    """Return the locks of people's months with the facts as they stand, by person.

    :param decisions: from person to the decision's revision
    """
    times = _revisions(session, schema.working_time, ward_id, month, decisions)
    work = _revisions(session, schema.plan, ward_id, month, decisions)
    posts = _posts(session, ward_id, month, decisions)
    return [
        MonthLock(
            ward_id=ward_id,
            person_id=person_id,
            month=month,
            decision_revision=decisions[person_id],
            working_time_revision=times.get(person_id, 0),
            post_from_month=Month.parse(posts[person_id][0]) if person_id in posts else None,
            post_revision=posts[person_id][1] if person_id in posts else 0,
            work_revision=work.get(person_id, 0),
        )
        for person_id in sorted(decisions)
    ]


def _revisions(
    session: Session, table: Table, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, int]:
    wanted: list[Any] = [table.c.ward_id == ward_id, table.c.month == str(month)]
    if len(person_ids) <= _FEW:
        wanted.append(table.c.person_id.in_(sorted(person_ids)))
    found = session.execute(select(table.c.person_id, table.c.revision).where(*wanted))
    return {person_id: revision for person_id, revision in found if person_id in person_ids}


def _posts(
    session: Session, ward_id: str, month: Month, person_ids: Collection[str]
) -> dict[str, tuple[str, int]]:
    """Return the first month and the revision of each post; whoever left was still decided about."""
    post = schema.post.c
    wanted: list[Any] = [post.ward_id == ward_id, post.from_month <= str(month)]
    if len(person_ids) <= _FEW:
        wanted.append(post.person_id.in_(sorted(person_ids)))
    found = session.execute(
        select(post.person_id, post.from_month, post.revision)
        .where(*wanted)
        .order_by(post.person_id, post.from_month)
    )
    # Of each person the newest comes last.
    return {
        person_id: (from_month, revision)
        for person_id, from_month, revision in found
        if person_id in person_ids
    }
