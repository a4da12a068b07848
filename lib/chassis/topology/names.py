"""The names that other systems rely on: exchanges, routing keys, queues. They are contract, pinned by tests.

``kpi.approval.v1.GradePublished`` travels on exchange ``approval.events`` with key ``grade_published``; the
service ``reward`` takes it from queue ``reward.approval.grade_published``, and what cannot be delivered there
at all ends in ``reward.approval.grade_published.dead``.
"""

import functools
import re
from typing import NamedTuple


class EventName(NamedTuple):
    """The parts of an event's full name."""

    source: str
    """The service that announces it, such as ``approval``."""
    key: str
    """The routing key, such as ``grade_published``."""


@functools.cache
def event_name(type_: str) -> EventName:
    """Return the parts of an event's protobuf name, such as ``kpi.approval.v1.GradePublished``.

    :raises ValueError: if it is no event of a service
    """
    found = re.fullmatch(r"kpi\.([a-z]+)\.v\d+\.([A-Z][A-Za-z0-9]*)", type_)
    if not found:
        raise ValueError(f"{type_!r} is no event: events are top-level messages of kpi.<service>.v<n>")
    return EventName(found[1], re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", found[2]).lower())


def exchange(source: str) -> str:
    """Return the exchange of a service: the one that nameko's ``event_handler`` binds to."""
    return f"{source}.events"


def queue(service: str, type_: str) -> str:
    """Return the queue from which ``service`` takes events of that type."""
    name = event_name(type_)
    return f"{service}.{name.source}.{name.key}"


def dead(queue: str) -> str:
    """Return the queue in which the broker keeps what it could not deliver to ``queue``."""
    return f"{queue}.dead"


def unheard(source: str) -> str:
    """Return the queue that takes, and keeps none of, the events that no service of ours needs."""
    return f"{source}.unheard"
