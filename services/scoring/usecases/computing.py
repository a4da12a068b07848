"""Computing a stale month: read, compute, announce what changed.

Reading and computing hold no lock; only the last step writes, and it goes through only if nobody else has
computed the month meanwhile. Facts that came after the reading leave the month stale, so nothing is lost,
and computing again from the same facts announces nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from chassis import outbox
from scoring import storage, wire
from scoring.domain.in_force import InForce
from scoring.domain.score import Reason
from scoring.domain.scorecard import Basis, ScoredMonth, empty, not_in_month, score_facts
from scoring.storage import FactsOfMonth, Proposed, Scored, Standing
from scoring.usecases.policies import policies_of

QUIET = timedelta(milliseconds=200)
"""A month is computed once no fact has come for this long, so that a burst is computed once."""

LATEST = timedelta(seconds=2)
"""A month that never gets quiet is computed after this long all the same."""

POSTPONED = timedelta(seconds=30)
"""How long a month that could not be computed is left alone."""

LOOKED_AT = 50
"""Stale months among which the next is chosen."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The month that is next.

    :param wait: how long to let it be still
    """

    ward_id: str
    month: str
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """A month as it was found: its facts, its policies, and what was announced of it last."""

    standing: Standing
    policies: InForce
    found: FactsOfMonth
    scores: Mapping[str, Scored]
    quotas: Mapping[tuple[str, str], Proposed]


@dataclass(frozen=True, slots=True)
class Computed:
    """A month as it is to be.

    :param scores: those that differ from what is stored; ``announced`` says which of them for others too
    :param quotas: those that differ
    :param circles: ids of people who are in one another's charge
    """

    standing: Standing
    policies: InForce
    scored: ScoredMonth
    found: FactsOfMonth
    scores: Sequence[Scored]
    announced: frozenset[str]
    quotas: Sequence[Proposed]
    circles: Sequence[tuple[str, ...]]


def next_month(session: Session, *, at: datetime) -> Turn | None:
    """Return the stale month whose turn comes first; ``None`` if nothing is stale."""
    turns = [
        (max(min(each.marked_at + QUIET, each.stale_since + LATEST) - at, timedelta()), each)
        for each in storage.stale_months(session, at, LOOKED_AT)
    ]
    if not turns:
        return None
    wait, standing = min(turns, key=lambda turn: turn[0])
    return Turn(standing.ward_id, standing.month, wait)


def take_month(session: Session, *, ward_id: str, month: str) -> Taken | None:
    """Return a month as it stands; ``None`` if nothing of it is known.

    The mark is read before the facts and the policies: what it counts is then among them.
    """
    standing = storage.month_of(session, ward_id, month)
    if standing is None:
        return None
    return Taken(
        standing,
        policies_of(session, standing),
        storage.facts_of(session, ward_id, month),
        storage.scores_of(session, ward_id, month),
        storage.quotas_of(session, ward_id, month),
    )


def compute(taken: Taken, *, at: datetime) -> Computed:
    """Return what a month comes to, and how that differs from what is stored. Touches no database."""
    month = score_facts(taken.policies, taken.found.facts)
    usual = taken.policies.of("")
    cards, bases = dict(month.cards), dict(month.bases)
    for id_, old in taken.scores.items():
        if id_ not in cards:
            cards[id_] = (
                not_in_month(old.card, usual) if old.card.reason is not Reason.NOT_IN_MONTH else old.card
            )
            bases[id_] = Basis(sources="")
    scores, announced = [], set()
    for id_ in sorted(cards):
        before, card, basis = taken.scores.get(id_), cards[id_], bases[id_]
        if before is None or before.card != card or _of_newer_facts(before.basis, basis):
            scores.append(Scored(card, basis, before.revision + 1 if before else 1, at))
            announced.add(id_)
        elif before.basis != basis:
            # The same to everybody, from newer facts: the explanation must follow them.
            scores.append(replace(before, basis=basis))
    circles = {person.entangled for person in month.people.values() if person.entangled}
    return Computed(
        standing=taken.standing,
        policies=taken.policies,
        scored=month,
        found=taken.found,
        scores=scores,
        announced=frozenset(announced),
        quotas=_changed_quotas(taken, month),
        circles=sorted(circles),
    )


def announce_month(session: Session, computed: Computed, *, at: datetime) -> bool:
    """Keep a computed month and announce what changed: one transaction.

    :return: False if somebody else has computed the month meanwhile; then nothing is kept or announced
    """
    standing = computed.standing
    if not storage.put_computed(session, standing, computed.policies.names, at):
        return False
    ward_id, month = standing.ward_id, standing.month
    people, lines = computed.scored.people, computed.found.lines
    storage.put_scores(
        session,
        ward_id,
        month,
        [
            (each, person, lines.get(person.id, []) if person else [])
            for each in computed.scores
            for person in (people.get(each.card.person_id),)
        ],
    )
    storage.put_quotas(session, ward_id, month, computed.quotas)
    scores = [
        wire.score(
            ward_id, month, each.card, each.basis, revision=each.revision, computed_at=each.computed_at
        )
        for each in computed.scores
        if each.card.person_id in computed.announced
    ]
    quotas = [wire.quota(ward_id, month, each.proposal, revision=each.revision) for each in computed.quotas]
    outbox.add_all(session, [(wire.scorecard_computed(score), score.person_id) for score in scores])
    outbox.add_all(
        session, [(wire.quota_proposed(quota), f"{quota.quota_scope} {quota.duty_group}") for quota in quotas]
    )
    return True


def postpone_month(session: Session, *, ward_id: str, month: str, at: datetime) -> None:
    """Leave a month that could not be computed alone for :data:`POSTPONED`, so that the others go on."""
    storage.put_postponed(session, ward_id, month, at + POSTPONED)


def _of_newer_facts(before: Basis, now: Basis) -> bool:
    """True if a score that reads the same rests on other work or working time: who decides asks (R-28)."""
    return before.sources != now.sources and (before.work_revision, before.working_time_revision) != (
        now.work_revision,
        now.working_time_revision,
    )


def _changed_quotas(taken: Taken, month: ScoredMonth) -> list[Proposed]:
    wanted = {key: Proposed(proposal, 0, empty=False) for key, proposal in month.proposals.items()}
    for key, old in taken.quotas.items():
        if key not in wanted:
            wanted[key] = Proposed(empty(old.proposal), 0, empty=True)
    changed = []
    for key in sorted(wanted):
        before, now = taken.quotas.get(key), wanted[key]
        if before is None or (before.proposal, before.empty) != (now.proposal, now.empty):
            changed.append(replace(now, revision=before.revision + 1 if before else 1))
    return changed
