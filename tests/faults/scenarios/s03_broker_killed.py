"""The broker dies by SIGKILL under load, ten times, and comes back as it is."""

from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

KILLS = 10


def run(stage: Stage) -> Verdict:
    """Kill the broker again and again."""

    def disturb(load: Load) -> None:
        for _ in range(1 if stage.short else KILLS):
            stage.under_load(load, commands=stage.draw.randint(10, 60))
            stage.rig.mark("kill broker")
            stage.rig.rabbitmq.kill()
            stage.rest(stage.draw.uniform(0.0, 2.0))
            stage.rig.rabbitmq.start()
            stage.rig.mark("broker is back")

    return stage.judge("s03", disturb, within=60, attended=True)
