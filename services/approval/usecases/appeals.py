"""What follows publication: reserved opinions, appeals with their answers, and replaced decisions (R-30)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from approval import holidays
from approval.domain import access, appeal, decision, quota, working_days
from approval.domain.access import DocumentMissing, NotYours, PaperMissing, Viewer
from approval.domain.appeal import Answer, Appeal, AppealKind, Outcome
from approval.domain.case import Case, Decision, PublishedGrade
from approval.domain.competence import Competence
from approval.domain.criteria import check_text
from approval.domain.decision import DeviationWithoutReason, NoScore, OwnCase, Ruling
from approval.domain.evaluation import LONGEST_DOCUMENT
from approval.domain.grade import Grade
from approval.storage import appeals, copies, evaluations, months
from approval.usecases import log
from approval.usecases.decisions import GradeMissing, quota_terms
from approval.usecases.log import Change
from approval.usecases.ward_month import WardMonth, cases, take, viewer
from approval.wire import events
from chassis import outbox
from chassis.auth import Actor
from chassis.days import legal_day


@dataclass(frozen=True, slots=True)
class Standing:
    """An appeal or opinion, who answers it, and whether the answer is late."""

    appeal: Appeal
    answerer: Competence
    late: bool


@dataclass(frozen=True, slots=True)
class _Replacement:
    """What replaces a decision, on whose authority (empty for the city's)."""

    grade: Grade
    reason: str
    document: str
    authority_id: str


def submit(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    kind: AppealKind,
    text: str,
    document: str,
    actor: Actor,
    at: datetime,
) -> Standing:
    """Record an opinion or submit an appeal, by the person or by the clerk from signed paper (R-30).

    :param person_id: empty for the caller
    :raises Refusal: if it is another's, before publication, without a text, or a second appeal
    :raises YearUnknown: if the last day to answer cannot be counted
    """
    who = viewer(session, ward_id, actor, at)
    subject = person_id or who.person_id
    of = take(session, ward_id, month, about=[subject])
    of.roster.person(subject)
    evaluations.hold(session, ward_id, month, [subject])
    case = cases(session, of, [subject])[subject]
    appeal.check_speaks(case, who)
    stated = check_text(text, place="text", most=appeal.LONGEST_TEXT)
    paper = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if not stated:
        raise appeal.TextMissing(field="text")
    if subject != who.person_id and not paper:
        raise PaperMissing(field="document")
    if case.decision is None:
        raise appeal.NotPublished(person=case.person)
    last_day = None
    if kind is AppealKind.APPEAL:
        appeal.check_once(case, appeals.listed(session, ward_id, month=month, person_id=subject))
        last_day = working_days.after(legal_day(at), appeal.DAYS, holidays.shipped())
    given = Appeal(
        id=str(outbox.new_id()),
        month=month,
        person_id=subject,
        kind=kind,
        decision_id=case.decision.id,
        decision_revision=case.decision.revision,
        text=stated,
        document=paper,
        by=who.person_id,
        at=at,
        last_day=last_day,
    )
    appeals.keep(session, ward_id, given)
    standing = _standing(given, case, of, at)
    if kind is AppealKind.APPEAL:
        outbox.add(
            session,
            events.appeal_submitted(ward_id, given, standing.answerer.decider_id),
            subject=subject,
        )
    action = "submit_appeal" if kind is AppealKind.APPEAL else "reserve_opinion"
    change = Change(action, "appeal", given.id, None, given, subject)
    log.record(session, ward_id, month, [change], actor_id=actor.person_id, at=at)
    return standing


def answer(
    session: Session,
    *,
    ward_id: str,
    appeal_id: str,
    outcome: Outcome | None,
    grade: Grade | None,
    text: str,
    document: str,
    actor: Actor,
    at: datetime,
    signed: bool = False,
) -> Standing:
    """Answer an appeal; upheld, a new decision replaces the old one, held against the quota (R-28, R-30).

    A late answer is taken and flagged.

    :param signed: True where whoever answers signed the document, and the organizer enters it on that
        authority
    :raises Refusal: if the caller is not the one who answers, it is answered already, something is
        missing, or the new grade breaks the quota
    """
    known = appeals.one(session, ward_id, appeal_id)
    if known is None:
        raise appeal.UnknownAppeal(appeal=appeal_id)
    if known.kind is AppealKind.OPINION:
        raise appeal.OpinionNotAnswered
    of = take(session, ward_id, known.month)
    who = viewer(session, ward_id, actor, at)
    of.roster.person(known.person_id)
    evaluations.hold(session, ward_id, known.month, [known.person_id])
    held = appeals.one(session, ward_id, appeal_id) or known
    case = cases(session, of, [held.person_id])[held.person_id]
    by = appeal.answerer(case, of.roster, of.policy.competence)
    appeal.check_answers(by, case, who, signed=signed)
    if held.answer:
        raise appeal.AppealDone(person=case.person)
    stated = check_text(text, place="answer", most=appeal.LONGEST_TEXT)
    paper = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if outcome is None:
        raise appeal.OutcomeMissing(field="outcome")
    if not stated:
        raise appeal.TextMissing(field="answer")
    if (by.external or signed) and not paper:
        raise DocumentMissing(field="document")
    if outcome is Outcome.DISMISSED and grade:
        raise appeal.GradeOfDismissed(field="grade")
    changes: list[Change] = []
    new_decision_id = ""
    if outcome is Outcome.UPHELD:
        present = case.decision
        if present and present.id != held.decision_id and grade in (None, present.grade):
            new_decision_id = present.id
        else:
            wanted = _Replacement(_stated(grade), stated, paper, by.decider_id)
            made, changes = _replace(session, of, held.person_id, wanted, who, at)
            new_decision_id = made.id
    given = Answer(
        outcome=outcome,
        text=stated,
        document=paper,
        by=who.person_id,
        authority_id=by.decider_id,
        at=at,
        late=held.late(at),
        new_decision_id=new_decision_id,
    )
    appeals.answer(session, ward_id, held.id, given)
    outbox.add(session, events.appeal_answered(ward_id, held, given), subject=held.person_id)
    changes.append(Change("answer_appeal", "appeal", held.id, None, given, by.decider_id))
    log.record(session, ward_id, held.month, changes, actor_id=actor.person_id, at=at)
    return Standing(replace(held, answer=given), by, given.late)


def replace_decision(
    session: Session,
    *,
    ward_id: str,
    month: str,
    person_id: str,
    grade: Grade | None,
    reason: str,
    document: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Replace a published decision that rests on a dishonest or wrong result (NĐ 335/2025 Điều 21.3).

    The decider does or his superior; where that is the city, the organizer records its document.

    :raises Refusal: for anybody else, before publication, without reason or document, or if the new grade
        breaks the quota
    """
    of = take(session, ward_id, month)
    who = viewer(session, ward_id, actor, at)
    of.roster.person(person_id)
    evaluations.hold(session, ward_id, month, [person_id])
    case = cases(session, of, [person_id])[person_id]
    if not case.published or case.decision is None:
        raise appeal.NotPublished(person=case.person)
    authority = _replacer(case, of, who)
    stated = check_text(reason, place="reason")
    paper = check_text(document, place="document", most=LONGEST_DOCUMENT)
    if not stated:
        raise DeviationWithoutReason(people=case.person, field="reason")
    if not paper:
        raise DocumentMissing(field="document")
    wanted = _Replacement(_stated(grade), stated, paper, authority)
    _, changes = _replace(session, of, person_id, wanted, who, at)
    log.record(session, ward_id, month, changes, actor_id=actor.person_id, at=at)


def get_appeal(session: Session, *, ward_id: str, appeal_id: str, actor: Actor, at: datetime) -> Standing:
    """Return an appeal or opinion.

    :raises UnknownAppeal: if the ward has none with that id
    :raises NotYours: if the caller may not see it (R-29)
    """
    found = appeals.one(session, ward_id, appeal_id)
    if found is None:
        raise appeal.UnknownAppeal(appeal=appeal_id)
    seen = _seen(session, ward_id, [found], actor, at)
    if not seen:
        raise NotYours(person=found.person_id)
    return seen[0][0]


def list_appeals(
    session: Session,
    *,
    ward_id: str,
    month: str,
    kind: AppealKind | None,
    open_only: bool,
    awaiting_me: bool,
    after: str | None,
    most: int,
    actor: Actor,
    at: datetime,
) -> list[Standing]:
    """Return the appeals and opinions that the caller may see, oldest first.

    The person sees his own, the competent people and who answers those about theirs, organizer and auditor
    all, the clerk what he entered.
    """
    found = appeals.listed(
        session, ward_id, month=month, kind=kind, open_only=open_only or awaiting_me, after=after
    )
    seen = _seen(session, ward_id, found, actor, at)
    return [standing for standing, mine in seen if mine or not awaiting_me][:most]


def _seen(
    session: Session, ward_id: str, found: Collection[Appeal], actor: Actor, at: datetime
) -> list[tuple[Standing, bool]]:
    """Return those that the caller may see, each with whether he answers it."""
    who = viewer(session, ward_id, actor, at)
    result: list[tuple[Standing, bool]] = []
    months_: dict[str, tuple[WardMonth, dict[str, Case]]] = {}
    for month, person_ids in _people(found).items():
        of = take(session, ward_id, month, about=person_ids, reading=True)
        months_[month] = (of, cases(session, of, person_ids))
    for each in found:
        of, known = months_[each.month]
        case = known.get(each.person_id)
        if case is None:
            continue
        standing = _standing(each, case, of, at)
        mine = appeal.answers(standing.answerer, case, who)
        if (
            mine
            or who.sees_all
            or each.person_id == who.person_id
            or (who.clerk and each.by == who.person_id)
            or access.competent(case, who, of.roster)
        ):
            result.append((standing, mine))
    return result


def _people(found: Iterable[Appeal]) -> dict[str, list[str]]:
    result: dict[str, list[str]] = {}
    for each in found:
        result.setdefault(each.month, []).append(each.person_id)
    return result


def _standing(given: Appeal, case: Case, of: WardMonth, at: datetime) -> Standing:
    by = (
        appeal.answerer(case, of.roster, of.policy.competence)
        if given.kind is AppealKind.APPEAL
        else Competence()
    )
    return Standing(given, by, given.late(at))


def _replacer(case: Case, of: WardMonth, who: Viewer) -> str:
    """Return on whose authority the caller replaces a decision; empty for the city's."""
    if case.person.id == who.person_id:
        raise OwnCase(people=case.person)
    if case.decision is None:
        raise appeal.NotPublished(person=case.person)
    decider = appeal.decider(case.decision, case, of.roster)
    if decider and decider in who.acting_for:
        return decider
    above = appeal.answerer(case, of.roster, of.policy.competence)
    if not appeal.answers(above, case, who):
        raise appeal.NotReplacer(person=case.person)
    return above.decider_id


def _stated(grade: Grade | None) -> Grade:
    if grade is None:
        raise GradeMissing(field="grade")
    return grade


def _replace(
    session: Session, of: WardMonth, person_id: str, wanted: _Replacement, who: Viewer, at: datetime
) -> tuple[Decision, list[Change]]:
    """Add the decision that replaces the present one, publish it, announce both, and return what to log.

    The person is held; the group is held and read again before the quota is checked, as when deciding.
    """
    held: set[quota.Group] = set()
    while True:
        now = cases(session, of)
        case = now[person_id]
        group = quota.group_of(case)
        if group is None or group in held:
            break
        held.add(group)
        copies.hold_groups(session, of.ward_id, of.month, held)
    present, published, score = case.decision, case.published, case.score
    if present is None or published is None:
        raise appeal.NotPublished(person=case.person)
    if wanted.grade is present.grade:
        raise appeal.GradeUnchanged(grade=wanted.grade.value, field="grade")
    scored = score if score is not None and score.evaluated else None
    if not case.competence.external:
        if scored is None:
            raise NoScore(people=case.person)
        decision.check_quota(now, Ruling(case, wanted.grade, wanted.reason), quota_terms(session, of))
    delegated = {
        each.from_person_id: each.id
        for each in months.delegations(session, of.ward_id, to=who.person_id, day=legal_day(at))
    }
    made = Decision(
        id=str(outbox.new_id()),
        revision=present.revision + 1,
        grade=wanted.grade,
        proposed=scored.proposed if scored else present.proposed,
        total=scored.total if scored else present.total,
        score_revision=scored.revision if scored else present.score_revision,
        score_policy=scored.policy if scored else present.score_policy,
        policy=of.policy.name,
        reason=wanted.reason,
        decided_by=who.person_id,
        authority_id=wanted.authority_id,
        decided_at=at,
        late=present.late,
        unit_id=present.unit_id,
        document=wanted.document,
        delegation_id="" if wanted.authority_id == who.person_id else delegated.get(wanted.authority_id, ""),
    )
    grade = PublishedGrade(
        person_id=person_id,
        full_name=case.person.full_name,
        unit_id=present.unit_id,
        grade=wanted.grade,
        decision_id=made.id,
        revision=published.revision + 1,
        published_at=at,
    )
    evaluations.decide(session, of.ward_id, of.month, [(person_id, made)])
    evaluations.publish(session, of.ward_id, of.month, [grade], by=who.person_id)
    outbox.add_all(
        session,
        [
            (events.decision_made(of.ward_id, of.month, person_id, made), person_id),
            (events.grade_published(of.ward_id, of.month, grade), person_id),
        ],
    )
    return made, [
        Change("replace_decision", "evaluation", person_id, present, made, wanted.authority_id),
        Change("publish", "evaluation", person_id, published, grade, wanted.authority_id),
    ]
