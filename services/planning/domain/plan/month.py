"""A person's month: its versions, and how they follow one another."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from chassis.days import Month
from planning.domain.acceptance import Recording
from planning.domain.plan.refusals import (
    AmendmentWaiting,
    BadConfirmation,
    BadPlan,
    BadResults,
    FaultOfAnother,
    MonthDecided,
    NotApproved,
    NothingToSubmit,
    NotInForce,
    NotSubmitted,
    PlanSubmitted,
    ReasonMissing,
    SixClears,
    UnknownFault,
    UnknownPlan,
    UnknownTask,
)
from planning.domain.problem import Problem
from planning.domain.results import Confirmation, Result, confirmation_problems, conflicts, hidden, problems
from planning.domain.task import MOST_TASKS, Task, missing


class State(Enum):
    """Where a version stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    RETURNED = "returned"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a plan."""

    number: int
    state: State
    tasks: tuple[Task, ...]
    reason: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PersonMonth:
    """A person's month: the newest version of the plan, the one in force, and what came of it."""

    ward_id: str
    person_id: str
    month: Month
    revision: int = 0
    newest: Version | None = None
    in_force: Version | None = None
    """The approved version; the newest one itself unless an amendment is under way."""
    results: Mapping[str, Result] = field(default_factory=dict)
    """By task id."""
    decided: bool = False
    """True once the grade of the month was decided."""

    @property
    def plan_id(self) -> str:
        """The plan's id, unique in the ward."""
        return f"{self.person_id}:{self.month}"

    def save(self, tasks: Sequence[Task], *, replaced: Collection[str] = ()) -> "PersonMonth":
        """Keep the tasks as a draft, which begins an amendment when a version is approved.

        :param replaced: tasks whose results are replaced together with the plan
        :raises MonthDecided: once the month is decided
        :raises PlanSubmitted: while the plan waits for the superior
        :raises BadPlan: if there are too many tasks, one is there twice, or they contradict recorded results
        """
        self._check_open()
        kept = _sorted(self._both_sided(each) for each in tasks)
        newest = self.newest
        if newest and newest.state is State.SUBMITTED:
            raise PlanSubmitted(person_id=self.person_id, month=self.month)
        if newest and newest.tasks == kept and newest.state in (State.DRAFT, State.APPROVED):
            return self
        if found := [*_crowd(tasks), *self.two_sided(kept), *self._conflicts(kept, tasks, replaced)]:
            raise BadPlan(found)
        if newest and newest.state is State.DRAFT:
            return self._changed(newest=replace(newest, tasks=kept))
        return self._changed(newest=Version((newest.number if newest else 0) + 1, State.DRAFT, kept))

    def submit(self) -> "PersonMonth":
        """Hand the draft to the direct superior; what is submitted or approved already stays as it is.

        :raises SixClears: if a task lacks something (R-4)
        """
        newest = self.latest()
        if newest.state in (State.SUBMITTED, State.APPROVED):
            return self
        self._check_open()
        if newest.state is not State.DRAFT:
            raise NothingToSubmit(person_id=self.person_id, month=self.month)
        if found := self.lacks():
            raise SixClears([(f"{self.person_id}.{place}".rstrip("."), problem) for place, problem in found])
        return self._changed(newest=replace(newest, state=State.SUBMITTED))

    def lacks(self) -> list[tuple[str, Problem]]:
        """Return what the draft still lacks, each with the task's id (R-4)."""
        newest = self.latest()
        if not newest.tasks:
            return [("", Problem("", "kế hoạch chưa có nhiệm vụ nào", "the plan has no task"))]
        return [(task.task_id, problem) for task in newest.tasks for problem in missing(task)]

    def approve(self, *, by: str, at: datetime) -> "PersonMonth":
        """Put the submitted version in force; the one before is superseded (R-5).

        :raises NotSubmitted: if it does not wait for approval
        :raises BadPlan: if results were recorded meanwhile that contradict it
        """
        newest = self.latest()
        self._check_open()
        if newest.state is not State.SUBMITTED:
            raise NotSubmitted(person_id=self.person_id, month=self.month)
        if found := self._conflicts(newest.tasks, newest.tasks):
            raise BadPlan([(f"{self.person_id}.{place}", problem) for place, problem in found])
        approved = replace(newest, state=State.APPROVED, decided_by=by, decided_at=at)
        return self._changed(newest=approved, in_force=approved)

    def amended(
        self, change: Callable[[tuple[Task, ...]], Sequence[Task]], *, by: str, at: datetime
    ) -> "PersonMonth":
        """Put a change in force at once, as a version of its own that its authority approves (R-5).

        A draft under way is changed likewise and goes on as the version after.

        :param change: from the tasks of a version to those that it has afterwards
        :raises NotInForce: if no version is in force
        :raises AmendmentWaiting: while an amendment waits for approval
        :raises SixClears: if a task lacks something (R-4)
        :raises BadPlan: if the change breaks rules
        """
        owed = self.standing()
        self._check_open()
        newest = self.latest()
        if newest.state is State.SUBMITTED:
            raise AmendmentWaiting(person_id=self.person_id, month=self.month)
        drafted = newest.state is State.DRAFT
        number = newest.number if drafted else newest.number + 1
        approved = Version(number, State.APPROVED, _sorted(change(owed.tasks)), "", by, at)
        following = (
            replace(newest, number=number + 1, tasks=_sorted(change(newest.tasks))) if drafted else None
        )
        for each in (approved, following):
            if each and (found := [*_crowd(each.tasks), *self._conflicts(each.tasks, each.tasks)]):
                raise BadPlan([(f"{self.person_id}.{place}", problem) for place, problem in found])
        if lacking := [(task.task_id, problem) for task in approved.tasks for problem in missing(task)]:
            raise SixClears([(f"{self.person_id}.{place}", problem) for place, problem in lacking])
        return self._changed(newest=following or approved, in_force=approved)

    def send_back(self, *, by: str, reason: str, at: datetime) -> "PersonMonth":
        """Return the submitted version (trả lại).

        :raises ReasonMissing: without a reason
        :raises NotSubmitted: if it does not wait for approval
        """
        newest = self.latest()
        self._check_open()
        if not reason.strip():
            raise ReasonMissing(field="reason")
        if newest.state is not State.SUBMITTED:
            raise NotSubmitted(person_id=self.person_id, month=self.month)
        returned = replace(newest, state=State.RETURNED, reason=reason.strip(), decided_by=by, decided_at=at)
        return self._changed(newest=returned)

    def record(self, results: Sequence[Result], recording: Recording | None = None) -> "PersonMonth":
        """Replace what was recorded for the named tasks (R-8).

        :param recording: who records, and when: of what others found, the person himself takes nothing away;
            None for results that were dated already
        :raises ResultOfAnother: if he raises the accepted quantity that somebody else stated last
        :raises FaultOfAnother: if he leaves out or lessens a fault that somebody else found
        :raises NotApproved: if no version is in force
        :raises UnknownTask: if the plan has no such task
        :raises BadResults: if a result breaks a rule
        """
        self.latest()
        self._check_open()
        owed = self.owed()
        tasks = {each.task_id: each for each in owed.tasks}
        found: list[tuple[str, Problem]] = []
        after = dict(self.results)
        for place, given in enumerate(results):
            if given.task_id not in tasks:
                raise UnknownTask(
                    person_id=self.person_id, task_id=given.task_id, field=f"results[{place}].task_id"
                )
            if any(each.task_id == given.task_id for each in results[:place]):
                twice = Problem("task_id", "nhiệm vụ lặp lại", "the task is there twice")
                found.append((f"results[{place}]", twice))
            found += ((f"results[{place}]", each) for each in problems(given, tasks[given.task_id]))
            before = self.results.get(given.task_id)
            at = f"results[{place}]"
            kept = given
            if recording:
                if recording.by_himself and (fault_id := hidden(before, given, self.person_id)):
                    raise FaultOfAnother(task_id=given.task_id, fault_id=fault_id, field=f"{at}.faults")
                found += ((at, each) for each in recording.problems(given, before))
                if refusal := recording.overstated(given, before, f"{at}.accepted"):
                    raise refusal
                kept = recording.recorded(given, before)
            after[given.task_id] = kept.after(before, self.person_id)
        if found:
            raise BadResults(found)
        return self if after == self.results else self._changed(results=after)

    def confirm(self, *, task_id: str, fault_id: str, confirmation: Confirmation) -> "PersonMonth":
        """Keep an authority's word that an objective cause excuses a fault (R-8).

        :raises UnknownFault: if no such fault was recorded
        :raises BadConfirmation: if it excuses more than there is, or nothing, or names no cause
        """
        self.latest()
        self._check_open()
        result = self.results.get(task_id)
        fault = next((each for each in result.faults if each.fault_id == fault_id), None) if result else None
        if result is None or fault is None:
            raise UnknownFault(task_id=task_id, fault_id=fault_id)
        if found := list(confirmation_problems(fault, confirmation)):
            raise BadConfirmation([("", each) for each in found])
        faults = tuple(
            replace(each, confirmation=confirmation) if each is fault else each for each in result.faults
        )
        return self._changed(results={**self.results, task_id: replace(result, faults=faults)})

    def latest(self) -> Version:
        """Return the newest version.

        :raises UnknownPlan: if there is none
        """
        if self.newest is None:
            raise UnknownPlan(person_id=self.person_id, month=self.month)
        return self.newest

    def owed(self) -> Version:
        """Return the version in force.

        :raises NotApproved: if there is none
        """
        if self.in_force is None:
            raise NotApproved(person_id=self.person_id, month=self.month)
        return self.in_force

    def standing(self) -> Version:
        """Return the version in force, to be changed.

        :raises NotInForce: if there is none
        """
        if self.in_force is None:
            raise NotInForce(person_id=self.person_id, month=self.month)
        return self.in_force

    def _both_sided(self, task: Task) -> Task:
        """Return the task with the line in the colleague's plan, which nobody writes by hand."""
        for each in self.in_force.tasks if self.in_force else ():
            if each.task_id == task.task_id:
                return replace(task, counterpart_task_id=each.counterpart_task_id)
        return replace(task, counterpart_task_id="") if task.counterpart_task_id else task

    def two_sided(self, tasks: Sequence[Task]) -> Iterable[tuple[str, Problem]]:
        """Return which lines of a handover would no longer agree with the colleague's plan, by task (R-7)."""
        by_id = {each.task_id: each for each in tasks}
        for line in self.in_force.tasks if self.in_force else ():
            now = by_id.get(line.task_id)
            if line.counterpart_task_id and (now is None or _account(now) != _account(line)):
                yield (
                    line.task_id,
                    Problem(
                        "",
                        "đã chuyển giao nên giữ nguyên loại, số lượng, hệ số và người liên quan",
                        "was handed over, so kind, quantity, coefficient and colleague stay",
                    ),
                )

    def _check_open(self) -> None:
        if self.decided:
            raise MonthDecided(person_id=self.person_id, month=self.month)

    def _conflicts(
        self, tasks: Sequence[Task], given: Sequence[Task], replaced: Collection[str] = ()
    ) -> list[tuple[str, Problem]]:
        places = {task.task_id: f"tasks[{place}]" for place, task in enumerate(given)}
        standing = {each: result for each, result in self.results.items() if each not in replaced}
        found = conflicts(tasks, standing)
        return [(places.get(task_id, task_id), problem) for task_id, problem in found]

    def _changed(
        self,
        *,
        newest: Version | None = None,
        in_force: Version | None = None,
        results: Mapping[str, Result] | None = None,
    ) -> "PersonMonth":
        return replace(
            self,
            newest=newest or self.newest,
            in_force=in_force or self.in_force,
            results=self.results if results is None else results,
            revision=self.revision + 1,
        )


def _sorted(tasks: Iterable[Task]) -> tuple[Task, ...]:
    return tuple(sorted(tasks, key=lambda each: each.task_id))


def _account(task: Task) -> tuple[object, ...]:
    """Return what a line counts for, and with whom."""
    return task.kind, task.catalogue_code, task.quantity, task.coefficient, task.counterpart_id


def _crowd(tasks: Sequence[Task]) -> Iterable[tuple[str, Problem]]:
    if len(tasks) > MOST_TASKS:
        yield "tasks", Problem("", f"quá {MOST_TASKS} nhiệm vụ", f"more than {MOST_TASKS} tasks")
    seen: set[str] = set()
    for place, task in enumerate(tasks):
        if task.task_id in seen:
            yield (
                f"tasks[{place}]",
                Problem("task_id", f"mã {task.task_id} lặp lại", f"the id {task.task_id} is there twice"),
            )
        seen.add(task.task_id)
