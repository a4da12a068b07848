"""From facts to scores: statuses, what is announced, and that nothing is lost or told twice."""

import itertools
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from integration.scoring.ward import MONTH, Ward, line, outcome
from kpi.scoring.v1 import scoring_pb2 as pb
from kpi.types.v1 import types_pb2 as types
from scoring import usecases, wire
from scoring.domain.policy import DEFAULT
from scoring.storage.rows import WorkRow
from scoring.usecases.computing import LATEST, POSTPONED, QUIET
from scoring.worker import ScoringWorker
from support.service import running

NOON = datetime(2026, 5, 26, 5, tzinfo=UTC)


@pytest.fixture(params=["postgresql", "sqlite"])
def alone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ward]:
    """A ward in a database of its own, so that no other test's months are stale there."""
    url = (
        request.getfixturevalue("database_url")
        if request.param == "postgresql"
        else f"sqlite:///{tmp_path / 'scoring.db'}"
    )
    with running("scoring", url) as service:
        yield Ward(service)


def short(ward: Ward) -> dict[str, str]:
    return {id_: score.reason or score.total for id_, score in ward.scores().items()}


def test_everybody_known_is_in_the_month_with_facts_or_without(ward: Ward) -> None:
    """R-11, R-14, R-16, R-17, R-18: what is missing is named."""
    ward.tell(
        ward.person("no-time"),
        ward.person("no-work"),
        ward.person("no-general"),
        ward.person("away"),
        ward.leader("no-marks"),
        ward.leader("waits", "no-work", "good"),
        ward.person("good"),
        ward.person("left", active=False),
        ward.person("later", from_month="2026-06"),
        ward.time("no-time", 0, 0),
        ward.time("no-work"),
        ward.plan("no-general"),
        ward.time("no-general"),
        ward.time("away", 21),
        *ward.good_month("no-marks"),
        *ward.leading_month("waits"),
        *ward.good_month("good"),
    )
    ward.compute()

    assert short(ward) == {
        "away": "attendance",
        "good": "100.00",
        "no-general": "no_general_assessment",
        "no-marks": "no_general_assessment",
        "no-time": "no_working_time",
        "no-work": "no_assigned_work",
        "waits": "subordinates",
    }
    assert list(ward.scores()["waits"].waiting_for) == ["no-work"]
    state = ward.month_state()
    assert (state.people, state.evaluated, state.not_evaluated) == (7, 1, 1)
    assert (state.insufficient_data, state.waiting) == (4, 1)
    assert (state.stale, state.revision) == (False, 1)


def test_the_newest_post_that_has_begun_holds(ward: Ward) -> None:
    """R-1."""
    ward.tell(
        ward.person("s", from_month="2026-06", unit_id="future"),
        ward.person("s", from_month="2026-05", unit_id="now", quota_scope="city"),
        ward.person("s", from_month="2026-01", unit_id="before"),
        *ward.good_month("s"),
    )
    ward.compute()

    score = ward.scores()["s"]
    assert (score.unit_id, score.quota_scope) == ("now", "city")


def test_a_leader_leads_only_those_who_are_in_the_month(ward: Ward) -> None:
    """R-16: ids that nobody has, or somebody who has left, are waited for by nobody."""
    ward.tell(
        ward.leader("l", "gone", "nobody", "s", "s"),
        ward.person("gone", active=False),
        ward.person("s"),
        *ward.good_month("s"),
        *ward.leading_month("l"),
    )
    ward.compute()

    assert short(ward) == {"l": "100.00", "s": "100.00"}


def test_a_circle_waits_is_named_and_raises_an_alarm(ward: Ward, caplog: pytest.LogCaptureFixture) -> None:
    """R-16: planning refuses circles, but facts of different times can form one."""
    ward.tell(
        ward.leader("a", "b", "s"),
        ward.leader("b", "a"),
        ward.leader("top", "a"),
        ward.person("s"),
        *ward.good_month("s"),
        *(each for id_ in ("a", "b", "top") for each in ward.leading_month(id_)),
    )
    with caplog.at_level(logging.ERROR):
        ward.compute()

    scores = ward.scores()
    assert short(ward) == {
        "a": "management_cycle",
        "b": "management_cycle",
        "s": "100.00",
        "top": "subordinates",
    }
    assert list(scores["a"].waiting_for) == ["a", "b"]
    assert scores["a"].status == pb.SCORE_STATUS_WAITING
    [alarm] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert vars(alarm)["ids"] == ("a", "b")

    ward.tell(ward.leader("b"))
    ward.compute()
    assert short(ward) == {"a": "100.00", "b": "100.00", "s": "100.00", "top": "100.00"}


