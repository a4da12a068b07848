"""The relay, from the outbox to the broker's confirm, beside py-amqp alone with the same messages."""

import sys
import threading
import time
from datetime import datetime

from bench import bare, children, grades
from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places, connect
from support.waiting import eventually

WHAT = "relay: outbox → confirmed in quorum queue"


def measure(places: Places, size: Size) -> Results:
    """Measure both in turn, in processes of their own."""
    log = places.folder / "relay.log"
    with places.fresh() as (database, vhost), connect(database) as connection:
        bare.declare(vhost)

        def ours() -> float:
            grades.fill(connection, size.events)
            with children.Child("bench.relay", "ours", database, vhost, log=log) as child:
                child.go()
                begun: float = child.answer()

                def last() -> datetime | None:
                    row = connection.execute(
                        "SELECT max(sent_at) FROM outbox HAVING count(*) = count(sent_at)"
                    )
                    found = row.fetchone()
                    connection.rollback()
                    return found[0] if found else None  # type: ignore[return-value]

                ended = eventually(last, within=120, every=0.25)
            bare.purge(vhost)
            assert ended
            return size.events / (ended.timestamp() - begun)

        def theirs() -> float:
            with children.Child("bench.relay", "theirs", vhost, str(size.events), log=log) as child:
                child.go()
                took: float = child.answer()
            bare.purge(vhost)
            return size.events / took

        found = interleaved([Arm("ours", ours), Arm("bare py-amqp", theirs)], size.runs)
    results = Results()
    results.compare(WHAT, "bare py-amqp, window of 500, no database", "events/s", found, "bare py-amqp", 0.6)
    return results


def _ours(database: str, vhost: str) -> None:
    from chassis import db, relay

    sessions = db.sessions(database)
    with sessions() as session:
        session.connection()
    children.ready()
    begun = time.time()
    threading.Thread(target=relay.run, args=(sessions, vhost, threading.Event()), daemon=True).start()
    children.answer(begun)
    children.until_killed()


def _theirs(vhost: str, count: str) -> None:
    publisher = bare.Publisher(vhost)
    events = [(str(row[0]), row[2], row[3]) for row in grades.rows(int(count))]
    children.ready()
    begun = time.perf_counter()
    publisher.publish(bare.message(*each) for each in events)
    children.answer(time.perf_counter() - begun)
    children.until_killed()


if __name__ == "__main__":
    {"ours": _ours, "theirs": _theirs}[sys.argv[1]](*sys.argv[2:])
