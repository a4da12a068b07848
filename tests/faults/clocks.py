"""A wrong clock for one process: every place of the product that asks the system for the time."""

import sys
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any, Self


def skew(seconds: float) -> None:
    """Move this process's wall clock; what counts durations (``monotonic``) stays, as on a real machine.

    Names that modules import later are taken from here too: the classes are exchanged in every module of the
    product that is loaded, and in :mod:`datetime` for those still to come.
    """
    module = sys.modules["datetime"]

    real, real_time, real_time_ns = datetime, time.time, time.time_ns
    by = timedelta(seconds=seconds)

    class Skewed(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return real.now(tz) + by  # type: ignore[return-value]

    time.time = lambda: real_time() + seconds
    time.time_ns = lambda: real_time_ns() + int(seconds * 1e9)
    ours = ("chassis", "planning", "scoring", "approval", "reward", "notification")
    for name, loaded in list(sys.modules.items()):
        if name.split(".")[0] in ours and getattr(loaded, "datetime", None) is real:
            exchanged: Any = loaded
            exchanged.datetime = Skewed
    setattr(module, "datetime", Skewed)  # noqa: B010
