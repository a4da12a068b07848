"""Who sees whose score: R-29.

::

    chair ── head ── s1, s2 (s2 only as somebody in the head's charge)
          └─ other ── s3
"""

from collections.abc import Callable

import grpc
import pytest

from integration.scoring.ward import MONTH, Ward
from kpi.scoring.v1 import scoring_pb2 as pb
from support.service import Running, refusal

EVERYBODY = ("chair", "head", "other", "s1", "s2", "s3")
SEES = {
    "chair": set(EVERYBODY),
    "head": {"head", "s1", "s2"},
    "other": {"other", "s3"},
    "s1": {"s1"},
    "s2": {"s2"},
    "s3": {"s3"},
    "stranger": set(),
}


@pytest.fixture(scope="module")
def offices(service: Running) -> Ward:
    ward = Ward(service, ward_id="offices")
    ward.tell(
        ward.leader("chair", unit_id="UB", quota_scope="ward"),
        ward.leader("head", "s2", superior_id="chair", unit_id="VP", quota_scope="ward"),
        ward.leader("other", superior_id="chair", unit_id="KT"),
        ward.person("s1", superior_id="head", unit_id="VP"),
        ward.person("s2", superior_id="", unit_id="VP"),
        ward.person("s3", superior_id="other", unit_id="KT"),
        ward.leader("left", "s1", "s2", superior_id="chair", active=False),
        *(each for id_ in ("s1", "s2", "s3") for each in ward.good_month(id_)),
        *(each for id_ in ("chair", "head", "other") for each in ward.leading_month(id_)),
    )
    ward.compute()
    return ward


ASKED: dict[str, Callable[..., object]] = {
    "GetScore": pb.GetScoreRequest,
    "ExplainScore": pb.ExplainScoreRequest,
}


@pytest.mark.parametrize("method", ASKED)
@pytest.mark.parametrize("person_id", EVERYBODY)
@pytest.mark.parametrize("caller", SEES)
def test_a_score_is_for_the_person_and_those_above(
    offices: Ward, caller: str, person_id: str, method: str
) -> None:
    request = ASKED[method](ward_id=offices.ward_id, month=MONTH, person_id=person_id)
    ask = getattr(offices.service.as_(caller, wards=("*",)), method)
    if person_id in SEES[caller]:
        assert ask(request).score.person_id == person_id
        return
    with pytest.raises(grpc.RpcError) as no:
        ask(request)
    assert refusal(no.value)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "NOT_YOUR_SCORE")


@pytest.mark.parametrize("caller", SEES)
def test_a_list_holds_whom_the_caller_may_see(offices: Ward, caller: str) -> None:
    assert set(offices.scores(caller, "staff")) == SEES[caller]


@pytest.mark.parametrize("role", ["organizer", "auditor"])
def test_the_organizer_and_the_auditor_see_everything(offices: Ward, role: str) -> None:
    assert set(offices.scores("x", role)) == set(EVERYBODY)
    assert offices.explain("chair", "x", role).score.total == "100.00"
    assert len(offices.quotas("x", role)) == 4


@pytest.mark.parametrize("role", ["finance", "clerk", "operator"])
def test_other_roles_see_no_score(offices: Ward, role: str) -> None:
    with pytest.raises(grpc.RpcError) as no:
        offices.scores("chair", role)
    assert refusal(no.value)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "ROLE_MISSING")


@pytest.mark.parametrize(
    ("caller", "scopes"),
    [
        ("chair", {"ward", "VP", "KT"}),
        ("head", {"VP"}),
        ("other", {"KT"}),
        ("s1", set()),
        ("s3", set()),
        ("stranger", set()),
    ],
)
def test_a_leader_sees_the_quotas_of_scopes_that_he_leads(
    offices: Ward, caller: str, scopes: set[str]
) -> None:
    """Those whose people are all below him, or himself; nobody sees the quota of a scope of his own only."""
    assert {scope for scope, _ in offices.quotas(caller, "staff")} == scopes


def test_an_explanation_names_no_colleague(offices: Ward) -> None:
    """R-23 shows M, q, A_max and the rank to everybody; who else keeps A is not told."""
    own = offices.explain("s1", "s1", "staff").quota
    seen = offices.explain("s1", "head", "staff").quota

    assert (own.base, own.limit) == (seen.base, seen.limit) == (2, 0)
    assert list(own.lowered_ids) == ["s1"]
    assert list(seen.lowered_ids) == ["s1", "s2"]


def test_one_month_does_not_open_another(offices: Ward) -> None:
    """Who is above whom is read from the posts of the month that is asked for."""
    ward = Ward(offices.service, ward_id="moves")
    ward.tell(
        ward.leader("old"),
        ward.leader("new"),
        ward.person("s", superior_id="old"),
        ward.person("s", superior_id="new", from_month="2026-06"),
        *ward.good_month("s"),
    )
    ward.compute()

    assert set(ward.scores("old", "staff")) == {"old", "s"}
    assert set(ward.scores("new", "staff")) == {"new"}


def test_what_does_not_exist_is_refused_like_what_may_not_be_seen(offices: Ward) -> None:
    request = pb.GetScoreRequest(ward_id=offices.ward_id, month=MONTH, person_id="nobody")
    for role, code in (
        ("staff", grpc.StatusCode.PERMISSION_DENIED),
        ("organizer", grpc.StatusCode.NOT_FOUND),
    ):
        with pytest.raises(grpc.RpcError) as no:
            offices.service.as_("s1", role, wards=("*",)).GetScore(request)
        assert no.value.code() is code
