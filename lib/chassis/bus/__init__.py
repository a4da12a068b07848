"""Events in: what a service's ``worker.py`` is written with.

A handler gets the events that are new to the service, in the order of the queue, and a session; the bus
commits and acks. Duplicates never reach it. Order between events is not promised: an event carries the
revision of what it is about, and the handler lets an older one change nothing (``db.upsert(…,
revision="revision")``). A handler may announce events of its own in the same session (:mod:`chassis.outbox`).
It must not commit.

What it raises decides what becomes of the events: ``Invalid`` and ``Forbidden`` make dead letters at once,
anything else is tried again later. ``NotFound`` for something that another event will bring is therefore a
fine answer.
"""

from chassis.bus.events import Event
from chassis.bus.running import Running, reach, start
from chassis.bus.subscription import subscribe
from chassis.bus.timer import every, wake
from chassis.bus.worker import Worker

__all__ = ["Event", "Running", "Worker", "every", "reach", "start", "subscribe", "wake"]
