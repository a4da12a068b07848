"""A queue is deleted with what is in it, and stays away while events go on being announced; then one is down.

If no other queue takes an event it stays unsent, is counted as returned and makes the outbox old: that is one
alarm. If other subscribers take it, the broker says nothing, and the service that had the queue notices when
it makes it again: that is the other. One command (``kpi replay``) fills the queue from the outbox.

A queue whose data the broker cannot read is down: it stands, gives nothing and refuses what comes. The worker
that takes from it says so; an operator deletes it, and it is made and filled again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from chassis import topology
from faults.checker import Verdict
from faults.load import Load
from faults.rig import VHOST
from faults.stage import Stage


@dataclass(frozen=True, slots=True)
class Lost:
    """A subscription whose queue is lost."""

    event: str
    taker: str
    takers: int

    @property
    def source(self) -> str:
        """Who announces the event."""
        return topology.event_name(self.event).source

    @property
    def queue(self) -> str:
        """The queue that is lost."""
        return topology.queue(self.taker, self.event)

    @property
    def worker(self) -> str:
        """Whose queue it is."""
        return f"{self.taker}-worker"


ALONE = Lost("kpi.scoring.v1.ScorecardComputed", "approval", takers=1)
"""Only one service takes it: with its queue away nobody does, and the broker says so."""
AMONG = Lost("kpi.planning.v1.WorkingTimeRecorded", "reward", takers=3)
"""Others take it too. Money is shared by it: a month whose news perished waits until the queue is filled."""


def run(stage: Stage) -> Verdict:
    """Delete the queue of an only subscriber, that of one among several, and one under a running worker."""
    _check(stage)

    def disturb(load: Load) -> None:
        _lose(stage, load, ALONE)
        _lose(stage, load, AMONG)
        _lose_under_worker(stage, load, AMONG)
        _break(stage, load, AMONG)

    return stage.judge("s04", disturb, within=60, clients=4, rounds=18)


def _lose(stage: Stage, load: Load, lost: Lost) -> None:
    """Delete a queue with messages in it while its worker is down, and keep it away while events come."""
    rig = stage.rig
    rig.stack.stop_process(lost.worker)
    # The months under way come to a stand where they need the worker: these begin only now.
    for _ in range(3):
        load.guest()
    stage.wait(lambda: rig.lengths()[lost.queue] >= 10)
    held = rig.lengths()[lost.queue]
    _delete(stage, lost)
    stage.under_load(load, commands=15)
    if lost.takers == 1:
        relay = f"{lost.source}-relay"
        stage.wait(lambda: 'outcome="returned"' in rig.metric(relay, "kpi_relay_events_total"), within=30)
        stage.notes.append(f"{held} messages perished; the relay counted {lost.event} as returned")
    rig.begin(lost.worker, stage.plan())
    _await_noticed(stage, lost, 1)
    stage.notes.append(
        f"{lost.worker} noticed at its start that {lost.queue} was gone, {held} messages with it"
    )
    _fill(stage, load, lost)


def _lose_under_worker(stage: Stage, load: Load, lost: Lost) -> None:
    """Delete a queue while its worker takes from it: the broker tells, and the worker makes it again."""
    _delete(stage, lost)
    _await_noticed(stage, lost, 2)
    stage.notes.append(f"{lost.worker} noticed at work that {lost.queue} was gone")
    _fill(stage, load, lost)
    stage.under_load(load, commands=5)


def _break(stage: Stage, load: Load, lost: Lost) -> None:
    """Restart the broker while it cannot read a queue's data, and do what the alarm says."""
    rig = stage.rig
    rig.mark(f"{lost.queue} down")
    rig.rabbitmq.stop()
    rig.rabbitmq.break_queue(VHOST, lost.queue)
    rig.rabbitmq.start()
    down = f'kpi_queue_down{{queue="{lost.queue}",service="{lost.taker}"}} 1.0'
    stage.wait(lambda: down in rig.metric(lost.worker, "kpi_queue_down"), within=60)
    stage.notes.append(f"{lost.worker} noticed that {lost.queue} was down")
    load.guest()
    relay = f"{lost.source}-relay"
    stage.wait(lambda: 'outcome="nacked"' in rig.metric(relay, "kpi_relay_events_total"), within=60)
    stage.under_load(load, commands=15)
    _delete(stage, lost)
    _await_noticed(stage, lost, 3)
    _fill(stage, load, lost, at_once=True)
    stage.wait(lambda: down not in rig.metric(lost.worker, "kpi_queue_down"), within=30)
    stage.under_load(load, commands=5)


