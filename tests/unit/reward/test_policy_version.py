"""A policy for money on record (R-37): what it must say, its approval, whom it covers, how two differ."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from reward.domain.month import Decision, InputsMissing, Post, PublishedGrade, PublishedMonth, WorkingTime
from reward.domain.policy import Grade
from reward.domain.policy_version import (
    ApprovedOtherwise,
    EndsBeforeItBegins,
    LacksBasis,
    OwnProposal,
    Version,
    difference,
)
from unit.reward.drawn import pool

AT = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = replace(pool(), id="p", legal_basis="NQ 1", effective_from=date(2026, 1, 1))
PROPOSED = Version(POLICY, "{}", owner="w", proposed_by="an", proposed_at=AT)


def test_r37_somebody_else_approves_a_version_once() -> None:
    assert not PROPOSED.approved
    with pytest.raises(OwnProposal):
        PROPOSED.approve(by="an", decision="1/QĐ", at=AT)

    approved = PROPOSED.approve(by="binh", decision="1/QĐ", at=AT)

    assert (approved.approved, approved.approved_by, approved.decision) == (True, "binh", "1/QĐ")
    assert (approved.policy, approved.document) == (PROPOSED.policy, PROPOSED.document)
    assert approved.approve(by="lan", decision="1/QĐ", at=AT) is approved
    with pytest.raises(ApprovedOtherwise):
        approved.approve(by="lan", decision="2/QĐ", at=AT)


def test_r37_a_shipped_version_rests_on_its_published_basis() -> None:
    shipped = Version(POLICY, "{}", shipped=True)
    assert shipped.approved
    with pytest.raises(ApprovedOtherwise):
        shipped.approve(by="binh", decision="1/QĐ", at=AT)


def test_r37_a_policy_says_what_it_rests_on_and_from_when_it_is_in_force() -> None:
    PROPOSED.check()
    for change, refusal in (
        ({"legal_basis": " "}, LacksBasis),
        ({"effective_from": None}, LacksBasis),
        ({"effective_until": date(2025, 12, 31)}, EndsBeforeItBegins),
    ):
        with pytest.raises(refusal):
            replace(PROPOSED, policy=replace(POLICY, **change)).check()
    replace(PROPOSED, policy=replace(POLICY, effective_until=date(2026, 1, 1))).check()


def test_r37_two_documents_differ_field_by_field_whatever_their_ids() -> None:
    left = {"id": "a", "version": 1, "mode": "pool", "coefficients": {"A": "1.0", "B": "0.8"}}
    right = {
        "id": "b",
        "version": 2,
        "mode": "pool",
        "coefficients": {"A": "1.2", "B": "0.8"},
        "cap": {"A": 5},
    }

    assert difference(left, right) == {"coefficients.A": ("1.0", "1.2"), "cap.A": (None, 5)}
    assert difference(left, left) == {}


EMPLOYEES = replace(POLICY, personnel_types=("public_employee",))


def month(*types: str | None) -> PublishedMonth:
    """One person a personnel type, each graded B."""
    ids = [f"p-{number}" for number in range(len(types))]
    return PublishedMonth(
        ward_id="w",
        month="2026-03",
        ward_name="W",
        count=len(ids),
        grades={each: PublishedGrade("u", Grade.B, f"d-{each}") for each in ids},
        decisions={each: Decision(f"d-{each}", Grade.B, Decimal(80)) for each in ids},
        posts={
            each: Post("X", "u", type_, leads=False, salary_coefficient=Decimal(3))
            for each, type_ in zip(ids, types, strict=True)
        },
        times=dict.fromkeys(ids, WorkingTime(44, 44)),
        units={"u": "U"},
    )


def test_r37_only_those_whom_a_policy_covers_have_a_part() -> None:
    published = month("public_employee", "civil_servant", "public_employee")

    assert [each.person.id for each in published.everybody(EMPLOYEES)] == ["p-0", "p-2"]
    assert len(published.everybody(POLICY)) == 3


def test_r37_whose_type_is_not_known_is_not_left_out_in_silence() -> None:
    with pytest.raises(InputsMissing) as no:
        month("public_employee", None).everybody(EMPLOYEES)
    assert no.value.facts["missing"] == "personnel_type=1"
    assert len(month("public_employee", None).everybody(POLICY)) == 2
