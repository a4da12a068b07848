"""The hop in bare psycopg and py-amqp: what the frame is held against.

It keeps the promise (claimed rows, confirms, inbox and effect in one transaction, ack after the commit) and
nothing else: no retries, no parking, no metrics, no decoding into a contract, no clean stop.
"""

import json
import sys
from typing import Any

from bench import bare, children, grades
from bench.places import connect

BATCH = 500

INBOX = (
    "INSERT INTO inbox (event_id, handler, handled_at) SELECT id, %s, now() FROM unnest(%s::uuid[]) AS id"
    " ON CONFLICT DO NOTHING RETURNING event_id"
)
EFFECT = (
    "INSERT INTO published_grade (ward_id, month, person_id, unit_id, grade, decision_id, revision)"
    " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],"
    " %s::bigint[])"
    " ON CONFLICT (ward_id, month, person_id) DO UPDATE SET unit_id = excluded.unit_id,"
    " grade = excluded.grade, decision_id = excluded.decision_id, revision = excluded.revision"
    " WHERE excluded.revision > published_grade.revision"
)


def send(database: str, vhost: str) -> None:
    """Claim, publish, mark."""
    publisher = bare.Publisher(vhost)
    with connect(database) as connection:
        children.ready()
        while True:
            rows: list[tuple[Any, ...]] = connection.execute(
                "SELECT position, event_id, subject, body FROM outbox WHERE sent_at IS NULL"
                " AND not_before IS NULL ORDER BY position LIMIT %s FOR UPDATE SKIP LOCKED",
                (BATCH,),
            ).fetchall()
            if not rows:
                break
            publisher.publish(bare.message(str(row[1]), row[2], row[3]) for row in rows)
            connection.execute(
                "UPDATE outbox SET sent_at = clock_timestamp() WHERE position = ANY(%s)",
                ([row[0] for row in rows],),
            )
            connection.commit()
    children.until_killed()


def receive(database: str, vhost: str) -> None:
    """Take a batch, remember it, act on it, commit, ack."""
    receiver = bare.Receiver(vhost, grades.QUEUE, prefetch=2 * BATCH)
    with connect(database) as connection:
        children.ready()
        while True:
            messages = receiver.take(BATCH)
            by_id = {each.properties["message_id"]: each for each in messages}
            found = connection.execute(INBOX, (grades.QUEUE, sorted(by_id))).fetchall()
            new = [json.loads(by_id[str(row[0])].body) for row in found]
            new.sort(key=lambda each: each["person_id"])
            columns = [[each[name] for each in new] for name in ("ward_id", "month", "person_id", "unit_id")]
            columns += [[each["grade"][-1] for each in new], [each["decision_id"] for each in new]]
            connection.execute(EFFECT, (*columns, [int(each["revision"]) for each in new]))
            connection.commit()
            receiver.ack(messages[-1])


if __name__ == "__main__":
    {"receive": receive, "send": send}[sys.argv[1]](*sys.argv[2:])
