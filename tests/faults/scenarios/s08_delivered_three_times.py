"""Every event three times: at once on two workers, again after a restart, and near the end of the memory.

The inbox remembers for 35 days: 33 days later, after a clean-up, a copy still changes nothing.
"""

import threading

import amqp

from chassis import topology
from chassis.relay import wire
from chassis.relay.rows import Row
from faults.checker import Verdict
from faults.load import Load
from faults.rig import Rig
from faults.stage import Stage

COPIES = 3


def run(stage: Stage) -> Verdict:
    """Deliver everything again and again."""
    rig = stage.rig
    begun = {service: _last(rig, service) for service in rig.urls}

    def disturb(load: Load) -> None:
        stage.under_load(load, commands=60)
        replicated = ("reward",) if stage.short else ("scoring", "reward")
        seconds = [rig.second(service, "worker", stage.plan()) for service in replicated]
        _storm(rig, begun)
        stage.under_load(load, commands=20)
        if stage.off:
            # Enough for a control: what is seen once need not be seen again.
            for name in seconds:
                rig.retire(name)
            return
        for name in rig.names("worker"):
            rig.restart(name, stage.plan(), wait=False)
        rig.await_ready(*rig.names("worker"))
        _storm(rig, begun)
        for name in seconds:
            rig.retire(name)
        if not stage.short:
            _age(stage, begun)

    return stage.judge("s08", disturb, within=60)


def _age(stage: Stage, begun: dict[str, int]) -> None:
    """Let 33 days pass for every inbox, clean up, and deliver everything once more."""
    rig = stage.rig
    stage.wait(lambda: not rig.moving())
    last = {service: _last(rig, service) for service in rig.urls}
    for service in rig.urls:
        with rig.database(service) as connection:
            connection.execute("UPDATE inbox SET handled_at = handled_at - interval '33 days'")
            connection.execute("UPDATE lease SET due_at = now() WHERE name = 'purge'")
    rig.mark("33 days later")
    for name in rig.names("worker"):
        rig.restart(name, stage.plan(), wait=False)
    rig.await_ready(*rig.names("worker"))
    cleaned = "SELECT 1 FROM lease WHERE name = 'purge' AND due_at > now()"
    stage.wait(lambda: all(rig.rows(service, cleaned) for service in rig.urls))
    found = [row for each in rig.urls for row in _rows(rig, each, begun[each], last[each])]
    if not found:
        raise AssertionError("nothing is left to be delivered again")
    _publish(rig, found)
    stage.notes.append(f"{len(found)} events again after 33 days")


def _storm(rig: Rig, begun: dict[str, int]) -> None:
    """Publish every event so far, from as many threads as copies, at once."""
    rows = [row for service in rig.urls for row in _rows(rig, service, begun[service])]
    threads = [threading.Thread(target=_publish, args=(rig, rows)) for _ in range(COPIES - 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    rig.mark(f"{len(rows)} events {COPIES} times")


def _rows(rig: Rig, service: str, after: int, until: int = 2**62) -> list[Row]:
    found = rig.rows(
        service,
        "SELECT position, event_id, type, subject, body, correlation_id, recorded_at, returns FROM outbox"
        " WHERE position > %s AND position <= %s AND sent_at IS NOT NULL ORDER BY position",
        after, until,
    )  # fmt: skip
    names = ("position", "event_id", "type", "subject", "body", "correlation_id", "recorded_at", "returns")
    given = [dict(zip(names, row, strict=True)) for row in found]
    return [Row(**{**each, "body": bytes(each["body"]), "queue": None}) for each in given]


def _publish(rig: Rig, rows: list[Row]) -> None:
    with topology.connect(rig.amqp) as connection, connection.channel() as channel:
        for row in rows:
            exchange, key = wire.address(row)
            message = amqp.Message(
                row.body, content_type=wire.CONTENT_TYPE, application_headers=wire.headers(row),
                **wire.properties(row),
            )  # fmt: skip
            channel.basic_publish(message, exchange, key)


def _last(rig: Rig, service: str) -> int:
    return int(rig.rows(service, "SELECT coalesce(max(position), 0) FROM outbox")[0][0])
