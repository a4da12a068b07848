"""SIGTERM: what is in flight ends and is acked, the rest waits, nobody sees an event twice."""

from functools import partial

import pytest

from chassis import outbox
from integration.chassis import happenings
from integration.chassis.conftest import Broker, Stack
from support.waiting import eventually


def reached(stack: Stack, goal: int) -> bool:
    return len(stack.effects()) >= goal


@pytest.mark.parametrize("batch", ["1", "20"])
def test_a_backlog_behind_slow_handlers_survives_every_deploy(stack: Stack, batch: str) -> None:
    settings = {"TEST_BATCH": batch}
    ids = stack.announce(["sleep:0.05"] * 60)

    for goal in (5, 20, 40):
        started = stack.start(**settings)
        eventually(partial(reached, stack, goal), within=30)
        assert [each.terminate() for each in started] == [0] * len(started)
    stack.start(**settings)

    stack.once(ids)
    assert set(stack.starts().values()) == {1}


def test_a_handler_of_six_seconds_finishes_and_is_acked(production: Stack, broker: Broker) -> None:
    worker, _ = production.start("worker", "relay", TEST_BATCH="1")
    slow = production.announce(["sleep:6"])
    with production.sessions.begin() as session:
        for number in range(30):
            body = happenings.AlsoHappened(thing_id=f"also-{number}", note="sleep:0.2")
            happenings_also = (body, f"also-{number}")
            outbox.add_all(session, [happenings_also])
    eventually(lambda: production.starts()[slow[0]] == 1, within=20)

    assert worker.terminate(within=10) == 0

    assert production.effects()[slow[0]] == 1
    assert broker.length() == 0
    production.start("worker")
    eventually(lambda: len(production.effects("also_happened")) == 30, within=30)
    assert set(production.starts().values()) == {1}


def test_an_idle_process_stops_at_once(stack: Stack) -> None:
    started = stack.start()
    stack.once(stack.announce(["ok"]))

    assert [each.terminate(within=2) for each in started] == [0] * len(started)
