"""Weeks over the wire."""

from collections.abc import Sequence

from chassis.instants import timestamp
from kpi.planning.v1 import weeks_pb2 as pb
from planning.domain.ids import month
from planning.domain.week import MOST_ENTRIES, Edit, Entry, Item, Schedule
from planning.wire.enums import KINDS
from planning.wire.messages import decimal
from planning.wire.requests import day, limited, text


def items(messages: Sequence[pb.WeekEntry]) -> list[Item]:
    """Return the entries of a week as they were handed in."""
    limited(len(messages), MOST_ENTRIES, "entries")
    return [
        Item(
            month=month(each.month, f"entries[{place}].month"),
            task_id=each.task_id,
            days=tuple(
                day(words, f"entries[{place}].days[{number}]") for number, words in enumerate(each.days)
            ),
            note=text(each.note, f"entries[{place}].note"),
        )
        for place, each in enumerate(messages)
    ]


def week(value: Schedule) -> pb.Week:
    """Return a person's week."""
    edit = value.edit
    return pb.Week(
        ward_id=value.ward_id,
        person_id=value.person_id,
        week=str(value.week),
        first_on=value.week.first_on.isoformat(),
        last_on=value.week.last_on.isoformat(),
        revision=edit.revision if edit else 0,
        edited_by=edit.edited_by if edit else "",
        edited_at=timestamp(edit.edited_at) if edit else None,
        entries=[_entry(each) for each in value.entries],
    )


def edit(value: Edit) -> pb.WeekEdit:
    """Return an edit as it was saved."""
    return pb.WeekEdit(
        revision=value.revision,
        edited_by=value.edited_by,
        edited_at=timestamp(value.edited_at),
        entries=[
            pb.WeekEntry(
                month=str(each.month),
                task_id=each.task_id,
                days=[one.isoformat() for one in each.days],
                note=each.note,
                edited=True,
            )
            for each in value.items
        ],
    )


def _entry(value: Entry) -> pb.WeekEntry:
    task = value.task
    return pb.WeekEntry(
        month=str(value.month),
        task_id=task.task_id,
        days=[each.isoformat() for each in value.days],
        note=value.note,
        name=task.name,
        output=task.output,
        kind=KINDS.out(task.kind),
        due_on=task.due_on.isoformat() if task.due_on else "",
        quantity=decimal(task.quantity),
        accepted=decimal(value.accepted),
        late=value.late,
        pending=value.pending,
        edited=value.edited,
    )
