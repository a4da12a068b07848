"""Work that comes back every so often, in one replica at a time: a nameko entrypoint on a lease."""

import logging
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import eventlet
from eventlet.event import Event as Signal
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import db, metrics
from chassis.bus.store import Store
from chassis.bus.waiting import Naps
from chassis.db import Sessions
from chassis.timers import LEASE, Lease, due_in, give_back, renew, take

log = logging.getLogger(__name__)

Tick = Callable[[Any, Sessions], bool | None]
T = TypeVar("T", bound=Tick)

_listening: defaultdict[str, set["Timer"]] = defaultdict(set)


class Timer(Entrypoint):
    """Calls its method when the lease can be had."""

    store = Store()

    def __init__(self, seconds: float, name: str, **options: Any) -> None:
        super().__init__(**options)
        self.seconds = seconds
        self.name = name
        self._holder = uuid.uuid4().hex
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._woken = False
        self._thread: Any = None

    def start(self) -> None:
        _listening[self.name].add(self)
        self._thread = self.container.spawn_managed_thread(self._run, identifier=f"timer {self.name}")

    def stop(self) -> None:
        """Let a run in flight finish, then return."""
        _listening[self.name].discard(self)
        self._stopping.set()
        self._bell.set()
        if self._thread:
            self._thread.wait()

    def kill(self) -> None:
        _listening[self.name].discard(self)
        self._stopping.set()
        if self._thread:
            self._thread.kill()

    def wake(self) -> None:
        """Run soon, due or not."""
        self._woken = True
        self._bell.set()

    def _run(self) -> None:
        naps = Naps(self._stopping)
        while not self._stopping.is_set():
            try:
                wait = self._tick()
                naps.reset()
            except ContainerBeingKilled:
                return
            except Exception as error:
                if db.unavailable(error):
                    log.warning("database away, timer %s waits", self.name)
                else:
                    log.exception("timer %s cannot have its lease", self.name)
                naps.take()
                continue
            self._bell.wait(wait)
            self._bell.clear()

    def _tick(self) -> float:
        """Run if it is time to, and return the seconds until the next look."""
        woken, self._woken = self._woken, False
        if not woken:
            with db.reading(self.store.sessions) as session:
                left = due_in(session, self.name)
            if left is not None and left > 0:
                return min(left, self.seconds)
        try:
            with db.forgettable(self.store.sessions) as session:
                lease = take(session, self.name, self._holder, woken=woken)
        except IntegrityError:
            # Two replicas met the timer for the first time.
            return 0.1
        except Exception:
            self._woken = self._woken or woken
            raise
        if lease is None:
            return min(1.0, self.seconds)
        more = self._call(lease)
        again = 0.0 if more and not self._stopping.is_set() else self.seconds
        with db.forgettable(self.store.sessions) as session:
            give_back(session, lease, seconds=again)
        return again

    def _call(self, lease: Lease) -> bool:
        done = Signal()

        def ended(context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send((result, exc_info))
            return result, exc_info

        renewing = eventlet.spawn(self._renew, lease)
        try:
            self.container.spawn_worker(self, (self.store.sessions,), {}, handle_result=ended)
            result, exc_info = done.wait()
        finally:
            renewing.kill()
        outcome = "failed" if exc_info else "done"
        metrics.timer_runs.labels(self.container.service_name, self.name, outcome).inc()
        return bool(result) and not exc_info

    def _renew(self, lease: Lease) -> None:
        while True:
            eventlet.sleep(LEASE.total_seconds() / 3)
            try:
                with db.forgettable(self.store.sessions) as session:
                    if not renew(session, lease):
                        log.warning("timer %s ran too long and lost its lease", self.name)
                        return
            except Exception as error:
                log.warning("cannot renew the lease of timer %s: %s", self.name, error)


def every(seconds: float, name: str) -> Callable[[T], T]:
    """Run the decorated method every so many seconds, in one replica at a time.

    :param seconds: from the end of a run to the start of the next
    :param name: what the lease is called, one of a kind in the service
    """
    return Timer.decorator(seconds, name)  # type: ignore[no-any-return]


def wake(session: Session, name: str) -> None:
    """Run the timers of this process that are called ``name``, once ``session`` has committed."""
    woken = False

    def committed(session: Session) -> None:
        nonlocal woken
        # The listener stays where it is: the session is going through its listeners just now.
        if woken or session.in_nested_transaction():
            return  # only a savepoint
        woken = True
        for timer in list(_listening[name]):
            timer.wake()

    event.listen(session, "after_commit", committed)
