"""The outbox's way to the broker: nothing passed over, nothing called sent that is not."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chassis import days, outbox, relay, topology
from chassis.db import Sessions
from chassis.db.tables import outbox as outbox_table
from integration.chassis import happenings
from integration.chassis.conftest import Broker, Stack, at_once
from support.servers import RabbitMQ
from support.waiting import eventually


@contextmanager
def relaying(sessions: Sessions, url: str) -> Iterator[threading.Thread]:
    """Run a relay in a thread of this process, and stop it afterwards."""
    stop = threading.Event()
    thread = threading.Thread(target=relay.run, args=(sessions, url, stop), kwargs={"service": "testing"})
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def bodies(broker: Broker, queue: str = happenings.QUEUE) -> list[dict[str, Any]]:
    found = []
    with broker.channel() as channel:
        while message := channel.basic_get(queue, no_ack=True):
            found.append(json.loads(message.body))
    return found


def test_eight_writers_at_once_lose_nothing(production: Stack, broker: Broker) -> None:
    def write(writer: int) -> None:
        for number in range(100):
            with production.sessions.begin() as session:
                body = happenings.Happened(thing_id=f"{writer}-{number}")
                outbox.add(session, body, subject=body.thing_id)
                if number % 10 == 0:
                    # Holds its position while others commit later ones.
                    session.execute(outbox_table.select().limit(1)).all()

    late = production.sessions()
    outbox.add(late, happenings.Happened(thing_id="late"), subject="late")
    with (
        relaying(production.sessions, production.amqp_url),
        relaying(production.sessions, production.amqp_url),
    ):
        at_once(*(partial(write, writer) for writer in range(8)))
        eventually(lambda: broker.length() == 800, within=30)
        late.commit()
        eventually(lambda: broker.length() == 801, within=10)
        eventually(lambda: production.unsent() == 0)

    expected = {f"{writer}-{number}" for writer in range(8) for number in range(100)} | {"late"}
    found = [each["thing_id"] for each in bodies(broker)]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_an_event_travels_as_a_cloud_event(production: Stack, broker: Broker) -> None:
    (event_id,) = production.announce(["xin chào"])
    with relaying(production.sessions, production.amqp_url):
        eventually(lambda: broker.length() == 1, within=10)

    message = broker.take(happenings.QUEUE)

    headers = message.headers
    assert json.loads(message.body) == {
        "ward_id": "",
        "thing_id": "thing-0",
        "revision": 0,
        "note": "xin chào",
    }
    assert message.properties["content_type"] == "application/json"
    assert message.properties["message_id"] == event_id
    assert message.properties["delivery_mode"] == 2
    assert headers["cloudEvents_id"] == event_id
    assert headers["cloudEvents_source"] == "testing"
    assert headers["cloudEvents_specversion"] == "1.0"
    assert headers["cloudEvents_type"] == happenings.TYPE
    assert headers["cloudEvents_subject"] == "thing-0"
    assert headers["cloudEvents_time"].endswith("+00:00")
    assert headers["traceparent"].startswith(f"00-{message.properties['correlation_id']}-")
    assert (message.delivery_info["exchange"], message.delivery_info["routing_key"]) == (
        "testing.events",
        "happened",
    )


def test_an_event_that_no_queue_takes_stays_unsent(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_delete(happenings.QUEUE)
    production.announce(["ok"] * 3)

    with relaying(production.sessions, production.amqp_url):
        eventually(
            lambda: [row.returns for row in production.rows("SELECT returns FROM outbox")] > [1, 1, 1],
            within=20,
        )
        assert production.unsent() == 3
        topology.declare(production.amqp_url, production)
        eventually(lambda: broker.length() == 3, within=30)
        eventually(lambda: production.unsent() == 0)


def test_events_that_wait_for_a_queue_do_not_hold_up_others(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_delete(happenings.QUEUE)
    production.announce(["ok"] * 700)
    with relaying(production.sessions, production.amqp_url):
        eventually(lambda: production.rows("SELECT 1 FROM outbox WHERE returns > 0"), within=10)
        with production.sessions.begin() as session:
            outbox.add(session, happenings.AlsoHappened(thing_id="other"), subject="other")
        eventually(lambda: broker.length(happenings.ALSO_QUEUE) == 1, within=5)


def test_a_full_queue_refuses_and_nothing_is_lost(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_delete(happenings.ALSO_QUEUE)
        arguments = {"x-queue-type": "quorum", "x-max-length": 5, "x-overflow": "reject-publish"}
        channel.queue_declare(
            queue=happenings.ALSO_QUEUE, durable=True, auto_delete=False, arguments=arguments
        )
        channel.queue_bind(
            queue=happenings.ALSO_QUEUE, exchange="testing.events", routing_key="also_happened"
        )
    seen: set[str] = set()

    def announce(numbers: range) -> None:
        events = [(happenings.AlsoHappened(thing_id=str(number)), str(number)) for number in numbers]
        with production.sessions.begin() as session:
            outbox.add_all(session, events)

    def drained() -> bool:
        seen.update(each["thing_id"] for each in bodies(broker, happenings.ALSO_QUEUE))
        return production.unsent() == 0

    with relaying(production.sessions, production.amqp_url):
        # A quorum queue notices a moment late that it is full.
        announce(range(10))
        eventually(lambda: broker.length(happenings.ALSO_QUEUE) == 10)
        announce(range(10, 50))
        eventually(lambda: production.rows("SELECT 1 FROM outbox WHERE returns > 0"), within=10)
        eventually(drained, within=60)
    drained()

    assert seen == {str(number) for number in range(50)}


def test_a_queue_that_was_lost_is_filled_again_from_the_outbox(production: Stack, broker: Broker) -> None:
    production.start("relay")
    ids = production.announce(["ok"] * 200)
    eventually(lambda: broker.length() == 200, within=20)
    with broker.channel() as channel:
        channel.queue_delete(happenings.QUEUE)

    production.start("worker")
    with production.sessions.begin() as session:
        since = days.now() - timedelta(hours=1)
        assert outbox.replay(session, type_=happenings.TYPE, since=since, queue=happenings.QUEUE) == 200

    production.once(ids)


def test_a_worker_whose_queue_is_deleted_makes_it_again(production: Stack, broker: Broker) -> None:
    production.start()
    ids = production.announce(["ok"])
    production.once(ids)

    with broker.channel() as channel:
        channel.queue_delete(happenings.QUEUE)
    ids += production.announce(["ok"], thing="after")

    production.once(ids, within=60)


def test_a_replay_into_one_queue_reaches_no_other(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_declare(queue="newcomer", durable=True, auto_delete=False)
    with relaying(production.sessions, production.amqp_url):
        production.announce(["ok"] * 3)
        eventually(lambda: broker.length() == 3, within=10)
        bodies(broker)
        with production.sessions.begin() as session:
            outbox.replay(session, since=days.now() - timedelta(hours=1), queue="newcomer")
        eventually(lambda: broker.length("newcomer") == 3, within=10)
        eventually(lambda: production.unsent() == 0)

    assert broker.length() == 0
    assert production.rows("SELECT DISTINCT queue FROM outbox") == [(None,)]


def test_a_replay_into_a_queue_that_is_not_there_ends(
    production: Stack, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.relay.rows.WRONG_QUEUE", 1)
    with relaying(production.sessions, production.amqp_url):
        production.announce(["ok"])
        eventually(lambda: production.unsent() == 0, within=10)
        with production.sessions.begin() as session:
            assert outbox.replay(session, since=days.now() - timedelta(hours=1), queue="mistyped") == 1
        eventually(lambda: production.unsent() == 0, within=20)

    assert broker.length() == 1


def test_an_alarm_of_the_broker_stops_no_transaction(
    production: Stack, broker: Broker, rabbitmq: RabbitMQ
) -> None:
    production.start()
    ids = production.announce(["ok"])
    production.once(ids)

    rabbitmq.ctl("set_disk_free_limit", "900000GB")
    try:
        for number in range(20):
            ids += production.announce(["ok"] * 50, thing=f"alarm-{number}")
        eventually(lambda: production.unsent() > 0)
    finally:
        rabbitmq.ctl("set_disk_free_limit", "50MB")

    production.once(ids, within=60)


def test_a_relay_that_is_stopped_during_an_alarm_leaves_in_time(
    production: Stack, rabbitmq: RabbitMQ
) -> None:
    (process,) = production.start("relay")
    rabbitmq.ctl("set_disk_free_limit", "900000GB")
    try:
        production.announce(["ok"] * 1000)
        eventually(lambda: "takes no messages" in process.log.read_text(), within=20)
        assert process.terminate(within=10) == 0
    finally:
        rabbitmq.ctl("set_disk_free_limit", "50MB")


NAMEKO = """
import os, sys, warnings
warnings.simplefilter("ignore")
import eventlet; eventlet.monkey_patch()
from nameko.events import event_handler
from nameko.runners import ServiceRunner

