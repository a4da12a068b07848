"""Stating what the month's commendation list proposes (R-41)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain.commendation import EVERYBODY, Commendation, Terms, checked
from approval.domain.decision import OwnCase
from approval.storage import commendations, records
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import take
from chassis.auth import Actor


def set_commendations(
    session: Session,
    *,
    ward_id: str,
    month: str,
    given: Sequence[tuple[str, Terms]],
    actor: Actor,
    at: datetime,
) -> list[Commendation]:
    """State terms for people or for everybody, and return what is stated now for them.

    The same again changes nothing. Issued lists stay as they are.

    :raises OwnCase: about oneself by name
    :raises UnknownPerson: if somebody does not belong to the month
    """
    wanted = checked(given)
    # Whoever issues the list at the same time has all of this, or nothing.
    records.hold(session, ward_id, month)
    of = take(session, ward_id, month, reading=True)
    for person_id, _ in wanted:
        if person_id == actor.person_id:
            raise OwnCase
        if person_id != EVERYBODY:
            of.roster.person(person_id)
    known = commendations.newest(session, ward_id, month)
    changes, new, result = [], [], []
    for person_id, terms in wanted:
        before = known.get(person_id)
        if before and before.terms == terms:
            result.append(before)
            continue
        after = Commendation(person_id, terms, before.revision + 1 if before else 1, actor.person_id, at)
        changes.append(
            Change(
                "set_commendation",
                "commendation",
                person_id or month,
                before.terms if before else None,
                terms,
                log.ORGANIZER,
            )
        )
        new.append(after)
        result.append(after)
    commendations.add(session, ward_id, month, new)
    if changes:
        log.record(session, ward_id, month, changes, actor_id=actor.person_id, at=at)
    return result


def list_commendations(
    session: Session, *, ward_id: str, month: str, after: str | None, most: int
) -> list[Commendation]:
    """Return what is stated now for a month's list, for everybody first, then by person (R-41).

    For the organizer and the auditor, who may fetch the issued list, and whole: what is proposed names people
    before a grade is published, and money (R-29). Everybody else learns who is on the list from the unit's
    published letters (R-43).

    :param after: the person before the first to return; ``None`` for the beginning
    """
    known = commendations.newest(session, ward_id, month)
    return [known[each] for each in sorted(known) if after is None or each > after][:most]
