"""Requests, read into what the use cases take."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from approval.domain.access import Delegation
from approval.domain.case import State
from approval.domain.criteria import Value
from approval.domain.deadlines import Step
from approval.domain.decision import Choice
from approval.domain.evaluation import GivenRemarks, GivenSelfAssessment
from approval.domain.quota import Rate
from approval.wire.letters import grade, number
from chassis.days import Month
from chassis.errors import Invalid
from kpi.approval.v1 import approval_pb2 as pb
from kpi.types.v1 import types_pb2

LONGEST_ID = 200
_YEAR = re.compile(r"2[0-9]{3}")

_STEPS = {
    pb.STEP_SELF_ASSESSMENT: Step.SELF_ASSESSMENT,
    pb.STEP_REMARKS: Step.REMARKS,
    pb.STEP_DECISION: Step.DECISION,
    pb.STEP_PUBLICATION: Step.PUBLICATION,
}


class BadMonth(Invalid):
    """A month is written YYYY-MM."""

    vi = "{given} không phải là tháng như 2026-03."
    en = "{given} is no month such as 2026-03."


class BadYear(Invalid):
    """A year is written YYYY."""

    vi = "{given} không phải là năm như 2026."
    en = "{given} is no year such as 2026."


class BadDay(Invalid):
    """A legal day is written YYYY-MM-DD."""

    vi = "{given} không phải là ngày như 2026-03-24."
    en = "{given} is no day such as 2026-03-24."


class Missing(Invalid):
    """A field that a request cannot do without is empty."""

    vi = "Thiếu {field}."
    en = "{field} is missing."


class IdTooLong(Invalid):
    """An id has at most 200 characters."""

    vi = "Mã ở {field} dài quá 200 ký tự."
    en = "The id in {field} is longer than 200 characters."


class UnknownStep(Invalid):
    """A step of the month is stated."""

    vi = "Phải ghi bước: tự đánh giá, nhận xét, quyết định hoặc công bố."
    en = "State the step: self-assessment, remarks, decision or publication."


class UnknownState(Invalid):
    """A filter names a state that this version knows."""

    vi = "Trạng thái {given} không hợp lệ."
    en = "State {given} is not known."


class UnknownPersonnelType(Invalid):
    """A personnel type is one that this version knows."""

    vi = "Loại đối tượng {given} không hợp lệ."
    en = "Personnel type {given} is not known."


def month(text: str) -> str:
    """Return the month that a text spells.

    :raises BadMonth: if it spells none
    """
    try:
        return str(Month.parse(text))
    except ValueError:
        raise BadMonth(given=repr(text[:40]), field="month") from None


def year(text: str) -> str:
    """Return the year that a text spells.

    :raises BadYear: if it spells none
    """
    if not _YEAR.fullmatch(text):
        raise BadYear(given=repr(text[:40]), field="year")
    return text


def period(text: str) -> str:
    """Return the month, or the year, that a text spells.

    :raises BadMonth: if it spells neither
    """
    return text if _YEAR.fullmatch(text) else month(text)


def day(text: str, *, field: str) -> date:
    """Return the legal day that a text spells.

    :raises BadDay: if it spells none
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise BadDay(given=repr(text[:40]), field=field) from None
    if found.isoformat() != text:
        raise BadDay(given=repr(text[:40]), field=field)
    return found


def identifier(text: str, *, field: str) -> str:
    """Return an id that is there and no longer than one can be.

    :raises Missing: if it is empty
    :raises IdTooLong: if it is too long
    """
    if not text:
        raise Missing(field=field)
    if len(text) > LONGEST_ID:
        raise IdTooLong(field=field)
    return text


def step(number_: int) -> Step:
    """Return a step.

    :raises UnknownStep: if none is stated
    """
    for written, found in _STEPS.items():
        if written == number_:
            return found
    raise UnknownStep(field="step")


