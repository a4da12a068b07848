"""One person's month with everything known of it: what a decision and a list are made from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from approval.domain.competence import Competence
from approval.domain.evaluation import Evaluation
from approval.domain.grade import Grade
from approval.domain.person import Person
from approval.domain.score import Score, ScoreStatus


class State(StrEnum):
    """Where an evaluation stands."""

    AWAITING_SELF_ASSESSMENT = "awaiting_self_assessment"
    AWAITING_REMARKS = "awaiting_remarks"
    AWAITING_DECISION = "awaiting_decision"
    DECIDED = "decided"
    PUBLISHED = "published"
    NOT_EVALUATED = "not_evaluated"
    AWAITING_EXTERNAL = "awaiting_external"


FINAL = frozenset({State.DECIDED, State.PUBLISHED, State.NOT_EVALUATED})
"""States in which nothing more is decided before publication."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as it stands (quyết định xếp loại); superseded by a later one, never edited.

    :param grade: ``None`` where publication recorded that the person was not evaluated
    :param total: what it was decided on; ``None`` for an external result without one
    :param authority_id: the competent person; differs from ``decided_by`` under a delegation
    :param document: number of the city's document, or of the paper that the authority signed
    :param policy: the approval policy and version; ``score_policy`` is the score's
    """

    id: str
    revision: int
    grade: Grade | None
    proposed: Grade | None
    total: Decimal | None
    score_revision: int
    score_policy: str
    policy: str
    reason: str
    decided_by: str
    authority_id: str
    decided_at: datetime
    late: bool
    unit_id: str = ""
    document: str = ""
    delegation_id: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """A published grade; ``grade`` is ``None`` for those not evaluated."""

    revision: int
    grade: Grade | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PublishedGrade:
    """A grade as it is published to the unit; ``grade`` is ``None`` for those not evaluated."""

    person_id: str
    full_name: str
    unit_id: str
    grade: Grade | None
    decision_id: str
    revision: int
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A person's month.

    :param working_time_revision: of the working time that planning told of last; 0 if none is known, and
        ``work_revision`` likewise
    """

    person: Person
    competence: Competence
    evaluation: Evaluation
    score: Score | None = None
    decision: Decision | None = None
    published: Published | None = None
    working_time_revision: int = 0
    work_revision: int = 0

    @property
    def grade(self) -> Grade | None:
        """The decided grade; ``None`` while undecided and for those not evaluated."""
        return self.decision.grade if self.decision else None

    @property
    def state(self) -> State:
        """Where it stands, from what is recorded.

        A decision outlives a later change of the score; "not evaluated" stays what it is when it is
        published.
        """
        if self.published:
            return State.PUBLISHED if self.published.grade else State.NOT_EVALUATED
        if self.grade:
            return State.DECIDED
        if self.evaluation.not_evaluated or (
            self.score is not None and self.score.status is ScoreStatus.NOT_EVALUATED
        ):
            return State.NOT_EVALUATED
        if self.competence.external:
            return State.AWAITING_EXTERNAL
        if self.evaluation.remarks:
            return State.AWAITING_DECISION
        return State.AWAITING_REMARKS if self.evaluation.self_assessment else State.AWAITING_SELF_ASSESSMENT

    @property
    def settled(self) -> bool:
        """True once decided, published or not evaluated: the leader above may be decided (R-27)."""
        return self.state in FINAL

    @property
    def eligible(self) -> bool:
        """True if the person counts in M: evaluated in band A or B, no blocker (R-21)."""
        score = self.score
        return (
            score is not None
            and score.evaluated
            and score.band is not None
            and score.band.good_or_better
            and not score.blocker
            and not (self.evaluation.remarks and self.evaluation.remarks.blocker)
            and not (self.evaluation.not_evaluated and not self.grade)
        )

    @property
    def score_behind(self) -> bool:
        """True if scoring has not yet announced a score with what is assessed and recorded now.

        The general criteria, đ, e or the blocker of the score differ from those recorded here, or planning
        has told here of newer results or working time than the score was computed from.
        """
        score, evaluation = self.score, self.evaluation
        if score is None or not score.evaluated:
            return False
        if 0 < score.working_time_revision < self.working_time_revision:
            return True
        if 0 < score.work_revision < self.work_revision:
            return True
        remarks = evaluation.remarks
        if score.general != evaluation.general or score.blocker != (remarks.blocker if remarks else ""):
            return True
        return bool(
            self.person.leads
            and remarks
            and (score.organising, score.unity) != (remarks.organising, remarks.unity)
        )

    @property
    def reviewer_id(self) -> str:
        """Who remarks: the direct superior; empty where the organizer or the clerk does."""
        return "" if self.competence.external else self.person.superior_id
