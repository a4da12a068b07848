"""Measures the hop: the same events, tables and broker, four ways to carry them."""

import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench import bare, grades
from bench.children import Child
from bench.measuring import Arm, Results, Size, interleaved
from bench.places import Places, connect
from support.waiting import eventually

WHAT = "one hop: outbox → broker → inbox + effect"


def measure(places: Places, size: Size) -> Results:
    """Measure all four in turn; the slow ones carry fewer events."""
    log = places.folder / "hop.log"

    def arm(
        module: str, count: int, declare: Callable[[str], None], places_: tuple[str, str]
    ) -> Callable[[], float]:
        declare(places_[1])
        return lambda: carry(module, count, *places_, log)

    with places.fresh() as one, places.fresh() as two, places.fresh() as three, places.fresh() as four:
        arms = [
            Arm("ours", arm("bench.hop.ours", size.events, _nothing, one)),
            Arm("bare", arm("bench.hop.bare", size.events, bare.declare, two)),
            Arm("nameko", arm("bench.hop.stock_nameko", size.slow_events, _nothing, three), 3),
            Arm("faststream", arm("bench.hop.stock_faststream", size.slow_events, _nothing, four), 3),
        ]
        found = interleaved(arms, size.runs)
    results = Results()
    for against, name, target in (
        ("bare psycopg and py-amqp, batches of 500", "bare", 0.6),
        ("stock nameko, one transaction a message", "nameko", 10.0),
        ("FastStream on RabbitMQ, one transaction a message", "faststream", 4.0),
    ):
        results.compare(WHAT, against, "events/s", found, name, target)
    return results


def carry(module: str, count: int, database: str, vhost: str, log: Path) -> float:
    """Carry so many events, and return how many a second took effect, each once."""
    with connect(database) as connection:
        grades.fill(connection, count)
        with (
            Child(module, "receive", database, vhost, log=log) as receiver,
            Child(module, "send", database, vhost, log=log) as sender,
        ):
            receiver.go()
            time.sleep(0.5)  # until it listens; nothing is sent yet
            begun = time.perf_counter()
            sender.go()
            eventually(lambda: _effects(connection) == count, within=300, every=0.05)
            took = time.perf_counter() - begun
    return count / took


def _nothing(vhost: str) -> None:
    """Declare nothing: these declare their own when they start."""


def _effects(connection: psycopg.Connection[tuple[object, ...]]) -> object:
    row = connection.execute("SELECT count(*) FROM published_grade").fetchone()
    connection.rollback()
    assert row
    return row[0]
