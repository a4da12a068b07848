"""What follows publication and the log, between protobuf and the domain."""

from collections.abc import Iterable

from approval.domain.appeal import Appeal, AppealKind, Outcome
from approval.domain.competence import Competence
from approval.domain.deadlines import Step
from approval.domain.evaluation import Return
from chassis.audit import Checkpoint, Entry, Verified
from chassis.audit.words import NO_KEY, NOT_INTACT, PROBLEMS
from chassis.instants import timestamp
from kpi.approval.v1 import approval_pb2 as pb

_KINDS = {AppealKind.OPINION: pb.APPEAL_KIND_OPINION, AppealKind.APPEAL: pb.APPEAL_KIND_APPEAL}
_OUTCOMES = {Outcome.UPHELD: pb.APPEAL_OUTCOME_UPHELD, Outcome.DISMISSED: pb.APPEAL_OUTCOME_DISMISSED}
_STEPS = {Step.SELF_ASSESSMENT.value: pb.STEP_SELF_ASSESSMENT, Step.REMARKS.value: pb.STEP_REMARKS}


def kind(written: int) -> AppealKind | None:
    """Return the kind that is written; unspecified is none."""
    return next((each for each, number in _KINDS.items() if number == written), None)


def outcome(written: int) -> Outcome | None:
    """Return the outcome that is written; unspecified is none."""
    return next((each for each, number in _OUTCOMES.items() if number == written), None)


def appeal(ward_id: str, given: Appeal, by: Competence, *, late: bool, language: str) -> pb.Appeal:
    """Return an appeal or opinion with who answers and the answer."""
    result = pb.Appeal(
        appeal_id=given.id,
        ward_id=ward_id,
        month=given.month,
        person_id=given.person_id,
        kind=_KINDS[given.kind],
        decision_id=given.decision_id,
        decision_revision=given.decision_revision,
        text=given.text,
        document=given.document,
        submitted_by=given.by,
        submitted_at=timestamp(given.at),
        last_day=given.last_day.isoformat() if given.last_day else "",
        late=late,
    )
    if given.open:
        result.answerer_id, result.external = by.decider_id, by.external
        result.nobody_answers = by.told(language)
    answered = given.answer
    if answered:
        result.outcome = _OUTCOMES[answered.outcome]
        result.answer, result.answer_document = answered.text, answered.document
        result.answered_by, result.authority_id = answered.by, answered.authority_id
        result.answered_at.FromDatetime(answered.at)
        result.new_decision_id = answered.new_decision_id
    return result


def returned(given: Return) -> pb.Return:
    """Return a step that was returned for correction."""
    return pb.Return(
        step=_STEPS[given.step],
        reason=given.reason,
        returned_by=given.by,
        returned_at=timestamp(given.at),
    )


def entries(given: Iterable[Entry]) -> list[pb.AuditEntry]:
    """Return entries of the log."""
    return [
        pb.AuditEntry(
            ward_id=each.ward_id,
            number=each.number,
            at=each.at,
            actor_id=each.actor_id,
            authority_id=each.authority_id,
            action=each.action,
            subject_kind=each.subject_kind,
            subject_id=each.subject_id,
            month=each.month,
            before=each.before,
            after=each.after,
            previous=each.previous,
            digest=each.digest,
        )
        for each in given
    ]


def checkpoint(request: pb.VerifyAuditRequest) -> Checkpoint | None:
    """Return the checkpoint of a request, or ``None``."""
    if not request.HasField("checkpoint"):
        return None
    given = request.checkpoint
    return Checkpoint(given.ward_id, given.number, given.digest, given.at, given.signature, given.public_key)


def verified(
    found: Verified, signed: Checkpoint | None, *, has_key: bool, language: str
) -> pb.VerifyAuditResponse:
    """Return what a verification found."""
    result = pb.VerifyAuditResponse(intact=found.fault is None, count=found.number)
    if found.fault:
        result.broken_at = found.fault.number
        result.problem = PROBLEMS[found.fault.problem][language]
    if signed:
        result.checkpoint.CopyFrom(
            pb.AuditCheckpoint(
                ward_id=signed.ward_id,
                number=signed.number,
                digest=signed.digest,
                at=signed.at,
                signature=signed.signature,
                public_key=signed.public_key,
            )
        )
    else:
        result.no_checkpoint = (NOT_INTACT if has_key else NO_KEY)[language]
    return result
