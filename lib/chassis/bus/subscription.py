"""Events in: a nameko entrypoint that acks after the commit and never otherwise."""

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from eventlet.event import Event as Signal
from google.protobuf.message import Message
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint
from sqlalchemy.orm import Session

from chassis import inbox, metrics, parked, topology
from chassis.bus import lost
from chassis.bus.events import Delivery, Event, Undecodable, clean, decode
from chassis.bus.retries import Retries
from chassis.bus.sources import CONNECTION_ERRORS, Source, open_source
from chassis.bus.store import CORRELATION, Store
from chassis.bus.waiting import Naps
from chassis.db import conflicted, unavailable
from chassis.errors import Forbidden, Invalid, Refusal
from chassis.parked import Parked

log = logging.getLogger(__name__)

M = TypeVar("M", bound=Message)
Handler = Callable[[Any, Session, list[Event[M]]], None]

SUSPECT = 3
"""Returned this often, a message may be what kills the process: it is tried alone, by the retry timer."""

CONFLICTS = 5
"""How often two transactions may get into each other's way before it counts as a failure."""

HOLD = 20.0
"""Seconds for which messages are held while the database is away; then the broker gets them back."""


class Subscription(Entrypoint):
    """Takes events of one type in batches, each batch in one transaction.

    A transaction holds one inbox insert and one call of the handler with the events that are new. If it
    fails, every event is tried alone; one that fails alone is parked (:mod:`chassis.parked`). Then, and only
    then, the broker gets its ack. While the database is away nothing is parked and nothing acked.
    """

    store = Store()
    retries = Retries()

    def __init__(
        self, event: type[Message], batch: int, linger: float, delays: Sequence[float], **options: Any
    ) -> None:
        super().__init__(expected_exceptions=(Refusal,), **options)
        self.event = event
        self.type = event.DESCRIPTOR.full_name
        self.source_name = topology.event_name(self.type).source
        self.batch = batch
        self.linger = linger
        self.delays = delays
        self._stopping = threading.Event()
        self._source: Source | None = None
        self._known = False
        self._down = False
        self._thread: Any = None

    def setup(self) -> None:
        self.service = self.container.service_name
        self.queue = topology.queue(self.service, self.type)
        self._place = f"queue {self.queue}"
        self.retries.add(self)

    def start(self) -> None:
        metrics.readiness.waits(self._place, "not connected yet")
        self._thread = self.container.spawn_managed_thread(self._run, identifier=self.queue)

    def stop(self) -> None:
        """Finish and ack what is in flight, give the rest back to the broker, then return."""
        self._stopping.set()
        if self._source:
            self._source.wake()
        # nameko's wait for workers can hang while anything still spawns them: the retries end here too.
        self.retries.stop()
        if self._thread:
            self._thread.wait()

    def kill(self) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.kill()

    def _run(self) -> None:
        naps = Naps(self._stopping)
        url = self.container.config["AMQP_URI"]
        while not self._stopping.is_set():
            try:
                self._source = source = open_source(
                    url, self.service, self.type, prefetch=2 * self.batch, gone=self._tell_gone
                )
                try:
                    self._know_queue()
                    self._tell_up()
                    metrics.readiness.has(self._place)
                    naps.reset()
                    self._consume(source)
                finally:
                    self._source = None
                    source.close()
            except _DatabaseAway:
                naps.take()
                self._await_database(naps)
            except ContainerBeingKilled:
                return
            except Exception as error:
                if self._stopping.is_set():
                    return
                metrics.readiness.waits(self._place, str(error))
                known = isinstance(error, CONNECTION_ERRORS)
                log.warning("lost queue %s: %s", self.queue, error, exc_info=None if known else error)
                if lost.is_down(error):
                    self._tell_down()
                naps.take()

    def _tell_gone(self) -> None:
        with self._database() as session:
            lost.report(session, self.service, self.type)

    def _tell_down(self) -> None:
        if self._down:
            return
        try:
            with self._database() as session:
                lost.report_down(session, self.service, self.type)
            self._down = True
        except _DatabaseAway as error:
            log.warning("queue %s is down; database away: %s", self.queue, error.__cause__)

    def _tell_up(self) -> None:
        self._down = False
        metrics.queue_down.labels(self.service, self.queue).set(0)

    def _know_queue(self) -> None:
        if not self._known:
            with self._database() as session:
                inbox.know_queue(session, self.queue)
            self._known = True

    @contextmanager
    def _database(self) -> Iterator[Session]:
        """Begin a transaction.

        :raises _DatabaseAway: if the database is
        """
        try:
            with self.store.sessions.begin() as session:
                yield session
        except Exception as error:
            if unavailable(error):
                raise _DatabaseAway from error
            raise

    def _consume(self, source: Source) -> None:
        while not self._stopping.is_set():
            deliveries = source.take(self.batch, self.linger)
            if deliveries and self._settle(deliveries):
                source.ack()

    def _settle(self, deliveries: Sequence[Delivery]) -> bool:
        """Bring every delivery to its end on disk; False if a stop came before that was possible.

        :raises _DatabaseAway: if the database stays away
        """
        naps = Naps(self._stopping, longest=2.0)
        give_up = time.monotonic() + HOLD
        while True:
            try:
                with metrics.event_batch_seconds.labels(self.service, self.queue).time():
                    self._handle(deliveries)
            except ContainerBeingKilled:
                return False
            except Exception as error:
                # Whatever it is, it stopped us from parking too: only waiting is safe.
                if unavailable(error):
                    metrics.database_unavailable.labels(self.service).inc()
                    log.warning("database away, holding %d messages of %s", len(deliveries), self.queue)
                else:
                    log.exception("cannot park messages of %s, holding them", self.queue)
                if self._stopping.is_set():
                    return False
                if time.monotonic() > give_up:
                    raise _DatabaseAway from error
                naps.take()
            else:
                return True

    def _await_database(self, naps: Naps) -> None:
        while not self._stopping.is_set():
            try:
                with self.store.sessions() as session:
                    parked.counts(session)
            except Exception as error:
                log.warning("database still away: %s", error)
                naps.take()
            else:
                return

    def _handle(self, deliveries: Sequence[Delivery]) -> None:
        events: list[tuple[Delivery, Event[Any]]] = []
        letters: list[dict[str, Any]] = []
        for each in deliveries:
            try:
                event = decode(each, self.event, self.source_name)
            except Exception as error:
                # Undecodable, or something in a foreign message that decoding did not expect.
                letters.append(self._letter(each, *told(error), attempts=1, wait=None))
                continue
            if inbox.too_old(event.time):
                why = "recorded before what the inbox surely remembers: replay it if it never took effect"
                letters.append(self._letter(each, "TOO_OLD", why, attempts=0, wait=None))
            elif each.returns >= SUSPECT:
                why = f"returned {each.returns} times: its handler may have killed the process"
                letters.append(self._letter(each, "RETURNED", why, attempts=0, wait=0.0))
            else:
                events.append((each, event))
        if letters:
            self._park(letters)
        try:
            self._together([event for _, event in events])
        except ContainerBeingKilled:
            raise
        except Exception as error:
            if unavailable(error):
                raise
            if len(events) == 1:
                self._give_up(events[0][0], error)
            else:
                log.info("a batch of %d from %s failed, trying each alone", len(events), self.queue)
                for delivery, event in events:
                    self._alone(delivery, event)

    def _alone(self, delivery: Delivery, event: Event[Any]) -> None:
        try:
            self._together([event])
        except ContainerBeingKilled:
            raise
        except Exception as error:
            if unavailable(error):
                raise
            self._give_up(delivery, error)

    def _together(self, events: Sequence[Event[Any]]) -> None:
        """Act on events in one transaction, on those that are new."""
        if not events:
            return
        for attempt in range(CONFLICTS + 1):
            try:
                with self.store.sessions.begin() as session:
                    new = self._act(session, events)
                break
            except Exception as error:
                if attempt == CONFLICTS or not conflicted(error):
                    raise
        self._count("handled", new)
        self._count("duplicate", len(events) - new)

    def _act(self, session: Session, events: Sequence[Event[Any]]) -> int:
        first = inbox.first_times(session, [UUID(each.id) for each in events], handler=self.queue)
        new = []
        for each in events:
            if (id_ := UUID(each.id)) in first:
                first.discard(id_)
                new.append(each)
        if new:
            self._call(session, new)
        return len(new)

    def _call(self, session: Session, events: list[Event[Any]]) -> None:
        """Run the handler as a nameko worker, and raise what it raised."""
        done = Signal()

        def handled(context: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
            done.send(exc_info)
            return result, exc_info

        correlations = {each.correlation_id for each in events}
        data = {CORRELATION: correlations.pop() if len(correlations) == 1 else ""}
        self.container.spawn_worker(self, (session, events), {}, context_data=data, handle_result=handled)
        if exc_info := done.wait():
            raise exc_info[1].with_traceback(exc_info[2])

    def retry(self, row: Parked) -> None:
        """Act on a parked event alone, and keep why if it fails again.

        :raises Exception: if the database is away
        """
        delivery = Delivery(
            queue=row.handler,
            body=row.body,
            content_type=row.content_type,
            message_id=str(row.event_id),
            correlation_id=row.correlation_id,
            headers={"cloudEvents_type": row.type, "cloudEvents_source": row.source,
                     "cloudEvents_subject": row.subject,
                     "cloudEvents_time": row.event_at.isoformat() if row.event_at else ""},
        )  # fmt: skip
        try:
            event = decode(delivery, self.event, self.source_name)
            with self.store.sessions.begin() as session:
                if not parked.hold(session, row.id):
                    return
                new = self._act(session, [event])
                parked.remove(session, row.id)
            self._count("handled" if new else "duplicate", 1)
        except ContainerBeingKilled:
            raise
        except Exception as error:
            if unavailable(error):
                raise
            reason, detail = told(error)
            wait = None if _final(error) else parked.delay(self.delays, row.attempts)
            log.warning("parked event %s of %s failed again: %s", row.event_id, self.queue, reason)
            with self.store.sessions.begin() as session:
                parked.failed(session, row.id, reason=clean(reason), detail=clean(detail, 2000), wait=wait)
            self._count("dead" if wait is None else "parked", 1)

    def bury(self, deliveries: Sequence[Delivery]) -> None:
        """Keep what the broker gave up on as dead letters."""
        why = f"the broker gave it out {topology.DELIVERY_LIMIT} times and never got an answer"
        letters = [
            self._letter(each, "GIVEN_UP_BY_BROKER", why, attempts=0, wait=None) for each in deliveries
        ]
        self._park(letters)

    def _give_up(self, delivery: Delivery, error: Exception) -> None:
        reason, detail = told(error)
        wait = None if _final(error) else parked.delay(self.delays, 1)
        self._park([self._letter(delivery, reason, detail, attempts=1, wait=wait)])

    def _letter(
        self, delivery: Delivery, reason: str, detail: str, *, attempts: int, wait: float | None
    ) -> dict[str, Any]:
        log.warning("parking event %s from %s: %s, %s", delivery.id, self.queue, reason, detail)
        return {
            "event_id": delivery.event_id,
            "handler": self.queue,
            "type": delivery.header("type"),
            "source": delivery.header("source"),
            "subject": delivery.header("subject"),
            "event_at": delivery.time,
            "correlation_id": clean(delivery.correlation_id, 64),
            "content_type": clean(delivery.content_type),
            "body": delivery.body,
            "reason": clean(reason),
            "detail": clean(detail, 2000),
            "attempts": attempts,
            "wait": wait,
        }

    def _park(self, letters: Sequence[dict[str, Any]]) -> None:
        with self.store.sessions.begin() as session:
            parked.park(session, letters)
        for each in letters:
            self._count("dead" if each["wait"] is None else "parked", 1)

    def _count(self, outcome: str, number: int) -> None:
        if number:
            metrics.events_handled.labels(self.service, self.queue, outcome).inc(number)


class _DatabaseAway(Exception):
    """Messages were held long enough."""


def _final(error: Exception) -> bool:
    return isinstance(error, Invalid | Forbidden | Undecodable)


def told(error: Exception) -> tuple[str, str]:
    """Return why an event was not taken: a machine-readable reason, and the last line of the stack."""
    match error:
        case Undecodable():
            return error.reason, error.detail
        case Refusal():
            return error.reason, f"{error} {error.facts}" if error.facts else str(error)
    stack = traceback.extract_tb(error.__traceback__)
    where = f"{stack[-1].filename}:{stack[-1].lineno} in {stack[-1].name}: " if stack else ""
    return type(error).__name__, f"{where}{error}"


def subscribe(
    event: type[M], *, batch: int = 200, linger: float = 0.01, delays: Sequence[float] = parked.DELAYS
) -> Callable[[Handler[M]], Handler[M]]:
    """Call the decorated method with new events of this type, inside one transaction for a batch.

    :param event: the protobuf class, such as ``PlanApproved``
    :param batch: events in one call, at most
    :param linger: seconds to wait for more after the first
    :param delays: seconds before each further attempt at an event that fails
    """
    return Subscription.decorator(event, batch, linger, tuple(delays))  # type: ignore[no-any-return]
