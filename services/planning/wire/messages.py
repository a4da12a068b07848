"""From values to the messages of replies and events."""

from datetime import datetime
from decimal import Decimal

from chassis.days import Month
from chassis.instants import timestamp
from kpi.planning.v1 import events_pb2 as events
from kpi.planning.v1 import planning_pb2 as pb
from planning.domain.catalogue import Catalogue, Entry
from planning.domain.lock import MonthLock
from planning.domain.organization import Person, Unit, Ward
from planning.domain.plan import PersonMonth, State, Version
from planning.domain.results import Fault, Result
from planning.domain.task import Task
from planning.domain.working_time import WorkingTime
from planning.wire.enums import KINDS, PERSONNEL_TYPES, ROLES, STATES, UNIT_KINDS


def decimal(number: Decimal | None) -> str:
    """Return a decimal as it goes over the wire; empty for none."""
    return "" if number is None else format(number, "f")


def ward(value: Ward) -> pb.Ward:
    """Return a ward."""
    return pb.Ward(ward_id=value.ward_id, name=value.name, city=value.city)


def unit(value: Unit) -> pb.Unit:
    """Return a unit."""
    return pb.Unit(
        ward_id=value.ward_id,
        unit_id=value.unit_id,
        name=value.name,
        kind=UNIT_KINDS.out(value.kind),
        revision=value.revision,
    )


def person(value: Person, *, salary: bool = True) -> pb.Person:
    """Return a person.

    :param salary: False for a caller who may not see the salary coefficient
    """
    return pb.Person(
        ward_id=value.ward_id,
        person_id=value.person_id,
        from_month=str(value.from_month),
        full_name=value.full_name,
        unit_id=value.unit_id,
        personnel_type=PERSONNEL_TYPES.out(value.personnel_type),
        post=value.post,
        title=value.title,
        role=ROLES.out(value.role),
        salary_coefficient=decimal(value.salary_coefficient) if salary else "",
        superior_id=value.superior_id,
        in_charge_ids=value.in_charge_ids,
        duty_group=value.duty_group,
        quota_scope=value.quota_scope,
        email=value.email,
        language=value.language,
        active=value.active,
        revision=value.revision,
    )


def catalogue(value: Catalogue) -> pb.Catalogue:
    """Return a catalogue's version."""
    return pb.Catalogue(
        ward_id=value.ward_id,
        version=value.version,
        from_month=str(value.from_month),
        standard_points=decimal(value.standard_points),
        proposed_by=value.proposed_by,
        approved=value.approved,
        decision=value.decision,
        approved_at=timestamp(value.approved_at),
        entry_count=value.entry_count,
    )


def entry(value: Entry) -> pb.CatalogueEntry:
    """Return an entry of a catalogue."""
    return pb.CatalogueEntry(
        code=value.code,
        task=value.task,
        output=value.output,
        complexity_group=value.complexity_group,
        points=decimal(value.points),
        coefficient=decimal(value.coefficient),
        section=value.section.value,
        unit=value.unit,
    )


def plan(value: PersonMonth, unit_id: str) -> pb.Plan:
    """Return the newest version of a plan with what came of it."""
    message = version(value.ward_id, value.person_id, value.month, unit_id, value.latest())
    message.revision = value.revision
    for each in message.tasks:
        if found := value.results.get(each.task_id):
            each.MergeFrom(_result(found))
    return message


def version(ward_id: str, person_id: str, month: Month, unit_id: str, value: Version) -> pb.Plan:
    """Return a version of a plan with its tasks, without results."""
    message = head(
        ward_id,
        person_id,
        month,
        unit_id,
        number=value.number,
        state=value.state,
        reason=value.reason,
        decided_by=value.decided_by,
        decided_at=value.decided_at,
        task_count=len(value.tasks),
    )
    message.tasks.extend(_task(each) for each in value.tasks)
    return message


def head(
    ward_id: str,
    person_id: str,
    month: Month,
    unit_id: str,
    *,
    number: int,
    state: State,
    reason: str,
    decided_by: str,
    decided_at: datetime | None,
    task_count: int,
    revision: int = 0,
) -> pb.Plan:
    """Return a plan without its tasks."""
    return pb.Plan(
        ward_id=ward_id,
        plan_id=PersonMonth(ward_id, person_id, month).plan_id,
        person_id=person_id,
        unit_id=unit_id,
        month=str(month),
        version=number,
        state=STATES.out(state),
        reason=reason,
        decided_by=decided_by,
        decided_at=timestamp(decided_at),
        task_count=task_count,
        revision=revision,
    )


def working_time(value: WorkingTime) -> pb.WorkingTime:
    """Return a person's working time."""
    return pb.WorkingTime(
        person_id=value.person_id,
        required_half_days=value.required_half_days,
        worked_half_days=value.worked_half_days,
    )


def _task(value: Task) -> pb.Task:
    return pb.Task(
        task_id=value.task_id,
        kind=KINDS.out(value.kind),
        catalogue_code=value.catalogue_code,
        name=value.name,
        output=value.output,
        due_on=value.due_on.isoformat() if value.due_on else "",
        responsibility=value.responsibility,
        authority=value.authority,
        quantity=decimal(value.quantity),
        coefficient=decimal(value.coefficient),
        counterpart_id=value.counterpart_id,
        reason=value.reason,
        unit_item_id=value.unit_item_id,
        counterpart_task_id=value.counterpart_task_id,
    )


