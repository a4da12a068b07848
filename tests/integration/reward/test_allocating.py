"""R-34 to R-38: a fund is recorded, shared out as the law says, once, and only when everything is here."""

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from sqlalchemy import select

from chassis.db import Sessions
from chassis.db.tables import outbox
from integration.reward import happenings as h
from kpi.reward.v1 import reward_pb2 as pb
from reward import policies
from support.service import Running, refusal

CASES = Path(__file__).parents[2] / "cases" / "reward"
SHIPPED = {
    "pool-01": "phuc-loi",
    "pool-02": "phuc-loi",
    "pool-03": "phuc-loi",
    **{f"rate-da-nang-0{number}": "da-nang-2026" for number in range(4)},
    **{f"rate-hcmc-0{number}": "hcmc-2025" for number in range(4)},
}
"""Cases whose policy is a shipped one."""


def offline(given: object) -> Any:
    """What ``python -m reward allocate`` says."""
    command = [sys.executable, "-m", "reward", "allocate", "-"]
    done = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=True)
    return json.loads(done.stdout)


def refused(service: Running, **fields: Any) -> tuple[str, dict[str, str]]:
    """Allocate in vain: the reason and the facts."""
    with pytest.raises(grpc.RpcError) as no:
        h.allocate(service, **fields)
    code, reason, facts = refusal(no.value)
    assert code is grpc.StatusCode.FAILED_PRECONDITION
    return reason, facts


def announced(sessions: Sessions) -> list[tuple[str, str, dict[str, Any]]]:
    with sessions() as session:
        rows = session.execute(select(outbox.c.type, outbox.c.subject, outbox.c.body).order_by("position"))
        return [(type_.rpartition(".")[2], subject, json.loads(body)) for type_, subject, body in rows]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_run_pays_what_the_case_and_the_offline_command_say(
    service: Running, sessions: Sessions, name: str
) -> None:
    """R-35, R-36, by hand and by service alike."""
    case = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    given, expected = case["input"], case["expected"]
    policy = json.loads(policies.document(SHIPPED[name]))
    assert {field: policy.get(field) for field in given["policy"]} == given["policy"]
    h.happen(sessions, h.month(given["people"]))
    h.record_fund(service, given["fund"])

    assert offline({**given, "policy": SHIPPED[name]}) == expected
    if "error" in expected:
        reason, facts = refused(service, policy=SHIPPED[name])
        assert reason == expected["error"].upper()
        assert facts["shortfall"] == str(expected["shortfall"])
        return
    run = h.allocate(service, policy=SHIPPED[name]).run
    wanted = {each["id"]: each["amount"] for each in expected["allocations"]}
    assert h.allocations(service) == wanted
    assert (run.distributed, run.undistributed) == (expected["distributed"], expected["undistributed"])
    assert run.people == len(wanted)
    assert run.paid == sum(1 for amount in wanted.values() if amount)


def test_a_run_in_full(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.month())
    h.record_fund(service)

    run = h.allocate(service, policy="phuc-loi@1").run

    assert (run.run_id, run.fund_id, run.month, run.policy) == (f"{h.FUND}.1", h.FUND, h.MONTH, "phuc-loi@1")
    assert (run.state, run.posted_by, run.people, run.paid) == (pb.RUN_STATE_POSTED, "k-1", 5, 3)
    amounts = h.allocations(service)
    assert dict(run.by_grade) == {
        "A": amounts["p-anh"],
        "B": amounts["p-binh"],
        "C": amounts["p-chi"],
        "D": 0,
        "-": 0,
    }
    assert sum(run.by_grade.values()) == run.distributed == 10_000_000 - run.undistributed
    finance = service.as_("k-1", "finance")
    assert finance.GetRun(pb.GetRunRequest(ward_id=h.WARD, run_id=run.run_id)).run == run
    assert (
        finance.GetFund(pb.GetFundRequest(ward_id=h.WARD, fund_id=h.FUND)).fund.balance == run.undistributed
    )
    posted, *payments = announced(sessions)
    assert posted[:2] == ("RunPosted", run.run_id)
    assert posted[2]["run"]["distributed"] == str(run.distributed)
    assert [(type_, subject, body["amount"], body["fund_id"]) for type_, subject, body in payments] == [
        ("AllocationPosted", person_id, str(amount), h.FUND)
        for person_id, amount in amounts.items()
        if amount
    ]


