"""What the log of changes says of an evaluation (R-32)."""

from approval.domain.evaluation import Evaluation
from chassis import audit
from chassis.audit import Change, record

__all__ = ["Change", "evaluated", "record"]


def evaluated(action: str, before: Evaluation, after: Evaluation, authority_id: str) -> Change:
    """Return the change of an evaluation: of its parts, those that differ."""
    was, now = audit.changed(before, after)
    return Change(action, "evaluation", after.person_id, was, now, authority_id)
