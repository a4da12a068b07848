"""Calls that a process bears one of at a time."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import grpc
import pytest

from chassis.rpc import one_at_a_time
from chassis.rpc.calls import Abandoned, Busy
from chassis.rpc.turns import MOST_WAITING
from support.waiting import eventually


class Context:
    def __init__(self, remaining: float | None, *, active: bool = True) -> None:
        self.remaining, self.active = remaining, active

    def time_remaining(self) -> float | None:
        return self.remaining

    def is_active(self) -> bool:
        return self.active


def context(remaining: float | None = 60.0, *, active: bool = True) -> grpc.ServicerContext:
    return cast("grpc.ServicerContext", Context(remaining, active=active))


class Api:
    """Counts who is inside; ``go`` lets them out."""

    def __init__(self) -> None:
        self.inside, self.most, self.done = 0, 0, 0
        self.entered, self.go = threading.Event(), threading.Event()

    @one_at_a_time
    def read(self, request: str, context: grpc.ServicerContext) -> str:
        return self._work(request)

    @one_at_a_time
    def other(self, request: str, context: grpc.ServicerContext) -> str:
        return self._work(request)

    def _work(self, request: str) -> str:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.entered.set()
        self.go.wait(10)
        self.inside -= 1
        self.done += 1
        if request == "bad":
            raise ValueError(request)
        return request


def call(method: Any, request: str) -> Any:
    try:
        return method(request, context())
    except ValueError:
        return "refused"


def test_calls_so_marked_take_turns_whatever_comes_of_them() -> None:
    api = Api()
    with ThreadPoolExecutor(6) as pool:
        asked = [("read", "a"), ("other", "bad"), ("read", "c"), ("other", "d"), ("read", "e")]
        waiting = [pool.submit(call, getattr(api, name), request) for name, request in asked]
        assert api.entered.wait(10)
        api.go.set()
        answers = [each.result(10) for each in waiting]

    assert answers == ["a", "refused", "c", "d", "e"]
    assert (api.most, api.done) == (1, 5)


def test_who_cannot_wait_so_long_is_not_begun() -> None:
    api = Api()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(api.read, "a", context(None))
        assert api.entered.wait(10)
        with pytest.raises(Abandoned):
            api.other("b", context(0.01))
        api.go.set()
        assert first.result(10) == "a"

    with pytest.raises(Abandoned):
        api.read("c", context(active=False))
    assert api.read("d", context()) == "d"
    assert api.done == 2


def test_no_more_wait_than_their_limit_and_places_are_given_back() -> None:
    api = Api()
    with ThreadPoolExecutor(MOST_WAITING) as pool:
        inside = pool.submit(api.read, "a", context())
        assert api.entered.wait(10)
        for _ in range(MOST_WAITING - 1):
            with pytest.raises(Abandoned):
                api.read("b", context(0.01))
        taken = threading.Barrier(MOST_WAITING)

        def wait(name: str) -> str:
            taken.wait(10)
            while True:
                # The question below takes a place for a moment.
                with contextlib.suppress(Busy):
                    return api.other(name, context())

        waiting = [pool.submit(wait, str(number)) for number in range(MOST_WAITING - 1)]
        taken.wait(10)
        eventually(lambda: refused(api))
        api.go.set()
        assert inside.result(10) == "a"
        assert [each.result(10) for each in waiting] == [str(number) for number in range(MOST_WAITING - 1)]
    assert api.read("after", context()) == "after"


def refused(api: Api) -> bool:
    """Say whether one more is refused; until all others have come it waits a moment instead."""
    try:
        api.read("one too many", context(0.01))
    except Busy as busy:
        return busy.retry_after_s > 0
    except Abandoned:
        return False
    raise AssertionError("it ran beside another")
