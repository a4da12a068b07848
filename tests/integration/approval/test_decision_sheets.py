"""The sheets of what is decided: all or nothing, every wrong row told, the same again of no effect."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import grpc
import pytest

from approval.usecases.decision_sheets import layout
from chassis.days import legal_day, now
from chassis.sheets import Page, Sheet, comma_separated, workbook
from kpi.approval.v1 import approval_pb2 as pb
from planning.wire.layout import OTHERS

from .ward import LETTERS, MONTH, WARD, OwnCaller, Ward, choose, refused

TOTALS = {"vp-1": "92.00", "vp-2": "80.00", "vp-3": "75.00", "vp-pho": "85.00", "vp-truong": "88.00"}
TODAY = date(2026, 1, 5)

Rows = Sequence[Mapping[str, Any]]

RATE = {
    "quota_scope": "vp",
    "rate": Decimal("0.25"),
    "decision": "21-QĐ/ĐU",
    "decided_on": date(2090, 12, 9),
    "signer": "Họ Tên bt",
    "reason": "vượt tiến độ",
}
DELEGATION = {
    "from_person_id": "ct",
    "to_person_id": "vp-pho",
    "from_day": TODAY,
    "to_day": TODAY + timedelta(days=4),
    "document": "12/UQ",
}
EXTERNAL = {"person_id": "ct", "grade": "A", "total": Decimal("98.50"), "document": "541-TB/TU"}


def decided(person_id: str, grade: str, reason: str = "", document: str = "") -> dict[str, Any]:
    return {"person_id": person_id, "grade": grade, "reason": reason, "document": document}


def said(person_id: str, kind: str, text: str, **answer: Any) -> dict[str, Any]:
    return {"person_id": person_id, "kind": kind, "text": text, **answer}


def take(caller: OwnCaller, *pages: tuple[Sheet, Rows], **fields: Any) -> pb.ImportDecisionsResponse:
    found: pb.ImportDecisionsResponse = caller.ImportDecisions(
        pb.ImportDecisionsRequest(
            **{
                "ward_id": WARD,
                "month": MONTH,
                "file_name": "quyet-dinh.xlsx",
                "content": workbook([Page(sheet, rows) for sheet, rows in pages]),
                **fields,
            }
        )
    )
    return found


def places(reply: pb.ImportDecisionsResponse) -> list[tuple[str, int, str]]:
    assert all(each.reason_vi and each.reason_en for each in reply.errors)
    return [(each.sheet, each.row, each.column) for each in reply.errors]


def graded(ward: Ward, person_id: str) -> tuple[str, int, str, str]:
    found = ward.evaluation(person_id).decision
    letter = next(name for name, number in LETTERS.items() if number == found.grade)
    return letter, found.revision, found.decided_by, found.authority_id


@pytest.fixture
def ready(ward: Ward) -> Ward:
    """Everybody of the office awaits the decision."""
    ward.prepare(TOTALS)
    return ward


def test_the_organizer_enters_every_sheet_from_signed_paper(ready: Ward) -> None:
    """R-2, R-21, R-28: on the authority of who signed, with the paper's number."""
    pages = (
        (layout.QUOTA_RATES, [RATE]),
        (layout.DELEGATIONS, [DELEGATION]),
        (layout.EXTERNAL_RESULTS, [EXTERNAL]),
        (
            layout.DECISIONS,
            [
                decided("vp-truong", "B", document="77/QĐ"),
                decided("vp-2", "C", "để quá hạn một đơn"),
                *(decided(each, "B") for each in ("vp-3", "vp-pho")),
                decided("vp-1", "B", "nhường đồng nghiệp"),
            ],
        ),
    )
    done = take(ready.organizer, *pages, document="76/QĐ")
    assert (done.applied, places(done)) == (True, [])
    assert dict(done.rows) == {"quota_rates": 1, "delegations": 1, "external_results": 1, "decisions": 5}
    assert dict(done.changed) == dict(done.rows)
    assert graded(ready, "vp-2") == ("C", 1, "to-chuc", "vp-truong")
    assert graded(ready, "vp-truong") == ("B", 1, "to-chuc", "ct")
    assert ready.evaluation("vp-2").decision.document == "76/QĐ"
    assert ready.evaluation("vp-truong").decision.document == "77/QĐ"
    assert (graded(ready, "ct")[0], ready.evaluation("ct").decision.document) == ("A", "541-TB/TU")
    [found] = ready.organizer.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD)).delegations
    assert (found.from_person_id, found.to_person_id, found.document) == ("ct", "vp-pho", "12/UQ")
    [told] = ready.announced("DelegationRecorded")
    assert (told["delegation_id"], told["from_person_id"]) == (found.delegation_id, "ct")
    [rate] = ready.announced("QuotaRateDecided")
    assert (rate["quota_scope"], rate["rate"]) == ("vp", "0.25")

    announced = len(ready.announced("DecisionMade"))
    again = take(ready.organizer, *pages, document="76/QĐ")
    assert again.applied
    assert set(again.changed.values()) == {0}
    assert len(ready.announced("DecisionMade")) == announced
    assert len(ready.announced("QuotaRateDecided")) == 1


