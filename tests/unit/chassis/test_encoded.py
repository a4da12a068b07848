"""The relay writes the frames of a message itself: to the byte as py-amqp does."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import amqp
from amqp import spec
from amqp.method_framing import frame_writer
from amqp.serialization import dumps
from hypothesis import given
from hypothesis import strategies as st

from chassis.relay import wire
from chassis.relay.rows import Row

FIRST = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
LAST = datetime(2100, 1, 1, tzinfo=UTC).replace(tzinfo=None)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    id_=st.uuids(),
    subject=TEXT,
    correlation=st.one_of(TEXT, st.text("0123456789abcdef", min_size=32, max_size=32)),
    at=st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST),
    body=st.one_of(st.binary(max_size=300), st.integers(3_900, 13_000).map(lambda size: b"x" * size)),
    queue=st.sampled_from([None, "scoring.approval.grade_published"]),
    channel=st.integers(1, 2047),
    most=st.sampled_from([4_096, 131_072]),
)
def test_as_py_amqp_writes_it(
    id_: UUID,
    subject: str,
    correlation: str,
    at: datetime,
    body: bytes,
    queue: str | None,
    channel: int,
    most: int,
) -> None:
    row = Row(1, id_, "kpi.approval.v1.GradePublished", subject, body, correlation, at, 0, queue)
    message = amqp.Message(
        row.body,
        content_type=wire.CONTENT_TYPE,
        content_encoding="utf-8",
        application_headers=wire.headers(row),
        **wire.properties(row),
    )

    written = bytearray()
    connection = SimpleNamespace(frame_max=most, bytes_sent=0)
    write = frame_writer(connection, SimpleNamespace(write=written.extend))
    arguments = dumps("Bssbb", (0, *wire.address(row), True, False))
    write(1, channel, spec.Basic.Publish, arguments, message)

    assert wire.frames(row, channel, most) == written


def test_the_trace_is_the_correlation_and_the_span_the_event() -> None:
    id_ = UUID("018f6b2e-1111-7222-8333-444455556666")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    row = Row(1, id_, "kpi.approval.v1.GradePublished", "p", b"{}", trace, datetime.now(UTC), 0, None)

    assert wire.headers(row)["traceparent"] == f"00-{trace}-8333444455556666-01"
