"""Evidence and claims of objective causes, between messages and values."""

from typing import Final

from chassis.instants import timestamp
from kpi.planning.v1 import causes_pb2, events_pb2, evidence_pb2
from planning.domain.causes import Claim, ClaimState
from planning.domain.evidence import Evidence
from planning.wire.enums import Words

_STATES: Final = {
    causes_pb2.CAUSE_STATE_REQUESTED: ClaimState.REQUESTED,
    causes_pb2.CAUSE_STATE_CONFIRMED: ClaimState.CONFIRMED,
    causes_pb2.CAUSE_STATE_REFUSED: ClaimState.REFUSED,
}
CLAIM_STATES: Final = Words(_STATES, {word: causes_pb2.CauseState.Name(word) for word in _STATES})


def evidence(value: Evidence) -> evidence_pb2.Evidence:
    """Return a piece of evidence."""
    return evidence_pb2.Evidence(
        evidence_id=value.evidence_id,
        person_id=value.person_id,
        month=str(value.month),
        task_id=value.task_id,
        title=value.title,
        link=value.link,
        file_name=value.file.name if value.file else "",
        media_type=value.file.media_type if value.file else "",
        size=value.file.size if value.file else 0,
        sha256=value.file.sha256 if value.file else "",
        added_by=value.added_by,
        added_at=timestamp(value.added_at),
        withdrawn_by=value.withdrawn_by,
        withdrawn_at=timestamp(value.withdrawn_at),
        withdrawn_reason=value.withdrawn_reason,
    )


def cause(value: Claim) -> causes_pb2.ObjectiveCause:
    """Return a claim of an objective cause."""
    return causes_pb2.ObjectiveCause(
        person_id=value.person_id,
        month=str(value.month),
        task_id=value.task_id,
        fault_id=value.fault_id,
        number=value.number,
        state=CLAIM_STATES.out(value.state),
        reviews=value.reviews,
        deadlines=value.deadlines,
        cause=value.cause,
        evidence_ids=value.evidence_ids,
        requested_by=value.requested_by,
        requested_at=timestamp(value.requested_at),
        answered_by=value.answered_by,
        answered_at=timestamp(value.answered_at),
        reason=value.reason,
        excused_reviews=value.excused_reviews,
        excused_deadlines=value.excused_deadlines,
    )


def cause_requested(ward_id: str, value: Claim, superior_id: str) -> events_pb2.ObjectiveCauseRequested:
    """Tell of a claim that waits for an answer."""
    return events_pb2.ObjectiveCauseRequested(ward_id=ward_id, cause=cause(value), superior_id=superior_id)


def cause_answered(ward_id: str, value: Claim) -> events_pb2.ObjectiveCauseAnswered:
    """Tell of an answered claim."""
    return events_pb2.ObjectiveCauseAnswered(ward_id=ward_id, cause=cause(value))
