"""Work handed to a colleague, with its accounts on both sides (chuyển giao, nhận thay; R-7).

::

    giver:    planned 10  →  planned 6  +  handed_over 4    assigned stays 10, done is what he does
    receiver: –           →  taken_over 4                   counts in done, not in assigned

Nothing is assigned twice and nothing is lost: what was assigned in a unit stays what it was, and what was
accepted stays with whom it was accepted for. The two lines name each other, and neither side changes what
they count for by itself; a line that was taken over goes back whole, while nothing of it is accepted.

Lines that people write into their plans by hand name no other line: both plans must say the same, in sum,
before either is approved.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from chassis.errors import Blocked, Invalid
from planning.domain.plan import PersonMonth, State, UnknownTask, Version
from planning.domain.problem import Problem
from planning.domain.task import QUANTITY_PLACES, Kind, Task

_LONGEST_STEM: Final = 58
"""Characters of a line's id that are kept when another line is called after it."""


_REMEDY_VI: Final = "ghi cho khớp ở cả hai kế hoạch và trình cả hai, hoặc dùng chức năng chuyển giao nhiệm vụ"
_REMEDY_EN: Final = "make both plans say the same and submit both, or hand the task over by HandOverTask"
_SIDES: Final = (
    (
        Kind.HANDED_OVER,
        Kind.TAKEN_OVER,
        "chuyển giao cho {other} {here} đơn vị chuẩn nhưng kế hoạch của {other} ghi nhận thay {there}; "
        + _REMEDY_VI,
        "hands over {here} standard units to {other}, whose plan takes over {there}; " + _REMEDY_EN,
    ),
    (
        Kind.TAKEN_OVER,
        Kind.HANDED_OVER,
        "nhận thay của {other} {here} đơn vị chuẩn nhưng kế hoạch của {other} ghi chuyển giao {there}; "
        + _REMEDY_VI,
        "takes over {here} standard units from {other}, whose plan hands over {there}; " + _REMEDY_EN,
    ),
)
"""One side of a handover, the other side, and what is told where they differ."""


class HandoverReasonMissing(Invalid):
    """Work is handed over with a reason."""

    vi = "Cần lý do chuyển giao nhiệm vụ."
    en = "Say why the task is handed over."


class SamePerson(Invalid):
    """Work is handed to somebody else."""

    vi = "Người nhận thay phải là người khác."
    en = "A task is handed over to somebody else."


class NotHandedOver(Blocked):
    """Only planned work is owed, so only that can be handed over."""

    vi = (
        "Nhiệm vụ {task_id} không phải nhiệm vụ kế hoạch nên không chuyển giao được: việc đột xuất thì rút ở"
        " người này và giao đột xuất cho người kia; việc nhận thay chỉ trả lại cho người đã chuyển giao."
    )
    en = (
        "The task {task_id} is not planned work: withdraw ad-hoc work here and add it to the colleague's;"
        " work that was taken over only goes back to whom it came from."
    )


class NothingLeft(Blocked):
    """What is accepted stays with whom it was accepted for."""

    vi = "Nhiệm vụ {task_id} đã được nghiệm thu đủ nên không còn gì để chuyển giao."
    en = "All of the task {task_id} is accepted: nothing is left to be handed over."


class TooMuch(Invalid):
    """No more is handed over than is left to be done."""

    vi = "Chỉ chuyển giao được trên 0 và tối đa {left} của nhiệm vụ {task_id}, không quá 3 chữ số thập phân."
    en = "Of the task {task_id}, more than 0 and at most {left} can be handed over, with at most 3 decimals."


class NotWhole(Blocked):
    """What was taken over goes back whole."""

    vi = "Nhiệm vụ {task_id} chỉ trả lại được toàn bộ, khi chưa được nghiệm thu phần nào."
    en = "The task {task_id} goes back whole only, and while nothing of it is accepted."