def test_a_run_shows_what_it_was_computed_from_whatever_comes_later(
    service: Running, sessions: Sessions
) -> None:
    """R-33: what a run was computed from is kept with it."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    h.allocate(service)
    request = pb.ListAllocationsRequest(ward_id=h.WARD, run_id=f"{h.FUND}.1")
    finance = service.as_("k-1", "finance")
    before = finance.ListAllocations(request)

    h.happen(
        sessions,
        [
            h.person("p-anh", full_name="Tên mới", salary_coefficient="9.99", revision=2),
            h.working_time(h.someone("p-anh", days=(1, 44)), revision=2),
            h.decision(h.someone("p-anh", "C", "55.00"), revision=2),
            h.publication(h.someone("p-anh", "C"), revision=2, decided=2),
        ],
    )

    assert finance.ListAllocations(request) == before
    [anh, *_] = before.allocations
    assert (anh.person_id, anh.full_name, anh.unit_id) == ("p-anh", "Người p-anh", "u-1")
    assert (anh.grade, anh.score, anh.salary_coefficient) == (1, "95.50", "3.99")
    assert (anh.worked_half_days, anh.required_half_days) == (44, 44)
    em = before.allocations[-1]
    assert (em.person_id, em.grade, em.score, em.amount) == ("p-em", 0, "", 0)


def test_a_preview_shows_everything_and_posts_nothing(service: Running, sessions: Sessions) -> None:
    h.happen(sessions, h.month())
    h.record_fund(service)

    shown = h.allocate(service, preview=True)

    assert (shown.run.state, shown.run.run_id) == (pb.RUN_STATE_PREVIEW, "")
    assert announced(sessions) == []
    finance = service.as_("k-1", "finance")
    assert not finance.ListRuns(pb.ListRunsRequest(ward_id=h.WARD)).runs
    assert finance.GetFund(pb.GetFundRequest(ward_id=h.WARD, fund_id=h.FUND)).fund.balance == 10_000_000
    posted = h.allocate(service).run
    assert {each.person_id: each.amount for each in shown.allocations} == h.allocations(service)
    assert posted.distributed == shown.run.distributed
    assert h.allocate(service, preview=True).run == shown.run


def test_a_fund_is_shared_out_once(service: Running, sessions: Sessions) -> None:
    """R-33, R-34; the same request again is answered again (AIP-155)."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    first = h.allocate(service, request_id="r-1")

    assert h.allocate(service, request_id="r-1") == first
    reason, facts = refused(service, request_id="r-2")
    assert (reason, facts["run_id"]) == ("RUN_ALREADY_POSTED", f"{h.FUND}.1")
    assert refused(service)[0] == "RUN_ALREADY_POSTED"
    assert len(announced(sessions)) == 4


def test_two_at_once_post_one_run(service: Running, sessions: Sessions) -> None:
    """R-33: whoever comes second finds the run."""
    h.happen(
        sessions,
        h.month([h.someone(f"p-{number:03d}", "B", f"{70 + number % 20}.00") for number in range(300)]),
    )
    h.record_fund(service, 900_000_000)

    def attempt(number: int) -> str:
        try:
            return h.allocate(service).run.run_id
        except grpc.RpcError as error:
            return refusal(error)[1]

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))

    assert answers == ["RUN_ALREADY_POSTED"] * 3 + [f"{h.FUND}.1"]
    assert [type_ for type_, _, _ in announced(sessions)].count("RunPosted") == 1
    entries = service.as_("k-1", "finance").ListEntries(pb.ListEntriesRequest(ward_id=h.WARD, page_size=1000))
    assert entries.imbalance == 0
    assert len(entries.entries) == 2 + 1 + 300