def test_only_what_changed_is_announced_each_with_the_next_revision(ward: Ward) -> None:
    ward.tell(*(ward.person(id_) for id_ in ("s", "t")), *ward.good_month("s"), *ward.good_month("t", "20"))
    ward.compute()
    assert [(score.person_id, score.revision) for score in ward.announced_scores()] == [("s", 1), ("t", 1)]

    ward.tell(ward.assessed("t", "21"))
    ward.compute()

    assert [(score.person_id, score.revision) for score in ward.announced_scores()[2:]] == [("t", 2)]
    assert ward.announced_scores()[-1] == ward.scores()["t"]
    [quota] = ward.announced_quotas()
    assert quota == ward.quotas()["VP", "specialist"]


def test_computing_again_from_the_same_facts_announces_nothing(ward: Ward) -> None:
    ward.tell(ward.leader("l", "s"), ward.person("s"), *ward.good_month("s"), *ward.leading_month("l"))
    ward.compute()
    before = (ward.announced_scores(), ward.announced_quotas(), ward.scores(), ward.quotas())

    for _ in range(3):
        ward.compute()
    # Newer facts that say the same.
    ward.tell(ward.assessed("s"), ward.leader("l", "s"))
    ward.compute()

    assert (ward.announced_scores(), ward.announced_quotas(), ward.scores(), ward.quotas()) == before
    assert ward.month_state().revision == 5


def test_a_score_of_newer_work_or_time_is_announced_though_it_reads_the_same(ward: Ward) -> None:
    """R-10, R-28: who decides compares what it was computed from with what planning told him."""
    time = ward.time("s", worked=44)
    ward.tell(ward.person("s"), ward.plan("s"), time, ward.assessed("s"))
    ward.compute()
    [first] = ward.announced_scores()
    assert first.working_time_revision == time.revision > 0

    ward.tell(later := ward.time("s", worked=40))
    ward.compute()
    ward.tell(work := ward.plan("s"))
    ward.compute()

    _, second, third = ward.announced_scores()
    assert (second.revision, second.total, second.working_time_revision) == (2, first.total, later.revision)
    assert (third.revision, third.total, third.work_revision) == (3, first.total, work.work.revision)
    assert (third.working_time_revision, first.work_revision) == (later.revision, second.work_revision)
    assert ward.scores()["s"] == third


def test_the_quota_is_proposed_by_scope_and_group(ward: Ward) -> None:
    """R-21, R-22: a decided rate is in it, with its decision."""
    people = [f"p{number}" for number in range(6)]
    ward.tell(*(ward.person(id_) for id_ in people))
    for number, id_ in enumerate(people):
        ward.tell(*ward.good_month(id_, str(25 + number)))
    ward.compute()
    quota = ward.quotas()["VP", "specialist"]
    assert (quota.base, quota.rate, quota.quota_base, quota.limit) == (6, "0.20", "good", 1)
    assert list(quota.kept_ids) == ["p5"]
    assert list(quota.lowered_ids) == ["p4", "p3", "p2", "p1", "p0"]
    assert ward.scores()["p4"].proposed_grade == types.GRADE_B

    ward.tell(ward.quota_rate("VP", "0.25", "12/QĐ-UBND"), ward.assessed("p3", "29"))
    ward.compute()
    quota = ward.quotas()["VP", "specialist"]
    assert (quota.rate, quota.decision, quota.limit, quota.revision) == ("0.25", "12/QĐ-UBND", 1, 2)
    assert list(quota.lowered_ids) == ["p3", "p4", "p2", "p1", "p0"]

    ward.tell(ward.assessed("p3", "30"))
    ward.compute()
    quota = ward.quotas()["VP", "specialist"]
    assert (list(quota.kept_ids), list(quota.tied_ids)) == ([], ["p3", "p5"])
    assert outcome(ward.scores()["p5"])["quota"] == "tie"
    assert ward.scores()["p5"].rank == ward.scores()["p3"].rank == 1


