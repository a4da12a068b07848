"""Lists by pages, and requests that name no month."""

from typing import Any

import grpc
import pytest

from integration.scoring.ward import MONTH, Ward
from kpi.scoring.v1 import scoring_pb2 as pb
from support.service import Running, refusal

IDS = ["A1", "B1", "a1", "a10", "a2", "Ánh", "đ-1"]
"""By bytes: the order of both databases, whatever their locale."""


@pytest.fixture(scope="module")
def listed(service: Running) -> Ward:
    ward = Ward(service, ward_id="listed")
    for number, id_ in enumerate(IDS):
        unit = "VP" if number % 2 else "KT"
        ward.tell(ward.person(id_, unit_id=unit, duty_group=id_), *ward.good_month(id_))
    ward.compute()
    return ward


def pages(ask: Any, request: Any, field: str) -> list[list[Any]]:
    found = []
    while True:
        answer = ask(request)
        found.append(list(getattr(answer, field)))
        if not answer.next_page_token:
            return found
        request.page_token = answer.next_page_token


def test_scores_come_by_person_in_pages(listed: Ward) -> None:
    ask = listed.service.as_("o", "organizer", wards=("*",)).ListScores
    request = pb.ListScoresRequest(ward_id=listed.ward_id, month=MONTH, page_size=3)

    found = pages(ask, request, "scores")

    assert [len(page) for page in found] == [3, 3, 1]
    assert [score.person_id for page in found for score in page] == IDS


def test_scores_of_one_unit(listed: Ward) -> None:
    assert list(listed.scores(unit_id="VP")) == [id_ for id_ in IDS if IDS.index(id_) % 2]


def test_quotas_come_by_scope_and_group_in_pages(listed: Ward) -> None:
    ask = listed.service.as_("o", "auditor", wards=("*",)).ListQuotas
    request = pb.ListQuotasRequest(ward_id=listed.ward_id, month=MONTH, page_size=2)

    found = pages(ask, request, "quotas")

    assert [len(page) for page in found] == [2, 2, 2, 1]
    assert [(quota.quota_scope, quota.duty_group) for page in found for quota in page] == sorted(
        ("VP" if number % 2 else "KT", id_) for number, id_ in enumerate(IDS)
    )


def test_one_ward_or_month_does_not_show_in_another(listed: Ward) -> None:
    assert Ward(listed.service, ward_id="elsewhere").scores() == {}
    assert Ward(listed.service, ward_id=listed.ward_id, month="2026-04").scores() == {}
    assert Ward(listed.service, ward_id="elsewhere").month_state() == pb.GetMonthResponse()


@pytest.mark.parametrize(
    ("method", "request_type"),
    [
        ("GetScore", pb.GetScoreRequest),
        ("ListScores", pb.ListScoresRequest),
        ("ExplainScore", pb.ExplainScoreRequest),
        ("ListQuotas", pb.ListQuotasRequest),
        ("GetMonth", pb.GetMonthRequest),
        ("GetPolicy", pb.GetPolicyRequest),
    ],
)
@pytest.mark.parametrize("month", ["", "2026-5", "2026-13", "tháng 5"])
def test_a_month_must_be_named(listed: Ward, method: str, request_type: Any, month: str) -> None:
    request = request_type(ward_id=listed.ward_id, month=month)
    with pytest.raises(grpc.RpcError) as no:
        getattr(listed.service.as_("o", "organizer", wards=("*",)), method)(request)

    code, reason, facts = refusal(no.value)
    assert (code, reason, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_MONTH", "month")
