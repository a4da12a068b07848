"""What came of a task: accepted outputs, failed reviews and missed deadlines (R-8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from typing import Final

from planning.domain.ids import valid
from planning.domain.problem import Problem
from planning.domain.task import LONGEST_TEXT, MOST_QUANTITY, QUANTITY_PLACES, Kind, Task

MOST_FAULTS: Final = 20
"""Faults of one task, at most."""
MOST_TIMES: Final = 99
"""Failed reviews or missed deadlines of one output, at most."""
MOST_OUTPUTS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Confirmation:
    """An authority's word that an objective cause excuses a fault (nguyên nhân khách quan)."""

    excused_reviews: int
    excused_deadlines: int
    confirmed_by: str
    cause: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Failed reviews (sai sót lớn về nội dung) and missed deadlines that some outputs of a task share."""

    fault_id: str
    outputs: int
    failed_reviews: int = 0
    missed_deadlines: int = 0
    note: str = ""
    confirmation: Confirmation | None = None
    recorded_by: str = ""
    """Who found it, or stood by it after the person; kept while the counts stay what they were."""

    @property
    def counts(self) -> tuple[int, int, int]:
        """Outputs, failed reviews and missed deadlines."""
        return self.outputs, self.failed_reviews, self.missed_deadlines

    def after(self, before: "Fault | None", person_id: str = "") -> "Fault":
        """Return this fault as it replaces another; a confirmation stands while the counts do.

        :param person_id: whose task it is: a fault that he found is from then on whoever's states it again
        """
        if before is None or self.counts != before.counts:
            return self
        found_by = "" if before.recorded_by == person_id else before.recorded_by
        return replace(
            self,
            confirmation=self.confirmation or before.confirmation,
            recorded_by=found_by or self.recorded_by or before.recorded_by,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one task."""

    task_id: str
    accepted: Decimal
    evidence: str = ""
    faults: tuple[Fault, ...] = ()
    accepted_on: date | None = None
    """The day on which the last of it was accepted, where that was stated (R-12)."""
    vouched_on: date | None = None
    """The day after the month's window on which some of it was recorded without that date."""
    stated: Decimal | None = None
    """The accepted quantity as somebody other than the person stated it last; None if nobody did."""
    stated_by: str = ""

    def after(self, before: "Result | None", person_id: str = "") -> "Result":
        """Return this result as it replaces another, keeping the confirmations that still stand.

        :param person_id: whose result it is
        """
        earlier = {each.fault_id: each for each in before.faults} if before else {}
        faults = tuple(each.after(earlier.get(each.fault_id), person_id) for each in self.faults)
        return replace(self, faults=faults)


def hidden(before: Result | None, after: Result, person_id: str) -> str:
    """Return the id of a fault that somebody else found and that ``after`` lacks or lessens, else nothing."""
    kept = {each.fault_id: each for each in after.faults}
    for fault in before.faults if before else ():
        now = kept.get(fault.fault_id)
        if fault.recorded_by not in ("", person_id) and (now is None or now.counts != fault.counts):
            return fault.fault_id
    return ""