def test_a_group_that_nobody_is_in_any_more_is_announced_empty(ward: Ward) -> None:
    ward.tell(ward.person("s"), *ward.good_month("s"))
    ward.compute()
    assert set(ward.quotas()) == {("VP", "specialist")}

    ward.tell(ward.person("s", duty_group="clerk"))
    ward.compute()

    assert set(ward.quotas()) == {("VP", "clerk")}
    last = {(quota.duty_group, quota.base, quota.revision) for quota in ward.announced_quotas()[1:]}
    assert last == {("clerk", 1, 1), ("specialist", 0, 2)}

    ward.tell(ward.person("s"))
    ward.compute()
    assert ward.quotas()["VP", "specialist"].revision == 3


def test_who_turns_out_not_to_belong_to_the_month_is_told_so_and_listed_no_more(ward: Ward) -> None:
    ward.tell(ward.person("s"), ward.person("t"), *ward.good_month("s"), *ward.good_month("t"))
    ward.compute()

    ward.tell(ward.person("s", active=False))
    ward.compute()
    ward.compute()

    assert set(ward.scores()) == {"t"}
    assert ward.month_state().people == 1
    told = ward.announced_scores()[-1]
    assert (told.person_id, told.status, told.reason) == ("s", pb.SCORE_STATUS_NOT_EVALUATED, "not_in_month")
    assert (told.revision, len(ward.announced_scores())) == (2, 3)

    ward.tell(ward.person("s"))
    ward.compute()
    assert (ward.scores()["s"].total, ward.scores()["s"].revision) == ("100.00", 3)


def test_facts_that_come_while_a_month_is_computed_leave_it_stale(ward: Ward) -> None:
    ward.tell(ward.person("s"), *ward.good_month("s", "20"))
    with ward.service.sessions() as session:
        taken = usecases.take_month(session, ward_id=ward.ward_id, month=MONTH)
    assert taken is not None
    ward.tell(ward.assessed("s", "25"))

    with ward.service.sessions.begin() as session:
        assert usecases.announce_month(session, usecases.compute(taken, at=NOON), at=NOON)

    assert ward.scores()["s"].total == "90.00"
    assert ward.month_state().stale
    ward.compute()
    assert ward.scores()["s"].total == "95.00"
    assert not ward.month_state().stale


def test_of_two_who_computed_one_month_the_second_keeps_nothing(ward: Ward) -> None:
    ward.tell(ward.person("s"), *ward.good_month("s"))
    computed = []
    for _ in range(2):
        with ward.service.sessions() as session:
            taken = usecases.take_month(session, ward_id=ward.ward_id, month=MONTH)
        assert taken is not None
        computed.append(usecases.compute(taken, at=NOON))

    kept = []
    for each in computed:
        with ward.service.sessions.begin() as session:
            kept.append(usecases.announce_month(session, each, at=NOON))

    assert kept == [True, False]
    assert len(ward.announced_scores()) == 1
    assert ward.month_state().revision == 1


def told_of(score: pb.Score) -> tuple[object, ...]:
    return score.total, score.rank, score.quota, score.work_revision, score.working_time_revision


