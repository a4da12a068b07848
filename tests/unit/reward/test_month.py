"""What has to be known before money is shared out: R-35, R-36, R-38d; and when a policy counts: R-37."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chassis.days import Month
from reward.domain.month import (
    Decision,
    InputsBehind,
    InputsMissing,
    MonthLock,
    MonthNotPublished,
    Post,
    PublishedGrade,
    PublishedMonth,
    WorkingTime,
)
from reward.domain.policy import Grade
from unit.reward.drawn import pool

A_MONTH = PublishedMonth(
    ward_id="phuc-loi",
    month="2026-03",
    ward_name="Phường Phúc Lợi",
    count=2,
    grades={"p-1": PublishedGrade("u", Grade.A, "d-1"), "p-2": PublishedGrade("u", None, "")},
    decisions={"p-1": Decision("d-1", Grade.A, Decimal("95.00"))},
    posts={
        "p-1": Post("Anh", "u", "civil_servant", leads=False, salary_coefficient=Decimal("3.33")),
        "p-2": Post("Bình", "u", None, leads=False, salary_coefficient=None),
    },
    times={"p-1": WorkingTime(44, 44)},
    units={"u": "Văn phòng"},
)


def test_everybody_published_is_there_by_id_with_what_the_policy_counts() -> None:
    anh, binh = A_MONTH.everybody(pool())

    assert (anh.person.id, anh.person.score, anh.person.salary_coefficient) == (
        "p-1",
        Decimal("95.00"),
        Decimal("3.33"),
    )
    assert (anh.full_name, anh.unit_name) == ("Anh", "Văn phòng")
    assert (binh.person.id, binh.person.grade, binh.person.score) == ("p-2", None, None)


@pytest.mark.parametrize(
    ("known", "missing"),
    [
        (replace(A_MONTH, decisions={}), "decision=1"),
        (replace(A_MONTH, decisions={"p-1": Decision("d-0", Grade.A, Decimal(95))}), "decision=1"),
        (replace(A_MONTH, decisions={"p-1": Decision("d-1", Grade.A, None)}), "score=1"),
        (replace(A_MONTH, posts={}), "person=2"),
        (replace(A_MONTH, units={}), "unit=2"),
        (replace(A_MONTH, times={}), "working_time=1"),
        (replace(A_MONTH, times={"p-1": WorkingTime(0, 0)}), "working_time=1"),
        (
            replace(
                A_MONTH,
                posts={each: replace(post, salary_coefficient=None) for each, post in A_MONTH.posts.items()},
            ),
            "salary_coefficient=1",
        ),
        (
            replace(A_MONTH, decisions={**A_MONTH.decisions, "p-2": Decision("d-2", Grade.B, Decimal(80))}),
            "decision=1",
        ),
    ],
)
def test_what_is_missing_is_counted(known: PublishedMonth, missing: str) -> None:
    with pytest.raises(InputsMissing) as no:
        known.everybody(pool())

    assert no.value.facts["missing"] == missing


def test_what_counts_for_nothing_may_be_missing() -> None:
    """A factor is asked for only where the policy counts it."""
    bare = replace(A_MONTH, times={}, decisions={"p-1": Decision("d-1", Grade.A, None)})

    people = bare.everybody(pool(by_score=False, by_attendance=False))

    assert [each.person.worked_half_days for each in people] == [None, None]


LOCKED = replace(
    A_MONTH,
    posts={each: replace(post, version=("2026-01", 2)) for each, post in A_MONTH.posts.items()},
    times={"p-1": WorkingTime(44, 44, revision=3, lock_follows=True)},
    locks={"p-1": MonthLock(3, ("2026-01", 2))},
)


@pytest.mark.parametrize(
    ("known", "behind"),
    [
        (replace(LOCKED, locks={}), "month_locked=1"),
        (replace(LOCKED, locks={"p-1": MonthLock(4, ("2026-01", 2))}), "working_time_recorded=1"),
        (replace(LOCKED, locks={"p-1": MonthLock(3, ("2026-01", 3))}), "person_changed=1"),
        (replace(LOCKED, locks={"p-1": MonthLock(3, ("2026-02", 1))}), "person_changed=1"),
        (
            replace(LOCKED, locks={"p-1": MonthLock(4, ("2026-02", 1))}),
            "working_time_recorded=1, person_changed=1",
        ),
    ],
)
def test_older_facts_than_planning_acknowledged_share_no_money(known: PublishedMonth, behind: str) -> None:
    """R-10, R-35: the refusal counts and names the people, and says what brings the rest."""
    with pytest.raises(InputsBehind) as no:
        known.everybody(pool())

    facts = no.value.facts
    assert (facts["behind"], facts["count"]) == (behind, "1")
    for each in behind.split(", "):
        event = each.partition("=")[0]
        assert (
            f"kpi replay planning {event} --since 2026-02-01 --queue reward.planning.{event}"
            in (facts["remedy"])
        )
    assert "1 người (p-1)" in facts["behind_vi"]


@pytest.mark.parametrize(
    "known",
    [
        LOCKED,
        replace(LOCKED, locks={**LOCKED.locks, "p-2": MonthLock(9, ("2026-03", 9))}),
        replace(LOCKED, locks={"p-1": MonthLock(3, ("2025-12", 7))}),
        replace(LOCKED, locks={"p-1": MonthLock(2, ("2026-01", 1))}),
        replace(LOCKED, locks={}, times={"p-1": WorkingTime(44, 44, revision=3)}),
    ],
    ids=["as locked", "ungraded", "later post", "newer than locked", "published before there were locks"],
)
def test_the_last_facts_or_newer_ones_count(known: PublishedMonth) -> None:
    assert [each.person.id for each in known.everybody(pool())] == ["p-1", "p-2"]


def test_nothing_is_shared_before_the_publication() -> None:
    with pytest.raises(MonthNotPublished):
        replace(A_MONTH, count=None).everybody(pool())


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [
        (None, None, True),
        (date(2026, 3, 31), None, True),
        (date(2026, 4, 1), None, False),
        (None, date(2026, 3, 1), True),
        (None, date(2026, 2, 28), False),
    ],
)
def test_a_policy_counts_in_the_months_it_touches(
    *, since: date | None, until: date | None, in_force: bool
) -> None:
    policy = replace(pool(), effective_from=since, effective_until=until)

    assert policy.in_force(Month(2026, 3)) is in_force
