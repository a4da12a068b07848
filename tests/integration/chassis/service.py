"""A service of the tests' own: ``python -m integration.chassis.service ROLE DATABASE_URL AMQP_URL``.

Roles: ``worker``, ``relay``, and ``embedded`` (both, as with the broker in memory). It prints ``ready``, and
ends on SIGTERM.
"""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from chassis.errors import Blocked, Invalid

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from chassis.bus import Event, Worker
    from chassis.db import Sessions


class Refused(Invalid):
    vi = "Không được."
    en = "No."


class NotYet(Blocked):
    vi = "Chưa được."
    en = "Not yet."


def worker_class() -> "type[Worker]":
    from sqlalchemy import insert, select

    from chassis import db, outbox
    from chassis.bus import Worker, every, subscribe, wake
    from integration.chassis.happenings import AlsoHappened, Happened
    from integration.chassis.storage import Effect, Thing

    delays = tuple(float(each) for each in os.environ.get("TEST_DELAYS", "0.2,0.2,0.2").split(","))

    class TestingWorker(Worker):
        name = "testing"
        __test__ = False

        @subscribe(Happened, batch=int(os.environ.get("TEST_BATCH", "200")), delays=delays)
        def on_happened(self, session: "Session", events: "list[Event[Any]]") -> None:
            self._act(session, "happened", events)

        @subscribe(AlsoHappened, delays=delays)
        def on_also_happened(self, session: "Session", events: "list[Event[Any]]") -> None:
            self._act(session, "also_happened", events)

        @every(0.2, "tick")
        def tick(self, sessions: "Sessions") -> None:
            with sessions.begin() as session:
                session.add(Effect(event_id="tick", handler=str(os.getpid()), batch=0, at=db.clock(session)))

        @every(3600, "bell")
        def bell(self, sessions: "Sessions") -> bool:
            with sessions.begin() as session:
                at = db.clock(session)
                session.add(Effect(event_id="bell", handler=str(os.getpid()), batch=0, at=at))
                for known in session.scalars(select(Effect.event_id).where(Effect.handler == "happened")):
                    session.add(Effect(event_id=known, handler="bell knows", batch=0, at=at))
            return False

        def _act(self, session: "Session", handler: str, events: "list[Event[Any]]") -> None:
            with Path(os.environ["TEST_STARTS"]).open("a") as starts:  # survives a rollback
                starts.writelines(f"{each.id}\n" for each in events)
            at = db.clock(session)
            session.execute(
                insert(Effect),
                [
                    {"event_id": each.id, "handler": handler, "batch": len(events), "at": at}
                    for each in events
                ],
            )
            db.upsert(
                session,
                Thing,
                [
                    {"thing_id": e.body.thing_id, "revision": e.body.revision, "note": e.body.note}
                    for e in events
                ],
                key=["thing_id"],
                revision="revision",
            )
            for each in events:
                self._steer(session, each)

        def _steer(self, session: "Session", event: "Event[Any]") -> None:
            word, _, rest = event.body.note.partition(":")
            if word == "raise" or (word == "raise-unless" and not Path(rest).exists()):
                raise RuntimeError(f"no: {rest}")
            if word == "refuse":
                raise Refused
            if word == "not-yet" and not Path(rest).exists():
                raise NotYet
            if word == "sleep":
                time.sleep(float(rest))
            if word == "kill" and not Path(rest).exists():
                os.kill(os.getpid(), signal.SIGKILL)
            if word == "wake":
                wake(session, "bell")
                with session.begin_nested():
                    session.flush()
                time.sleep(0.3)
            if word == "echo":
                body = AlsoHappened(thing_id=event.body.thing_id, revision=event.body.revision)
                outbox.add(session, body, subject=event.subject)

    return TestingWorker


def main(role: str, database_url: str, amqp_url: str) -> None:
    stop = threading.Event()
    if role != "relay":
        os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"
        import eventlet

        eventlet.monkey_patch()
        stop = threading.Event()
    logging.basicConfig(level=os.environ.get("TEST_LOG", "INFO"), format="%(asctime)s %(name)s %(message)s")
    for noisy in ("amqp", "nameko"):
        logging.getLogger(noisy).setLevel("WARNING")
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    running = None
    relay_thread = None
    if role != "relay":
        from chassis import bus

        places = SimpleNamespace(database_url=database_url, amqp_url=amqp_url)
        running = bus.start([(worker_class(), places)])
    if role != "worker":
        from chassis import db, relay

        relay_thread = threading.Thread(
            target=relay.run, args=(db.sessions(database_url), amqp_url, stop), kwargs={"service": "testing"}
        )
        relay_thread.start()
    print("ready", flush=True)  # noqa: T201
    while not stop.wait(0.1):
        assert running is None or running.alive()
        assert relay_thread is None or relay_thread.is_alive()
    begun = time.monotonic()
    finished = running.stop(9) if running else True
    if relay_thread:
        relay_thread.join(9)
        finished = finished and not relay_thread.is_alive()
    print(f"stopped in {time.monotonic() - begun:.1f} s", flush=True)  # noqa: T201
    os._exit(0 if finished else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
