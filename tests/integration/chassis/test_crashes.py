"""SIGKILL of every part in turn: nothing is lost, nothing takes effect twice."""

import random
import time
from pathlib import Path

import pytest

from chassis import outbox
from integration.chassis import happenings
from integration.chassis.conftest import Broker, Stack
from support.servers import Postgres, RabbitMQ
from support.waiting import eventually

AGE_S = 6.0
"""A quorum queue that was declared within a second of a crash may stay down for good (RabbitMQ 3.10)."""


def grow(stack: Stack, *, at_least: int) -> None:
    before = len(stack.effects())
    eventually(lambda: len(stack.effects()) >= before + at_least, within=60, every=0.005)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killing_workers_and_relays_in_mid_work(stack: Stack, seed: int) -> None:
    dice = random.Random(seed)
    roles = ["embedded"] if stack.embedded else ["worker", "relay"]
    running = dict(zip(roles, stack.start(*roles, TEST_BATCH="20"), strict=True))
    ids: list[str] = []

    for _ in range(4):
        # Slow enough that something always waits in the broker and something is in flight.
        ids += stack.announce(["sleep:0.002"] * dice.randint(150, 250))
        grow(stack, at_least=dice.randint(60, 140))
        victim = dice.choice(roles)
        running[victim].kill()
        ids += stack.announce(["ok"] * 50)
        (running[victim],) = stack.start(victim, TEST_BATCH="20")

    stack.once(ids, within=120)


def test_killing_the_broker_in_mid_work(production: Stack, rabbitmq: RabbitMQ) -> None:
    production.start(TEST_BATCH="50")
    ids = production.announce(["ok"] * 500)
    eventually(lambda: time.monotonic() > production.declared + AGE_S, within=AGE_S + 1)

    for _ in range(2):
        ids += production.announce(["ok"] * 3000)
        grow(production, at_least=200)
        rabbitmq.kill()
        ids += production.announce(["ok"] * 500)
        rabbitmq.start()

    production.once(ids, within=120)


def test_a_broker_that_is_restarted_in_order(production: Stack, rabbitmq: RabbitMQ) -> None:
    production.start(TEST_BATCH="50")
    ids = production.announce(["ok"] * 2000)
    eventually(lambda: time.monotonic() > production.declared + AGE_S, within=AGE_S + 1)

    rabbitmq.stop()
    ids += production.announce(["ok"] * 500)
    rabbitmq.start()

    production.once(ids, within=120)


@pytest.mark.parametrize("mode", ["fast", "immediate", "kill"])
def test_a_database_that_goes_away_makes_no_dead_letters(
    production: Stack, postgres: Postgres, broker: Broker, mode: str
) -> None:
    production.start(TEST_BATCH="20")
    ids = production.announce(["sleep:0.002"] * 2000)
    grow(production, at_least=100)

    postgres.kill() if mode == "kill" else postgres.stop(mode)
    eventually(lambda: broker.length(happenings.QUEUE) >= 0)
    postgres.start()

    production.once(ids, within=120)
    assert production.rows("SELECT * FROM parked") == []
    assert all(each.running() for each in production.processes)


def test_sessions_that_an_administrator_ends_make_no_dead_letters(production: Stack) -> None:
    production.start(TEST_BATCH="20")
    ids = production.announce(["sleep:0.002"] * 1000)

    for _ in range(10):
        grow(production, at_least=30)
        production.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    production.once(ids, within=120)
    assert production.rows("SELECT * FROM parked") == []


def test_a_long_outage_of_the_database_gives_messages_back(
    production: Stack, postgres: Postgres, broker: Broker
) -> None:
    production.start()
    production.once(production.announce(["ok"] * 10))
    postgres.stop()
    for number in range(20):
        body = happenings.Happened(thing_id=f"out-{number}", note="ok")
        broker.publish(
            outbox.body(body),
            message_id=str(outbox.new_id()),
            content_type="application/json",
        )

    # Held for 20 s, then given back to the broker.
    eventually(lambda: broker.length() == 20, within=60)
    postgres.start()

    eventually(lambda: len(production.effects()) == 30, within=60)
    assert production.rows("SELECT * FROM parked") == []


def test_an_event_that_kills_its_process_costs_no_other_event_anything(stack: Stack, tmp_path: Path) -> None:
    mended = tmp_path / "mended"
    notes = ["ok"] * 20 + [f"kill:{mended}"] + ["ok"] * 20
    ids = stack.announce(notes)
    killer = ids[20]
    settings = {"TEST_BATCH": "10", "TEST_DELAYS": ",".join(["0.2"] * 40)}
    role = "embedded" if stack.embedded else "worker"
    if not stack.embedded:
        stack.start("relay")

    def others_done() -> bool:
        if not stack.processes[-1].running() or stack.processes[-1].role != role:
            stack.start(role, **settings)
        return set(stack.effects()) >= set(ids) - {killer}

    stack.start(role, **settings)
    eventually(others_done, within=120)
    mended.touch()
    eventually(lambda: others_done() and stack.effects()[killer] == 1, within=120)

    stack.once(ids, within=60)