def test_one_wrong_row_stops_everything_and_every_wrong_row_is_told(ready: Ward) -> None:
    """R-21, R-27, R-28."""
    done = take(
        ready.organizer,
        (
            layout.QUOTA_RATES,
            [RATE, {**RATE, "quota_scope": "xa"}, {**RATE, "quota_scope": "th", "rate": Decimal("0.3")}],
        ),
        (
            layout.DELEGATIONS,
            [DELEGATION, {**DELEGATION, "to_person_id": "ct"}, {**DELEGATION, "to_day": date(2020, 1, 1)}],
        ),
        (
            layout.EXTERNAL_RESULTS,
            [EXTERNAL, {**EXTERNAL, "person_id": "vp-1"}, {**EXTERNAL, "document": None}],
        ),
        (
            layout.DECISIONS,
            [
                decided("vp-1", "A", "xuất sắc"),
                decided("vp-2", "C"),
                decided("vp-3", "B"),
                decided("ai-do", "B"),
                decided("vp-3", "B"),
                decided("th-1", "B"),
            ],
        ),
        document="76/QĐ",
    )
    assert not done.applied
    assert places(done) == [
        ("quota_rates", 3, "Phạm vi tính tỷ lệ"),
        ("quota_rates", 4, "Tỷ lệ"),
        ("delegations", 3, "Người được ủy quyền"),
        ("delegations", 4, "Đến ngày"),
        ("external_results", 3, ""),
        ("external_results", 4, "Số văn bản"),
        ("external_results", 4, "Mã người"),
        ("decisions", 2, ""),
        ("decisions", 3, "Lý do"),
        ("decisions", 5, "Mã người"),
        ("decisions", 6, "Mã người"),
        ("decisions", 7, ""),
    ]
    assert done.error_count == len(done.errors)
    for person_id in TOTALS:
        assert not ready.evaluation(person_id).decision.decision_id
    assert ready.announced("DecisionMade") == ready.announced("QuotaRateDecided") == []
    assert not ready.organizer.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD)).delegations
    assert {
        each.action
        for each in ready.organizer.ListAuditEntries(pb.ListAuditEntriesRequest(ward_id=WARD)).entries
    }.isdisjoint({"decide", "delegate", "decide_quota_rate", "record_external_result"})


def test_a_dry_run_tries_everything_and_changes_nothing(ready: Ward) -> None:
    page = (layout.DECISIONS, [decided("vp-2", "B")])
    done = take(ready.as_("vp-truong"), page, dry_run=True)
    assert (done.applied, done.error_count, dict(done.changed)) == (False, 0, {"decisions": 1})
    assert not ready.evaluation("vp-2").decision.decision_id
    assert ready.announced("DecisionMade") == []


