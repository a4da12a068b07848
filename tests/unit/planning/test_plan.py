"""A plan's versions and what came of them (R-4, R-5, R-7, R-8)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chassis.days import Month
from chassis.errors import Refusal
from planning.domain import results, task
from planning.domain.acceptance import Recording
from planning.domain.catalogue import Entry
from planning.domain.organization import Ward
from planning.domain.plan import (
    BadResults,
    FaultOfAnother,
    MonthDecided,
    PersonMonth,
    SixClears,
    State,
    Version,
)
from planning.domain.results import Confirmation, Fault, Result
from planning.domain.task import Kind, Task, assigned, missing

MARCH = Month(2026, 3)
AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
FULL = Task(
    task_id="T1",
    kind=Kind.PLANNED,
    name="Báo cáo",
    output="Văn bản",
    due_on=date(2026, 3, 20),
    responsibility="Chủ trì",
    authority="Trưởng phòng",
    quantity=Decimal(2),
    coefficient=Decimal(12),
)
WARD = Ward("w", "Phường", "Hà Nội")
EMPTY = PersonMonth("w", "an", MARCH)


def in_force(*tasks: Task) -> PersonMonth:
    return EMPTY.save(tasks).submit().approve(by="deputy", at=AT)


@pytest.mark.parametrize(
    ("part", "empty"),
    [
        ("name", ""),
        ("due_on", None),
        ("responsibility", ""),
        ("output", ""),
        ("authority", ""),
        ("quantity", None),
        ("coefficient", None),
    ],
)
def test_r4_each_missing_clear_is_named(part: str, empty: object) -> None:
    assert missing(FULL) == []
    assert [each.part for each in missing(replace(FULL, **{part: empty}))] == [part]


def test_r4_every_missing_part_of_every_task_is_told_at_once() -> None:
    draft = EMPTY.save([FULL, replace(FULL, task_id="T2", name="", authority="")])
    with pytest.raises(SixClears) as refusal:
        draft.submit()
    assert refusal.value.facts["count"] == "2"
    assert "an.T2.name: thiếu rõ việc" in refusal.value.told("vi")
    assert "an.T2.authority: lacks authority" in refusal.value.told("en")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (Kind.PLANNED, []),
        (Kind.EXTRA, []),
        (Kind.TAKEN_OVER, ["counterpart_id"]),
        (Kind.HANDED_OVER, ["counterpart_id", "reason"]),
        (Kind.WITHDRAWN, ["counterpart_id", "reason"]),
    ],
)
def test_r7_what_each_kind_asks_for(kind: Kind, asked: list[str]) -> None:
    assert [each.part for each in missing(replace(FULL, kind=kind))] == asked


@pytest.mark.parametrize(
    ("kind", "accepted", "good"),
    [
        (Kind.PLANNED, "2", True),
        (Kind.PLANNED, "2.001", False),
        (Kind.EXTRA, "9", True),
        (Kind.TAKEN_OVER, "9", True),
        (Kind.HANDED_OVER, "0", True),
        (Kind.HANDED_OVER, "1", False),
        (Kind.WITHDRAWN, "0", True),
        (Kind.WITHDRAWN, "0.5", False),
    ],
)
def test_r7_r8_what_may_be_accepted_of_each_kind(kind: Kind, accepted: str, good: bool) -> None:  # noqa: FBT001
    found = list(results.problems(Result("T1", Decimal(accepted)), replace(FULL, kind=kind)))
    assert (found == []) == good


@given(st.decimals(0, 50, places=3), st.lists(st.integers(1, 20), max_size=6))
def test_r8_faults_lie_on_accepted_outputs_rounded_up(accepted: Decimal, outputs: list[int]) -> None:
    faults = tuple(Fault(f"F{place}", each, failed_reviews=1) for place, each in enumerate(outputs))
    extra = replace(FULL, kind=Kind.EXTRA)
    found = list(results.problems(Result("T1", accepted, faults=faults), extra))
    assert (found == []) == (sum(outputs) <= ceil(accepted))


@given(st.integers(0, 5), st.integers(0, 5), st.integers(-1, 6), st.integers(-1, 6))
def test_r8_no_more_is_excused_than_failed(failed: int, missed: int, reviews: int, deadlines: int) -> None:
    fault = Fault("F1", 1, failed, missed)
    word = Confirmation(reviews, deadlines, "boss", "mất điện", AT)
    good = 0 <= reviews <= failed and 0 <= deadlines <= missed and reviews + deadlines > 0
    assert (list(results.confirmation_problems(fault, word)) == []) == good


def test_r8_a_confirmation_stands_while_the_counts_do() -> None:
    word = Confirmation(1, 0, "boss", "mất điện", AT)
    before = Fault("F1", 1, 1, 0, confirmation=word)
    assert Fault("F1", 1, 1, 0, "ghi chú").after(before).confirmation == word
    assert Fault("F1", 2, 1, 0).after(before).confirmation is None
    assert Fault("F1", 1, 1, 0).after(None).confirmation is None


def test_r3_the_catalogue_fills_in_and_what_was_assigned_stays() -> None:
    entry = Entry("DC.05", "Báo cáo định kỳ", "Báo cáo", "N3", Decimal(60), Decimal("12.00"))
    bare = Task("T1", Kind.PLANNED, "DC.05")
    filled, found = assigned(bare, {"DC.05": entry}, None)
    assert (filled.coefficient, filled.name, filled.output, found) == (
        Decimal("12.00"),
        "Báo cáo định kỳ",
        "Báo cáo",
        [],
    )
    dearer = replace(entry, coefficient=Decimal("24.00"))
    assert assigned(bare, {"DC.05": dearer}, filled)[0].coefficient == Decimal("12.00")
    assert assigned(bare, {}, filled)[0].coefficient == Decimal("12.00")
    assert [each.part for each in assigned(bare, {}, None)[1]] == ["catalogue_code"]
    wrong = replace(bare, coefficient=Decimal(11))
    assert [each.part for each in assigned(wrong, {"DC.05": entry}, None)[1]] == ["coefficient"]


def test_r9_a_task_is_due_in_its_month() -> None:
    march = WARD.window(MARCH)
    assert list(task.problems(FULL, march)) == []
    assert [each.part for each in task.problems(replace(FULL, due_on=date(2026, 3, 25)), march)] == ["due_on"]


def test_r5_results_are_of_an_approved_plan() -> None:
    with pytest.raises(Refusal, match="not approved"):
        EMPTY.save([FULL]).record([Result("T1", Decimal(1))])


def test_r8_what_others_found_is_not_the_persons_to_take_away() -> None:
    found = Fault("F1", 1, failed_reviews=1, recorded_by="clerk")
    month = in_force(FULL).record([Result("T1", Decimal(2), faults=(found,))])
    himself = Recording.of(WARD, "an", MARCH, by="an", at=AT)
    mine = Fault("F2", 1, failed_reviews=1, recorded_by="an")
    same = Fault("F1", 1, failed_reviews=1, note="đã sửa", recorded_by="an")
    after = month.record([Result("T1", Decimal(2), faults=(same, mine))], himself)
    assert [each.recorded_by for each in after.results["T1"].faults] == ["clerk", "an"]
    for faults in ((), (mine,), (replace(found, missed_deadlines=1),)):
        with pytest.raises(FaultOfAnother):
            after.record([Result("T1", Decimal(2), faults=faults)], himself)
    alone = after.record([Result("T1", Decimal(2), faults=(found,))], himself)
    assert [each.fault_id for each in alone.results["T1"].faults] == ["F1"]
    assert after.record([Result("T1", Decimal(2))]).results["T1"].faults == ()


def test_a_decided_month_refuses_everything() -> None:
    decided = replace(in_force(FULL), decided=True)
    for change in (
        lambda: decided.save([]),
        lambda: decided.record([Result("T1", Decimal(1))]),
        lambda: decided.approve(by="x", at=AT),
        lambda: decided.send_back(by="x", reason="y", at=AT),
    ):
        with pytest.raises(MonthDecided):
            change()


TASKS = st.lists(
    st.builds(
        lambda number, quantity: replace(FULL, task_id=f"T{number}", quantity=Decimal(quantity)),
        st.integers(1, 4),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda each: each.task_id,
)


class PlanLife(RuleBasedStateMachine):
    """Whatever is tried in whatever order: versions are kept, revisions grow, what is owed can be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.month = EMPTY
        self.decided: list[Version] = []

    def become(self, after: PersonMonth) -> None:
        grown = after.revision - self.month.revision
        assert grown == (0 if after == self.month else 1)
        self.month = after

    @rule(tasks=TASKS)
    def save(self, tasks: list[Task]) -> None:
        before = self.month
        try:
            self.become(self.month.save(tasks))
        except Refusal:
            return
        assert before.newest is None or before.newest.state is not State.SUBMITTED
        assert self.month.in_force == before.in_force

    @rule()
    def submit(self) -> None:
        try:
            self.become(self.month.submit())
        except Refusal:
            return

    @rule()
    def approve(self) -> None:
        try:
            self.become(self.month.approve(by="deputy", at=AT))
        except Refusal:
            return
        assert self.month.newest
        assert self.month.in_force == self.month.newest
        self.decided.append(self.month.newest)

    @rule()
    def send_back(self) -> None:
        try:
            self.become(self.month.send_back(by="deputy", reason="thiếu", at=AT))
        except Refusal:
            return
        assert self.month.newest
        self.decided.append(self.month.newest)

    @rule(number=st.integers(6, 9))
    def add_at_once(self, number: int) -> None:
        """R-7: the superior's word about ad-hoc work is a version of its own; a draft goes on above it."""
        before = self.month
        extra = replace(FULL, task_id=f"T{number}", kind=Kind.EXTRA)
        try:
            self.become(self.month.amended(lambda tasks: (*tasks, extra), by="deputy", at=AT))
        except Refusal:
            return
        assert before.newest
        assert before.in_force
        assert self.month.newest
        assert self.month.in_force
        assert set(self.month.in_force.tasks) == {*before.in_force.tasks, extra}
        if before.newest.state is State.DRAFT:
            assert self.month.newest.state is State.DRAFT
            assert self.month.newest.number == self.month.in_force.number + 1
            assert set(self.month.newest.tasks) == {*before.newest.tasks, extra}
        self.decided.append(self.month.in_force)

    @invariant()
    def the_version_in_force_is_never_above_the_newest(self) -> None:
        if self.month.in_force:
            assert self.month.newest
            assert self.month.in_force.number <= self.month.newest.number
            assert (self.month.in_force is self.month.newest) == (
                self.month.in_force.number == self.month.newest.number
            )

    @rule(number=st.integers(1, 5), accepted=st.integers(0, 6))
    def record(self, number: int, accepted: int) -> None:
        try:
            self.become(self.month.record([Result(f"T{number}", Decimal(accepted))]))
        except Refusal:
            return

    @invariant()
    def numbers_of_decided_versions_never_come_again(self) -> None:
        numbers = [each.number for each in self.decided]
        assert len(numbers) == len(set(numbers))

    @invariant()
    def what_is_owed_and_what_came_of_it_never_contradict(self) -> None:
        if self.month.in_force:
            assert results.conflicts(self.month.in_force.tasks, self.month.results) == []


TestPlanLife = PlanLife.TestCase


def test_r8_results_of_a_task_twice_are_refused() -> None:
    with pytest.raises(BadResults):
        in_force(FULL).record([Result("T1", Decimal(1)), Result("T1", Decimal(2))])
