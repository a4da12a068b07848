"""The tables of reward.

What the other services announced is kept at its newest revision. The books (``fund``, ``run``,
``allocation``, ``acknowledgement``, ``entry``) are only ever added to; triggers in the database refuse
everything else (R-33).
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import db

MONTH = String(7)
LETTER = String(1)
CODE = String(40)


class Base(DeclarativeBase):
    """What all tables hang on, the frame's among them."""

    metadata = db.metadata()


tables = Base.metadata


# -- What others announced -----------------------------------------------------------------------------------


class Ward(Base):
    """A ward as planning tells of it."""

    __tablename__ = "ward"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)


class Unit(Base):
    """A unit as planning tells of it."""

    __tablename__ = "unit"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(BigInteger)


class Post(Base):
    """What planning says of a person from a month on, until the next."""

    __tablename__ = "post"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    from_month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    full_name: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(db.Key)
    personnel_type: Mapped[str | None] = mapped_column(CODE)
    leads: Mapped[bool]
    salary_coefficient: Mapped[Decimal | None] = mapped_column(db.Exact)
    active: Mapped[bool]
    revision: Mapped[int] = mapped_column(BigInteger)


class WorkingTime(Base):
    """Half-days of a person's month, as planning recorded them."""

    __tablename__ = "working_time"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    worked_half_days: Mapped[int]
    required_half_days: Mapped[int]
    lock_follows: Mapped[bool] = mapped_column(server_default=false())
    """Whether planning announces the month's lock as well: publishers of before did not."""
    revision: Mapped[int] = mapped_column(BigInteger)


class MonthLock(Base):
    """The last revisions that planning acknowledged before a decision locked a person's month."""

    __tablename__ = "month_lock"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    working_time_revision: Mapped[int] = mapped_column(BigInteger)
    post_from_month: Mapped[str] = mapped_column(MONTH)
    post_revision: Mapped[int] = mapped_column(BigInteger)
    revision: Mapped[int] = mapped_column(BigInteger)
    """Of the decision that locked it."""


class Decision(Base):
    """The newest decision about a person's month; without a grade: he was not evaluated."""

    __tablename__ = "decision"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    decision_id: Mapped[str] = mapped_column(db.Key)
    grade: Mapped[str | None] = mapped_column(LETTER)
    total: Mapped[Decimal | None] = mapped_column(db.Exact)
    revision: Mapped[int] = mapped_column(BigInteger)


class PublishedGrade(Base):
    """What was published last of a person's month."""

    __tablename__ = "published_grade"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    unit_id: Mapped[str] = mapped_column(db.Key)
    grade: Mapped[str | None] = mapped_column(LETTER)
    decision_id: Mapped[str] = mapped_column(db.Key)
    revision: Mapped[int] = mapped_column(BigInteger)


class PublishedMonth(Base):
    """How many grades a ward's month has, told when all are published."""

    __tablename__ = "published_month"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH, primary_key=True)
    count: Mapped[int]
    revision: Mapped[int] = mapped_column(BigInteger)


# -- The books ---------------------------------------------------------------------------------------------


class Fund(Base):
    """A fund (R-34)."""

    __tablename__ = "fund"
    __table_args__ = (Index("ix_fund_newest", "ward_id", "created_at", "fund_id"),)

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    fund_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    month: Mapped[str] = mapped_column(MONTH)
    kind: Mapped[str] = mapped_column(CODE)
    source: Mapped[str] = mapped_column(Text)
    legal_basis: Mapped[str] = mapped_column(Text)
    amount: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(db.Instant)
    created_by: Mapped[str] = mapped_column(db.Key)