class DraftDiffers(Blocked):
    """A draft under way says something else about the very task."""

    vi = "Bản dự thảo của {person_id} đang sửa nhiệm vụ {task_id}: hãy trình duyệt hoặc bỏ sửa trước."
    en = "A draft of {person_id} changes the task {task_id}: have it approved, or undo that first."


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Both months after a task went over, and the two lines."""

    giver: PersonMonth
    receiver: PersonMonth
    given_id: str
    """Empty when the work went back to whom it came from; ``taken_id`` likewise."""
    taken_id: str
    quantity: Decimal


def hand_over(
    giver: PersonMonth,
    receiver: PersonMonth,
    *,
    task_id: str,
    quantity: Decimal | None,
    reason: str,
    same_unit: bool,
    by: str,
    at: datetime,
) -> HandedOver:
    """Move a planned task, or a part of it, from one plan in force to another (R-7).

    :param quantity: how much; None for all that is not accepted yet
    :param same_unit: True if the receiver's unit plan is the giver's too
    :raises UnknownTask: if no such task is in force
    :raises NotHandedOver: if it is not planned work
    :raises TooMuch: if more is given than is left
    """
    if giver.person_id == receiver.person_id:
        raise SamePerson(field="receiver_id")
    if not reason.strip():
        raise HandoverReasonMissing(field="reason")
    task = next((each for each in giver.standing().tasks if each.task_id == task_id), None)
    if task is None:
        raise UnknownTask(person_id=giver.person_id, task_id=task_id, field="task_id")
    accepted = giver.results[task_id].accepted if task_id in giver.results else Decimal(0)
    if (
        task.kind is Kind.TAKEN_OVER
        and task.counterpart_id == receiver.person_id
        and task.counterpart_task_id
    ):
        return _give_back(giver, receiver, task, accepted=accepted, quantity=quantity, by=by, at=at)
    if task.kind is not Kind.PLANNED or task.quantity is None:
        raise NotHandedOver(task_id=task_id)
    left = task.quantity - accepted
    if left <= 0:
        raise NothingLeft(task_id=task_id)
    moved = left if quantity is None else quantity
    if not 0 < moved <= left or moved != moved.quantize(QUANTITY_PLACES):
        raise TooMuch(task_id=task_id, left=f"{left:f}", field="quantity")
    whole = moved == task.quantity
    given_id = task_id if whole else _free(task_id, _ids(giver))
    taken_id = _free(task_id, _ids(receiver))
    given = replace(
        task,
        task_id=given_id,
        kind=Kind.HANDED_OVER,
        quantity=moved,
        counterpart_id=receiver.person_id,
        counterpart_task_id=taken_id,
        reason=reason.strip(),
    )
    taken = replace(
        given,
        task_id=taken_id,
        kind=Kind.TAKEN_OVER,
        counterpart_id=giver.person_id,
        counterpart_task_id=given_id,
        unit_item_id=task.unit_item_id if same_unit else "",
    )
    lines = [given] if whole else [replace(task, quantity=task.quantity - moved), given]
    return HandedOver(
        _replaced(giver, task, lines, by=by, at=at),
        receiver.amended(lambda tasks: (*tasks, taken), by=by, at=at),
        given_id,
        taken_id,
        moved,
    )


def colleagues(month: PersonMonth) -> set[str]:
    """Return whom a plan that waits for approval names in lines of a handover that were written by hand.

    Those whom only the version in force names are among them: such a line was dropped.
    """
    versions = (month.in_force, month.newest)
    return {each.counterpart_id for version in versions for _, each in _by_hand(version)}


def one_sided(month: PersonMonth, others: Mapping[str, PersonMonth]) -> Iterable[tuple[str, Problem]]:
    """Return what a plan that waits for approval says of a handover and the colleague's plan does not (R-7).

    Compared are converted quantities (standard units) per colleague, so either may split a line. A plan that
    waits for approval counts before the one in force: of two that wait either may be approved first.

    :param others: the months of `colleagues`, by person
    :return: each problem with the task's place; the person's whole plan where a line was dropped
    """
    for other_id in sorted(colleagues(month)):
        for ours, theirs, vi, en in _SIDES:
            own = _between(month.newest, ours, other_id)
            here = _sum(own)
            there = _sum(_between(_waiting_or_in_force(others[other_id]), theirs, month.person_id))
            if here != there:
                facts = {"other": other_id, "here": f"{here:f}", "there": f"{there:f}"}
                problem = Problem("counterpart_id" if own else "", vi.format(**facts), en.format(**facts))
                yield f"tasks[{own[0][0]}]" if own else "", problem


def _by_hand(version: Version | None) -> list[tuple[int, Task]]:
    """Return the lines of a handover that name no other line, with their places."""
    return [
        (place, each)
        for place, each in enumerate(version.tasks if version else ())
        if each.kind in (Kind.HANDED_OVER, Kind.TAKEN_OVER) and not each.counterpart_task_id
    ]


def _between(version: Version | None, kind: Kind, other_id: str) -> list[tuple[int, Task]]:
    return [
        (place, each)
        for place, each in _by_hand(version)
        if each.kind is kind and each.counterpart_id == other_id
    ]


def _sum(lines: Iterable[tuple[int, Task]]) -> Decimal:
    return sum(((each.coefficient or 0) * (each.quantity or Decimal(0)) for _, each in lines), Decimal(0))


def _waiting_or_in_force(month: PersonMonth) -> Version | None:
    waits = month.newest is not None and month.newest.state is State.SUBMITTED
    return month.newest if waits else month.in_force


def _give_back(
    giver: PersonMonth,
    receiver: PersonMonth,
    task: Task,
    *,
    accepted: Decimal,
    quantity: Decimal | None,
    by: str,
    at: datetime,
) -> HandedOver:
    owed = next(
        (each for each in receiver.standing().tasks if each.task_id == task.counterpart_task_id), None
    )
    if owed is None or owed.kind is not Kind.HANDED_OVER or task.quantity is None:
        raise NotHandedOver(task_id=task.task_id)
    if accepted or quantity not in (None, task.quantity):
        raise NotWhole(task_id=task.task_id)
    planned = replace(owed, kind=Kind.PLANNED, counterpart_id="", counterpart_task_id="", reason="")
    return HandedOver(
        _replaced(giver, task, [], by=by, at=at),
        _replaced(receiver, owed, [planned], by=by, at=at),
        "",
        "",
        task.quantity,
    )


def _replaced(month: PersonMonth, line: Task, lines: Sequence[Task], *, by: str, at: datetime) -> PersonMonth:
    def change(tasks: tuple[Task, ...]) -> Sequence[Task]:
        if line not in tasks:
            raise DraftDiffers(person_id=month.person_id, task_id=line.task_id)
        return [*(each for each in tasks if each is not line and each != line), *lines]

    return month.amended(change, by=by, at=at)


def _ids(month: PersonMonth) -> set[str]:
    versions = [each for each in (month.in_force, month.newest) if each]
    return {task.task_id for each in versions for task in each.tasks} | set(month.results)


def _free(task_id: str, taken: Collection[str]) -> str:
    """Return the id, or the first one called after it that is not taken."""
    if task_id not in taken:
        return task_id
    stem = task_id[:_LONGEST_STEM]
    return next(each for number in range(2, len(taken) + 3) if (each := f"{stem}.{number}") not in taken)
