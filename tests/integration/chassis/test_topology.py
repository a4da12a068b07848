"""Names and arguments in the broker are contract: other systems bind to them."""

from typing import Any

import pytest

from chassis import outbox, topology
from integration.chassis import happenings
from integration.chassis.conftest import Broker, Stack
from support.servers import RabbitMQ
from support.waiting import eventually

LIMITS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 20,
    "x-max-length": 1_000_000,
    "x-overflow": "reject-publish",
    "x-dead-letter-exchange": "",
    "x-dead-letter-strategy": "at-least-once",
}


def test_names() -> None:
    assert topology.exchange("approval") == "approval.events"
    assert topology.event_name("kpi.approval.v1.GradePublished") == ("approval", "grade_published")
    assert topology.event_name("kpi.planning.v12.KPIReadingTaken2").key == "kpireading_taken2"
    assert topology.queue("reward", "kpi.approval.v1.GradePublished") == "reward.approval.grade_published"
    assert topology.dead("reward.approval.grade_published") == "reward.approval.grade_published.dead"
    assert topology.unheard("approval") == "approval.unheard"


@pytest.mark.parametrize(
    "type_",
    ["GradePublished", "kpi.approval.GradePublished", "kpi.approval.v1.events.X", "kpi.a.v1.lower", ""],
)
def test_what_is_no_event_has_no_name(type_: str) -> None:
    with pytest.raises(ValueError, match="no event"):
        topology.event_name(type_)


class Approval:
    @staticmethod
    def interest() -> topology.Interest:
        return topology.Interest(
            "approval", ["kpi.scoring.v1.ScorecardComputed"], ["kpi.approval.v1.AppealAnswered"]
        )


def listed(rabbitmq: RabbitMQ, url: str, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = rabbitmq.ask("GET", f"{kind}/{url.rpartition('/')[2]}")
    return found


def test_what_is_declared(rabbitmq: RabbitMQ, amqp_url: str) -> None:
    topology.declare(amqp_url, Approval)
    topology.declare(amqp_url, Approval)

    exchanges = {each["name"]: each for each in listed(rabbitmq, amqp_url, "exchanges")}
    for name in ("approval.events", "scoring.events"):
        found = exchanges[name]
        assert (found["type"], found["durable"], found["auto_delete"]) == ("topic", True, False)
        assert found["arguments"] == {}
    queue = "approval.scoring.scorecard_computed"
    queues = {each["name"]: each for each in listed(rabbitmq, amqp_url, "queues")}
    assert set(queues) == {queue, f"{queue}.dead", "approval.unheard"}
    assert all(each["durable"] and not each["auto_delete"] for each in queues.values())
    assert queues[queue]["arguments"] == LIMITS | {"x-dead-letter-routing-key": f"{queue}.dead"}
    assert queues[f"{queue}.dead"]["arguments"] == {"x-queue-type": "quorum"}
    assert queues["approval.unheard"]["arguments"] == {
        "x-queue-type": "quorum", "x-max-length": 0, "x-overflow": "drop-head",
    }  # fmt: skip
    bindings = {
        (each["source"], each["routing_key"], each["destination"])
        for each in listed(rabbitmq, amqp_url, "bindings")
        if each["source"]
    }
    assert bindings == {
        ("scoring.events", "scorecard_computed", queue),
        ("approval.events", "appeal_answered", "approval.unheard"),
    }


def test_an_event_that_nobody_needs_is_sent_and_not_kept(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_delete(happenings.ALSO_QUEUE)

    class Testing:
        @staticmethod
        def interest() -> topology.Interest:
            return topology.Interest("testing", [], ["kpi.testing.v1.AlsoHappened"])

    topology.declare(production.amqp_url, Testing)
    with production.sessions.begin() as session:
        outbox.add_all(session, [(happenings.AlsoHappened(thing_id=str(n)), str(n)) for n in range(100)])

    production.start("relay")

    eventually(lambda: production.unsent() == 0, within=20)
    assert broker.length("testing.unheard") == 0


def test_a_queue_with_other_arguments_is_named_with_a_remedy(production: Stack, broker: Broker) -> None:
    with broker.channel() as channel:
        channel.queue_declare(queue="approval.scoring.scorecard_computed", durable=True, auto_delete=False)

    with pytest.raises(topology.TopologyDiffers, match=r"approval\.scoring\.scorecard_computed.*replay"):
        topology.declare(production.amqp_url, Approval)


def test_the_broker_keeps_what_kills_every_worker(production: Stack, broker: Broker) -> None:
    """The last line: a message that is returned too often ends in the dead-letter queue, not nowhere."""
    queue = "testing.testing.happened"
    broker.publish(b"{}", message_id="killer")
    for _ in range(topology.DELIVERY_LIMIT + 1):
        with broker.channel() as channel:
            channel.basic_get(queue)

    eventually(lambda: broker.length(topology.dead(queue)) == 1, within=20)
    assert broker.length(queue) == 0
