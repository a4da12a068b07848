"""Reading evaluations, each with what the caller may see of it (R-29)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.access import NotYours, Seen
from approval.domain.case import Case, State
from approval.domain.competence import competence
from approval.domain.evaluation import Evaluation, Return
from approval.storage import appeals
from approval.usecases.ward_month import cases, take, viewer
from chassis.auth import Actor


def get_evaluation(
    session: Session, *, ward_id: str, month: str, person_id: str, actor: Actor, at: datetime
) -> Seen:
    """Return one evaluation with values and texts.

    :raises UnknownPerson: if nobody has that id in that month
    :raises NotYours: if the caller may not even know where it stands
    """
    of = take(session, ward_id, month, about=[person_id], reading=True)
    person = of.roster.person(person_id)
    case = cases(session, of, [person_id], whole=True)[person_id]
    seen = access.view(case, viewer(session, ward_id, actor, at), of.roster)
    if not seen.standing:
        raise NotYours(person=person)
    return Seen(case, seen, of.policy.name, of.policy.criteria_of(case).id)


def list_evaluations(
    session: Session,
    *,
    ward_id: str,
    month: str,
    unit_id: str,
    state: State | None,
    awaiting_me: bool,
    after: str | None,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[Seen]:
    """Return the evaluations that the caller may see, by person, without values and texts."""
    of = take(session, ward_id, month, reading=True)
    who = viewer(session, ward_id, actor, at)
    asked: list[str] = []
    for person in of.roster.people.values():
        if (after is not None and person.id <= after) or (unit_id and person.unit_id != unit_id):
            continue
        # Who may see it follows from who leads and decides, whatever is recorded: the rest need not be read.
        unread = Case(person, competence(person, of.roster, of.policy.competence), Evaluation(person.id))
        if access.view(unread, who, of.roster).standing and (not awaiting_me or access.concerns(unread, who)):
            asked.append(person.id)
            if len(asked) == most and not state and not awaiting_me:
                break
    found: list[Seen] = []
    for case in cases(session, of, asked).values():
        if (state and case.state is not state) or (awaiting_me and not access.awaits(case, who)):
            continue
        seen = access.view(case, who, of.roster)
        found.append(Seen(case, seen, of.policy.name, of.policy.criteria_of(case).id))
        if len(found) == most:
            break
    return found


def list_returns(session: Session, *, ward_id: str, month: str, person_id: str) -> Sequence[Return]:
    """Return what was returned for correction in a person's month, oldest first."""
    return appeals.returns(session, ward_id, month, person_id)
