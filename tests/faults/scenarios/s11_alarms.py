"""The broker is short of disk, then of memory, for 60 s each: it takes no messages.

gRPC goes on committing, the outboxes grow and say so, and all of it leaves when the alarm is over.
"""

from faults.checker import Verdict
from faults.load import Load
from faults.stage import Stage

ALARM_S = 60.0
ALARM_SHORT_S = 10.0


def run(stage: Stage) -> Verdict:
    """Raise alarms."""
    rig = stage.rig

    def unsent() -> int:
        ask = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
        return sum(int(rig.rows(service, ask)[0][0]) for service in rig.urls)

    def disturb(load: Load) -> None:
        raised = ("set_disk_free_limit", "4000GB"), ("set_vm_memory_high_watermark", "absolute", "1MB")
        cleared = ("set_disk_free_limit", "50MB"), ("set_vm_memory_high_watermark", "absolute", "2GB")
        for alarm, over in zip(raised, cleared, strict=True):
            stage.under_load(load, commands=10)
            before = unsent()
            rig.rabbitmq.ctl(*alarm)
            rig.mark(f"alarm {alarm[0]}")
            try:
                # New months begin while old ones wait for news: commands go on being acknowledged.
                for _ in range(4):
                    load.guest()
                stage.under_load(load, commands=60, within=ALARM_S)
                stage.rest(ALARM_SHORT_S if stage.short else ALARM_S - 15)
                grown = unsent()
                if grown <= before:
                    raise AssertionError("the outboxes did not grow while the broker took nothing")
                blocked = [
                    each for each in rig.names("relay") if " 1.0" in rig.metric(each, "kpi_relay_blocked{")
                ]
                stage.notes.append(f"{alarm[0]}: {grown} unsent, blocked: {', '.join(blocked)}")
                if "planning-relay" not in blocked:
                    raise AssertionError("the relay does not say that it is blocked")
            finally:
                rig.rabbitmq.ctl(*over)
                rig.mark("alarm over")

    return stage.judge("s11", disturb, within=60, rounds=10)
