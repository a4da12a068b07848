"""Plans of quotas through the door: R-21, R-22."""

import grpc
import pytest

from integration.scoring.ward import MONTH, Ward
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from support.service import refusal


@pytest.fixture
def office(ward: Ward) -> Ward:
    """Seven specialists, all of band A, in VP under a head; two clerks in VP; somebody in KT."""
    ward.tell(ward.leader("head", quota_scope="ward"), *ward.leading_month("head"))
    for number in range(7):
        ward.tell(
            ward.person(f"p{number}", superior_id="head"), *ward.good_month(f"p{number}", str(22 + number))
        )
    for id_ in ("c1", "c2"):
        ward.tell(ward.person(id_, superior_id="head", duty_group="clerk"))
    ward.tell(ward.person("k", unit_id="KT"), *ward.good_month("k", "10"))
    ward.compute()
    return ward


def plan(ward: Ward, caller: str = "o", role: str = "organizer", **given: object) -> pb.PlanQuotaResponse:
    request = pb.PlanQuotaRequest(ward_id=ward.ward_id, month=MONTH, **given)  # type: ignore[arg-type]
    answer: pb.PlanQuotaResponse = ward.service.as_(caller, role, wards=("*",)).PlanQuota(request)
    return answer


def test_a_plan_lowers_the_last_in_rank_and_warns_of_groups_too_small(office: Ward) -> None:
    before = (office.scores(), office.announced_scores(), office.announced_quotas())
    scopes = {scope.quota_scope: scope for scope in plan(office).scopes}

    assert list(scopes) == ["KT", "VP", "ward"]
    found = scopes["VP"]
    assert [change.person_id for change in found.changes] == ["p0", "p1", "p2", "p3", "p4", "p5"]
    assert (found.changes[0].total, found.changes[0].rank) == ("92.00", 7)
    assert (found.headcount, found.base, found.limit, found.candidates, found.planned) == (9, 7, 1, 7, 1)
    clerk, specialist = found.groups
    assert (clerk.duty_group, clerk.headcount, clerk.base) == ("clerk", 2, 0)
    assert (clerk.limit_at_best, clerk.least_for_one) == (0, 6)
    assert (specialist.limit, specialist.over, specialist.limit_at_best) == (1, 6, 1)
    assert (office.scores(), office.announced_scores(), office.announced_quotas()) == before


def test_a_plan_starts_from_the_grades_that_are_wanted(office: Ward) -> None:
    """One A is left, held by somebody lower in rank: within the quota, so nothing changes."""
    wanted = [pb.WantedGrade(person_id=f"p{n}", grade=types.GRADE_B) for n in range(7) if n != 3]
    [scope] = plan(office, quota_scope="VP", wanted=wanted).scopes
    assert (list(scope.changes), scope.candidates) == ([], 1)

    wanted = [pb.WantedGrade(person_id=f"p{n}", grade=types.GRADE_D) for n in (0, 1)]
    [scope] = plan(office, quota_scope="VP", wanted=wanted).scopes
    assert (scope.base, scope.limit, len(scope.changes)) == (5, 0, 5)


def test_staff_plan_the_scopes_they_lead(office: Ward) -> None:
    """R-29."""
    assert [scope.quota_scope for scope in plan(office, "head", "staff").scopes] == ["VP"]
    assert list(plan(office, "p1", "staff").scopes) == []


@pytest.mark.parametrize(
    ("wanted", "reason", "field"),
    [
        ([pb.WantedGrade(person_id="nobody", grade=types.GRADE_A)], "NO_TOTAL", "wanted[0].person_id"),
        ([pb.WantedGrade(person_id="p1")], "NOT_STATED", "wanted[0].grade"),
        ([pb.WantedGrade(person_id="p1", grade=types.GRADE_A)] * 2, "NOT_STATED", "wanted[1].person_id"),
    ],
)
def test_wanted_grades_are_of_people_who_have_a_total(
    office: Ward, wanted: list[pb.WantedGrade], reason: str, field: str
) -> None:
    with pytest.raises(grpc.RpcError) as no:
        plan(office, wanted=wanted)
    code, found, facts = refusal(no.value)
    assert (code, found, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, reason, field)


def test_a_plan_comes_before_anything_is_scored(ward: Ward) -> None:
    """R-21: early, from the posts alone."""
    ward.tell(*(ward.person(f"p{n}") for n in range(6)), ward.person("x", duty_group="clerk"))

    [scope] = plan(ward).scopes

    assert [(group.duty_group, group.limit_at_best) for group in scope.groups] == [
        ("clerk", 0), ("specialist", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("caller", "role", "scope"), [("o", "organizer", "NOPE"), ("head", "staff", "KT")])
def test_a_scope_in_which_nobody_competes_or_that_is_another_s_is_refused(
    office: Ward, caller: str, role: str, scope: str
) -> None:
    """R-21, R-29."""
    with pytest.raises(grpc.RpcError) as no:
        plan(office, caller, role, quota_scope=scope)
    code, found, facts = refusal(no.value)
    assert (code, found, facts["field"]) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_SCOPE", "quota_scope")