def state(number_: int) -> State | None:
    """Return a state to filter by; unspecified is every one.

    :raises UnknownState: if this version knows none with that number
    """
    if number_ == pb.EVALUATION_STATE_UNSPECIFIED:
        return None
    try:
        return State(pb.EvaluationState.Name(number_).removeprefix("EVALUATION_STATE_").lower())
    except ValueError:
        raise UnknownState(given=number_, field="state") from None


def personnel_type(number_: int) -> str:
    """Return a personnel type's code; empty for none.

    :raises UnknownPersonnelType: if this version knows none with that number
    """
    if number_ == types_pb2.PERSONNEL_TYPE_UNSPECIFIED:
        return ""
    try:
        return types_pb2.PersonnelType.Name(number_).removeprefix("PERSONNEL_TYPE_").lower()
    except ValueError:
        raise UnknownPersonnelType(given=number_, field="personnel_type") from None


def values(given: Iterable[pb.CriterionValue], *, place: str = "values") -> tuple[Value, ...]:
    """Return values of criteria.

    :raises BadNumber: at the first whose points are no decimal
    """
    return tuple(
        Value(each.criterion_id, number(each.points, field=f"{place}[{index}].points"), each.reason)
        for index, each in enumerate(given)
    )


def self_assessments(given: Iterable[pb.SelfAssessment]) -> tuple[GivenSelfAssessment, ...]:
    """Return submitted self-assessments, each with its place."""
    return tuple(
        GivenSelfAssessment(
            person_id=identifier(each.person_id, field=f"{place}.person_id"),
            values=values(each.values, place=f"{place}.values"),
            strengths=each.strengths,
            weaknesses=each.weaknesses,
            proposed=grade(each.proposed_grade),
            document=each.document,
            place=place,
        )
        for place, each in ((f"self_assessments[{index}]", each) for index, each in enumerate(given))
    )


def remarks(given: Iterable[pb.Remarks]) -> tuple[GivenRemarks, ...]:
    """Return submitted remarks, each with its place."""
    return tuple(
        GivenRemarks(
            person_id=identifier(each.person_id, field=f"{place}.person_id"),
            values=values(each.values, place=f"{place}.values"),
            text=each.text,
            organising=each.organising,
            organising_fact=each.organising_fact,
            unity=each.unity,
            unity_fact=each.unity_fact,
            blocker=each.blocker,
            document=each.document,
            place=place,
        )
        for place, each in ((f"remarks[{index}]", each) for index, each in enumerate(given))
    )


def choices(given: Iterable[pb.GradeDecision]) -> tuple[Choice, ...]:
    """Return what is to be decided, each with its place."""
    return tuple(
        Choice(
            person_id=identifier(each.person_id, field=f"decisions[{index}].person_id"),
            grade=grade(each.grade),
            reason=each.reason,
            score_revision=each.score_revision,
            place=f"decisions[{index}]",
        )
        for index, each in enumerate(given)
    )


def rate(given: pb.DecideQuotaRateRequest) -> Rate:
    """Return a quota rate with its decision."""
    return Rate(
        scope=identifier(given.quota_scope, field="quota_scope"),
        rate=number(given.rate, field="rate"),
        decision=given.decision.strip(),
        decided_on=day(given.decided_on, field="decided_on").isoformat() if given.decided_on else "",
        signer=given.signer.strip(),
        reason=given.reason.strip(),
    )


def delegation(given: pb.DelegateRequest) -> Delegation:
    """Return a delegation, without an id yet."""
    return Delegation(
        id="",
        from_person_id=identifier(given.from_person_id, field="from_person_id"),
        to_person_id=identifier(given.to_person_id, field="to_person_id"),
        from_day=day(given.from_day, field="from_day"),
        to_day=day(given.to_day, field="to_day"),
        document=given.document.strip(),
    )


def total(text: str) -> Decimal | None:
    """Return a total; empty is none."""
    return number(text, field="total") if text else None
