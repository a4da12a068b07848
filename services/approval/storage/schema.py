"""The tables.

Decisions, grades, extensions, delegations, quota rates and issued records are only ever added to: triggers,
which the migrations set, refuse to change or delete a row of them.
Ids of other services (ward, unit, person) are theirs and come as text. A month is ``YYYY-MM``, a legal day
``YYYY-MM-DD``.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import db

Month = String(7)
Day = String(10)
Letter = String(1)
Code = String(40)


class Base(DeclarativeBase):
    """Holds the metadata with the frame's tables."""

    metadata = db.metadata()
    type_annotation_map = {datetime: db.Instant, Decimal: db.Exact, int: BigInteger}  # noqa: RUF012  # SQLAlchemy's own protocol


class Ward(Base):
    """A ward, as planning announced it."""

    __tablename__ = "ward"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    city: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]


class Unit(Base):
    """A unit, as planning announced it."""

    __tablename__ = "unit"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Code)
    revision: Mapped[int]


class Post(Base):
    """The post that a person holds from a month on, as planning announced it."""

    __tablename__ = "post"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    from_month: Mapped[str] = mapped_column(Month, primary_key=True)
    full_name: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(db.Key)
    post: Mapped[str] = mapped_column(Code)
    title: Mapped[str] = mapped_column(Text)
    personnel_type: Mapped[str] = mapped_column(Code)
    leads: Mapped[bool]
    superior_id: Mapped[str] = mapped_column(db.Key)
    in_charge_ids: Mapped[list[str]] = mapped_column(db.JSON)
    duty_group: Mapped[str] = mapped_column(db.Key)
    quota_scope: Mapped[str] = mapped_column(db.Key)
    active: Mapped[bool]
    revision: Mapped[int]


class Score(Base):
    """A score, as scoring announced it last."""

    __tablename__ = "score"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    status: Mapped[str] = mapped_column(Code)
    reason: Mapped[str] = mapped_column(Code)
    total: Mapped[Decimal | None]
    band: Mapped[str | None] = mapped_column(Letter)
    proposed: Mapped[str | None] = mapped_column(Letter)
    outcome: Mapped[str | None] = mapped_column(Code)
    general: Mapped[Decimal | None]
    organising: Mapped[int]
    unity: Mapped[int]
    ratios: Mapped[dict[str, str] | None] = mapped_column(db.JSON)
    """By letter (a, b, c, d, dd, e), decimals as text; ``None`` where none were announced."""
    quota_scope: Mapped[str] = mapped_column(db.Key)
    duty_group: Mapped[str] = mapped_column(db.Key)
    blocker: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    computed_at: Mapped[datetime | None]
    working_time_revision: Mapped[int] = mapped_column(server_default="0")
    work_revision: Mapped[int] = mapped_column(server_default="0")
    revision: Mapped[int]


class Quota(Base):
    """The quota of a scope and group, as scoring announced it; deciders take turns by locking its row.

    ``revision`` 0 is a row made for the lock before scoring announced anything.
    """

    __tablename__ = "quota"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    quota_scope: Mapped[str] = mapped_column(db.Key, primary_key=True)
    duty_group: Mapped[str] = mapped_column(db.Key, primary_key=True)
    rate: Mapped[Decimal | None]
    quota_base: Mapped[str] = mapped_column(Code, server_default="")
    members: Mapped[int] = mapped_column(server_default="0")
    maximum: Mapped[int] = mapped_column(server_default="0")
    kept_ids: Mapped[list[str] | None] = mapped_column(db.JSON)
    lowered_ids: Mapped[list[str] | None] = mapped_column(db.JSON)
    tied_ids: Mapped[list[str] | None] = mapped_column(db.JSON)
    revision: Mapped[int] = mapped_column(server_default="0")


class QuotaRate(Base):
    """A rate over the usual one, with the decision that allows it; a later revision supersedes."""

    __tablename__ = "quota_rate"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    quota_scope: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    rate: Mapped[Decimal]
    decision: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[str] = mapped_column(Day)
    signer: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(db.Key)
    recorded_at: Mapped[datetime]


class MonthRow(Base):
    """A ward's month that was opened."""

    __tablename__ = "month"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    policy: Mapped[str] = mapped_column(Text)
    opened_by: Mapped[str] = mapped_column(db.Key)
    opened_at: Mapped[datetime]
    publication_revision: Mapped[int] = mapped_column(server_default="0")
    published_at: Mapped[datetime | None]


class ExtensionRow(Base):
    """A deadline moved, on record."""

    __tablename__ = "extension"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    step: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    last_day: Mapped[str] = mapped_column(Day)
    reason: Mapped[str] = mapped_column(Text)
    extended_by: Mapped[str] = mapped_column(db.Key)
    extended_at: Mapped[datetime]


