"""How a run ends: what scripts can rely on."""

import grpc

DONE = 0
UNEXPECTED = 1
BAD_INPUT = 2
REFUSED = 3
NOT_PERMITTED = 4
NOT_FOUND = 5
UNAVAILABLE = 6
INTERRUPTED = 130
BROKEN_PIPE = 141

CODES = {
    grpc.StatusCode.INVALID_ARGUMENT: BAD_INPUT,
    grpc.StatusCode.OUT_OF_RANGE: BAD_INPUT,
    grpc.StatusCode.FAILED_PRECONDITION: REFUSED,
    grpc.StatusCode.ABORTED: REFUSED,
    grpc.StatusCode.ALREADY_EXISTS: REFUSED,
    grpc.StatusCode.PERMISSION_DENIED: NOT_PERMITTED,
    grpc.StatusCode.UNAUTHENTICATED: NOT_PERMITTED,
    grpc.StatusCode.NOT_FOUND: NOT_FOUND,
    grpc.StatusCode.UNAVAILABLE: UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED: UNAVAILABLE,
}


class Ended(Exception):
    """The run is over, and everything there is to say was said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Wrong(Exception):
    """What was typed or handed over cannot be used; the message says what and what to do."""


class Broken(Exception):
    """Something arrived damaged or does not add up; the message says what."""


def exit_code(code: grpc.StatusCode) -> int:
    """Return how a run ends whose call failed with ``code``."""
    return CODES.get(code, UNEXPECTED)
