"""Reminders told of deadlines, and what is recorded of people's years"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


APPEND_ONLY = ("reminder_round", "year_result")

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reminder_round",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("told_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint(
            "ward_id", "month", "step", "last_day", "kind", "days", name=op.f("pk_reminder_round")
        ),
    )
    op.create_table(
        "year_result",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("year", sa.String(length=4), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("self_grade", sa.String(length=1), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("recorded_by", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("recorded_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "year", "person_id", "revision", name=op.f("pk_year_result")),
    )
    for name in APPEND_ONLY:
        guard(name)


def guard(name: str) -> None:
    """Have the database itself refuse to change or delete a row of the table."""
    if op.get_bind().dialect.name == "postgresql":
        # The function is there since the first step.
        op.execute(
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "EXECUTE FUNCTION append_only()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {name}_no_{verb.lower()} BEFORE {verb} ON {name} "
            f"BEGIN SELECT RAISE(ABORT, 'rows of {name} are never changed or deleted'); END"
        )
