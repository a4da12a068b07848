"""A queue that was there and is gone is noticed, told with its remedy, counted, and made again."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import update

from chassis import db, inbox, metrics, outbox, topology
from chassis.bus import lost
from chassis.days import VIET_NAM
from chassis.db import Sessions
from chassis.db.tables import inbox as inbox_table
from integration.chassis.conftest import Broker, Stack
from integration.chassis.happenings import ALSO_QUEUE, QUEUE, TYPE
from support.servers import RabbitMQ
from support.waiting import eventually

NOTICED = f"queue {QUEUE} was gone and is made again, empty"
COMMAND = "kpi replay testing happened --since"


class _Testing:
    @staticmethod
    def interest() -> topology.Interest:
        return topology.Interest("testing", [TYPE, "kpi.testing.v1.AlsoHappened"])


def _delete(broker: Broker, queue: str = QUEUE) -> None:
    with broker.channel() as channel:
        channel.queue_delete(queue)


def _told(stack: Stack) -> str:
    return (stack.folder / "log").read_text()


def _known(stack: Stack, queue: str) -> bool:
    with db.reading(stack.sessions) as session:
        return inbox.knows_queue(session, queue)


def test_a_first_start_says_nothing(production: Stack, broker: Broker) -> None:
    _delete(broker)

    assert lost.declare(broker.url, _Testing, production.sessions) == []

    assert topology.missing(broker.url, _Testing) == []
    production.start("worker")
    eventually(lambda: _known(production, QUEUE) and _known(production, ALSO_QUEUE), within=20)
    assert NOTICED not in _told(production)


def test_a_queue_deleted_while_the_worker_is_down_is_noticed_at_its_start(
    production: Stack, broker: Broker
) -> None:
    """One of several subscribers: the broker returns nothing, and migrate runs before the worker."""
    worker, _ = production.start("worker", "relay")
    production.once(production.announce(["before"]))
    assert worker.terminate() == 0
    _delete(broker)
    with broker.channel() as channel:
        channel.queue_declare(queue="another.subscriber", durable=True, auto_delete=False)
        channel.queue_bind("another.subscriber", "testing.events", "happened")
    missed = production.announce(["missed"])
    eventually(lambda: production.unsent() == 0, within=20)

    assert lost.declare(broker.url, _Testing, production.sessions) == [TYPE]
    assert topology.missing(broker.url, _Testing) == [TYPE]
    production.start("worker")
    eventually(lambda: _told(production).count(NOTICED) == 1, within=20)
    eventually(lambda: topology.missing(broker.url, _Testing) == [], within=20)

    assert f"{COMMAND} " in _told(production)
    assert f"--queue {QUEUE}" in _told(production)
    assert set(production.effects()).isdisjoint(missed)
    with production.sessions.begin() as session:
        since = db.clock(session) - timedelta(days=1)
        assert outbox.replay(session, type_=TYPE, since=since, queue=QUEUE) == 2
    production.once(missed)


def test_a_queue_deleted_under_a_running_worker_is_noticed_at_once(production: Stack, broker: Broker) -> None:
    production.start("worker", "relay")
    production.once(production.announce(["before"]))

    _delete(broker)

    eventually(lambda: NOTICED in _told(production), within=20)
    eventually(lambda: topology.missing(broker.url, _Testing) == [], within=20)
    production.once(production.announce(["after"]))


def test_a_queue_that_is_down_is_told_and_filled_once_it_was_deleted(
    production: Stack, broker: Broker, rabbitmq: RabbitMQ
) -> None:
    """The broker takes it for an empty queue; what should go into it is refused and stays unsent."""
    production.start("worker", "relay")
    production.once(production.announce(["before"]))
    rabbitmq.stop()
    rabbitmq.break_queue(broker.url.rpartition("/")[2], QUEUE)
    rabbitmq.start()

    eventually(lambda: f"queue {QUEUE} is down" in _told(production), within=60)
    refused = production.announce(["refused"])
    eventually(lambda: "a queue of theirs is full or down" in _told(production), within=60)
    _delete(broker)

    eventually(lambda: NOTICED in _told(production), within=60)
    eventually(lambda: topology.missing(broker.url, _Testing) == [], within=20)
    with production.sessions.begin() as session:
        since = db.clock(session) - timedelta(days=1)
        assert outbox.replay(session, type_=TYPE, since=since, queue=QUEUE) == 2
    production.once(refused)


def test_a_silent_subscription_is_known_for_good(sessions: Sessions) -> None:
    """Longer than its events are: a ward changes its name once in years."""
    with sessions.begin() as session:
        assert not inbox.knows_queue(session, QUEUE)
        inbox.know_queue(session, QUEUE)
        inbox.know_queue(session, QUEUE)
        inbox.first_times(session, [event := outbox.new_id()], handler=QUEUE)
        at = db.clock(session) - timedelta(days=400)
        session.execute(update(inbox_table).where(inbox_table.c.event_id == event).values(handled_at=at))
    with sessions.begin() as session:
        assert not inbox.purge(session)
    with sessions.begin() as session:
        assert inbox.knows_queue(session, QUEUE)
        assert not inbox.knows_queue(session, ALSO_QUEUE)
        assert inbox.last_handled(session, QUEUE) is None


def test_it_is_counted_and_the_command_goes_back_far_enough(
    sessions: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    counter = metrics.queues_missing.labels("testing", QUEUE)
    before = counter._value.get()
    with sessions.begin() as session:
        assert not lost.report(session, "testing", TYPE)
        inbox.first_times(session, [outbox.new_id()], handler=QUEUE)
        last = db.clock(session) - timedelta(days=3)
        session.execute(update(inbox_table).values(handled_at=last))

        with caplog.at_level(logging.ERROR):
            assert lost.report(session, "testing", TYPE)
        handled = lost.remedy(session, "testing", TYPE)
        session.execute(update(inbox_table).values(handled_at=last - timedelta(days=300)))
        long_ago = lost.remedy(session, "testing", TYPE)
        now = db.clock(session).astimezone(VIET_NAM)

    assert counter._value.get() == before + 1
    assert handled in caplog.text
    assert handled == f"{COMMAND} {now - timedelta(days=4):%Y-%m-%d} --queue {QUEUE}"
    assert long_ago == f"{COMMAND} {now - outbox.KEPT:%Y-%m-%d} --queue {QUEUE}"
