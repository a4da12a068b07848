"""Running workers: one nameko container for each service, in this process."""

import logging
from collections.abc import Sequence
from typing import Any, Protocol

import eventlet
from nameko.containers import ServiceContainer

from chassis import topology
from chassis.bus.worker import Worker

log = logging.getLogger(__name__)


class Places(Protocol):
    """Where a service finds its database and its broker; :class:`chassis.settings.Settings` knows."""

    @property
    def database_url(self) -> str: ...

    @property
    def amqp_url(self) -> str: ...


class Running:
    """Workers that were started."""

    def __init__(self, containers: Sequence[Any]) -> None:
        self._containers = containers

    def alive(self) -> bool:
        """True while every one of them runs."""
        return not any(container._died.ready() for container in self._containers)

    def stop(self, grace: float) -> bool:
        """Finish what is in flight and ack it, within ``grace`` seconds; False if something did not end."""
        enders = [eventlet.spawn(container.stop) for container in self._containers]
        with eventlet.Timeout(grace, exception=False):
            for ender in enders:
                ender.wait()
            return True
        log.error("handlers still run after %s s: they are given up, their transactions roll back", grace)
        for container in self._containers:
            container.kill()
        return False


def start(workers: Sequence[tuple[type[Worker], Places]]) -> Running:
    """Start workers, and return when they take events. The process must be monkey-patched by eventlet."""
    for worker, places in workers:
        if places.amqp_url.startswith("memory:"):
            # Nobody else could have declared it; and every queue must stand before the first event is sent.
            topology.declare(places.amqp_url, worker)
    containers = [_container(worker, places) for worker, places in workers]
    starters = [eventlet.spawn(container.start) for container in containers]
    for starter in starters:
        starter.wait()
    return Running(containers)


def reach(amqp_url: str) -> None:
    """Return if the broker answers.

    :raises OSError: if it does not
    """
    topology.connect(amqp_url).release()


def _container(worker: type[Worker], places: Places) -> Any:
    config = {"AMQP_URI": places.amqp_url, "DATABASE_URL": places.database_url}
    container = ServiceContainer(worker, config)
    # Each entrypoint runs one method at a time; with fewer places, one would wait for another.
    container._worker_pool.resize(len(container.entrypoints) + 1)
    return container
