"""What stands in the broker before anything runs: exchanges, queues, bindings."""

from chassis.topology.connection import connect
from chassis.topology.declare import Interest, TopologyDiffers, declare, restore
from chassis.topology.names import EventName, dead, event_name, exchange, queue, unheard

__all__ = [
    "EventName",
    "Interest",
    "TopologyDiffers",
    "connect",
    "dead",
    "declare",
    "event_name",
    "exchange",
    "queue",
    "restore",
    "unheard",
]
