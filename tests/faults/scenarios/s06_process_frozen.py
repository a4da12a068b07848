"""A worker is stopped by SIGSTOP for three heartbeats and then goes on; a relay is stopped with rows in hand.

A second worker gets the messages when the broker has noticed, and what the first one finishes late changes
nothing. A second relay passes over the rows that the frozen one holds.
"""

import signal

from chassis.topology.connection import HEARTBEAT
from faults.checker import Verdict
from faults.load import Load
from faults.plans import Point
from faults.stage import Stage

PASSED_BY_S = 20.0
"""Far less than the minute after which PostgreSQL ends a transaction that a frozen process left open."""
WORKERS = ("scoring", "approval", "reward")


def run(stage: Stage) -> Verdict:
    """Freeze workers in the middle of their work."""
    rig = stage.rig

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=10)
        seconds = [rig.second(service, "worker", stage.plan()) for service in WORKERS]
        frozen = len(rig.hits())
        for service in WORKERS:
            # In the middle of a transaction, and between the commit and the ack.
            at = stage.draw.choice(("worker.before_commit", "worker.after_commit"))
            rig.restart(f"{service}-worker", stage.plan(points=(Point(at, do="stop"),)))
        stage.rest((0.5 if stage.short else 3) * HEARTBEAT)
        stage.notes.append(f"{len(rig.hits()) - frozen} workers were frozen with work in hand")
        if not stage.short:
            # The broker has given their messages to the second workers, and their transactions were ended.
            stage.under_load(load, commands=10)
        for service in WORKERS:
            rig.signal(f"{service}-worker", signal.SIGCONT)
        stage.under_load(load, commands=5)
        for name in seconds:
            rig.retire(name)

    return stage.judge("s06", disturb, within=60)


def run_relay(stage: Stage) -> Verdict:
    """Freeze a relay that holds rows; the second relay must get all others out meanwhile."""
    rig = stage.rig

    def disturb(load: Load) -> None:
        second = rig.second("planning", "relay", stage.plan())
        before = len(rig.hits())
        rig.restart("planning-relay", stage.plan(points=(Point("relay.after_publish", hit=2, do="stop"),)))
        stage.wait(lambda: len(rig.hits()) > before, within=30)
        [(last,)] = rig.rows("planning", "SELECT coalesce(max(position), 0) FROM outbox")
        for _ in range(3):
            load.guest()
        later = "SELECT 1 FROM outbox WHERE position > %s AND sent_at IS NOT NULL LIMIT 1"
        try:
            stage.wait(lambda: rig.rows("planning", later, last), within=PASSED_BY_S)
        finally:
            rig.signal("planning-relay", signal.SIGCONT)
            rig.retire(second)

    return stage.judge("s06-relay", disturb, within=45)
