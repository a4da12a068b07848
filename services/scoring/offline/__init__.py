"""``python -m scoring score FILE``: score a month from a file, with no service running."""

from scoring.offline.command import run, score_file

__all__ = ["run", "score_file"]
