"""The service's database, as nameko hands it to workers and entrypoints."""

import functools
import os
from typing import Any

import psycopg.waiting
from eventlet import patcher
from nameko.extensions import DependencyProvider, SharedExtension

from chassis import logs
from chassis.db import Sessions, engine, sessions

CORRELATION = "correlation_id"


class BlockingDriver(Exception):
    """psycopg would stop every greenlet while one waits for the database."""


class Store(SharedExtension):
    """One session factory for a container, from its ``DATABASE_URL``."""

    @functools.cached_property
    def sessions(self) -> Sessions:
        """The session factory.

        :raises BlockingDriver: if eventlet rules the process and psycopg was not told so before its import
        """
        url = self.container.config["DATABASE_URL"]
        green = patcher.is_monkey_patched("socket")
        if (
            green
            and url.startswith("postgresql")
            and psycopg.waiting.wait is not psycopg.waiting.wait_selector
        ):
            told = os.environ.get("PSYCOPG_WAIT_FUNC", "unset")
            raise BlockingDriver(
                f"PSYCOPG_WAIT_FUNC is {told}: set it to wait_selector before importing psycopg"
            )
        # Every handler, timer and retry of the service may hold one.
        return sessions(url, pool_size=10)

    def stop(self) -> None:
        if "sessions" in self.__dict__:
            engine(self.sessions).dispose()


class Database(DependencyProvider):
    """Gives a worker its session factory, and its log lines their correlation id.

    It commits nothing: nameko calls ``worker_result`` at a time of its own, and the bus commits before it
    acks.
    """

    store = Store()

    def get_dependency(self, worker_ctx: Any) -> Sessions:
        return self.store.sessions

    def worker_setup(self, worker_ctx: Any) -> None:
        logs.correlation_id.set(worker_ctx.data.get(CORRELATION) or logs.new_correlation_id())
