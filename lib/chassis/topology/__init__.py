"""What stands in the broker before anything runs: exchanges, queues, bindings."""

from chassis.topology.connection import connect, connect_buffered
from chassis.topology.declare import (
    DELIVERY_LIMIT,
    Interest,
    Interested,
    TopologyDiffers,
    declare,
    declare_exchange,
    missing,
    restore,
)
from chassis.topology.names import EventName, dead, event_name, exchange, queue, unheard

__all__ = [
    "DELIVERY_LIMIT",
    "EventName",
    "Interest",
    "Interested",
    "TopologyDiffers",
    "connect",
    "connect_buffered",
    "dead",
    "declare",
    "declare_exchange",
    "event_name",
    "exchange",
    "missing",
    "queue",
    "restore",
    "unheard",
]
