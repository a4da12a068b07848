"""The hop with the product's relay and worker."""

import os
import sys
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from bench import children

if TYPE_CHECKING:
    from chassis.bus import Event, Worker


def worker_class() -> "type[Worker]":
    """Return a worker whose effect is reward's copy of a grade."""
    from sqlalchemy.orm import Session

    from bench.tables import published_grade
    from chassis import db
    from chassis.bus import Worker, subscribe
    from kpi.approval.v1.events_pb2 import GradePublished

    class BenchWorker(Worker):
        name = "bench"

        @subscribe(GradePublished)
        def on_grade_published(self, session: Session, events: "list[Event[Any]]") -> None:
            rows = [
                {
                    "ward_id": each.body.ward_id,
                    "month": each.body.month,
                    "person_id": each.body.person_id,
                    "unit_id": each.body.unit_id,
                    "grade": " ABCD"[each.body.grade],
                    "decision_id": each.body.decision_id,
                    "revision": each.body.revision,
                }
                for each in events
            ]
            db.upsert(
                session, published_grade, rows, key=("ward_id", "month", "person_id"), revision="revision"
            )

    return BenchWorker


def receive(database: str, vhost: str) -> None:
    """Run the worker."""
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
    import eventlet

    eventlet.monkey_patch()
    from chassis import bus, topology

    topology.declare(vhost, worker_class())
    children.ready()
    running = bus.start([(worker_class(), SimpleNamespace(database_url=database, amqp_url=vhost))])
    children.until_killed(running.alive)


def send(database: str, vhost: str) -> None:
    """Run the relay."""
    from chassis import db, relay

    sessions = db.sessions(database)
    with sessions() as session:
        session.connection()
    children.ready()
    threading.Thread(target=relay.run, args=(sessions, vhost, threading.Event()), daemon=True).start()
    children.until_killed()


if __name__ == "__main__":
    {"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:])