class Run(Base):
    """A posted run, with the policy and the sums it had."""

    __tablename__ = "run"
    __table_args__ = (
        # One run a fund, whatever two processes do at once.
        UniqueConstraint("ward_id", "fund_id"),
        Index("ix_run_newest", "ward_id", "posted_at", "run_id"),
    )

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    run_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    fund_id: Mapped[str] = mapped_column(db.Key)
    month: Mapped[str] = mapped_column(MONTH)
    kind: Mapped[str] = mapped_column(CODE)
    ward_name: Mapped[str] = mapped_column(Text)
    policy_id: Mapped[str] = mapped_column(db.Key)
    policy_version: Mapped[int]
    policy_document: Mapped[str] = mapped_column(Text)
    value_per_weight: Mapped[str] = mapped_column(Text)
    """Đồng for a weight of 1, an exact fraction such as 31/44 (R-39)."""
    people: Mapped[int]
    paid: Mapped[int]
    distributed: Mapped[int] = mapped_column(BigInteger)
    undistributed: Mapped[int] = mapped_column(BigInteger)
    by_grade: Mapped[dict[str, int]] = mapped_column(db.JSON)
    posted_at: Mapped[datetime] = mapped_column(db.Instant)
    posted_by: Mapped[str] = mapped_column(db.Key)


class Allocation(Base):
    """What a person gets in a run, and everything it was computed from."""

    __tablename__ = "allocation"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    run_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    full_name: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[str] = mapped_column(db.Key)
    unit_name: Mapped[str] = mapped_column(Text)
    personnel_type: Mapped[str | None] = mapped_column(CODE)
    grade: Mapped[str | None] = mapped_column(LETTER)
    score: Mapped[Decimal | None] = mapped_column(db.Exact)
    salary_coefficient: Mapped[Decimal | None] = mapped_column(db.Exact)
    worked_half_days: Mapped[int | None]
    required_half_days: Mapped[int | None]
    amount: Mapped[int] = mapped_column(BigInteger)
    base: Mapped[int] = mapped_column(BigInteger)
    settled: Mapped[str] = mapped_column(CODE)


class Adjustment(Base):
    """What a run of adjustments pays a person for: the difference that a new decision made (R-39)."""

    __tablename__ = "adjustment"
    __table_args__ = (Index("ix_adjustment_adjusts", "ward_id", "adjusts", "person_id"),)

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    run_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    person_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    adjusts: Mapped[str] = mapped_column(db.Key)
    """The run that shared out the money."""
    decision_id: Mapped[str] = mapped_column(db.Key)
    before: Mapped[int] = mapped_column(BigInteger)
    after: Mapped[int] = mapped_column(BigInteger)


class Acknowledgement(Base):
    """Finance took over a file of a run, which closes it (R-40)."""

    __tablename__ = "acknowledgement"

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    run_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    acknowledged_by: Mapped[str] = mapped_column(db.Key)
    acknowledged_at: Mapped[datetime] = mapped_column(db.Instant)


class Entry(Base):
    """One side of a posting; the entries of a posting sum to zero (R-33)."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("ward_id", "posting_id", "account"),
        # Holds what balances and the imbalance are summed from, so neither reads the table itself.
        Index("ix_entry_account", "ward_id", "account", "position", "amount"),
    )

    ward_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """1, 2, 3 … within the ward, without a gap: who reads on from a position misses nothing."""
    posting_id: Mapped[str] = mapped_column(db.Key)
    account: Mapped[str] = mapped_column(db.Key)
    amount: Mapped[int] = mapped_column(BigInteger)
    memo: Mapped[str] = mapped_column(Text)
    posted_at: Mapped[datetime] = mapped_column(db.Instant)


# -- Policies -----------------------------------------------------------------------------------------------


class PolicyVersion(Base):
    """A version of a policy as it was proposed, the whole of it as JSON; only ever added to."""

    __tablename__ = "policy_version"

    policy_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner: Mapped[str] = mapped_column(db.Key)
    document: Mapped[str] = mapped_column(Text)
    based_on: Mapped[str] = mapped_column(db.Key)
    proposed_by: Mapped[str] = mapped_column(db.Key)
    proposed_at: Mapped[datetime] = mapped_column(db.Instant)


class PolicyApproval(Base):
    """That a version was approved, and by which document; only ever added to."""

    __tablename__ = "policy_approval"

    policy_id: Mapped[str] = mapped_column(db.Key, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    approved_by: Mapped[str] = mapped_column(db.Key)
    approved_at: Mapped[datetime] = mapped_column(db.Instant)
    decision: Mapped[str] = mapped_column(Text)
