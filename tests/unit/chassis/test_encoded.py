"""The relay writes a message's properties itself: to the byte as py-amqp does."""

from datetime import UTC, datetime
from uuid import UUID

import amqp
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
)
def test_as_py_amqp_writes_it(id_: UUID, subject: str, correlation: str, at: datetime) -> None:
    row = Row(1, id_, "kpi.approval.v1.GradePublished", subject, b"{}", correlation, at, 0, None)
    message = amqp.Message(
        row.body,
        content_type=wire.CONTENT_TYPE,
        content_encoding="utf-8",
        application_headers=wire.headers(row),
        **wire.properties(row),
    )

    assert wire.Encoded(row)._serialize_properties() == message._serialize_properties()
    assert wire.Encoded(row).body == message.body


def test_the_trace_is_the_correlation_and_the_span_the_event() -> None:
    id_ = UUID("018f6b2e-1111-7222-8333-444455556666")
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    row = Row(1, id_, "kpi.approval.v1.GradePublished", "p", b"{}", trace, datetime.now(UTC), 0, None)

    assert wire.headers(row)["traceparent"] == f"00-{trace}-8333444455556666-01"
