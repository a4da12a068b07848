"""The tables of policies: versions and their approvals.

Rows are only ever added: triggers, which the migrations set, refuse to change or delete one.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from approval.storage.schema import Base
from chassis import db


class PolicyVersion(Base):
    """A version as it was proposed, whole.

    :ivar owner: a ward, or ``*`` for the city
    :ivar document: JSON
    """

    __tablename__ = "policy_version"

    policy_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(db.Key)
    document: Mapped[str] = mapped_column(Text)
    based_on: Mapped[str] = mapped_column(db.Key)
    proposed_by: Mapped[str] = mapped_column(db.Key)
    proposed_at: Mapped[datetime]


class PolicyApproval(Base):
    """That a version was approved, and by which document."""

    __tablename__ = "policy_approval"

    policy_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approved_by: Mapped[str] = mapped_column(db.Key)
    approved_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(Text)
