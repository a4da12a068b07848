"""What every scenario has in common: load before, during and after the disturbance, then the verdict."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from faults import checker
from faults.checker import Verdict
from faults.load import Load
from faults.oncall import OnCall
from faults.oracle import Oracle
from faults.plans import Plan, Point
from faults.rig import Rig
from support.waiting import eventually

WITHIN_S = 60.0
"""From the end of the disturbance until every month is through and everything drained, unless told else."""


@dataclass(slots=True)
class Stage:
    """Where a scenario plays.

    :param short: the selection of ``make faults-short``: fewer faults
    :param off: safety devices that the control arm switched off
    """

    rig: Rig
    seed: int
    short: bool = False
    off: Sequence[str] = ()
    draw: random.Random = field(init=False)
    turn: int = field(init=False, default=0)
    foreign: set[UUID] = field(init=False, default_factory=set)
    """Ids of messages that a scenario put into a queue itself."""
    notes: list[str] = field(init=False, default_factory=list)
    """What a scenario found out beside the counts; for the report."""

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)

    def plan(self, **given: object) -> Plan:
        """Return a plan, with the devices off that are off."""
        return Plan(**{"off": tuple(self.off), **given})  # type: ignore[arg-type]

    def switch_off(self) -> None:
        """Restart every process that the control arm concerns, without its device."""
        if self.off:
            role = "relay" if self.off[0] in ("mandatory", "claims", "skip_locked") else "worker"
            for name in self.rig.names(role):
                self.rig.restart(name, self.plan(), wait=False)
            self.rig.await_ready(*self.rig.names(role))

    def judge(
        self,
        name: str,
        disturb: Callable[[Load], None],
        *,
        clients: int = 3,
        within: float = WITHIN_S,
        patience: float = 300.0,
        dead_allowed: int = 0,
        rounds: int = 6,
        attended: bool = False,
    ) -> Verdict:
        """Play months, disturb them, heal, and judge when everything is through.

        :param disturb: does the faults; the load runs meanwhile
        :param within: seconds from the end of the disturbance until all is well
        :param rounds: how often results are recorded in each month
        :param attended: somebody is on call, and deletes and fills a queue that the broker leaves down
        """
        rig = self.rig
        if self.off:
            # What is lost does not come later either.
            within = min(within, 15.0)
        stamp = f"{name}-{self.seed}-{time.time_ns() // 1_000_000 % 10_000_000}"
        begun = checker.before(rig)
        oracle = Oracle(rig.folder / "oracle" / f"{stamp}.jsonl")
        load = Load(rig, oracle, self.seed, stamp, rounds=rounds, patience=patience)
        self.switch_off()
        rig.mark(f"begin {name}")
        load.start(clients)
        failure: BaseException | None = None
        on_call = OnCall(rig, load) if attended else None
        try:
            disturb(load)
        except Exception as error:  # noqa: BLE001  # told in the verdict
            failure = error
        try:
            # What a device would mend afterwards counts against its absence: it stays off until the verdict.
            rig.heal(self.plan() if self.off else None)
        except Exception as error:  # noqa: BLE001  # told in the verdict
            failure = failure or error
        healed = time.monotonic()
        try:
            load.finish(within)
        except Exception as error:  # noqa: BLE001  # told in the verdict
            failure = failure or error
        while True:
            # Looking takes seconds: what counts is what was so when the look began.
            asked = time.monotonic()
            verdict = checker.check(
                rig, load, begun, dead_allowed=dead_allowed, foreign=frozenset(self.foreign)
            )
            verdict.settled_s = asked - healed
            if verdict.passed or time.monotonic() + 0.5 > healed + within:
                break
            time.sleep(0.5)
        oracle.close()
        if on_call:
            on_call.leave()
            self.notes += on_call.did
        if load.early:
            self.notes.append(
                f"{load.early} allocations were refused until reward knew the last of the month"
            )
        if self.off:
            rig.heal()
            with suppress(AssertionError):
                # So that the next scenario does not meet this one's events.
                eventually(lambda: not rig.moving(), within=60)
        if failure:
            verdict.unexpected += 1
            verdict.told.insert(0, f"{type(failure).__name__}: {failure}"[:600])
        rig.mark(f"end {name}")
        return verdict

    def wait(self, question: Callable[[], object], *, within: float = 60.0) -> None:
        """Wait until something is so.

        :raises AssertionError: if it is not in time
        """
        eventually(lambda: bool(question()), within=within)

    def under_load(self, load: Load, *, commands: int, within: float = 60.0) -> None:
        """Wait until so many more commands were acknowledged: a fault then meets work under way."""
        begun = load.acknowledged()
        deadline = time.monotonic() + within
        while load.acknowledged() < begun + commands:
            if load.failure:
                raise AssertionError(f"the load failed: {load.failure}")
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{load.acknowledged() - begun} of {commands} commands within {within} s"
                )
            time.sleep(0.02)

    def rest(self, seconds: float) -> None:
        """Let a fault last."""
        time.sleep(seconds)

    def storm(self, names: Sequence[str], points: Sequence[str], target: int, *, hits: int = 4) -> None:
        """Let processes die at seeded fail-points, each started again at once, until enough have.

        :param target: how many deaths
        :param hits: a point fires at its first to this pass
        """
        before, over = len(self.rig.hits()), threading.Event()
        errors: list[BaseException] = []

        def nurse(name: str, seed: int) -> None:
            draw = random.Random(seed)
            try:
                while not over.is_set():
                    point = Point(draw.choice(points), draw.randint(1, hits))
                    self.rig.begin(name, self.plan(points=(point,)), wait=False)
                    patience = time.monotonic() + 15
                    while self.rig.alive(name) and not over.is_set() and time.monotonic() < patience:
                        over.wait(0.05)
            except BaseException as error:  # noqa: BLE001  # raised below
                errors.append(error)

        nurses = [threading.Thread(target=nurse, args=(each, self.draw.getrandbits(32))) for each in names]
        for each in nurses:
            each.start()
        # Without its safety the platform may stand still, and then no point is passed any more.
        deadline = time.monotonic() + (30 if self.off else 60 + 8 * target)
        while len(self.rig.hits()) - before < target and not errors and time.monotonic() < deadline:
            time.sleep(0.2)
        over.set()
        for each in nurses:
            each.join()
        died = len(self.rig.hits()) - before
        self.notes.append(f"{died} deaths at fail-points: " + self._tally(before))
        if errors:
            raise errors[0]
        if died < target and not self.off:
            raise AssertionError(f"only {died} of {target} fail-points fired")

    def _tally(self, before: int) -> str:
        from collections import Counter

        fired = Counter(line.split()[1] for line in sorted(self.rig.hits())[before:])
        return ", ".join(f"{count} {point}" for point, count in sorted(fired.items()))


def out_folder() -> Path:
    """Return where reports go."""
    return Path(__file__).resolve().parents[2] / "out" / "faults"