def problems(result: Result, task: Task) -> Iterable[Problem]:
    """Return what is wrong with a result of a task (R-7, R-8)."""
    accepted = result.accepted
    if not (
        accepted.is_finite()
        and 0 <= accepted <= MOST_QUANTITY
        and accepted == accepted.quantize(QUANTITY_PLACES)
    ):
        yield Problem(
            "accepted",
            f"phải từ 0 đến {MOST_QUANTITY}, không quá 3 chữ số thập phân",
            f"must be from 0 to {MOST_QUANTITY}, with at most 3 decimals",
        )
        return
    if accepted and not task.kind.can_be_done:
        yield Problem(
            "accepted",
            "nhiệm vụ đã chuyển giao hoặc rút thì không có kết quả",
            "work handed over or withdrawn is never done",
        )
    if task.kind is Kind.PLANNED and task.quantity is not None and accepted > task.quantity:
        yield Problem(
            "accepted",
            f"nhiều hơn số lượng được giao ({task.quantity:f})",
            f"is more than the {task.quantity:f} assigned",
        )
    if len(result.evidence) > LONGEST_TEXT:
        yield Problem("evidence", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")
    yield from _fault_problems(result)


def _fault_problems(result: Result) -> Iterable[Problem]:
    if len(result.faults) > MOST_FAULTS:
        yield Problem("faults", f"quá {MOST_FAULTS} sai sót", f"more than {MOST_FAULTS} faults")
        return
    seen: set[str] = set()
    for place, fault in enumerate(result.faults):
        at = f"faults[{place}]"
        if fault.fault_id in seen:
            yield Problem(
                f"{at}.fault_id", f"mã {fault.fault_id} lặp lại", f"the id {fault.fault_id} is there twice"
            )
        seen.add(fault.fault_id)
        yield from (replace(each, part=f"{at}.{each.part}") for each in fault_problems(fault))
    most = int(result.accepted.to_integral_value(ROUND_CEILING))
    if sum(fault.outputs for fault in result.faults) > most:
        yield Problem(
            f"faults[{len(result.faults) - 1}].outputs",
            f"sai sót trên nhiều sản phẩm hơn số hoàn thành ({most})",
            f"faults on more outputs than the {most} accepted",
        )


def fault_problems(fault: Fault) -> Iterable[Problem]:
    """Return what is wrong with a fault by itself."""
    if not valid(fault.fault_id):
        yield Problem(
            "fault_id", f"mã “{fault.fault_id[:64]}” không hợp lệ", f"“{fault.fault_id[:64]}” is no id"
        )
    if not 1 <= fault.outputs <= MOST_OUTPUTS:
        yield Problem("outputs", "phải từ 1 trở lên", "must be 1 or more")
    for part in ("failed_reviews", "missed_deadlines"):
        if not 0 <= getattr(fault, part) <= MOST_TIMES:
            yield Problem(part, f"phải từ 0 đến {MOST_TIMES}", f"must be from 0 to {MOST_TIMES}")
    if fault.failed_reviews == fault.missed_deadlines == 0:
        yield Problem(
            "failed_reviews",
            "phải có ít nhất một lần chưa đạt hoặc một lần chậm",
            "give at least one failed review or missed deadline",
        )
    if len(fault.note) > LONGEST_TEXT:
        yield Problem("note", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")
    if fault.confirmation:
        yield from confirmation_problems(fault, fault.confirmation)


def confirmation_problems(fault: Fault, confirmation: Confirmation) -> Iterable[Problem]:
    """Return what is wrong with a confirmation of a fault (R-8)."""
    if not 0 <= confirmation.excused_reviews <= fault.failed_reviews:
        yield Problem(
            "excused_reviews",
            f"phải từ 0 đến số lần chưa đạt ({fault.failed_reviews})",
            f"must be from 0 to the {fault.failed_reviews} failed reviews",
        )
    if not 0 <= confirmation.excused_deadlines <= fault.missed_deadlines:
        yield Problem(
            "excused_deadlines",
            f"phải từ 0 đến số lần chậm ({fault.missed_deadlines})",
            f"must be from 0 to the {fault.missed_deadlines} missed deadlines",
        )
    if confirmation.excused_reviews == confirmation.excused_deadlines == 0:
        yield Problem("excused_reviews", "không miễn lần nào", "nothing is excused")
    if not confirmation.cause.strip():
        yield Problem("cause", "thiếu nguyên nhân khách quan", "lacks the objective cause")
    elif len(confirmation.cause) > LONGEST_TEXT:
        yield Problem("cause", f"dài quá {LONGEST_TEXT} ký tự", f"has more than {LONGEST_TEXT} characters")


def conflicts(tasks: Sequence[Task], results: Mapping[str, Result]) -> list[tuple[str, Problem]]:
    """Return where tasks and recorded results contradict each other, each with the task's id.

    A task that something was accepted for cannot disappear from a plan, nor shrink below that, nor become one
    that is never done.
    """
    by_id = {each.task_id: each for each in tasks}
    found: list[tuple[str, Problem]] = []
    for task_id, result in sorted(results.items()):
        task = by_id.get(task_id)
        if task is None:
            if result.accepted or result.faults:
                found.append(
                    (
                        task_id,
                        Problem(
                            "",
                            "đã có kết quả nên không bỏ được: hãy đưa kết quả về 0 trước",
                            "has a result, so it cannot be left out: set the result to 0 first",
                        ),
                    )
                )
        else:
            found += ((task_id, each) for each in problems(result, task))
    return found
