"""The tables of scoring.

Ids of wards, people, units, scopes and groups are other services' and come as text. A month is ``YYYY-MM``.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import db

Month = String(7).with_variant(String(7, collation="C"), "postgresql")
Code = String(40)
Letter = String(1)

Row = dict[str, Any]
Lines = list[list[Any]]
"""Counted tasks as they are stored: see :mod:`scoring.storage.lines`."""


class Base(DeclarativeBase):
    """Holds the metadata with the frame's tables."""

    metadata = db.metadata()
    type_annotation_map = {datetime: db.Instant, Decimal: db.Exact}  # noqa: RUF012  # SQLAlchemy's protocol


class PostRow(Base):
    """The post that a person holds from a month on, as planning announced it."""

    __tablename__ = "post"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    from_month: Mapped[str] = mapped_column(Month, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key)
    duty_group: Mapped[str] = mapped_column(db.Key)
    quota_scope: Mapped[str] = mapped_column(db.Key)
    leads: Mapped[bool]
    superior_id: Mapped[str] = mapped_column(db.Key)
    manages: Mapped[list[str]] = mapped_column(db.JSON)
    active: Mapped[bool]
    personnel_type: Mapped[str] = mapped_column(Code, server_default="")
    revision: Mapped[int] = mapped_column(BigInteger)


class DelegationRow(Base):
    """Who acts for whom on which days, as approval announced it."""

    __tablename__ = "delegation"
    __table_args__ = (Index("ix_delegation_to", "ward_id", "to_person_id"),)

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    delegation_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    from_person_id: Mapped[str] = mapped_column(db.Key)
    to_person_id: Mapped[str] = mapped_column(db.Key)
    from_day: Mapped[date]
    to_day: Mapped[date]


class WorkRow(Base):
    """All counted work of a person's month, as planning announced it."""

    __tablename__ = "work"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    lines: Mapped[Lines] = mapped_column(db.JSON)
    revision: Mapped[int] = mapped_column(BigInteger)


class WorkingTimeRow(Base):
    """Required and worked half-days, as planning announced them."""

    __tablename__ = "working_time"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    required: Mapped[int]
    worked: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)


class AssessmentRow(Base):
    """General criteria, đ, e, blocker, as approval announced them."""

    __tablename__ = "assessment"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    common_score: Mapped[Decimal | None]
    organising: Mapped[int | None]
    unity: Mapped[int | None]
    blocker: Mapped[str] = mapped_column(Text)
    set_aside: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger)


class QuotaRateRow(Base):
    """The rate that was decided for a scope, as approval announced it."""

    __tablename__ = "quota_rate"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    quota_scope: Mapped[str] = mapped_column(db.Key, primary_key=True)
    rate: Mapped[Decimal]
    decision: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)


class MonthRow(Base):
    """How far a ward's month is computed; there is a row from the month's first fact on.

    ``marked`` counts the batches of facts, ``computed`` is the mark that was computed last: the month is
    stale while they differ. ``policies`` are the ids and versions it was computed with last, and from
    ``closed_at`` on, when every grade was published, those that it keeps.
    """

    __tablename__ = "month"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    marked: Mapped[int] = mapped_column(BigInteger)
    computed: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(BigInteger)
    marked_at: Mapped[datetime]
    stale_since: Mapped[datetime]
    retry_at: Mapped[datetime | None]
    policies: Mapped[list[str]] = mapped_column(db.JSON, server_default="[]")
    closed_at: Mapped[datetime | None]


class ScoreRow(Base):
    """A person's scorecard as it was announced last, and all it was computed from."""

    __tablename__ = "score"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key)
    quota_scope: Mapped[str] = mapped_column(db.Key)
    duty_group: Mapped[str] = mapped_column(db.Key)
    policy: Mapped[str] = mapped_column(db.Key)
    status: Mapped[str] = mapped_column(Code)
    reason: Mapped[str] = mapped_column(Code)
    waiting_for: Mapped[list[str]] = mapped_column(db.JSON)
    general: Mapped[Decimal | None]
    blocker: Mapped[str] = mapped_column(Text)
    total: Mapped[Decimal | None]
    band: Mapped[str] = mapped_column(Letter)
    grade: Mapped[str] = mapped_column(Letter)
    mark: Mapped[str] = mapped_column(Code)
    rank: Mapped[int]
    ratios: Mapped[list[list[str]]] = mapped_column(db.JSON)
    revision: Mapped[int] = mapped_column(BigInteger)
    computed_at: Mapped[datetime]
    sources: Mapped[str] = mapped_column(Text)
    under: Mapped[list[str]] = mapped_column(db.JSON)
    tied: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(db.JSON)
    lines: Mapped[Lines] = mapped_column(db.JSON)


class QuotaRow(Base):
    """A quota as it was announced last; ``empty`` once nobody of the group has a total any more."""

    __tablename__ = "quota"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    quota_scope: Mapped[str] = mapped_column(db.Key, primary_key=True)
    duty_group: Mapped[str] = mapped_column(db.Key, primary_key=True)
    members: Mapped[int]
    rate: Mapped[Decimal]
    quota_base: Mapped[str] = mapped_column(Code)
    quota_limit: Mapped[int]
    decision: Mapped[str] = mapped_column(Text)
    kept: Mapped[list[str]] = mapped_column(db.JSON)
    lowered: Mapped[list[str]] = mapped_column(db.JSON)
    tied: Mapped[list[str]] = mapped_column(db.JSON)
    empty: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger)


class PolicyRow(Base):
    """A version of a policy. Approving it is the only change that it ever sees."""

    __tablename__ = "policy"

    policy_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(db.Key, index=True)
    legal_basis: Mapped[list[str]] = mapped_column(db.JSON)
    from_month: Mapped[str] = mapped_column(Month)
    until_month: Mapped[str] = mapped_column(Month)
    personnel_types: Mapped[list[str]] = mapped_column(db.JSON)
    settings: Mapped[dict[str, str]] = mapped_column(db.JSON)
    based_on: Mapped[str] = mapped_column(db.Key)
    proposed_by: Mapped[str] = mapped_column(db.Key)
    proposed_at: Mapped[datetime]
    approved_by: Mapped[str] = mapped_column(db.Key)
    approved_at: Mapped[datetime | None]
    document: Mapped[str] = mapped_column(Text)


class UnitGradeRow(Base):
    """A unit's grade of a year as it was recorded; the greatest revision holds."""

    __tablename__ = "unit_grade"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    period: Mapped[str] = mapped_column(Month, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    grade: Mapped[str] = mapped_column(Letter)
    document: Mapped[str] = mapped_column(Text)
    head_id: Mapped[str] = mapped_column(db.Key)
    recorded_by: Mapped[str] = mapped_column(db.Key)
    recorded_at: Mapped[datetime]


tables = Base.metadata
"""All tables, the frame's among them."""
