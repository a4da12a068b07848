"""R-26, R-42: who is told of a deadline and when, each round once."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from approval import policies
from approval.domain.deadlines import Deadline, Step
from approval.domain.person import Person, Roster
from approval.domain.reminders import Days, Kind, Round, due, organizers, whom

LAST = date(2026, 3, 24)
DEADLINE = Deadline(Step.SELF_ASSESSMENT, LAST)
DUE = DEADLINE.due_at
OPENED = DUE - timedelta(days=20)
DAYS = Days()


def kinds(
    at: datetime, held: set[Round] | None = None, opened_at: datetime = OPENED
) -> list[tuple[Kind, int]]:
    rounds = due([DEADLINE], DAYS, opened_at=opened_at, held=held or set(), at=at)
    return [(each.kind, each.days) for each in rounds]


def test_r42_three_days_and_one_day_before_and_when_it_has_passed() -> None:
    assert kinds(DUE - timedelta(days=3, seconds=1)) == []
    assert kinds(DUE - timedelta(days=3)) == [(Kind.BEFORE, 3)]
    assert kinds(DUE - timedelta(days=1)) == [(Kind.BEFORE, 1)]
    assert kinds(DUE) == [(Kind.PASSED, 0)]


def test_r42_the_superior_comes_a_day_later_and_his_superior_after_him() -> None:
    held = {Round(Step.SELF_ASSESSMENT, LAST, Kind.PASSED, 0)}
    assert kinds(DUE + timedelta(hours=23), held) == []
    assert kinds(DUE + timedelta(days=1), held) == [(Kind.SUPERIOR, 1)]
    assert kinds(DUE + timedelta(days=2), held) == [(Kind.SUPERIOR, 1), (Kind.ABOVE, 2)]


def test_a_worker_that_was_away_tells_nobody_what_is_no_longer_so() -> None:
    assert kinds(DUE - timedelta(hours=1)) == [(Kind.BEFORE, 1)]
    assert (Kind.BEFORE, 3) not in kinds(
        DUE - timedelta(hours=1), {Round(Step.SELF_ASSESSMENT, LAST, Kind.BEFORE, 1)}
    )


def test_r26_what_was_due_before_the_month_was_opened_is_not_told() -> None:
    assert kinds(DUE + timedelta(days=30), opened_at=DUE + timedelta(days=29)) == []


@given(st.lists(st.integers(min_value=-10 * 24, max_value=10 * 24), min_size=1, max_size=20))
def test_however_often_it_is_looked_each_round_is_held_once(hours: list[int]) -> None:
    held: list[Round] = []
    for hour in sorted(hours):
        held += due([DEADLINE], DAYS, opened_at=OPENED, held=set(held), at=DUE + timedelta(hours=hour))

    assert len(held) == len(set(held))


def test_whom_each_kind_tells() -> None:
    people = [
        Person("ct", "", "ld", "committee_chair"),
        Person("truong", "", "vp", "unit_head", superior_id="ct"),
        Person("a", "", "vp", "staff", superior_id="truong"),
        Person("b", "", "vp", "staff", superior_id="truong"),
    ]
    roster = Roster.of("2026-03", people, [])
    pending = {("a", Step.REMARKS): ["x"], ("b", Step.REMARKS): ["y"], ("", Step.REMARKS): ["z"]}

    def told(kind: Kind) -> dict[str, tuple[str, ...]]:
        return whom(kind, Step.REMARKS, pending, roster)

    assert told(Kind.BEFORE) == told(Kind.PASSED) == {"a": ("a",), "b": ("b",)}
    assert told(Kind.SUPERIOR) == {"truong": ("a", "b")}
    assert told(Kind.ABOVE) == {"ct": ("a", "b")}
    assert whom(Kind.PASSED, Step.DECISION, pending, roster) == {}


def test_what_the_organizer_must_do_is_told_to_whoever_acts_for_the_office() -> None:
    """R-26, R-42: publication and the city's results stand under no person's id."""
    people = [
        Person("bt", "", "ld", "party_secretary"),
        Person("ct", "", "ld", "committee_chair", superior_id="bt"),
        Person("to", "", "vp", "staff", superior_id="ct"),
        Person("gone", "", "vp", "staff", superior_id="ct", active=False),
    ]
    roster = Roster.of("2026-03", people, [])
    pending = {("", Step.DECISION): ["ct"], ("to", Step.DECISION): ["x"]}

    assert organizers("to", roster) == ("to",)
    assert organizers("account", roster) == organizers("gone", roster) == ("ct",)
    assert organizers("account", Roster.of("2026-03", people[:1], [])) == ("bt",)
    assert organizers("account", Roster.of("2026-03", people[2:], [])) == ()

    def told(kind: Kind, *acting: str) -> dict[str, tuple[str, ...]]:
        return whom(kind, Step.DECISION, pending, roster, acting)

    assert told(Kind.PASSED, "to") == {"to": ("", "to")}
    assert told(Kind.PASSED, "ct") == {"ct": ("",), "to": ("to",)}
    assert told(Kind.SUPERIOR, "ct") == {"bt": ("",), "ct": ("to",)}
    assert told(Kind.ABOVE, "ct") == {"bt": ("to",)}


def test_the_days_are_the_policy_s() -> None:
    assert policies.built_in().reminders == Days(before=(3, 1), superior=1, above=2)


def test_the_deadline_is_the_end_of_the_last_day_in_viet_nam() -> None:
    assert datetime(2026, 3, 24, 17, tzinfo=UTC) == DUE
