"""Outbox, inbox, parked events and leases as tables, on PostgreSQL and on SQLite."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from chassis import db, inbox, logs, outbox, parked, timers
from chassis.db import Sessions
from chassis.db.tables import inbox as inbox_table
from chassis.db.tables import lease as lease_table
from chassis.db.tables import outbox as outbox_table
from integration.chassis.conftest import at_once
from integration.chassis.happenings import QUEUE, TYPE, Happened


def happened(number: int = 0) -> tuple[Happened, str]:
    return Happened(thing_id=f"t{number}", note="chào"), f"t{number}"


def ids(number: int) -> list[uuid.UUID]:
    return [outbox.new_id() for _ in range(number)]


def test_an_announced_event_carries_the_request_it_came_from(sessions: Sessions) -> None:
    correlation = logs.new_correlation_id()
    token = logs.correlation_id.set(correlation)
    try:
        with sessions.begin() as session:
            event_id = outbox.add(session, *happened()[:1], subject="t0")
    finally:
        logs.correlation_id.reset(token)

    with sessions() as session:
        found = session.execute(select(outbox_table)).one()
    assert (str(found.event_id), found.type, found.subject) == (event_id, TYPE, "t0")
    assert found.correlation_id == correlation
    assert found.body == '{"thing_id": "t0", "note": "chào", "ward_id": "", "revision": 0}'.encode()
    assert found.sent_at is None


def test_many_events_keep_their_order(sessions: Sessions) -> None:
    with sessions.begin() as session:
        given_ids = outbox.add_all(session, [happened(number) for number in range(300)])
        assert outbox.add_all(session, []) == []

    with sessions() as session:
        found = session.execute(select(outbox_table.c.event_id).order_by(outbox_table.c.position)).scalars()
        assert [str(each) for each in found] == given_ids
        length, age = outbox.waiting(session)
    assert length == 300
    assert timedelta() <= age < timedelta(seconds=30)


def test_what_is_no_event_or_too_large_is_refused(sessions: Sessions) -> None:
    from google.protobuf.timestamp_pb2 import Timestamp

    with sessions() as session:
        with pytest.raises(ValueError, match="no event"):
            outbox.add(session, Timestamp(), subject="x")
        with pytest.raises(ValueError, match="split it"):
            outbox.add(session, Happened(note="x" * outbox.LARGEST), subject="x")


def test_ids_grow_with_time() -> None:
    first = outbox.new_id()
    assert first.version == 7
    assert first.variant == uuid.RFC_4122
    assert len({outbox.new_id() for _ in range(1000)}) == 1000


def test_sent_events_are_kept_for_thirty_days_and_unsent_ones_for_ever(sessions: Sessions) -> None:
    with sessions.begin() as session:
        outbox.add_all(session, [happened(number) for number in range(4)])
        now = db.clock(session)
        for subject, days, sent in (("t0", 31, True), ("t1", 29, True), ("t2", 31, False)):
            recorded = now - timedelta(days=days)
            session.execute(
                update(outbox_table)
                .where(outbox_table.c.subject == subject)
                .values(recorded_at=recorded, sent_at=recorded if sent else None)
            )
    with sessions.begin() as session:
        assert not outbox.purge(session)

    with sessions() as session:
        left = (
            session.execute(select(outbox_table.c.subject).order_by(outbox_table.c.subject)).scalars().all()
        )
    assert left == ["t1", "t2", "t3"]


def test_the_inbox_remembers_longer_than_the_outbox_can_send(sessions: Sessions) -> None:
    assert inbox.KEPT > inbox.TOO_OLD > outbox.KEPT
    old, young = ids(2)
    with sessions.begin() as session:
        inbox.first_times(session, [old, young], handler=QUEUE)
        at = db.clock(session) - timedelta(days=36)
        session.execute(update(inbox_table).where(inbox_table.c.event_id == old).values(handled_at=at))
    with sessions.begin() as session:
        assert not inbox.purge(session)
    with sessions.begin() as session:
        assert inbox.first_times(session, [old, young], handler=QUEUE) == {old}


def test_a_clean_up_takes_slices(sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "SLICE", 10)
    with sessions.begin() as session:
        inbox.first_times(session, ids(25), handler=QUEUE)
        session.execute(update(inbox_table).values(handled_at=db.clock(session) - timedelta(days=36)))

    more = []
    for _ in range(3):
        with sessions.begin() as session:
            more.append(inbox.purge(session))
    assert more == [True, True, False]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deliveries=st.lists(st.lists(st.integers(0, 9), max_size=12), max_size=6))
def test_however_events_are_delivered_each_is_new_once(
    sessions: Sessions, deliveries: list[list[int]]
) -> None:
    known = ids(10)
    met: list[uuid.UUID] = []
    with sessions() as session:
        for delivery in deliveries:
            met += inbox.first_times(session, [known[index] for index in delivery], handler=QUEUE)
        session.rollback()

    assert sorted(met) == sorted({known[index] for delivery in deliveries for index in delivery})


def test_copies_that_come_at_once_are_new_to_one(sessions: Sessions) -> None:
    known = ids(50)
    met: list[uuid.UUID] = []

    def take(order: list[uuid.UUID]) -> None:
        with sessions.begin() as session:
            met.extend(inbox.first_times(session, order, handler=QUEUE))

    at_once(*(partial(take, known[shift:] + known[:shift]) for shift in range(6)))

    assert sorted(met) == sorted(known)


def test_a_handler_that_failed_leaves_the_event_new(sessions: Sessions) -> None:
    (event,) = ids(1)
    with sessions() as session:
        assert inbox.first_times(session, [event], handler=QUEUE) == {event}
        session.rollback()
    with sessions.begin() as session:
        assert inbox.first_times(session, [event], handler=QUEUE) == {event}
        assert inbox.first_times(session, [event], handler="another.queue") == {event}


def letter(event_id: uuid.UUID, **changes: object) -> dict[str, object]:
    return {
        "event_id": event_id, "handler": QUEUE, "type": TYPE, "source": "testing", "subject": "t0",
        "event_at": None, "correlation_id": "", "content_type": "application/json", "body": b"{}",
        "reason": "NO", "detail": "", "attempts": 1, "wait": 0.0,
    } | changes  # fmt: skip


def test_parking_the_same_event_twice_keeps_one(sessions: Sessions) -> None:
    (event,) = ids(1)
    with sessions.begin() as session:
        assert parked.park(session, [letter(event)]) == 1
        assert parked.park(session, [letter(event), letter(outbox.new_id())]) == 1
        assert parked.counts(session) == (2, 0)


def test_an_attempt_is_counted_before_it_is_made(sessions: Sessions) -> None:
    delays = {QUEUE: (5.0, 60.0)}
    with sessions.begin() as session:
        parked.park(session, [letter(outbox.new_id())])
    with sessions.begin() as session:
        assert parked.due(session, [QUEUE])
        found = parked.claim(session, delays)
        assert found is not None
        assert found.attempts == 2

    with sessions.begin() as session:
        assert not parked.due(session, [QUEUE])
        assert parked.claim(session, delays) is None
        kept = parked.get(session, found.id)
        assert kept.next_attempt_at is not None
        assert kept.next_attempt_at - db.clock(session) > timedelta(seconds=55)


def test_an_event_whose_attempts_never_end_runs_out_of_them(sessions: Sessions) -> None:
    with sessions.begin() as session:
        parked.park(session, [letter(outbox.new_id(), attempts=3)])
    with sessions.begin() as session:
        assert parked.claim(session, {QUEUE: (5.0, 60.0)}) is None
        (found,) = parked.list_(session, dead=True)
    assert found.reason == "NO_ANSWER"


def test_two_replicas_never_claim_one_event(sessions: Sessions) -> None:
    with sessions.begin() as session:
        parked.park(session, [letter(outbox.new_id()) for _ in range(40)])
    claimed: list[uuid.UUID] = []

    def work() -> None:
        while True:
            with sessions.begin() as session:
                found = parked.claim(session, {QUEUE: (5.0,)})
            if found is None:
                return
            claimed.append(found.id)

    at_once(*[work] * 4)

    assert len(claimed) >= 37  # one that another holds at the end is passed over
    assert len(set(claimed)) == len(claimed)


def test_delays_end() -> None:
    assert [parked.delay((1.0, 2.0), attempts) for attempts in (1, 2, 3, 9)] == [1.0, 2.0, None, None]
    assert list(parked.DELAYS) == sorted(parked.DELAYS)


def test_parked_events_are_listed_in_pages(sessions: Sessions) -> None:
    with sessions.begin() as session:
        parked.park(
            session, [letter(outbox.new_id(), wait=None if number % 2 else 9.0) for number in range(7)]
        )
    with sessions() as session:
        first = parked.list_(session, limit=3)
        rest = parked.list_(session, after=first[-1].id)
        assert len({each.id for each in first + rest}) == 7
        assert len(parked.list_(session, dead=True)) == 3
        assert len(parked.list_(session, dead=False)) == 4
        with pytest.raises(parked.UnknownParkedEvent):
            parked.get(session, uuid.uuid4())


def take(sessions: Sessions, holder: str, *, woken: bool = False) -> timers.Lease | None:
    with sessions.begin() as session:
        return timers.take(session, "tick", holder, woken=woken)


def give_back(sessions: Sessions, lease: timers.Lease, seconds: float) -> None:
    with sessions.begin() as session:
        timers.give_back(session, lease, seconds=seconds)


def later(sessions: Sessions, by: timedelta) -> None:
    """Let that much time pass, as the table sees it."""
    with sessions.begin() as session:
        row = session.execute(select(lease_table)).one()
        held = row.held_until and row.held_until - by
        session.execute(update(lease_table).values(due_at=row.due_at - by, held_until=held))


def test_a_timer_runs_in_one_replica_and_then_waits(sessions: Sessions) -> None:
    lease = take(sessions, "a")
    assert lease is not None
    assert take(sessions, "b") is None

    give_back(sessions, lease, 60)
    assert take(sessions, "b") is None
    later(sessions, timedelta(seconds=61))
    assert take(sessions, "b") is not None


def test_a_dead_replica_loses_its_lease(sessions: Sessions) -> None:
    lost = take(sessions, "a")
    assert lost is not None
    later(sessions, timers.LEASE + timedelta(seconds=1))

    assert take(sessions, "b") is not None

    with sessions.begin() as session:
        assert not timers.renew(session, lost)
        timers.give_back(session, lost, seconds=0)
        row = session.execute(select(lease_table)).one()
    assert row.holder == "b"


def test_a_renewed_lease_holds(sessions: Sessions) -> None:
    lease = take(sessions, "a")
    assert lease is not None
    later(sessions, timedelta(seconds=20))
    with sessions.begin() as session:
        assert timers.renew(session, lease)
    later(sessions, timedelta(seconds=20))
    assert take(sessions, "b") is None


def test_a_woken_timer_runs_before_its_time(sessions: Sessions) -> None:
    lease = take(sessions, "a")
    assert lease is not None
    give_back(sessions, lease, 3600)
    assert take(sessions, "a") is None
    assert take(sessions, "a", woken=True) is not None


def test_waking_a_timer_that_runs_elsewhere_makes_it_run_once_more(sessions: Sessions) -> None:
    lease = take(sessions, "a")
    assert lease is not None
    assert take(sessions, "b", woken=True) is None

    give_back(sessions, lease, 3600)

    assert take(sessions, "a") is not None


def test_eight_replicas_take_turns(sessions: Sessions) -> None:
    taken: list[str] = []

    def replica(name: str) -> None:
        with sessions.begin() as session:
            if timers.take(session, "tick", name):
                taken.append(name)

    first = take(sessions, "first")
    assert first is not None
    give_back(sessions, first, 0)
    at_once(*(partial(replica, str(number)) for number in range(8)))

    assert len(taken) == 1


def test_the_outbox_can_be_sent_again_to_one_queue_or_all(sessions: Sessions) -> None:
    with sessions.begin() as session:
        outbox.add_all(session, [happened(number) for number in range(3)])
        now = db.clock(session)
        session.execute(update(outbox_table).values(sent_at=now))
    hour = timedelta(hours=1)

    def queues() -> list[str | None]:
        with sessions() as session:
            return list(session.execute(select(outbox_table.c.queue)).scalars())

    with sessions.begin() as session:
        assert outbox.replay(session, type_="kpi.testing.v1.Other", since=now - hour) == 0
        assert outbox.replay(session, since=now + hour) == 0
        assert outbox.replay(session, since=now - hour, queue="one") == 3
    assert queues() == ["one"] * 3
    with sessions.begin() as session:
        outbox.replay(session, since=now - hour, queue="two")
    assert queues() == [None] * 3
    with sessions() as session:
        unsent = session.execute(select(func.count()).where(outbox_table.c.sent_at.is_(None)))
        assert unsent.scalar() == 3