def _await_noticed(stage: Stage, lost: Lost, times: int) -> None:
    """Wait for the alarm, and until the queue stands again."""

    def noticed() -> bool:
        lines = stage.rig.metric(lost.worker, "kpi_queues_missing_total").splitlines()
        counted = [line.split()[-1] for line in lines if f'queue="{lost.queue}"' in line]
        return sum(map(float, counted)) >= times

    def stands() -> bool:
        with topology.connect(stage.rig.amqp) as connection, connection.channel() as channel:
            try:
                channel.queue_declare(lost.queue, passive=True)
            except Exception:  # noqa: BLE001  # not yet
                return False
        return True

    stage.wait(noticed, within=30)
    stage.wait(stands, within=30)


def _fill(stage: Stage, load: Load, lost: Lost, *, at_once: bool = False) -> None:
    """Do what the worker's log says, as late as a person would: nothing is on its way to the lost queue then.

    :param at_once: what the queue refused is hurried by the same command, and need not be waited for
    """
    noticed = datetime.now(UTC)

    def sent() -> bool:
        [(waiting,)] = stage.rig.rows(
            lost.source,
            "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND type = %s AND recorded_at < %s",
            lost.event,
            noticed,
        )
        return waiting == 0

    if not at_once:
        stage.wait(sent)
    count = load.fill(lost.event, lost.queue)
    stage.notes.append(f"one command had {count} events sent again")


def _delete(stage: Stage, lost: Lost) -> None:
    with topology.connect(stage.rig.amqp) as connection, connection.channel() as channel:
        channel.queue_delete(lost.queue)
    stage.rig.mark(f"delete {lost.queue}")


def run_without_replay(stage: Stage) -> Verdict:
    """The same without messages in the queue and without the command: nothing may be lost then."""
    _check(stage)
    rig, lost = stage.rig, ALONE
    exchange, key = topology.exchange(lost.source), topology.event_name(lost.event).key

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=5)
        rig.stack.stop_process(lost.worker)
        # Nothing is in it when it goes: the worker was asked to stop before the relay has more.
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            channel.queue_unbind(lost.queue, exchange, key)
        rig.mark(f"unbind {lost.queue}")
        unbound = datetime.now(UTC)

        def tried() -> bool:
            [(count,)] = rig.rows(
                lost.source,
                "SELECT count(*) FROM outbox WHERE type = %s AND recorded_at > %s"
                " AND (sent_at IS NOT NULL OR returns > 0)",
                lost.event,
                unbound,
            )
            return count >= 5

        # The months under way stand still for want of the worker: these announce the event.
        for _ in range(3):
            load.guest()
        stage.wait(tried)
        with topology.connect(rig.amqp) as connection, connection.channel() as channel:
            channel.queue_bind(lost.queue, exchange, key)
        rig.begin(lost.worker, stage.plan())

    return stage.judge("s04-unbound", disturb, within=60, clients=4, rounds=14)


def _check(stage: Stage) -> None:
    """Refuse to play when the events go to others than the scenario is about."""
    for lost in (ALONE, AMONG):
        takers = [service for service, types in stage.rig.takes.items() if lost.event in types]
        if lost.taker not in takers or len(takers) != lost.takers:
            raise AssertionError(f"{lost.event} goes to {takers}, not to {lost.takers} with {lost.taker}")
