"""Everything at once from a seed for 20 minutes: kills, freezes, lost servers, alarms, slow handlers.

One service is a version behind the others, and is upgraded under load when half of the time is over.
Afterwards memory and file descriptors are as before, and so, roughly, is the throughput.
"""

import signal
import time
from pathlib import Path

from faults import previous
from faults.checker import Verdict
from faults.load import Load
from faults.plans import Point
from faults.points import API, RELAY, WORKER
from faults.stage import Stage

SOAK_S = 1200.0
SOAK_SHORT_S = 60.0
MEASURED_S = 20.0
GROWTH = 1.25
"""How much more memory, or how many more descriptors, than before is still "as before"."""
SLOWER = 0.5
"""The share of the throughput before that must be there afterwards; the note tells the figures."""


def run(stage: Stage) -> Verdict:
    """Let the seed choose a fault every few seconds."""
    rig = stage.rig

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=100)
        before, rate = _weight(stage), _rate(stage, load)
        faults = (_kill, _kill, _point, _point, _freeze, _slow, _broker,
                                                       _database, _alarm)  # fmt: skip
        soak_s = SOAK_SHORT_S if stage.short else SOAK_S
        half, until = time.monotonic() + soak_s / 2, time.monotonic() + soak_s
        behind = stage.draw.choice(previous.SERVICES)
        late = rig.behind(behind)
        stage.notes.append(
            f"{behind} was a version behind" if late else "no version behind: the history is not at hand"
        )
        count = 0
        while time.monotonic() < until and not load.failure:
            if late and time.monotonic() > half:
                rig.upgrade(behind)
                late = False
            stage.draw.choice(faults)(stage)
            count += 1
            stage.rest(stage.draw.uniform(0.5, 4.0))
            for name in rig.stack.processes:
                if not rig.alive(name):
                    rig.begin(name, stage.plan(), wait=False)
        rig.heal()
        stage.under_load(load, commands=100, within=120)
        after, rate_after = _weight(stage), _rate(stage, load)
        stage.notes.append(f"{count} faults; memory {before[0]} MB, then {after[0]} MB;"
                           f" descriptors {before[1]}, then {after[1]};"
                           f" commands a second {rate:.1f}, then {rate_after:.1f}")  # fmt: skip
        if any(later > GROWTH * earlier for earlier, later in zip(before, after, strict=True)):
            raise AssertionError(f"heavier than before: {before}, {after}")
        if rate_after < SLOWER * rate:
            raise AssertionError(f"slower than before: {rate:.1f}/s, then {rate_after:.1f}/s")

    return stage.judge("s15", disturb, clients=4, patience=900, within=120, attended=True)


def _weight(stage: Stage) -> tuple[int, int]:
    """Return the memory of all processes in MB, and their open file descriptors."""
    memory = descriptors = 0
    for name in stage.rig.stack.processes:
        pid = stage.rig.stack.pid(name)
        status = Path(f"/proc/{pid}/status").read_text()
        memory += int(status.partition("VmRSS:")[2].split()[0])
        descriptors += sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return memory // 1024, descriptors


def _rate(stage: Stage, load: Load) -> float:
    begun = load.acknowledged()
    stage.rest(MEASURED_S)
    return (load.acknowledged() - begun) / MEASURED_S


def _any(stage: Stage, role: str) -> str:
    return stage.draw.choice([each for each in stage.rig.names(role) if stage.rig.alive(each)])


def _kill(stage: Stage) -> None:
    stage.rig.kill(_any(stage, stage.draw.choice(("worker", "relay", "api"))))


def _point(stage: Stage) -> None:
    role, points = stage.draw.choice((("worker", WORKER), ("relay", RELAY), ("api", API)))
    point = Point(stage.draw.choice(points), stage.draw.randint(1, 5))
    stage.rig.begin(_any(stage, role), stage.plan(points=(point,)), wait=False)


def _freeze(stage: Stage) -> None:
    name = _any(stage, stage.draw.choice(("worker", "relay")))
    stage.rig.signal(name, signal.SIGSTOP)
    stage.rest(stage.draw.uniform(1, 8))
    stage.rig.signal(name, signal.SIGCONT)


def _slow(stage: Stage) -> None:
    stage.rig.begin(_any(stage, "worker"), stage.plan(slow={"*": 1.0}, batch=20), wait=False)


def _broker(stage: Stage) -> None:
    stage.rig.mark("kill broker")
    stage.rig.rabbitmq.kill()
    stage.rig.rabbitmq.start()


def _database(stage: Stage) -> None:
    way = stage.draw.choice(("fast", "immediate"))
    stage.rig.mark(f"PostgreSQL: {way}")
    stage.rig.postgres.stop(way)
    stage.rest(stage.draw.uniform(0, 3))
    stage.rig.postgres.start()


def _alarm(stage: Stage) -> None:
    stage.rig.mark("alarm")
    stage.rig.rabbitmq.ctl("set_disk_free_limit", "4000GB")
    stage.rest(stage.draw.uniform(1, 10))
    stage.rig.rabbitmq.ctl("set_disk_free_limit", "50MB")
