"""The control arm: the same scenarios without a safety device. Each must fail, or the suite is blind."""

from collections.abc import Callable

from faults.checker import Verdict
from faults.scenarios import load
from faults.stage import Stage

SEEN_IN = {
    "off-inbox": "duplicated_effect",
    "off-late_ack": "lost",
    "off-mandatory": "lost",
    "off-claims": "lost",
    "off-entrypoint": "duplicated_delivery",
    "off-skip_locked": "unexpected",
}
"""The count that tells of it: another failure is not what the arm is for."""


def _off(device: str, scenario: str, run: str, what: str) -> Callable[[Stage], Verdict]:
    def controlled(stage: Stage) -> Verdict:
        stage.off = (device,)
        stage.short = True
        verdict: Verdict = getattr(load(scenario), run)(stage)
        return verdict

    controlled.__doc__ = f"{what} ({scenario.split('_', maxsplit=1)[0]})."
    return controlled


ARMS: dict[str, Callable[[Stage], Verdict]] = {
    "off-inbox": _off("inbox", "s08_delivered_three_times", "run", "No inbox"),
    "off-late_ack": _off("late_ack", "s01_worker_killed", "run", "Acks before the commit"),
    "off-mandatory": _off("mandatory", "s04_queue_lost", "run_without_replay", "No mandatory flag"),
    "off-claims": _off("claims", "s02_relay_and_api_killed", "run_late_commits", "A relay of id > last"),
    "off-skip_locked": _off("skip_locked", "s06_process_frozen", "run_relay", "No SKIP LOCKED"),
    "off-entrypoint": _off("entrypoint", "s07_rolling_restart", "run_stock", "Stock nameko entrypoints"),
}
"""Each arm by its name on the command line."""


TWINS: dict[str, Callable[[Stage], Verdict]] = {
    "s02-late": lambda stage: load("s02_relay_and_api_killed").run_late_commits(stage),
    "s04-unbound": lambda stage: load("s04_queue_lost").run_without_replay(stage),
    "s06-relay": lambda stage: load("s06_process_frozen").run_relay(stage),
}
"""What the arms play beyond the scenarios' own ``run``, with everything on: these must pass."""


def seen(name: str, verdict: Verdict) -> bool:
    """True if an arm failed where it should."""
    return bool(getattr(verdict, SEEN_IN[name]))
