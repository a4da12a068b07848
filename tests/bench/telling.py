"""Progress, for whoever waits."""

import sys


def tell(line: str) -> None:
    """Write a line at once."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