def test_the_present_post_of_the_month_counts(service: Running, sessions: Sessions) -> None:
    """A post holds from its month on, until the next; later news of an older revision changes nothing."""
    h.happen(sessions, h.month([h.ANH, h.BINH]))
    h.happen(
        sessions,
        [
            h.person("p-anh", from_month=month, full_name=name, salary_coefficient=salary, revision=revision)
            for month, name, salary, revision in (
                ("2026-02", "Đặng Thị Anh", "4.40", 2),
                ("2026-02", "Cũ", "1.00", 1),
                ("2026-04", "Sau này", "5.00", 7),
            )
        ],
    )
    h.record_fund(service)

    [anh, _] = h.allocate(service, preview=True).allocations

    assert (anh.full_name, anh.salary_coefficient) == ("Đặng Thị Anh", "4.40")


# -- What is missing ---------------------------------------------------------------------------------------


def test_money_waits_for_the_publication(service: Running, sessions: Sessions) -> None:
    h.record_fund(service)
    assert refused(service)[0] == "MONTH_NOT_PUBLISHED"

    h.happen(sessions, [each for each in h.month() if not _is(each, "GradePublished", "p-chi")])
    reason, facts = refused(service)
    assert (reason, facts["count"], facts["known"]) == ("GRADES_MISSING", "5", "4")
    assert refused(service, preview=True)[0] == "GRADES_MISSING"

    h.happen(sessions, [h.publication(h.CHI)])
    assert h.allocate(service).run.people == 5


@pytest.mark.parametrize(
    ("type_", "policy", "missing"),
    [
        ("DecisionMade", "phuc-loi", "decision=4"),
        ("PersonChanged", "phuc-loi", "person=5"),
        ("WorkingTimeRecorded", "phuc-loi", "working_time=3"),
        ("UnitChanged", "phuc-loi", "unit=5"),
    ],
)
def test_money_waits_for_what_it_is_computed_from(
    service: Running, sessions: Sessions, type_: str, policy: str, missing: str
) -> None:
    """Refused, naming what is missing and of whom; then it arrives, and the order has changed nothing."""
    happened = h.month()
    h.happen(sessions, [each for each in happened if not _is(each, type_)])
    h.record_fund(service)

    reason, facts = refused(service, policy=policy)

    assert (reason, facts["missing"]) == ("INPUTS_MISSING", missing)
    assert "p-anh, p-binh, p-chi" in facts["missing_vi"]
    h.happen(sessions, [each for each in happened if _is(each, type_)])
    assert h.allocate(service, policy=policy).run.paid == 3


def test_publication_that_overtakes_the_working_time_pays_nobody_by_the_older_one(
    service: Running, sessions: Sessions
) -> None:
    """R-10, R-35: refused whatever way it is asked; then the time arrives and the amounts are by it."""
    now = [h.ANH, h.BINH, {**h.CHI, "worked_half_days": 30}, h.DUNG, h.EM]
    h.happen(sessions, h.month(lock_follows=True))
    h.record_fund(service)
    asked: list[dict[str, Any]] = [{}, {"preview": True}, {"policy": "da-nang-2026"}]

    for each in asked:
        reason, facts = refused(service, **each)
        assert (reason, facts["behind"], facts["count"]) == ("INPUTS_BEHIND", "month_locked=4", "4")
        assert "p-anh, p-binh, p-chi, p-dung" in facts["behind_vi"]
    proposal = pb.CheckProposalRequest(ward_id=h.WARD, month=h.MONTH, policy="phuc-loi")
    proposal.amounts.add(person_id="p-chi", amount=1)
    with pytest.raises(grpc.RpcError) as no:
        service.as_("k-1", "finance").CheckProposal(proposal)
    assert refusal(no.value)[1] == "INPUTS_BEHIND"

    h.happen(sessions, [h.lock(each, working_time_revision=2 if each is h.CHI else 1) for each in h.FIVE])
    for each in asked:
        reason, facts = refused(service, **each)
        assert (reason, facts["behind"], facts["count"]) == ("INPUTS_BEHIND", "working_time_recorded=1", "1")
        assert "p-chi" in facts["behind_vi"]
        assert "kpi replay planning working_time_recorded" in facts["remedy"]
    assert announced(sessions) == []

    h.happen(sessions, [h.working_time(now[2], revision=2, lock_follows=True)])
    h.allocate(service)
    wanted = offline({"fund": 10_000_000, "policy": "phuc-loi", "people": now})
    assert h.allocations(service) == {each["id"]: each["amount"] for each in wanted["allocations"]}


