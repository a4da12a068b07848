"""The network is cut between a service and the broker, and between it and its database, in each direction.

The worker and the relay of scoring run in a network namespace of their own; the kernel throws their packets
away. What was under way is given out again when the broker or the database has noticed.
"""

from typing import get_args

from faults.checker import Verdict
from faults.load import Load
from faults.network import Direction, Namespace, Server
from faults.stage import Stage

SERVICE = "scoring"
CUT_S = 30.0
CUT_SHORT_S = 8.0


def run(stage: Stage) -> Verdict:
    """Cut every way once."""
    rig = stage.rig

    def disturb(load: Load) -> None:
        with Namespace(rig) as space:
            names = [space.second(SERVICE, role) for role in ("worker", "relay")]
            try:
                months = load.months()
                stage.wait(lambda: load.months() > months, within=90)
                for server in get_args(Server):
                    for direction in get_args(Direction):
                        space.cut(server, direction)
                        stage.rest(CUT_SHORT_S if stage.short else CUT_S)
                        space.mend(server, direction)
                        again = load.months()
                        stage.wait(lambda again=again: load.months() > again, within=120)  # type: ignore[misc]
            finally:
                for name in names:
                    rig.retire(name)

    return stage.judge("s13", disturb)
