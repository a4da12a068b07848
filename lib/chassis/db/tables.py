"""The frame's own tables, which every service's database holds beside the service's."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from chassis.db.types import Instant, Key, Position

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

frame = MetaData(naming_convention=NAMES)

outbox = Table(
    "outbox",
    frame,
    Column("position", Position, primary_key=True, autoincrement=True),
    Column("event_id", Uuid, nullable=False, unique=True),
    Column("type", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("correlation_id", String(64), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("returns", Integer, nullable=False, server_default="0"),
    Column("not_before", Instant),
    Column("queue", String(200)),
    sqlite_autoincrement=True,
    # Each row is updated once and the unsent ones are searched twenty times a second: clean up early.
    postgresql_with={"autovacuum_vacuum_scale_factor": "0.02", "autovacuum_vacuum_threshold": "1000"},
)
"""Events that were announced, sent or not: the system of record for 30 days (``chassis.outbox``)."""

_fresh = outbox.c.sent_at.is_(None) & outbox.c.not_before.is_(None)
_refused = outbox.c.sent_at.is_(None) & outbox.c.not_before.is_not(None)
Index("ix_outbox_fresh", outbox.c.position, postgresql_where=_fresh, sqlite_where=_fresh)
Index("ix_outbox_refused", outbox.c.not_before, postgresql_where=_refused, sqlite_where=_refused)
Index("ix_outbox_type_recorded_at", outbox.c.type, outbox.c.recorded_at)
Index("ix_outbox_recorded_at", outbox.c.recorded_at)

inbox = Table(
    "inbox",
    frame,
    Column("event_id", Uuid, primary_key=True),
    Column("handler", String(200), primary_key=True),
    Column("handled_at", Instant, nullable=False, index=True),
)
"""Events that took effect, by the queue they came from (``chassis.inbox``)."""

parked = Table(
    "parked",
    frame,
    Column("id", Uuid, primary_key=True),
    Column("event_id", Uuid, nullable=False),
    Column("handler", String(200), nullable=False),
    Column("type", String(200), nullable=False),
    Column("source", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("event_at", Instant),
    Column("correlation_id", String(64), nullable=False),
    Column("content_type", String(200), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant),
    Column("dead_at", Instant),
    Column("reason", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("parked_at", Instant, nullable=False),
    Column("replays", Integer, nullable=False, server_default="0"),
)
"""Events that a handler could not take: waiting for another attempt, or dead (``chassis.parked``)."""

Index("uq_parked_handler_event_id", parked.c.handler, parked.c.event_id, unique=True)
Index("ix_parked_next_attempt_at", parked.c.next_attempt_at)

lease = Table(
    "lease",
    frame,
    Column("name", String(200), primary_key=True),
    Column("holder", String(200)),
    Column("held_until", Instant),
    Column("due_at", Instant, nullable=False),
    Column("asked", Integer, nullable=False, server_default="0"),
)
"""Which replica runs a timer, and when it is due again (``chassis.timers``)."""

request = Table(
    "request",
    frame,
    Column("actor", String(200), primary_key=True),
    Column("method", String(200), primary_key=True),
    Column("request_id", String(64), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("reply", LargeBinary, nullable=False),
    Column("answered_at", Instant, nullable=False, index=True),
)
"""Commands that were answered, so that the same command sent again gets the same answer (``chassis.rpc``)."""

audit_entry = Table(
    "audit_entry",
    frame,
    Column("ward_id", Key, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("actor_id", Key, nullable=False),
    Column("authority_id", Key, nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject_kind", String(40), nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("month", String(7), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    UniqueConstraint("ward_id", "previous"),
)
"""Every ward's log of changes, each entry chained to the one before; time and values as they are hashed
(``chassis.audit``). Triggers refuse to change or delete a row."""

Index("ix_audit_entry_subject", audit_entry.c.ward_id, audit_entry.c.subject_id)


def metadata() -> MetaData:
    """Return fresh metadata with the project's names for constraints, holding the frame's tables."""
    result = MetaData(naming_convention=NAMES)
    for table in frame.sorted_tables:
        table.to_metadata(result)
    return result