def test_publication_that_overtakes_the_salary_pays_nobody_by_the_older_one(
    service: Running, sessions: Sessions
) -> None:
    """R-35: the coefficient is part of the post."""
    h.happen(sessions, [*h.month(), *(h.lock(each, post_revision=2) for each in [h.CHI])])
    h.record_fund(service)

    reason, facts = refused(service)

    assert (reason, facts["behind"]) == ("INPUTS_BEHIND", "person_changed=1")
    h.happen(sessions, [h.person("p-chi", salary_coefficient="2.67", revision=2)])
    h.allocate(service)
    people = [each if each is not h.CHI else {**h.CHI, "salary_coefficient": "2.67"} for each in h.FIVE]
    wanted = offline({"fund": 10_000_000, "policy": "phuc-loi", "people": people})
    assert h.allocations(service) == {each["id"]: each["amount"] for each in wanted["allocations"]}


@pytest.mark.parametrize("seed", range(3))
def test_the_news_in_any_order_pays_the_same(service: Running, sessions: Sessions, seed: int) -> None:
    """R-10, R-35: asked after every piece of news, money is shared once, and by the last half-days."""
    last = {**h.CHI, "worked_half_days": 30}
    news = [*h.month(lock_follows=True), h.working_time(last, revision=2, lock_follows=True)]
    news += [h.lock(each, working_time_revision=2 if each is h.CHI else 1) for each in h.FIVE]
    random.Random(seed).shuffle(news)
    h.record_fund(service)

    answers = []
    while news and grpc.StatusCode.OK not in answers:
        h.happen(sessions, [news.pop()])
        try:
            h.allocate(service)
        except grpc.RpcError as error:
            answers.append(refusal(error)[0])
        else:
            answers.append(grpc.StatusCode.OK)

    assert answers[-1] is grpc.StatusCode.OK
    assert set(answers) <= {grpc.StatusCode.FAILED_PRECONDITION, grpc.StatusCode.OK}
    people = [each if each is not h.CHI else last for each in h.FIVE]
    wanted = offline({"fund": 10_000_000, "policy": "phuc-loi", "people": people})
    assert h.allocations(service) == {each["id"]: each["amount"] for each in wanted["allocations"]}


def test_money_waits_for_the_name_of_the_ward(service: Running, sessions: Sessions) -> None:
    """The finance file names it, and is the same whenever it is written."""
    h.happen(sessions, [each for each in h.month() if not _is(each, "WardChanged")])
    h.record_fund(service)
    assert refused(service)[0] == "WARD_NOT_KNOWN"

    h.happen(sessions, [h.ward()])

    assert h.allocate(service).run.people == 5


def test_a_refusal_names_twenty_people_and_counts_all(service: Running, sessions: Sessions) -> None:
    people = [h.someone(f"p-{number:03d}") for number in range(30)]
    h.happen(sessions, [each for each in h.month(people) if not _is(each, "WorkingTimeRecorded")])
    h.record_fund(service)

    _, facts = refused(service)

    assert facts["count"] == "30"
    assert "p-019, …" in facts["missing_en"]
    assert "p-020" not in facts["missing_en"]


