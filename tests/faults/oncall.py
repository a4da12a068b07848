"""Who is on call: does what the alert ``QueueDown`` says, as a person would.

RabbitMQ leaves a quorum queue down now and then when it dies by SIGKILL. Nothing is lost then, and nothing
goes on: the events wait in their outbox until somebody deletes the queue and has it filled.
"""

import threading
import time
from contextlib import suppress

import amqp
import grpc
from kombu.exceptions import KombuError

from chassis import topology
from faults.load import Load
from faults.rig import Rig

AWAY = (OSError, amqp.AMQPError, KombuError)
EVERY_S = 2.0
PATIENCE_S = 20.0
"""How long a queue has been down when somebody acts: it may come back by itself."""


class OnCall:
    """Watches while a scenario plays."""

    def __init__(self, rig: Rig, load: Load) -> None:
        self.did: list[str] = []
        self._rig, self._load = rig, load
        self._since: dict[str, float] = {}
        self._to_fill: dict[str, str] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Go home."""
        self._over.set()
        self._thread.join(60)

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            for queue, type_ in self._down().items():
                since = self._since.setdefault(queue, time.monotonic())
                if time.monotonic() > since + PATIENCE_S:
                    with suppress(*AWAY):
                        self._delete(queue)
                        self._to_fill[queue] = type_
                        del self._since[queue]
            for queue, type_ in list(self._to_fill.items()):
                with suppress(grpc.RpcError, *AWAY):
                    self._fill(queue, type_)
                    del self._to_fill[queue]

    def _down(self) -> dict[str, str]:
        """Return the queues that their workers call down, each with its event."""
        found = {}
        for service, types in self._rig.takes.items():
            with suppress(OSError):
                told = self._rig.metric(f"{service}-worker", "kpi_queue_down")
                for type_ in types:
                    queue = topology.queue(service, type_)
                    if f'kpi_queue_down{{queue="{queue}",service="{service}"}} 1.0' in told:
                        found[queue] = type_
                    else:
                        self._since.pop(queue, None)
        return found

    def _delete(self, queue: str) -> None:
        with topology.connect(self._rig.amqp) as connection, connection.channel() as channel:
            channel.queue_delete(queue)
        self._rig.mark(f"on call: delete {queue}, which is down")

    def _fill(self, queue: str, type_: str) -> None:
        """Have a queue filled once its worker has made it again."""
        with topology.connect(self._rig.amqp) as connection, connection.channel() as channel:
            channel.queue_declare(queue, passive=True)
        count = self._load.fill(type_, queue)
        self.did.append(
            f"{queue} was down after the broker died: deleted, made again, {count} events sent again"
        )
