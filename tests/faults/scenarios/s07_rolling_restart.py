"""Rolling SIGTERM of every process, started again one after the other, with slow handlers and a backlog.

Each exits by itself before its deadline with status 0, and no message is given to a handler twice because of
it. The same with stock nameko entrypoints is kept as a control (``off-entrypoint``) and must fail.
"""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import amqp

from chassis import topology
from chassis.process import STOP_WITHIN_S
from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

SLOW_S = 2.0
BATCH = 20
BACKLOG = 40
FEW = ("scoring-worker", "reward-worker", "notification-worker", "planning-relay", "approval-api")


def run(stage: Stage) -> Verdict:
    """Restart everything, one process after the other."""
    rig = stage.rig
    longest = [0.0]

    def disturb(load: Load) -> None:
        workers = rig.names("worker")
        for name in workers:
            rig.stack.stop_process(name)
        stage.wait(lambda: sum(rig.lengths().values()) > BACKLOG)
        slow = stage.plan(slow={"*": SLOW_S}, batch=BATCH)
        for name in workers:
            rig.begin(name, slow, wait=False)
        rig.await_ready(*workers)
        names = list(rig.stack.processes)
        stage.draw.shuffle(names)
        for name in FEW if stage.short else names:
            began = time.monotonic()
            rig.mark(f"SIGTERM {name}")
            process = rig.stack.processes[name].running
            rig.stack.stop_process(name)
            took = time.monotonic() - began
            longest[0] = max(longest[0], took)
            status = process.returncode if process else None
            if status != 0 or took >= STOP_WITHIN_S:
                raise AssertionError(f"{name} ended with {status} after {took:.1f} s")
            rig.begin(name, slow if name in workers else None)
        for name in workers:
            rig.restart(name, None, wait=False)
        rig.await_ready(*workers)

    verdict = stage.judge("s07", disturb, within=90, clients=4)
    stage.notes.append(f"the slowest stop took {longest[0]:.1f} s of {STOP_WITHIN_S:.0f}")
    if verdict.duplicated_delivery:
        verdict.unexpected += verdict.duplicated_delivery
        verdict.told.append(f"{verdict.duplicated_delivery} messages were given twice because of the stops")
    return verdict


def run_stock(stage: Stage) -> Verdict:
    """The same with stock nameko: two entrypoints, a backlog, SIGTERM, and a second start."""
    rig, log = stage.rig, stage.rig.folder / "stock.log"
    log.unlink(missing_ok=True)
    verdict = Verdict()
    _until_ready(_stock(rig.amqp, log), log, 1).kill()
    with topology.connect(rig.amqp) as connection, connection.channel() as channel:
        for number in range(BACKLOG):
            message = amqp.Message(
                json.dumps(f"message-{number}"), content_type="application/json", content_encoding="utf-8"
            )
            channel.basic_publish(message, "faultstock.events", ("one", "other")[number % 2])
    verdict.attempted = BACKLOG
    first = _until_ready(_stock(rig.amqp, log), log, 2)
    stage.wait(lambda: len(_starts(log)) >= 4, within=30)
    first.terminate()
    try:
        first.wait(timeout=STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        verdict.unexpected += 1
        verdict.told.append(f"still running {STOP_WITHIN_S:.0f} s after SIGTERM")
        first.kill()
        first.wait()
    second = _until_ready(_stock(rig.amqp, log), log, 3)
    try:
        stage.wait(lambda: len(set(_starts(log))) == BACKLOG, within=60)
    except AssertionError:
        verdict.lost = BACKLOG - len(set(_starts(log)))
    second.kill()
    second.wait()
    counts = Counter(_starts(log))
    verdict.acknowledged = len(counts)
    verdict.duplicated_delivery = sum(count - 1 for count in counts.values())
    if verdict.duplicated_delivery:
        verdict.unexpected += verdict.duplicated_delivery
        verdict.told.append(f"{verdict.duplicated_delivery} messages were given twice because of the stop")
    return verdict


def _stock(url: str, log: Path) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, (str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-W", "ignore", "-m", "faults.stock_slow", url, str(log)]
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.DEVNULL)


def _until_ready(process: subprocess.Popen[bytes], log: Path, times: int) -> subprocess.Popen[bytes]:
    from support.waiting import eventually

    eventually(lambda: log.exists() and log.read_text().split().count("ready") >= times, within=30)
    return process


def _starts(log: Path) -> list[str]:
    return [line for line in log.read_text().split() if line != "ready"]
