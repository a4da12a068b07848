"""Publishing a month, or one unit of it: the public notice of class letters (R-29, R-43)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from approval.domain import access
from approval.domain.access import Viewer
from approval.domain.case import Case, Decision, PublishedGrade
from approval.domain.deadlines import Step
from approval.domain.person import named
from approval.storage import evaluations, months
from approval.usecases import log
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor
from chassis.errors import Blocked, Forbidden


class NotComplete(Blocked):
    """Everybody is decided, not evaluated or recorded from the city before anything is published."""

    vi = "Chưa công bố được: còn {count} người chưa có kết quả: {people}."
    en = "Not ready to publish: {count} people have no result yet: {people}."


class NobodyKnown(Blocked):
    """A month without people is not published."""

    vi = "Chưa có người nào của {where} trong tháng {month}."
    en = "Nobody of {where} is known in {month}."


class OtherUnit(Forbidden):
    """Class letters are published to the unit (R-29)."""

    vi = "Bạn chỉ được xem kết quả xếp loại của đơn vị mình."
    en = "You may see the published grades of your own unit only."


@dataclass(frozen=True, slots=True)
class Publication:
    """What a publication did: so many grades; whether the month is whole now; whether it was late."""

    count: int
    month_published: bool
    late: bool


def publish(
    session: Session, *, ward_id: str, month: str, unit_id: str, actor: Actor, at: datetime
) -> Publication:
    """Publish whoever is not published yet, of a unit or of the ward; again it changes nothing.

    Whoever was not evaluated gets a record that says so, for those who pay.

    :raises NotComplete: while somebody has no result
    """
    of = take(session, ward_id, month, hold=True)
    if unit_id:
        of.roster.check_unit(unit_id)
    wanted = [each.id for each in of.roster.people.values() if not unit_id or each.unit_id == unit_id]
    if not wanted:
        raise NobodyKnown(where=unit_id or ward_id, month=month)
    evaluations.hold(session, ward_id, month, wanted)
    everybody = cases(session, of)
    new = [everybody[each] for each in wanted if not everybody[each].published]
    waiting = [each.person for each in new if not each.settled]
    if waiting:
        raise NotComplete(count=len(waiting), people=named(waiting))
    set_aside = {each.person.id: _not_evaluated(each, of, actor, at=at) for each in new if each.grade is None}
    evaluations.decide(session, ward_id, month, list(set_aside.items()))
    grades = [_grade(each, set_aside.get(each.person.id), at) for each in new]
    evaluations.publish(session, ward_id, month, grades, by=actor.person_id)
    announced = [
        *((events.decision_made(ward_id, month, who, each), who) for who, each in set_aside.items()),
        *((events.grade_published(ward_id, month, each), each.person_id) for each in grades),
    ]
    published = {each.person.id for each in new}
    whole = all(each.published or each.person.id in published for each in everybody.values())
    revision = of.opened.publication_revision
    if whole and (new or not revision):
        revision += 1
        months.publish_month(session, ward_id, month, revision=revision, at=at)
        count = evaluations.count_published(session, ward_id, month)
        event = events.month_published(ward_id, month, count=count, revision=revision, at=at)
        announced.append((event, f"{ward_id}/{month}"))
    outbox.add_all(session, announced)
    changes = [
        *(Change("not_evaluated", "evaluation", who, None, each) for who, each in set_aside.items()),
        *(
            Change("publish", "evaluation", each.person_id, everybody[each.person_id].published, each)
            for each in grades
        ),
    ]
    log.record(session, ward_id, month, changes, actor_id=actor.person_id, at=at)
    return Publication(len(new), whole, bool(new) and of.deadlines[Step.PUBLICATION].late(at))


def list_grades(
    session: Session,
    *,
    ward_id: str,
    month: str,
    unit_id: str,
    after: str | None,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[PublishedGrade]:
    """Return published class letters by person (R-29).

    Staff see those of their own unit and of the units of people they lead or decide about.

    :raises OtherUnit: if somebody asks for a unit that is not his
    """
    of = take(session, ward_id, month, reading=True)
    units: set[str] | None = {unit_id} if unit_id else None
    if not actor.has("clerk", "organizer", "finance", "auditor"):
        own = _own_units(session, of, viewer(session, ward_id, actor, at))
        if unit_id and unit_id not in own:
            raise OtherUnit(unit=unit_id)
        units = units or own
    return evaluations.grades(session, ward_id, month, unit_ids=units, after=after, most=most)


def _own_units(session: Session, of: WardMonth, who: Viewer) -> set[str]:
    found = {
        each.person.unit_id for each in cases(session, of).values() if access.competent(each, who, of.roster)
    }
    if who.person_id in of.roster.people:
        found.add(of.roster.people[who.person_id].unit_id)
    return found


def _grade(case: Case, set_aside: Decision | None, at: datetime) -> PublishedGrade:
    held = set_aside or case.decision
    if held is None:
        raise AssertionError(f"{case.person.id} is settled without a decision")
    return PublishedGrade(
        person_id=case.person.id,
        full_name=case.person.full_name,
        unit_id=held.unit_id,
        grade=held.grade,
        decision_id=held.id,
        revision=case.published.revision + 1 if case.published else 1,
        published_at=at,
    )


def _not_evaluated(case: Case, of: WardMonth, actor: Actor, *, at: datetime) -> Decision:
    """Return the record that a person was not evaluated: without a grade, and open to be superseded."""
    told, score = case.evaluation.not_evaluated, case.score
    return Decision(
        id=str(outbox.new_id()),
        revision=case.decision.revision + 1 if case.decision else 1,
        grade=None,
        proposed=None,
        total=None,
        score_revision=score.revision if score else 0,
        score_policy=score.policy if score else "",
        policy=of.policy.name,
        reason=told.reason if told else score.reason if score else "",
        decided_by=told.by if told else actor.person_id,
        authority_id=case.competence.decider_id,
        decided_at=at,
        late=False,
        unit_id=case.person.unit_id,
    )