def test_a_decider_decides_by_sheet_about_his_own_and_nobody_else(ready: Ward) -> None:
    """R-2: without a paper, for he decides himself."""
    own = take(ready.as_("vp-truong"), (layout.DECISIONS, [decided("vp-2", "B"), decided("vp-3", "B")]))
    assert (own.applied, dict(own.changed)) == (True, {"decisions": 2})
    assert graded(ready, "vp-2") == ("B", 1, "vp-truong", "vp-truong")
    for caller in ("vp-truong", "vp-1", "th-truong"):
        other = take(ready.as_(caller), (layout.DECISIONS, [decided("vp-truong", "B")]), document="76/QĐ")
        assert (other.applied, places(other)) == (False, [("decisions", 2, "")])
    clerk = take(ready.clerk, (layout.DECISIONS, [decided("vp-2", "B")]), document="76/QĐ")
    assert not clerk.applied


def test_a_stranger_learns_nothing_of_what_stands(ready: Ward) -> None:
    """R-29: right or wrong, a guess is answered alike."""
    ready.decide("vp-truong", [choose("vp-2"), choose("vp-3")])
    told = {
        (each.reason_vi, each.reason_en)
        for grade in "ABCD"
        for each in take(ready.as_("th-1"), (layout.DECISIONS, [decided("vp-2", grade)])).errors
    }
    assert len(told) == 1


def test_the_organizer_names_the_paper_of_a_decision(ready: Ward) -> None:
    done = take(ready.organizer, (layout.DECISIONS, [decided("vp-2", "B")]))
    assert (done.applied, places(done)) == (False, [("decisions", 2, "Số văn bản")])


@pytest.mark.parametrize(
    ("sheet", "row"),
    [(layout.QUOTA_RATES, RATE), (layout.DELEGATIONS, DELEGATION), (layout.EXTERNAL_RESULTS, EXTERNAL)],
)
def test_what_is_the_organizer_s_nobody_else_enters(
    ready: Ward, sheet: Sheet, row: Mapping[str, Any]
) -> None:
    for caller in (ready.clerk, ready.as_("ct")):
        code, reason, _ = refused(take, caller, (sheet, [row]), document="76/QĐ")
        assert (code, reason) == (grpc.StatusCode.PERMISSION_DENIED, "SHEET_NOT_YOURS")
    # The same file serves for another sheet.
    both = ((sheet, [row]), (layout.DECISIONS, [decided("vp-2", "B")]))
    assert take(ready.as_("vp-truong"), *both, sheets=["decisions"]).applied


def published(ward: Ward) -> None:
    ward.decide("vp-truong", [choose("vp-2", "C", "để quá hạn một đơn")], all=True)
    ward.decide("ct", [choose("vp-truong")])
    ward.publish("vp")


def test_appeals_and_their_answers_come_from_paper(ready: Ward) -> None:
    """R-30: the clerk enters what the person signed, the organizer what the superior answered."""
    published(ready)
    submitted = [
        said("vp-2", "appeal", "việc của đơn vị khác", document="15/ĐN"),
        said("vp-3", "opinion", "chưa nhất trí về nhận xét"),
    ]
    entered = take(ready.clerk, (layout.APPEALS, submitted), document="16/ĐN")
    assert (places(entered), dict(entered.changed)) == ([], {"appeals": 2})
    assert take(ready.clerk, (layout.APPEALS, submitted), document="16/ĐN").changed["appeals"] == 0
    found = ready.organizer.ListAppeals(pb.ListAppealsRequest(ward_id=WARD, month=MONTH)).appeals
    assert [(each.person_id, each.kind, each.document) for each in found] == [
        ("vp-2", pb.APPEAL_KIND_APPEAL, "15/ĐN"),
        ("vp-3", pb.APPEAL_KIND_OPINION, "16/ĐN"),
    ]

    answer = {"outcome": "upheld", "grade": "B", "answer": "đúng là việc của đơn vị khác"}
    answered = [{**submitted[0], **answer, "answer_document": "05/TB"}]
    missing = take(ready.organizer, (layout.APPEALS, [{**submitted[0], **answer}]))
    assert places(missing) == [("appeals", 2, "Số văn bản trả lời")]
    done = take(ready.organizer, (layout.APPEALS, answered))
    assert (places(done), dict(done.changed)) == ([], {"appeals": 1})
    assert graded(ready, "vp-2") == ("B", 2, "to-chuc", "ct")
    for _ in range(2):
        again = take(ready.organizer, (layout.APPEALS, answered))
        assert (again.applied, dict(again.changed)) == (True, {"appeals": 0})
    # The month's own decisions stand in the file as they were made, and are no news.
    whole = (layout.DECISIONS, [decided("vp-2", "C", "để quá hạn một đơn")])
    assert take(ready.as_("vp-truong"), whole).changed["decisions"] == 0
    assert graded(ready, "vp-2")[:2] == ("B", 2)


