"""Who sees plans for some days because somebody delegated to him (R-2, R-29)."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from planning import storage
from planning.domain.delegation import Delegation


def keep_delegations(session: Session, delegations: Iterable[Delegation]) -> None:
    """Keep what approval announced; the same again changes nothing, in whatever order it comes."""
    storage.keep_delegations(session, delegations)
