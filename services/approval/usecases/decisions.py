"""Deciding, what the city decided, delegations and quota rates (R-2, R-21, R-22, R-27, R-28)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from approval.domain import decision, quota
from approval.domain.access import Delegation, DocumentMissing, UnknownDelegation, Viewer
from approval.domain.case import Case, Decision
from approval.domain.competence import competence
from approval.domain.criteria import DECIMALS, check_text
from approval.domain.deadlines import Step
from approval.domain.decision import Choice, Ruling
from approval.domain.evaluation import LONGEST_DOCUMENT
from approval.domain.grade import Grade
from approval.domain.quota import Group, Rate, Terms
from approval.domain.watch import Ended, Recorded
from approval.storage import copies, evaluations, months, watch
from approval.usecases import log
from approval.usecases.assessments import MOST, TooMany
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from approval.wire import events
from chassis import db, outbox
from chassis.auth import Actor
from chassis.days import legal_day
from chassis.errors import Blocked, Invalid, NotFound

HUNDRED = Decimal(100)


class NotExternal(Blocked):
    """The city decides about the ward's first leaders only (R-2)."""

    vi = "{person} do người có thẩm quyền của phường quyết định, không phải thành phố."
    en = "{person} is decided within the ward, not by the city."


class UnknownDelegate(NotFound):
    """A delegation is between people of the ward."""

    vi = "Phường không có người mang mã {person}."
    en = "Nobody in the ward has the id {person}."


class UnknownScope(NotFound):
    """A rate is for a scope in which somebody competes."""

    vi = "Không ai thuộc phạm vi tính tỷ lệ {scope} trong tháng này."
    en = (
        "Nobody competes in the quota scope {scope} this month: give a unit's id, or the scope as registered."
    )


class GradeMissing(Invalid):
    """An external result is a grade."""

    vi = "Phải ghi mức xếp loại A, B, C hoặc D."
    en = "State the grade: A, B, C or D."


class TotalOutOfRange(Invalid):
    """A total is at most 100, with two decimals."""

    vi = "Tổng điểm {total} phải từ 0 đến 100, nhiều nhất 2 chữ số thập phân."
    en = "The total {total} is not within 0 to 100 with at most 2 decimals."


@dataclass(frozen=True, slots=True)
class Decided:
    """Who was decided, sorted, and how many of them late."""

    person_ids: tuple[str, ...]
    late: int


def decide(
    session: Session,
    *,
    ward_id: str,
    month: str,
    choices: Sequence[Choice],
    unit_id: str,
    everybody: bool,
    actor: Actor,
    at: datetime,
    signed: Mapping[str, str] | None = None,
) -> Decided:
    """Decide grades, all or none; with a unit or all, everybody else who waits for the caller as proposed.

    The people and the scopes and groups they compete in are held first and read afterwards, so that two
    deciders at once take turns and each sees what the other decided.

    :param signed: number of the paper by person, where the competent authority signed one and the organizer
        enters it on that authority
    :raises Refusal: as :func:`approval.domain.decision.decide` says
    """
    if not choices and not unit_id and not everybody:
        raise decision.NothingToDecide
    if len(choices) > MOST:
        raise TooMany(count=len(choices), most=MOST)
    of = take(session, ward_id, month)
    if unit_id:
        of.roster.check_unit(unit_id)
    who = viewer(session, ward_id, actor, at)
    for choice in choices:
        of.roster.person(choice.person_id)
    named = {each.person_id for each in choices}
    documents = signed or {}
    if documents and who.organizer:
        who = replace(who, acting_for=who.acting_for | authorities(of, documents))
    own = [
        each.id
        for each in of.roster.people.values()
        if each.id not in named
        and (everybody or (unit_id and each.unit_id == unit_id))
        and competence(each, of.roster, of.policy.competence).decider_id in who.acting_for
    ]
    before = cases(session, of, own)
    swept = [
        each.person.id for each in before.values() if decision.waits_for(each, who.acting_for, who.person_id)
    ]
    wanted = {*named, *swept}
    evaluations.hold(session, ward_id, month, wanted)
    charge = {each for person_id in wanted for each in of.roster.people[person_id].in_charge_ids}
    # A score may move its person to another group between this look and the next; the group it is in then is
    # held in the next round, and nobody decides there without having held it.
    held: set[Group] = set()
    while True:
        competing = copies.competitors(session, ward_id, month, held)
        now = cases(session, of, wanted | charge | competing)
        groups = {group for each in wanted if (group := quota.group_of(now[each]))}
        if groups <= held:
            break
        held |= groups
        copies.hold_groups(session, ward_id, month, held)
    waiting = [each for each in swept if decision.waits_for(now[each], who.acting_for, who.person_id)]
    rulings = decision.decide(
        now,
        [*choices, *(Choice(each) for each in waiting)],
        actor_id=who.person_id,
        acting_for=who.acting_for,
        terms=quota_terms(session, of),
    )
    late = of.deadlines[Step.DECISION].late(at)
    delegated = {
        each.from_person_id: each.id
        for each in months.delegations(session, ward_id, to=actor.person_id, day=legal_day(at))
    }
    made = [
        (each.case.person.id, _decision(each, of, who, delegated, documents, at=at, late=late))
        for each in rulings
    ]
    evaluations.decide(session, ward_id, month, made)
    outbox.add_all(
        session,
        [(events.decision_made(ward_id, month, person_id, each), person_id) for person_id, each in made],
    )
    changes = [
        Change("decide", "evaluation", person_id, now[person_id].decision, each, each.authority_id)
        for person_id, each in made
    ]
    log.record(session, ward_id, month, changes, actor_id=actor.person_id, at=at)
    return Decided(tuple(sorted(person_id for person_id, _ in made)), len(made) if late else 0)


