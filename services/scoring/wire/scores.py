"""Scorecards, quotas and policies as they go over the wire."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal

from google.protobuf.timestamp_pb2 import Timestamp

from kpi.scoring.v1 import events_pb2 as events
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring.domain.exact import plain
from scoring.domain.grade import QuotaMark
from scoring.domain.policy import DECIDED_RATE_MAXIMUM, Policy
from scoring.domain.score import Reason, Status
from scoring.domain.scorecard import Proposal, Scorecard

_STATUSES = {
    Status.EVALUATED: pb.SCORE_STATUS_EVALUATED,
    Status.NOT_EVALUATED: pb.SCORE_STATUS_NOT_EVALUATED,
    Status.INSUFFICIENT_DATA: pb.SCORE_STATUS_INSUFFICIENT_DATA,
    Status.WAITING: pb.SCORE_STATUS_WAITING,
}
_OUTCOMES = {
    None: pb.QUOTA_OUTCOME_UNSPECIFIED,
    QuotaMark.NONE: pb.QUOTA_OUTCOME_NONE,
    QuotaMark.KEPT: pb.QUOTA_OUTCOME_KEPT,
    QuotaMark.LOWERED: pb.QUOTA_OUTCOME_LOWERED,
    QuotaMark.TIE: pb.QUOTA_OUTCOME_TIE,
}
_LETTERS = {
    "": types.GRADE_UNSPECIFIED,
    "A": types.GRADE_A,
    "B": types.GRADE_B,
    "C": types.GRADE_C,
    "D": types.GRADE_D,
}


def score(ward_id: str, month: str, card: Scorecard, *, revision: int, computed_at: datetime) -> pb.Score:
    """Return a scorecard as the contract writes it.

    đ and e are assessed with the general criteria, so both are missing for one reason:
    ``no_general_assessment``. The explanation's text tells which.
    """
    # Not chassis.rpc's helper: the worker speaks no gRPC, and loads none.
    at = Timestamp()
    at.FromDatetime(computed_at)
    reason = card.reason
    if reason is Reason.NO_LEADERSHIP_ASSESSMENT:
        reason = Reason.NO_GENERAL_ASSESSMENT
    return pb.Score(
        ward_id=ward_id,
        person_id=card.person_id,
        unit_id=card.unit,
        month=month,
        status=_STATUSES[card.status],
        reason=reason.value if reason else "",
        waiting_for=card.waiting_for,
        total=_digits(card.total),
        band=_LETTERS[card.band or ""],
        proposed_grade=_LETTERS[card.grade or ""],
        quota=_OUTCOMES[card.mark],
        ratios=pb.Ratios(**dict(card.ratios)) if card.ratios else None,
        general=_digits(card.general),
        quota_scope=card.scope,
        duty_group=card.group,
        rank=card.rank,
        blocker=card.blocker,
        policy=card.policy,
        revision=revision,
        computed_at=at,
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
        rate=_digits(proposal.rate),
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


def policy(found: Policy) -> pb.GetPolicyResponse:
    """Return a policy with every setting."""
    settings = {
        "attendance_threshold": plain(found.attendance_threshold),
        "cap": found.cap.value,
        "decided_quota_rate_maximum": plain(DECIDED_RATE_MAXIMUM),
        "effective_on": found.effective_on.isoformat(),
        "effective_until": found.effective_until.isoformat() if found.effective_until else "",
        "excellent": plain(found.excellent),
        "fault_scope": found.fault_scope.value,
        "good": plain(found.good),
        "personnel_types": ", ".join(sorted(found.personnel_types)),
        "quota_base": found.quota_base.value,
        "quota_rate": plain(found.quota_rate),
        "satisfactory": plain(found.satisfactory),
    }
    return pb.GetPolicyResponse(
        policy_id=found.id,
        version=found.version,
        legal_basis="; ".join(found.legal_basis),
        from_month=f"{found.effective_on:%Y-%m}",
        settings=settings,
    )


def _digits(amount: Decimal | None) -> str:
    return "" if amount is None else format(amount, "f")