class EvaluationRow(Base):
    """A person's month. Made when the first step is taken; who has none yet is known from the posts.

    ``self_…`` is the self-assessment, ``review_…`` the superior's remarks, ``decision_…`` the deciding
    authority's values: three stored sets. A set of values is a list of ``[criterion, points, reason]``,
    points as text. ``decided_revision`` and ``published_revision`` point to the decision and the grade in
    force; 0 for none.
    """

    __tablename__ = "evaluation"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(server_default="0")

    self_values: Mapped[list[Any] | None] = mapped_column(db.JSON)
    self_points: Mapped[Decimal | None]
    self_strengths: Mapped[str | None] = mapped_column(Text)
    self_weaknesses: Mapped[str | None] = mapped_column(Text)
    self_proposed: Mapped[str | None] = mapped_column(Letter)
    self_document: Mapped[str | None] = mapped_column(Text)
    self_by: Mapped[str | None] = mapped_column(db.Key)
    self_at: Mapped[datetime | None]
    self_late: Mapped[bool | None]

    review_values: Mapped[list[Any] | None] = mapped_column(db.JSON)
    review_points: Mapped[Decimal | None]
    review_text: Mapped[str | None] = mapped_column(Text)
    review_organising: Mapped[int | None]
    review_organising_fact: Mapped[str | None] = mapped_column(Text)
    review_unity: Mapped[int | None]
    review_unity_fact: Mapped[str | None] = mapped_column(Text)
    review_blocker: Mapped[str | None] = mapped_column(Text)
    review_document: Mapped[str | None] = mapped_column(Text)
    review_by: Mapped[str | None] = mapped_column(db.Key)
    review_at: Mapped[datetime | None]
    review_late: Mapped[bool | None]

    decision_values: Mapped[list[Any] | None] = mapped_column(db.JSON)
    decision_points: Mapped[Decimal | None]
    decision_by: Mapped[str | None] = mapped_column(db.Key)
    decision_at: Mapped[datetime | None]

    not_evaluated_reason: Mapped[str | None] = mapped_column(Text)
    not_evaluated_by: Mapped[str | None] = mapped_column(db.Key)
    not_evaluated_at: Mapped[datetime | None]

    criteria_set: Mapped[str] = mapped_column(Code, server_default="")
    """The set of criteria that the values are for; empty for the policy's default."""

    decided_revision: Mapped[int] = mapped_column(server_default="0")
    published_revision: Mapped[int] = mapped_column(server_default="0")


class DecisionRow(Base):
    """A decision. Never changed, never deleted: a later revision supersedes it."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("ward_id", "month", "person_id", "revision"),
        CheckConstraint("revision > 0", name="revision_positive"),
        CheckConstraint("grade IS NULL OR grade IN ('A', 'B', 'C', 'D')", name="grade_known"),
    )

    decision_id: Mapped[UUID] = mapped_column(primary_key=True)
    ward_id: Mapped[str] = mapped_column(db.Key)
    month: Mapped[str] = mapped_column(Month)
    person_id: Mapped[str] = mapped_column(db.Key)
    revision: Mapped[int]
    unit_id: Mapped[str] = mapped_column(db.Key)
    grade: Mapped[str | None] = mapped_column(Letter)
    proposed: Mapped[str | None] = mapped_column(Letter)
    total: Mapped[Decimal | None]
    score_revision: Mapped[int]
    score_policy: Mapped[str] = mapped_column(Text)
    policy: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(db.Key)
    authority_id: Mapped[str] = mapped_column(db.Key)
    delegation_id: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime]
    late: Mapped[bool]


class GradeRow(Base):
    """A published grade, without a letter for those not evaluated; a later revision supersedes it."""

    __tablename__ = "grade"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key)
    full_name: Mapped[str] = mapped_column(Text)
    grade: Mapped[str | None] = mapped_column(Letter)
    decision_id: Mapped[UUID]
    published_by: Mapped[str] = mapped_column(db.Key)
    published_at: Mapped[datetime]


class DelegationRow(Base):
    """One person may act for another from day to day."""

    __tablename__ = "delegation"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    delegation_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_person_id: Mapped[str] = mapped_column(db.Key)
    to_person_id: Mapped[str] = mapped_column(db.Key)
    from_day: Mapped[str] = mapped_column(Day)
    to_day: Mapped[str] = mapped_column(Day)
    document: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(db.Key)
    recorded_at: Mapped[datetime]


class DelegationEndRow(Base):
    """A delegation ends earlier than told; of several the earliest day holds."""

    __tablename__ = "delegation_end"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    delegation_id: Mapped[UUID] = mapped_column(primary_key=True)
    to_day: Mapped[str] = mapped_column(Day, primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(db.Key)
    ended_at: Mapped[datetime]


class Work(Base):
    """A person's counted work of a month, as planning announced it last.

    A line is ``{id, kind, code, name, coefficient, assigned, accepted, faults, accepted_on, vouched_on}``, a
    fault ``[outputs, failed reviews, excused of them, missed deadlines, excused of them]``, amounts and days
    as text.
    """

    __tablename__ = "work"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    lines: Mapped[list[Any]] = mapped_column(db.JSON)
    revision: Mapped[int]


class WorkingTime(Base):
    """A person's half-days of a month, as planning announced them last."""

    __tablename__ = "working_time"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    required: Mapped[int]
    worked: Mapped[int]
    revision: Mapped[int]


class RecordRow(Base):
    """An issued document in one format. Never changed, never deleted: a later version supersedes it.

    :ivar subject_id: the person of a sheet, the unit of a summary; the ward's own papers have none
    :ivar basis: the published revisions that it tells of: for the same basis it is issued once
    """

    __tablename__ = "record"
    __table_args__ = (UniqueConstraint("ward_id", "month", "kind", "subject_id", "version", "format"),)

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(Month, primary_key=True)
    record_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    kind: Mapped[str] = mapped_column(Code)
    subject_id: Mapped[str] = mapped_column(db.Key)
    unit_id: Mapped[str] = mapped_column(db.Key)
    version: Mapped[int]
    format: Mapped[str] = mapped_column(Code)
    basis: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    made_by: Mapped[str] = mapped_column(db.Key)
    made_at: Mapped[datetime]


class RecordContent(Base):
    """The bytes of a document by their SHA-256. Never changed, never deleted."""

    __tablename__ = "record_content"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


Index("ix_delegation_to", DelegationRow.ward_id, DelegationRow.to_person_id)

tables = Base.metadata
