"""How approval keeps what it knows: local copies, months, evaluations, decisions, published grades."""

from approval.storage import (  # their tables belong to the metadata
    appeal_tables,
    commendations,
    policy_tables,
    watch_tables,
)
from approval.storage.schema import tables

__all__ = ["appeal_tables", "commendations", "policy_tables", "tables", "watch_tables"]