def record_external_result(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    grade: Grade | None,
    document: str,
    total: Decimal | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Record a grade that the city decided (R-2); a later record supersedes it until it is published.

    The ward's quota does not refuse it: the city answers for its own. It counts in the group all the same, so
    that the ward gives no A beyond it.

    :raises NotExternal: if the ward decides
    :raises Invalid: without grade or document, or with an impossible total
    """
    of = take(session, ward_id, month, about=[person_id])
    of.roster.person(person_id)
    stated = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if grade is None:
        raise GradeMissing(field="grade")
    if not stated:
        raise DocumentMissing(field="document")
    if total is not None and not (0 <= total <= HUNDRED and total == round(total, DECIMALS)):
        raise TotalOutOfRange(total=total, field="total")
    evaluations.hold(session, ward_id, month, [person_id])
    case = cases(session, of, [person_id])[person_id]
    if not case.competence.external:
        raise NotExternal(person=case.person)
    if case.published:
        raise decision.AlreadyPublished(people=case.person)
    if case.evaluation.not_evaluated:
        raise decision.NotGraded(people=case.person)
    present = case.decision
    if present and (present.grade, present.document, present.total) == (grade, stated, total):
        return
    made = Decision(
        id=str(outbox.new_id()),
        revision=present.revision + 1 if present else 1,
        grade=grade,
        proposed=None,
        total=total,
        score_revision=0,
        score_policy="",
        policy=of.policy.name,
        reason="",
        decided_by=actor.person_id,
        authority_id="",
        decided_at=at,
        late=of.deadlines[Step.DECISION].late(at),
        unit_id=case.person.unit_id,
        document=stated,
    )
    evaluations.decide(session, ward_id, month, [(person_id, made)])
    outbox.add(session, events.decision_made(ward_id, month, person_id, made), subject=person_id)
    change = Change("record_external_result", "evaluation", person_id, present, made)
    log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)


def delegate(session: Session, *, ward_id: str, given: Delegation, actor: Actor, at: datetime) -> str:
    """Record and announce that one person may act for another from day to day; return its id (R-2).

    :raises Invalid: if it is to oneself, backwards, or without a document
    :raises UnknownDelegate: if one of the two is not known in the ward
    """
    made = replace(given, id=str(outbox.new_id()))
    made.check()
    for field in ("from_person_id", "to_person_id"):
        if not copies.known(session, ward_id, getattr(made, field)):
            raise UnknownDelegate(person=getattr(made, field), field=field)
    months.delegate(session, ward_id, made, by=actor.person_id, at=at)
    outbox.add(session, events.delegation_recorded(ward_id, made, at=at), subject=made.id)
    change = Change("delegate", "delegation", made.id, None, made)
    log.record(session, ward_id, "", [change], actor_id=actor.person_id, at=at)
    return made.id


def end_delegation(
    session: Session,
    *,
    ward_id: str,
    delegation_id: str,
    last_day: date | None,
    document: str,
    actor: Actor,
    at: datetime,
) -> Recorded:
    """Record and announce that a delegation ends earlier than told; what was done by it stays done (R-2).

    :param last_day: the new last day; None to end it at once
    :raises UnknownDelegation: if the ward has none with that id
    :raises DelegationOver: if it has ended already
    :raises Invalid: if the day is not earlier, or has passed, or without a document
    """
    paper = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if not paper:
        raise DocumentMissing(field="document")
    # Whoever ends it at the same time is refused by what stands then.
    db.exclusive(session, f"delegation {delegation_id}")
    on_record = watch.delegations(session, ward_id)
    before = next((each for each in on_record if each.delegation.id == delegation_id), None)
    if before is None:
        raise UnknownDelegation(delegation=delegation_id, field="delegation_id")
    after = before.present.ended(last_day, legal_day(at))
    ended = Ended(after.to_day, paper, actor.person_id, at)
    months.end_delegation(session, ward_id, after.id, ended)
    outbox.add(session, events.delegation_recorded(ward_id, after, at=before.recorded_at), subject=after.id)
    change = Change("end_delegation", "delegation", after.id, before.present, ended, log.ORGANIZER)
    log.record(session, ward_id, "", [change], actor_id=actor.person_id, at=at)
    return replace(before, ended=ended)


def decide_quota_rate(
    session: Session, *, ward_id: str, month: str, given: Rate, actor: Actor, at: datetime
) -> int:
    """Record the decision that allows a scope a higher rate, and return the record's revision (R-21).

    The same again changes nothing.

    :raises Invalid: if the rate is out of range or the decision incomplete
    :raises UnknownScope: if nobody competes in that scope
    """
    of = take(session, ward_id, month, hold=True)
    checked = quota.check_rate(given, usual=of.policy.quota.rate, highest=of.policy.highest_rate)
    if all((each.quota_scope or each.unit_id) != given.scope for each in of.roster.people.values()):
        raise UnknownScope(scope=given.scope, field="quota_scope")
    present = months.rates(session, ward_id, month).get(given.scope)
    if present and present[0] == checked:
        return present[1]
    revision = present[1] + 1 if present else 1
    months.keep_rate(session, ward_id, month, checked, revision=revision, by=actor.person_id, at=at)
    outbox.add(
        session,
        events.quota_rate_decided(ward_id, month, checked, revision),
        subject=f"{ward_id}/{month}/{given.scope}",
    )
    change = Change("decide_quota_rate", "quota_scope", given.scope, present[0] if present else None, checked)
    log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)
    return revision


def authorities(of: WardMonth, person_ids: Iterable[str]) -> frozenset[str]:
    """Return who is competent about these people; those whom the city decides have nobody in the ward."""
    found = {
        competence(of.roster.people[each], of.roster, of.policy.competence).decider_id for each in person_ids
    }
    return frozenset(found - {""})


def quota_terms(session: Session, of: WardMonth) -> Callable[[Group], Terms]:
    """Return what says q and its base: a decision on record, else scoring, else the policy."""
    announced = copies.terms(session, of.ward_id, of.month, of.policy.quota)
    recorded: Mapping[str, tuple[Rate, int]] = months.rates(session, of.ward_id, of.month)

    def terms(group: Group) -> Terms:
        known = announced.get(group, of.policy.quota)
        return replace(known, rate=recorded[group.scope][0].rate) if group.scope in recorded else known

    return terms


def _decision(
    ruling: Ruling,
    of: WardMonth,
    who: Viewer,
    delegated: Mapping[str, str],
    documents: Mapping[str, str],
    *,
    at: datetime,
    late: bool,
) -> Decision:
    case: Case = ruling.case
    authority = case.competence.decider_id
    score = case.score
    return Decision(
        id=str(outbox.new_id()),
        revision=case.decision.revision + 1 if case.decision else 1,
        grade=ruling.grade,
        proposed=score.proposed if score else None,
        total=score.total if score else None,
        score_revision=score.revision if score else 0,
        score_policy=score.policy if score else "",
        policy=of.policy.name,
        reason=ruling.reason,
        decided_by=who.person_id,
        authority_id=authority,
        decided_at=at,
        late=late,
        unit_id=case.person.unit_id,
        document=documents.get(case.person.id, ""),
        delegation_id="" if authority == who.person_id else delegated.get(authority, ""),
    )