class Listener:
    name = "finance"

    @event_handler("testing", "happened")
    def on_happened(self, payload):
        print(payload["thing_id"], payload["note"], flush=True)

runner = ServiceRunner({"AMQP_URI": sys.argv[1]})
runner.add_service(Listener)
runner.start()
print("ready", flush=True)
runner.wait()
"""


def test_a_stock_nameko_service_subscribes_as_to_any_other(production: Stack, tmp_path: Any) -> None:
    script = tmp_path / "finance.py"
    script.write_text(NAMEKO)
    command = [sys.executable, "-W", "ignore", str(script), production.amqp_url]
    listener = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert listener.stdout
    try:
        assert listener.stdout.readline() == "ready\n"
        with relaying(production.sessions, production.amqp_url):
            production.announce(["chào"])
            assert listener.stdout.readline() == "thing-0 chào\n"
    finally:
        listener.kill()
        listener.wait()
        listener.stdout.close()


@pytest.mark.parametrize("restarts", [3])
def test_an_embedded_restart_sends_only_what_nobody_handled(embedded: Stack, restarts: int) -> None:
    for _ in range(restarts):
        (process,) = embedded.start()
        ids = embedded.announce(["ok"] * 200)
        embedded.once(ids)
        process.kill()
    before = embedded.started.read_text()

    embedded.start()
    embedded.once(embedded.announce(["ok"], thing="after"))

    assert len(embedded.started.read_text().split()) == len(before.split()) + 1
