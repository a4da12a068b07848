"""One handler takes two seconds a batch, a hot row is locked, the database is slow.

The worker's memory stays flat, and handlers of other queues go on as if nothing were.
"""

import threading
import time
from pathlib import Path

from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

SLOW_QUEUE = "scoring.planning.working_time_recorded"
SLOW_S = 2.0
MEMORY_MB = 40
"""What a worker may grow by."""


def run(stage: Stage) -> Verdict:
    """Slow one handler, lock a row, and slow one table."""
    rig = stage.rig
    lasts = 8.0 if stage.short else 30.0

    def disturb(load: Load) -> None:
        rig.restart("scoring-worker", stage.plan(slow={SLOW_QUEUE: SLOW_S}, batch=10))
        stage.under_load(load, commands=30)
        before = _memory(rig.stack.pid("scoring-worker"))
        others = _effects(stage, "scoring.planning.results_recorded")
        stage.rest(lasts)
        gone = _effects(stage, "scoring.planning.results_recorded") - others
        grown = _memory(rig.stack.pid("scoring-worker")) - before
        stage.notes.append(f"beside the slow handler another did {gone} events; memory grew by {grown} MB")
        if gone == 0 or grown > MEMORY_MB:
            raise AssertionError(f"beside a slow handler: {gone} events, {grown} MB more")
        rig.restart("scoring-worker", stage.plan())
        _hot_row(stage, load, lasts)
        _slow_table(stage, load, lasts)

    return stage.judge("s12", disturb, within=90, rounds=12, clients=4)


def _hot_row(stage: Stage, load: Load, lasts: float) -> None:
    """Hold a row that the reward worker must write; its other handlers and the other services go on."""
    rig = stage.rig
    stage.wait(lambda: rig.rows("reward", "SELECT 1 FROM working_time LIMIT 1"))
    over = threading.Event()
    held = threading.Event()

    def hold() -> None:
        with rig.database("reward") as connection, connection.transaction():
            connection.execute("LOCK TABLE working_time IN EXCLUSIVE MODE")
            held.set()
            over.wait(lasts)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    rig.mark("row locked")
    before = _effects(stage, "reward.planning.person_changed")
    load.guest()
    try:
        stage.wait(lambda: _effects(stage, "reward.planning.person_changed") > before, within=lasts)
    finally:
        over.set()
        holder.join()
    rig.mark("row free")


def _slow_table(stage: Stage, load: Load, lasts: float) -> None:
    """Let every row that scoring writes about work take 20 ms longer."""
    rig = stage.rig
    with rig.database("scoring") as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION fault_slow() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.02); RETURN NEW; END $$"
        )
        connection.execute("CREATE TRIGGER fault_slow BEFORE INSERT OR UPDATE ON work FOR EACH ROW"
                           " EXECUTE FUNCTION fault_slow()")  # fmt: skip
    rig.mark("slow database")
    try:
        stage.under_load(load, commands=20)
        stage.rest(lasts / 2)
    finally:
        with rig.database("scoring") as connection:
            connection.execute("DROP TRIGGER fault_slow ON work")
    rig.mark("database as before")


def _effects(stage: Stage, handler: str) -> int:
    service = handler.partition(".")[0]
    return int(stage.rig.rows(service, "SELECT count(*) FROM fault_effect WHERE handler = %s", handler)[0][0])


def _memory(pid: int) -> int:
    """Return a process's resident memory in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError(f"no memory of {pid} at {time.time()}")
