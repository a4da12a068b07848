"""What the check finds, who decides whom, whom a month waits for, and years, on the wire."""

from collections.abc import Iterable
from datetime import datetime

from approval.domain.check import Finding, Severity
from approval.domain.deadlines import Step
from approval.domain.watch import Recorded, Resolved, WaitingFor
from approval.domain.year import Year, YearResult
from approval.wire.events import REMINDERS, STEPS
from approval.wire.letters import decimal, letter
from chassis.errors import Invalid
from chassis.instants import timestamp
from kpi.approval.v1 import approval_pb2 as pb

MOST_ABOUT = 100
"""People that a line of whom a month waits for names."""

SEVERITIES = {
    Severity.BLOCKING: pb.SEVERITY_BLOCKING,
    Severity.WARNING: pb.SEVERITY_WARNING,
    Severity.NOTICE: pb.SEVERITY_NOTICE,
}


class UnknownSeverity(Invalid):
    """A filter names a severity that this version knows."""

    vi = "Mức {given} không hợp lệ."
    en = "There is no severity {given}."


class UnknownAwaited(Invalid):
    """A filter names a step that somebody can wait for."""

    vi = "Bước {given} không hợp lệ."
    en = "There is no step {given}."


def severity(given: int) -> Severity | None:
    """Return the severity that a filter names; unspecified is none.

    :raises UnknownSeverity: if this version does not know it
    """
    if given == pb.SEVERITY_UNSPECIFIED:
        return None
    for each, written in SEVERITIES.items():
        if written == given:
            return each
    raise UnknownSeverity(given=given, field="severity")


def awaited_step(given: int) -> str:
    """Return the step that a filter names, ``appeal`` for answers; empty for all.

    :raises UnknownAwaited: if this version does not know it
    """
    if given in (pb.STEP_UNSPECIFIED, pb.STEP_APPEAL):
        return "appeal" if given else ""
    for each, written in STEPS.items():
        if written == given:
            return each.value
    raise UnknownAwaited(given=given, field="step")


def findings(given: Iterable[Finding], *, language: str) -> list[pb.Finding]:
    """Return findings in the caller's language."""
    return [_finding(each, language) for each in given]


def competence(given: Resolved, *, language: str) -> pb.Competence:
    """Return who decides about a person."""
    person, resolved = given.person, given.competence
    return pb.Competence(
        person_id=person.id,
        full_name=person.full_name,
        unit_id=person.unit_id,
        post=person.post,
        reviewer_id="" if resolved.external else person.superior_id,
        decider_id=resolved.decider_id,
        external=resolved.external,
        basis=given.rule.basis if given.rule else "",
        setting=resolved.setting,
        nobody_competent=resolved.told(language),
    )


def delegation(given: Recorded) -> pb.Delegation:
    """Return a delegation on record."""
    told, ended = given.present, given.ended
    return pb.Delegation(
        delegation_id=told.id,
        from_person_id=told.from_person_id,
        to_person_id=told.to_person_id,
        from_day=told.from_day.isoformat(),
        to_day=told.to_day.isoformat(),
        document=told.document,
        recorded_by=given.recorded_by,
        recorded_at=timestamp(given.recorded_at),
        recorded_to_day=given.delegation.to_day.isoformat(),
        ended_by=ended.ended_by if ended else "",
        ended_at=timestamp(ended.ended_at) if ended else None,
        end_document=ended.document if ended else "",
    )


def waiting(given: WaitingFor, at: datetime) -> pb.Waiting:
    """Return somebody a month waits for."""
    each, person = given.waiting, given.person
    return pb.Waiting(
        person_id=each.person_id,
        full_name=person.full_name if person else "",
        unit_id=person.unit_id if person else "",
        step=_step(each.step),
        count=len(each.about_ids),
        about_ids=each.about_ids[:MOST_ABOUT],
        last_day=each.last_day.isoformat(),
        due_at=timestamp(each.due_at),
        late=each.days_late(at) > 0,
        days_late=each.days_late(at),
        extension_reason=each.extension_reason,
        told=[
            pb.Told(person_id=told, kind=REMINDERS[kind], told_at=timestamp(when))
            for told, kind, when in given.told
        ],
    )


def year_result(given: YearResult) -> pb.YearResult:
    """Return what is recorded of a year."""
    return pb.YearResult(
        revision=given.revision,
        self_grade=letter(given.self_grade),
        grade=letter(given.grade),
        proposal=given.proposal,
        document=given.document,
        recorded_by=given.recorded_by,
        authority_id=given.authority_id,
        recorded_at=timestamp(given.recorded_at),
    )


def year(given: Year) -> pb.GetYearResponse:
    """Return a person's year."""
    result = pb.GetYearResponse(
        months=[
            pb.YearMonth(
                month=each.month,
                total=decimal(each.total),
                grade=letter(each.grade),
                note=each.why.value if each.why else "",
            )
            for each in given.months
        ],
        counted=len(given.counted),
        mean=decimal(given.mean),
    )
    if given.result:
        result.result.CopyFrom(year_result(given.result))
    return result


def _step(given: Step | None) -> pb.Step:
    return STEPS[given] if given else pb.STEP_APPEAL


def _finding(given: Finding, language: str) -> pb.Finding:
    reason, remedy = given.told(language)
    return pb.Finding(
        code=given.code.value,
        severity=SEVERITIES[given.severity],
        person_id=given.person.id if given.person else "",
        full_name=given.person.full_name if given.person else "",
        unit_id=given.unit_id or (given.person.unit_id if given.person else ""),
        reason=reason,
        remedy=remedy,
    )
