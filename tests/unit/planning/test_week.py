"""Weeks over the boundaries of months and years (R-5, R-9)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.organization import Counting, Ward
from planning.domain.plan import PersonMonth
from planning.domain.task import Kind, Task
from planning.domain.week import BadWeek, Edit, Item, Week, item_problems, schedule
from planning.domain.window import WindowRule

AT = datetime(2026, 3, 20, 2, tzinfo=UTC)
days = st.dates(date(2023, 12, 1), date(2033, 2, 1))
"""Over 2024, 2028 and 2032, which are leap years, and 2026 and 2032, which have 53 weeks."""
wards = st.builds(
    Ward,
    st.just("w"),
    st.just(""),
    st.just(""),
    st.tuples(st.builds(Counting, st.just(Month(2023, 1)), st.sampled_from(WindowRule), st.integers(1, 31))),
)


def task(task_id: str, due_on: date, kind: Kind = Kind.PLANNED) -> Task:
    return Task(
        task_id, kind, "", "Việc", "Văn bản", due_on, "Chủ trì", "Trưởng phòng", Decimal(1), Decimal(1),
        "binh" if kind is Kind.WITHDRAWN else "", "hoãn" if kind is Kind.WITHDRAWN else "",
    )  # fmt: skip


def month(when: Month, *tasks: Task) -> PersonMonth:
    return PersonMonth("w", "an", when).save(tasks).submit().approve(by="deputy", at=AT)


@given(days)
def test_every_day_lies_in_one_week(day: date) -> None:
    week = Week.of(day)
    assert day in week.days
    assert Week.parse(str(week)) == week
    assert (week.first_on.isoweekday(), len(week.days), week.days[-1]) == (1, 7, week.last_on)
    assert Week.of(week.first_on - timedelta(days=1)) < week < Week.of(week.last_on + timedelta(days=1))


@given(days, wards)
def test_a_week_touches_the_months_of_its_days(day: date, ward: Ward) -> None:
    """R-9: every day belongs to one month, December's cut-off and 29 February included."""
    week = Week.of(day)
    touched = week.months(ward)
    assert {ward.month_of(each) for each in week.days} == set(touched)
    assert all(
        sum(each in ward.window(when) for when in (touched[0].plus(-1), *touched, touched[-1].plus(1))) == 1
        for each in week.days
    )


@given(st.lists(days, min_size=1, max_size=12, unique=True), wards)
def test_every_task_falls_due_in_one_week(deadlines: list[date], ward: Ward) -> None:
    """However weeks and months cross, a deadline stands in one week and on its day."""
    by_month: dict[Month, list[Task]] = {}
    for number, due in enumerate(deadlines):
        by_month.setdefault(ward.month_of(due), []).append(task(f"T{number}", due))
    months = {when: month(when, *tasks) for when, tasks in by_month.items()}
    seen: list[tuple[str, date]] = []
    for week in sorted({Week.of(each) for each in deadlines}):
        of = [months.get(when, PersonMonth("w", "an", when)) for when in week.months(ward)]
        found = schedule("w", "an", week, of, None).entries
        assert all(ward.month_of(each.days[0]) == each.month for each in found)
        seen += ((each.task.task_id, each.days[0]) for each in found)
    assert sorted(seen) == sorted((f"T{number}", due) for number, due in enumerate(deadlines))


@pytest.mark.parametrize(
    ("words", "months"),
    [
        ("2026-W13", ["2026-03", "2026-04"]),  # 23 to 29 March; April begins on the 25th
        ("2026-W50", ["2026-12", "2027-01"]),  # 7 to 13 December; December ends on its cut-off, the 8th
        ("2026-W53", ["2027-01"]),  # 28 December to 3 January
        ("2028-W09", ["2028-03"]),  # 28 February to 5 March over the 29th
        ("2028-W08", ["2028-02", "2028-03"]),  # 21 to 27 February
    ],
)
def test_months_of_a_week(words: str, months: list[str]) -> None:
    assert [str(each) for each in Week.parse(words).months(Ward("w", "", ""))] == months


@pytest.mark.parametrize("words", ["2025-W53", "2026-W54", "2026-W00", "2026-W1", "2026-03", "1999-W05", ""])
def test_what_is_no_week(words: str) -> None:
    with pytest.raises(BadWeek):
        Week.parse(words)


def test_work_of_december_does_not_go_past_the_cut_off() -> None:
    """R-9: what is left after the 8th is January's."""
    ward, week = Ward("w", "", ""), Week.parse("2026-W50")
    december, january = Month(2026, 12), Month(2027, 1)
    months = {
        december: month(december, task("T1", date(2026, 12, 8))),
        january: month(january, task("T2", date(2026, 12, 11))),
    }
    shown = schedule("w", "an", week, list(months.values()), None).entries
    assert [(str(each.month), each.task.task_id) for each in shown] == [("2026-12", "T1"), ("2027-01", "T2")]

    def wrong(item: Item) -> list[str]:
        return [f"{at}.{each.part}" for at, each in item_problems([item], week, ward, months)]

    assert wrong(Item(december, "T1", (date(2026, 12, 7),))) == []
    assert wrong(Item(december, "T1", (date(2026, 12, 9),))) == ["entries[0].days[0]"]
    assert wrong(Item(january, "T2", (date(2026, 12, 8),))) == ["entries[0].days[0]"]
    assert wrong(Item(january, "T2", (date(2026, 12, 9),))) == []


def test_an_edit_of_work_that_left_the_plan_is_passed_over() -> None:
    """R-7: what was handed over or withdrawn is nobody's to do that week."""
    march, week = Month(2026, 3), Week.parse("2026-W12")
    edit = Edit(1, (Item(march, "T1", (date(2026, 3, 16),)), Item(march, "T2"), Item(march, "T9")), "an", AT)
    plan = month(march, task("T1", date(2026, 3, 20)), task("T2", date(2026, 3, 18), Kind.WITHDRAWN))
    [only] = schedule("w", "an", week, [plan], edit).entries
    assert (only.task.task_id, only.days, only.edited, only.late) == ("T1", (date(2026, 3, 16),), True, False)


def test_ad_hoc_work_waits_in_the_week_until_it_is_approved() -> None:
    """R-7: đột xuất."""
    march, week = Month(2026, 3), Week.parse("2026-W12")
    plan = month(march, task("T1", date(2026, 3, 20)))
    extra = task("DX1", date(2026, 3, 18), Kind.EXTRA)
    waiting = plan.save([*plan.owed().tasks, extra, task("T2", date(2026, 3, 19))])
    for each, pending in ((waiting, True), (waiting.submit(), True)):
        shown = schedule("w", "an", week, [each], None).entries
        assert [(one.task.task_id, one.pending) for one in shown] == [("DX1", pending), ("T1", False)]
    approved = waiting.submit().approve(by="deputy", at=AT)
    shown = schedule("w", "an", week, [approved], None).entries
    assert [(one.task.task_id, one.pending) for one in shown] == [
        ("DX1", False),
        ("T2", False),
        ("T1", False),
    ]