def _result(value: Result) -> pb.Task:
    return pb.Task(
        accepted=decimal(value.accepted),
        evidence=value.evidence,
        faults=[_fault(each) for each in value.faults],
        accepted_on=value.accepted_on.isoformat() if value.accepted_on else "",
        vouched_on=value.vouched_on.isoformat() if value.vouched_on else "",
        stated_by=value.stated_by,
    )


def _fault(value: Fault) -> pb.Fault:
    confirmed = value.confirmation
    return pb.Fault(
        fault_id=value.fault_id,
        outputs=value.outputs,
        failed_reviews=value.failed_reviews,
        missed_deadlines=value.missed_deadlines,
        note=value.note,
        excused_reviews=confirmed.excused_reviews if confirmed else 0,
        excused_deadlines=confirmed.excused_deadlines if confirmed else 0,
        confirmed_by=confirmed.confirmed_by if confirmed else "",
        cause=confirmed.cause if confirmed else "",
        confirmed_at=timestamp(confirmed.confirmed_at) if confirmed else None,
    )


# -- Events -------------------------------------------------------------------------------------------------


def ward_changed(value: Ward) -> events.WardChanged:
    """Tell of a ward."""
    return events.WardChanged(ward_id=value.ward_id, ward=ward(value), revision=value.revision)


def unit_changed(value: Unit) -> events.UnitChanged:
    """Tell of a unit."""
    return events.UnitChanged(ward_id=value.ward_id, unit=unit(value))


def person_changed(value: Person) -> events.PersonChanged:
    """Tell of a person, salary coefficient included."""
    return events.PersonChanged(ward_id=value.ward_id, person=person(value))


def catalogue_approved(value: Catalogue) -> events.CatalogueApproved:
    """Tell of a catalogue put in force."""
    return events.CatalogueApproved(ward_id=value.ward_id, catalogue=catalogue(value))


def month_work(value: PersonMonth, unit_id: str) -> events.MonthWork:
    """Return all counted work of a person's month: the tasks in force with what came of them."""
    tasks = value.in_force.tasks if value.in_force else ()
    return events.MonthWork(
        person_id=value.person_id,
        unit_id=unit_id,
        month=str(value.month),
        revision=value.revision,
        lines=[
            _line(each, value.results.get(each.task_id))
            for each in sorted(tasks, key=lambda each: each.task_id)
        ],
    )


def _line(task: Task, recorded: Result | None) -> events.WorkLine:
    result = recorded or Result(task.task_id, Decimal(0))
    return events.WorkLine(
        task_id=task.task_id,
        kind=KINDS.out(task.kind),
        catalogue_code=task.catalogue_code,
        name=task.name,
        coefficient=decimal(task.coefficient),
        assigned=decimal(task.quantity),
        accepted=decimal(result.accepted),
        faults=[_work_fault(each) for each in result.faults],
        accepted_on=result.accepted_on.isoformat() if result.accepted_on else "",
        vouched_on=result.vouched_on.isoformat() if result.vouched_on else "",
    )


def _work_fault(value: Fault) -> events.WorkFault:
    confirmed = value.confirmation
    return events.WorkFault(
        outputs=value.outputs,
        failed_reviews=value.failed_reviews,
        excused_reviews=confirmed.excused_reviews if confirmed else 0,
        missed_deadlines=value.missed_deadlines,
        excused_deadlines=confirmed.excused_deadlines if confirmed else 0,
    )


def plan_approved(value: PersonMonth, unit_id: str) -> events.PlanApproved:
    """Tell of a plan in force, with all that is counted now."""
    owed = value.owed()
    return events.PlanApproved(
        ward_id=value.ward_id,
        plan_id=value.plan_id,
        version=owed.number,
        approved_by=owed.decided_by,
        approved_at=timestamp(owed.decided_at),
        work=month_work(value, unit_id),
    )


def plan_returned(value: PersonMonth) -> events.PlanReturned:
    """Tell of a returned plan."""
    newest = value.latest()
    return events.PlanReturned(
        ward_id=value.ward_id,
        plan_id=value.plan_id,
        person_id=value.person_id,
        month=str(value.month),
        version=newest.number,
        returned_by=newest.decided_by,
        reason=newest.reason,
        returned_at=timestamp(newest.decided_at),
    )


def results_recorded(value: PersonMonth, unit_id: str) -> events.ResultsRecorded:
    """Tell of results, with all that is counted now."""
    return events.ResultsRecorded(ward_id=value.ward_id, work=month_work(value, unit_id))


def working_time_recorded(ward_id: str, month: Month, value: WorkingTime) -> events.WorkingTimeRecorded:
    """Tell of a person's working time."""
    return events.WorkingTimeRecorded(
        ward_id=ward_id,
        month=str(month),
        working_time=working_time(value),
        revision=value.revision,
        lock_follows=True,
    )


def month_locked(value: MonthLock) -> events.MonthLocked:
    """Tell which facts of a decided month are the last."""
    return events.MonthLocked(
        ward_id=value.ward_id,
        person_id=value.person_id,
        month=str(value.month),
        decision_revision=value.decision_revision,
        working_time_revision=value.working_time_revision,
        post_from_month=str(value.post_from_month) if value.post_from_month else "",
        post_revision=value.post_revision,
        work_revision=value.work_revision,
    )
