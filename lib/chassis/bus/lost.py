"""Queues that were there and are gone: whoever makes one again says so, for the new one is empty.

The broker returns an event only when *no* queue takes it. Of several subscribers, one whose queue was deleted
would miss events without a word, so each remembers which queues it had (:func:`chassis.inbox.know_queue`).
While nothing of a service runs nobody makes its queues again: its next start notices, and until then the
events are safe in the outbox of whoever announced them, for 30 days.
"""

import logging
from collections.abc import Collection
from datetime import timedelta

from amqp.exceptions import InternalError, NotFound
from sqlalchemy.orm import Session

from chassis import db, inbox, metrics, outbox, topology
from chassis.days import VIET_NAM
from chassis.db import Sessions

log = logging.getLogger(__name__)

MARGIN = timedelta(days=1)
"""Events are not handled in the order in which they were recorded: so much more is sent again."""


def report(session: Session, service: str, type_: str) -> bool:
    """Log and count that a queue is gone, with the command that fills it again.

    :return: False if the service never had it: then there is nothing to tell
    """
    queue = topology.queue(service, type_)
    if not inbox.knows_queue(session, queue):
        return False
    metrics.queues_missing.labels(service, queue).inc()
    log.error(
        "queue %s was gone and is made again, empty: events may be missing here. Fill it: %s",
        queue,
        remedy(session, service, type_),
    )
    return True


def is_down(error: Exception) -> bool:
    """True if the broker has the queue and cannot give anything from it.

    Its data perished, or too many of the nodes that hold it are away. RabbitMQ takes such a queue for an
    empty one; consuming from it fails, and publishing into it is refused.
    """
    return isinstance(error, InternalError | NotFound)


def report_down(session: Session, service: str, type_: str) -> None:
    """Log and count that a queue is down, with what ends it."""
    queue = topology.queue(service, type_)
    metrics.queue_down.labels(service, queue).set(1)
    log.error(
        "queue %s is down: the broker gives nothing from it and refuses what should go into it. Bring back"
        " the nodes that hold it; if they are lost, delete it (rabbitmqctl delete_queue): it is made again"
        " here. Then fill it: %s",
        queue,
        remedy(session, service, type_),
    )


def remedy(session: Session, service: str, type_: str) -> str:
    """Return the command that sends again what the queue may have missed; what arrived already is dropped."""
    queue, name, now = topology.queue(service, type_), topology.event_name(type_), db.clock(session)
    oldest = now - outbox.KEPT
    last = inbox.last_handled(session, queue)
    since = (max(oldest, last - MARGIN) if last else oldest).astimezone(VIET_NAM)
    return f"kpi replay {name.source} {name.key} --since {since:%Y-%m-%d} --queue {queue}"


def declare(url: str, worker: topology.Interested, sessions: Sessions) -> Collection[str]:
    """Declare what a service needs of the broker, but for queues that it had and that are gone.

    Those are left to its worker, which runs long enough for its metrics to be read.

    :return: the full names of the events of these queues
    """
    interest = worker.interest()
    with db.reading(sessions) as session:
        left = [
            type_
            for type_ in topology.missing(url, worker)
            if inbox.knows_queue(session, topology.queue(interest.service, type_))
        ]
    topology.declare(url, worker, but=left)
    for type_ in left:
        queue = topology.queue(interest.service, type_)
        log.error("queue %s is gone: its worker makes it again and says how to fill it", queue)
    return left
