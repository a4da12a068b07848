"""The names that other systems rely on: exchanges, keys, queues. Changing one strands what subscribes to it."""

import importlib
from pathlib import Path

from chassis.settings import SERVICES
from chassis.topology import names

WIRE = Path(__file__).parent / "wire.txt"


def test_exchanges_keys_and_queues_are_what_they_were() -> None:
    """To change a name on purpose, subscribers come first: then change wire.txt in the same commit."""
    found = []
    for service in SERVICES:
        events = importlib.import_module(f"kpi.{service}.v1.events_pb2").DESCRIPTOR
        for message in events.message_types_by_name.values():
            if message.name not in ("WorkLine", "WorkFault", "MonthWork"):
                name = names.event_name(message.full_name)
                found.append(f"event {message.full_name}: {names.exchange(name.source)} {name.key}")
        worker = getattr(importlib.import_module(f"{service}.worker"), f"{service.capitalize()}Worker")
        interest = worker.interest()
        found += [f"queue {names.queue(interest.service, type_)}: {type_}" for type_ in interest.types]
    assert "\n".join(sorted(found)) + "\n" == WIRE.read_text("utf-8")
