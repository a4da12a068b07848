"""what new decisions change after a run (R-39)"""

import sqlalchemy as sa
from alembic import op

from chassis.migrations import steps

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "adjustment",
        sa.Column("ward_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("adjusts", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ward_id", "run_id", "person_id", name=op.f("pk_adjustment")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index("ix_adjustment_adjusts", ["ward_id", "adjusts", "person_id"], unique=False)
    steps.append_only("adjustment", ("ward_id", "run_id", "person_id"))
