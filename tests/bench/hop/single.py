"""What both stock frameworks do with one message: one transaction, inbox and effect."""

from typing import Any

INBOX = (
    "INSERT INTO inbox (event_id, handler, handled_at) VALUES (%s, %s, now())"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
EFFECT = (
    "INSERT INTO published_grade (ward_id, month, person_id, unit_id, grade, decision_id, revision)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s)"
    " ON CONFLICT (ward_id, month, person_id) DO UPDATE SET unit_id = excluded.unit_id,"
    " grade = excluded.grade, decision_id = excluded.decision_id, revision = excluded.revision"
    " WHERE excluded.revision > published_grade.revision"
)
UNSENT = "SELECT position, event_id, body FROM outbox WHERE sent_at IS NULL ORDER BY position LIMIT 500"
SENT = "UPDATE outbox SET sent_at = clock_timestamp() WHERE position = %s"


def effect(body: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of an event."""
    return (
        body["ward_id"], body["month"], body["person_id"], body["unit_id"], body["grade"][-1],
        body["decision_id"], int(body["revision"]),
    )  # fmt: skip
