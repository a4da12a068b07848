"""Scorecards and quotas as they go over the wire."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from chassis.instants import timestamp
from kpi.scoring.v1 import events_pb2 as events
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.domain.grade import QuotaMark
from scoring.domain.score import Reason, Status
from scoring.domain.scorecard import Basis, Proposal, Scorecard

STATUSES = {
    Status.EVALUATED: pb.SCORE_STATUS_EVALUATED,
    Status.NOT_EVALUATED: pb.SCORE_STATUS_NOT_EVALUATED,
    Status.INSUFFICIENT_DATA: pb.SCORE_STATUS_INSUFFICIENT_DATA,
    Status.WAITING: pb.SCORE_STATUS_WAITING,
}
OUTCOMES = {
    None: pb.QUOTA_OUTCOME_UNSPECIFIED,
    QuotaMark.NONE: pb.QUOTA_OUTCOME_NONE,
    QuotaMark.KEPT: pb.QUOTA_OUTCOME_KEPT,
    QuotaMark.LOWERED: pb.QUOTA_OUTCOME_LOWERED,
    QuotaMark.TIE: pb.QUOTA_OUTCOME_TIE,
}
LETTERS = {
    "": types.GRADE_UNSPECIFIED,
    "A": types.GRADE_A,
    "B": types.GRADE_B,
    "C": types.GRADE_C,
    "D": types.GRADE_D,
}


def score(
    ward_id: str, month: str, card: Scorecard, basis: Basis, *, revision: int, computed_at: datetime
) -> pb.Score:
    """Return a scorecard as the contract writes it.

    đ and e are assessed with the general criteria, so both are missing for one reason:
    ``no_general_assessment``. The explanation's text tells which.
    """
    return pb.Score(
        ward_id=ward_id,
        person_id=card.person_id,
        unit_id=card.unit,
        month=month,
        status=STATUSES[card.status],
        reason=told_reason(card),
        waiting_for=card.waiting_for,
        total=digits(card.total),
        band=LETTERS[card.band or ""],
        proposed_grade=LETTERS[card.grade or ""],
        quota=OUTCOMES[card.mark],
        ratios=pb.Ratios(**dict(card.ratios)) if card.ratios else None,
        general=digits(card.general),
        quota_scope=card.scope,
        duty_group=card.group,
        rank=card.rank,
        blocker=card.blocker,
        policy=card.policy,
        revision=revision,
        computed_at=timestamp(computed_at),
        working_time_revision=basis.working_time_revision,
        work_revision=basis.work_revision,
    )


def quota(
    ward_id: str,
    month: str,
    proposal: Proposal,
    *,
    revision: int,
    visible: Collection[str] | None = None,
) -> pb.Quota:
    """Return a quota as the contract writes it.

    :param visible: whose ids may be told; ``None`` for everybody's
    """

    def told(ids: Collection[str]) -> list[str]:
        return [id_ for id_ in ids if visible is None or id_ in visible]

    return pb.Quota(
        ward_id=ward_id,
        month=month,
        quota_scope=proposal.scope,
        duty_group=proposal.group,
        base=proposal.members,
        rate=digits(proposal.rate),
        quota_base=proposal.base.value,
        limit=proposal.limit,
        kept_ids=told(proposal.kept),
        lowered_ids=told(proposal.lowered),
        tied_ids=told(proposal.tied),
        decision=proposal.decision,
        revision=revision,
    )


def scorecard_computed(announced: pb.Score) -> events.ScorecardComputed:
    """Return the event of a changed score."""
    return events.ScorecardComputed(ward_id=announced.ward_id, score=announced)


def quota_proposed(announced: pb.Quota) -> events.QuotaProposed:
    """Return the event of a changed quota."""
    return events.QuotaProposed(ward_id=announced.ward_id, quota=announced)


def digits(amount: Decimal | None) -> str:
    """Return an amount as the contract writes it; nothing for none."""
    return "" if amount is None else format(amount, "f")


def told_reason(card: Scorecard) -> str:
    """Return why there is no total, as the contract names it."""
    reason = card.reason
    if reason is Reason.NO_LEADERSHIP_ASSESSMENT:
        reason = Reason.NO_GENERAL_ASSESSMENT
    return reason.value if reason else ""
