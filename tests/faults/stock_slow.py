"""Two slow handlers as stock nameko runs them: the control of the rolling restart.

``python -m faults.stock_slow AMQP_URL LOG``: one line in LOG for every start of a handler.
"""

import eventlet

eventlet.monkey_patch()

import os  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402

from nameko.events import event_handler  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402

SECONDS = 4.0

amqp_url, log = sys.argv[1:]


def _start(payload: str) -> None:
    descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, f"{payload}\n".encode())
    os.close(descriptor)
    time.sleep(SECONDS)


class Stock:
    name = "faultstock"

    @event_handler("faultstock", "one")  # type: ignore[untyped-decorator]
    def one(self, payload: str) -> None:
        _start(payload)

    @event_handler("faultstock", "other")  # type: ignore[untyped-decorator]
    def other(self, payload: str) -> None:
        _start(payload)


if __name__ == "__main__":
    runner = ServiceRunner(config={"AMQP_URI": amqp_url, "max_workers": 10})
    runner.add_service(Stock)

    def asked(number: int, frame: object) -> None:
        # As nameko's own command does it.
        eventlet.spawn_n(runner.stop)

    import signal

    signal.signal(signal.SIGTERM, asked)
    runner.start()
    _descriptor = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(_descriptor, b"ready\n")
    runner.wait()
