"""Keeping what the other services announced, and marking which months it makes stale.

Each function takes a batch, keeps what is newer than what is known, and marks each ward's month once.
Nothing is computed here: :mod:`scoring.usecases.computing` does that when a month has been quiet for a while.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from scoring import storage
from scoring.domain.facts import Assessment, Post, QuotaRate, Work, WorkingTime
from scoring.domain.visibility import Delegation


def keep_posts(session: Session, posts: Sequence[Post], *, at: datetime) -> None:
    """Keep people's posts; every month of the ward from a post's first on is stale."""
    if not storage.put_posts(session, posts):
        return
    first: dict[str, str] = {}
    for post in posts:
        first[post.ward_id] = min(first.get(post.ward_id, post.from_month), post.from_month)
    storage.mark(session, storage.months_from(session, first), at)


def keep_work(session: Session, months: Sequence[Work], *, at: datetime) -> None:
    """Keep the counted work of people's months."""
    if storage.put_work(session, months):
        _mark(session, months, at)


def keep_working_times(session: Session, times: Sequence[WorkingTime], *, at: datetime) -> None:
    """Keep working times."""
    if storage.put_working_times(session, times):
        _mark(session, times, at)


def keep_assessments(session: Session, assessments: Sequence[Assessment], *, at: datetime) -> None:
    """Keep general criteria, đ and e, blockers."""
    if storage.put_assessments(session, assessments):
        _mark(session, assessments, at)


def keep_quota_rates(session: Session, rates: Sequence[QuotaRate], *, at: datetime) -> None:
    """Keep the rates that were decided for scopes."""
    if storage.put_quota_rates(session, rates):
        _mark(session, rates, at)


def _mark(
    session: Session, facts: Iterable[Work | WorkingTime | Assessment | QuotaRate], at: datetime
) -> None:
    storage.mark(session, {(fact.ward_id, fact.month) for fact in facts}, at)


def keep_delegations(session: Session, delegations: Iterable[Delegation]) -> None:
    """Keep who acts for whom: it decides who sees scores and changes none (R-2, R-29)."""
    storage.put_delegations(session, delegations)
