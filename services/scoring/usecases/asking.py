"""Questions: scores, why they are what they are, quotas, how far a month is (R-23, R-29).

The organizer and the auditor see everything. Anybody else sees himself and those below him, as the posts of
the month say, and the quotas of scopes in which he leads: those whose people are all below him or himself.
For the days of a delegation he sees those below the delegator too (R-2).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from chassis.auth import Actor
from chassis.days import legal_day
from chassis.errors import Blocked, Forbidden, NotFound
from scoring import storage
from scoring.domain.facts import Line, Post
from scoring.domain.person import Person
from scoring.domain.policy import Policy
from scoring.domain.score import Result, Status, rescore
from scoring.domain.scorecard import scorecard
from scoring.domain.visibility import visible
from scoring.storage import Proposed, Scored

SEES_ALL = ("organizer", "auditor")


class NotYourScore(Forbidden):
    """A score is for the person, those above him, the organizer and the auditor (R-29)."""

    vi = "Bạn không được xem điểm của {person_id}: chỉ người đó và cấp trên được xem."
    en = "The score of {person_id} is for that person and those above: you may not see it."


class NoSuchScore(NotFound):
    """Nothing was computed for this person and month."""

    vi = "Chưa có điểm tháng {month} của {person_id}."
    en = "There is no score of {person_id} for {month} yet."


class UnknownPolicy(Blocked):
    """The score was computed with a policy that this version does not know."""

    vi = "Không giải thích được: phiên bản này không có chính sách {policy}."
    en = "This version does not know the policy {policy}, so it cannot explain the score."


class ExplanationDiffers(Blocked):
    """Computed again, the score is another: better no explanation than a wrong one."""

    vi = "Không giải thích được: tính lại từ số liệu đã lưu cho kết quả khác với điểm đã lưu."
    en = "Computed again from the stored facts the score comes out differently, so it is not explained."


@dataclass(frozen=True, slots=True)
class Explained:
    """A score with everything that it follows from.

    :param visible: whose ids the caller may be told; ``None`` for everybody's
    """

    scored: Scored
    policy: Policy
    person: Person
    lines: Sequence[Line]
    result: Result
    quota: Proposed | None
    visible: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a month is."""

    counts: dict[Status, int]
    stale: bool
    revision: int


def get_score(
    session: Session, actor: Actor, *, ward_id: str, month: str, person_id: str, at: datetime
) -> Scored:
    """Return a person's scorecard.

    Whoever had a scorecard and turned out not to belong to the month keeps it as ``not_evaluated`` with the
    reason ``not_in_month``, so that its revision goes on; he is in no list and no count.

    :raises NotYourScore: to those whom it does not concern
    :raises NoSuchScore: if nothing was computed yet
    """
    check_may_see(session, actor, ward_id, month, person_id, at=at)
    found = storage.score(session, ward_id, month, person_id)
    if found is None:
        raise NoSuchScore(person_id=person_id, month=month)
    return found


def list_scores(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    month: str,
    unit_id: str,
    after: str,
    limit: int,
    at: datetime,
) -> list[Scored]:
    """Return those scorecards of a month that the caller may see, by person."""
    return storage.scores_page(
        session,
        ward_id,
        month,
        unit_id=unit_id,
        among=visible_to(session, actor, ward_id, month, at=at),
        after=after,
        limit=limit,
    )


def explain_score(
    session: Session, actor: Actor, *, ward_id: str, month: str, person_id: str, at: datetime
) -> Explained:
    """Return what a stored scorecard follows from: the very facts it was computed from.

    :raises NotYourScore: to those whom it does not concern
    :raises NoSuchScore: if nothing was computed yet
    :raises UnknownPolicy: if its policy is not known here
    :raises ExplanationDiffers: if the facts do not lead to it
    """
    check_may_see(session, actor, ward_id, month, person_id, at=at)
    found = storage.score_with_facts(session, ward_id, month, person_id)
    if found is None:
        raise NoSuchScore(person_id=person_id, month=month)
    scored, person, lines, quota = found
    card, basis = scored.card, scored.basis
    policy = storage.policies_named(session, [card.policy]).get(card.policy)
    if policy is None:
        raise UnknownPolicy(policy=card.policy)
    if card.mark is None:
        # No total, so no quota either, though the group may have one.
        quota = None
        result = Result(person_id, card.status, card.reason, card.waiting_for)
    else:
        if quota is None:
            raise ExplanationDiffers
        try:
            score = rescore(policy, person, basis.under, quota.proposal.placement(card, basis.tied))
        except ValueError:
            raise ExplanationDiffers from None
        result = Result(person_id, Status.EVALUATED, score=score)
        if scorecard(policy, person, result) != card:
            raise ExplanationDiffers
    visible_ids = visible_to(session, actor, ward_id, month, at=at)
    return Explained(scored, policy, person, lines, result, quota, visible_ids)


def list_quotas(
    session: Session,
    actor: Actor,
    *,
    ward_id: str,
    month: str,
    after: tuple[str, str],
    limit: int,
    at: datetime,
) -> list[Proposed]:
    """Return those quotas of a month that the caller may see, by scope and group."""
    return storage.quotas_page(
        session,
        ward_id,
        month,
        scopes=led_scopes(session, actor, ward_id, month, at=at),
        after=after,
        limit=limit,
    )


def get_month(session: Session, *, ward_id: str, month: str) -> Progress:
    """Return how far a ward's month is computed; a month of which nothing is known counts nobody."""
    standing = storage.month_of(session, ward_id, month)
    counts = storage.counts(session, ward_id, month)
    return Progress(counts, standing is not None and standing.stale, standing.revision if standing else 0)


def check_may_see(
    session: Session, actor: Actor, ward_id: str, month: str, person_id: str, *, at: datetime
) -> None:
    """Refuse a person's scores to those whom they do not concern (R-29).

    :raises NotYourScore: to them
    """
    if person_id == actor.person_id:
        return
    seen = visible_to(session, actor, ward_id, month, at=at)
    if seen is not None and person_id not in seen:
        raise NotYourScore(person_id=person_id)


def visible_to(
    session: Session, actor: Actor, ward_id: str, month: str, *, at: datetime
) -> frozenset[str] | None:
    """Return whose scores the caller may see; ``None`` for everybody's."""
    if actor.has(*SEES_ALL):
        return None
    return _seen(session, actor, ward_id, storage.posts_of(session, ward_id, month), at=at)


def led_scopes(session: Session, actor: Actor, ward_id: str, month: str, *, at: datetime) -> set[str] | None:
    """Return the scopes in which the caller leads everybody; ``None`` for all."""
    if actor.has(*SEES_ALL):
        return None
    posts = storage.posts_of(session, ward_id, month)
    seen = _seen(session, actor, ward_id, posts, at=at)
    scopes: defaultdict[str, set[str]] = defaultdict(set)
    for post in posts:
        if post.active:
            scopes[_scope(post)].add(post.person_id)
    return {scope for scope, ids in scopes.items() if ids <= seen and ids != {actor.person_id}}


def _seen(
    session: Session, actor: Actor, ward_id: str, posts: Sequence[Post], *, at: datetime
) -> frozenset[str]:
    delegators = storage.delegators(session, ward_id, actor.person_id, legal_day(at))
    return visible(posts, actor.person_id, delegators)


def _scope(post: Post) -> str:
    return post.quota_scope or post.unit
