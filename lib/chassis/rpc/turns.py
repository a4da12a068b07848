"""Calls so large that a process bears one of them at a time."""

import ctypes
import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

import grpc

from chassis.rpc.calls import Abandoned, Busy

Request = TypeVar("Request")
Response = TypeVar("Response")

LONGEST_WAIT = 3_600.0

MOST_WAITING = 8
"""Such calls in a process, the one that runs among them. Each holds its request in memory and one of the
server's threads, half of which are left for all others."""

RETRY_AFTER_S = 5

_turn = threading.Lock()
_places = threading.BoundedSemaphore(MOST_WAITING)


def one_at_a_time(
    method: Callable[[Any, Request, grpc.ServicerContext], Response],
) -> Callable[[Any, Request, grpc.ServicerContext], Response]:
    """Run a method in turn with every other one so marked, to bound the memory of the process.

    Put it above ``@command``: who waits has no transaction yet, which the database would end for its silence.
    Two workbooks at once would not be done sooner: reading them is work of one processor in Python.

    :raises Busy: if :data:`MOST_WAITING` are there already; nothing was done then
    """

    @functools.wraps(method)
    def run(api: Any, request: Request, context: grpc.ServicerContext) -> Response:
        if not _places.acquire(blocking=False):
            raise Busy(RETRY_AFTER_S)
        try:
            return in_turn(api, request, context)
        finally:
            _places.release()

    def in_turn(api: Any, request: Request, context: grpc.ServicerContext) -> Response:
        remaining = context.time_remaining()
        wait = LONGEST_WAIT if remaining is None else min(max(remaining, 0.0), LONGEST_WAIT)
        if not _turn.acquire(timeout=wait):
            raise Abandoned
        try:
            if not context.is_active():
                raise Abandoned
            return method(api, request, context)
        finally:
            _give_back()
            _turn.release()

    return run


def _trimmer() -> Callable[[int], int] | None:
    try:
        return cast("Callable[[int], int]", ctypes.CDLL(None).malloc_trim)
    except (OSError, AttributeError):
        return None  # another C library than GNU's


_trim = _trimmer()


def _give_back() -> None:
    """Return freed memory to the system.

    GNU's allocator keeps what each thread has freed for that thread; the next such call has another one.
    """
    if _trim is not None:
        _trim(0)
