"""The names other systems rely on: exchanges, keys, queues. Changing one strands what subscribes to it."""

import importlib
from pathlib import Path

from chassis.settings import SERVICES
from chassis.topology import names

PARTS = {f"kpi.planning.v1.{name}" for name in ("WorkLine", "WorkFault", "MonthWork")}
"""Messages that stand in an events.proto and are no events themselves."""
WIRE = Path(__file__).parent / "wire.txt"


def test_exchanges_keys_and_queues_are_what_they_were() -> None:
    """To change a name on purpose, subscribers come first: then change wire.txt in the same commit."""
    found = []
    for service in SERVICES:
        events = importlib.import_module(f"kpi.{service}.v1.events_pb2").DESCRIPTOR
        for message in events.message_types_by_name.values():
            if message.full_name not in PARTS:
                name = names.event_name(message.full_name)
                found.append(f"event {message.full_name}: {names.exchange(name.source)} {name.key}")
        worker = getattr(importlib.import_module(f"{service}.worker"), f"{service.capitalize()}Worker")
        interest = worker.interest()
        found += [f"queue {names.queue(interest.service, type_)}: {type_}" for type_ in interest.takes]
    assert "\n".join(sorted(found)) + "\n" == WIRE.read_text("utf-8")


def test_every_event_has_a_queue() -> None:
    """An event that no queue takes is returned to its relay and stays unsent for ever."""
    announced, taken = set(), set()
    for service in SERVICES:
        events = importlib.import_module(f"kpi.{service}.v1.events_pb2").DESCRIPTOR
        announced |= {each.full_name for each in events.message_types_by_name.values()} - PARTS
        worker = getattr(importlib.import_module(f"{service}.worker"), f"{service.capitalize()}Worker")
        interest = worker.interest()
        taken |= {*interest.takes, *interest.unheard}
    assert announced == taken
