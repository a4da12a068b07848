"""Appeals with their answers, returns for correction, and the log of changes"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


APPEND_ONLY = ("appeal", "appeal_answer", "evaluation_return", "audit_entry")

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("decision_revision", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("submitted_by", KEY, nullable=False),
        sa.Column("submitted_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("ward_id", "appeal_id", name=op.f("pk_appeal")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index("ix_appeal_person", ["ward_id", "month", "person_id"], unique=False)

    op.create_table(
        "appeal_answer",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("appeal_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("answered_by", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("answered_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("new_decision_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("ward_id", "appeal_id", name=op.f("pk_appeal_answer")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.String(length=40), nullable=False),
        sa.Column("actor_id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "number", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("ward_id", "previous", name=op.f("uq_audit_entry_ward_id_previous")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entry_subject", ["ward_id", "subject_id"], unique=False)

    op.create_table(
        "evaluation_return",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("returned_by", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("returned_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", "number", name=op.f("pk_evaluation_return")),
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
