"""How approval keeps what it knows: local copies, months, evaluations, decisions, published grades."""

from approval.storage import appeal_tables, policy_tables, watch_tables  # their tables belong to the metadata
from approval.storage.schema import tables

__all__ = ["appeal_tables", "policy_tables", "tables", "watch_tables"]
