"""What the supervisor says when it gives up."""


class StackFailed(Exception):
    """The stack, or one process of it, could not start or did not last; the message says which and why.

    ``tail`` holds the last lines of the process's log, or nothing.
    """

    def __init__(self, message: str, tail: str = "") -> None:
        super().__init__(message)
        self.tail = tail
