"""By when outputs were accepted, and whose word about them stands (R-8, R-9, R-12)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.days import Month
from planning.domain.acceptance import Recording
from planning.domain.organization import Counting, Ward
from planning.domain.results import Fault, Result
from planning.domain.window import WindowRule

MARCH, DECEMBER = Month(2026, 3), Month(2026, 12)
WITHIN, LAST, AFTER = date(2026, 3, 20), date(2026, 3, 24), date(2026, 3, 26)


def recording(
    actor_id: str = "an", today: date = AFTER, month: Month = MARCH, *, required: bool = False
) -> Recording:
    return Recording("an", actor_id, today, month, Ward("w", "", "").window(month), date_required=required)


def result(accepted: str = "2", on: date | None = None) -> Result:
    return Result("T1", Decimal(accepted), accepted_on=on)


def told(of: Recording, given_: Result, before: Result | None = None) -> list[str]:
    return [each.en for each in of.problems(given_, before)]


def test_a_day_after_the_window_names_task_day_end_and_remedy() -> None:
    """R-12: a later day cannot be said of a quantity that counts what was accepted so far."""
    [problem] = recording().problems(result("2", date(2026, 3, 25)), None)
    assert problem.part == "accepted_on"
    for words in ("T1", "25/03/2026", "24/03/2026", "2026-03"):
        assert words in problem.en
        assert words in problem.vi
    assert "state the quantity accepted by 24/03/2026" in problem.en
    assert "next month" in problem.en
    assert "tháng sau" in problem.vi


@pytest.mark.parametrize(
    ("month", "rule", "cut_off", "last"),
    [
        (MARCH, WindowRule.FROM_25_TO_24, 8, date(2026, 3, 24)),
        (MARCH, WindowRule.CALENDAR, 8, date(2026, 3, 31)),
        (DECEMBER, WindowRule.FROM_25_TO_24, 8, date(2026, 12, 8)),
        (DECEMBER, WindowRule.CALENDAR, 12, date(2026, 12, 12)),
    ],
)
def test_the_last_day_of_the_window_is_in_it(
    month: Month, rule: WindowRule, cut_off: int, last: date
) -> None:
    """R-9: by the ward's rule, and by December's cut-off."""
    ward = Ward("w", "", "", (Counting(month, rule, cut_off),))
    of = Recording.of(ward, "an", month, by="an", at=datetime(2027, 2, 1, tzinfo=UTC))
    assert not told(of, result("2", last))
    assert len(told(of, result("2", date.fromordinal(last.toordinal() + 1)))) == 1


def test_a_day_in_the_future_and_a_day_of_nothing_are_refused() -> None:
    """R-12: only what is accepted already is recorded."""
    assert "is in the future" in told(recording(today=WITHIN), result("2", LAST))[0]
    assert not told(recording(today=LAST), result("2", LAST))
    assert "leave the date of acceptance out" in told(recording(), result("0", WITHIN))[0]


def test_recording_after_the_window_without_a_day_vouches_and_is_marked() -> None:
    """R-12: clients that know of no day go on, and it shows."""
    assert recording(today=LAST).recorded(result(), None).vouched_on is None
    late = recording().recorded(result(), None)
    assert (late.accepted, late.accepted_on, late.vouched_on) == (Decimal(2), None, AFTER)
    stated = recording().recorded(result("2", WITHIN), late)
    assert (stated.accepted_on, stated.vouched_on) == (WITHIN, None)


def test_what_is_no_more_than_what_stands_keeps_its_day_or_mark() -> None:
    """R-12."""
    dated = recording(today=LAST).recorded(result("3", WITHIN), None)
    assert recording().recorded(result("3"), dated) == dated
    assert recording().recorded(result("2"), dated).accepted_on == WITHIN
    more = recording().recorded(result("4"), dated)
    assert (more.accepted_on, more.vouched_on) == (None, AFTER)
    assert recording(today=date(2026, 3, 28)).recorded(result("4"), more) == more
    nothing = recording().recorded(result("0"), more)
    assert (nothing.accepted_on, nothing.vouched_on) == (None, None)


def test_a_ward_may_demand_the_day_after_the_window() -> None:
    """R-12: of what is added then, not of what stands."""
    strict = recording(required=True)
    assert "demands the date" in told(strict, result())[0]
    assert not told(strict, result("2", LAST))
    assert not told(strict, result("2"), result("2"))
    assert not told(strict, result("1"), result("2"))
    assert not told(recording(today=LAST, required=True), result())


def test_a_delivery_keeps_the_latest_day_and_the_mark_of_what_has_none() -> None:
    """R-12."""
    feed = recording("igate")
    first = feed.delivered(result("1"), None, WITHIN, rises=True)
    second = feed.delivered(replace(first, accepted=Decimal(2)), first, date(2026, 3, 10), rises=True)
    assert (second.accepted_on, second.vouched_on) == (WITHIN, None)
    third = feed.delivered(replace(second, accepted=Decimal(3)), second, None, rises=True)
    assert (third.accepted_on, third.vouched_on) == (WITHIN, AFTER)
    corrected = feed.delivered(replace(third, accepted=Decimal(2)), third, None, rises=False)
    assert corrected.vouched_on == AFTER
    gone = feed.delivered(replace(corrected, accepted=Decimal(0)), corrected, None, rises=False)
    assert (gone.accepted_on, gone.vouched_on, gone.stated, gone.stated_by) == (None, None, None, "")


def test_a_system_that_takes_back_leaves_the_word_of_a_superior() -> None:
    """R-8: nobody is freed of what his superior said by what a system takes back."""
    lowered = recording("boss").recorded(result("1"), None)
    left = recording("igate").delivered(replace(lowered, accepted=Decimal(0)), lowered, None, rises=False)
    assert (left.stated, left.stated_by) == (Decimal(0), "igate")


def test_a_fault_that_a_superior_states_again_is_his() -> None:
    """R-8: whoever found it first."""
    own = Fault("F1", 1, failed_reviews=1, recorded_by="an")
    assert replace(own, recorded_by="boss").after(own, "an").recorded_by == "boss"
    assert own.after(replace(own, recorded_by="boss"), "an").recorded_by == "boss"
    assert (
        replace(own, recorded_by="clerk").after(replace(own, recorded_by="boss"), "an").recorded_by == "boss"
    )


@given(st.lists(st.tuples(st.sampled_from(["an", "boss", "clerk"]), st.integers(0, 9)), max_size=12))
def test_nobody_ends_above_what_another_stated_last(steps: list[tuple[str, int]]) -> None:
    """R-8: whatever the person records in between."""
    standing: Result | None = None
    bound: int | None = None
    for actor_id, accepted in steps:
        of, now = recording(actor_id), result(str(accepted))
        refused = of.overstates(now, standing)
        assert refused == (actor_id == "an" and bound is not None and accepted > bound)
        if refused:
            continue
        standing = of.recorded(now, standing)
        bound = bound if actor_id == "an" else accepted
        assert bound is None or standing.accepted <= bound
