"""Counted tasks as compact JSON: one array a line, exact decimals as text.

``[task id, name, catalogue code, kind, coefficient, assigned, accepted, faults]``; a fault is ``[outputs,
failed reviews, excused reviews, missed deadlines, excused deadlines]``.
"""

from collections.abc import Iterable
from decimal import Decimal

from scoring.domain.facts import Line
from scoring.domain.work import Fault, Kind, Task
from scoring.storage.rows import Lines

_KINDS = {kind.value: kind for kind in Kind}


def stored(lines: Iterable[Line]) -> Lines:
    """Return lines as they are stored."""
    return [
        [
            line.task_id,
            line.name,
            line.task.code,
            line.task.kind.value,
            format(line.task.coefficient, "f"),
            format(line.task.assigned, "f"),
            format(line.task.accepted, "f"),
            [
                [
                    fault.outputs,
                    fault.failed_reviews,
                    fault.excused_reviews,
                    fault.missed_deadlines,
                    fault.excused_deadlines,
                ]
                for fault in line.task.faults
            ],
        ]
        for line in lines
    ]


def tasks(lines: Lines) -> tuple[Task, ...]:
    """Return what is counted, without what it is called."""
    return tuple(
        Task(
            Decimal(coefficient),
            Decimal(assigned),
            Decimal(accepted),
            _KINDS[kind],
            tuple([Fault(*fault) for fault in faults]),
            code,
        )
        for _, _, code, kind, coefficient, assigned, accepted, faults in lines
    )


def loaded(lines: Lines) -> list[Line]:
    """Return lines with what they are called."""
    return [Line(line[0], line[1], task) for line, task in zip(lines, tasks(lines), strict=True)]
