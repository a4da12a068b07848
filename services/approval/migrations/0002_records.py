"""Work, working time and ratios for the record of the month, and the documents that are issued"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


APPEND_ONLY = ("record", "record_content")

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("score", sa.Column("ratios", sa.JSON(), nullable=True))
    op.create_table(
        "work",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", name=op.f("pk_work")),
    )
    op.create_table(
        "working_time",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("required", sa.BigInteger(), nullable=False),
        sa.Column("worked", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "person_id", name=op.f("pk_working_time")),
    )
    op.create_table(
        "record",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "month", "record_id", name=op.f("pk_record")),
        sa.UniqueConstraint(
            "ward_id",
            "month",
            "kind",
            "subject_id",
            "version",
            "format",
            name=op.f("uq_record_ward_id_month_kind_subject_id_version_format"),
        ),
    )
    op.create_table(
        "record_content",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "sha256", name=op.f("pk_record_content")),
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
