"""What a service can rely on between an event and its effect, on either broker and either database."""

import uuid
from datetime import timedelta
from pathlib import Path

from chassis import days, db, outbox, parked
from chassis.db.tables import outbox as outbox_table
from integration.chassis import happenings
from integration.chassis.conftest import Stack, at_once
from support.waiting import eventually


def park_states(stack: Stack) -> list[parked.Parked]:
    with db.reading(stack.sessions) as session:
        return parked.list_(session, limit=1000)


def test_every_event_takes_effect_once(stack: Stack) -> None:
    stack.start()

    ids = stack.announce(["ok"] * 1000)

    stack.once(ids)


def test_events_written_before_anything_ran_are_not_lost(stack: Stack) -> None:
    ids = stack.announce(["ok"] * 50)

    stack.start()

    stack.once(ids)


def test_an_event_whose_transaction_rolled_back_never_was(stack: Stack) -> None:
    stack.start()
    with stack.sessions() as session:
        outbox.add(session, happenings.Happened(thing_id="ghost"), subject="ghost")
        session.rollback()

    stack.once(stack.announce(["ok"]))

    assert stack.thing("ghost") is None


def test_an_event_sent_again_changes_nothing(stack: Stack) -> None:
    stack.start()
    ids = stack.announce(["ok"] * 100)
    stack.once(ids)

    for _ in range(2):
        with stack.sessions.begin() as session:
            assert outbox.replay(session, since=days.now() - timedelta(hours=1)) == 100
        eventually(lambda: stack.unsent() == 0, within=20)
    after = stack.announce(["ok"], thing="after")
    stack.once(after)

    assert set(stack.effects().values()) == {1}


def test_an_older_revision_changes_nothing(stack: Stack) -> None:
    stack.start()
    newest = stack.announce(["new"], revision=7)
    stack.once(newest)

    late = stack.announce(["old"], revision=6)
    stack.once(late)

    found = stack.thing("thing-0")
    assert found is not None
    assert (found.revision, found.note) == (7, "new")


def test_a_handler_may_announce_in_its_transaction(stack: Stack) -> None:
    stack.start()

    ids = stack.announce(["echo"] * 20)
    stack.once(ids)

    eventually(lambda: len(stack.effects("also_happened")) == 20, within=20)
    assert set(stack.effects("also_happened").values()) == {1}


def test_one_bad_event_harms_no_other(stack: Stack) -> None:
    stack.start()

    ids = stack.announce(["ok"] * 30 + ["raise:it is broken"] + ["ok"] * 30)

    good = [each for index, each in enumerate(ids) if index != 30]
    eventually(lambda: set(stack.effects()) >= set(good), within=20)
    assert set(stack.effects().values()) == {1}
    assert ids[30] not in stack.effects()
    eventually(lambda: [each.event_id for each in park_states(stack)] == [uuid.UUID(ids[30])])


def test_a_failing_event_is_tried_again_until_it_works(stack: Stack, tmp_path: Path) -> None:
    stack.start(TEST_DELAYS=",".join(["0.3"] * 50))
    mended = tmp_path / "mended"
    (failing,) = stack.announce([f"raise-unless:{mended}"])
    eventually(lambda: [each for each in park_states(stack) if each.attempts >= 2], within=60)

    mended.touch()

    eventually(lambda: stack.effects()[failing] == 1, within=60)
    eventually(lambda: park_states(stack) == [])


def test_a_refused_event_is_dead_at_once_and_tells_why(stack: Stack) -> None:
    stack.start()

    stack.announce(["refuse"])

    (found,) = eventually(lambda: park_states(stack), within=20)
    assert found.dead_at is not None
    assert found.next_attempt_at is None
    assert (found.attempts, found.reason, found.handler) == (1, "REFUSED", happenings.QUEUE)
    assert found.type == happenings.TYPE
    assert b"refuse" in found.body


def test_a_failing_event_is_dead_after_its_last_attempt(stack: Stack) -> None:
    stack.start(TEST_DELAYS="0.1,0.1")

    stack.announce(["raise:for ever"])

    (found,) = eventually(lambda: [each for each in park_states(stack) if each.dead_at], within=30)
    assert (found.attempts, found.reason) == (3, "RuntimeError")
    assert "no: for ever" in found.detail
    assert "service.py" in found.detail


def test_what_comes_too_early_waits_for_what_it_needs(stack: Stack, tmp_path: Path) -> None:
    stack.start(TEST_DELAYS=",".join(["0.3"] * 50))
    there = tmp_path / "there"
    (early,) = stack.announce([f"not-yet:{there}"])
    (found,) = eventually(lambda: park_states(stack), within=20)
    assert (found.reason, found.dead_at) == ("NOT_YET", None)

    there.touch()

    eventually(lambda: stack.effects()[early] == 1, within=30)


def test_replaying_a_dead_event_twice_and_at_once_has_one_effect(stack: Stack, tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    stack.start(TEST_DELAYS="0.1")
    ids = stack.announce([f"raise-unless:{mended}"] * 5)
    dead = eventually(lambda: [each for each in park_states(stack) if each.dead_at], within=30)
    eventually(lambda: len([each for each in park_states(stack) if each.dead_at]) == 5, within=30)
    mended.touch()

    def replay() -> None:
        with stack.sessions.begin() as session:
            parked.replay(session, None)
            parked.replay(session, [each.id for each in dead])

    at_once(*[replay] * 4)
    with stack.sessions.begin() as session:
        outbox.replay(session, since=days.now() - timedelta(hours=1))

    stack.once(ids, within=60)
    eventually(lambda: park_states(stack) == [], within=60)
    assert set(stack.effects().values()) == {1}


def test_a_dropped_event_is_never_tried_again_and_stays_on_record(stack: Stack, tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    stack.start(TEST_DELAYS="0.1")
    (lost,) = stack.announce([f"raise-unless:{mended}"])
    (dead,) = eventually(lambda: [each for each in park_states(stack) if each.dead_at], within=30)

    with stack.sessions.begin() as session:
        assert len(parked.drop(session, [dead.id], why="operator: sent by mistake")) == 1
    mended.touch()
    with stack.sessions.begin() as session:
        assert parked.replay(session, None) == 0
    stack.once(stack.announce(["ok"], thing="after"))

    assert lost not in stack.effects()
    assert "sent by mistake" in stack.rows("SELECT detail FROM parked")[0][0]


def test_an_event_older_than_the_inbox_remembers_waits_for_an_operator(stack: Stack) -> None:
    (old,) = stack.announce(["ok"])
    with stack.sessions.begin() as session:
        at = db.clock(session) - timedelta(days=34, hours=1)
        session.execute(outbox_table.update().values(recorded_at=at))
    stack.start()

    (found,) = eventually(lambda: park_states(stack), within=20)
    assert (found.reason, stack.effects()) == ("TOO_OLD", {})
    with stack.sessions.begin() as session:
        parked.replay(session, [found.id])

    eventually(lambda: stack.effects()[old] == 1, within=20)


def test_a_handler_wakes_a_timer_after_its_commit(stack: Stack) -> None:
    stack.start()
    eventually(lambda: stack.effects(None)["bell"] == 1)

    (event,) = stack.announce(["wake"])

    # The timer sees what the handler wrote; savepoints on the way do not wake it early.
    eventually(lambda: stack.effects(None)["bell"] == 2, within=20)
    assert stack.effects("bell knows")[event] == 1
