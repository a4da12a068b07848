"""The event that every relay and hop carries: ``GradePublished``, as approval announces it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from chassis import outbox
from kpi.approval.v1.events_pb2 import GradePublished

TYPE = GradePublished.DESCRIPTOR.full_name
EXCHANGE, KEY = "approval.events", "grade_published"
QUEUE = "bench.approval.grade_published"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

QUORUM = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 20,
    "x-max-length": 1_000_000,
    "x-overflow": "reject-publish",
}
"""How an opponent's queue is declared: as ours, so that the broker does the same work."""


def published(number: int) -> GradePublished:
    """Return the grade of the numbered person."""
    event = GradePublished(
        ward_id=f"ward-{number % 126:03d}",
        person_id=f"person-{number:06d}",
        unit_id=f"unit-{number % 30:02d}",
        month="2026-03",
        grade=f"GRADE_{'ABCD'[number % 4]}",
        decision_id=f"decision-{number:06d}",
        revision=1,
    )
    event.published_at.FromDatetime(datetime(2026, 4, 4, 1, tzinfo=UTC))
    return event


def rows(count: int) -> Iterator[tuple[UUID, str, str, bytes, str, datetime]]:
    """Yield what an outbox holds of so many events."""
    at = datetime.now(UTC)
    for number in range(count):
        event = published(number)
        yield outbox.new_id(), TYPE, event.person_id, outbox.body(event), TRACE, at


def fill(connection: psycopg.Connection[tuple[object, ...]], count: int) -> None:
    """Put so many unsent events into an emptied outbox, and forget what was handled."""
    connection.execute("TRUNCATE outbox, inbox, published_grade")
    with connection.cursor().copy(
        "COPY outbox (event_id, type, subject, body, correlation_id, recorded_at) FROM STDIN (FORMAT binary)"
    ) as copy:
        copy.set_types(["uuid", "varchar", "varchar", "bytea", "varchar", "timestamptz"])
        for row in rows(count):
            copy.write_row(row)
    connection.commit()
    connection.execute("ANALYZE outbox")
    connection.commit()
