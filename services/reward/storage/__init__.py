"""Rows and questions: copies of what others announced, funds, runs, the ledger."""

from reward.storage.rows import tables

__all__ = ["tables"]
