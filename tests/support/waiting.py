"""Waiting for what happens in another process."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(question: Callable[[], T], *, within: float = 5.0, every: float = 0.05) -> T:
    """Return the first true answer to ``question``, asked until ``within`` seconds have passed.

    An ``AssertionError`` that the question raises counts as "not yet", so a question may be a block of
    assertions that ends with ``return True``; anything else it raises goes to the caller at once.

    :raises AssertionError: if no true answer comes in time; it tells the last answer or the last assertion
    """
    deadline = time.monotonic() + within
    while True:
        refused: AssertionError | None = None
        answer: object = None
        try:
            answer = question()
            if answer:
                return answer
        except AssertionError as error:
            refused = error
        if time.monotonic() >= deadline:
            last = f"failed with {refused}" if refused else f"answered {answer!r}"
            raise AssertionError(f"not within {within} s: {_name(question)} last {last}") from refused
        time.sleep(every)


def _name(question: Callable[[], object]) -> str:
    return getattr(question, "__qualname__", repr(question))
