"""A wrong clock for one process: every place of the product that asks the system for the time."""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

OURS = ("chassis", "planning", "scoring", "approval", "reward", "notification")


def skew(seconds: float, *, back_after: float = 0.0) -> None:
    """Move this process's wall clock; what counts durations (``monotonic``) stays, as on a real machine.

    Only the product's modules are told, as far as they are loaded: gRPC's waiting compares Python's clock
    with the kernel's and would hang between two. What is imported later finds the wrong ``datetime`` too.

    :param back_after: seconds after which the clock steps back to the right time; 0 for never
    """
    real = datetime
    until = time.monotonic() + back_after if back_after else float("inf")

    def ahead() -> float:
        return seconds if time.monotonic() < until else 0.0

    class Kind(type):
        """What a library made with the right class is an instance of the wrong one too."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real)

    class Skewed(datetime, metaclass=Kind):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return real.now(tz) + timedelta(seconds=ahead())  # type: ignore[return-value]

    class Clock:
        """The module :mod:`time`, with the wrong time of day."""

        def __getattr__(self, name: str) -> Any:
            return getattr(time, name)

        def time(self) -> float:
            return time.time() + ahead()

        def time_ns(self) -> int:
            return time.time_ns() + int(ahead() * 1e9)

    clock = Clock()
    for name, loaded in list(sys.modules.items()):
        if name.split(".")[0] in OURS:
            if getattr(loaded, "datetime", None) is real:
                setattr(loaded, "datetime", Skewed)  # noqa: B010
            if getattr(loaded, "time", None) is time:
                setattr(loaded, "time", clock)  # noqa: B010
    setattr(sys.modules["datetime"], "datetime", Skewed)  # noqa: B010
