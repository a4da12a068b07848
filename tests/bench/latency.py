"""From publication to an external AMQP subscriber, at a steady 200 grades a second."""

import statistics
import sys
import threading
import time
import uuid

from bench import bare, children, grades
from bench.measuring import Arm, Figure, Results, Size, interleaved
from bench.places import Places
from chassis import db, outbox

RATE = 200
"""Grades a second: a ward of 1,200 in six seconds."""


def measure(places: Places, size: Size) -> Results:
    """Measure both in turn; a run's figure is its p99, the p50 is kept beside it."""
    log = places.folder / "latency.log"
    count = int(RATE * size.seconds)
    halves: dict[str, list[float]] = {"ours": [], "bare": []}

    with places.fresh() as (database, ours_vhost), places.fresh() as (_, bare_vhost):
        bare.declare(ours_vhost)
        bare.declare(bare_vhost)
        sessions = db.sessions(database)

        def ours() -> float:
            with (
                children.Child("bench.hop.ours", "send", database, ours_vhost, log=log) as sender,
                children.Child("bench.latency", ours_vhost, str(count), log=log) as subscriber,
            ):
                sender.go()
                subscriber.go()
                time.sleep(1)
                sent: dict[str, float] = {}

                def publish(number: int) -> None:
                    begun = time.time()
                    with sessions.begin() as session:
                        event = grades.published(number)
                        id_ = outbox.add(session, event, subject=event.person_id)
                    sent[id_] = begun

                _steadily(publish, count)
                return kept("ours", sent, subscriber.answer())

        def theirs() -> float:
            with children.Child("bench.latency", bare_vhost, str(count), log=log) as subscriber:
                subscriber.go()
                time.sleep(1)
                publisher = bare.Publisher(bare_vhost)
                sent: dict[str, float] = {}

                def publish(number: int) -> None:
                    event = grades.published(number)
                    id_ = str(uuid.uuid4())
                    sent[id_] = time.time()
                    publisher.publish([bare.message(id_, event.person_id, outbox.body(event))])

                _steadily(publish, count)
                publisher.close()
                return kept("bare", sent, subscriber.answer())

        def kept(name: str, sent: dict[str, float], received: dict[str, float]) -> float:
            took = sorted(received[id_] - at for id_, at in sent.items())
            halves[name].append(1000 * statistics.median(took))
            return 1000 * took[int(0.99 * len(took))]

        found = interleaved([Arm("ours", ours), Arm("bare", theirs)], max(3, size.runs - 2))
        db.engine(sessions).dispose()
    results = Results()
    against = "bare py-amqp publish and consume"
    results.compare(
        f"publication → external subscriber at {RATE}/s, p99", against, "ms", found, "bare", 5.0, better="low"
    )
    medians = {name: Figure(name, tuple(values)) for name, values in halves.items()}
    results.compare(
        f"publication → external subscriber at {RATE}/s, p50", against, "ms", medians, "bare", None,
        better="low",
    )  # fmt: skip
    return results


def _steadily(publish: "object", count: int) -> None:
    assert callable(publish)
    begun = time.monotonic()
    for number in range(count):
        pause = begun + number / RATE - time.monotonic()
        if pause > 0:
            time.sleep(pause)
        publish(number)


def _subscribe(vhost: str, count: str) -> None:
    """Note when each message came."""
    came: dict[str, float] = {}
    done = threading.Event()
    connection = bare.connect(vhost)
    channel = connection.channel()
    channel.queue_purge(grades.QUEUE)
    channel.basic_qos(0, 1000, False)  # noqa: FBT003

    def arrived(message: object) -> None:
        came[message.properties["message_id"]] = time.time()  # type: ignore[attr-defined]
        channel.basic_ack(message.delivery_tag)  # type: ignore[attr-defined]
        if len(came) == int(count):
            done.set()

    channel.basic_consume(grades.QUEUE, callback=arrived)
    children.ready()
    while not done.is_set():
        connection.drain_events()
    children.answer(came)
    children.until_killed()


if __name__ == "__main__":
    _subscribe(*sys.argv[1:])
