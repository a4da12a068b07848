"""What an operator reads of an event: which one it is and whom it is about, not what it says of people.

Scores, grades, remarks and money are for the person and the competent people. Whoever replays or drops an
event needs its ids, month and revision; its whole content is for somebody who is the ward's auditor as well.
"""

import json
from typing import Any, Final

from chassis.auth import Actor

MASK: Final = "…"
_KEPT: Final = ("_id", "_ids", "_at", "_day", "month", "revision", "version", "type", "state", "step", "kind")
"""Ends of the names of fields that say what an event is about."""


def told(body: bytes, actor: Actor) -> str:
    """Return an event's body as text: whole to an auditor of its ward, otherwise with what it says masked."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return body.decode(errors="replace") if actor.has("auditor") and actor.covers("*") else MASK
    ward = parsed.get("ward_id", "") if isinstance(parsed, dict) else ""
    if actor.has("auditor") and actor.covers(ward if isinstance(ward, str) and ward else "*"):
        return body.decode(errors="replace")
    return json.dumps(_masked(parsed), ensure_ascii=False)


def _masked(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: each if _kept(name, each) else _masked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_masked(each) for each in value]
    return MASK


def _kept(name: str, value: Any) -> bool:
    plain = isinstance(value, str | int) or (
        isinstance(value, list) and all(isinstance(each, str) for each in value)
    )
    return plain and name.endswith(_KEPT)
