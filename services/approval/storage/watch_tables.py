"""The tables of reminders and of people's years.

Rows are only ever added: triggers, which the migrations set, refuse to change or delete one. Only the copy of
units' grades follows what scoring announces.
"""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from approval.storage.schema import Base, Code, Day, Letter, Month
from chassis import db

Year = String(4)


class RoundRow(Base):
    """A round of telling people of a deadline (R-26, R-42): held once.

    :ivar days: left before the deadline, or passed since
    :ivar told: who was told, each with the ids of those late (himself, where he must act)
    """

    __tablename__ = "reminder_round"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    step: Mapped[str] = mapped_column(Code, primary_key=True)
    last_day: Mapped[str] = mapped_column(Day, primary_key=True)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    told: Mapped[dict[str, list[str]]] = mapped_column(db.JSON)
    told_at: Mapped[datetime]


class UnitGradeRow(Base):
    """A unit's grade of a year, as scoring announced it (R-24)."""

    __tablename__ = "unit_grade"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    year: Mapped[str] = mapped_column(Year, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    grade: Mapped[str | None] = mapped_column(Letter)
    document: Mapped[str] = mapped_column(Text)
    head_id: Mapped[str] = mapped_column(db.Key)
    revision: Mapped[int]


class YearResultRow(Base):
    """What is recorded of a person's year (form 02); a later revision replaces it."""

    __tablename__ = "year_result"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    year: Mapped[str] = mapped_column(Year, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    self_grade: Mapped[str | None] = mapped_column(Letter)
    grade: Mapped[str | None] = mapped_column(Letter)
    proposal: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(db.Key)
    authority_id: Mapped[str] = mapped_column(db.Key)
    recorded_at: Mapped[datetime]
