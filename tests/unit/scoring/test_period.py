"""Quarter, half-year and year: R-24."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.grade import Grade
from scoring.domain.period import (
    BadPeriod,
    Member,
    Period,
    PeriodScore,
    UnitGrade,
    candidates,
    members,
    score_period,
)
from scoring.domain.policy import DEFAULT
from scoring.domain.score import Merits, Reason, Status
from scoring.domain.scorecard import Scorecard


def card(id_: str, total: str | None, *, group: str = "g", blocker: str = "") -> Scorecard:
    return Scorecard(
        person_id=id_,
        unit="VP",
        scope="VP",
        group=group,
        policy="default@1",
        status=Status.EVALUATED if total else Status.NOT_EVALUATED,
        reason=None if total else Reason.ATTENDANCE,
        blocker=blocker,
        total=Decimal(total) if total else None,
    )


def scored(
    totals: dict[str, Sequence[str | None]],
    *,
    unit_grade: UnitGrade | None = None,
    merit: dict[str, int] | None = None,
    blocked: Sequence[str] = (),
) -> dict[str, PeriodScore]:
    months = [
        (f"2026-{number:02d}", card(id_, total, blocker="1/QĐ" if id_ in blocked else ""))
        for id_, each in totals.items()
        for number, total in enumerate(each, 1)
    ]
    people = members(months, DEFAULT, {}, {"VP": unit_grade} if unit_grade else {})
    merits = {
        each.person_id: [
            Merits(
                Decimal(0),
                Fraction(0),
                Fraction(0),
                Fraction(0),
                Decimal((merit or {}).get(each.person_id, 0)),
            )
        ]
        for each in people
    }
    return score_period(people, merits)


def unit(grade: Grade, head: str) -> UnitGrade:
    return UnitGrade("w", "2026", "VP", grade, "5/TB", head, "o", datetime(2026, 12, 20, tzinfo=UTC), 1)


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("2026-Q1", "2026-01", "2026-03", 3),
        ("2026-Q4", "2026-10", "2026-12", 3),
        ("2026-H1", "2026-01", "2026-06", 6),
        ("2026-H2", "2026-07", "2026-12", 6),
        ("2026", "2026-01", "2026-12", 12),
    ],
)
def test_the_months_of_a_period(text: str, first: str, last: str, count: int) -> None:
    period = Period.parse(text)

    assert (period.months[0], period.months[-1], len(period.months)) == (first, last, count)
    assert period.is_year == (count == 12)


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-Q0", "2026-H3", "26", "2026-05", "2026-q1", "2026 ", "２０２６"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(BadPeriod):
        Period.parse(text)


def test_the_mean_is_of_the_evaluated_months_alone_and_has_a_class_of_its_own() -> None:
    found = scored({"s": ["80.00", None, "99.99"], "t": [None]})

    assert (str(found["s"].total), found["s"].band, found["s"].grade) == ("90.00", "A", Grade.B)
    assert found["t"].total is None
    assert found["t"].grade is None


def test_the_period_has_a_quota_of_its_own() -> None:
    """R-21, R-24: six in the group, one place."""
    totals: dict[str, Sequence[str | None]] = {f"p{n}": [f"9{n}.00", f"9{n}.50"] for n in range(6)}
    found = scored(totals)

    assert [id_ for id_, each in found.items() if each.grade is Grade.A] == ["p5"]
    quota = found["p5"].placement
    assert quota is not None
    assert (quota.quota.members, quota.quota.maximum) == (6, 1)


def test_equal_means_are_told_apart_by_what_the_months_were_ranked_by() -> None:
    """R-22: the volume done over the period, where all else is equal."""
    totals: dict[str, Sequence[str | None]] = {f"p{n}": ["95.00"] for n in range(6)}

    found = scored(totals, merit={"p3": 7})
    tied = scored(totals)

    assert [id_ for id_, each in found.items() if each.grade is Grade.A] == ["p3"]
    assert {each.placement.mark for each in tied.values() if each.placement} == {"tie"}


def test_a_head_is_graded_no_higher_than_the_unit_and_leaves_the_place_to_the_next() -> None:
    """R-24: nobody who could have the place goes without it."""
    totals: dict[str, Sequence[str | None]] = {f"p{n}": [f"9{n}.00"] for n in range(6)}

    found = scored(totals, unit_grade=unit(Grade.B, "p5"))

    assert (found["p5"].band, found["p5"].grade) == ("A", Grade.B)
    assert found["p4"].grade is Grade.A
    low = scored(totals, unit_grade=unit(Grade.C, "p5"))
    assert low["p5"].grade is Grade.C
    # One fewer in M: five, so no place at all.
    assert [id_ for id_, each in low.items() if each.grade is Grade.A] == []


def test_a_unit_s_better_grade_raises_nobody() -> None:
    found = scored({"s": ["75.00"]}, unit_grade=unit(Grade.A, "s"))

    assert found["s"].grade is Grade.B


def test_a_blocker_in_a_month_proposes_d_and_leaves_the_mean() -> None:
    """R-20."""
    found = scored({"s": ["95.00", "95.00"]}, blocked=["s"])

    assert (str(found["s"].total), found["s"].band, found["s"].grade) == ("95.00", "A", Grade.D)
    assert found["s"].member.blockers == ["1/QĐ"]


def test_the_post_of_the_last_month_holds() -> None:
    """R-1: who changed groups competes where he ended."""
    months = [("2026-02", card("s", "90.00", group="new")), ("2026-01", card("s", "80.00", group="old"))]
    [member] = members(months, DEFAULT, {}, {})

    assert member.last.group == "new"
    assert member.evaluated == ["2026-01", "2026-02"]


monthly = st.lists(st.one_of(st.none(), st.integers(5000, 10000)), min_size=1, max_size=12)


@given(st.lists(monthly, max_size=30), st.sampled_from([None, *Grade]))
def test_the_quota_of_a_period_is_never_exceeded_and_leaves_no_place(
    drawn: list[list[int | None]], grade: Grade | None
) -> None:
    """R-21, R-22, R-24, with the total as the only merit, so that equal totals tie."""
    totals: dict[str, Sequence[str | None]] = {
        f"p{n:02d}": [None if cents is None else f"{Decimal(cents) / 100:.2f}" for cents in each]
        for n, each in enumerate(drawn)
    }
    found = scored(totals, unit_grade=unit(grade, "p00") if grade else None)
    graded = [each for each in found.values() if each.grade]
    a = sum(each.grade is Grade.A for each in graded)
    b = sum(each.grade is Grade.B for each in graded)
    assert 5 * a <= b
    waiting = [each for each in graded if each.placement and each.placement.mark == "lowered"]
    tied = [each for each in graded if each.placement and each.placement.mark == "tie"]
    if waiting and not tied:
        assert 5 * (a + 1) > b - 1
    for each in graded:
        exact = [Fraction(total) for total in totals[each.member.person_id] if total is not None]
        assert each.total is not None
        assert abs(Fraction(each.total) - sum(exact, Fraction(0)) / len(exact)) <= Fraction(1, 200)


def test_only_those_in_band_a_are_asked_for_their_merits() -> None:
    people = [
        Member(id_, {"2026-01": card(id_, total)}, DEFAULT)
        for id_, total in (("a", "90.00"), ("b", "89.99"), ("c", None))
    ]
    assert candidates(people) == {"a"}
    assert score_period(
        people, {"a": [Merits(Decimal(90), Fraction(1), Fraction(1), Fraction(1), Decimal(1))]}
    )
