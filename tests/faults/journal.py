"""The subscribers' logs: what each worker was given, and which events took effect.

What was given is a line in a file, written before the handler sees it, which outlives the process. What took
effect is a row in the service's own database, written in the handler's transaction: it stands there exactly
as often as the handler's effect does.
"""

import os
import time
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS fault_effect (
    position bigserial PRIMARY KEY, event_id uuid NOT NULL, handler text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE IF NOT EXISTS fault_inversion (
    position bigserial PRIMARY KEY, place text NOT NULL, before jsonb NOT NULL, after jsonb NOT NULL);
CREATE OR REPLACE FUNCTION fault_inverted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.revision < OLD.revision THEN
        INSERT INTO fault_inversion (place, before, after)
            VALUES (TG_TABLE_NAME, to_jsonb(OLD), to_jsonb(NEW));
    END IF;
    RETURN NEW;
END $$;
"""

TRIGGERS = """
DO $$ DECLARE found text; BEGIN
    FOR found IN SELECT table_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'revision' LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER fault_inverted AFTER UPDATE ON %I FOR EACH ROW'
            ' EXECUTE FUNCTION fault_inverted()', found);
    END LOOP;
END $$;
"""

_EFFECTS = (
    "INSERT INTO fault_effect (event_id, handler) SELECT id, :handler FROM unnest(CAST(:ids AS uuid[])) AS id"
)


def lay(role: str, log: Path) -> None:
    """Write the logs of a worker."""
    if role != "worker":
        return
    from sqlalchemy import text

    from chassis.bus.sources import AmqpSource
    from chassis.bus.subscription import Subscription

    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    take, call = AmqpSource.take, Subscription._call

    def taken(self: Any, limit: int, linger: float) -> Any:
        found = take(self, limit, linger)
        if found:
            at = f"{time.time():.3f}"
            lines = "".join(f"{each.queue} {each.event_id} {each.returns} {at}\n" for each in found)
            os.write(descriptor, lines.encode())
        return found

    def called(self: Any, session: Any, events: Any) -> None:
        call(self, session, events)
        session.execute(text(_EFFECTS), {"handler": self.queue, "ids": [each.id for each in events]})

    AmqpSource.take = taken  # type: ignore[method-assign]
    Subscription._call = called  # type: ignore[method-assign]
