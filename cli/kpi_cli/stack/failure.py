"""What the supervisor says when it gives up."""


class StackFailed(Exception):
    """The stack, or one process of it, could not start or did not last.

    The message says which and why; ``tail`` holds the last lines of that process's log, or nothing.
    As text it is both.
    """

    def __init__(self, message: str, tail: str = "") -> None:
        super().__init__(message)
        self.message, self.tail = message, tail

    def __str__(self) -> str:
        return "\n  ".join([self.message, *self.tail.splitlines()])
