"""Fail-points around functions of the chassis, in the process under test only.

==========================  =========================================================================
``worker.before_commit``    the handler has run, its transaction is open
``worker.after_commit``     the transaction is on disk, the ack is not written
``worker.during_ack``       half of the ack's frame is on the wire
``worker.after_ack``        the ack is written
``relay.before_publish``    rows are claimed, none is published
``relay.after_publish``     every row is confirmed, none is marked as sent
``relay.during_mark``       the rows are marked, the transaction is open
``relay.after_mark``        the rows are marked on disk
``api.before_commit``       the command is done, its transaction is open
``api.after_commit``        the transaction is on disk, the reply has not left
==========================  =========================================================================
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

WORKER = ("worker.before_commit", "worker.after_commit", "worker.during_ack", "worker.after_ack")
RELAY = ("relay.before_publish", "relay.after_publish", "relay.during_mark", "relay.after_mark")
API = ("api.before_commit", "api.after_commit")


class _Points:
    """The armed points of this process."""

    def __init__(self, armed: Sequence[dict[str, Any]], log: Path) -> None:
        self._armed = armed
        self._passed: Counter[str] = Counter()
        self._log = log

    def due(self, at: str) -> dict[str, Any] | None:
        """Count a pass, and return what is due at it."""
        self._passed[at] += 1
        for each in self._armed:
            if each["at"] == at and (each["do"] == "nap" or each["hit"] == self._passed[at]):
                return each
        return None

    def fire(self, point: dict[str, Any]) -> None:
        """Do what is due, and note it first."""
        if point["do"] == "nap":
            # Not the same for all: it is the difference that turns the order round.
            time.sleep(random.uniform(0, point["seconds"]))
            return
        descriptor = os.open(self._log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.write(descriptor, f"{time.time():.3f} {point['at']} {point['hit']} {point['do']}\n".encode())
        os.close(descriptor)
        os.kill(os.getpid(), signal.SIGKILL if point["do"] == "kill" else signal.SIGSTOP)

    def pass_(self, at: str) -> None:
        """Pass a place."""
        if point := self.due(at):
            self.fire(point)


def lay(role: str, armed: Sequence[dict[str, Any]], log: Path) -> None:
    """Lay the points of a role into this process."""
    if armed:
        {"worker": _worker, "relay": _relay, "api": _api}[role](_Points(armed, log))


def _around(
    owner: Any, name: str, *, before: Callable[[], None] | None, after: Callable[[], None] | None
) -> None:
    original = getattr(owner, name)

    def called(*arguments: Any, **named: Any) -> Any:
        if before:
            before()
        result = original(*arguments, **named)
        if after:
            after()
        return result

    setattr(owner, name, called)


def _worker(points: _Points) -> None:
    from chassis.bus.sources import AmqpSource
    from chassis.bus.subscription import Subscription

    _around(Subscription, "_act", before=None, after=lambda: points.pass_("worker.before_commit"))
    ack = AmqpSource.ack

    def acked(source: Any) -> None:
        points.pass_("worker.after_commit")
        if point := points.due("worker.during_ack"):
            transport = source._channel.connection.transport

            def torn(frame: Any) -> None:
                written = bytes(frame)
                transport.sock.sendall(written[: len(written) // 2])
                points.fire(point)

            transport._write = torn
        ack(source)
        points.pass_("worker.after_ack")

    setattr(AmqpSource, "ack", acked)  # noqa: B010


def _relay(points: _Points) -> None:
    from chassis.relay import rows
    from chassis.relay.rabbitmq import Batch, Publisher

    _around(Publisher, "publish", before=lambda: points.pass_("relay.before_publish"), after=None)
    _around(rows, "mark", before=None, after=lambda: points.pass_("relay.during_mark"))
    _around(
        Batch,
        "settle",
        before=lambda: points.pass_("relay.after_publish"),
        after=lambda: points.pass_("relay.after_mark"),
    )


def _api(points: _Points) -> None:
    from chassis import rpc
    from chassis.rpc import calls

    _around(calls, "_once", before=None, after=lambda: points.pass_("api.before_commit"))
    command = calls.command

    def pointed(method: Any) -> Any:
        run = command(method)

        def answered(*arguments: Any) -> Any:
            reply = run(*arguments)
            points.pass_("api.after_commit")
            return reply

        return answered

    # The service's api is imported after this, and decorates its methods with what stands here.
    calls.command = rpc.command = pointed


def lay_handlers(role: str, plan: dict[str, Any]) -> None:
    """Make handlers slow, their batches small, or some subjects poisonous, as the plan says."""
    slow, poison, batch = plan.get("slow", {}), plan.get("poison", {}), plan.get("batch", 0)
    if role != "worker" or not (slow or poison or batch):
        return
    from chassis.bus.subscription import Subscription

    call, setup = Subscription._call, Subscription.setup

    def small(self: Any) -> None:
        setup(self)
        self.batch = batch or self.batch

    Subscription.setup = small  # type: ignore[method-assign]

    def suffered(self: Any, session: Any, events: Any) -> None:
        for event in events:
            match poison.get(event.subject):
                case "raise":
                    raise RuntimeError(f"cannot digest {event.subject}")
                case "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
        if seconds := slow.get(self.queue, slow.get("*", 0)):
            time.sleep(seconds)
        call(self, session, events)

    Subscription._call = suffered  # type: ignore[method-assign]
