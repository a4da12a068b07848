"""Facts come late, twice and in any order; what they come to is always the same."""

import threading
from random import Random
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.errors import Invalid
from integration.scoring.ward import MONTH, Ward, case, event, line, outcome, told
from kpi.planning.v1 import events_pb2 as planning
from kpi.scoring.v1 import scoring_pb2 as pb
from scoring.storage import month_of
from scoring.worker import ScoringWorker
from support.service import Running

_wards = iter(range(1, 10**6))


def told_in_any_order(ward: Ward, messages: list[Message], random: Random) -> None:
    """Tell everything at least once, some of it twice, in batches, with computations in between."""
    messages = [*messages, *random.choices(messages, k=len(messages) // 3)]
    random.shuffle(messages)
    while messages:
        size = random.randint(1, 60)
        ward.tell(*messages[:size])
        del messages[:size]
        if random.random() < 0.3:
            ward.compute()
    ward.compute()


@pytest.mark.parametrize("name", ["ward-20-1", "leader-waits", "quota-tie-at-cut"])
def test_any_order_and_any_repetition_come_to_the_same(service: Running, name: str) -> None:
    month = case(name)

    @settings(max_examples=6, deadline=None)
    @given(st.randoms(use_true_random=False))
    def same(random: Random) -> None:
        ward = Ward(service, ward_id=f"{name}-{next(_wards)}")
        told_in_any_order(ward, told(ward, month["input"]), random)

        scores = ward.scores()
        expected = month["expected"]["results"]
        assert [outcome(scores[result["id"]]) for result in expected] == expected
        assert quotas(ward) == quotas(straight)
        assert not ward.month_state().stale

    straight = Ward(service, ward_id=f"{name}-{next(_wards)}")
    straight.tell(*told(straight, month["input"]))
    straight.compute()
    same()


def quotas(ward: Ward) -> list[pb.Quota]:
    """Return the quotas without what tells one ward, or one way to get there, from another."""
    found = []
    for _, quota in sorted(ward.quotas().items()):
        quota.ClearField("revision")
        quota.ClearField("ward_id")
        found.append(quota)
    return found


def test_an_older_revision_changes_nothing_and_marks_nothing(ward: Ward) -> None:
    older, newer = ward.results("s", line(accepted="0")), ward.results("s", line())
    ward.tell(ward.person("s"), newer, ward.time("s"), ward.assessed("s"))
    ward.compute()

    ward.tell(older, newer)

    assert not ward.month_state().stale
    assert ward.scores()["s"].total == "100.00"


def test_a_plan_and_its_results_count_by_one_revision(ward: Ward) -> None:
    """MonthWork: both events carry the same complete month with one revision."""
    plan = ward.plan("s", line("1", "2", "0"))
    results = ward.results("s", line("1", "2", "2"))
    amended = ward.plan("s", line("1", "4", "2"))
    ward.tell(ward.person("s"), ward.time("s"), ward.assessed("s"), results, amended, plan)
    ward.compute()

    assert ward.scores()["s"].ratios.a == "0.5000"


def test_a_person_who_is_told_last_still_belongs_to_the_month(ward: Ward) -> None:
    ward.tell(*ward.good_month("s"))
    ward.compute()
    assert ward.scores() == {}

    ward.tell(ward.person("s", from_month="2026-05"))
    assert ward.month_state().stale
    ward.compute()

    assert ward.scores()["s"].total == "100.00"


def test_a_later_post_leaves_earlier_months_alone(ward: Ward) -> None:
    ward.tell(ward.person("s"), *ward.good_month("s"))
    ward.compute()

    ward.tell(ward.person("s", from_month="2026-06", unit_id="KT"))

    assert not ward.month_state().stale


@pytest.mark.parametrize("first", ["person", "work"])
def test_a_post_and_the_first_fact_of_a_month_never_miss_each_other(ward: Ward, first: str) -> None:
    """The two are handled at once by two consumers, each blind to what the other has not committed."""
    ward.tell(ward.person("s"))
    handlers: dict[str, Any] = {
        "person": (ScoringWorker().on_person_changed, ward.person("t")),
        "work": (ScoringWorker().on_plan_approved, ward.plan("s")),
    }
    second = "work" if first == "person" else "person"
    started = threading.Event()

    def handle(which: str) -> None:
        handler, message = handlers[which]
        started.set()
        with ward.service.sessions.begin() as session:
            handler(session, [event(message)])

    other = threading.Thread(target=handle, args=(second,))
    with ward.service.sessions.begin() as session:
        handler, message = handlers[first]
        handler(session, [event(message)])
        other.start()
        started.wait()
        other.join(0.3)
        assert other.is_alive()
    other.join(20)

    ward.compute()
    assert set(ward.scores()) == {"s", "t"}
    assert not ward.month_state().stale


def test_a_batch_marks_each_month_once(ward: Ward) -> None:
    ward.tell(ward.person("s"), ward.person("t"))
    ward.tell(ward.plan("s"), ward.plan("t"), ward.plan("s"))
    ward.tell(ward.assessed("s"), ward.assessed("t"))

    with ward.service.sessions() as session:
        standing = month_of(session, ward.ward_id, MONTH)
    assert standing is not None
    assert standing.marked == 2


BAD = [
    pytest.param(lambda ward: ward.person("s", role=0), "person.role", id="no role"),
    pytest.param(lambda ward: ward.person("s", from_month="2026-13"), "person.from_month", id="month 13"),
    pytest.param(lambda ward: ward.person(""), "person.person_id", id="nobody"),
    pytest.param(lambda ward: ward.plan("s", line("1.5e3")), "work.lines[0].coefficient", id="exponent"),
    pytest.param(lambda ward: ward.plan("s", line("NaN")), "work.lines[0].coefficient", id="not a number"),
    pytest.param(lambda ward: ward.plan("s", line("-1")), "lines[0].coefficient", id="negative"),
    pytest.param(lambda ward: ward.plan("s", line("1", "1", "2")), "lines[0].accepted", id="over assigned"),
    pytest.param(
        lambda ward: ward.plan("s", line(), line(kind="unspecified")), "work.lines[1].kind", id="no kind"
    ),
    pytest.param(
        lambda ward: ward.plan("s", line("1", "1", "1", planning.WorkFault(outputs=1, excused_reviews=1))),
        "lines[0].faults[0].excused_reviews",
        id="excused over failed",
    ),
    pytest.param(lambda ward: ward.time("s", -1), "worked_half_days", id="negative time"),
    pytest.param(lambda ward: ward.assessed("s", "30.5"), "general", id="general over 30"),
    pytest.param(lambda ward: ward.assessed("s", organising=75), "organising", id="đ of 75"),
    pytest.param(lambda ward: ward.quota_rate("VP", "0.26", "1/QĐ"), "quota_rate", id="rate over 0.25"),
    pytest.param(lambda ward: ward.quota_rate("VP", "0.25"), "quota_decision", id="rate without decision"),
]


@pytest.mark.parametrize(("wrong", "place"), BAD)
def test_what_no_month_can_hold_is_refused_at_its_place(ward: Ward, wrong: Any, place: str) -> None:
    """As Invalid: the bus makes a dead letter of it, and the month's computation never meets it."""
    with pytest.raises(Invalid) as refused:
        ward.tell(wrong(ward))

    facts = refused.value.facts
    assert facts.get("place", facts.get("field")) == place
    assert not ward.month_state().stale


def test_facts_of_many_wards_come_in_one_batch(service: Running) -> None:
    wards = [Ward(service, ward_id=f"many-{next(_wards)}") for _ in range(3)]
    months = [[*ward.good_month("s")] for ward in wards]
    for ward in wards:
        ward.tell(ward.person("s"))
    for same_kind in zip(*months, strict=True):
        wards[0].tell(*same_kind)

    for ward in wards:
        ward.compute()
        assert ward.scores()["s"].total == "100.00"


def test_stage_says_nothing_and_reason_sets_aside(ward: Ward) -> None:
    """R-14: the authority may set "not evaluated"; taking it back is a newer revision."""
    ward.tell(ward.person("s"), *ward.good_month("s"), ward.assessed("s", not_evaluated_reason="biệt phái"))
    ward.compute()
    assert ward.scores()["s"].reason == "set_by_authority"

    ward.tell(ward.assessed("s"))
    ward.compute()
    assert ward.scores()["s"].total == "100.00"
