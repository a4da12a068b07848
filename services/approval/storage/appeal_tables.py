"""The tables of what follows publication, and of returns.

Rows are only ever added: triggers, which the migrations set, refuse to change or delete one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from approval.storage.schema import Base, Code, Day, Month
from chassis import db


class AppealRow(Base):
    """An appeal or a reserved opinion about a published grade."""

    __tablename__ = "appeal"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(Month)
    person_id: Mapped[str] = mapped_column(db.Key)
    kind: Mapped[str] = mapped_column(Code)
    decision_id: Mapped[UUID]
    decision_revision: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    submitted_by: Mapped[str] = mapped_column(db.Key)
    submitted_at: Mapped[datetime]
    last_day: Mapped[str | None] = mapped_column(Day)


class AnswerRow(Base):
    """The answer to an appeal: one."""

    __tablename__ = "appeal_answer"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    appeal_id: Mapped[UUID] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(Code)
    text: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    answered_by: Mapped[str] = mapped_column(db.Key)
    authority_id: Mapped[str] = mapped_column(db.Key)
    answered_at: Mapped[datetime]
    late: Mapped[bool]
    new_decision_id: Mapped[UUID | None]


class ReturnRow(Base):
    """A self-assessment or remarks returned for correction; what they said stands in the log."""

    __tablename__ = "evaluation_return"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(Code)
    reason: Mapped[str] = mapped_column(Text)
    returned_by: Mapped[str] = mapped_column(db.Key)
    authority_id: Mapped[str] = mapped_column(db.Key)
    returned_at: Mapped[datetime]


Index("ix_appeal_person", AppealRow.ward_id, AppealRow.month, AppealRow.person_id)
