"""Amendments of a plan in force, and what differs between versions (R-5)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.changes import (
    ChangeKind,
    UnknownVersion,
    VersionsReversed,
    changes,
    version_numbers,
)
from planning.domain.plan import (
    AmendmentWaiting,
    BadPlan,
    MonthDecided,
    NotInForce,
    PersonMonth,
    SixClears,
    State,
)
from planning.domain.results import Result
from planning.domain.task import Kind, Task

MARCH = Month(2026, 3)
AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
T1 = Task(
    "T1", Kind.PLANNED, "", "Báo cáo", "Văn bản", date(2026, 3, 20), "Chủ trì", "Trưởng phòng",
    Decimal(2), Decimal(12),
)  # fmt: skip
EXTRA = replace(T1, task_id="DX1", kind=Kind.EXTRA)
EMPTY = PersonMonth("w", "an", MARCH)


def in_force(*tasks: Task) -> PersonMonth:
    return EMPTY.save(tasks).submit().approve(by="deputy", at=AT)


def added(month: PersonMonth, task: Task = EXTRA) -> PersonMonth:
    return month.amended(lambda tasks: (*tasks, task), by="deputy", at=AT)


def test_a_change_in_force_is_a_version_of_its_own() -> None:
    before = in_force(T1)
    after = added(before)
    assert after.newest is after.in_force
    assert (after.owed().number, after.owed().state, after.owed().decided_by) == (2, State.APPROVED, "deputy")
    assert (after.revision, before.owed().tasks) == (before.revision + 1, (T1,))


def test_a_draft_goes_on_above_with_the_change() -> None:
    draft = in_force(T1).save([T1, replace(T1, task_id="T2")])
    after = added(draft)
    assert (after.owed().number, after.latest().number, after.latest().state) == (2, 3, State.DRAFT)
    assert [each.task_id for each in after.owed().tasks] == ["DX1", "T1"]
    assert [each.task_id for each in after.latest().tasks] == ["DX1", "T1", "T2"]
    assert after.submit().approve(by="deputy", at=AT).owed().number == 3


def test_a_returned_amendment_is_kept_below() -> None:
    returned = in_force(T1).save([T1, EXTRA]).submit().send_back(by="deputy", reason="sai", at=AT)
    after = added(returned)
    assert (after.owed().number, after.newest) == (3, after.in_force)


def test_what_does_not_change_a_plan_in_force() -> None:
    with pytest.raises(NotInForce):
        added(EMPTY.save([T1]))
    with pytest.raises(AmendmentWaiting):
        added(in_force(T1).save([T1, replace(T1, task_id="T2")]).submit())
    with pytest.raises(MonthDecided):
        added(replace(in_force(T1), decided=True))
    with pytest.raises(SixClears):
        added(in_force(T1), replace(EXTRA, output=""))
    with pytest.raises(BadPlan):
        added(in_force(T1), replace(EXTRA, task_id="T1"))
    worked = in_force(T1).record([Result("T1", Decimal(1))])
    with pytest.raises(BadPlan):
        worked.amended(lambda _: (), by="deputy", at=AT)


tasks = st.builds(
    lambda number, quantity, name: replace(T1, task_id=f"T{number}", quantity=quantity, name=name),
    st.integers(0, 5),
    st.integers(1, 3).map(Decimal),
    st.sampled_from(("Báo cáo", "Tờ trình")),
)
plans = st.lists(tasks, max_size=5, unique_by=lambda each: each.task_id).map(
    lambda found: {each.task_id: each for each in found}
)


@given(plans, plans)
def test_differences_tell_everything_and_nothing_else(
    before: dict[str, Task], after: dict[str, Task]
) -> None:
    found = changes(before, after)
    assert [each.line_id for each in found] == sorted(
        each for each in before.keys() | after.keys() if before.get(each) != after.get(each)
    )
    told = {each.line_id: each for each in found}
    for line_id, change in told.items():
        was, now = before.get(line_id), after.get(line_id)
        kinds = {(True, False): ChangeKind.ADDED, (False, True): ChangeKind.REMOVED}
        assert change.kind is kinds.get((was is None, now is None), ChangeKind.CHANGED)
        if was and now:
            parts = {each.part: each.after for each in change.parts}
            assert ("name" in parts) == (was.name != now.name)
            assert parts.get("quantity", f"{was.quantity:f}") == f"{now.quantity:f}"
    assert [(each.line_id, each.kind) for each in changes(after, before)] == [
        (each.line_id, _REVERSED[each.kind]) for each in found
    ]
    assert changes(before, before) == []


_REVERSED = {
    ChangeKind.ADDED: ChangeKind.REMOVED,
    ChangeKind.REMOVED: ChangeKind.ADDED,
    ChangeKind.CHANGED: ChangeKind.CHANGED,
}


def test_which_versions_are_meant() -> None:
    assert version_numbers(0, 0, 3) == (2, 3)
    assert version_numbers(0, 1, 3) == (0, 1)
    assert version_numbers(1, 3, 3) == (1, 3)
    for given_numbers in ((0, 4), (-1, 2)):
        with pytest.raises(UnknownVersion):
            version_numbers(*given_numbers, 3)
    with pytest.raises(VersionsReversed):
        version_numbers(3, 2, 3)
