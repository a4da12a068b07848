"""One service's clock is an hour ahead, in all three processes, and then steps back by that hour.

Times that decide anything (leases, retries, what is sent) are the database's, so nothing waits for an hour to
pass again; the other services do not notice.
"""

from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

SKEW_S = 3600.0


def run(stage: Stage) -> Verdict:
    """Set clocks wrong, one service after the other."""
    rig = stage.rig
    services = ["scoring"] if stage.short else ["planning", "scoring", "approval", "reward", "notification"]

    def disturb(load: Load) -> None:
        for service in services:
            stage.under_load(load, commands=10)
            names = [f"{service}-{role}" for role in ("api", "worker", "relay")]
            plan = stage.plan(skew=SKEW_S, back_after=15.0)
            for name in names:
                rig.restart(name, plan, wait=False)
            rig.await_ready(*names)
            rig.mark(f"{service} an hour ahead")
            months = load.months()
            stage.wait(lambda months=months: load.months() > months, within=90)  # type: ignore[misc]
            stage.rest(5 if stage.short else 12)
            rig.mark(f"{service} steps back")
            months = load.months()
            stage.wait(lambda months=months: load.months() > months, within=90)  # type: ignore[misc]
            for name in names:
                rig.restart(name, None, wait=False)
            rig.await_ready(*names)

    return stage.judge("s14", disturb)
