"""The hop with nameko as it comes: its event dispatcher and its ``event_handler``."""

import json
import os
import sys
from typing import Any

from bench import children
from bench.hop import single

WORKERS = 10
"""nameko's default."""


def receive(database: str, vhost: str) -> None:
    """Run a service with one handler; a transaction a message, on a connection for each worker."""
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
    import eventlet

    eventlet.monkey_patch()
    from eventlet.queue import LightQueue
    from nameko.containers import ServiceContainer
    from nameko.events import event_handler

    from bench.places import connect

    idle: LightQueue = LightQueue()
    for _ in range(WORKERS):
        idle.put(connect(database))

    class Service:
        name = "bench"

        @event_handler("approval", "grade_published")  # type: ignore[untyped-decorator]
        def on_grade_published(self, payload: dict[str, Any]) -> None:
            connection = idle.get()
            try:
                with connection.transaction():
                    key = (payload["id"], "bench")
                    if connection.execute(single.INBOX, key).fetchone():
                        connection.execute(single.EFFECT, single.effect(payload["event"]))
            finally:
                idle.put(connection)

    container = ServiceContainer(Service, {"AMQP_URI": vhost, "max_workers": WORKERS})
    container.start()
    children.ready()
    children.until_killed()


def send(database: str, vhost: str) -> None:
    """Dispatch each unsent event, then mark it in a transaction of its own."""
    from nameko.standalone.events import event_dispatcher

    from bench.places import connect

    dispatch = event_dispatcher({"AMQP_URI": vhost})
    with connect(database) as connection:
        children.ready()
        while rows := connection.execute(single.UNSENT).fetchall():
            connection.commit()
            for position, event_id, body in rows:
                payload = {"id": str(event_id), "event": json.loads(body)}  # type: ignore[arg-type]
                dispatch("approval", "grade_published", payload)
                connection.execute(single.SENT, (position,))
                connection.commit()
    children.until_killed()


if __name__ == "__main__":
    {"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:])
