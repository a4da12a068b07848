"""Workers die by SIGKILL before their commit, between commit and ack, in the middle of an ack, and after it.

All five at once, each started again as soon as it is dead, at 200 seeded points, while months go on.
"""

from faults.checker import Verdict
from faults.load import Load
from faults.points import WORKER
from faults.stage import Stage

DEATHS = 200
DEATHS_SHORT = 8
FEW = ("scoring", "approval", "reward")


def run(stage: Stage) -> Verdict:
    """Kill workers."""

    def disturb(load: Load) -> None:
        names = [f"{each}-worker" for each in FEW] if stage.short else stage.rig.names("worker")
        stage.storm(names, WORKER, DEATHS_SHORT if stage.short else DEATHS)

    return stage.judge("s01", disturb, patience=1800, within=90)
