"""The month's tasks, converted to standard units (sản phẩm/công việc quy đổi; R-7, R-12).

NĐ 335/2025 Điều 14 (quantity, quality, timeliness), Điều 18.1.d (extra work and work handed over).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final

from scoring.domain.exact import ZERO
from scoring.domain.policy import FaultScope
from scoring.domain.unfit import Unfit

_QUARTER = Decimal("0.25")

KEPT: Final = 4_096
"""How many different tasks a process keeps converted and written out: tasks come from a catalogue and
repeat."""


class Kind(StrEnum):
    """How the task came to the person, or left (R-7)."""

    PLANNED = "planned"
    """Theo kế hoạch: assigned, and done when accepted."""
    EXTRA = "extra"
    """Đột xuất, phát sinh: counts as done, never as assigned."""
    TAKEN_OVER = "taken_over"
    """Nhận từ người khác: as extra."""
    HANDED_OVER = "handed_over"
    """Chuyển cho người khác: stays assigned, never done."""
    WITHDRAWN = "withdrawn"
    """Hoãn hoặc hủy do nguyên nhân khách quan: counts in neither."""


_PLANNED, _HANDED_OVER, _WITHDRAWN = Kind.PLANNED, Kind.HANDED_OVER, Kind.WITHDRAWN
_LINE = FaultScope.LINE


class NotAnAmount(Unfit):
    """An amount of work is a finite number, zero or more."""

    vi = "giá trị {found} không phải là số hữu hạn từ 0 trở lên"
    en = "{found} is not a finite number of zero or more"


class AcceptedOverAssigned(Unfit):
    """More was accepted of a planned task than was assigned."""

    vi = (
        "số hoàn thành {accepted} lớn hơn số được giao {assigned}; "
        "phần vượt kế hoạch ghi thành nhiệm vụ riêng loại extra"
    )
    en = "{accepted} accepted, but only {assigned} assigned; record what was beyond the plan as an extra task"


class ExcusedOverCounted(Unfit):
    """More faults were excused than were counted."""

    vi = "số lần được miễn {excused} lớn hơn số lần ghi nhận {counted}; ghi tối đa bằng số ghi nhận"
    en = "{excused} excused, but only {counted} counted; excuse at most what was counted"


class NotACount(Unfit):
    """A count is a whole number within its bounds."""

    vi = "giá trị {found} không phải là số nguyên từ {least} trở lên"
    en = "{found} is not a whole number of {least} or more"


class FaultsOverAccepted(Unfit):
    """Faults are recorded on more outputs than were accepted (rounded up)."""

    vi = (
        "lỗi được ghi cho {outputs} sản phẩm nhưng chỉ có {accepted} sản phẩm được nghiệm thu; "
        "chỉ ghi lỗi cho sản phẩm đã nghiệm thu, cộng count lại không vượt số đó (làm tròn lên)"
    )
    en = (
        "faults on {outputs} outputs, but only {accepted} accepted; "
        "record faults of accepted outputs only, their counts adding up to no more than that (rounded up)"
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong with ``outputs`` outputs of a task, the same with each of them.

    An excused one had an objective cause that an authority confirmed (nguyên nhân khách quan; R-8).
    """

    outputs: int = 1
    failed_reviews: int = 0
    excused_reviews: int = 0
    missed_deadlines: int = 0
    excused_deadlines: int = 0

    def check(self) -> None:
        """Refuse counts that contradict one another.

        :raises NotACount: for a negative count, or no outputs
        :raises ExcusedOverCounted: at ``excused_reviews`` or ``excused_deadlines``
        """
        if self.outputs < 1:
            raise NotACount(place="count", found=self.outputs, least=1)
        for name in ("failed_reviews", "excused_reviews", "missed_deadlines", "excused_deadlines"):
            if (found := getattr(self, name)) < 0:
                raise NotACount(place=name, found=found, least=0)
        if self.excused_reviews > self.failed_reviews:
            raise ExcusedOverCounted(
                place="excused_reviews", excused=self.excused_reviews, counted=self.failed_reviews
            )
        if self.excused_deadlines > self.missed_deadlines:
            raise ExcusedOverCounted(
                place="excused_deadlines", excused=self.excused_deadlines, counted=self.missed_deadlines
            )


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the month (nhiệm vụ): outputs assigned and accepted, each worth ``coefficient`` units."""

    coefficient: Decimal
    assigned: Decimal
    accepted: Decimal
    kind: Kind = Kind.PLANNED
    faults: tuple[Fault, ...] = ()
    code: str = ""

    def check(self) -> None:
        """Refuse a task that no month can hold.

        :raises Unfit: at ``coefficient``, ``assigned``, ``accepted``, ``faults`` or ``faults[i].…``
        """
        try:
            _check(self.coefficient, self.assigned, self.accepted, self.kind, self.faults)
        except TypeError:  # A signaling NaN has no hash.
            _check.__wrapped__(self.coefficient, self.assigned, self.accepted, self.kind, self.faults)


def check_tasks(tasks: Sequence[Task]) -> None:
    """Refuse tasks that no month can hold.

    :raises Unfit: at ``tasks[i].…``
    """
    try:
        for task in tasks:
            _check(task.coefficient, task.assigned, task.accepted, task.kind, task.faults)
    except (Unfit, TypeError):
        for index, task in enumerate(tasks):
            try:
                task.check()
            except Unfit as refusal:
                raise refusal.within(f"tasks[{index}]") from None


@lru_cache(maxsize=KEPT)
def _check(
    coefficient: Decimal, assigned: Decimal, accepted: Decimal, kind: Kind, faults: tuple[Fault, ...]
) -> None:
    for name, amount in (("coefficient", coefficient), ("assigned", assigned), ("accepted", accepted)):
        if not (amount.is_finite() and amount >= ZERO):
            raise NotAnAmount(place=name, found=amount)
    if kind is _PLANNED and accepted > assigned:
        raise AcceptedOverAssigned(place="accepted", accepted=accepted, assigned=assigned)
    if faults:
        for index, fault in enumerate(faults):
            try:
                fault.check()
            except Unfit as refusal:
                raise refusal.within(f"faults[{index}]") from None
        outputs = sum(fault.outputs for fault in faults)
        if outputs >= accepted + 1:
            raise FaultsOverAccepted(place="faults", outputs=outputs, accepted=accepted)


@dataclass(frozen=True, slots=True)
class Sums:
    """Standard units of a task, or of a month: what was assigned, and done, well and in time (R-12)."""

    assigned: Decimal
    done: Decimal
    good: Decimal
    timely: Decimal


def lost(accepted: Decimal, faults: tuple[Fault, ...], scope: FaultScope) -> tuple[Decimal, Decimal]:
    """Return the outputs that a task loses for quality and for timeliness (R-12).

    An output (``line``: the task) loses a quarter for each failed review or missed deadline that is not
    excused, and never more than itself.
    """
    quality = timeliness = 0
    if scope is _LINE:
        for fault in faults:
            quality += fault.outputs * (fault.failed_reviews - fault.excused_reviews)
            timeliness += fault.outputs * (fault.missed_deadlines - fault.excused_deadlines)
        whole = accepted * _QUARTER
        return whole * min(4, quality), whole * min(4, timeliness)
    for fault in faults:
        quality += fault.outputs * min(4, fault.failed_reviews - fault.excused_reviews)
        timeliness += fault.outputs * min(4, fault.missed_deadlines - fault.excused_deadlines)
    # A last output that is only partly accepted cannot lose more than what there is of it.
    return min(accepted, quality * _QUARTER), min(accepted, timeliness * _QUARTER)


def converted(task: Task, scope: FaultScope) -> Sums:
    """Return what one task adds to the sums of the month (R-7, R-12)."""
    return Sums(*_converted(task.coefficient, task.assigned, task.accepted, task.kind, task.faults, scope))


def converted_sums(tasks: Iterable[Task], scope: FaultScope) -> Sums:
    """Return the sums of the month. Call it inside :func:`scoring.domain.exact.exactly`."""
    whole = assigned = done = good = timely = ZERO
    for task in tasks:
        line = _converted(task.coefficient, task.assigned, task.accepted, task.kind, task.faults, scope)
        if line[0] is line[3]:
            # By far the most: all that was assigned was done, well and in time.
            whole += line[0]
            continue
        assigned += line[0]
        done += line[1]
        good += line[2]
        timely += line[3]
    return Sums(whole + assigned, whole + done, whole + good, whole + timely)


@lru_cache(maxsize=KEPT)
def _converted(
    coefficient: Decimal,
    assigned: Decimal,
    accepted: Decimal,
    kind: Kind,
    faults: tuple[Fault, ...],
    scope: FaultScope,
) -> tuple[Decimal, Decimal, Decimal, Decimal]:
    """Convert a task. Equal amounts share a place, however they are written (2.5, 2.50)."""
    if kind is _WITHDRAWN:
        return ZERO, ZERO, ZERO, ZERO
    if kind is _HANDED_OVER:
        return coefficient * assigned, ZERO, ZERO, ZERO
    done = coefficient * accepted
    planned = ZERO
    if kind is _PLANNED:
        planned = done if assigned == accepted else coefficient * assigned
    if not faults:
        return planned, done, done, done
    quality, timeliness = lost(accepted, faults, scope)
    return planned, done, coefficient * (accepted - quality), coefficient * (accepted - timeliness)
