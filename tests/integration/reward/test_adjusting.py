"""R-39: what an upheld appeal changes in money, paid by a run of its own, others untouched."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest

from chassis.db import Sessions
from integration.reward import happenings as h
from kpi.reward.v1 import adjustments_pb2
from kpi.reward.v1 import reward_pb2 as pb
from support.service import Running, refusal

RUN = f"{h.FUND}.1"
NEXT = "f-2026-04"
RAISED = {**h.BINH, "grade": "A", "score": "92.00"}
LOWERED = {**h.ANH, "grade": "C", "score": "60.00"}


def adjust(service: Running, **fields: Any) -> adjustments_pb2.AdjustRunResponse:
    asked = {"ward_id": h.WARD, "run_id": RUN, "fund_id": NEXT} | fields
    reply: adjustments_pb2.AdjustRunResponse = service.as_("k-1", "finance").AdjustRun(
        adjustments_pb2.AdjustRunRequest(**asked)
    )
    return reply


def refused(service: Running, **fields: Any) -> tuple[str, dict[str, str]]:
    with pytest.raises(grpc.RpcError) as no:
        adjust(service, **fields)
    _, reason, facts = refusal(no.value)
    return reason, facts


def replaced(sessions: Sessions, given: dict[str, Any], revision: int = 2) -> None:
    h.happen(sessions, [h.decision(given, revision), h.publication(given, revision, decided=revision)])


def balance(service: Running, fund_id: str) -> int:
    request = pb.GetFundRequest(ward_id=h.WARD, fund_id=fund_id)
    return int(service.as_("k-1", "finance").GetFund(request).fund.balance)


def owed(service: Running, person_id: str) -> int:
    request = pb.ListEntriesRequest(ward_id=h.WARD, account=f"payable:{person_id}")
    listed = service.as_("k-1", "finance").ListEntries(request)
    assert listed.imbalance == 0
    return -int(sum(each.amount for each in listed.entries))


@pytest.fixture
def paid(service: Running, sessions: Sessions) -> dict[str, int]:
    """A month that was allocated, and a fund that may pay what follows."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    h.allocate(service)
    h.record_fund(service, fund_id=NEXT, month="2026-04")
    return h.allocations(service)


def test_nothing_is_owed_while_nothing_changed(service: Running, paid: dict[str, int]) -> None:
    assert list(adjust(service, preview=True, fund_id="").adjustments) == []
    assert refused(service)[0] == "NOTHING_TO_ADJUST"


def test_the_difference_is_paid_by_a_run_of_its_own(
    service: Running, sessions: Sessions, paid: dict[str, int]
) -> None:
    run = service.as_("k-1", "finance").GetRun(pb.GetRunRequest(ward_id=h.WARD, run_id=RUN)).run
    replaced(sessions, RAISED)

    shown = adjust(service, preview=True, fund_id="")
    assert (shown.run_id, len(shown.adjustments)) == ("", 1)
    assert balance(service, NEXT) == 10_000_000
    done = adjust(service)

    assert done.run_id == f"{NEXT}.1"
    [one] = done.adjustments
    assert one == shown.adjustments[0]
    # A: 1.0 × 0.92 × 3.33; B: 0.8 × 0.82 × 3.33, at the same value for a weight of 1.
    assert (one.person_id, one.before) == ("p-binh", paid["p-binh"])
    assert abs(one.after * 656 - paid["p-binh"] * 920) <= 920 * 1000
    assert one.after % 1000 == 0
    assert (one.difference, done.payable) == (one.after - one.before, one.after - one.before)
    assert one.decision_id == "d-p-binh-2"
    assert h.allocations(service) == paid
    assert h.allocations(service, f"{NEXT}.1") == {"p-binh": one.difference}
    assert owed(service, "p-binh") == one.after
    assert owed(service, "p-anh") == paid["p-anh"]
    assert balance(service, NEXT) == 10_000_000 - one.difference
    finance = service.as_("k-1", "finance")
    assert finance.GetRun(pb.GetRunRequest(ward_id=h.WARD, run_id=RUN)).run == run
    added = finance.GetRun(pb.GetRunRequest(ward_id=h.WARD, run_id=f"{NEXT}.1")).run
    assert (added.month, added.people, added.distributed, dict(added.by_grade)) == (
        h.MONTH,
        1,
        one.difference,
        {"A": one.difference},
    )


