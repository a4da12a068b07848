"""R-40, R-29: pages and streams, and who may see what."""

from datetime import timedelta
from typing import Any

import grpc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from chassis.db import Sessions
from integration.reward import happenings as h
from kpi.reward.v1 import reward_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from reward.storage import rows
from support import tokens
from support.service import Running, refusal

RUN = f"{h.FUND}.1"
COPIES = (
    rows.Ward,
    rows.Unit,
    rows.Post,
    rows.WorkingTime,
    rows.Decision,
    rows.PublishedGrade,
    rows.PublishedMonth,
)


@pytest.fixture
def posted(service: Running, sessions: Sessions) -> Running:
    h.happen(sessions, h.month())
    h.record_fund(service)
    h.allocate(service)
    return service


def paged(caller: Any, method: str, request: Any, field: str) -> list[Any]:
    """Every entry of a list, page by page, each page full but the last."""
    found: list[Any] = []
    while True:
        reply = getattr(caller, method)(request)
        got = list(getattr(reply, field))
        found += got
        if not reply.next_page_token:
            return found
        assert len(got) == request.page_size
        request.page_token = reply.next_page_token


# -- Pages and streams ---------------------------------------------------------------------------------------


def test_pages_and_the_stream_show_the_same(posted: Running) -> None:
    finance = posted.as_("k-1", "finance")
    whole = list(finance.ListAllocations(pb.ListAllocationsRequest(ward_id=h.WARD, run_id=RUN)).allocations)

    pages = paged(
        finance,
        "ListAllocations",
        pb.ListAllocationsRequest(ward_id=h.WARD, run_id=RUN, page_size=2),
        "allocations",
    )
    [piece] = finance.StreamAllocations(pb.StreamAllocationsRequest(ward_id=h.WARD, run_id=RUN))

    assert [each.person_id for each in whole] == ["p-anh", "p-binh", "p-chi", "p-dung", "p-em"]
    assert pages == whole == list(piece.allocations)


def test_a_stream_that_broke_off_goes_on_where_it_was(service: Running, sessions: Sessions) -> None:
    people = [h.someone(f"p-{number:04d}", "B", "75.00") for number in range(1_100)]
    h.happen(sessions, h.month(people))
    h.record_fund(service, 3_000_000_000)
    h.allocate(service)
    auditor = service.as_("k-3", "auditor")
    request = pb.StreamAllocationsRequest(ward_id=h.WARD, run_id=RUN)
    pieces = list(auditor.StreamAllocations(request))
    assert [len(each.allocations) for each in pieces] == [500, 500, 100]

    call = auditor.StreamAllocations(request)
    first = next(call)
    call.cancel()
    request.after_person_id = first.allocations[-1].person_id
    rest = list(auditor.StreamAllocations(request))

    assert [*first.allocations, *(each for piece in rest for each in piece.allocations)] == [
        each for piece in pieces for each in piece.allocations
    ]
    request.after_person_id = "p-9999"
    assert list(auditor.StreamAllocations(request)) == []


def test_funds_and_runs_newest_first(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.month())
    for number in range(5):
        h.record_fund(service, 1_000_000 + number, f"f-{number}")
    h.record_fund(service, 1_000_000, "f-april", month="2026-04")
    for number in (3, 1, 4):
        h.allocate(service, fund_id=f"f-{number}")
    finance = service.as_("k-1", "organizer")

    funds = paged(finance, "ListFunds", pb.ListFundsRequest(ward_id=h.WARD, page_size=2), "funds")
    march = finance.ListFunds(pb.ListFundsRequest(ward_id=h.WARD, month=h.MONTH)).funds
    runs = paged(finance, "ListRuns", pb.ListRunsRequest(ward_id=h.WARD, page_size=2), "runs")

    assert [each.fund_id for each in funds] == ["f-april", "f-4", "f-3", "f-2", "f-1", "f-0"]
    assert [each.fund_id for each in march] == ["f-4", "f-3", "f-2", "f-1", "f-0"]
    assert [each.run_id for each in runs] == ["f-4.1", "f-1.1", "f-3.1"]
    assert not finance.ListRuns(pb.ListRunsRequest(ward_id=h.WARD, month="2026-04")).runs
    balances = {each.fund_id: each.balance for each in funds}
    assert balances["f-0"] == 1_000_000
    assert {each.fund_id: each.undistributed for each in runs}.items() <= balances.items()


