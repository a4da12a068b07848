"""One person's month: R-11, R-13 to R-20, R-25."""

from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.domain import band as bands
from scoring.domain.band import Band
from scoring.domain.grade import Grade, QuotaMark
from scoring.domain.person import Person
from scoring.domain.policy import DEFAULT, Cap, Policy
from scoring.domain.score import Reason, Status
from scoring.domain.unfit import Unfit
from scoring.domain.work import Fault, Kind
from unit.scoring.months import leader, ratio, results, score, staff, task

MEAN_CAP = replace(DEFAULT, cap=Cap.TOTAL)


@pytest.mark.parametrize(
    ("worked", "status"),
    [(22, Status.EVALUATED), (21, Status.NOT_EVALUATED), (0, Status.NOT_EVALUATED), (50, Status.EVALUATED)],
)
def test_exactly_half_of_the_half_days_is_enough(worked: int, status: Status) -> None:
    """R-11."""
    result = results(staff("p", worked_half_days=worked))["p"]

    assert result.status is status
    assert result.reason is (None if status is Status.EVALUATED else Reason.ATTENDANCE)


def test_half_of_an_odd_number_is_not_rounded() -> None:
    """R-11: 22 of 45 are under a half, 23 are not."""
    found = results(
        staff("under", required_half_days=45, worked_half_days=22),
        staff("over", required_half_days=45, worked_half_days=23),
    )

    assert [each.status for each in found.values()] == [Status.NOT_EVALUATED, Status.EVALUATED]


def test_the_threshold_is_the_policys() -> None:
    """R-11."""
    policy = replace(DEFAULT, attendance_threshold=Decimal("0.75"))

    assert results(staff("p", worked_half_days=32), policy=policy)["p"].reason is Reason.ATTENDANCE


@pytest.mark.parametrize(
    "person",
    [
        pytest.param(staff("p", tasks=()), id="no task"),
        pytest.param(staff("p", task(kind=Kind.EXTRA)), id="only extra work"),
        pytest.param(staff("p", task(accepted="0", kind=Kind.WITHDRAWN)), id="all withdrawn"),
        pytest.param(staff("p", task("0")), id="worth nothing"),
    ],
)
def test_a_month_without_assigned_work_has_no_score(person: Person) -> None:
    """R-14."""
    result = results(person)["p"]

    assert (result.status, result.reason) == (Status.INSUFFICIENT_DATA, Reason.NO_ASSIGNED_WORK)
    assert result.score is None


def test_the_authority_may_set_a_person_aside() -> None:
    """R-14."""
    result = results(staff("p", tasks=(), set_aside=True))["p"]

    assert (result.status, result.reason) == (Status.NOT_EVALUATED, Reason.SET_BY_AUTHORITY)


def test_without_a_general_assessment_there_is_no_score() -> None:
    """R-18. A general score of 0 is one."""
    assert results(staff("p", common=None))["p"].reason is Reason.NO_GENERAL_ASSESSMENT
    assert score(staff("p", common="0")).total == 70


def test_without_his_marks_a_leader_has_no_score() -> None:
    """R-17."""
    assert results(leader("l", organising=None))["l"].reason is Reason.NO_LEADERSHIP_ASSESSMENT


@pytest.mark.parametrize(
    ("policy", "total", "a"), [(DEFAULT, "95.33", "1.0000"), (MEAN_CAP, "100.00", "1.2000")]
)
def test_the_cap_binds_each_ratio_or_the_mean(policy: Policy, total: str, a: str) -> None:
    """R-13: a is 1.2 uncapped, b 1 and c 0.8."""
    person = staff(
        "p",
        task("1", "10", "10", Fault(6, missed_deadlines=2), Fault(4, missed_deadlines=1)),
        task("1", "2", "2", Fault(2, failed_reviews=4), kind=Kind.EXTRA),
    )
    found = score(person, policy)
    assert [ratio(found, name, capped=False) for name in "abc"] == ["1.2000", "1.0000", "0.8000"]
    assert str(found.total) == total
    assert ratio(found, "a") == a


def test_a_leaders_mean_is_of_six() -> None:
    """R-15, R-17: each half mark costs 70 / 12."""
    assert [
        str(score(leader("l", organising=organising, unity=unity)).total)
        for organising, unity in [(100, 100), (50, 100), (100, 50), (50, 50)]
    ] == ["100.00", "94.17", "94.17", "88.33"]


@pytest.mark.parametrize(
    ("common", "total", "band"),
    [
        ("20", "90.00", Band.A),
        ("19.995", "90.00", Band.A),
        ("19.994999999", "89.99", Band.B),
        ("0", "70.00", Band.B),
    ],
)
def test_the_rounded_total_is_what_is_classified(common: str, total: str, band: Band) -> None:
    """R-19, R-20."""
    found = score(staff("p", common=common))

    assert (str(found.total), found.band) == (total, band)


def test_a_third_is_never_cut_before_the_end() -> None:
    """R-19: 10 + 70 × 2/3 is 56.67, from thirds that no decimal holds."""
    assert str(score(staff("p", task("1", "3", "2"), common="10")).total) == "56.67"


@pytest.mark.parametrize(
    ("total", "band"),
    [("90", "A"), ("89.99", "B"), ("70", "B"), ("69.99", "C"), ("50", "C"), ("49.99", "D"), ("0", "D")],
)
def test_a_bound_belongs_to_the_better_band(total: str, band: str) -> None:
    """R-20."""
    assert bands.band(Decimal(total), DEFAULT) == band


def test_a_blocker_proposes_d_and_leaves_score_and_band() -> None:
    """R-20, R-25."""
    found = score(staff("p", blocker="15/QĐ-KL"))

    assert (str(found.total), found.band, found.grade) == ("100.00", Band.A, Grade.D)
    assert found.placement.mark is QuotaMark.NONE


@pytest.mark.parametrize(
    ("person", "place"),
    [
        (staff("p", common="30.01"), "people[0].common_score"),
        (staff("p", common="-0.01"), "people[0].common_score"),
        (staff("p", common="NaN"), "people[0].common_score"),
        (staff("p", required_half_days=0), "people[0].required_half_days"),
        (staff("p", worked_half_days=-1), "people[0].worked_half_days"),
        (staff("p", organising=100), "people[0].organising"),
        (staff("p", unity=50), "people[0].unity"),
        (staff("p", manages=("q",)), "people[0].manages"),
        (leader("p", organising=75), "people[0].organising"),
        (leader("p", unity=0), "people[0].unity"),
    ],
)
def test_a_person_that_no_month_can_hold_is_refused_at_its_place(person: Person, place: str) -> None:
    """R-17, R-18."""
    with pytest.raises(Unfit) as refused:
        results(person)

    assert refused.value.place == place
    assert "{" not in refused.value.told("vi") + refused.value.told("en")


@pytest.mark.parametrize(
    ("policy", "place"),
    [
        (replace(DEFAULT, quota_rate=Decimal("0.21")), "policy.quota_rate"),
        (replace(DEFAULT, quota_rate=Decimal("NaN")), "policy.quota_rate"),
        (replace(DEFAULT, attendance_threshold=Decimal("1.1")), "policy.attendance_threshold"),
    ],
)
def test_a_policy_may_not_allow_more_than_the_law(policy: Policy, place: str) -> None:
    with pytest.raises(Unfit) as refused:
        results(policy=policy)

    assert refused.value.place == place