def test_who_answers_does_so_by_sheet_and_may_send_it_again(ready: Ward) -> None:
    """R-30: the decider's superior; the decision is his then, and the file says nothing new."""
    published(ready)
    rows = [said("vp-2", "appeal", "việc của đơn vị khác")]
    assert take(ready.as_("vp-2"), (layout.APPEALS, rows)).applied
    answered = [{**rows[0], "outcome": "upheld", "grade": "B", "answer": "có căn cứ"}]
    stranger = take(ready.as_("th-1"), (layout.APPEALS, answered), document="16/ĐN")
    assert places(stranger) == [("appeals", 2, "")]
    decider = take(ready.as_("vp-truong"), (layout.APPEALS, answered))
    assert not decider.applied
    assert take(ready.as_("ct"), (layout.APPEALS, answered)).changed["appeals"] == 1
    assert take(ready.as_("ct"), (layout.APPEALS, answered)).changed["appeals"] == 0
    assert graded(ready, "vp-2") == ("B", 2, "ct", "ct")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (said("vp-2", "opinion", "ý kiến", outcome="upheld"), "Kết quả giải quyết"),
        (said("vp-2", "appeal", "ý kiến", answer="thiếu kết quả"), "Kết quả giải quyết"),
        (said("ai-do", "appeal", "ý kiến"), "Mã người"),
    ],
)
def test_an_answer_that_cannot_be_is_told_where_it_stands(
    ready: Ward, row: Mapping[str, Any], column: str
) -> None:
    published(ready)
    done = take(ready.clerk, (layout.APPEALS, [row]), document="16/ĐN")
    assert (done.applied, places(done)) == (False, [("appeals", 2, column)])


def test_the_workbook_s_other_reader_passes_these_sheets_over() -> None:
    """One file holds the whole month: planning takes its own sheets and knows these for another's."""
    assert {name for each in layout.SHEETS for name in (each.name, each.vi)} <= set(OTHERS)


def test_vietnamese_headers_and_words_in_a_csv(ready: Ward) -> None:
    page = Page(layout.DECISIONS, [decided("vp-2", "B")])
    done = take(
        ready.as_("vp-truong"),
        content=comma_separated(page),
        file_name="quyet-dinh.csv",
        sheets=["decisions"],
    )
    assert (places(done), dict(done.changed)) == ([], {"decisions": 1})


def test_r2_a_delegation_that_was_ended_is_not_given_again_by_the_same_file(ready: Ward) -> None:
    day = legal_day(now())
    page = (layout.DELEGATIONS, [{**DELEGATION, "from_day": day, "to_day": day + timedelta(days=4)}])
    assert take(ready.organizer, page).changed["delegations"] == 1
    [found] = ready.organizer.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD)).delegations
    ready.organizer.EndDelegation(
        pb.EndDelegationRequest(ward_id=WARD, delegation_id=found.delegation_id, document="13/UQ")
    )

    assert take(ready.organizer, page).changed["delegations"] == 0

    [after] = ready.organizer.ListDelegations(pb.ListDelegationsRequest(ward_id=WARD)).delegations
    assert (after.delegation_id, after.end_document) == (found.delegation_id, "13/UQ")
