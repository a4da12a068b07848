"""What stands in the broker before anything runs: exchanges, queues, bindings."""

from chassis.topology.names import EventName, dead, event_name, exchange, queue, unheard

__all__ = ["EventName", "dead", "event_name", "exchange", "queue", "unheard"]
