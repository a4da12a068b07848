"""Events reordered within a window of 50, and handled in batches of seven: older news after newer.

Workers are held back until their queues are full; then each queue's messages are taken out, shuffled and put
back, and the workers go on. Whatever is older than what is known changes nothing.
"""

import random
from collections.abc import Sequence
from typing import Any

from chassis import topology
from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

WINDOW = 50
BATCH = 7
BACKLOG = 250


def run(stage: Stage) -> Verdict:
    """Shuffle what waits in every queue."""
    rig = stage.rig
    rounds = 1 if stage.short else 4

    def disturb(load: Load) -> None:
        shuffled = inverted = 0
        for _ in range(rounds):
            held = ["scoring-worker", "reward-worker", "notification-worker"]
            for name in held:
                rig.stack.stop_process(name)
            stage.wait(lambda: sum(rig.lengths().values()) > BACKLOG)
            for queue in rig.queues():
                if queue.split(".")[0] + "-worker" in held:
                    moved, turned = _shuffle(rig.amqp, queue, stage.draw)
                    shuffled, inverted = shuffled + moved, inverted + turned
            rig.mark("shuffled")
            for name in held:
                rig.begin(name, stage.plan(batch=BATCH), wait=False)
            rig.await_ready(*held)
            stage.under_load(load, commands=30)
        stage.notes.append(f"{shuffled} messages shuffled, {inverted} of them overtaken by a later one")

    return stage.judge("s09", disturb, clients=5)


def _shuffle(url: str, queue: str, draw: random.Random) -> tuple[int, int]:
    """Put a queue's messages back in another order; return how many, and how many were overtaken."""
    with topology.connect(url) as connection, connection.channel() as channel:
        taken: list[Any] = []
        while message := channel.basic_get(queue):
            taken.append(message)
        order = _order(len(taken), draw)
        for index in order:
            message = taken[index]
            message.properties.pop("delivery_info", None)
            # Confirmed: a queue that rejects what is over its length may drop what nobody waits for.
            channel.basic_publish_confirm(message, "", queue, mandatory=True)
        if taken:
            channel.basic_ack(taken[-1].delivery_tag, multiple=True)
    overtaken = sum(any(later > index for later in order[:at]) for at, index in enumerate(order))
    return len(taken), overtaken


def _order(count: int, draw: random.Random) -> Sequence[int]:
    """Return the numbers below ``count``, each at most a window away from its place."""
    return sorted(range(count), key=lambda index: index + draw.uniform(0, WINDOW))
