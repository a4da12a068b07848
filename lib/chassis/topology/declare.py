"""Declares what :mod:`chassis.topology.names` names; twice, or at once from two places, is harmless."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from amqp.exceptions import NotFound, PreconditionFailed
from kombu.exceptions import ChannelError

from chassis.topology import names
from chassis.topology.connection import connect

DELIVERY_LIMIT = 20
"""How often the broker gives a message out before it takes it for a killer. Workers stop far earlier."""

MAX_LENGTH = 1_000_000
"""Messages in one queue; beyond, publishing is refused and events wait in their outbox."""

UNHEARD_LENGTH = 0
"""Messages that the queue of events nobody needs keeps: it stands there so that the broker confirms them."""


class TopologyDiffers(Exception):
    """A queue or an exchange of that name stands in the broker with other arguments."""


@dataclass(frozen=True, slots=True)
class Interest:
    """What one service announces and takes.

    :param service: its name
    :param takes: the full names of the events it subscribes to
    :param unheard: the full names of its own events that no service needs to subscribe to
    """

    service: str
    takes: Collection[str]
    unheard: Collection[str] = ()


class Interested(Protocol):
    """A service's event side: a subclass of :class:`chassis.bus.Worker`."""

    def interest(self) -> Interest:
        """Return what the service takes and announces."""


def declare(url: str, *services: Interested, but: Collection[str] = ()) -> None:
    """Declare every exchange, queue, dead-letter queue and binding of these services.

    :param but: full names of events whose queues are left to the worker, which tells that they were gone
    :raises TopologyDiffers: if something stands there with other arguments
    """
    with connect(url) as connection:
        for each in (service.interest() for service in services):
            declare_exchange(connection, names.exchange(each.service))
            for type_ in each.takes:
                if type_ not in but:
                    _queue(connection, each.service, type_)
            _unheard(connection, each.service, each.unheard)


def missing(url: str, service: Interested) -> list[str]:
    """Return the full names of the events whose queue of this service does not stand in the broker."""
    interest = service.interest()
    with connect(url) as connection:
        return [
            type_ for type_ in interest.takes if _absent(connection, names.queue(interest.service, type_))
        ]


def restore(connection: Any, service: str, type_: str, gone: Callable[[], None] | None = None) -> None:
    """Declare one queue again if it is gone.

    :param gone: called before, if no queue of that name stands there at all; what it raises leaves it so
    """
    try:
        with connection.channel() as channel:
            channel.queue_declare(queue=names.queue(service, type_), passive=True)
    except (NotFound, ChannelError) as error:
        if gone and _says_absent(error):
            gone()
        _queue(connection, service, type_)


def _absent(connection: Any, queue: str) -> bool:
    try:
        with connection.channel() as channel:
            channel.queue_declare(queue=queue, passive=True)
    except (NotFound, ChannelError) as error:
        return _says_absent(error)
    return False


def _says_absent(error: Exception) -> bool:
    """True if there is no queue: a broker that merely cannot reach one says NOT_FOUND as well."""
    return "no queue" in str(error)


def arguments(queue: str) -> dict[str, Any]:
    """Return the arguments with which the queue of a subscription is declared."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-max-length": MAX_LENGTH,
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": names.dead(queue),
        "x-dead-letter-strategy": "at-least-once",
    }


def declare_exchange(connection: Any, exchange: str) -> None:
    """Declare an exchange as nameko's ``event_handler`` does."""
    with connection.channel() as channel:
        channel.exchange_declare(exchange=exchange, type="topic", durable=True, auto_delete=False)


def _queue(connection: Any, service: str, type_: str) -> None:
    name = names.event_name(type_)
    queue = names.queue(service, type_)
    declare_exchange(connection, names.exchange(name.source))
    _declare(connection, names.dead(queue), {"x-queue-type": "quorum"})
    _declare(connection, queue, arguments(queue))
    _bind(connection, queue, name)


def _unheard(connection: Any, service: str, types: Collection[str]) -> None:
    if not types:
        return
    queue = names.unheard(service)
    limits = {"x-queue-type": "quorum", "x-max-length": UNHEARD_LENGTH, "x-overflow": "drop-head"}
    _declare(connection, queue, limits)
    for type_ in types:
        _bind(connection, queue, names.event_name(type_))


def _declare(connection: Any, queue: str, arguments: dict[str, Any]) -> None:
    try:
        with connection.channel() as channel:
            channel.queue_declare(queue=queue, durable=True, auto_delete=False, arguments=arguments)
    except PreconditionFailed as error:
        raise TopologyDiffers(
            f"queue {queue} has other arguments than this version declares ({error}): "
            f"stop its workers, delete the queue, run migrate, replay its events"
        ) from error


def _bind(connection: Any, queue: str, name: names.EventName) -> None:
    with connection.channel() as channel:
        channel.queue_bind(queue=queue, exchange=names.exchange(name.source), routing_key=name.key)
