"""Units' plans, and what differs between versions, over the wire."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final

from chassis.instants import timestamp
from kpi.planning.v1 import amendments_pb2, events_pb2
from kpi.planning.v1 import unit_plans_pb2 as pb
from planning.domain.changes import Change, ChangeKind
from planning.domain.plan import State
from planning.domain.unit_plan import MOST_ITEMS, Line, Progress, UnitItem, UnitPlan, UnitVersion, totals
from planning.wire.enums import KINDS
from planning.wire.messages import decimal
from planning.wire.requests import day, limited, text

STATES: Final = {
    State.DRAFT: pb.UNIT_PLAN_STATE_DRAFT,
    State.SUBMITTED: pb.UNIT_PLAN_STATE_SUBMITTED,
    State.APPROVED: pb.UNIT_PLAN_STATE_APPROVED,
    State.RETURNED: pb.UNIT_PLAN_STATE_RETURNED,
    State.SUPERSEDED: pb.UNIT_PLAN_STATE_SUPERSEDED,
}
CHANGE_KINDS: Final = {
    ChangeKind.ADDED: amendments_pb2.CHANGE_KIND_ADDED,
    ChangeKind.REMOVED: amendments_pb2.CHANGE_KIND_REMOVED,
    ChangeKind.CHANGED: amendments_pb2.CHANGE_KIND_CHANGED,
}


def items(messages: Sequence[pb.UnitItem]) -> list[UnitItem]:
    """Return the items of a plan as they were handed in."""
    limited(len(messages), MOST_ITEMS, "items")
    return [
        UnitItem(
            item_id=each.item_id,
            name=text(each.name, f"items[{place}].name"),
            lead_person_id=each.lead_person_id,
            lead_unit_id=each.lead_unit_id,
            due_on=day(each.due_on, f"items[{place}].due_on") if each.due_on else None,
            responsibility=text(each.responsibility, f"items[{place}].responsibility"),
            output=text(each.output, f"items[{place}].output"),
            authority=text(each.authority, f"items[{place}].authority"),
        )
        for place, each in enumerate(messages)
    ]


def unit_plan(
    value: UnitPlan, progress: dict[str, Progress], seen: Collection[str] | None = None
) -> pb.UnitPlan:
    """Return the newest version of a plan, with what is under its items.

    :param seen: whose tasks are shown; None for everybody's
    """
    message = unit_version(value, value.latest())
    message.in_force_version = value.in_force.number if value.in_force else 0
    message.revision = value.revision
    for each in message.items:
        _add_progress(each, progress.get(each.item_id, Progress()), seen)
    return message


def unit_head(value: UnitPlan) -> pb.UnitPlan:
    """Return where a unit's plan stands, without items; version 0 for none."""
    if value.newest is None:
        return pb.UnitPlan(ward_id=value.ward_id, unit_id=value.unit_id, month=str(value.month))
    message = unit_version(value, value.newest)
    message.in_force_version = value.in_force.number if value.in_force else 0
    message.revision = value.revision
    del message.items[:]
    return message


def unit_plan_submitted(
    value: UnitPlan, *, unit_name: str, approver_ids: Iterable[str], by: str, at: datetime
) -> events_pb2.UnitPlanSubmitted:
    """Tell of a unit's plan that waits for approval."""
    return events_pb2.UnitPlanSubmitted(
        ward_id=value.ward_id,
        plan=unit_head(value),
        unit_name=unit_name,
        submitted_by=by,
        submitted_at=timestamp(at),
        approver_ids=sorted(approver_ids),
    )


def unit_plan_answered(
    value: UnitPlan, *, unit_name: str, leader_ids: Iterable[str]
) -> events_pb2.UnitPlanAnswered:
    """Tell of a unit's plan that was approved or returned."""
    return events_pb2.UnitPlanAnswered(
        ward_id=value.ward_id, plan=unit_head(value), unit_name=unit_name, leader_ids=sorted(leader_ids)
    )


def unit_version(plan: UnitPlan, value: UnitVersion) -> pb.UnitPlan:
    """Return a version of a plan with its items alone."""
    return pb.UnitPlan(
        ward_id=plan.ward_id,
        unit_id=plan.unit_id,
        month=str(plan.month),
        version=value.number,
        state=STATES[value.state],
        reason=value.reason,
        decided_by=value.decided_by,
        decided_at=timestamp(value.decided_at),
        items=[_item(each) for each in value.items],
        item_count=len(value.items),
    )


def line_changes(found: Iterable[Change]) -> list[amendments_pb2.LineChange]:
    """Return what differs between two versions."""
    return [
        amendments_pb2.LineChange(
            line_id=each.line_id,
            name=each.name,
            kind=CHANGE_KINDS[each.kind],
            parts=[
                amendments_pb2.PartChange(part=part.part, before=part.before, after=part.after)
                for part in each.parts
            ],
        )
        for each in found
    ]


def _item(value: UnitItem) -> pb.UnitItem:
    return pb.UnitItem(
        item_id=value.item_id,
        name=value.name,
        lead_person_id=value.lead_person_id,
        lead_unit_id=value.lead_unit_id,
        due_on=value.due_on.isoformat() if value.due_on else "",
        responsibility=value.responsibility,
        output=value.output,
        authority=value.authority,
    )


def _add_progress(message: pb.UnitItem, progress: Progress, seen: Collection[str] | None) -> None:
    found = totals(progress.lines)
    message.task_count = len(progress.open_lines)
    message.finished_count = progress.finished
    message.assigned = decimal(found.assigned)
    message.done = decimal(found.done)
    message.tasks.extend(_task(each) for each in progress.lines if seen is None or each.person_id in seen)


def _task(line: Line) -> pb.ItemTask:
    task = line.task
    return pb.ItemTask(
        person_id=line.person_id,
        task_id=task.task_id,
        kind=KINDS.out(task.kind),
        name=task.name,
        due_on=task.due_on.isoformat() if task.due_on else "",
        quantity=decimal(task.quantity),
        accepted=decimal(line.result.accepted) if line.result else "",
        coefficient=decimal(task.coefficient),
    )
