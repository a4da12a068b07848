"""A month's outcome as it is announced: a scorecard for each person, a quota proposal for each group.

(Kết quả chấm điểm tháng, đề xuất xếp loại A theo hạn mức; R-19 to R-22, R-25.)
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.domain.band import Band
from scoring.domain.facts import MonthFacts
from scoring.domain.grade import Grade, QuotaMark
from scoring.domain.person import Person
from scoring.domain.policy import Policies, Policy, QuotaBase
from scoring.domain.quota import Placement, Quota
from scoring.domain.score import Reason, Result, Score, Status, score_month

ShownRatios = tuple[tuple[str, str], ...]
"""Each ratio's name and value with 4 decimals, half-up, as the policy's cap lets it count (R-13)."""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What a month came to for one person, complete.

    :param policy: id and version, such as ``default@1``
    :param rank: among the candidates of the group, from 1; 0 for none
    :param general: the general criteria, if they have been assessed
    """

    person_id: str
    unit: str
    scope: str
    group: str
    policy: str
    status: Status
    reason: Reason | None = None
    waiting_for: tuple[str, ...] = ()
    general: Decimal | None = None
    blocker: str = ""
    total: Decimal | None = None
    band: Band | None = None
    grade: Grade | None = None
    mark: QuotaMark | None = None
    rank: int = 0
    ratios: ShownRatios = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """What a scorecard was computed from, beyond the facts of the person himself.

    :param sources: the revisions of the person's facts
    :param under: ids of those in his charge whose totals halved d (R-16)
    :param tied: how many share the rank
    """

    sources: str
    under: tuple[str, ...] = ()
    tied: int = 1

    @property
    def working_time_revision(self) -> int:
        """Of the working time that it was computed from; 0 for none."""
        return self._revision("time")

    @property
    def work_revision(self) -> int:
        """Of the month's work that it was computed from; 0 for none."""
        return self._revision("work")

    def _revision(self, fact: str) -> int:
        told = dict(each.split("=", 1) for each in self.sources.split())
        return int(told[fact]) if told.get(fact, "-") != "-" else 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """Who keeps A in one group of similar duties of one scope (R-21, R-22).

    :param members: M
    :param limit: A_max
    :param kept: ids, best first; ``lowered`` and ``tied`` likewise, the tied by id
    """

    scope: str
    group: str
    members: int
    rate: Decimal
    base: QuotaBase
    limit: int
    decision: str = ""
    kept: tuple[str, ...] = ()
    lowered: tuple[str, ...] = ()
    tied: tuple[str, ...] = ()

    def placement(self, card: Scorecard, tied: int) -> Placement:
        """Return where this quota put a person who has a total."""
        quota = Quota(
            scope=self.scope,
            group=self.group,
            base=self.base,
            rate=self.rate,
            decision=self.decision or None,
            members=self.members,
            candidates=len(self.kept) + len(self.lowered) + len(self.tied),
            maximum=self.limit,
        )
        return Placement(quota, card.mark or QuotaMark.NONE, card.rank or None, tied)


@dataclass(frozen=True, slots=True)
class ScoredMonth:
    """A ward's month, computed."""

    people: dict[str, Person]
    cards: dict[str, Scorecard]
    bases: dict[str, Basis]
    proposals: dict[tuple[str, str], Proposal]
    """By scope and group."""


def score_facts(policies: Policies, facts: MonthFacts) -> ScoredMonth:
    """Return what is to be announced of a month, computed whole and in one pass."""
    people = facts.people()
    results = score_month(policies, people, facts.scopes)
    sources = facts.sources()
    cards, bases = {}, {}
    for person, result in zip(people, results, strict=True):
        cards[person.id] = scorecard(policies.of(person.personnel_type), person, result)
        bases[person.id] = _basis(result, sources[person.id])
    by_id = {person.id: person for person in people}
    return ScoredMonth(by_id, cards, bases, _proposals(results))


def scorecard(policy: Policy, person: Person, result: Result) -> Scorecard:
    """Return a result as it is announced."""
    score = result.score
    return Scorecard(
        person_id=person.id,
        unit=person.unit,
        scope=person.scope,
        group=person.group,
        policy=policy.name,
        status=result.status,
        reason=result.reason,
        waiting_for=result.waiting_for,
        general=person.common_score,
        blocker=person.blocker or "",
        total=score.total if score else None,
        band=score.band if score else None,
        grade=score.grade if score else None,
        mark=score.placement.mark if score else None,
        rank=(score.placement.rank or 0) if score else 0,
        ratios=_shown(score) if score else (),
    )


def not_in_month(card: Scorecard, policy: Policy) -> Scorecard:
    """Return what is announced of somebody who had a scorecard and turns out not to belong to the month."""
    return Scorecard(
        person_id=card.person_id,
        unit=card.unit,
        scope=card.scope,
        group=card.group,
        policy=policy.name,
        status=Status.NOT_EVALUATED,
        reason=Reason.NOT_IN_MONTH,
    )


def empty(proposal: Proposal) -> Proposal:
    """Return what is announced of a group that had a quota and has nobody with a total any more."""
    return Proposal(
        scope=proposal.scope,
        group=proposal.group,
        members=0,
        rate=proposal.rate,
        base=proposal.base,
        limit=0,
        decision=proposal.decision,
    )


def _shown(score: Score) -> ShownRatios:
    return tuple((ratio.name, f"{ratio.shown():f}") for ratio in score.ratios)


def _basis(result: Result, sources: str) -> Basis:
    score = result.score
    if score is None:
        return Basis(sources)
    leadership = score.ratios.leadership
    return Basis(sources, leadership.under if leadership else (), score.placement.tied)


def _proposals(results: Sequence[Result]) -> dict[tuple[str, str], Proposal]:
    groups: defaultdict[Quota, dict[QuotaMark, list[tuple[int, str]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for result in results:
        if result.score is not None:
            placement = result.score.placement
            groups[placement.quota][placement.mark].append((placement.rank or 0, result.person_id))

    def ids(marked: list[tuple[int, str]]) -> tuple[str, ...]:
        return tuple(id_ for _, id_ in sorted(marked))

    return {
        (quota.scope, quota.group): Proposal(
            scope=quota.scope,
            group=quota.group,
            members=quota.members,
            rate=quota.rate,
            base=quota.base,
            limit=quota.maximum,
            decision=quota.decision or "",
            kept=ids(marks[QuotaMark.KEPT]),
            lowered=ids(marks[QuotaMark.LOWERED]),
            tied=ids(marks[QuotaMark.TIE]),
        )
        for quota, marks in groups.items()
    }
