"""A wrong clock for one process: every place of the product that asks the system for the time."""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self

OURS = ("chassis", "planning", "scoring", "approval", "reward", "notification")


def skew(seconds: float, *, back_after: float = 0.0) -> None:
    """Move this process's wall clock; what counts durations (``monotonic``) stays, as on a real machine.

    The class is exchanged in every module of the product that is loaded, and in :mod:`datetime` for those
    still to come.

    :param back_after: seconds after which the clock steps back to the right time; 0 for never
    """
    real, real_time, real_time_ns = datetime, time.time, time.time_ns
    until = time.monotonic() + back_after if back_after else float("inf")

    def ahead() -> float:
        return seconds if time.monotonic() < until else 0.0

    class Skewed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return real.now(tz) + timedelta(seconds=ahead())  # type: ignore[return-value]

    time.time = lambda: real_time() + ahead()
    time.time_ns = lambda: real_time_ns() + int(ahead() * 1e9)
    for name, loaded in list(sys.modules.items()):
        if name.split(".")[0] in OURS and getattr(loaded, "datetime", None) is real:
            exchanged: Any = loaded
            exchanged.datetime = Skewed
    setattr(sys.modules["datetime"], "datetime", Skewed)  # noqa: B010
