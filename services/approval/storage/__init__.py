"""How approval keeps what it knows: local copies, months, evaluations, decisions, published grades."""

from approval.storage.schema import tables

__all__ = ["tables"]