def test_funds_recorded_at_one_instant_are_paged_too(service: Running, sessions: Sessions) -> None:
    with sessions.begin() as session:
        for number in range(4):
            session.add(
                rows.Fund(
                    ward_id=h.WARD, fund_id=f"f-{number}", month=h.MONTH, kind="bonus", source="x",
                    legal_basis="y", amount=5, created_at=h.AT + timedelta(microseconds=number // 2),
                    created_by="k-1",
                )
            )  # fmt: skip

    request = pb.ListFundsRequest(ward_id=h.WARD, page_size=1)
    funds = paged(service.as_("k-1", "finance"), "ListFunds", request, "funds")

    assert [each.fund_id for each in funds] == ["f-3", "f-2", "f-1", "f-0"]


def test_policies_with_their_basis_and_note(service: Running) -> None:
    """R-37."""
    request = pb.ListPoliciesRequest(ward_id=h.WARD, page_size=2)
    found = {each.policy_id: each for each in paged(service.as_("p-1"), "ListPolicies", request, "policies")}

    assert list(found) == ["da-nang-2026", "ha-noi-2026", "hai-phong-2025", "hcmc-2025", "phuc-loi"]
    ours = found["phuc-loi"]
    assert (ours.version, ours.mode) == (1, "pool")
    assert "11-QĐ/TU" in ours.legal_basis
    assert "cần được phường xác nhận" in ours.note
    assert '"by_score": true' in ours.document
    english = service.stub.ListPolicies(
        pb.ListPoliciesRequest(ward_id=h.WARD),
        metadata=(*tokens.bearer("p-1"), ("accept-language", "en")),
        timeout=10,
    )
    assert "confirmed by the ward" in english.policies[-1].note


@pytest.mark.parametrize(
    ("method", "request_", "reason"),
    [
        ("GetFund", pb.GetFundRequest(fund_id="nope"), "UNKNOWN_FUND"),
        ("GetRun", pb.GetRunRequest(run_id="nope"), "UNKNOWN_RUN"),
        ("ListAllocations", pb.ListAllocationsRequest(run_id="nope"), "UNKNOWN_RUN"),
        ("Allocate", pb.AllocateRequest(fund_id="nope", policy="phuc-loi"), "UNKNOWN_FUND"),
        ("ExplainAllocation", pb.ExplainAllocationRequest(run_id="nope", person_id="x"), "UNKNOWN_RUN"),
        ("ExplainAllocation", pb.ExplainAllocationRequest(run_id=RUN, person_id="x"), "NOT_IN_RUN"),
        ("ListFunds", pb.ListFundsRequest(month="2026"), "BAD_MONTH"),
        ("ListRuns", pb.ListRunsRequest(month="march"), "BAD_MONTH"),
        ("ListEntries", pb.ListEntriesRequest(page_token="x"), "BAD_PAGE_TOKEN"),
    ],
)
def test_what_is_not_there_is_said_so(posted: Running, method: str, request_: Any, reason: str) -> None:
    request_.ward_id = h.WARD
    with pytest.raises(grpc.RpcError) as no:
        getattr(posted.as_("k-1", "finance"), method)(request_)

    assert refusal(no.value)[1] == reason


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_repetition_of_news_gives_the_same_money(
    service: Running, sessions: Sessions, data: st.DataObject
) -> None:
    """News comes late, reordered and twice, older revisions among it."""
    old = {**h.BINH, "score": "70.01", "worked_half_days": 22}
    news = [
        *h.month([h.ANH, h.BINH, h.EM]),
        h.ward("Tên cũ", revision=0),
        h.person("p-binh", full_name="Tên cũ", salary_coefficient="9.99", revision=0),
        h.working_time(old, revision=0),
        h.decision(old, revision=0),
        h.publication({**old, "grade": "C"}, revision=0, decided=0),
        h.whole(7, revision=0),
    ]
    if not service.as_("k-1", "finance").ListFunds(pb.ListFundsRequest(ward_id=h.WARD)).funds:
        h.record_fund(service)
    _forget(sessions)
    h.happen(sessions, news[:15])
    wanted = h.allocate(service, preview=True)
    _forget(sessions)

    order = data.draw(st.permutations(range(len(news))))
    repeated = data.draw(st.lists(st.sampled_from(range(len(news))), max_size=6))
    h.happen(sessions, [news[each] for each in [*order, *repeated]])

    assert h.allocate(service, preview=True) == wanted


def _forget(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for each in COPIES:
            session.execute(delete(each))


# -- Explanations --------------------------------------------------------------------------------------------


def test_an_explanation_can_be_checked_by_hand(posted: Running) -> None:
    """R-23, R-35, in the caller's language."""
    request = pb.ExplainAllocationRequest(ward_id=h.WARD, run_id=RUN, person_id="p-chi")

    told = posted.as_("p-chi").ExplainAllocation(request)

    assert told.allocation.amount == h.allocations(posted)["p-chi"]
    policy, weight, *rest = told.lines
    assert policy.startswith("Chính sách phuc-loi@1: ")
    assert weight == (
        "Trọng số = hệ số xếp loại 0,5 × điểm/100 0,6125 × hệ số lương 2,34 × ngày công 10/11"
        " = 5733/8800 (R-35)"
    )
    assert rest[-1] == f"Số tiền: {told.allocation.amount:,} đ".replace(",", ".")
    english = posted.stub.ExplainAllocation(
        request, metadata=(*tokens.bearer("p-chi"), ("accept-language", "en")), timeout=10
    )
    assert english.lines[-1] == f"Amount: {told.allocation.amount:,} đ"


# -- Rights ------------------------------------------------------------------------------------------------


def test_people_see_their_own_money_only(posted: Running) -> None:
    """R-29."""
    request = pb.ListAllocationsRequest(ward_id=h.WARD, run_id=RUN)
    assert [each.person_id for each in posted.as_("p-binh").ListAllocations(request).allocations] == [
        "p-binh"
    ]
    assert not posted.as_("p-fremd").ListAllocations(request).allocations
    for role in ("finance", "organizer", "auditor"):
        assert len(posted.as_("p-binh", role, "staff").ListAllocations(request).allocations) == 5
    explain = pb.ExplainAllocationRequest(ward_id=h.WARD, run_id=RUN, person_id="p-binh")
    assert posted.as_("p-binh").ExplainAllocation(explain).lines
    with pytest.raises(grpc.RpcError) as no:
        posted.as_("p-anh").ExplainAllocation(explain)
    assert refusal(no.value)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OWN_ALLOCATION_ONLY")


@pytest.mark.parametrize(
    ("method", "request_", "roles"),
    [
        ("CreateFund", pb.CreateFundRequest(), {"finance"}),
        ("GetFund", pb.GetFundRequest(), {"finance", "organizer", "auditor"}),
        ("ListFunds", pb.ListFundsRequest(), {"finance", "organizer", "auditor"}),
        ("Allocate", pb.AllocateRequest(), {"finance"}),
        ("CheckProposal", pb.CheckProposalRequest(), {"staff", "finance", "organizer"}),
        ("GetRun", pb.GetRunRequest(), {"finance", "organizer", "auditor"}),
        ("ListRuns", pb.ListRunsRequest(), {"finance", "organizer", "auditor"}),
        ("ListAllocations", pb.ListAllocationsRequest(), {"staff", "finance", "organizer", "auditor"}),
        ("AcknowledgeRun", pb.AcknowledgeRunRequest(), {"finance"}),
        ("ListEntries", pb.ListEntriesRequest(), {"finance", "auditor"}),
    ],
)
def test_who_may_call(shared: Running, method: str, request_: Any, roles: set[str]) -> None:
    request_.ward_id = h.WARD
    denied = set()
    for role in ("staff", "clerk", "organizer", "finance", "auditor", "operator"):
        try:
            getattr(shared.as_("x-1", role), method)(request_)
        except grpc.RpcError as error:
            if refusal(error)[1] == "ROLE_MISSING":
                denied.add(role)

    assert denied == {"staff", "clerk", "organizer", "finance", "auditor", "operator"} - roles


# -- Lists made by hand ------------------------------------------------------------------------------------


def check(service: Running, amounts: dict[str, int], *who: str, **fields: Any) -> pb.CheckProposalResponse:
    asked: dict[str, Any] = {"ward_id": h.WARD, "month": h.MONTH, "policy": "phuc-loi"} | fields
    listed = [pb.ProposedAmount(person_id=each, amount=amount) for each, amount in amounts.items()]
    caller = service.as_(*(who or ("o-1", "organizer")))
    reply: pb.CheckProposalResponse = caller.CheckProposal(pb.CheckProposalRequest(**asked, amounts=listed))
    return reply


def test_a_list_by_hand_is_checked_and_nothing_is_posted(posted: Running) -> None:
    """R-38."""
    fair = check(posted, h.allocations(posted))
    equal = check(posted, {"p-anh": 3_000_000, "p-binh": 3_000_000, "p-dung": 100_000})

    assert (fair.fair, fair.violation_count, len(fair.violations)) == (True, 0, 0)
    assert not equal.fair
    assert [each.rule for each in equal.violations] == ["R-38a", "R-38d"]
    assert equal.violation_count == 2
    assert list(equal.violations[0].person_ids) == ["p-anh", "p-binh"]
    assert "once normalized" in equal.violations[0].detail


def test_only_the_leader_of_the_unit_checks_its_list(posted: Running, sessions: Sessions) -> None:
    """R-29: whether a list is fair tells who did better than whom."""
    h.happen(
        sessions,
        [
            h.person("p-head", role=types.ROLE_LEADER),
            h.person("p-other-head", role=types.ROLE_LEADER, unit_id="u-2"),
            h.person("p-elsewhere", unit_id="u-2"),
        ],
    )
    amounts = {"p-anh": 5_000_000, "p-binh": 1_000_000}

    assert check(posted, amounts, "p-head").fair
    for who, listed in (
        ("p-binh", amounts),
        ("p-other-head", amounts),
        ("p-unknown", amounts),
        ("p-head", {**amounts, "p-elsewhere": 1}),
        ("p-head", {**amounts, "p-unknown": 1}),
    ):
        with pytest.raises(grpc.RpcError) as no:
            check(posted, listed, who)
        assert refusal(no.value)[:2] == (grpc.StatusCode.PERMISSION_DENIED, "OTHER_UNIT")


def test_a_list_about_somebody_without_a_published_grade_waits(posted: Running) -> None:
    with pytest.raises(grpc.RpcError) as no:
        check(posted, {"p-anh": 1, "p-new": 1})

    code, reason, facts = refusal(no.value)
    assert (code, reason, facts["missing"]) == (
        grpc.StatusCode.FAILED_PRECONDITION,
        "INPUTS_MISSING",
        "grade=1",
    )


@pytest.mark.parametrize(
    ("amounts", "field"),
    [
        ([], "amounts"),
        ([("p-1", 1)] * 5_001, "amounts"),
        ([("p-1", 1), ("p-2", 1), ("p-1", 1)], "amounts[2].person_id"),
        ([("", 1)], "amounts[0].person_id"),
        ([("p-1", -1)], "amounts[0].amount"),
        ([("p-1", 10**15 + 1)], "amounts[0].amount"),
    ],
)
def test_a_bad_list_names_the_place(shared: Running, amounts: list[tuple[str, int]], field: str) -> None:
    listed = [pb.ProposedAmount(person_id=each, amount=amount) for each, amount in amounts]
    request = pb.CheckProposalRequest(ward_id=h.WARD, month=h.MONTH, policy="phuc-loi", amounts=listed)
    with pytest.raises(grpc.RpcError) as no:
        shared.as_("o-1", "organizer").CheckProposal(request)

    code, reason, facts = refusal(no.value)
    assert (code, reason, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, "BAD_PROPOSAL", field)