def test_what_the_policy_does_not_count_may_be_unknown(service: Running, sessions: Sessions) -> None:
    """A city decides about the first leaders without a score (R-2); a policy by rate needs none."""
    external = h.someone("p-bi-thu", "A", None, "6.78")
    h.happen(sessions, h.month([external, h.BINH]))
    h.record_fund(service, 100_000_000)

    reason, facts = refused(service)
    assert (reason, facts["missing"]) == ("INPUTS_MISSING", "score=1")
    assert h.allocate(service, policy="hcmc-2025").run.paid == 2


def test_an_unpublished_new_decision_holds_the_money(service: Running, sessions: Sessions) -> None:
    """R-30: an upheld appeal replaces the grade; money follows its publication."""
    h.happen(sessions, h.month())
    h.record_fund(service)
    better = {**h.BINH, "grade": "A", "score": "90.00"}
    h.happen(sessions, [h.decision(better, revision=2)])
    reason, facts = refused(service)
    assert (reason, facts["missing"]) == ("INPUTS_MISSING", "decision=1")

    h.happen(sessions, [h.publication(better, revision=2, decided=2), h.whole(5, revision=2)])
    h.happen(sessions, [h.publication(h.BINH), h.decision(h.BINH), h.whole(4, revision=1)])

    found = {each.person_id: each for each in h.allocate(service, preview=True).allocations}
    assert (found["p-binh"].grade, found["p-binh"].score) == (1, "90.00")


def test_a_grade_withdrawn_before_the_publication_pays_nothing(service: Running, sessions: Sessions) -> None:
    """R-11, R-38d: the record that somebody was not evaluated supersedes the grade decided before."""
    h.happen(sessions, h.month([h.ANH, h.BINH]))
    h.happen(sessions, [h.publication({**h.BINH, "grade": None}, revision=2)])
    h.record_fund(service)
    assert refused(service)[1]["missing"] == "decision=1"

    h.happen(sessions, [h.decision({**h.BINH, "grade": None, "score": None}, revision=2)])

    run = h.allocate(service).run
    assert (run.people, run.paid, run.by_grade["-"]) == (2, 1, 0)


# -- What the law forbids ------------------------------------------------------------------------------------


def test_equal_sharing_is_refused_with_pairs_and_rule(service: Running, sessions: Sessions) -> None:
    """R-38: by score, an A of 0.01 points would get far less than a B of 100."""
    h.happen(sessions, h.month([h.someone("p-1", "A", "0.01"), h.someone("p-2", "B", "100.00")]))
    h.record_fund(service)

    reason, facts = refused(service)

    assert reason == "NO_EQUAL_SHARING"
    assert facts["rules"].startswith("R-38a=1")
    assert facts["pairs"].startswith("R-38a p-1 < p-2")
    assert refused(service, preview=True)[0] == "NO_EQUAL_SHARING"


def test_a_policy_outside_its_time_is_refused(service: Running, sessions: Sessions) -> None:
    h.record_fund(service, fund_id="f-old", month="2025-06")

    reason, facts = refused(service, fund_id="f-old", policy="hcmc-2025")

    assert (reason, facts["policy"]) == ("POLICY_NOT_IN_FORCE", "hcmc-2025@1")


@pytest.mark.parametrize("policy", ["", "nope", "phuc-loi@2", "phuc-loi@", "phuc-loi@1@1"])
def test_an_unknown_policy_is_bad_input(shared: Running, policy: str) -> None:
    h.record_fund(shared)
    with pytest.raises(grpc.RpcError) as no:
        h.allocate(shared, policy=policy)

    code, reason, facts = refusal(no.value)
    assert (code, reason, facts["field"]) == (grpc.StatusCode.INVALID_ARGUMENT, "UNKNOWN_POLICY", "policy")


def _is(body: Any, type_: str, person_id: str = "") -> bool:
    return body.DESCRIPTOR.name == type_ and (not person_id or body.person_id == person_id)