def test_it_is_exported_acknowledged_and_explained_like_any_other(
    service: Running, sessions: Sessions, paid: dict[str, int]
) -> None:
    replaced(sessions, RAISED)
    [one] = adjust(service).adjustments

    content, summary = h.export(service, pb.EXPORT_FORMAT_CSV, f"{NEXT}.1")
    assert (summary.count, summary.sum) == (1, one.difference)
    assert f",{one.difference}".encode() in content
    finance = service.as_("k-1", "finance")
    done = finance.AcknowledgeRun(
        pb.AcknowledgeRunRequest(ward_id=h.WARD, run_id=f"{NEXT}.1", sha256=summary.sha256)
    )
    assert done.run.state == pb.RUN_STATE_ACKNOWLEDGED
    own = service.as_("p-binh", "staff").ExplainAllocation(
        pb.ExplainAllocationRequest(ward_id=h.WARD, run_id=f"{NEXT}.1", person_id="p-binh")
    )
    assert own.allocation.amount == one.difference
    [line] = own.lines
    amounts = (f"{each:,}".replace(",", ".") for each in (one.after, one.before, one.difference))
    for fact in ("R-39", "d-p-binh-2", RUN, *amounts):
        assert fact in line


def test_a_negative_difference_is_shown_and_not_posted(
    service: Running, sessions: Sessions, paid: dict[str, int]
) -> None:
    replaced(sessions, LOWERED)

    [one] = adjust(service, preview=True).adjustments
    assert one.person_id == "p-anh"
    assert one.difference < 0
    assert refused(service)[0] == "NOTHING_TO_ADJUST"
    replaced(sessions, RAISED)
    done = adjust(service)

    assert [each.person_id for each in done.adjustments] == ["p-anh", "p-binh"]
    assert h.allocations(service, f"{NEXT}.1") == {"p-binh": done.payable}
    assert owed(service, "p-anh") == paid["p-anh"]


def test_what_was_paid_is_not_paid_again(service: Running, sessions: Sessions, paid: dict[str, int]) -> None:
    replaced(sessions, RAISED)
    [one] = adjust(service).adjustments
    h.record_fund(service, fund_id="f-2026-05", month="2026-05")

    assert list(adjust(service, preview=True).adjustments) == []
    assert refused(service, fund_id="f-2026-05")[0] == "NOTHING_TO_ADJUST"
    replaced(sessions, h.BINH, 3)
    [back] = adjust(service, preview=True).adjustments
    assert (back.before, back.after) == (one.after, paid["p-binh"])
    replaced(sessions, {**RAISED, "score": "99.00"}, 4)
    [more] = adjust(service, fund_id="f-2026-05").adjustments
    assert (more.before, more.difference) == (one.after, more.after - one.after)
    assert owed(service, "p-binh") == more.after


def test_two_at_once_pay_once(service: Running, sessions: Sessions, paid: dict[str, int]) -> None:
    h.record_fund(service, fund_id="f-2026-05", month="2026-05")
    replaced(sessions, RAISED)

    def ask(fund_id: str) -> str:
        try:
            return adjust(service, fund_id=fund_id).run_id
        except grpc.RpcError as error:
            return refusal(error)[1]

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(ask, [NEXT, "f-2026-05"]))

    assert said.count("NOTHING_TO_ADJUST") == 1
    [one] = [each for each in said if each.endswith(".1")]
    assert owed(service, "p-binh") == paid["p-binh"] + h.allocations(service, one)["p-binh"]


def test_what_cannot_pay_is_refused(service: Running, sessions: Sessions, paid: dict[str, int]) -> None:
    replaced(sessions, RAISED)
    h.record_fund(service, fund_id="small", month="2026-04", amount=1)
    h.record_fund(service, fund_id="other", month="2026-04", kind=pb.FUND_KIND_BONUS)

    assert refused(service, fund_id="small")[0] == "FUND_EXCEEDED"
    assert refused(service, fund_id="other")[0] == "OTHER_KIND_OF_FUND"
    assert refused(service, fund_id="none")[0] == "UNKNOWN_FUND"
    assert refused(service, fund_id=h.FUND)[0] == "RUN_ALREADY_POSTED"
    assert refused(service, run_id="none")[0] == "UNKNOWN_RUN"
    adjust(service)
    assert refused(service, run_id=f"{NEXT}.1") == (
        "RUN_OF_ADJUSTMENTS",
        {"run_id": f"{NEXT}.1", "adjusts": RUN, "field": "run_id"},
    )


def test_a_decision_that_is_not_here_whole_is_waited_for(
    service: Running, sessions: Sessions, paid: dict[str, int]
) -> None:
    h.happen(sessions, [h.publication(RAISED, 2, decided=2)])
    assert refused(service)[0] == "INPUTS_MISSING"
    h.happen(sessions, [h.decision(RAISED, 2)])
    assert adjust(service).payable > 0


def test_a_repeated_request_pays_once(service: Running, sessions: Sessions, paid: dict[str, int]) -> None:
    replaced(sessions, RAISED)

    first, again = (adjust(service, request_id="r-1") for _ in range(2))

    assert first == again
    assert owed(service, "p-binh") == first.adjustments[0].after
