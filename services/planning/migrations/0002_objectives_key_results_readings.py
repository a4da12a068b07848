"""objectives, key results, readings"""

import sqlalchemy as sa
from alembic import op

import chassis.db.types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_result",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "objective_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "key_result_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("start", chassis.db.types.Exact(), nullable=False),
        sa.Column("target", chassis.db.types.Exact(), nullable=False),
        sa.Column("weight", chassis.db.types.Exact(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("current", chassis.db.types.Exact(), nullable=True),
        sa.Column("measured_at", chassis.db.types.Instant(), nullable=True),
        sa.Column("reading_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "objective_id", "key_result_id", name=op.f("pk_key_result")),
    )
    op.create_table(
        "objective",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "objective_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column(
            "owner_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "period",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "quarter",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "above_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("weight", chassis.db.types.Exact(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "objective_id", name=op.f("pk_objective")),
    )
    with op.batch_alter_table("objective", schema=None) as batch_op:
        batch_op.create_index("ix_objective_above", ["ward_id", "above_id"], unique=False)
        batch_op.create_index("ix_objective_quarter", ["ward_id", "quarter"], unique=False)

    op.create_table(
        "reading",
        sa.Column(
            "ward_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "reference",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "objective_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "key_result_id",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", chassis.db.types.Exact(), nullable=False),
        sa.Column("measured_at", chassis.db.types.Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("recorded_at", chassis.db.types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "source", "reference", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(
            "ux_reading_place", ["ward_id", "objective_id", "key_result_id", "place"], unique=True
        )

    # Readings are only added, whoever is connected. A later step that changes the table on SQLite copies it,
    # which loses its triggers: create them again there.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """
            CREATE FUNCTION refuse_change_of_reading() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION '% of % refused: readings are only added', TG_OP, TG_TABLE_NAME
                    USING ERRCODE = 'restrict_violation';
            END $$
            """
        )
        op.execute(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reading"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_reading()"
        )
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER reading_no_{act.lower()} BEFORE {act} ON reading"
            f" BEGIN SELECT RAISE(ABORT, '{act} of reading refused: readings are only added'); END"
        )
    # INSERT OR REPLACE would delete the old row without asking the trigger above.
    op.execute(
        "CREATE TRIGGER reading_no_replace BEFORE INSERT ON reading WHEN EXISTS (SELECT 1 FROM reading"
        " WHERE ward_id = NEW.ward_id AND source = NEW.source AND reference = NEW.reference)"
        " BEGIN SELECT RAISE(ABORT, 'REPLACE of reading refused: readings are only added'); END"
    )
