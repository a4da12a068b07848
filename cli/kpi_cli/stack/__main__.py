"""``python -m kpi_cli.stack``: a stack in the foreground."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Literal

import kpi_cli.stack
from kpi_cli.stack.failure import StackFailed
from kpi_cli.stack.procfile import EMBEDDED, PROCFILE
from kpi_cli.stack.supervisor import Stack, embedded_environment, server_environment


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a stack until a signal comes (status 0) or a process dies (status 1)."""
    parser = argparse.ArgumentParser(
        prog="python -m kpi_cli.stack",
        description=(kpi_cli.stack.__doc__ or "").splitlines()[0],
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(os.environ.get("KPI_STATE", "var")),  # where kpi looks for a running stack
        help="folder of databases and logs (default: KPI_STATE, else var)",
    )
    parser.add_argument(
        "--procfile",
        type=Path,
        help="default: the embedded stack, or every process on the broker that AMQP_URL names",
    )
    parser.add_argument("--ports", choices=("usual", "free"), default="usual", help="default: usual")
    given = parser.parse_args(arguments)
    ports: Literal["usual", "free"] = given.ports
    on_servers = os.environ.get("AMQP_URL", "memory:").partition(":")[0] != "memory"
    procfile = given.procfile or (PROCFILE if on_servers else EMBEDDED)
    environment = (
        embedded_environment(given.state)
        if procfile.resolve() == EMBEDDED
        else server_environment(given.state, os.environ)
    )
    stack = Stack(given.state, environment, procfile, ports)
    no_more_interrupts = _interrupt_on_signals()
    try:
        try:
            print("Đang khởi động… / Starting…", flush=True)
            stack.start()
            for service, address in stack.grpc.items():
                print(f"  {service:<14}{address}", flush=True)
            print(f"Sẵn sàng / Ready. Nhật ký / Logs: {stack.state / 'logs'}. Ctrl-C", flush=True)
            while True:
                stack.check()
                time.sleep(0.2)
        finally:
            no_more_interrupts()
            stack.stop()
    except KeyboardInterrupt:
        print("Đã dừng. / Stopped.", flush=True)
        return 0
    except StackFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1


def _interrupt_on_signals() -> Callable[[], None]:
    """Let SIGTERM and SIGINT interrupt, once; return what ends that, so that nothing cuts a stop short."""
    once = [KeyboardInterrupt]

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if once:
            raise once.pop()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, interrupt)
    return once.clear


if __name__ == "__main__":
    sys.exit(main())
