"""A queue is deleted with what is in it, and stays away while events go on being announced.

While no queue takes an event it stays unsent, is counted as returned and makes the outbox old: that is the
alarm. The worker makes its queue again, and one command (``kpi replay``) fills it from the outbox.
"""

from datetime import UTC, datetime, timedelta

from chassis import topology
from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage
from kpi.operations.v1 import operations_pb2 as operations

EVENT = "kpi.scoring.v1.ScorecardComputed"
"""Only one service takes it: with its queue away nobody does, and the broker says so."""
SOURCE, TAKER = "scoring", "approval"
WORKER, RELAY, EXCHANGE = f"{TAKER}-worker", f"{SOURCE}-relay", topology.exchange(SOURCE)


def run(stage: Stage) -> Verdict:
    """Delete a queue twice: with messages in it, and while events for it come."""
    rig = stage.rig
    queue = _queue(stage)

    def returned() -> bool:
        return 'outcome="returned"' in rig.metric(RELAY, "kpi_relay_events_total")

    def delete() -> None:
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            channel.queue_delete(queue)
        rig.mark(f"delete {queue}")

    def disturb(load: Load) -> None:
        begun = datetime.now(UTC) - timedelta(seconds=1)
        # First: messages perish with the queue.
        rig.stack.stop_process(WORKER)
        stage.wait(lambda: rig.lengths()[queue] >= 10)
        held = rig.lengths()[queue]
        delete()
        # Second: events come while it is away. They are refused, not lost, and the relay says so.
        stage.under_load(load, commands=15)
        if not stage.off:
            stage.wait(returned, within=30)
            stage.notes.append(f"{held} messages perished; the relay counted {EVENT} as returned")
        rig.begin(WORKER, stage.plan())
        request = operations.ReplayOutboxRequest(type=EVENT, queue=queue)
        request.since.FromDatetime(begun)
        if not stage.off:
            answer = load.caller(("van-hanh", "operator")).operations(SOURCE).ReplayOutbox(request)
            stage.notes.append(f"one command had {answer.count} events sent again")

    return stage.judge("s04", disturb, within=60, clients=4, rounds=14)


def run_without_replay(stage: Stage) -> Verdict:
    """The same without messages in the queue and without the command: nothing may be lost then."""
    rig = stage.rig
    queue = _queue(stage)

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=5)
        rig.stack.stop_process(WORKER)
        # Nothing is in it when it goes: the worker was asked to stop before the relay has more.
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            channel.queue_unbind(queue, EXCHANGE, topology.event_name(EVENT).key)
        rig.mark(f"unbind {queue}")
        stage.under_load(load, commands=15)
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            channel.queue_bind(queue, EXCHANGE, topology.event_name(EVENT).key)
        rig.begin(WORKER, stage.plan())

    return stage.judge("s04-unbound", disturb, within=60, clients=4, rounds=14)


def _queue(stage: Stage) -> str:
    """Return the one queue that takes the event."""
    takers = [service for service, types in stage.rig.takes.items() if EVENT in types]
    if takers != [TAKER]:
        raise AssertionError(f"{EVENT} goes to {takers}: choose an event that one service takes")
    return topology.queue(TAKER, EVENT)
