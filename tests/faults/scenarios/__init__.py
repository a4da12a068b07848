"""The scenarios, in the order of the report; each module has a ``run(stage)`` and says what it does."""

import importlib
import importlib.util
from types import ModuleType

NAMES = (
    "s01_worker_killed",
    "s02_relay_and_api_killed",
    "s03_broker_killed",
    "s04_queue_lost",
    "s05_database_restarted",
    "s06_process_frozen",
    "s07_rolling_restart",
    "s08_delivered_three_times",
    "s09_reordered",
    "s10_poison",
    "s11_alarms",
    "s12_slow",
    "s13_network_cut",
    "s14_clocks",
    "s15_soak",
)

SPOIL_THE_RIG = ("s04", "off-claims")
"""Scenarios after which the others get new servers.

RabbitMQ 3.10 remembers where the data of a queue lay that it could not read (s04): made again under the same
name, the queue is down once more after every restart of that node. A relay that passes rows over leaves them
unsent, and the next relay has them in hand instead of what its scenario is about.
"""


def load(name: str) -> ModuleType:
    """Return a scenario's module.

    :raises ModuleNotFoundError: if it is not written yet
    """
    return importlib.import_module(f"faults.scenarios.{name}")


def written(name: str) -> bool:
    """True if a scenario of the list exists."""
    return importlib.util.find_spec(f"faults.scenarios.{name}") is not None
