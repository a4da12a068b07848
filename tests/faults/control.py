"""The control arm: the same scenarios without a safety device. Each must fail, or the suite is blind."""

from collections.abc import Callable

from faults.checker import Verdict
from faults.scenarios import load
from faults.stage import Stage


def _off(device: str, scenario: str, run: str, what: str) -> Callable[[Stage], Verdict]:
    def controlled(stage: Stage) -> Verdict:
        stage.off = (device,)
        stage.short = True
        verdict: Verdict = getattr(load(scenario), run)(stage)
        return verdict

    controlled.__doc__ = f"{what} ({scenario.split('_')[0]})."
    return controlled


ARMS: dict[str, Callable[[Stage], Verdict]] = {
    "off-inbox": _off("inbox", "s08_delivered_three_times", "run", "No inbox"),
    "off-late_ack": _off("late_ack", "s01_worker_killed", "run", "Acks before the commit"),
    "off-mandatory": _off("mandatory", "s04_queue_lost", "run_without_replay", "No mandatory flag"),
    "off-claims": _off(
        "claims", "s02_relay_and_api_killed", "run_late_commits", "A relay that reads id > last"
    ),
}
"""Each arm by its name on the command line."""
