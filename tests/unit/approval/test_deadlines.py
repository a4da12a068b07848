"""R-26: "trước ngày N" is until the end of day N - 1 in Viet Nam; December has its own days."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.deadlines import (
    Deadline,
    ExtensionWithoutReason,
    NotLater,
    Step,
    deadlines,
)
from chassis.days import VIET_NAM, Month

CALENDAR = policies.built_in().calendar
AT = datetime(2026, 3, 20, tzinfo=UTC)
MONTHS = st.builds(Month, st.integers(2026, 2200), st.integers(1, 12))


def last_days(month: str) -> list[str]:
    return [each.last_day.isoformat() for each in deadlines(CALENDAR, Month.parse(month)).values()]


def test_the_days_of_a_usual_month() -> None:
    assert last_days("2026-03") == ["2026-03-24", "2026-03-25", "2026-03-27", "2026-04-04"]


def test_the_days_of_december_end_before_the_fifteenth() -> None:
    assert last_days("2026-12") == ["2026-12-08", "2026-12-10", "2026-12-12", "2026-12-14"]


def test_november_is_published_in_december() -> None:
    assert last_days("2026-11")[-1] == "2026-12-04"


@pytest.mark.parametrize("month", ["2027-02", "2028-02", "2100-02"])
def test_february_has_every_day_it_needs(month: str) -> None:
    assert last_days(month) == [f"{month}-24", f"{month}-25", f"{month}-27", f"{month[:5]}03-04"]


def test_the_last_second_of_the_day_in_viet_nam_is_in_time_and_the_next_is_late() -> None:
    deadline = deadlines(CALENDAR, Month.parse("2026-03"))[Step.SELF_ASSESSMENT]

    assert not deadline.late(datetime(2026, 3, 24, 16, 59, 59, 999999, tzinfo=UTC))
    assert deadline.late(datetime(2026, 3, 24, 17, 0, tzinfo=UTC))


@given(MONTHS)
def test_the_steps_come_in_order_and_end_before_the_next_month_needs_them(month: Month) -> None:
    found = list(deadlines(CALENDAR, month).values())

    assert [each.step for each in found] == list(Step)
    assert all(one.last_day < next_.last_day for one, next_ in itertools.pairwise(found))
    assert found[-1].last_day < deadlines(CALENDAR, month.plus(1))[Step.SELF_ASSESSMENT].last_day
    assert (found[0].last_day.year, found[0].last_day.month) == (month.year, month.month)


@given(MONTHS, st.sampled_from(list(Step)), st.integers(-200_000, 200_000))
def test_a_step_is_late_exactly_from_the_day_after_the_last_day(
    month: Month, step: Step, seconds: int
) -> None:
    deadline = deadlines(CALENDAR, month)[step]
    at = deadline.due_at + timedelta(seconds=seconds)

    assert deadline.late(at) == (at.astimezone(VIET_NAM).date() > deadline.last_day)


def test_the_newest_extension_counts() -> None:
    month = Month.parse("2026-03")
    first = deadlines(CALENDAR, month)[Step.REMARKS].extend(
        date(2026, 3, 27), reason="mất điện", extended_by="tc", at=AT
    )
    extended = deadlines(CALENDAR, month, [first])[Step.REMARKS]
    second = extended.extend(date(2026, 3, 30), reason="bão", extended_by="tc", at=AT)

    found = deadlines(CALENDAR, month, [second, first])

    assert (extended.last_day, found[Step.REMARKS].last_day) == (date(2026, 3, 27), date(2026, 3, 30))
    assert found[Step.DECISION].last_day == date(2026, 3, 27)


@pytest.mark.parametrize("day", [date(2026, 3, 24), date(2026, 3, 1)])
def test_an_extension_moves_to_a_later_day(day: date) -> None:
    with pytest.raises(NotLater):
        Deadline(Step.REMARKS, date(2026, 3, 24)).extend(day, reason="vì", extended_by="tc", at=AT)


def test_an_extension_has_a_reason() -> None:
    with pytest.raises(ExtensionWithoutReason):
        Deadline(Step.REMARKS, date(2026, 3, 24)).extend(
            date(2026, 3, 25), reason="", extended_by="tc", at=AT
        )
