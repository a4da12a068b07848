"""What other services announced, as facts of scoring.

Whatever a month cannot hold is refused here as ``Invalid``, so that it never reaches the month's computation.
"""

from datetime import UTC, date, datetime

from kpi.approval.v1.events_pb2 import DelegationRecorded, GeneralAssessed, MonthPublished, QuotaRateDecided
from kpi.planning.v1.events_pb2 import MonthWork, PersonChanged, WorkingTimeRecorded, WorkLine
from kpi.types.v1 import types_pb2 as types
from scoring.domain.facts import Assessment, Line, Post, QuotaRate, Work, WorkingTime
from scoring.domain.person import Role
from scoring.domain.quota import Scope
from scoring.domain.visibility import Delegation
from scoring.domain.work import Fault, Kind, Task
from scoring.wire.parsing import NotStated, id_, month, number

_ROLES = {types.ROLE_STAFF: Role.STAFF, types.ROLE_LEADER: Role.LEADER}
PERSONNEL_TYPES = {
    types.PERSONNEL_TYPE_CADRE: "cadre",
    types.PERSONNEL_TYPE_CIVIL_SERVANT: "civil_servant",
    types.PERSONNEL_TYPE_PUBLIC_EMPLOYEE: "public_employee",
    types.PERSONNEL_TYPE_CONTRACT_WORKER: "contract_worker",
}
"""By what the contracts call them."""

_KINDS = {
    types.TASK_KIND_PLANNED: Kind.PLANNED,
    types.TASK_KIND_EXTRA: Kind.EXTRA,
    types.TASK_KIND_TAKEN_OVER: Kind.TAKEN_OVER,
    types.TASK_KIND_HANDED_OVER: Kind.HANDED_OVER,
    types.TASK_KIND_WITHDRAWN: Kind.WITHDRAWN,
}


def post(event: PersonChanged) -> Post:
    """Return the post that was announced."""
    person = event.person
    if person.role not in _ROLES:
        raise NotStated(field="person.role")
    return Post(
        ward_id=id_(event.ward_id, "ward_id"),
        person_id=id_(person.person_id, "person.person_id"),
        from_month=month(person.from_month, "person.from_month"),
        revision=person.revision,
        unit=person.unit_id,
        group=person.duty_group,
        role=_ROLES[person.role],
        quota_scope=person.quota_scope,
        superior_id=person.superior_id,
        manages=tuple(person.in_charge_ids),
        active=person.active,
        personnel_type=PERSONNEL_TYPES.get(person.personnel_type, ""),
    )


def work(ward_id: str, announced: MonthWork) -> Work:
    """Return the work of a person's month.

    :raises Unfit: if no month can hold it (R-7, R-12)
    """
    result = Work(
        ward_id=id_(ward_id, "ward_id"),
        month=month(announced.month, "work.month"),
        person_id=id_(announced.person_id, "work.person_id"),
        revision=announced.revision,
        lines=tuple(_line(line, f"work.lines[{index}]") for index, line in enumerate(announced.lines)),
    )
    result.check()
    return result


def working_time(event: WorkingTimeRecorded) -> WorkingTime:
    """Return the working time of a person's month.

    :raises Unfit: if it is below nothing
    """
    time = event.working_time
    result = WorkingTime(
        ward_id=id_(event.ward_id, "ward_id"),
        month=month(event.month),
        person_id=id_(time.person_id, "working_time.person_id"),
        revision=event.revision,
        required=time.required_half_days,
        worked=time.worked_half_days,
    )
    result.check()
    return result


def assessment(event: GeneralAssessed) -> Assessment:
    """Return the assessment of a person's month.

    :raises Unfit: if nobody can have such points or marks (R-17, R-18)
    """
    result = Assessment(
        ward_id=id_(event.ward_id, "ward_id"),
        month=month(event.month),
        person_id=id_(event.person_id, "person_id"),
        revision=event.revision,
        common_score=number(event.general, "general") if event.general else None,
        organising=event.organising or None,
        unity=event.unity or None,
        blocker=event.blocker,
        set_aside=bool(event.not_evaluated_reason),
    )
    result.check()
    return result


def quota_rate(event: QuotaRateDecided) -> QuotaRate:
    """Return the rate that was decided for a scope.

    :raises Unfit: if the law does not allow it (R-21)
    """
    scope = Scope(id_(event.quota_scope, "quota_scope"), number(event.rate, "rate"), event.decision or None)
    scope.check()
    return QuotaRate(id_(event.ward_id, "ward_id"), month(event.month), event.revision, scope)


def delegation(event: DelegationRecorded) -> Delegation:
    """Return who acts for whom, and from which day to which."""
    return Delegation(
        ward_id=id_(event.ward_id, "ward_id"),
        delegation_id=id_(event.delegation_id, "delegation_id"),
        from_person_id=id_(event.from_person_id, "from_person_id"),
        to_person_id=id_(event.to_person_id, "to_person_id"),
        from_day=date.fromisoformat(event.from_day),
        to_day=date.fromisoformat(event.to_day),
    )


def closing(event: MonthPublished) -> tuple[str, str, datetime]:
    """Return the ward and month of which every grade is published, and since when."""
    return (
        id_(event.ward_id, "ward_id"),
        month(event.month),
        event.published_at.ToDatetime(tzinfo=UTC),
    )


def _line(line: WorkLine, place: str) -> Line:
    if line.kind not in _KINDS:
        raise NotStated(field=f"{place}.kind")
    task = Task(
        number(line.coefficient, f"{place}.coefficient"),
        number(line.assigned, f"{place}.assigned"),
        number(line.accepted, f"{place}.accepted"),
        _KINDS[line.kind],
        tuple(
            [
                Fault(
                    fault.outputs,
                    fault.failed_reviews,
                    fault.excused_reviews,
                    fault.missed_deadlines,
                    fault.excused_deadlines,
                )
                for fault in line.faults
            ]
        ),
        line.catalogue_code,
    )
    return Line(line.task_id, line.name, task)
