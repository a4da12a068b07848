"""Relays die after publishing and before marking; apis die after the commit and before the reply.

A client whose api died sends the same command with the same request id: same answer, one effect. With the
load come commits that take long, so that positions in the outbox are not in the order of the commits.
"""

from faults.checker import Verdict
from faults.load import Load
from faults.plans import Point
from faults.points import API, RELAY
from faults.stage import Stage

DEATHS = 60
DEATHS_SHORT = 4
FEW = ("planning", "approval")


def run(stage: Stage) -> Verdict:
    """Kill relays, then apis."""
    deaths = DEATHS_SHORT if stage.short else DEATHS

    def disturb(load: Load) -> None:
        services = FEW if stage.short else list(stage.rig.urls)
        relays = [f"{each}-relay" for each in services]
        stage.storm(relays, RELAY, deaths)
        for name in relays:
            stage.rig.begin(name, stage.plan(), wait=False)
        # Notification and scoring take no commands from the load.
        stage.storm([f"{each}-api" for each in (*FEW, "reward")], API, deaths, hits=12)

    return stage.judge("s02", disturb, patience=600)


def run_late_commits(stage: Stage) -> Verdict:
    """Let commands of different length commit out of the order of their positions; nobody dies."""

    def disturb(load: Load) -> None:
        # Commands of planning wait between their insert and their commit, some longer than others.
        slow = Point("api.before_commit", do="nap", seconds=0.6)
        name = "planning-api"
        stage.rig.restart(name, stage.plan(points=(slow,)))
        begun = load.acknowledged()
        stage.wait(lambda: load.acknowledged() > begun + (120 if stage.short else 600), within=120)

    return stage.judge("s02-late", disturb, clients=6, within=30)