def test_replicas_and_handlers_at_once_lose_and_double_nothing(ward: Ward) -> None:
    people = [f"p{number:02d}" for number in range(20)]
    ward.tell(
        *(ward.person(id_) for id_ in people), *(each for id_ in people for each in ward.good_month(id_, "5"))
    )
    failures: list[BaseException] = []
    running = threading.Event()
    running.set()

    def replica() -> None:
        try:
            while running.is_set():
                ward.compute()
        except BaseException as error:  # noqa: BLE001  # told by the test itself
            failures.append(error)

    replicas = [threading.Thread(target=replica) for _ in range(3)]
    for each in replicas:
        each.start()
    for general in range(6, 16):
        for id_ in people[general % 4 :: 4]:
            ward.tell(ward.assessed(id_, str(general)))
    running.clear()
    for each in replicas:
        each.join(30)
    ward.compute()

    assert not failures
    last = {id_: max(g for g in range(6, 16) if number % 4 == g % 4) for number, id_ in enumerate(people)}
    assert {id_: score.total for id_, score in ward.scores().items()} == {
        id_: f"{70 + general}.00" for id_, general in last.items()
    }
    told: dict[str, list[pb.Score]] = {}
    for score in ward.announced_scores():
        told.setdefault(score.person_id, []).append(score)
    for id_, scores in told.items():
        assert [score.revision for score in scores] == list(range(1, len(scores) + 1))
        assert scores[-1] == ward.scores()[id_]
        for earlier, later in itertools.pairwise(scores):
            assert told_of(earlier) != told_of(later)


def test_a_burst_is_computed_once_and_a_stream_every_two_seconds(alone: Ward) -> None:
    sessions = alone.service.sessions

    def wait(at: datetime) -> timedelta | None:
        with sessions() as session:
            turn = usecases.next_month(session, at=at)
        return None if turn is None else turn.wait

    def mark(at: datetime) -> None:
        message = alone.plan("s")
        with sessions.begin() as session:
            usecases.keep_work(session, [wire.work(alone.ward_id, message.work)], at=at)

    assert wait(NOON) is None
    mark(NOON)
    assert wait(NOON) == QUIET
    step = QUIET / 2
    at = NOON
    while at + step < NOON + LATEST:
        at += step
        mark(at)
        assert wait(at) == min(QUIET, NOON + LATEST - at)
    assert wait(NOON + LATEST) == timedelta()
    alone.compute()
    assert wait(NOON + LATEST) is None


def test_the_timer_computes_what_is_stale_and_then_rests(alone: Ward) -> None:
    other = Ward(alone.service, ward_id="ba-dinh")
    for ward in (alone, other):
        ward.tell(ward.person("s"), *ward.good_month("s"))
        ward.tell(ward.assessed("s", "25"))

    rounds = 0
    while ScoringWorker().recompute(alone.service.sessions):
        rounds += 1
        assert rounds < 10

    for ward in (alone, other):
        assert ward.scores()["s"].total == "95.00"
        assert ward.month_state().revision == 1
        assert len(ward.announced_scores()) == 1


def test_a_month_that_cannot_be_computed_does_not_hold_up_the_others(
    alone: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    other = Ward(alone.service, ward_id="zzz")
    for ward in (alone, other):
        ward.tell(ward.person("s"), *ward.good_month("s"))
    with alone.service.sessions.begin() as session:
        session.execute(
            update(WorkRow).where(WorkRow.ward_id == alone.ward_id).values(lines=[["half a line"]])
        )

    while ScoringWorker().recompute(alone.service.sessions):
        pass

    assert other.scores()["s"].total == "100.00"
    assert alone.month_state().stale
    assert [vars(record)["ward_id"] for record in caplog.records if record.exc_info] == [alone.ward_id]
    with alone.service.sessions() as session:
        assert usecases.next_month(session, at=datetime.now(UTC) + POSTPONED / 2) is None
        assert usecases.next_month(session, at=datetime.now(UTC) + POSTPONED) is not None


def test_a_months_policy_is_told_with_every_setting(ward: Ward) -> None:
    request = pb.GetPolicyRequest(ward_id=ward.ward_id, month=MONTH)
    policy = ward.service.as_("x", wards=("*",)).GetPolicy(request)

    assert (policy.policy_id, policy.version) == ("default", 1)
    assert DEFAULT.name == "default@1"
    assert policy.settings["attendance_threshold"] == "0.5"
    assert policy.settings["quota_rate"] == "0.2"
    missing = set(DEFAULT.__dataclass_fields__) - {"id", "version", "legal_basis"} - set(policy.settings)
    assert missing == set()
    ward.tell(ward.person("s"), *ward.good_month("s", "0"), ward.results("s", line("2", "3", "1")))
    ward.compute()
    assert ward.scores()["s"].policy == "default@1"
