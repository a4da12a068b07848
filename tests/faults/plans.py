"""What a process under test is to suffer, written where it reads it at its next start."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Point:
    """What happens when a process passes a named place for the ``hit``-th time.

    ``do`` is ``kill`` (SIGKILL), ``stop`` (SIGSTOP) or ``nap`` (wait for up to ``seconds``, at every pass).
    """

    at: str
    hit: int = 1
    do: str = "kill"
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that one process suffers.

    :param points: fail-points
    :param off: safety devices that are switched off (the control arm)
    :param slow: seconds that a handler takes longer, by queue; ``*`` for all
    :param poison: what the handler does with the events of a subject: ``raise`` or ``kill``
    :param skew: seconds that the process's clock is ahead
    :param back_after: seconds after which that clock steps back to the right time; 0 for never
    :param batch: messages in one batch, at most; 0 for what the subscription says
    """

    points: Sequence[Point] = ()
    off: Sequence[str] = ()
    slow: Mapping[str, float] = field(default_factory=dict)
    poison: Mapping[str, str] = field(default_factory=dict)
    skew: float = 0.0
    back_after: float = 0.0
    batch: int = 0


def write(folder: Path, name: str, plan: Plan | None) -> None:
    """Keep a plan for the next start of a process; None for none."""
    path = folder / "plans" / f"{name}.json"
    if plan is None:
        path.unlink(missing_ok=True)
        return
    new = path.with_suffix(".new")
    new.write_text(json.dumps(asdict(plan)))
    new.replace(path)
